"""Merging: a ticket that repeats another gives it what was said, and is closed as its duplicate."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.db import Base, db
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.errors import CannotMerge, InvalidInput, TicketClosed
from engine.processes.execution import Execution
from engine.rows import Sender
from engine.tickets import locking, rights, running, search
from engine.tickets.change import Change
from engine.tickets.models import Comment, StoredFile, TicketLink, Watcher
from engine.uow import command

ENDED = ("closed", "cancelled")

_comment = Base.metadata.tables[Comment.__tablename__]
_file = Base.metadata.tables[StoredFile.__tablename__]
_watcher = Base.metadata.tables[Watcher.__tablename__]
_link = Base.metadata.tables[TicketLink.__tablename__]


@command
def merge(actor: Actor, number: str, into: str) -> None:
    """Merges a ticket into another that is still open.

    Comments, files and followers move there, its requester follows the other; what it was working
    on is cancelled. Raises TicketClosed, CannotMerge, NotAllowed.
    """
    if number == into:
        raise InvalidInput.at("/into", "link-to-itself")
    connection = db.session.connection()
    # Locked in one order whatever is merged into which, so that two never wait in a ring.
    found = {one: _worked(connection, actor, one) for one in sorted((number, into))}
    (row, version), (target, target_version) = found[number], found[into]
    if _is_part_of(connection, row.id, target.id):
        raise CannotMerge(number=number, into=into)
    at = clock.now()
    _close(connection, Change(actor, row, version, at), target)
    said = _move(connection, row, target.id)
    if not _linked(connection, row.id, target.id):
        key = {"ticket_id": row.id, "other_id": target.id, "kind": "duplicates"}
        connection.execute(insert(_link), {**key, "created_by": actor.username, "created_at": at})
    change = Change(actor, target, target_version, at)
    change.fact("merged_from", to=row.number, moved=said)
    change.save(connection)
    search.add(connection, target.id, row.number, row.title, row.values)


def _worked(connection: Connection, actor: Actor, number: str) -> tuple[Any, Loaded]:
    """A locked ticket that is open and that the actor works."""
    row = locking.by_number(connection, number)
    version = catalogue.version(row.version_id)
    on = rights.require_visible(connection, actor, row, version)
    policy.require(actor, "merge", on)
    if row.category in ENDED:
        raise TicketClosed(number=number)
    return row, version


def _close(connection: Connection, change: Change, target: Any) -> None:
    change.fact("merged_into", to=target.number)
    status = duplicate_status(change.version) or change.now("status")

    def end(execution: Execution) -> bool:
        execution.instance.cancel()
        change.move_to(status)
        return True

    if change.row.process_status == "running":
        running.step(connection, change, end)
    else:
        change.move_to(status)
        change.save(connection)


def duplicate_status(version: Loaded) -> str | None:
    """What a duplicate becomes: `duplicate`, else the first cancelled status, else the closing."""
    statuses = version.manifest.statuses
    if "duplicate" in statuses and statuses["duplicate"].category in ENDED:
        return "duplicate"
    for key, status in statuses.items():
        if status.category == "cancelled":
            return key
    closing = version.manifest.closing_status
    return closing.key if closing is not None else None


def _move(connection: Sender, row: Any, target_id: int) -> dict[str, int]:
    """Moves what belongs to the ticket; how much of each."""
    moved: dict[str, int] = {}
    for name, table in (("comments", _comment), ("files", _file)):
        result: Any = connection.execute(
            update(table).where(table.c.ticket_id == row.id).values(ticket_id=target_id), {}
        )
        moved[name] = result.rowcount
    return moved | {"watchers": _move_watchers(connection, row, target_id)}


def _move_watchers(connection: Any, row: Any, target_id: int) -> int:
    def of(ticket_id: int) -> set[str]:
        chosen = select(_watcher.c.username).where(_watcher.c.ticket_id == ticket_id)
        return set(connection.scalars(chosen))

    new = ({row.requester} | of(row.id)) - of(target_id)
    for username in sorted(new):
        connection.execute(insert(_watcher), {"ticket_id": target_id, "username": username})
    return len(new)


def _is_part_of(connection: Connection, one: int, other: int) -> bool:
    """Whether one is the parent of the other: work and its part are not the same matter."""
    pair = ((one, other), (other, one))
    return any(
        connection.scalar(
            select(_link.c.kind).where(
                _link.c.ticket_id == first,
                _link.c.other_id == second,
                _link.c.kind == "parent",
            )
        )
        for first, second in pair
    )


def _linked(connection: Connection, one: int, other: int) -> bool:
    found = connection.scalar(
        select(_link.c.kind).where(
            _link.c.ticket_id == one, _link.c.other_id == other, _link.c.kind == "duplicates"
        )
    )
    return found is not None
