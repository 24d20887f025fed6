"""Sentences for findings, by language: code -> text with named {blanks}.

A package has one JSON object a language or, when there are many, a folder a language with one
object an area.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("zh-CN", "en")


@cache
def catalogue(package: str, language: str) -> Mapping[str, str]:
    """The sentences of one package ("workflows", "forms", "api") in one language."""
    texts = files(f"{package}.texts")
    areas = texts / language
    names = list(areas.iterdir()) if areas.is_dir() else [texts / f"{language}.json"]
    merged: dict[str, Any] = {}
    for source in names:
        area = json.loads(source.read_text("utf-8"))
        merged["words"] = merged.get("words", {}) | area.pop("words", {})
        if twice := merged.keys() & area.keys():
            raise ValueError(f"said twice in {package}, {language}: {sorted(twice)}")
        merged |= area
    if not merged["words"]:
        del merged["words"]
    return merged


def sentence(package: str, language: str, code: str, params: Mapping[str, Any]) -> str:
    """The sentence for a code; an unknown blank stays visible instead of failing."""
    text = catalogue(package, language if language in LANGUAGES else LANGUAGES[0]).get(code, code)
    return text.format_map(_Blanks(params))


class _Blanks(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
