"""By whose clock jobs are due and leases over, and how long a failure waits for its next try."""

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Interval, bindparam, func, literal, type_coerce

from engine import clock
from engine.db import UTCDateTime

_LONGEST_BACKOFF = 600.0  # seconds


def given(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=UTCDateTime)


def database_now() -> ColumnElement[datetime]:
    return type_coerce(func.timezone("utc", func.statement_timestamp()), UTCDateTime)


def machine_now(connection: Connection) -> ColumnElement[datetime]:
    """The time that leases are measured with: no test moves it."""
    if connection.dialect.name == "postgresql":
        return database_now()
    return literal(datetime.now(UTC), UTCDateTime)


def due_now(connection: Connection) -> ColumnElement[datetime]:
    """The time that decides what is due: on PostgreSQL the database's own, so that no two machines
    need agree, moved as far as the clock of this process was."""
    if connection.dialect.name == "postgresql":
        return later(machine_now(connection), clock.offset())
    return literal(clock.now(), UTCDateTime)


def later(moment: ColumnElement[datetime], by: timedelta) -> ColumnElement[datetime]:
    value = getattr(moment, "value", None)
    if isinstance(value, datetime):
        return literal(value + by, UTCDateTime)
    return type_coerce(moment + literal(by, Interval), UTCDateTime)


def backoff(attempt: int) -> timedelta:
    """How long to wait after the n-th failed try: 1, 3, 9 … s, at most ten minutes, ± 20 %."""
    seconds = min(3.0 ** min(attempt - 1, 10), _LONGEST_BACKOFF)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311  jitter, no secret
