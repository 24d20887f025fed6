"""Working time counted minute by minute from the words of the calendar, knowing no intervals."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.sla.calendars import Calendar

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the wall clock stands in a window of its date, or of the date before."""
    local = at.astimezone(calendar.zone)
    return any(
        _covers(calendar.zone, day, window, local)
        for day in (local.date(), local.date() - DAY)
        for window in _windows(calendar, day)
    )


def opened(calendar: Calendar, start: datetime, end: datetime) -> int:
    """The open seconds between two whole minutes."""
    count, at = 0, start
    while at < end:
        count += is_open(calendar, at)
        at += MINUTE
    return count * 60


def _windows(calendar: Calendar, day: date) -> list[tuple[int, int]]:
    rule = calendar.exceptions.get(day)
    if rule is not None and rule.kind == "custom":
        return list(rule.windows)
    if rule is not None and rule.kind == "closed":
        return []
    weekday = day.weekday() if rule is None else rule.as_weekday
    return list(calendar.weekly[weekday])


def _covers(zone: ZoneInfo, day: date, window: tuple[int, int], local: datetime) -> bool:
    wall = local.replace(tzinfo=None, fold=0)
    midnight = datetime.combine(day, time.min)
    start, end = (midnight + timedelta(minutes=minutes) for minutes in window)
    twice = _comes_twice(zone, wall)
    if twice and _comes_twice(zone, start) and _comes_twice(zone, end):
        return start <= wall < end  # wholly inside a repeated hour: open in both passes
    if twice and local.fold == 1 and _comes_twice(zone, start) and _near(wall, start):
        return wall < end  # it began in the first pass
    if twice and local.fold == 0 and _comes_twice(zone, end) and _near(wall, end):
        return start <= wall  # it ends in the second pass
    return start <= wall < end


def _near(one: datetime, other: datetime) -> bool:
    """Whether two times that come twice do so in the same night."""
    return abs(one - other) < timedelta(hours=3)


def _comes_twice(zone: ZoneInfo, wall: datetime) -> bool:
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return first < second
