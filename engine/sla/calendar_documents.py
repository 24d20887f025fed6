"""Calendars as they are written: read with every mistake at its place, and written back."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from engine.errors import InputError, InvalidInput
from engine.sla.calendars import PRECEDENCE, Calendar, DayRule
from engine.sla.open_time import Window

MAX_WINDOWS = 24
MAX_EXCEPTIONS = 5_000
MAX_HOLIDAY_NAME = 100
LANGUAGES = ("zh-CN", "en")
_MAX_ERRORS = 50
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_KEYS = frozenset({"kind", "as_weekday", "windows", "name"})


def read_calendar(
    document: Mapping[str, Any],
    *,
    key: str = "",
    version: int = 0,
    official_until: int | None = None,
    now: datetime | None = None,
) -> Calendar:
    """The calendar of `{tz, weekly, exceptions}`; raises InvalidInput that names each place.

    With `now` a calendar that opens at no time within the horizon is refused as well.
    """
    reader = _Reader()
    zone = reader.zone(document.get("tz"))
    weekly = reader.weekly(document.get("weekly"))
    exceptions = reader.exceptions(document.get("exceptions"))
    if reader.errors:
        raise InvalidInput(reader.errors)
    calendar = Calendar(zone, weekly, MappingProxyType(exceptions), key, version, official_until)
    if now is not None and calendar.next_open(now) is None:
        raise InvalidInput.at("/weekly", "calendar-no-open-time")
    return calendar


def write_calendar(calendar: Calendar) -> dict[str, Any]:
    """The document of a calendar: read again, it is the same."""
    return {
        "tz": calendar.zone.key,
        "weekly": [write_windows(windows) for windows in calendar.weekly],
        "exceptions": {
            day.isoformat(): write_rule(calendar.exceptions[day])
            for day in sorted(calendar.exceptions)
        },
    }


def write_windows(windows: tuple[Window, ...]) -> list[list[str]]:
    """Windows as pairs of clock times; one past midnight ends before it starts."""
    return [[_clock(start), _clock(end if end <= 1440 else end - 1440)] for start, end in windows]


def write_rule(rule: DayRule) -> dict[str, Any]:
    """What is said of one date."""
    written: dict[str, Any] = {"kind": rule.kind}
    if rule.kind == "makeup":
        written["as_weekday"] = rule.as_weekday
    if rule.kind == "custom":
        written["windows"] = write_windows(rule.windows)
    if rule.names:
        written["name"] = dict(rule.names)
    return written


def read_rule(value: object, pointer: str) -> DayRule:
    """What is said of one date; raises InvalidInput."""
    reader = _Reader()
    rule = reader.rule(value, pointer)
    if rule is None:
        raise InvalidInput(reader.errors)
    return rule


def read_date(text: object) -> date | None:
    """A date written as 2026-02-14, or None."""
    if not isinstance(text, str) or not _DATE.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def stronger(one: DayRule, other: DayRule) -> DayRule:
    """Which of two rules for one date holds: custom before makeup before closed."""
    return min(one, other, key=lambda rule: PRECEDENCE.index(rule.kind))


def is_zone(name: object) -> bool:
    """Whether this names a time zone."""
    return isinstance(name, str) and name in _zones()


class _Reader:
    """Reads the parts of a calendar and remembers what is wrong with them."""

    def __init__(self) -> None:
        self.errors: list[InputError] = []

    def zone(self, value: object) -> ZoneInfo:
        if isinstance(value, str) and is_zone(value):
            return ZoneInfo(value)
        self._wrong("/tz", "calendar-zone-unknown", zone=_shown(value))
        return ZoneInfo("UTC")

    def weekly(self, value: object) -> tuple[tuple[Window, ...], ...]:
        if not isinstance(value, list) or len(value) != 7:
            self._wrong("/weekly", "calendar-weekly-not-seven")
            return ()
        return tuple(self.windows(one, f"/weekly/{index}") for index, one in enumerate(value))

    def exceptions(self, value: object) -> dict[date, DayRule]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._wrong("/exceptions", "calendar-exceptions-unreadable")
            return {}
        if len(value) > MAX_EXCEPTIONS:
            self._wrong("/exceptions", "calendar-too-many-exceptions", limit=MAX_EXCEPTIONS)
            return {}
        found = {}
        for name, one in value.items():
            pointer = f"/exceptions/{str(name)[:40]}"
            day = read_date(name)
            if day is None:
                self._wrong(pointer, "calendar-date-unreadable", value=_shown(name))
                continue
            rule = self.rule(one, pointer)
            if rule is not None:
                found[day] = rule
        return found

    def rule(self, value: object, pointer: str) -> DayRule | None:
        kind = value.get("kind") if isinstance(value, dict) else None
        if not isinstance(value, dict) or kind not in PRECEDENCE:
            self._wrong(f"{pointer}/kind", "calendar-kind-unknown", value=_shown(kind))
            return None
        before = len(self.errors)
        for key in value.keys() - _KEYS:
            self._wrong(f"{pointer}/{str(key)[:40]}", "unknown-field")
        names = self._names(value.get("name"), f"{pointer}/name")
        windows: tuple[Window, ...] = ()
        weekday = value.get("as_weekday")
        if kind == "custom":
            windows = self.windows(value.get("windows"), f"{pointer}/windows")
        if kind != "makeup":
            weekday = 0
        elif isinstance(weekday, bool) or not isinstance(weekday, int) or not 0 <= weekday <= 6:
            self._wrong(f"{pointer}/as_weekday", "calendar-weekday-unreadable")
        if len(self.errors) > before or not isinstance(weekday, int):
            return None
        return DayRule(kind, weekday, windows, names)

    def windows(self, value: object, pointer: str) -> tuple[Window, ...]:
        if not isinstance(value, list):
            self._wrong(pointer, "calendar-windows-unreadable")
            return ()
        if len(value) > MAX_WINDOWS:
            self._wrong(pointer, "calendar-too-many-windows", limit=MAX_WINDOWS)
            return ()
        found = (self._window(one, f"{pointer}/{index}") for index, one in enumerate(value))
        return tuple(sorted({window for window in found if window is not None}))

    def _window(self, value: object, pointer: str) -> Window | None:
        if not isinstance(value, list | tuple) or len(value) != 2:
            self._wrong(pointer, "calendar-window-malformed", value=_shown(value))
            return None
        start = _minutes(value[0])
        end = 1440 if value[1] == "24:00" else _minutes(value[1])
        if start is None or end is None:
            self._wrong(pointer, "calendar-window-malformed", value=_shown(value))
            return None
        if start == end:
            self._wrong(pointer, "calendar-window-empty", value=_shown(value))
            return None
        return start, end if end > start else end + 1440

    def _names(self, value: object, pointer: str) -> dict[str, str]:
        if value is None:
            return {}
        names = dict.fromkeys(LANGUAGES, value) if isinstance(value, str) else value
        if not isinstance(names, dict) or not all(
            key in LANGUAGES and isinstance(text, str) and 0 < len(text) <= MAX_HOLIDAY_NAME
            for key, text in names.items()
        ):
            self._wrong(pointer, "calendar-name-unreadable", limit=MAX_HOLIDAY_NAME)
            return {}
        return dict(names)

    def _wrong(self, pointer: str, code: str, **params: object) -> None:
        if len(self.errors) < _MAX_ERRORS:
            self.errors.append(InputError(pointer, code, params))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _minutes(value: object) -> int | None:
    if not isinstance(value, str) or not _TIME.match(value):
        return None
    return int(value[:2]) * 60 + int(value[3:])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _shown(value: object) -> str:
    """A value for an error's sentence, short."""
    text = "–".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return text[:40]
