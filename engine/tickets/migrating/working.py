"""The job of a migration: a handful of tickets in a transaction, then the next handful.

Each ticket is locked and looked at as it is then, so one that moved on meanwhile is judged by
where it stands now. A ticket that does not fit is reported and left alone.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from engine import clock
from engine.access.policy import Actor
from engine.db import Base, db
from engine.jobs import handlers
from engine.processes.migration import Problem
from engine.processes.values import storable
from engine.tickets import locking
from engine.tickets.migrating import commands, moving
from engine.tickets.migrating.models import Migration, MigrationTicket
from engine.tickets.migrating.moving import Plan

CHUNK = 20
CLOSED = ("closed", "cancelled")

_run = Base.metadata.tables[Migration.__tablename__]
_item = Base.metadata.tables[MigrationTicket.__tablename__]
_ENDED = Problem("ticket-closed", "")
_ELSEWHERE = Problem("ticket-on-another-version", "")


@handlers.register("migration")
def advance(job_id: int, payload: dict[str, Any]) -> None:
    """Moves the next tickets of a migration, in the order of their ids."""
    connection = db.session.connection()
    run = connection.execute(
        select(_run).where(_run.c.id == payload["migration"]).with_for_update()
    ).one()
    if run.state != "running":
        return
    waiting = "pending" if run.phase == "forward" else "undoing"
    items = connection.execute(
        select(_item)
        .where(_item.c.migration_id == run.id, _item.c.status == waiting)
        .order_by(_item.c.ticket_id)
        .limit(CHUNK)
    ).all()
    plan = commands.plan_of(run)
    actor = Actor(run.actor, frozenset({"system"}))
    for item in items:
        if run.phase == "forward":
            _forward(connection, actor, item, plan)
        else:
            _back(connection, actor, item, plan.back())
    if len(items) == CHUNK:
        commands.enqueue(connection, run.id)
    else:
        done = {"state": "done", "ended_at": clock.now()}
        connection.execute(update(_run).where(_run.c.id == run.id).values(**done))


def _forward(connection: Connection, actor: Actor, item: Any, plan: Plan) -> None:
    row = locking.by_id(connection, item.ticket_id)
    if row.process_status != "running" or row.version_id != plan.old.id:
        ended = row.process_status != "running"
        _note(connection, item, "skipped", [_ENDED if ended else _ELSEWHERE])
        return
    problems = moving.move(connection, actor, row, plan)
    if problems:
        _note(connection, item, "refused", problems)
        return
    after = locking.by_id(connection, item.ticket_id)
    kept = {
        "visited": row.visited,
        "status": row.status,
        "status_after": after.status,
        "hash": moving.fingerprint(after.state),
    }
    _note(connection, item, "migrated", (), kept=kept, state=row.state)


def _back(connection: Connection, actor: Actor, item: Any, plan: Plan) -> None:
    row = locking.by_id(connection, item.ticket_id)
    ended = row.process_status != "running" or row.category in CLOSED
    if ended or row.version_id != plan.old.id or item.state is None:
        _note(connection, item, "stays", [_ENDED if ended else _ELSEWHERE])
        return
    problems = moving.move_back(connection, actor, row, plan, item.state, item.kept)
    if problems:
        _note(connection, item, "stays", problems)
    else:
        _note(connection, item, "undone", (), kept=None, state=None)


def _note(
    connection: Connection, item: Any, status: str, problems: Sequence[Problem], **more: Any
) -> None:
    said = {"verdict": moving.verdict(problems), "problems": told(problems)} if problems else None
    connection.execute(
        update(_item)
        .where(_item.c.migration_id == item.migration_id, _item.c.ticket_id == item.ticket_id)
        .values(status=status, problems=said, at=clock.now(), **more)
    )


def told(problems: Sequence[Problem]) -> list[Mapping[str, Any]]:
    """Problems as JSON keeps them."""
    return [
        {
            "code": one.code,
            "element": one.element or None,
            "name": one.name,
            "params": storable(dict(one.params)),
        }
        for one in problems
    ]


@handlers.when_retries_end
def give_up(job_id: int, kind: str, payload: dict[str, Any], reason: str) -> None:
    """A migration whose job was given up says so, and can be taken up again."""
    if kind == "migration":
        db.session.connection().execute(
            update(_run)
            .where(_run.c.id == payload["migration"])
            .values(state="failed", reason=reason[:500])
        )


@handlers.register("migration-forget", every=timedelta(hours=1))
def forget(job_id: int, payload: dict[str, Any]) -> None:
    """Drops what was kept of tickets that have closed: they cannot be moved back."""
    closed = select(locking.ticket.c.id).where(locking.ticket.c.closed_at.is_not(None))
    db.session.connection().execute(
        update(_item)
        .where(_item.c.state.is_not(None), _item.c.ticket_id.in_(closed))
        .values(state=None, kept=None)
    )
