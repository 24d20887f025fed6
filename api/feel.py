"""Values of the expression language as JSON, within bounds."""

from collections.abc import Mapping
from typing import Any

from api.http import language, plain
from engine.errors import TooLarge
from workflows import feel
from workflows.feel import Warning_
from workflows.feel.expression import STOPPED
from workflows.texts import sentence

_PACKAGES = ("workflows.feel", "workflows.dmn", "workflows")
MAX_PARTS = 100_000  # elements and entries of one answer
MAX_CHARACTERS = 2_000_000


def value_out(value: Any) -> Any:
    """A value as JSON: numbers as numbers, dates, times and durations as their texts.

    A list may hold the same inner list many times over, which is small in memory and huge in JSON;
    hence the bounds. Raises TooLarge.
    """
    return _Budget().out(value)


def text_out(value: Any) -> str:
    """A value as the language itself writes it; raises TooLarge."""
    try:
        return feel.text_of(value)
    except STOPPED:
        raise TooLarge(what="result", limit=MAX_CHARACTERS) from None


def warnings_out(warnings: tuple[Warning_, ...]) -> list[dict[str, Any]]:
    """Why parts of a value are null, in the reader's language."""
    reader = language()
    return [
        {"code": code, "position": position, "text": said(code, params, reader)}
        for code, params, position in warnings
    ]


def said(code: str, params: Mapping[str, Any], reader: str) -> str:
    """The sentence for what an expression, a decision or its document has to say."""
    for package in _PACKAGES:
        text = sentence(package, reader, code, params)
        if text != code:
            return text
    return code


class _Budget:
    def __init__(self) -> None:
        self._parts = MAX_PARTS
        self._characters = MAX_CHARACTERS

    def out(self, value: Any) -> Any:
        self._parts -= 1
        if self._parts < 0:
            raise TooLarge(what="result", limit=MAX_PARTS)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, list):
            return [self.out(each) for each in value]
        if isinstance(value, dict):
            return {self._spend(key): self.out(each) for key, each in value.items()}
        if feel.kind(value) == "number":
            return plain(value)
        return self._spend(text_out(value))

    def _spend(self, text: str) -> str:
        self._characters -= len(text)
        if self._characters < 0:
            raise TooLarge(what="result", limit=MAX_CHARACTERS)
        return text
