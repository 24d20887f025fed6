"""String functions (DMN 1.5, 10.3.4.3)."""

from decimal import Decimal
from typing import Any

from workflows.feel.bounds import Problem, State
from workflows.feel.functions.registry import feel, whole
from workflows.feel.patterns import find, replace_all, split_at


@feel("substring(string: string, start position: number, length?: number)")
def _substring(string: str, start: Decimal, length: Decimal | None) -> str:
    first = whole(start)
    if first == 0 or abs(first) > len(string):
        raise Problem("position-outside", position=first, length=len(string))
    begin = first - 1 if first > 0 else len(string) + first
    if length is None:
        return string[begin:]
    wanted = whole(length)
    if wanted < 1:
        raise Problem("number-out-of-range")
    return string[begin : begin + wanted]


@feel("string length(string: string)")
def _string_length(string: str) -> Decimal:
    return Decimal(len(string))


@feel("upper case(string: string)", with_state=True)
def _upper_case(state: State, string: str) -> str:
    return state.text(string.upper())


@feel("lower case(string: string)", with_state=True)
def _lower_case(state: State, string: str) -> str:
    return state.text(string.lower())


@feel("substring before(string: string, match: string)")
def _substring_before(string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@feel("substring after(string: string, match: string)")
def _substring_after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@feel("contains(string: string, match: string)")
def _contains(string: str, match: str) -> bool:
    return match in string


@feel("starts with(string: string, match: string)")
def _starts_with(string: str, match: str) -> bool:
    return string.startswith(match)


@feel("ends with(string: string, match: string)")
def _ends_with(string: str, match: str) -> bool:
    return string.endswith(match)


@feel("matches(input: string, pattern: string, flags?: string)", with_state=True)
def _matches(state: State, text: str, pattern: str, flags: str | None) -> bool:
    state.charge(len(text) // 16)
    return find(pattern, flags or "", text)


@feel(
    "replace(input: string, pattern: string, replacement: string, flags?: string)", with_state=True
)
def _replace(state: State, text: str, pattern: str, replacement: str, flags: str | None) -> str:
    state.charge(len(text))
    return state.text(replace_all(pattern, flags or "", replacement, text, state))


@feel("split(string: string, delimiter: string)", with_state=True)
def _split(state: State, string: str, delimiter: str) -> list[str]:
    state.charge(len(string))
    return state.items(split_at(delimiter, string, state))


@feel("string join(list: list, delimiter?: string)", with_state=True)
def _string_join(state: State, parts: list[Any], delimiter: str | None) -> str:
    strings = [part for part in parts if part is not None]
    if not all(type(part) is str for part in strings):
        raise Problem("list-of-strings-expected")
    glue = delimiter or ""
    length = sum(map(len, strings)) + len(glue) * max(len(strings) - 1, 0)
    state.charge(length // 16)
    return state.text("") if not strings else _joined(state, glue, strings, length)


def _joined(state: State, glue: str, strings: list[str], length: int) -> str:
    from workflows.feel.bounds import MAX_STRING, BoundHit

    if length > MAX_STRING:
        raise BoundHit("string-too-long", limit=MAX_STRING)
    return glue.join(strings)
