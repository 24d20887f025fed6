"""The work log of a ticket: minutes and what they were spent on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.db import Base, db
from engine.deployments import catalogue
from engine.errors import NotFound
from engine.tickets import locking, queries, rights
from engine.tickets.change import Change
from engine.tickets.workspace_models import WorkEntry
from engine.uow import command

MAX_MINUTES = 24 * 60  # of one entry
MAX_ENTRIES = 1000

_entry = Base.metadata.tables[WorkEntry.__tablename__]


@command
def add(actor: Actor, number: str, minutes: int, note: str) -> int:
    """Notes work; the new entry's id. A closed ticket takes entries too: who logs, logs late."""
    connection = db.session.connection()
    row = locking.by_number(connection, number)
    version = catalogue.version(row.version_id)
    on = rights.require_visible(connection, actor, row, version)
    policy.require(actor, "log_work", on)
    at = clock.now()
    values = {
        "ticket_id": row.id,
        "author": actor.username,
        "minutes": minutes,
        "note": note,
        "created_at": at,
    }
    entry_id: int = connection.execute(
        insert(_entry).values(values).returning(_entry.c.id)
    ).scalar_one()
    change = Change(actor, row, version, at)
    change.fact("work_logged", minutes=minutes, visibility="internal")
    change.save(connection)
    return entry_id


@command
def remove(actor: Actor, number: str, entry_id: int) -> None:
    """Takes back an entry of one's own; an administrator anybody's."""
    connection = db.session.connection()
    row = locking.by_number(connection, number)
    version = catalogue.version(row.version_id)
    on = rights.require_visible(connection, actor, row, version)
    policy.require(actor, "log_work", on)
    there = (_entry.c.ticket_id == row.id) & (_entry.c.id == entry_id)
    found = connection.execute(select(_entry).where(there)).first()
    if found is None:
        raise NotFound(kind="work-entry", id=entry_id)
    if found.author != actor.username:
        policy.require(actor, "tidy_workspace")
    connection.execute(delete(_entry).where(there))
    change = Change(actor, row, version, clock.now())
    change.fact("work_unlogged", minutes=found.minutes, author=found.author, visibility="internal")
    change.save(connection)


def of(actor: Actor, number: str) -> Sequence[Row[Any]]:
    """The entries of a ticket, oldest first; only for those who may read internal notes."""
    row, _, on = queries.find(actor, number)
    policy.require(actor, "see_internal", on)
    statement = select(_entry).where(_entry.c.ticket_id == row.id).order_by(_entry.c.id)
    return db.session.connection().execute(statement.limit(MAX_ENTRIES)).all()
