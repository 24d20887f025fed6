"""Which status a ticket can be given from where it stands: each button of its open steps, tried.

A button is tried on the process itself, in memory: the saved state is loaded, the step completed,
the run looked at and dropped. So what a board offers is what the process would do, conditions and
decisions included, as far as answers that are still to come do not turn it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.db import db
from engine.deployments.catalogue import Loaded
from engine.errors import EngineError, FormNeeded, MoveNotOffered
from engine.processes.runtime import ProcessFault
from engine.tickets import approval_batch, queries, rights, running, tasks
from engine.tickets.change import ENDED, Change
from engine.tickets.locking import instance, ticket

MAX_TASKS = 10


@dataclass(frozen=True, slots=True)
class Move:
    """A button and the status it leads to; `asks`: its step has a form that must be filled in."""

    status: str
    task: str
    element: str
    action: str | None
    asks: bool


def moves(actor: Actor, number: str) -> tuple[Loaded, Any, Sequence[Move]]:
    """A ticket's version, its row, and the moves that somebody may make with it now."""
    _, version, _ = queries.find(actor, number)
    connection = db.session.connection()
    row = connection.execute(
        select(*ticket.c, instance.c.state, instance.c.visited)
        .join(instance, instance.c.ticket_id == ticket.c.id)
        .where(ticket.c.number == number)
    ).one()
    found: list[Move] = []
    for one in queries.open_tasks_of(connection, row.id)[:MAX_TASKS]:
        on = rights.on_open_task(row, one, version)
        if one.task_kind == "approval" or not policy.may(actor, "complete", on):
            continue
        asks = approval_batch.asks(version, one.task_element)
        buttons: list[str | None] = [b.key for b in version.steps[one.task_element].actions]
        for action in buttons or [None]:
            status = _leads_to(actor, row, version, one, action)
            if status is not None:
                found.append(Move(status, one.task_id, one.task_element, action, asks))
    return version, row, found


def _leads_to(actor: Actor, row: Any, version: Loaded, one: Any, action: str | None) -> str | None:
    execution = running.resume(Change(actor, row, version, clock.now()))
    variables = {f"{one.task_element}_action": action} if action is not None else {}
    try:
        execution.instance.complete_task(one.task_id, variables)
        execution.instance.run()
    except (ProcessFault, EngineError):
        return None  # what could not be gone is not offered
    entered = [step.status for step in execution.instance.steps if step.event == "entered"]
    status: str = next((key for key in reversed(entered) if key), row.status)
    if execution.instance.ended and version.status(status).category not in ENDED:
        closing = version.manifest.closing_status
        status = closing.key if closing is not None else status
    return status


def move(actor: Actor, number: str, status: str) -> Move:
    """Presses the button that leads to a status.

    Raises MoveNotOffered when none does, FormNeeded when its step asks for answers.
    """
    version, row, offered = moves(actor, number)
    fitting = [one for one in offered if one.status == status]
    if not fitting:
        language = actor.language
        there = dict.fromkeys(version.label(one.status, language) for one in offered)
        raise MoveNotOffered(
            number=number, status=version.label(status, language), offered=", ".join(there) or "-"
        )
    chosen = next((one for one in fitting if not one.asks), fitting[0])
    if chosen.asks:
        raise FormNeeded(id=chosen.task, number=row.number)
    tasks.complete(actor, chosen.task, {}, chosen.action)
    return chosen
