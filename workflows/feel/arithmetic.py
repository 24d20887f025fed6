"""Arithmetic between numbers, strings, dates and durations (DMN 1.5, tables 57 to 61)."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from workflows.feel.bounds import Problem, State
from workflows.feel.values import NUMBERS, YearsMonths, kind

_DAY = timedelta(days=1)
_MICRO = timedelta(microseconds=1)


def add(a: Any, b: Any, state: State) -> Any:
    """a + b."""
    kind_a, kind_b = type(a), type(b)
    if kind_a is Decimal and kind_b is Decimal:
        return NUMBERS.add(a, b)
    if kind_a is str and kind_b is str:
        return state.text(a + b)
    if kind_b in (timedelta, YearsMonths) and kind_a is not Decimal:
        return _shift(a, b)
    if kind_a in (timedelta, YearsMonths):
        return _shift(b, a)
    raise _undefined("+", a, b)


def subtract(a: Any, b: Any, state: State) -> Any:
    """a - b."""
    kind_a, kind_b = type(a), type(b)
    if kind_a is Decimal and kind_b is Decimal:
        return NUMBERS.subtract(a, b)
    if kind_b is timedelta:
        return _shift(a, -b)
    if kind_b is YearsMonths:
        return _shift(a, YearsMonths(-b.total))
    if kind_a in (date, datetime) and kind_b in (date, datetime):
        return _between(a, b)
    if kind_a is time and kind_b is time:
        return _time_of_day(a) - _time_of_day(b)
    raise _undefined("-", a, b)


def _shift(a: Any, duration: timedelta | YearsMonths) -> Any:
    """A date, time or duration moved by a duration."""
    kind_a = type(a)
    if type(duration) is YearsMonths:
        if kind_a is YearsMonths:
            return YearsMonths(a.total + duration.total)
        if kind_a in (date, datetime):
            return add_months(a, duration.total)
    elif type(duration) is timedelta:
        if kind_a is timedelta:
            return a + duration
        if kind_a is date:
            # A date counts as its midnight; what is left of the day is dropped.
            return (datetime(a.year, a.month, a.day) + duration).date()  # noqa: DTZ001
        if kind_a is datetime:
            return _shift_moment(a, duration)
        if kind_a is time:
            return _shift_time(a, duration)
    raise _undefined("+", a, duration)


def _shift_moment(a: datetime, duration: timedelta) -> datetime:
    if isinstance(a.tzinfo, ZoneInfo):
        # Python moves the clock face within a zone; the standard moves the instant.
        return (a.astimezone(UTC) + duration).astimezone(a.tzinfo)
    return a + duration


def _shift_time(a: time, duration: timedelta) -> time:
    moment = timedelta(hours=a.hour, minutes=a.minute, seconds=a.second, microseconds=a.microsecond)
    rest = (moment + duration) % _DAY
    minutes, seconds = divmod(rest.seconds, 60)
    return time(minutes // 60, minutes % 60, seconds, rest.microseconds, a.tzinfo)


def add_months(a: date, months: int) -> date:
    """A date or date and time moved by months; the day is cut to the length of the month."""
    years, month = divmod(a.month - 1 + months, 12)
    year = a.year + years
    if not 1 <= year <= 9999:
        raise Problem("out-of-calendar")
    day = min(a.day, calendar.monthrange(year, month + 1)[1])
    return a.replace(year=year, month=month + 1, day=day)


def as_moment(a: date) -> datetime:
    """A date as its midnight in UTC, which is how the standard compares it with a date and time."""
    if type(a) is datetime:
        return a
    return datetime(a.year, a.month, a.day)  # noqa: DTZ001


def _between(a: date, b: date) -> timedelta:
    moment_a, moment_b = as_moment(a), as_moment(b)
    if (moment_a.tzinfo is None) is not (moment_b.tzinfo is None):
        raise Problem("zone-on-one-side")
    if moment_a.tzinfo is not None:
        # Python subtracts clock faces within one zone; the standard subtracts instants.
        offset_a, offset_b = moment_a.utcoffset(), moment_b.utcoffset()
        bare = moment_a.replace(tzinfo=None) - moment_b.replace(tzinfo=None)
        return bare - (offset_a or timedelta(0)) + (offset_b or timedelta(0))
    return moment_a - moment_b


def _time_of_day(a: time) -> timedelta:
    moment = timedelta(hours=a.hour, minutes=a.minute, seconds=a.second, microseconds=a.microsecond)
    return moment - (a.utcoffset() or timedelta(0))


def multiply(a: Any, b: Any, state: State) -> Any:
    """a * b."""
    kind_a, kind_b = type(a), type(b)
    if kind_a is Decimal:
        if kind_b is Decimal:
            return NUMBERS.multiply(a, b)
        a, b, kind_a, kind_b = b, a, kind_b, kind_a
    if kind_b is Decimal:
        if kind_a is YearsMonths:
            return YearsMonths(_whole(NUMBERS.multiply(Decimal(a.total), b)))
        if kind_a is timedelta:
            return _MICRO * _whole(NUMBERS.multiply(Decimal(a // _MICRO), b))
    raise _undefined("*", a, b)


def divide(a: Any, b: Any, state: State) -> Any:
    """a / b."""
    kind_a, kind_b = type(a), type(b)
    if kind_b is Decimal:
        if not b:
            raise Problem("division-by-zero")
        if kind_a is Decimal:
            return NUMBERS.divide(a, b)
        if kind_a is YearsMonths:
            return YearsMonths(_whole(NUMBERS.divide(Decimal(a.total), b)))
        if kind_a is timedelta:
            return _MICRO * _whole(NUMBERS.divide(Decimal(a // _MICRO), b))
    elif kind_a is kind_b is YearsMonths or kind_a is kind_b is timedelta:
        top = a.total if kind_a is YearsMonths else a // _MICRO
        bottom = b.total if kind_a is YearsMonths else b // _MICRO
        if not bottom:
            raise Problem("division-by-zero")
        return NUMBERS.divide(Decimal(top), Decimal(bottom))
    raise _undefined("/", a, b)


def _whole(value: Decimal) -> int:
    if abs(value) > 10**18:
        raise Problem("out-of-calendar")
    return int(value)


def power(a: Any, b: Any, state: State) -> Any:
    """a ** b."""
    if type(a) is Decimal and type(b) is Decimal:
        return NUMBERS.power(a, b)
    raise _undefined("**", a, b)


def negate(a: Any) -> Any:
    """-a."""
    if type(a) is Decimal:
        return NUMBERS.minus(a)
    if type(a) is timedelta:
        return -a
    if type(a) is YearsMonths:
        return YearsMonths(-a.total)
    raise Problem("operator-undefined-one", operator="-", left=kind(a))


def _undefined(operator: str, a: Any, b: Any) -> Problem:
    return Problem("operator-undefined", operator=operator, left=kind(a), right=kind(b))


OPERATORS = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}
