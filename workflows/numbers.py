"""Number patterns of ticket types: `INC-{date}-{seq:4}`, checked, rendered and compared."""

import re
from dataclasses import dataclass
from datetime import date

MAX_PATTERN = 60
MAX_WIDTH = 9
_PART = re.compile(r"\{([a-z]+)(?::(\d{1,2}))?\}|([^{}]+)")
_LITERAL = re.compile(r"[A-Za-z0-9_.\-/#]+\Z")
_DATES = {"date": "%Y%m%d", "year": "%Y", "month": "%m", "day": "%d"}
_WIDTHS = {"date": 8, "year": 4, "month": 2, "day": 2}


class PatternError(ValueError):
    """A pattern that cannot be used; `code` has a sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern: parts are ("text", literal), ("date", part name) or ("seq", width)."""

    text: str
    parts: tuple[tuple[str, str | int], ...]

    def scope(self, day: date) -> str:
        """What the sequence counts within: the number with its sequence left open."""
        return "".join(
            "#" if kind == "seq" else _show(kind, what, day) for kind, what in self.parts
        )

    def render(self, day: date, sequence: int) -> str:
        """The number of the `sequence`-th ticket (from 1) on a day of the installation's zone."""
        return "".join(
            str(sequence).zfill(int(what)) if kind == "seq" else _show(kind, what, day)
            for kind, what in self.parts
        )


def parse_pattern(text: str) -> Pattern:
    """The parts of a pattern.

    Raises PatternError: number-pattern-too-long, number-pattern-unreadable,
    number-pattern-no-sequence, number-pattern-two-sequences, number-pattern-not-unique.
    """
    if len(text) > MAX_PATTERN:
        raise PatternError("number-pattern-too-long")
    parts: list[tuple[str, str | int]] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None:
            raise PatternError("number-pattern-unreadable")
        position = match.end()
        parts.append(_part(*match.groups()))
    sequences = [index for index, (kind, _) in enumerate(parts) if kind == "seq"]
    if not sequences:
        raise PatternError("number-pattern-no-sequence")
    if len(sequences) > 1:
        raise PatternError("number-pattern-two-sequences")
    _check_dates(parts)
    return Pattern(text, tuple(parts))


def patterns_collide(first: str | Pattern, second: str | Pattern) -> bool:
    """Whether two patterns could ever give the same number.

    Each pattern is read as the set of all texts that it can give (any day, any sequence of at least
    its width), and the two sets are walked together; a text that both can end with is a collision.
    """
    one, other = _cells(first), _cells(second)
    todo, seen = [(0, 0)], {(0, 0)}
    while todo:
        i, j = todo.pop()
        if i == len(one) and j == len(other):
            return True
        for a, next_i in _steps(one, i):
            for b, next_j in _steps(other, j):
                if not _meet(a, b) or (next_i, next_j) in seen:
                    continue
                seen.add((next_i, next_j))
                todo.append((next_i, next_j))
        # A sequence may be longer than its width: its last cell may repeat, or be left.
        for following in _skips(one, other, i, j):
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return False


def _part(name: str | None, width: str | None, literal: str | None) -> tuple[str, str | int]:
    if literal is not None:
        if not _LITERAL.match(literal):
            raise PatternError("number-pattern-unreadable")
        return ("text", literal)
    if name == "seq":
        digits = int(width or 1)
        if not 1 <= digits <= MAX_WIDTH:
            raise PatternError("number-pattern-unreadable")
        return ("seq", digits)
    if name in _DATES and width is None:
        return ("date", name)
    raise PatternError("number-pattern-unreadable")


def _check_dates(parts: list[tuple[str, str | int]]) -> None:
    """The sequence starts anew whenever a date part changes, so these have to tell days apart."""
    used = {str(what) for kind, what in parts if kind == "date"}
    without_year = "month" in used and "year" not in used
    without_month = "day" in used and not {"year", "month"} <= used
    if "date" not in used and (without_year or without_month):
        raise PatternError("number-pattern-not-unique")


def _show(kind: str, what: str | int, day: date) -> str:
    return day.strftime(_DATES[str(what)]) if kind == "date" else str(what)


# A cell is one character of the number: itself, "0" for any digit, "*" for any further digits.
def _cells(pattern: str | Pattern) -> str:
    parsed = parse_pattern(pattern) if isinstance(pattern, str) else pattern
    cells = []
    for kind, what in parsed.parts:
        if kind == "text":
            # Numbers are looked up without regard to case, so "inc-" and "INC-" are one.
            literal = str(what).casefold()
            cells.append(re.sub(r"\d", lambda digit: chr(0xE000 + int(digit.group())), literal))
        elif kind == "date":
            cells.append("0" * _WIDTHS[str(what)])
        else:
            cells.append("0" * int(what) + "*")
    return "".join(cells)


def _steps(cells: str, position: int) -> list[tuple[str, int]]:
    if position >= len(cells):
        return []
    cell = cells[position]
    return [(cell, position if cell == "*" else position + 1)]


def _skips(one: str, other: str, i: int, j: int) -> list[tuple[int, int]]:
    found = []
    if i < len(one) and one[i] == "*":
        found.append((i + 1, j))
    if j < len(other) and other[j] == "*":
        found.append((i, j + 1))
    return found


def _meet(a: str, b: str) -> bool:
    any_a, any_b = a in "0*", b in "0*"
    if any_a and any_b:
        return True
    if any_a or any_b:
        return 0xE000 <= ord(b if any_a else a) <= 0xE009
    return a == b
