"""Ticket numbers: a gap-free series for each pattern and day.

The counter's row is raised in the transaction that writes the ticket, so a number that was rolled
back is given to the next one; creators of the same type and day wait for each other that long.
"""

from datetime import datetime

from sqlalchemy import Connection, text

from engine import settings
from workflows.numbers import parse_pattern

_RAISE = text(
    "INSERT INTO number_counter (series, last) VALUES (:series, 1)"
    " ON CONFLICT (series) DO UPDATE SET last = number_counter.last + 1 RETURNING last"
)


def take(connection: Connection, pattern: str, at: datetime) -> str:
    """The next number of a pattern on the day of `at`, in the installation's time zone."""
    parsed = parse_pattern(pattern)
    day = at.astimezone(settings.current().time_zone).date()
    sequence = connection.scalar(_RAISE, {"series": parsed.scope(day)})
    return parsed.render(day, int(sequence))
