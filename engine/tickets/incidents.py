"""Steps that a process could not take: kept with what is needed to take them again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from engine import clock
from engine.access.policy import SYSTEM, Actor
from engine.db import Base, db
from engine.deployments import catalogue
from engine.errors import ProcessStuck
from engine.processes.models import ProcessIncident
from engine.processes.runtime import ProcessFault
from engine.processes.values import storable
from engine.rows import Sender
from engine.tickets import locking
from engine.tickets.change import Change
from engine.uow import after_rollback, command

incident = Base.metadata.tables[ProcessIncident.__tablename__]
_insert = insert(incident)
_open = select(incident.c.id, incident.c.retry).where(
    incident.c.ticket_id == bindparam("ticket"), incident.c.resolved_at.is_(None)
)
_again = (
    update(incident)
    .where(incident.c.id == bindparam("key"))
    .values(
        attempts=incident.c.attempts + 1,
        code=bindparam("why"),
        element=bindparam("place"),
        params=bindparam("blanks"),
    )
)
_resolve = (
    update(incident)
    .where(incident.c.id == bindparam("key"), incident.c.resolved_at.is_(None))
    .values(resolved_at=bindparam("at"), resolved_by=bindparam("who"))
)


def stuck(
    ticket_id: int, number: str, fault: ProcessFault, retry: Mapping[str, Any]
) -> ProcessStuck:
    """The refusal to raise for a fault; once it has rolled back, an incident is open."""
    after_rollback(lambda: open_incident(ticket_id, fault.code, fault.element, fault.params, retry))
    return ProcessStuck(number=number, reason=fault.code, element=fault.element)


@command
def open_incident(
    ticket_id: int,
    code: str,
    element: str | None,
    params: Mapping[str, Any],
    retry: Mapping[str, Any],
) -> None:
    """Opens a process incident, or counts another attempt on the one that is open for this step."""
    connection = db.session.connection()
    row = locking.by_id(connection, ticket_id)
    same = next(
        (one for one in connection.execute(_open, {"ticket": ticket_id}) if one.retry == retry),
        None,
    )
    if same is not None:
        connection.execute(
            _again, {"key": same.id, "why": code, "place": element, "blanks": storable(params)}
        )
        return
    change = Change(SYSTEM, row, catalogue.version(row.version_id), clock.now())
    note(connection, change, ticket_id, code, element, params, retry)
    change.save(connection)


def note(
    connection: Connection,
    change: Change,
    ticket_id: int,
    code: str,
    element: str | None,
    params: Mapping[str, Any],
    retry: Mapping[str, Any],
) -> None:
    """Writes a new process incident within a change; the caller saves the change."""
    write(connection, change, ticket_id, code, element, params, retry)
    change.fact("process_incident_opened", element, code=code)


def write(
    sender: Sender,
    change: Change,
    ticket_id: int,
    code: str,
    element: str | None,
    params: Mapping[str, Any],
    retry: Mapping[str, Any],
) -> None:
    """Writes the row of a new process incident, for a change that has noted the fact already."""
    sender.execute(
        _insert,
        {
            "ticket_id": ticket_id,
            "element": element,
            "code": code,
            "params": storable(dict(params)),
            "retry": dict(retry),
            "attempts": 1,
            "created_at": change.at,
        },
    )


def resolve(connection: Connection, actor: Actor, incident_id: int) -> None:
    """Marks an incident as resolved."""
    connection.execute(_resolve, {"key": incident_id, "at": clock.now(), "who": actor.username})
