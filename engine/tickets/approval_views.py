"""What people see of approvals: one with its rounds and timeline, and the lists of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, distinct, func, or_, select, update

from engine import clock
from engine.access.policy import Actor
from engine.approvals import transitions
from engine.approvals.ledger import Ledger, Seat
from engine.approvals.records import action_, copy_, round_, seat_
from engine.approvals.transitions import Caller
from engine.db import db
from engine.deployments.catalogue import Loaded
from engine.errors import NotFound
from engine.tickets import queries, retracting, returning, rounds
from engine.tickets.approving import caller_of
from engine.tickets.locking import candidate, instance, task, ticket
from engine.uow import command

BOXES = ("todo", "done", "sent", "copied")

_timeline = select(action_).where(action_.c.task_id == bindparam("task")).order_by(action_.c.seq)
_copies = (
    select(copy_)
    .where(copy_.c.task_id == bindparam("task"))
    .order_by(copy_.c.created_at, copy_.c.person)
)
_visited = select(instance.c.visited).where(instance.c.ticket_id == bindparam("ticket"))


@dataclass(frozen=True, slots=True)
class View:
    """One approval as somebody may see it; everybody who sees the ticket sees the whole ledger."""

    row: Any
    version: Loaded
    ledger: Ledger
    caller: Caller
    timeline: Sequence[Any]
    copies: Sequence[Any]
    targets: Sequence[str]
    vote: Seat | None = None  # decided with it, and still to be taken back

    @property
    def may(self) -> list[str]:
        """What this caller may do now."""
        if self.vote is not None:
            return ["withdraw"]
        found = transitions.may(self.ledger, self.caller)
        return [action for action in found if action != "return" or self.targets]

    def seat_may(self, seat: Seat) -> list[str]:
        """What of it concerns one seat."""
        if self.vote is not None:
            return ["withdraw"] if seat is self.vote else []
        found = transitions.seat_may(self.ledger, self.caller, seat)
        return [action for action in found if action != "return" or self.targets]


def get(actor: Actor, task_id: str) -> View:
    """One approval; NotFound for a task that is none, or that somebody may not see."""
    row, version, _ = queries.get_task(actor, task_id)
    connection = db.session.connection()
    ledger = rounds.load(connection, row)
    if ledger is None:
        raise NotFound(kind="approval", id=task_id)
    targets: list[str] = []
    taken = None
    if ledger.ended:
        taken = retracting.possible(connection, ledger, row.id, version, actor.username)
    else:
        visited = connection.scalar(_visited, {"ticket": row.id}) or {}
        targets = returning.targets(version, ledger.element, visited, ledger.main.setting)
    return View(
        row,
        version,
        ledger,
        caller_of(actor, row, version),
        connection.execute(_timeline, {"task": task_id}).all(),
        connection.execute(_copies, {"task": task_id}).all(),
        targets,
        taken[0] if taken else None,
    )


@dataclass(frozen=True, slots=True)
class Box:
    """A list of somebody's approvals, and what it is ordered by, the latest first."""

    statement: Select[Any]
    keys: Sequence[ColumnElement[Any]]


def box(actor: Actor, name: str, q: str | None = None, type_: str | None = None) -> Box:
    """What waits for somebody, what he has done, what he has asked for, what he got copies of.

    `q` is a part of the number or the title, `type_` a ticket type.
    """
    me = actor.username
    columns = [
        ticket.c.number,
        ticket.c.title,
        ticket.c.type,
        ticket.c.version_id,
        ticket.c.requester,
        ticket.c.priority,
        round_.c.task_id,
        round_.c.element,
        round_.c.state,
        round_.c.outcome,
        round_.c.opened_at,
        round_.c.setting,
    ]
    main = round_.c.parent_seat.is_(None)
    rounds_of = round_.join(ticket, round_.c.ticket_id == ticket.c.id)
    if name == "todo":
        at, key = task.c.created_at, task.c.id
        statement = (
            select(*columns, task.c.due)
            .select_from(rounds_of.join(task, task.c.id == round_.c.task_id))
            .join(candidate, candidate.c.task_id == task.c.id)
            .where(main, task.c.status == "open", task.c.kind == "approval")
            .where(candidate.c.kind == "user", candidate.c.key == me)
        )
    elif name == "done":
        at, key = seat_.c.acted_at, seat_.c.id
        statement = (
            select(*columns, seat_.c.state.label("mine"))
            .select_from(rounds_of.join(seat_, seat_.c.round_id == round_.c.id))
            .where(seat_.c.person == me, seat_.c.acted_at.is_not(None))
            .where(seat_.c.state.in_(("agreed", "rejected", "transferred")))
        )
    elif name == "sent":
        at, key = round_.c.opened_at, round_.c.id
        statement = select(*columns).select_from(rounds_of).where(main, ticket.c.requester == me)
    else:
        at, key = copy_.c.created_at, copy_.c.id
        statement = (
            select(*columns, copy_.c.sent_by, copy_.c.read_at)
            .select_from(rounds_of.join(copy_, copy_.c.task_id == round_.c.task_id))
            .where(main, copy_.c.person == me)
        )
    if q:
        found = (ticket.c.title, ticket.c.number, ticket.c.requester)
        statement = statement.where(or_(*(one.icontains(q, autoescape=True) for one in found)))
    if type_:
        statement = statement.where(ticket.c.type == type_)
    return Box(statement.add_columns(at.label("at"), key.label("key")), [at, key])


_todo = (
    select(func.count(distinct(task.c.id)))
    .select_from(task.join(candidate, candidate.c.task_id == task.c.id))
    .where(task.c.status == "open", task.c.kind == "approval")
    .where(candidate.c.kind == "user", candidate.c.key == bindparam("me"))
)
_unread = (
    select(func.count())
    .select_from(copy_)
    .where(copy_.c.person == bindparam("me"), copy_.c.read_at.is_(None))
)


def counts(actor: Actor) -> dict[str, int]:
    """How many wait for somebody, and how many copies he has not read."""
    connection, me = db.session.connection(), {"me": actor.username}
    return {
        "todo": connection.scalar(_todo, me) or 0,
        "copied": connection.scalar(_unread, me) or 0,
    }


def timeline_of(actor: Actor, number: str) -> tuple[Loaded, Select[Any]]:
    """Everything that was done at the approvals of a ticket."""
    row, version, _ = queries.find(actor, number)
    statement = (
        select(action_, round_.c.element, round_.c.id.label("round_id"))
        .select_from(action_.join(round_, round_.c.task_id == action_.c.task_id))
        .where(action_.c.ticket_id == row.id, round_.c.parent_seat.is_(None))
    )
    return version, statement


@command
def mark_read(actor: Actor, task_id: str) -> None:
    """Keeps when somebody has looked at what he got a copy of; a second time changes nothing."""
    db.session.connection().execute(
        update(copy_)
        .where(
            copy_.c.task_id == task_id,
            copy_.c.person == actor.username,
            copy_.c.read_at.is_(None),
        )
        .values(read_at=clock.now())
    )
