"""When a timer is due: ISO 8601 durations, moments and repetitions, cron lines, FEEL values."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_DURATION = re.compile(
    r"^(?P<sign>[+-]?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?"
    r"(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?"
    r"(?:(?P<seconds>\d+(?:[.,]\d{1,6})?)S)?)?$"
)
_MAX_YEARS = 100
_CRON_FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NAMES = {
    name: number
    for names, first in (
        (_MONTH_NAMES, 1),
        (_DAY_NAMES, 0),
    )
    for number, name in enumerate(names, first)
}


class TimerInvalid(ValueError):
    """The text or value is no time that we know."""


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: months by the calendar, the rest by the clock."""

    months: int = 0
    rest: timedelta = timedelta()

    def after(self, moment: datetime, zone: ZoneInfo, times: int = 1) -> datetime:
        """The moment so much later; the 31st becomes the last day of a shorter month."""
        if self.months:
            local = moment.astimezone(zone)
            index = local.year * 12 + local.month - 1 + self.months * times
            year, month = divmod(index, 12)
            if not 1 <= year <= 9999:
                raise TimerInvalid("too far away")
            last = _last_day(year, month + 1)
            moment = local.replace(year=year, month=month + 1, day=min(local.day, last))
        try:
            return moment.astimezone(UTC) + self.rest * times
        except OverflowError as problem:
            raise TimerInvalid("too far away") from problem


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a timer fires first and, when it repeats, how it goes on.

    `left` counts the firings still to come, None for without end; `again` is the text that gives
    the next moment: a duration or a cron line, None when the timer fires once.
    """

    due: datetime
    left: int | None = 1
    again: str | None = None

    def next(self, zone: ZoneInfo, now: datetime | None = None) -> "Schedule | None":
        """What follows the firing at `due`, None when it was the last.

        A timer without end does not make up for what was missed before `now`, as when the server
        was down for a week: it goes on with the next moment of its own rhythm.
        """
        if self.again is None or self.left == 1:
            return None
        if self.left is not None:
            return Schedule(_step(self.again, self.due, zone), self.left - 1, self.again)
        due = _step(self.again, self.due, zone)
        if now is not None and due <= now:
            due = _rhythm(self.again, due, now, zone)
        return Schedule(due, None, self.again)


def schedule(value: Any, way: str | None, now: datetime, zone: ZoneInfo) -> Schedule:
    """What a timer's value means: text as in the standard, or a FEEL date, time or duration.

    `way` is timeDate, timeDuration or timeCycle and only matters for messages: what the text looks
    like decides. Raises TimerInvalid.
    """
    if isinstance(value, datetime):
        return Schedule(_utc(value, zone))
    if isinstance(value, date):
        return Schedule(_utc(datetime.combine(value, time()), zone))
    if isinstance(value, timedelta):
        return _single(Span(rest=value), now, zone)
    months = getattr(value, "total", None)  # a FEEL years and months duration
    if isinstance(months, int):
        return _single(Span(months=months), now, zone)
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        raise TimerInvalid("expected a date, a duration or a repetition")
    text = value.strip()
    if text[:1] in "Rr":
        return _repetition(text, now, zone)
    if len(text.split()) >= 5 or text.startswith("@"):
        return Schedule(cron_next(text, now, zone), None, text)
    if text.lstrip("+-")[:1] in "Pp":
        if way == "timeCycle":  # some modelers leave the R out
            return Schedule(_positive(text).after(now, zone), None, text)
        return _single(duration(text), now, zone)
    return Schedule(moment(text, zone))


def duration(text: str) -> Span:
    """An ISO 8601 duration such as PT4H, P1DT12H, P2W or P3M; raises TimerInvalid."""
    match = _DURATION.match(text.strip().upper())
    if match is None or not any(
        match[part] for part in ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
    ):
        raise TimerInvalid(f"{text!r} is not a duration like PT4H or P3D")
    if match["sign"] == "-":
        raise TimerInvalid("a timer cannot wait for a negative time")
    number = {key: int(match[key] or 0) for key in ("years", "months", "weeks", "days")}
    try:
        rest = timedelta(
            weeks=number["weeks"],
            days=number["days"],
            hours=int(match["hours"] or 0),
            minutes=int(match["minutes"] or 0),
            seconds=float((match["seconds"] or "0").replace(",", ".")),
        )
    except OverflowError as problem:
        raise TimerInvalid("too far away") from problem
    months = number["years"] * 12 + number["months"]
    if rest > timedelta(days=366 * _MAX_YEARS) or months > 12 * _MAX_YEARS:
        raise TimerInvalid("too far away")
    return Span(months, rest)


def moment(text: str, zone: ZoneInfo) -> datetime:
    """An ISO 8601 date or date-time; without an offset it is read in `zone`."""
    try:
        return _utc(datetime.fromisoformat(text.strip().replace(" ", "")), zone)
    except (ValueError, OverflowError) as problem:
        raise TimerInvalid(f"{text!r} is not a date-time like 2026-12-01T09:00:00") from problem


def cron_next(text: str, after: datetime, zone: ZoneInfo) -> datetime:
    """The first minute after `after` that a cron line of five fields names, in `zone`.

    Six or seven fields are read as Quartz writes them: seconds first, which must be 0.
    """
    fields = text.split()
    if len(fields) in (6, 7):
        if fields[0] not in ("0", "00"):
            raise TimerInvalid("a cron line cannot fire within the minute")
        fields = fields[1:6]
        fields[4] = _quartz_days(fields[4])
    if len(fields) != 5:
        raise TimerInvalid(f"{text!r} is not a cron line of five fields")
    minutes, hours, days, months, weekdays = (
        _cron_field(field, *bounds) for field, bounds in zip(fields, _CRON_FIELDS, strict=True)
    )
    weekdays = {day % 7 for day in weekdays}
    any_day, any_weekday = fields[2] in ("*", "?"), fields[4] in ("*", "?")
    day = after.astimezone(zone).date()
    for _ in range(366 * 9):
        named = day.day in days
        weekday = day.isoweekday() % 7 in weekdays
        fits = named and weekday if any_day or any_weekday else named or weekday
        if day.month in months and fits:
            for hour in sorted(hours):
                for minute in sorted(minutes):
                    found = datetime.combine(day, time(hour, minute), zone).astimezone(UTC)
                    if found > after:
                        return found
        day += timedelta(days=1)
    raise TimerInvalid(f"{text!r} never comes")


def _cron_field(text: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span in ("*", "?"):
            start, end = low, high
        else:
            start = _cron_number(first)
            end = _cron_number(last) if dash else (high if step else start)
        if not (low <= start <= end <= high) or (step and (not step.isdigit() or int(step) < 1)):
            raise TimerInvalid(f"{text!r} is not a cron field between {low} and {high}")
        found.update(range(start, end + 1, int(step or 1)))
    return found


def _cron_number(text: str) -> int:
    if text.isdigit() and len(text) < 4:
        return int(text)
    if text.upper() in _NAMES:
        return _NAMES[text.upper()]
    raise TimerInvalid(f"{text!r} is not a number or a name of a month or a day")


def _quartz_days(text: str) -> str:
    """Quartz counts Sunday as 1; cron counts it as 0."""
    return re.sub(r"(?<![/\d])\d", lambda match: str(int(match[0]) - 1), text)


def _repetition(text: str, now: datetime, zone: ZoneInfo) -> Schedule:
    head, *rest = text.split("/")
    count = head[1:]
    if count and not count.isdigit():
        raise TimerInvalid(f"{text!r} is not a repetition like R3/PT1H")
    left = int(count) if count else None
    if left is not None and not 1 <= left <= 100_000:
        raise TimerInvalid("a timer repeats 1 to 100000 times, or R/… without end")
    if len(rest) == 1:
        return Schedule(_positive(rest[0]).after(now, zone), left, rest[0])
    if len(rest) != 2:
        raise TimerInvalid(f"{text!r} is not a repetition like R3/PT1H")
    first, second = rest
    if first[:1] in "Pp":  # R3/PT1H/end: the last firing is at the end
        end = moment(second, zone)
        if left is None:
            raise TimerInvalid("a repetition up to an end needs a number")
        return Schedule(_back(_positive(first), end, zone, left - 1), left, first)
    begin = moment(first, zone)
    _positive(second)
    return Schedule(begin, left, second)


def _back(span: Span, end: datetime, zone: ZoneInfo, times: int) -> datetime:
    return span.after(end, zone, -times)


def _positive(text: str) -> Span:
    span = duration(text)
    if not span.months and span.rest <= timedelta():
        raise TimerInvalid("a repetition needs a time between its firings")
    return span


def _single(span: Span, now: datetime, zone: ZoneInfo) -> Schedule:
    if span.months < 0 or span.rest < timedelta():
        raise TimerInvalid("a timer cannot wait for a negative time")
    return Schedule(span.after(now, zone))


def _step(again: str, due: datetime, zone: ZoneInfo) -> datetime:
    if again.lstrip("+-")[:1] in "Pp":
        return duration(again).after(due, zone)
    return cron_next(again, due, zone)


def _rhythm(again: str, due: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after `now` of a rhythm that has one at `due`."""
    if again.lstrip("+-")[:1] not in "Pp":
        return cron_next(again, now, zone)
    span = duration(again)
    if not span.months:
        return due + span.rest * ((now - due) // span.rest + 1)
    while due <= now:
        due = span.after(due, zone)
    return due


def _utc(value: datetime, zone: ZoneInfo) -> datetime:
    aware = value if value.tzinfo is not None else value.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def _last_day(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1) if year < 9999 else date(9999, 12, 31)
    return (following - timedelta(days=1)).day if year < 9999 else 28
