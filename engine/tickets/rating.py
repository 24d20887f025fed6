"""How requesters rate what was done: in the portal, or by a signed link without a sign-in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, insert, select

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.db import Base, db
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.errors import AlreadyRated, NotFound, NotRatable
from engine.tickets import locking, queries, rating_links, rights
from engine.tickets.change import Change
from engine.tickets.locking import ticket
from engine.tickets.rating_links import Link
from engine.tickets.rating_models import TicketRating
from engine.uow import command

BEST = 5
MAX_COMMENT = 2_000

rating = Base.metadata.tables[TicketRating.__tablename__]
_of_ticket = select(rating).where(rating.c.ticket_id == bindparam("key"))


@dataclass(frozen=True, slots=True)
class Rated:
    """A ticket as its rating page shows it; `rating` is None while there is none."""

    ticket: Row[Any]
    rating: Row[Any] | None
    may_rate: bool


def link(actor: Actor, number: str) -> Link:
    """The link by which a ticket is rated without a sign-in; colleagues give it out."""
    row, _, on = queries.find(actor, number)
    policy.require(actor, "see_internal", on)
    _require_done(row)
    return rating_links.to(row)


def of(actor: Actor, number: str) -> Rated:
    """A ticket's rating, for its requester and those who work on it."""
    row, _, on = queries.find(actor, number)
    policy.require(actor, "see_rating", on)
    found = _found(db.session.connection(), row.id)
    may = found is None and policy.may(actor, "rate", on) and rating_links.is_done(row)
    return Rated(row, found, may)


def by_link(opened: Link) -> Rated:
    """What the holder of a link sees."""
    connection = db.session.connection()
    row = connection.execute(select(ticket).where(ticket.c.id == opened.ticket_id)).first()
    if row is None:
        raise NotFound(kind="rating_link", id="")
    found = _found(connection, row.id)
    return Rated(row, found, found is None and rating_links.is_done(row))


@command
def rate(actor: Actor, number: str, score: int, comment: str | None = None) -> None:
    """Rates one's own ticket, once. Raises NotRatable, AlreadyRated."""
    connection = db.session.connection()
    row = locking.by_number(connection, number)
    version = catalogue.version(row.version_id)
    policy.require(actor, "rate", rights.require_visible(connection, actor, row, version))
    _keep(connection, actor, row, version, score, comment, by_link=False)


@command
def rate_by_link(opened: Link, score: int, comment: str | None = None) -> None:
    """Rates a ticket in the name of its requester, once. Raises NotRatable, AlreadyRated."""
    connection = db.session.connection()
    row = locking.by_id(connection, opened.ticket_id)
    version = catalogue.version(row.version_id)
    _keep(connection, Actor(row.requester), row, version, score, comment, by_link=True)


def _keep(
    connection: Connection,
    actor: Actor,
    row: Row[Any],
    version: Loaded,
    score: int,
    comment: str | None,
    *,
    by_link: bool,
) -> None:
    if _found(connection, row.id) is not None:
        raise AlreadyRated(number=row.number)
    _require_done(row)
    change = Change(actor, row, version, clock.now())
    connection.execute(
        insert(rating),
        {
            "ticket_id": row.id,
            "score": score,
            "comment": comment or None,
            "by_link": by_link,
            "at": change.at,
        },
    )
    change.fact("ticket_rated", score=score)
    change.save(connection)


def _found(connection: Connection, ticket_id: int) -> Row[Any] | None:
    return connection.execute(_of_ticket, {"key": ticket_id}).first()


def _require_done(row: Row[Any]) -> None:
    if not rating_links.is_done(row):
        raise NotRatable(number=row.number)


def given(
    actor: Actor,
    *,
    type_key: str | None = None,
    score: int | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
) -> tuple[Select[Any], Select[Any]]:
    """The ratings of tickets that a manager may see, and their number and average."""
    policy.require(actor, "see_ratings")
    conditions: list[ColumnElement[bool]] = [rights.visible(actor)]
    if type_key is not None:
        conditions.append(ticket.c.type == type_key)
    if score is not None:
        conditions.append(rating.c.score == score)
    if since is not None:
        conditions.append(rating.c.at >= since)
    if before is not None:
        conditions.append(rating.c.at < before)
    joined = rating.join(ticket, ticket.c.id == rating.c.ticket_id)
    facts = (ticket.c.number, ticket.c.type, ticket.c.title, ticket.c.requester)
    rows = select(*rating.c, *facts).select_from(joined).where(*conditions)
    together = (func.count().label("count"), func.avg(rating.c.score).label("average"))
    return rows, select(*together).select_from(joined).where(*conditions)
