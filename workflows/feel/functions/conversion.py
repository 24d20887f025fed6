"""Conversion functions (DMN 1.5, 10.3.4.1) and range()."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from workflows.feel import literals, temporal, tree
from workflows.feel.bounds import FeelSyntaxError, Problem, State
from workflows.feel.functions.registry import BUILTINS, feel, whole
from workflows.feel.parser import parse_range
from workflows.feel.values import NUMBERS, Range, YearsMonths, less

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@feel("number(from: string, grouping separator?: string, decimal separator?: string)")
def _number(text: str, grouping: str | None, decimal: str | None) -> Decimal:
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ",", "."):
        raise Problem("separator-not-allowed")
    if grouping is not None and grouping == decimal:
        raise Problem("separator-not-allowed")
    plain = text.replace(grouping, "") if grouping else text
    if decimal == ",":
        if "." in plain:
            raise Problem("not-a-number", found=text[:40])
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain) or len(plain) > 10_000:
        raise Problem("not-a-number", found=text[:40])
    return NUMBERS.create_decimal(plain)


@feel("number(from: number)")
def _number_itself(number: Decimal) -> Decimal:
    return number


@feel("string(from: any)", with_state=True)
def _string(state: State, value: Any) -> str | None:
    return None if value is None else state.text(literals.text_of(value))


@feel("date(from: string)")
def _date(text: str) -> date:
    value = temporal.parse_date(text)
    if value is None:
        raise Problem("not-a-date", found=text[:40])
    return value


@feel("date(from: day)")
def _date_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


@feel("date(year: number, month: number, day: number)")
def _date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> date:
    try:
        return date(whole(year), whole(month), whole(day))
    except ValueError:
        raise Problem("not-a-date", found=f"{year}-{month}-{day}"[:40]) from None


@feel("date and time(from: string)")
def _date_and_time(text: str) -> datetime:
    value = temporal.parse_date_time(text)
    if value is None:
        raise Problem("not-a-date-and-time", found=text[:40])
    return value


@feel("date and time(from: date and time)")
def _date_and_time_itself(value: datetime) -> datetime:
    return value


@feel("date and time(date: day, time: time)")
def _date_and_time_joined(day: date, moment: time) -> datetime:
    bare = day.date() if isinstance(day, datetime) else day
    return datetime.combine(bare, moment)


@feel("date and time(date: date and time, timezone: string)")
def _date_and_time_moved(value: datetime, zone_name: str) -> datetime:
    where = _zone(zone_name)
    if value.tzinfo is None:
        return value.replace(tzinfo=where)
    return value.astimezone(where)


def _zone(name: str) -> tzinfo:
    key = name if name == "Z" or name[:1] in "+-@" else "@" + name
    where = temporal.zone(key) if len(key) < 70 and (key[:1] not in "+-" or ":" in key) else None
    if where is None:
        raise Problem("zone-unknown", found=name[:40])
    return where


def _clock(hour: Decimal, minute: Decimal, second: Decimal, where: tzinfo | None) -> time:
    micro = int(NUMBERS.multiply(NUMBERS.remainder(second, Decimal(1)), Decimal(1_000_000)))
    try:
        return time(whole(hour), whole(minute), whole(second), micro, where)
    except ValueError:
        raise Problem("not-a-time", found=f"{hour}:{minute}:{second}"[:40]) from None


def _offset(offset: timedelta | None) -> tzinfo | None:
    if offset is None:
        return None
    where = temporal.zone(temporal.zone_text(UTC, offset)) if abs(offset) < timedelta(1) else None
    if where is None:
        raise Problem("zone-unknown", found=temporal.duration_text(offset))
    return where


@feel(
    "date and time(year: number, month: number, day: number, hour: number, minute: number,"
    " second: number, offset?: days)"
)
def _date_and_time_from_parts(
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: timedelta | None,
) -> datetime:
    moment = _clock(hour, minute, second, _offset(offset))
    return datetime.combine(_date_from_parts(year, month, day), moment)


@feel(
    "date and time(year: number, month: number, day: number, hour: number, minute: number,"
    " second: number, timezone: string)"
)
def _date_and_time_in_zone(
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    zone_name: str,
) -> datetime:
    moment = _clock(hour, minute, second, _zone(zone_name))
    return datetime.combine(_date_from_parts(year, month, day), moment)


@feel("time(from: string)")
def _time(text: str) -> time:
    value = temporal.parse_time(text)
    if value is None:
        raise Problem("not-a-time", found=text[:40])
    return value


@feel("time(from: time)")
def _time_itself(value: time) -> time:
    return value


@feel("time(from: day)")
def _time_of(value: date) -> time:
    # A date counts as its midnight in UTC.
    return value.timetz() if isinstance(value, datetime) else time(tzinfo=UTC)


@feel("time(hour: number, minute: number, second: number, offset?: days)")
def _time_from_parts(
    hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None
) -> time:
    return _clock(hour, minute, second, _offset(offset))


@feel("duration(from: string)")
def _duration(text: str) -> timedelta | YearsMonths:
    value = temporal.parse_duration(text)
    if value is None:
        raise Problem("not-a-duration", found=text[:40])
    return value


@feel("duration(from: duration)")
def _duration_itself(value: timedelta | YearsMonths) -> timedelta | YearsMonths:
    return value


@feel("years and months duration(from: day, to: day)")
def _years_and_months(start: date, end: date) -> YearsMonths:
    months = (end.year - start.year) * 12 + end.month - start.month
    first, last = _within_month(start), _within_month(end)
    if months > 0 and last < first:
        months -= 1
    elif months < 0 and last > first:
        months += 1
    return YearsMonths(months)


def _within_month(value: date) -> tuple[int, time]:
    return value.day, value.time() if isinstance(value, datetime) else time()


@feel("range(from: string)", with_state=True)
def _range(state: State, text: str) -> Range:
    try:
        node = parse_range(text)
    except FeelSyntaxError as error:
        raise Problem("not-a-range", found=text[:40]) from error
    if not isinstance(node, tree.RangeNode) or (node.start is None and node.end is None):
        raise Problem("not-a-range", found=text[:40])
    start, end = _end(node.start, state), _end(node.end, state)
    if start is not None and end is not None and less(start, end, or_equal=True) is not True:
        raise Problem("not-a-range", found=text[:40])
    return Range(
        start,
        end,
        node.start_included and start is not None,
        node.end_included and end is not None,
    )


_MAKERS = frozenset({"date", "time", "date and time", "duration"})


def _end(node: tree.Node | None, state: State) -> Any:
    """An end of range("..."): a literal, or one of the functions that make a date or duration."""
    if node is None:
        return None
    if isinstance(node, tree.Literal) and type(node.value) is not bool and node.value is not None:
        return node.value
    if isinstance(node, tree.Call) and node.names is None and isinstance(node.function, tree.Name):
        arguments = [_end(argument, state) for argument in node.arguments]
        if node.function.name in _MAKERS:
            return BUILTINS[node.function.name].call(arguments, state)
    raise Problem("not-a-range", found="")
