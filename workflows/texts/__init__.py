"""Sentences for findings, one JSON object a language: code -> text with named {blanks}."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("zh-CN", "en")


@cache
def catalogue(package: str, language: str) -> Mapping[str, str]:
    """The sentences of one package ("workflows", "forms", "api") in one language."""
    source = files(f"{package}.texts") / f"{language}.json"
    loaded: dict[str, str] = json.loads(source.read_text("utf-8"))
    return loaded


def sentence(package: str, language: str, code: str, params: Mapping[str, Any]) -> str:
    """The sentence for a code; an unknown blank stays visible instead of failing."""
    text = catalogue(package, language if language in LANGUAGES else LANGUAGES[0]).get(code, code)
    return text.format_map(_Blanks(params))


class _Blanks(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
