"""Tickets that a new one may repeat: open ones with similar words, the same asset or requester.

One indexed query finds the newest that share a word; how alike they are is worked out here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from engine import clock
from engine.access.policy import Actor
from engine.db import db
from engine.tickets import queries, rights, search
from engine.tickets.locking import ticket

LOOKED_AT = 200
SHOWN = 5
SINCE = timedelta(days=90)
ENOUGH = 0.34  # how alike is worth a line


@dataclass(frozen=True, slots=True)
class Similar:
    """A ticket that may be about the same, and why: title, asset or requester."""

    row: Any
    score: float
    why: Sequence[str]


def similar(
    actor: Actor, title: str, *, asset: str | None = None, requester: str | None = None
) -> Sequence[Similar]:
    """The open tickets, visible to the actor, that are most like a title; the most alike first."""
    wanted = set(search.words(title))
    # A single character begins too many words to say anything.
    asked = [word for word in search.words(title) if len(word) > 1][:12]
    asked += search.words(asset or "")[:4]
    condition = search.matching_any(db.engine.dialect.name, asked)
    if condition is None:
        return []
    rows = db.session.connection().execute(
        select(*queries.list_columns, ticket.c["values"])
        .where(ticket.c.closed_at.is_(None), ticket.c.created_at > clock.now() - SINCE)
        .where(condition, rights.visible(actor))
        .order_by(ticket.c.id.desc())
        .limit(LOOKED_AT)
    )
    who = requester or actor.username
    judged = [_judge(row, wanted, asset, who) for row in rows]
    found = [one for one in judged if one.score >= ENOUGH]
    return sorted(found, key=lambda one: (-one.score, -one.row.id))[:SHOWN]


def _judge(row: Any, wanted: set[str], asset: str | None, requester: str) -> Similar:
    words = set(search.words(row.title))
    common = len(wanted & words) / max(1, len(wanted | words))
    same_asset = asset is not None and asset in (row.values or {}).values()
    same_person = row.requester == requester
    why = []
    if common >= ENOUGH / 2:
        why.append("title")
    if same_asset:
        why.append("asset")
    if same_person and why:
        why.append("requester")
    score = common + (0.4 if same_asset else 0) + (0.15 if same_person and why else 0)
    return Similar(row, score, why)
