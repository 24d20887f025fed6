"""Date and time functions (DMN 1.5, 10.3.4.7 to 10.3.4.9)."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from workflows.feel.bounds import State
from workflows.feel.functions.registry import feel
from workflows.feel.values import Range, equal

clock: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=lambda: datetime.now(UTC))
"""Where now() and today() take the moment from; the host sets it to its own clock and zone."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@feel("now()")
def _now() -> datetime:
    return clock.get()()


@feel("today()")
def _today() -> date:
    return clock.get()().date()


@feel("day of year(date: day)")
def _day_of_year(day: date) -> Decimal:
    return Decimal(day.timetuple().tm_yday)


@feel("day of week(date: day)")
def _day_of_week(day: date) -> str:
    return _DAYS[day.weekday()]


@feel("month of year(date: day)")
def _month_of_year(day: date) -> str:
    return _MONTHS[day.month - 1]


@feel("week of year(date: day)")
def _week_of_year(day: date) -> Decimal:
    return Decimal(day.isocalendar().week)


@feel("is(value1: any, value2: any)", with_state=True)
def _is(state: State, value1: Any, value2: Any) -> bool:
    """The same value of the same kind, written with the same zone."""
    if type(value1) is not type(value2):
        return False
    if isinstance(value1, time | datetime):
        return value1.replace(tzinfo=None) == value2.replace(tzinfo=None) and _zone_form(
            value1
        ) == _zone_form(value2)
    if isinstance(value1, Range):
        return bool(value1 == value2)
    return equal(value1, value2, state) is True


def _zone_form(value: time | datetime) -> tuple[str, Any]:
    offset = value.utcoffset()
    return (str(value.tzinfo) if offset is None else "", offset)
