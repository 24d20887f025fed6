"""Measuring the open clocks of many tickets again: a look at what would change, then jobs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine import clock
from engine.access import policy
from engine.access.policy import SYSTEM, Actor
from engine.db import db
from engine.deployments import catalogue
from engine.errors import NotFound
from engine.jobs import handlers, queue
from engine.jobs.models import BULK
from engine.sla import following, keeping, recalculating, rulebook
from engine.sla.recalculating import Recalculated
from engine.tickets import locking
from engine.tickets.change import Change
from engine.tickets.locking import ticket
from engine.uow import command

JOB = "sla_recalculate"
MOST = 10_000  # tickets of one run
_PART = 500
_MEASURED = ("running", "paused", "breached")


@dataclass(frozen=True, slots=True)
class Affected:
    """A clock that would come out differently."""

    number: str
    clock: Recalculated


def preview(actor: Actor, type_key: str | None = None) -> list[Affected]:
    """What measuring again would change; nothing is written."""
    policy.require(actor, "recalculate")
    return [Affected(row.number, one) for row in _open(type_key) for one in _measured(_change(row))]


@command
def apply(actor: Actor, type_key: str | None = None) -> int:
    """Asks for every affected ticket to be measured again; how many there are."""
    affected = {one.number for one in preview(actor, type_key)}
    connection = db.session.connection()
    entries = [
        queue.Entry(JOB, {"number": number, "by": actor.username}, lane=BULK)
        for number in sorted(affected)
    ]
    for start in range(0, len(entries), _PART):
        queue.enqueue_many(connection, entries[start : start + _PART])
    return len(affected)


@handlers.register(JOB)
def recalculate(job_id: int, payload: dict[str, Any]) -> None:
    """Measures the open clocks of one ticket again, and says so in its history."""
    connection = db.session.connection()
    try:
        row = locking.by_number(connection, payload["number"])
    except NotFound:
        return
    change = _change(row)
    board = following.board_of(change)
    changed = _again(change, board)
    if changed:
        keeping.keep(change, board, change.version.derived(rulebook.of))
        change.fact("sla_recalculated", by=payload["by"], clocks=[one.clock for one in changed])
        change.save(connection)


def _change(row: Any) -> Change:
    return Change(SYSTEM, row, catalogue.version(row.version_id), clock.now())


def _measured(change: Change) -> list[Recalculated]:
    return _again(change, following.board_of(change))


def _again(change: Change, board: Any) -> list[Recalculated]:
    book = change.version.derived(rulebook.of)
    scope = following.Scope(change.now, board.contract)
    return recalculating.recalculate(board, book, scope, rulebook.calendar, change.at)


def _open(type_key: str | None) -> Iterator[Any]:
    statement = (
        select(ticket)
        .where(ticket.c.closed_at.is_(None), ticket.c.sla_state.in_(_MEASURED))
        .order_by(ticket.c.id)
        .limit(MOST)
    )
    if type_key is not None:
        statement = statement.where(ticket.c.type == type_key)
    yield from db.session.connection().execute(statement)
