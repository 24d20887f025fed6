"""Values that stand in the text of an expression, and values as such text."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from workflows.feel import temporal
from workflows.feel.bounds import MAX_STRING, BoundHit, FeelSyntaxError
from workflows.feel.values import NUMBERS, Function, Range, YearsMonths


def number_literal(text: str, at: int) -> Decimal:
    """The number that a literal stands for, rounded to 34 digits."""
    try:
        return NUMBERS.create_decimal(text)
    except ArithmeticError:
        raise FeelSyntaxError("number-too-big", {"found": text[:40]}, at) from None


def at_literal(text: str, at: int) -> Any:
    """The date, time or duration that `@"..."` stands for."""
    value = temporal.parse_any(text)
    if value is None:
        raise FeelSyntaxError("not-a-date-or-duration", {"found": text[:40]}, at)
    return value


def number_text(value: Decimal) -> str:
    """A number without exponent and without zeros that say nothing."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def text_of(value: Any, quoted: bool = False, room: int = MAX_STRING) -> str:
    """A value as the function string() gives it; strings inside lists and contexts are quoted."""
    kind = type(value)
    if isinstance(value, str):
        if not quoted:
            return value
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if kind is Decimal:
        return number_text(value)
    if value is None or kind is bool:
        return "null" if value is None else "true" if value else "false"
    if kind is datetime:
        return temporal.date_text(value) + "T" + temporal.time_text(value)
    if kind is date:
        return temporal.date_text(value)
    if kind is time:
        return temporal.time_text(value)
    if kind is timedelta:
        return temporal.duration_text(value)
    if kind is YearsMonths:
        return str(value)
    if kind is list:
        return "[" + _joined((text_of(item, True, room) for item in value), room) + "]"
    if kind is dict:
        parts = (f"{_key(key)}: {text_of(item, True, room)}" for key, item in value.items())
        return "{" + _joined(parts, room) + "}"
    if kind is Range:
        return _range_text(value, room)
    if kind is Function:
        return f"function({', '.join(value.parameters)})"
    return str(value)


def _joined(parts: Any, room: int) -> str:
    made: list[str] = []
    length = 0
    for part in parts:
        made.append(part)
        length += len(part) + 2
        if length > room:
            raise BoundHit("string-too-long", limit=MAX_STRING)
    return ", ".join(made)


def _key(key: str) -> str:
    return (
        key
        if key.isidentifier() or (" " in key and key.replace(" ", "").isalnum())
        else text_of(key, True)
    )


def _range_text(value: Range, room: int) -> str:
    opening, closing = "(["[value.start_included], ")]"[value.end_included]
    start = "" if value.start is None else text_of(value.start, True, room)
    end = "" if value.end is None else text_of(value.end, True, room)
    return f"{opening}{start}..{end}{closing}"
