"""Working time: what a business calendar has open, counted and added up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from engine.sla.open_time import MICROS, OpenYear, Window, open_year

Kind = Literal["closed", "makeup", "custom"]
# Said of one date by several sources, the first of these holds.
PRECEDENCE: tuple[Kind, ...] = ("custom", "makeup", "closed")

HORIZON_DAYS = 3_700
FIRST_YEAR, LAST_YEAR = 1900, 2300
MAX_YEARS_AHEAD = 100
_MAX_CACHED_YEARS = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_HORIZON = HORIZON_DAYS * 86_400 * MICROS


class CalendarError(ValueError):
    """Working time that cannot be told; `code` has a sentence in every language."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class DayRule:
    """What holds on one date instead of its weekday: closed, as another weekday, own windows."""

    kind: Kind
    as_weekday: int = 0
    windows: tuple[Window, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Calendar:
    """Opening windows by weekday (Monday first) in a time zone, with rules for single dates.

    All instants are aware; durations are whole seconds that really pass. Years are worked out
    when they are first asked for and kept, so a calendar that is used often is fast.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[Window, ...], ...]
    exceptions: Mapping[date, DayRule] = field(default_factory=lambda: MappingProxyType({}))
    key: str = ""
    version: int = 0
    official_until: int | None = None  # the last year whose public holidays are published
    _years: dict[int, OpenYear] = field(default_factory=dict, init=False, repr=False)

    def add(self, start: datetime, seconds: int) -> datetime:
        """The first instant before which that much open time has passed since the start.

        Time that is used up exactly at closing is used up at closing, not the next morning.
        Raises CalendarError when there is no such instant within reach.
        """
        if seconds < 0:
            raise ValueError("working time is added, never taken away")
        if seconds == 0:
            return start
        at, year, left = _micros(start), _year(start), seconds * MICROS
        last, end = at, year + MAX_YEARS_AHEAD
        while True:
            span = self._open(year)
            before = span.before(at)
            if before + left <= span.total:
                return _instant(span.reached(before + left))
            if span.total > before:
                left -= span.total - before
                last = span.last_close() or last
            at, year = span.end, year + 1
            if at - last > _HORIZON:
                raise CalendarError("calendar-no-open-time")
            if year > end:
                raise CalendarError("calendar-too-far")

    def between(self, start: datetime, end: datetime) -> int:
        """The open seconds from the start up to the end; 0 when the end is not later."""
        if end <= start:
            return 0
        first, last = _year(start), _year(end)
        total = self._open(last).before(_micros(end)) - self._open(first).before(_micros(start))
        for year in range(first, last):
            total += self._open(year).total
        return total // MICROS

    def is_open(self, at: datetime) -> bool:
        """Whether an instant is working time."""
        return self._open(_year(at)).is_open(_micros(at))

    def next_open(self, start: datetime) -> datetime | None:
        """The first open instant from the start on; None when none comes within the horizon."""
        at, year = _micros(start), _year(start)
        limit = at + _HORIZON
        while True:
            span = self._open(year)
            found = span.next_open(at)
            if found is not None:
                return _instant(found) if found < limit else None
            at, year = span.end, year + 1
            if at >= limit or year > LAST_YEAR:
                return None

    def intervals(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open intervals from the start up to the end, cut to them."""
        first, last = _micros(start), _micros(end)
        for year in range(_year(start), _year(end) + 1):
            for opened, closed in self._open(year).intervals():
                if opened < last and closed > first:
                    yield _instant(max(opened, first)), _instant(min(closed, last))

    def is_provisional(self, at: datetime) -> bool:
        """Whether the public holidays of that year are still to be published."""
        return (
            self.official_until is not None and at.astimezone(self.zone).year > self.official_until
        )

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows that begin on a local date."""
        rule = self.exceptions.get(day)
        if rule is None:
            return self.weekly[day.weekday()]
        if rule.kind == "custom":
            return rule.windows
        return self.weekly[rule.as_weekday] if rule.kind == "makeup" else ()

    def _open(self, year: int) -> OpenYear:
        found = self._years.get(year)
        if found is None:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise CalendarError("calendar-too-far")
            found = open_year(year, self.zone, self.windows_on)
            if len(self._years) >= _MAX_CACHED_YEARS:
                self._years.clear()
            self._years[year] = found
        return found


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICRO


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _year(at: datetime) -> int:
    """The year in UTC, by which open time is kept."""
    return at.year if at.tzinfo is UTC else at.astimezone(UTC).year


WHOLE_DAY: tuple[Window, ...] = ((0, 1440),)
# Always open: for alarms that do not sleep, and where nothing else is said.
ALWAYS = Calendar(ZoneInfo("UTC"), (WHOLE_DAY,) * 7, key="always")
