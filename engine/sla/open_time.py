"""Local opening windows as intervals of UTC, the switches to and from summer time included."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# A window in minutes of its local date; an end beyond 1440 lies on the next date.
Window = tuple[int, int]
Interval = tuple[int, int]  # [start, end) in seconds since 1970, UTC

DAY = 86_400
MICROS = 1_000_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class OpenYear:
    """The open intervals of one year of UTC in microseconds, with running totals to search in."""

    __slots__ = ("_ends", "_starts", "_totals", "end", "start", "total")

    def __init__(self, year: int, intervals: Iterable[Interval]) -> None:
        self.start = _midnight(date(year, 1, 1)) * MICROS
        self.end = _midnight(date(year + 1, 1, 1)) * MICROS
        self._starts = array("q")
        self._ends = array("q")
        self._totals = array("q")  # open time up to the end of each interval
        total = 0
        for start, end in _merged(intervals):
            first, last = max(start * MICROS, self.start), min(end * MICROS, self.end)
            if first < last:
                total += last - first
                self._starts.append(first)
                self._ends.append(last)
                self._totals.append(total)
        self.total = total

    def before(self, at: int) -> int:
        """The open time of the year before an instant."""
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0
        return self._totals[index] - max(0, self._ends[index] - at)

    def reached(self, total: int) -> int:
        """The first instant before which that much of the year was open; total > 0."""
        index = bisect_left(self._totals, total)
        return self._ends[index] - (self._totals[index] - total)

    def is_open(self, at: int) -> bool:
        """Whether an instant of the year lies in an interval."""
        index = bisect_right(self._starts, at) - 1
        return index >= 0 and at < self._ends[index]

    def next_open(self, at: int) -> int | None:
        """The first open instant of the year from an instant on."""
        index = bisect_right(self._ends, at)
        return max(at, self._starts[index]) if index < len(self._starts) else None

    def last_close(self) -> int | None:
        """When the last interval of the year ends."""
        return self._ends[-1] if self._ends else None

    def intervals(self) -> Iterator[tuple[int, int]]:
        """The intervals in order, in microseconds."""
        return zip(self._starts, self._ends, strict=True)


def open_year(
    year: int, zone: ZoneInfo, windows_on: Callable[[date], tuple[Window, ...]]
) -> OpenYear:
    """One year of UTC, from what each local date that can touch it has open."""
    found: list[Interval] = []
    # Two days before: a window past midnight, in a zone up to 14 hours behind; one day after.
    day = date(year, 1, 1) - timedelta(days=2)
    count = (date(year + 1, 1, 1) - day).days + 2
    first = _midnight(day)
    offsets = [_offset(zone, first + one * DAY) for one in range(-1, count + 3)]
    for index in range(count):
        windows = windows_on(day)
        if windows:
            around = offsets[index : index + 5]
            if around.count(around[0]) == len(around):  # no switch near: plain subtraction
                midnight = first + index * DAY - around[0]
                found.extend((midnight + a * 60, midnight + b * 60) for a, b in windows)
            else:
                found.extend(one for window in windows for one in _resolved(zone, day, window))
        day += timedelta(days=1)
    return OpenYear(year, found)


def _resolved(zone: ZoneInfo, day: date, window: Window) -> list[Interval]:
    """A window near a switch of the clock.

    An end of it that does not exist is the switch itself. One that comes twice is the first time
    for a start and the second for an end; a window wholly inside a repeated hour comes twice.
    """
    midnight = datetime.combine(day, time.min)
    first_start, second_start = _instants(zone, midnight + timedelta(minutes=window[0]))
    first_end, second_end = _instants(zone, midnight + timedelta(minutes=window[1]))
    if first_start < second_start and first_end < second_end:
        return [(first_start, first_end), (second_start, second_end)]
    return [(first_start, second_end)]


def _instants(zone: ZoneInfo, local: datetime) -> tuple[int, int]:
    """The first and the second time that a local clock shows this: mostly the same instant."""
    early, late = (
        _seconds(local) - int((local.replace(tzinfo=zone, fold=fold).utcoffset() or _ZERO) / _ONE)
        for fold in (0, 1)
    )
    if early <= late:
        return early, late
    switch = _switch(zone, late, early)
    return switch, switch


def _switch(zone: ZoneInfo, before: int, after: int) -> int:
    """The first instant of the new offset, between one of the old and one of the new."""
    old = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


_ZERO = timedelta()
_ONE = timedelta(seconds=1)
_EPOCH = datetime.combine(date(1970, 1, 1), time.min)


def _seconds(local: datetime) -> int:
    """A clock's reading in seconds since it read 1970."""
    return (local - _EPOCH) // _ONE


def _midnight(day: date) -> int:
    """The beginning of a date in seconds since 1970."""
    return (day.toordinal() - _EPOCH_DAY) * DAY


@lru_cache(maxsize=20_000)
def _offset(zone: ZoneInfo, at: int) -> int:
    """The offset of a zone at an instant, in seconds."""
    local = datetime.fromtimestamp(at, UTC).astimezone(zone)
    return (local.utcoffset() or _ZERO) // _ONE


def _merged(intervals: Iterable[Interval]) -> Iterator[Interval]:
    """Intervals in order, those that touch or overlap as one; empty ones left out."""
    held: Interval | None = None
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if held is not None and start <= held[1]:
            held = (held[0], max(held[1], end))
        else:
            if held is not None:
                yield held
            held = (start, end)
    if held is not None:
        yield held
