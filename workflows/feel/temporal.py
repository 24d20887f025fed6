"""Dates, times and durations as text, after XML Schema 1.1 part 2 with the zones of FEEL."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from workflows.feel.values import YearsMonths

_DATE = r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]{1,64})?"
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)
_DATE_TIME = re.compile(_DATE + "T" + _TIME, re.ASCII)
_MONTHS = re.compile(r"(-)?P(?=.)(?:(\d{1,9})Y)?(?:(\d{1,10})M)?", re.ASCII)
_SECONDS = re.compile(
    r"(-)?P(?=.)(?:(\d{1,9})D)?(?:T(?=.)(?:(\d{1,12})H)?(?:(\d{1,13})M)?"
    r"(?:(\d{1,15})(?:\.(\d{1,18}))?S)?)?",
    re.ASCII,
)


@lru_cache(256)
def zone(key: str) -> tzinfo | None:
    """The zone of an offset ("+08:00", "Z") or a name ("@Europe/Paris"); None if unknown."""
    if key == "Z":
        return UTC
    if key.startswith("@"):
        try:
            return ZoneInfo(key[1:])
        except (ValueError, OSError, KeyError):
            return None
    hours, minutes, *seconds = (int(part) for part in key[1:].split(":"))
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    if minutes > 59 or offset > timedelta(hours=18):
        return None
    return timezone(-offset if key[0] == "-" else offset) if offset else UTC


def parse_date(text: str) -> date | None:
    """A date such as 2026-12-01."""
    match = _DATE_ONLY.fullmatch(text)
    return _date(match) if match else None


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """A time such as 09:30:00, 09:30:00Z or 09:30:00@Europe/Paris."""
    match = _TIME_ONLY.fullmatch(text)
    return _time(match, 1) if match else None


def _time(match: re.Match[str], first: int) -> time | None:
    hour, minute, second, fraction, zone_key = match.groups()[first - 1 :]
    where = zone(zone_key) if zone_key else None
    if zone_key and where is None:
        return None
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        return time(int(hour), int(minute), int(second), micro, where)
    except ValueError:
        return None


def parse_date_time(text: str) -> datetime | None:
    """A date and time; a date alone is its midnight."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        day = parse_date(text)
        return datetime(day.year, day.month, day.day) if day else None  # noqa: DTZ001
    day, moment = _date(match), _time(match, 4)
    return datetime.combine(day, moment) if day and moment is not None else None


def parse_duration(text: str) -> timedelta | YearsMonths | None:
    """Either duration: P1Y2M, -P1DT2H3M4.5S."""
    match = _MONTHS.fullmatch(text)
    if match:
        total = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-total if match[1] else total)
    match = _SECONDS.fullmatch(text)
    if match is None:
        return None
    sign, days, hours, minutes, seconds, fraction = match.groups()
    try:
        value = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=int((fraction or "0")[:6].ljust(6, "0")),
        )
        return -value if sign else value
    except OverflowError:
        return None


def parse_any(text: str) -> date | time | timedelta | YearsMonths | None:
    """What `@"..."` means."""
    if text[:1] == "P" or text[:2] == "-P":
        return parse_duration(text)
    if "T" in text[1:] and _DATE_TIME.fullmatch(text):
        return parse_date_time(text)
    if ":" in text:
        return parse_time(text)
    return parse_date(text)


def zone_text(where: tzinfo | None, offset: timedelta | None) -> str:
    """A zone as it is written after a time."""
    if where is None:
        return ""
    if isinstance(where, ZoneInfo):
        return "@" + where.key
    seconds = int(offset.total_seconds()) if offset else 0
    if seconds == 0:
        return "Z"
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return text + (f":{rest:02}" if rest else "")


def time_text(value: time | datetime) -> str:
    """The time part, with its zone."""
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    if value.microsecond:
        text += f".{value.microsecond:06}".rstrip("0")
    return text + zone_text(value.tzinfo, value.utcoffset())


def date_text(value: date) -> str:
    """The date part."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def duration_text(value: timedelta) -> str:
    """A days and time duration in its shortest form."""
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    text = f"{value.days}D" if value.days else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        clock += f"{seconds}{fraction}S"
    if not text and not clock:
        clock = "0S"
    return f"{sign}P{text}" + (f"T{clock}" if clock else "")
