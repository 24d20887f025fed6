"""Kinds whose answer is a day, a time of day, an instant or a span of days."""

import re
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from forms.kinds.base import Check, Kind, is_rule
from forms.model import Field, Refused

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def read_date(value: Any) -> date:
    """`2026-03-02`; Refused otherwise."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Refused("not-a-date")


def read_time(value: Any) -> time:
    """`10:00` or `10:00:30`; Refused otherwise."""
    if isinstance(value, str) and _TIME.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise Refused("not-a-time")


def read_instant(value: Any) -> datetime:
    """RFC 3339 with its offset, to the second; Refused otherwise."""
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is not None:
        day, clock, seconds, offset = match.groups()
        try:
            at = datetime.fromisoformat(f"{day}T{clock}{seconds or ':00'}{offset.upper()}")
            at.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        else:
            return at
    raise Refused("not-a-datetime")


def write_time(value: time) -> str:
    """The normal form: seconds only when there are some."""
    return value.isoformat("seconds" if value.second else "minutes")


def write_instant(value: datetime) -> str:
    """The normal form: to the second, UTC written as Z."""
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


def _limit(check: Any) -> Check:
    def is_limit(value: Any) -> bool:
        try:
            return is_rule(value) or check(value) is not None
        except Refused:
            return False

    return is_limit


class _Moment(Kind):
    """The order that days, times and instants have in common; limits are typed values."""

    def check_range(self, value: Any, low: Any, high: Any) -> None:
        moment = self.typed(value)
        if low is not None and moment < low:
            raise Refused("too-early", min=str(low))
        if high is not None and moment > high:
            raise Refused("too-late", max=str(high))


class Date(_Moment):
    """`date`: `2026-03-02`; `min` and `max` a date or an expression."""

    name = "date"
    settings: ClassVar = {"min": _limit(read_date), "max": _limit(read_date)}

    def load(self, field: Field, value: Any) -> str:
        return read_date(value).isoformat()

    def typed(self, value: Any) -> date:
        return date.fromisoformat(value)


class Time(_Moment):
    """`time`: `10:00`, seconds allowed; `min` and `max` a time or an expression."""

    name = "time"
    settings: ClassVar = {"min": _limit(read_time), "max": _limit(read_time)}

    def load(self, field: Field, value: Any) -> str:
        return write_time(read_time(value))

    def typed(self, value: Any) -> time:
        return time.fromisoformat(value)


class DateTime(_Moment):
    """`datetime`: RFC 3339 with an offset, kept as given; `min` and `max` like `date`."""

    name = "datetime"
    settings: ClassVar = {"min": _limit(read_instant), "max": _limit(read_instant)}

    def load(self, field: Field, value: Any) -> str:
        return write_instant(read_instant(value))

    def typed(self, value: Any) -> datetime:
        return datetime.fromisoformat(value)


class DateRange(Kind):
    """`date_range`: `{"from": date, "to": date}`, both days included, in order."""

    name = "date_range"
    settings: ClassVar = {"min": _limit(read_date), "max": _limit(read_date)}

    def load(self, field: Field, value: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            raise Refused("not-a-date-range")
        for key in value:
            if key not in ("from", "to"):
                raise Refused("unknown-field", str(key)[:200], key=str(key)[:200])
        days = {}
        for end in ("from", "to"):
            if value.get(end) is None:
                raise Refused("required", end)
            try:
                days[end] = read_date(value[end])
            except Refused as refused:
                raise Refused(refused.code, end) from None
        if days["from"] > days["to"]:
            raise Refused("ends-before-it-begins", "to")
        return {end: day.isoformat() for end, day in days.items()}

    def typed(self, value: Any) -> dict[str, date]:
        return {end: date.fromisoformat(day) for end, day in value.items()}

    def check_range(self, value: Any, low: Any, high: Any) -> None:
        span = self.typed(value)
        if low is not None and span["from"] < low:
            raise Refused("too-early", "from", min=str(low))
        if high is not None and span["to"] > high:
            raise Refused("too-late", "to", max=str(high))


KINDS = (Date(), Time(), DateTime(), DateRange())
