"""Migrations begun, paused, taken up again and undone; a job moves the tickets, some at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select, update

from engine import clock
from engine.access.policy import Actor, require
from engine.db import Base, db
from engine.deployments import catalogue, queries
from engine.errors import InputError, InvalidInput, InvalidState, NotFound
from engine.jobs import queue
from engine.jobs.models import BULK
from engine.processes import definitions
from engine.processes.runtime import Definition
from engine.tickets.locking import instance, ticket
from engine.tickets.migrating.models import Migration, MigrationTicket
from engine.tickets.migrating.moving import Plan
from engine.uow import command

MAX_NAMED = 1000  # tickets picked one by one; all of a version are not counted

_run = Base.metadata.tables[Migration.__tablename__]
_item = Base.metadata.tables[MigrationTicket.__tablename__]


def plan(
    actor: Actor,
    key: str,
    from_: int,
    to: int,
    elements: Mapping[str, str | None],
    statuses: Mapping[str, str],
) -> Plan:
    """The plan of a migration; raises NotFound, and InvalidInput for ids that are not there."""
    require(actor, "migrate")
    if from_ == to:
        raise InvalidInput.at("/to", "migration-to-itself")
    old, new = queries.loaded(actor, key, from_), queries.loaded(actor, key, to)
    ids = [_ids(definitions.of(one)) for one in (old, new)]
    wrong = []
    for before, after in elements.items():
        for identity, known, version in ((before, ids[0], from_), (after, ids[1], to)):
            if identity is not None and identity not in known:
                params = {"element": identity, "version": version}
                wrong.append(InputError(f"/map/{before}", "unknown-element", params))
    for before, after in statuses.items():
        if after not in new.manifest.statuses:
            wrong.append(InputError(f"/statuses/{before}", "unknown-status", {"status": after}))
    if wrong:
        raise InvalidInput(wrong)
    return Plan(old, new, dict(elements), dict(statuses))


def _ids(definition: Definition) -> set[str]:
    """What a mapping may name: elements, flows and processes."""
    found = {identity for _, identity in definition.elements} | set(definition.specs)
    for spec in definition.specs.values():
        for node in spec.task_specs.values():
            found.update(way.id for way in node.flows)
    return found


@command
def begin(actor: Actor, wanted: Plan, numbers: Sequence[str] | None = None) -> int:
    """Begins to move the running tickets of a version, or those named; the migration's id."""
    require(actor, "migrate")
    connection = db.session.connection()
    at = clock.now()
    found: int = connection.execute(
        insert(_run).returning(_run.c.id),
        {
            "key": wanted.old.key,
            "from_id": wanted.old.id,
            "to_id": wanted.new.id,
            "from_version": wanted.old.version,
            "to_version": wanted.new.version,
            "elements": dict(wanted.elements),
            "statuses": dict(wanted.statuses),
            "phase": "forward",
            "state": "running",
            "total": 0,
            "actor": actor.username,
            "created_by": actor.username,
            "created_at": at,
        },
    ).scalar_one()
    chosen = select(literal(found), instance.c.ticket_id, literal("pending")).where(
        instance.c.version_id == wanted.old.id, instance.c.status == "running"
    )
    if numbers is not None:
        chosen = chosen.where(instance.c.ticket_id.in_(_named(connection, wanted, numbers)))
    columns = ["migration_id", "ticket_id", "status"]
    connection.execute(insert(_item).from_select(columns, chosen))
    total = select(func.count()).where(_item.c.migration_id == found).scalar_subquery()
    connection.execute(update(_run).where(_run.c.id == found).values(total=total))
    enqueue(connection, found)
    return found


def _named(connection: Connection, wanted: Plan, numbers: Sequence[str]) -> list[int]:
    """The ids of tickets by number; raises InvalidInput for one that is not of this type."""
    statement = select(ticket.c.number, ticket.c.id).where(
        ticket.c.number.in_(numbers), ticket.c.type == wanted.old.key
    )
    known = {number: key for number, key in connection.execute(statement)}
    wrong = [
        InputError(f"/tickets/{index}", "unknown-ticket", {"number": number})
        for index, number in enumerate(numbers)
        if number not in known
    ]
    if wrong:
        raise InvalidInput(wrong)
    return list(known.values())


@command
def pause(actor: Actor, migration_id: int) -> None:
    """Lets a migration rest after the tickets at hand; a second time does nothing."""
    connection, found = _locked(actor, migration_id)
    if found.state == "paused":
        return
    if found.state != "running":
        raise _refused(found)
    _set(connection, migration_id, state="paused")


@command
def resume(actor: Actor, migration_id: int) -> None:
    """Goes on with a migration that rests or was given up."""
    connection, found = _locked(actor, migration_id)
    if found.state == "running":
        return
    if found.state == "done":
        raise _refused(found)
    _set(connection, migration_id, state="running", reason=None)
    enqueue(connection, migration_id)


@command
def undo(actor: Actor, migration_id: int) -> None:
    """Moves back every ticket that was moved and has not closed; those not yet moved stay."""
    connection, found = _locked(actor, migration_id)
    if found.phase == "back":
        raise _refused(found)
    for before, after in (("pending", "skipped"), ("migrated", "undoing")):
        connection.execute(
            update(_item)
            .where(_item.c.migration_id == migration_id, _item.c.status == before)
            .values(status=after)
        )
    _set(
        connection, migration_id, phase="back", state="running", actor=actor.username, ended_at=None
    )
    enqueue(connection, migration_id)


def enqueue(connection: Connection, migration_id: int) -> None:
    """Puts in the job that moves the next tickets of a migration."""
    queue.enqueue(
        connection,
        "migration",
        {"migration": migration_id},
        lane=BULK,
        order_key=f"migration:{migration_id}",
    )


def _locked(actor: Actor, migration_id: int) -> tuple[Connection, Any]:
    require(actor, "migrate")
    connection = db.session.connection()
    found = connection.execute(
        select(_run).where(_run.c.id == migration_id).with_for_update()
    ).first()
    if found is None:
        raise NotFound(kind="migration", id=migration_id)
    return connection, found


def _set(connection: Connection, migration_id: int, **values: Any) -> None:
    connection.execute(update(_run).where(_run.c.id == migration_id).values(**values))


def _refused(found: Any) -> InvalidState:
    state = found.state if found.phase == "forward" else "undone"
    return InvalidState(kind="migration", id=found.id, state=state)


def plan_of(found: Any) -> Plan:
    """The plan of a migration that was begun."""
    return Plan(
        catalogue.version(found.from_id),
        catalogue.version(found.to_id),
        found.elements,
        found.statuses,
    )
