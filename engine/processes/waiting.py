"""What a process waits for, as rows: user tasks with their candidates, waits with their jobs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, update

from engine import rows
from engine.db import Base
from engine.jobs import queue
from engine.jobs.models import Job
from engine.processes.models import TaskCandidate, UserTask, Wait
from engine.processes.runtime import OpenTask
from engine.processes.runtime import Wait as Waiting
from engine.processes.values import storable
from engine.rows import Sender

_task = Base.metadata.tables[UserTask.__tablename__]
_candidate = Base.metadata.tables[TaskCandidate.__tablename__]
_wait = Base.metadata.tables[Wait.__tablename__]
_job = Base.metadata.tables[Job.__tablename__]

_cancel_task = (
    update(_task)
    .where(_task.c.id == bindparam("key"), _task.c.status == "open")
    .values(status="cancelled", ended_at=bindparam("at"), rev=_task.c.rev + 1)
)
_move_wait = update(_wait).where(_wait.c.id == bindparam("wait")).values(due=bindparam("next"))
_delete_job = delete(_job).where(_job.c.wait_id == bindparam("key"))
_delete_wait = delete(_wait).where(_wait.c.id == bindparam("key"))


@dataclass(frozen=True, slots=True)
class Opening:
    """A user task about to be opened: the token's task and for whom it is."""

    task: OpenTask
    assignee: str | None
    candidates: tuple[str, ...]  # "user:…", "group:…", "role:…"
    due: datetime | None


def open_tasks(
    sender: Sender,
    ticket_id: int,
    version_id: int,
    openings: Sequence[Opening],
    at: datetime,
    weight: int = 1,
) -> None:
    """Inserts the rows of new user tasks; `weight` is theirs in the load of who holds them."""
    if not openings:
        return
    rows.insert(
        sender,
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
                "weight": weight,
                "rev": 1,
            }
            for opening in openings
        ],
    )
    rows.insert(
        sender,
        _candidate,
        [
            {"task_id": opening.task.id, "kind": kind, "key": key}
            for opening in openings
            for kind, _, key in (entry.partition(":") for entry in opening.candidates)
        ],
    )


def cancel_tasks(sender: Sender, ids: Iterable[str], at: datetime) -> None:
    """Marks open user tasks as cancelled: their tokens are gone."""
    for task_id in ids:
        sender.execute(_cancel_task, {"key": task_id, "at": at})


def add_waits(
    sender: Sender, ticket_id: int, waits: Sequence[Waiting], lane: int, at: datetime
) -> None:
    """Inserts waits, and for each timer the job that fires it."""
    if not waits:
        return
    rows.insert(
        sender,
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
    _enqueue_timers(sender, ticket_id, waits, lane)


def move_timers(sender: Sender, ticket_id: int, waits: Sequence[Waiting], lane: int) -> None:
    """Gives timers that repeat their next due time."""
    if not waits:
        return
    for wait in waits:
        sender.execute(_move_wait, {"wait": wait.id, "next": wait.due})
        sender.execute(_delete_job, {"key": wait.id})
    _enqueue_timers(sender, ticket_id, waits, lane)


def _enqueue_timers(sender: Sender, ticket_id: int, waits: Sequence[Waiting], lane: int) -> None:
    queue.enqueue_many(
        sender,
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


def remove_waits(sender: Sender, ids: Iterable[str]) -> None:
    """Deletes waits whose tokens moved on; their timers' jobs go with them."""
    for wait_id in ids:
        sender.execute(_delete_wait, {"key": wait_id})


def _item(task: OpenTask) -> dict[str, Any] | None:
    if task.loop is None:
        return None
    return {"index": task.loop.index, "count": task.loop.count, "value": storable(task.loop.item)}
