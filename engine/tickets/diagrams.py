"""Where a ticket stands in its process: tokens, the way it took, timers, incidents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.access.policy import Actor
from engine.db import db
from engine.deployments.catalogue import Loaded
from engine.tickets.incidents import incident
from engine.tickets.locking import wait
from engine.tickets.queries import find, open_tasks_of


@dataclass(frozen=True, slots=True)
class Diagram:
    """Where a ticket stands in its process."""

    version: Loaded
    active: Sequence[str]
    visited: Mapping[str, int]
    incidents: Sequence[Any]
    timers: Sequence[Any]


def diagram(actor: Actor, number: str) -> Diagram:
    """The process of a ticket with its tokens, the way it took, its timers and incidents."""
    row, version, _ = find(actor, number)
    connection = db.session.connection()
    waits = connection.execute(
        select(wait.c.element, wait.c.kind, wait.c.due).where(wait.c.ticket_id == row.id)
    ).all()
    tasks_now = open_tasks_of(connection, row.id)
    boundary = boundary_events(version)
    active = dict.fromkeys(one.task_element for one in tasks_now)
    active.update(dict.fromkeys(one.element for one in waits if one.element not in boundary))
    stuck = connection.execute(
        select(incident).where(incident.c.ticket_id == row.id, incident.c.resolved_at.is_(None))
    ).all()
    return Diagram(
        version,
        list(active),
        row.visited or {},
        stuck,
        [one for one in waits if one.due is not None],
    )


def boundary_events(version: Loaded) -> frozenset[str]:
    """Events that wait beside a token instead of holding one."""
    return frozenset(
        element.id
        for process in version.processes.values()
        for element in process.elements.values()
        if element.attached_to is not None
    )
