"""Who looks at a ticket now, and which version of it each has seen.

One row a person and ticket, written at most every few seconds while a page is open. A look counts
as "now" for a short while; afterwards the row only says what has been read. Rows of closed tickets
are dropped after a week.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert as _insert_postgresql
from sqlalchemy.dialects.sqlite import insert as _insert_sqlite

from engine import changes, clock
from engine.access import policy
from engine.access.policy import Actor
from engine.db import Base, db
from engine.jobs import handlers
from engine.tickets import queries
from engine.tickets.locking import ticket
from engine.tickets.workspace_models import TicketSeen
from engine.uow import command

DOING = ("reading", "writing", "gone")
NOW = timedelta(seconds=45)  # pages tell every 20 s that they are open
KEPT = timedelta(days=7)
NEWS = "presence:"  # before a ticket's number, in the stream of changes
MAX_OTHERS = 20

_seen = Base.metadata.tables[TicketSeen.__tablename__]


@command
def look(actor: Actor, number: str, rev: int, doing: str) -> Sequence[Row[Any]]:
    """Notes that somebody looks at a ticket (or has gone), and gives back who else does."""
    row, _, on = queries.find(actor, number)
    connection = db.session.connection()
    at = clock.now()
    mine = (_seen.c.username == actor.username) & (_seen.c.ticket_id == row.id)
    before = connection.execute(select(_seen).where(mine)).first()
    values = {
        "username": actor.username,
        "ticket_id": row.id,
        "rev": max(min(rev, row.rev), before.rev if before else 0),
        "doing": doing,
        "at": at,
    }
    insert = _insert_postgresql if connection.dialect.name == "postgresql" else _insert_sqlite
    statement = insert(_seen).values(values)
    changed = {name: values[name] for name in ("rev", "doing", "at")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["username", "ticket_id"], set_=changed)
    )
    was = before.doing if before is not None and before.at > at - NOW else "gone"
    if was != doing:
        changes.announce(row.id, f"{NEWS}{number}", row.rev)
    if not policy.may(actor, "see_internal", on):
        return []  # a requester is not told which colleagues look at his ticket
    return _others(actor, row.id, at)


def _others(actor: Actor, ticket_id: int, at: datetime) -> Sequence[Any]:
    statement = (
        select(_seen.c.username, _seen.c.doing)
        .where(_seen.c.ticket_id == ticket_id, _seen.c.at > at - NOW)
        .where(_seen.c.username != actor.username, _seen.c.doing != "gone")
        .order_by(_seen.c.at.desc())
        .limit(MAX_OTHERS)
    )
    return db.session.connection().execute(statement).all()


def revs(actor: Actor, numbers: Iterable[str]) -> Mapping[str, int]:
    """The version that somebody saw last, of those of these tickets that he has seen."""
    wanted = list(numbers)
    if not wanted:
        return {}
    statement = (
        select(ticket.c.number, _seen.c.rev)
        .join(_seen, _seen.c.ticket_id == ticket.c.id)
        .where(_seen.c.username == actor.username, ticket.c.number.in_(wanted))
    )
    return {row.number: row.rev for row in db.session.connection().execute(statement)}


@handlers.register("presence-forget", every=timedelta(hours=6))
def forget(job_id: int, payload: dict[str, Any]) -> None:
    """Drops what is known of tickets that closed a while ago."""
    closed = select(ticket.c.id).where(ticket.c.closed_at < clock.now() - KEPT)
    db.session.connection().execute(delete(_seen).where(_seen.c.ticket_id.in_(closed)))
