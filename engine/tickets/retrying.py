"""A stuck step taken again, by an administrator or a process owner."""

from typing import Any

from sqlalchemy import select

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.db import db
from engine.deployments import catalogue
from engine.errors import InvalidState, NotFound
from engine.processes.runtime import ProcessFault
from engine.tickets import due, incidents, locking, tasks
from engine.tickets.change import Change
from engine.tickets.incidents import incident
from engine.uow import command


@command
def retry(actor: Actor, incident_id: int) -> None:
    """Takes a stuck step again; on success the incident is resolved.

    Raises ProcessStuck when it does not work this time either: the incident counts the attempt.
    A step that nobody waits for any more counts as resolved.
    """
    policy.require(actor, "retry_process_incident")
    connection = db.session.connection()
    ticket_id = connection.scalar(select(incident.c.ticket_id).where(incident.c.id == incident_id))
    if ticket_id is None:
        raise NotFound(kind="process-incident", id=incident_id)
    row = locking.by_id(connection, ticket_id)
    version = catalogue.version(row.version_id)
    found = connection.execute(select(incident).where(incident.c.id == incident_id)).one()
    if found.resolved_at is not None:
        raise InvalidState(kind="process-incident", id=incident_id, state="resolved")
    again: dict[str, Any] = found.retry
    if again["do"] == "complete":
        person = Actor(again["by"], frozenset({"system"}))
        tasks.complete(person, again["task"], again["values"], again["action"])
    else:
        change = Change(actor, row, version, clock.now())
        try:
            due.attempt(connection, change, _act(again))
        except ProcessFault as fault:
            raise incidents.stuck(row.id, row.number, fault, again) from fault
    incidents.resolve(connection, actor, incident_id)
    change = Change(actor, locking.by_id(connection, row.id), version, clock.now())
    change.fact("process_incident_resolved", found.element, code=found.code)
    change.save(connection)


def _act(again: dict[str, Any]) -> due.Act:
    if again["do"] == "timer":
        return due.timer(again["wait"])
    if again["do"] == "service":
        return due.service(again["service"])
    if again["do"] == "message":
        return due.message(again["wait"], again["name"], again["payload"])
    return due.nothing
