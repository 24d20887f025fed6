"""Routed steps that nobody has taken in time: somebody is made their owner, and an alert goes out.

A sweep looks once a minute for what is due and puts in a job for each, so that every ticket has a
transaction of its own.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from engine import clock
from engine.access.policy import SYSTEM
from engine.assignment import fallbacks
from engine.assignment.models import Assignment
from engine.db import Base, UTCDateTime, db
from engine.deployments import catalogue
from engine.errors import NotFound
from engine.jobs import handlers, queue
from engine.tickets import locking, tasks
from engine.tickets.change import Change

MOST = 500  # in one sweep

_assignment = Base.metadata.tables[Assignment.__tablename__]
_at = bindparam("at", type_=UTCDateTime())
_due = (
    select(_assignment.c.id, _assignment.c.task_id, _assignment.c.ticket_id, _assignment.c.fallback)
    .where(_assignment.c.unowned_at <= _at)
    .order_by(_assignment.c.unowned_at)
    .limit(MOST)
)
_settled = update(_assignment).where(_assignment.c.id == bindparam("key")).values(unowned_at=None)


@handlers.register("sweep-unowned", every=timedelta(minutes=1))
def sweep(job_id: int, payload: dict[str, Any]) -> None:
    """Puts in a job for each routed step that has been without an owner for too long."""
    connection = db.session.connection()
    found = connection.execute(_due, {"at": clock.now()}).all()
    queue.enqueue_many(
        connection,
        [
            queue.Entry(
                kind="own",
                payload={"task": row.task_id, "fallback": row.fallback},
                order_key=f"ticket:{row.ticket_id}",
            )
            for row in found
        ],
    )
    for row in found:
        connection.execute(_settled, {"key": row.id})


@handlers.register("own")
def own(job_id: int, payload: dict[str, Any]) -> None:
    """Makes the fallback the owner of a step that is still open and nobody's."""
    connection = db.session.connection()
    try:
        row = locking.by_task(connection, payload["task"])
    except NotFound:
        return
    if row.task_status != "open" or row.task_assignee is not None:
        return
    change = Change(SYSTEM, row, catalogue.version(row.version_id), clock.now())
    groups = tuple(
        entry.removeprefix("group:")
        for entry in (row.task_candidates or "").split()
        if entry.startswith("group:")
    )
    to = payload.get("fallback") or fallbacks.resolve(connection, None, groups)
    owner = fallbacks.owner(connection, to) or fallbacks.owner(
        connection, fallbacks.resolve(connection, None, groups)
    )
    data = {"task": row.task_id, "reason": "unowned", "params": {}}
    change.fact("assignment_failed", row.task_element, **data)
    last = f"user:{owner}" if owner is not None else to
    change.fact("fallback_used", row.task_element, task=row.task_id, to=last, candidates=[last])
    if owner is not None:
        tasks.hand(connection, change, owner, "task_assigned")
    else:
        change.save(connection)
