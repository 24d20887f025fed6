"""What one expression may cost, and what happens when it asks for more."""

from typing import Any, NamedTuple

MAX_TEXT = 10_000
"""Characters of one expression."""
MAX_NODES = 5_000
"""Nodes of the tree of one expression."""
MAX_DEPTH = 60
"""Nesting of the tree of one expression."""
MAX_STRING = 100_000
"""Characters of one string value."""
MAX_LIST = 100_000
"""Elements of one list value."""
MAX_STEPS = 200_000
"""Work of one evaluation: nodes evaluated inside loops, elements and characters handled."""
MAX_CALLS = 60
"""Nested calls of functions written in FEEL."""
MAX_PATTERN = 1_000
"""Characters of one regular expression."""
MAX_PARTS = 200_000
"""Elements of a value that leaves an evaluation, with those of the lists inside."""
MAX_WARNINGS = 100
"""Warnings kept of one evaluation."""
MAX_VALUE_DEPTH = 60
"""Nesting of lists and contexts that come in from the host."""


class Warning_(NamedTuple):
    """Why a part of an expression became null; `position` is an offset in the text."""

    code: str
    params: dict[str, Any]
    position: int


class FeelSyntaxError(Exception):
    """The text is not an expression; `code` has a sentence in texts/, `position` is an offset."""

    def __init__(self, code: str, params: dict[str, Any] | None = None, position: int = 0) -> None:
        super().__init__(code, params or {}, position)
        self.code = code
        self.params = params or {}
        self.position = position

    def __str__(self) -> str:
        blanks = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} at {self.position}" + (f" ({blanks})" if blanks else "")


class Problem(Exception):
    """A function or operator has no value for what it was given: null, with this warning."""

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class BoundHit(Exception):
    """The evaluation asks more than is allowed; the whole expression is null."""

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class State:
    """What one evaluation has used up and warned about; shared by all its scopes."""

    __slots__ = ("calls", "steps", "warnings")

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.calls = 0
        self.warnings: list[Warning_] = []

    def charge(self, steps: int) -> None:
        """Pay for work before doing it."""
        self.steps -= steps
        if self.steps < 0:
            raise BoundHit("too-much-work", limit=MAX_STEPS)

    def warn(self, code: str, position: int, /, **params: Any) -> None:
        """Remember why something became null."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(Warning_(code, params, position))

    def text(self, value: str) -> str:
        """A string that was made, within its bound and paid for."""
        if len(value) > MAX_STRING:
            raise BoundHit("string-too-long", limit=MAX_STRING)
        self.charge(1 + len(value) // 16)
        return value

    def items(self, value: list[Any]) -> list[Any]:
        """A list that was made, within its bound and paid for."""
        if len(value) > MAX_LIST:
            raise BoundHit("list-too-long", limit=MAX_LIST)
        self.charge(1 + len(value) // 4)
        return value
