"""A decision of a draft tried on tickets: one explained, and what it would change for many."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from engine.access.policy import Actor, require
from engine.db import db
from engine.deployments import drafts, evaluation
from engine.errors import NotFound
from engine.tickets import rights
from engine.tickets.locking import ticket
from engine.tickets.queries import find
from engine.tickets.scope import TicketScope
from workflows import dmn
from workflows.dmn import Decision

LATEST = 200
MAX_NUMBERS = 20


@dataclass(slots=True)
class Difference:
    """Tickets for which the outcome changes in the same way."""

    before: Any
    after: Any
    count: int = 0
    numbers: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Replay:
    """How the latest tickets come out; `version` is the one they are compared with."""

    version: int | None
    tickets: int
    same: int
    differences: list[Difference]


def on_ticket(actor: Actor, key: str, decision: str, number: str) -> Decision:
    """What a decision of a draft comes to for a ticket of the type; raises NotFound."""
    require(actor, "evaluate")
    row, _, _ = find(actor, number)
    if row.type != key:
        raise NotFound(kind="ticket", id=number)
    document = evaluation.of_draft(actor, key, decision)
    return dmn.evaluate_decision(document, decision, _scope(row))


def replay(actor: Actor, key: str, decision: str) -> Replay:
    """What the draft's decision would change for the latest tickets of the type that one may see.

    Variables of a process are not kept after it; a table that asks for them sees nothing there.
    """
    require(actor, "evaluate")
    after = evaluation.of_draft(actor, key, decision)
    base = drafts.get(actor, key).base
    before = None
    if base is not None:
        try:
            before = evaluation.of_version(actor, key, base, decision)
        except NotFound:
            before = None  # the decision is new
    statement = (
        select(*ticket.c)
        .where(ticket.c.type == key, rights.visible(actor))
        .order_by(ticket.c.created_at.desc(), ticket.c.id.desc())
        .limit(LATEST)
    )
    found: dict[tuple[str, str], Difference] = {}
    counted: Counter[bool] = Counter()
    for row in db.session.execute(statement):
        scope = _scope(row)
        now = dmn.evaluate_decision(after, decision, scope).outputs
        was = dmn.evaluate_decision(before, decision, scope).outputs if before else None
        counted[was == now] += 1
        if was != now:
            one = found.setdefault((repr(was), repr(now)), Difference(was, now))
            one.count += 1
            if len(one.numbers) < MAX_NUMBERS:
                one.numbers.append(row.number)
    differences = sorted(found.values(), key=lambda one: -one.count)
    return Replay(base, counted.total(), counted[True], differences)


def _scope(row: Any) -> Mapping[str, Any]:
    columns = row._mapping
    return TicketScope(lambda name: columns[name])
