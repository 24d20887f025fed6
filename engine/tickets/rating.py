"""How requesters rate what was done: in the portal, or by a signed link without a sign-in."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, insert, select

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.db import Base, db
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.errors import AlreadyRated, NotFound, NotRatable
from engine.tickets import locking, queries, rights
from engine.tickets.change import Change
from engine.tickets.locking import ticket
from engine.tickets.rating_models import TicketRating
from engine.uow import command

BEST = 5
LASTS = timedelta(days=30)  # how long after the end a ticket may be rated
MAX_COMMENT = 2_000

rating = Base.metadata.tables[TicketRating.__tablename__]
_DONE = ("resolved", "closed")
_SIGNATURE = 16  # bytes
_MOST_DIGITS = 15  # of an id or a time in a link
_of_ticket = select(rating).where(rating.c.ticket_id == bindparam("key"))


@dataclass(frozen=True, slots=True)
class Link:
    """What a signed link opens: one ticket, until a moment."""

    ticket_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Rated:
    """A ticket as its rating page shows it; `rating` is None while there is none."""

    ticket: Row[Any]
    rating: Row[Any] | None
    may_rate: bool


def sign(secret: str, link: Link) -> str:
    """The text of a link that nobody can make up."""
    text = f"{link.ticket_id}.{int(link.until.timestamp())}"
    return f"{text}.{_signature(secret, text)}"


def read(secret: str, token: str) -> Link:
    """What a link opens; NotFound, and no word more, for one that is made up or too old."""
    text, _, given = token.rpartition(".")
    # as bytes: compare_digest refuses text with anything but ASCII
    known = hmac.compare_digest(_signature(secret, text).encode(), given.encode())
    key, _, until = text.partition(".")
    numbers = all(part.isascii() and part.isdigit() for part in (key, until))
    if not known or not numbers or max(len(key), len(until)) > _MOST_DIGITS:
        raise NotFound(kind="rating_link", id="")
    link = Link(int(key), datetime.fromtimestamp(int(until), UTC))
    if link.until <= clock.now():
        raise NotFound(kind="rating_link", id="")
    return link


def _signature(secret: str, text: str) -> str:
    return hmac.digest(secret.encode(), f"rating\n{text}".encode(), hashlib.sha256)[
        :_SIGNATURE
    ].hex()


def link(actor: Actor, number: str) -> Link:
    """The link by which a ticket is rated without a sign-in; colleagues give it out."""
    row, _, on = queries.find(actor, number)
    policy.require(actor, "see_internal", on)
    _require_done(row)
    return Link(row.id, (row.closed_at or clock.now()) + LASTS)


def of(actor: Actor, number: str) -> Rated:
    """A ticket's rating, for its requester and those who work on it."""
    row, _, on = queries.find(actor, number)
    policy.require(actor, "see_rating", on)
    found = _found(db.session.connection(), row.id)
    may = found is None and policy.may(actor, "rate", on) and _is_done(row)
    return Rated(row, found, may)


def by_link(opened: Link) -> Rated:
    """What the holder of a link sees."""
    connection = db.session.connection()
    row = connection.execute(select(ticket).where(ticket.c.id == opened.ticket_id)).first()
    if row is None:
        raise NotFound(kind="rating_link", id="")
    found = _found(connection, row.id)
    return Rated(row, found, found is None and _is_done(row))


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


def _is_done(row: Row[Any]) -> bool:
    ended = row.closed_at
    return row.category in _DONE and (ended is None or ended + LASTS > clock.now())


def _require_done(row: Row[Any]) -> None:
    if not _is_done(row):
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
