"""What stands after a dot: entries of contexts and properties of dates, durations and ranges."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from workflows.feel.bounds import State
from workflows.feel.values import Range, YearsMonths, kind

_Properties = dict[str, Callable[[Any], Any]]

_DATE: _Properties = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_TIME: _Properties = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": lambda value: Decimal(value.second) + Decimal(value.microsecond).scaleb(-6),
    "time offset": lambda value: value.utcoffset(),
    "timezone": lambda value: value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None,
}


def _part(divisor: int, modulus: int | None = None) -> Callable[[timedelta], Decimal]:
    def read(value: timedelta) -> Decimal:
        seconds = abs(value) // timedelta(seconds=1) // divisor
        amount = seconds if modulus is None else seconds % modulus
        return Decimal(-amount if value < timedelta(0) else amount)

    return read


def _seconds(value: timedelta) -> Decimal:
    micro = Decimal((abs(value) % timedelta(minutes=1)) // timedelta(microseconds=1)).scaleb(-6)
    return -micro if value < timedelta(0) else micro


PROPERTIES: dict[type, _Properties] = {
    date: _DATE,
    time: _TIME,
    datetime: _DATE | _TIME,
    timedelta: {
        "days": _part(86_400),
        "hours": _part(3_600, 24),
        "minutes": _part(60, 60),
        "seconds": _seconds,
    },
    YearsMonths: {
        "years": lambda value: Decimal(value.years),
        "months": lambda value: Decimal(value.months),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}


def member(value: Any, name: str, state: State, at: int) -> Any:
    """value.name; of a list, the list of what its elements have there."""
    if isinstance(value, Mapping):
        try:
            return value[name]
        except KeyError:
            state.warn("no-such-entry", at, entry=name)
            return None
    if type(value) is list:
        state.charge(1 + len(value))
        return [member(item, name, state, at) for item in value]
    read = PROPERTIES.get(type(value), {}).get(name)
    if read is not None:
        return read(value)
    state.warn("no-such-property", at, property=name, kind=kind(value))
    return None
