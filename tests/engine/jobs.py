"""Jobs for tests: a counter in the database as their effect, and a look at the table."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from engine.db import db, reading
from engine.jobs import queue
from engine.jobs.models import NORMAL, Job
from engine.tickets.models import NumberCounter
from engine.uow import command


@command
def put(
    kind: str,
    payload: Mapping[str, Any] | None = None,
    *,
    due: datetime | None = None,
    lane: int = NORMAL,
    order_key: str | None = None,
) -> None:
    """Puts in one job, in a command of its own."""
    queue.enqueue(
        db.session.connection(), kind, payload or {}, due=due, lane=lane, order_key=order_key
    )


def count(series: str) -> None:
    """An effect in the database: one more in a series, within the current command."""
    counter = db.session.get(NumberCounter, series)
    if counter is None:
        db.session.add(NumberCounter(series=series, last=1))
    else:
        counter.last += 1


def counted(series: str) -> int:
    """How often an effect was committed."""
    with reading() as connection:
        found = connection.scalar(select(NumberCounter.last).where(NumberCounter.series == series))
    return found or 0


def rows() -> list[Any]:
    """The table of jobs, oldest first."""
    with reading() as connection:
        return list(connection.execute(select(Job.__table__).order_by(Job.id)))


@command
def change_row(job_id: int, **values: Any) -> None:
    """Makes a job look otherwise, as time or an accident would."""
    db.session.execute(update(Job).where(Job.id == job_id).values(values))


SECOND = timedelta(seconds=1)
