"""Sentences for problems: a folder a language, a JSON object an area.

The code of a problem leads to a title and a detail; that of an input error to one sentence.
"""

from collections.abc import Mapping
from typing import Any

from workflows import texts as common

LANGUAGES = common.LANGUAGES
# Where an input error's sentence may be: its code is unique over all of them.
_PACKAGES = ("forms", "workflows", "workflows.feel", "workflows.dmn")


def catalogue(language: str) -> Mapping[str, Any]:
    """All sentences of this package in one language."""
    return common.catalogue("api", language)


def problem(language: str, code: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Title and detail of a problem."""
    entry = catalogue(language).get(code)
    if not isinstance(entry, dict):
        return code, ""
    return entry["title"], _fill(entry["detail"], params, language)


def input_error(language: str, code: str, params: Mapping[str, Any]) -> str:
    """The sentence for one thing wrong with what came in."""
    entry = catalogue(language).get(code)
    if isinstance(entry, str):
        return _fill(entry, params, language)
    for package in _PACKAGES:
        if code in common.catalogue(package, language):
            return common.sentence(package, language, code, params)
    return code


def word(language: str, code: str) -> str:
    """A single word of the interface, such as a role's name or a kind of thing."""
    entry = catalogue(language)["words"].get(code, code)
    return str(entry)


def _fill(text: str, params: Mapping[str, Any], language: str) -> str:
    # A kind of thing is a word of its own in each language: "user" is 用户.
    kinds = {
        blank: word(language, f"kind:{params.get(blank, '')}").removeprefix("kind:")
        for blank in ("kind", "by_kind")
    }
    params = {**params, **kinds}
    return text.format_map(_Blanks(params))


class _Blanks(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""
