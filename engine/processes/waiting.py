"""What a process waits for, as rows: user tasks with their candidates, waits with their jobs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, update

from engine import rows
from engine.db import Base
from engine.jobs import queue
from engine.jobs.models import Job
from engine.processes.models import TaskCandidate, UserTask, Wait
from engine.processes.runtime import OpenTask
from engine.processes.runtime import Wait as Waiting
from engine.processes.values import storable

_task = Base.metadata.tables[UserTask.__tablename__]
_candidate = Base.metadata.tables[TaskCandidate.__tablename__]
_wait = Base.metadata.tables[Wait.__tablename__]
_job = Base.metadata.tables[Job.__tablename__]

_cancel_tasks = (
    update(_task)
    .where(_task.c.id.in_(bindparam("ids", expanding=True)), _task.c.status == "open")
    .values(status="cancelled", ended_at=bindparam("at"), rev=_task.c.rev + 1)
)
_move_wait = update(_wait).where(_wait.c.id == bindparam("wait")).values(due=bindparam("next"))
_delete_jobs = delete(_job).where(_job.c.wait_id.in_(bindparam("ids", expanding=True)))
_delete_waits = delete(_wait).where(_wait.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Opening:
    """A user task about to be opened: the token's task and for whom it is."""

    task: OpenTask
    assignee: str | None
    candidates: tuple[str, ...]  # "user:…", "group:…", "role:…"
    due: datetime | None


def open_tasks(
    connection: Connection,
    ticket_id: int,
    version_id: int,
    openings: Sequence[Opening],
    at: datetime,
) -> None:
    """Inserts the rows of new user tasks."""
    if not openings:
        return
    rows.insert(
        connection,
        _task,
        [
            {
                "id": opening.task.id,
                "ticket_id": ticket_id,
                "version_id": version_id,
                "element": opening.task.element,
                "kind": opening.task.kind,
                "status": "open",
                "assignee": opening.assignee,
                "due": opening.due,
                "item": _item(opening.task),
                "created_at": at,
                "rev": 1,
            }
            for opening in openings
        ],
    )
    rows.insert(
        connection,
        _candidate,
        [
            {"task_id": opening.task.id, "kind": kind, "key": key}
            for opening in openings
            for kind, _, key in (entry.partition(":") for entry in opening.candidates)
        ],
    )


def cancel_tasks(connection: Connection, ids: Iterable[str], at: datetime) -> None:
    """Marks open user tasks as cancelled: their tokens are gone."""
    gone = list(ids)
    if gone:
        connection.execute(_cancel_tasks, {"ids": gone, "at": at})


def add_waits(
    connection: Connection, ticket_id: int, waits: Sequence[Waiting], lane: int, at: datetime
) -> None:
    """Inserts waits, and for each timer the job that fires it."""
    if not waits:
        return
    rows.insert(
        connection,
        _wait,
        [
            {
                "id": wait.id,
                "ticket_id": ticket_id,
                "element": wait.element,
                "kind": wait.kind,
                "name": wait.name,
                "correlation": wait.correlation,
                "due": wait.due,
                "created_at": at,
            }
            for wait in waits
        ],
    )
    _enqueue_timers(connection, ticket_id, waits, lane)


def move_timers(
    connection: Connection, ticket_id: int, waits: Sequence[Waiting], lane: int
) -> None:
    """Gives timers that repeat their next due time."""
    if not waits:
        return
    rows.write(connection, _move_wait, [{"wait": wait.id, "next": wait.due} for wait in waits])
    connection.execute(_delete_jobs, {"ids": [wait.id for wait in waits]})
    _enqueue_timers(connection, ticket_id, waits, lane)


def _enqueue_timers(
    connection: Connection, ticket_id: int, waits: Sequence[Waiting], lane: int
) -> None:
    queue.enqueue_many(
        connection,
        [
            queue.Entry(
                kind="timer",
                payload={"ticket": ticket_id, "wait": wait.id},
                due=wait.due,
                lane=lane,
                order_key=f"ticket:{ticket_id}",
                wait_id=wait.id,
            )
            for wait in waits
            if wait.due is not None
        ],
    )


def remove_waits(connection: Connection, ids: Iterable[str]) -> None:
    """Deletes waits whose tokens moved on; their timers' jobs go with them."""
    gone = list(ids)
    if gone:
        connection.execute(_delete_waits, {"ids": gone})


def _item(task: OpenTask) -> dict[str, Any] | None:
    if task.loop is None:
        return None
    return {"index": task.loop.index, "count": task.loop.count, "value": storable(task.loop.item)}
