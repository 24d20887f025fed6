"""Ticket numbers: a gap-free series for each pattern and day.

The counter's row is raised in the transaction that writes the ticket, so a number that was rolled
back is given to the next one; creators of the same type and day wait for each other that long.
"""

from datetime import datetime

from sqlalchemy import Connection, text

from engine import settings
from workflows.numbers import parse_pattern

_RAISE = (
    "INSERT INTO number_counter (series, last) VALUES (:series, 1)"
    " ON CONFLICT (series) DO UPDATE SET last = number_counter.last + 1 RETURNING last, "
)
# PostgreSQL gives the row's id in the same trip, so that the ticket can be written together with
# everything that refers to it; SQLite gives it when the row is written.
_STATEMENTS = {
    "postgresql": text(_RAISE + "nextval('ticket_id_seq')"),
    "sqlite": text(_RAISE + "NULL"),
}


def take(connection: Connection, pattern: str, at: datetime) -> tuple[str, int | None]:
    """The next number of a pattern on the day of `at`, in the installation's time zone.

    Beside it the id of the ticket's row, None where the database gives it later.
    """
    parsed = parse_pattern(pattern)
    day = at.astimezone(settings.current().time_zone).date()
    statement = _STATEMENTS[connection.dialect.name]
    sequence, ticket_id = connection.execute(statement, {"series": parsed.scope(day)}).one()
    return parsed.render(day, int(sequence)), ticket_id
