"""One act on many tickets: each in a transaction of its own, with its own result.

A few are done at once; many are a job that goes on in handfuls and says how far it is. What an act
may do is what the actor may do with that one ticket; a refusal is kept beside it.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from engine import clock, uow
from engine.access import identity, policy
from engine.access.policy import Actor
from engine.db import Base, db
from engine.errors import EngineError, InvalidInput, MoveNotOffered, NotFound
from engine.jobs import handlers, queue
from engine.jobs.models import BULK
from engine.processes.values import storable
from engine.tickets import commands, moving_on, queries, tasks
from engine.tickets.workspace_models import BulkItem, BulkRun
from engine.uow import command

MOST = 1000
AT_ONCE = 20  # more are left to the job
JOB = "bulk"
ACTS = ("assign", "priority", "action", "close", "claim")

_run = Base.metadata.tables[BulkRun.__tablename__]
_item = Base.metadata.tables[BulkItem.__tablename__]


def begin(actor: Actor, act: str, params: Mapping[str, Any], numbers: Sequence[str]) -> int:
    """Asks for an act on tickets; the run's id. Few are done when this returns."""
    unique = list(dict.fromkeys(numbers))
    run_id = _open(actor, act, params, unique)
    if len(unique) <= AT_ONCE:
        work(run_id, actor)
    return run_id


@command
def _open(actor: Actor, act: str, params: Mapping[str, Any], numbers: Sequence[str]) -> int:
    policy.require(actor, "work_in_workspace")
    wanted = {"assign": "user", "priority": "priority", "action": "action"}.get(act)
    if wanted is not None and not params.get(wanted):
        raise InvalidInput.at(f"/{wanted}", "required")
    connection = db.session.connection()
    row = {
        "actor": actor.username,
        "act": act,
        "params": {**params, "scopes": None if actor.scopes is None else sorted(actor.scopes)},
        "total": len(numbers),
        "created_at": clock.now(),
    }
    run_id: int = connection.execute(insert(_run).values(row).returning(_run.c.id)).scalar_one()
    items = [{"run_id": run_id, "number": number, "status": "pending"} for number in numbers]
    connection.execute(insert(_item), items)
    if len(numbers) > AT_ONCE:
        queue.enqueue(connection, JOB, {"run": run_id}, lane=BULK)
    return run_id


def work(run_id: int, actor: Actor, most: int = AT_ONCE) -> bool:
    """Does the next tickets of a run; whether some are left. A repeat skips what is done."""
    connection = db.session.connection()
    run = connection.execute(select(_run).where(_run.c.id == run_id)).one()
    waiting = (_item.c.run_id == run_id) & (_item.c.status == "pending")
    numbers = connection.scalars(
        select(_item.c.number).where(waiting).order_by(_item.c.number).limit(most)
    ).all()
    for number in numbers:
        try:
            with _undone_alone():
                _do(actor, run, number)
        except EngineError as refused:
            _note(run_id, number, "refused", refused.code, storable(refused.params))
    return len(numbers) == most


def _undone_alone() -> AbstractContextManager[Any]:
    """Inside a command (a call with an Idempotency-Key) a refused ticket must not undo the rest."""
    return db.session.begin_nested() if uow.active() else nullcontext()


@command
def _do(actor: Actor, run: Row[Any], number: str) -> None:
    """One ticket and its mark, both or neither."""
    act, params = run.act, run.params
    if act == "priority":
        commands.edit(actor, number, priority=params["priority"])
    elif act == "close":
        _close(actor, number)
    else:
        _on_task(actor, number, act, params)
    _note(run.id, number, "done")


def _close(actor: Actor, number: str) -> None:
    version, _, offered = moving_on.moves(actor, number)
    for one in offered:
        if not one.asks and version.status(one.status).category in ("closed", "cancelled"):
            tasks.complete(actor, one.task, {}, one.action)
            return
    there = dict.fromkeys(version.label(one.status, actor.language) for one in offered)
    raise MoveNotOffered(number=number, status="closed", offered=", ".join(there) or "-")


def _on_task(actor: Actor, number: str, act: str, params: Mapping[str, Any]) -> None:
    """Acts on every open task that the act is meant for; at least one must be there."""
    row, _, _ = queries.find(actor, number)
    meant = [
        one
        for one in queries.open_tasks_of(db.session.connection(), row.id)
        if one.task_kind != "approval"
        and (act != "action" or one.task_element == params.get("element", one.task_element))
    ]
    if not meant:
        raise NotFound(kind="task", id=number)
    for one in meant:
        if act == "assign":
            tasks.assign(actor, one.task_id, params["user"])
        elif act == "claim":
            tasks.claim(actor, one.task_id)
        else:
            tasks.complete(actor, one.task_id, {}, params["action"])


@command
def _note(
    run_id: int, number: str, status: str, code: str | None = None, params: Any = None
) -> None:
    db.session.connection().execute(
        update(_item)
        .where(_item.c.run_id == run_id, _item.c.number == number)
        .values(status=status, code=code, params=params)
    )


def one(actor: Actor, run_id: int) -> tuple[Row[Any], Mapping[str, int], Sequence[Row[Any]]]:
    """A run of the actor's own, how many stand how, and each ticket's result."""
    connection = db.session.connection()
    run = connection.execute(select(_run).where(_run.c.id == run_id)).first()
    if run is None or run.actor != actor.username:
        raise NotFound(kind="bulk-run", id=run_id)
    items = connection.execute(
        select(_item).where(_item.c.run_id == run_id).order_by(_item.c.number).limit(MOST)
    ).all()
    return run, _counts(connection, run_id), items


def _counts(connection: Connection, run_id: int) -> Mapping[str, int]:
    grouped = select(_item.c.status, func.count()).where(_item.c.run_id == run_id)
    counted = {status: n for status, n in connection.execute(grouped.group_by(_item.c.status))}
    return {status: counted.get(status, 0) for status in ("pending", "done", "refused")}


def _report(job_id: int, payload: dict[str, Any], more: bool) -> None:
    if more:
        queue.enqueue(db.session.connection(), JOB, payload, lane=BULK)


@handlers.register_outside(JOB, report=_report)
def advance(job_id: int, payload: dict[str, Any]) -> bool:
    """The next handful of a run, with the rights that its actor has now."""
    with_run = select(_run.c.actor, _run.c.params).where(_run.c.id == payload["run"])
    run = db.session.connection().execute(with_run).one()
    db.session.rollback()
    person = identity.actor_of(run.actor)
    scopes = run.params.get("scopes")
    return work(payload["run"], scoped(person, scopes))


def scoped(actor: Actor, scopes: Sequence[str] | None) -> Actor:
    """The person with no more rights than the token that asked."""
    if scopes is None:
        return actor
    return Actor(
        actor.username,
        actor.roles,
        actor.groups,
        actor.department,
        actor.language,
        frozenset(scopes),
    )
