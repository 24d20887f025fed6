"""What people do with a task: claim it, release it, hand it on, complete it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, update

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.approvals.acting import Request
from engine.db import db
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.errors import (
    InvalidInput,
    InvalidState,
    NotFound,
    StaleVersion,
    TaskNotOpen,
    TaskTaken,
)
from engine.processes.execution import Execution, Outcome
from engine.processes.runtime import ProcessFault
from engine.rows import Sender
from engine.tickets import answers as answering
from engine.tickets import approving, dispatching, incidents, locking, people, rights, running
from engine.tickets.change import Change
from engine.tickets.locking import task
from engine.uow import command

_set_assignee = (
    update(task)
    .where(task.c.id == bindparam("key"))
    .values(assignee=bindparam("who"), rev=task.c.rev + 1)
)
_complete = (
    update(task)
    .where(task.c.id == bindparam("key"))
    .values(
        status="completed",
        ended_at=bindparam("at"),
        assignee=bindparam("who"),
        completed_by=bindparam("by"),
        action=bindparam("chosen"),
        answer_hash=bindparam("answered"),
        rev=task.c.rev + 1,
    )
)


@dataclass(frozen=True, slots=True)
class Completed:
    """A completed task: the ticket's row before, the change made, what the process came to.

    `outcome` is None when the same person had sent the same answers before.
    """

    row: Row[Any]
    change: Change
    outcome: Outcome | None


@command
def claim(actor: Actor, task_id: str, *, rev: int | None = None) -> None:
    """Takes a task that nobody holds."""
    connection = db.session.connection()
    row, version = _open_task(connection, actor, task_id, "claim", rev)
    if row.task_assignee == actor.username:
        return  # a repeated click
    if row.task_assignee is not None:
        raise TaskTaken(id=task_id, by=row.task_assignee)
    policy.require(actor, "claim", rights.on_task(row, version))
    _hand(connection, actor, row, version, actor.username, "task_claimed")


@command
def release(actor: Actor, task_id: str, *, rev: int | None = None) -> None:
    """Gives a task back to its candidates."""
    connection = db.session.connection()
    row, version = _open_task(connection, actor, task_id, "release", rev)
    if row.task_assignee is None:
        return
    policy.require(actor, "release", rights.on_task(row, version))
    _hand(connection, actor, row, version, None, "task_released")


@command
def assign(actor: Actor, task_id: str, username: str, *, rev: int | None = None) -> None:
    """Gives a task to somebody."""
    connection = db.session.connection()
    row, version = _open_task(connection, actor, task_id, "assign", rev)
    policy.require(actor, "assign", rights.on_task(row, version))
    people.require_active(connection, username, "/user")
    if row.task_assignee != username:
        _hand(connection, actor, row, version, username, "task_assigned")


@command
def complete(
    actor: Actor,
    task_id: str,
    values: Mapping[str, Any],
    action: str | None = None,
    *,
    rev: int | None = None,
) -> Completed:
    """Completes a task with its answers and one of its buttons; the process goes on.

    Raises TaskNotOpen, TaskTaken, NotAllowed, InvalidInput, StaleVersion, and ProcessStuck when
    the process cannot take the step: then nothing has changed but a process incident that can
    take it again.
    """
    connection = db.session.connection()
    row = locking.by_task(connection, task_id)
    version = catalogue.version(row.version_id)
    on = rights.on_task(row, version)
    if on.is_approval:
        return _decide(actor, row, values, action, rev)
    if not policy.may(actor, "see_task", on):
        raise NotFound(kind="task", id=task_id)
    answered = _fingerprint(values, action)
    if row.task_status != "open":
        if row.task_completed_by == actor.username and row.task_answer_hash == answered:
            at = row.task_ended_at
            return Completed(row, Change(actor, row, version, at), None)
        raise TaskNotOpen(kind="task", id=task_id, state=row.task_status)
    _check_rev(row, rev)
    if row.task_assignee not in (None, actor.username) and not policy.may(actor, "complete", on):
        raise TaskTaken(id=task_id, by=row.task_assignee)
    policy.require(actor, "complete", on)
    at = clock.now()
    change = Change(actor, row, version, at)
    chosen = answering.choose(version, row.task_element, action)
    variables = {f"{row.task_element}_action": chosen} if chosen is not None else {}
    worker = row.task_assignee or actor.username

    def act(execution: Execution) -> bool:
        known = {**execution.instance.variables, **variables}
        answering.take(connection, change, row.task_element, values, known)
        change.fact(
            "task_completed",
            row.task_element,
            task=task_id,
            action=chosen,
            answers=sorted(values),
            **_substitute(actor, on),
        )
        if row.task_assignee is None:
            change.put("assignee", worker)
        execution.instance.complete_task(task_id, variables)
        return True

    def finish(sender: Sender) -> None:
        sender.execute(
            _complete,
            {
                "key": task_id,
                "at": at,
                "who": worker,
                "by": actor.username,
                "chosen": chosen,
                "answered": answered,
            },
        )

    try:
        outcome = running.step(connection, change, act, completed=task_id, also=finish)
    except ProcessFault as fault:
        retry = {
            "do": "complete",
            "task": task_id,
            "by": actor.username,
            "values": dict(values),
            "action": action,
        }
        raise incidents.stuck(row.id, row.number, fault, retry) from fault
    return Completed(row, change, outcome)


def _decide(
    actor: Actor, row: Row[Any], values: Mapping[str, Any], action: str | None, rev: int | None
) -> Completed:
    """On an approval the caller acts on his own seat; the task ends with the round."""
    if action is None:
        raise InvalidInput.at("/action", "action-required", actions="agree, reject")
    change, outcome = approving.act(actor, row.task_id, Request(action), values, rev=rev, row=row)
    return Completed(row, change, outcome)


def _open_task(
    connection: Connection, actor: Actor, task_id: str, doing: str, rev: int | None
) -> tuple[Row[Any], Loaded]:
    row = locking.by_task(connection, task_id)
    version = catalogue.version(row.version_id)
    if not policy.may(actor, "see_task", rights.on_task(row, version)):
        raise NotFound(kind="task", id=task_id)
    if row.task_status != "open":
        raise TaskNotOpen(kind="task", id=task_id, state=row.task_status)
    if row.task_kind == "approval":
        raise InvalidState(kind="task", id=task_id, state="approval", action=doing)
    _check_rev(row, rev)
    return row, version


def _hand(
    connection: Connection,
    actor: Actor,
    row: Row[Any],
    version: Loaded,
    username: str | None,
    kind: str,
) -> None:
    hand(connection, Change(actor, row, version, clock.now()), username, kind)


def hand(connection: Connection, change: Change, username: str | None, kind: str) -> None:
    """Gives the task of a change's row to somebody, or back to its candidates, and writes it."""
    row = change.row
    change.put("assignee", username)
    change.fact(kind, row.task_element, task=row.task_id, assignee=username)
    if username is None:
        dispatching.await_owner(change)
    connection.execute(_set_assignee, {"key": row.task_id, "who": username})
    change.save(connection)


def _check_rev(row: Row[Any], rev: int | None) -> None:
    if rev is not None and rev != row.task_rev:
        raise StaleVersion(kind="task", id=row.task_id, expected=rev, found=row.task_rev)


def _substitute(actor: Actor, on: policy.OnTask) -> dict[str, bool]:
    """Marks a step that an administrator took in somebody's place."""
    if actor.username == on.assignee or actor.matches(on.candidates):
        return {}
    return {"substitute": True}


def _fingerprint(values: Mapping[str, Any], action: str | None) -> str:
    text = json.dumps([action, values], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
