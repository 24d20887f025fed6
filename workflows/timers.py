"""Timer texts of ISO 8601 (and cron lines), checked before they are run."""

import re
from datetime import datetime

MIN_CYCLE_SECONDS = 1
_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})(?:[.,]\d{1,6})?S)?)?\Z"
)
_CRON_FIELD = re.compile(r"(?:[0-9A-Z*?]{1,9}(?:-[0-9A-Z]{1,3})?(?:/\d{1,2})?,?){1,60}\Z")
_UNITS = (31_536_000, 2_592_000, 604_800, 86_400, 3_600, 60, 1)
_MAX_SECONDS = 100 * _UNITS[0]


def problem(kind: str | None, text: str) -> str | None:
    """The code of what is wrong with a timer literal of this kind, or None when it is fine.

    Kinds: date (`2026-12-01T09:00:00+08:00`; without a zone it is in the ticket's calendar's),
    duration (`PT4H`), cycle (`R3/PT1H`, `R/2026-12-01T09:00:00Z/P1D`, `PT1H`, `0 9 * * 1-5`).
    """
    text = text.strip()
    if not text:
        return "timer-empty"
    if kind == "date":
        return None if is_date(text) else "timer-date-unreadable"
    if kind == "duration":
        return None if seconds(text) is not None else "timer-duration-unreadable"
    if kind != "cycle":
        return "timer-empty"
    if len(text.split()) > 1:
        return None if is_cron(text) else "timer-cycle-unreadable"
    return _cycle_problem(text)


def seconds(duration: str) -> int | None:
    """The length of an ISO 8601 duration, years and months as 365 and 30 days; None when unusable.

    Unusable is also what is longer than a hundred years.
    """
    match = _DURATION.match(duration.strip().upper())
    if match is None:
        return None
    parts = zip(match.groups(), _UNITS, strict=True)
    length = sum(int(part or 0) * unit for part, unit in parts)
    return length if length <= _MAX_SECONDS else None


def is_date(text: str) -> bool:
    """Whether a text is a date, or a date and a time."""
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return "-" in text


def is_cron(text: str) -> bool:
    """Whether a text has the shape of a cron line: five fields, or Quartz's six or seven."""
    fields = text.split()
    return 5 <= len(fields) <= 7 and all(_CRON_FIELD.match(one.upper()) for one in fields)


def _cycle_problem(text: str) -> str | None:
    repeats, *rest = text.upper().split("/")
    if repeats.startswith("P") and not rest:
        repeats, rest = "R", [repeats]
    if not re.fullmatch(r"R(?!0*\Z)\d{1,5}|R", repeats) or not 1 <= len(rest) <= 2:
        return "timer-cycle-unreadable"
    durations = [part for part in rest if part.startswith("P")]
    dates = [part for part in rest if not part.startswith("P")]
    if len(durations) != 1 or not all(is_date(part) for part in dates):
        return "timer-cycle-unreadable"
    if dates and rest[0] == durations[0] and repeats == "R":
        return "timer-cycle-unreadable"  # up to an end, but from when?
    length = seconds(durations[0])
    if length is None:
        return "timer-cycle-unreadable"
    return "timer-cycle-too-short" if length < MIN_CYCLE_SECONDS else None
