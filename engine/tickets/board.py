"""The board: the tickets of one type in the columns of its statuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.db import db
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.errors import NotFound
from engine.tickets import queries
from engine.tickets.locking import ticket

MOST = 2000
CLOSED_SHOWN = timedelta(days=7)  # what closed before is found in the list


@dataclass(frozen=True, slots=True)
class Board:
    """The cards, the most urgent first, and how many tickets each column really has."""

    version: Loaded
    counts: Mapping[str, int]
    cards: Sequence[Any]


def board(actor: Actor, wanted: queries.Filter) -> Board:
    """The board of the one type that `wanted` names."""
    policy.require(actor, "work_in_workspace")
    [key] = wanted.type
    version = next((one for one in catalogue.types(retired=True) if one.key == key), None)
    if version is None:
        raise NotFound(kind="ticket-type", id=key)
    recent = clock.now() - CLOSED_SHOWN
    shown = queries.tickets(actor, replace(wanted, category=(), with_due=False)).where(
        or_(ticket.c.closed_at.is_(None), ticket.c.closed_at > recent)
    )
    connection = db.session.connection()
    part = shown.subquery()
    grouped = select(part.c.status, func.count()).group_by(part.c.status)
    counts = {status: count for status, count in connection.execute(grouped)}
    cards = connection.execute(
        shown.order_by(ticket.c.priority, ticket.c.created_at, ticket.c.id).limit(MOST)
    ).all()
    return Board(version, counts, cards)
