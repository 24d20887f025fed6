"""What the steps of a clock do when they are due: people are told, the ticket moves on."""

from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine import clock
from engine.access.models import Group, User
from engine.access.policy import SYSTEM
from engine.db import Base, db
from engine.deployments import catalogue
from engine.errors import NotFound
from engine.jobs import handlers, queue
from engine.jobs.models import NORMAL, URGENT
from engine.rows import Batch, Sender
from engine.sla import escalation, following, keeping, rulebook
from engine.sla.escalation import Firing
from engine.tickets import due, locking
from engine.tickets.answers import PRIORITIES
from engine.tickets.change import Change
from engine.tickets.locking import wait
from workflows.sla import Step

_user = Base.metadata.tables[User.__tablename__]
_group = Base.metadata.tables[Group.__tablename__]
_lead = select(_group.c.lead).where(_group.c.key == bindparam("key"))
_manager = select(_user.c.manager).where(_user.c.username == bindparam("username"))
_is_active = select(_user.c.active).where(_user.c.username == bindparam("username"))
_waiting = select(wait.c.id).where(
    wait.c.ticket_id == bindparam("ticket"),
    wait.c.kind.in_(("message", "signal")),
    wait.c.name == bindparam("named"),
)

_THROW = "sla_throw"


@handlers.register(keeping.JOB, together=True)
def escalate(job_id: int, payload: dict[str, Any]) -> None:
    """Takes the steps of a ticket's clocks that are due, and plans the next."""
    connection = db.session.connection()
    change = _change_of(connection, payload["ticket"])
    if change is None:
        return
    book = change.version.derived(rulebook.of)
    board = following.board_of(change)
    board.judge(change.at)
    owner = change.now("assignee")
    firings = escalation.fire(board, book, rulebook.calendar, owner, change.at)
    board.planned = None  # the job at hand ends with this transaction
    keeping.keep(change, board, book)
    keeping.keep_firings(change, firings)
    for firing in firings:
        _take(connection, change, firing)
    # What moves the ticket may move its clocks again, and then a row is written twice.
    if any(one.step.raise_priority or one.step.assign for one in firings):
        change.save(connection)
        return
    batch = Batch(connection)
    change.save(batch)
    batch.send()


def _take(connection: Connection, change: Change, firing: Firing) -> None:
    step = firing.step
    change.fact(
        "sla_step_fired",
        clock=firing.clock.key,
        metric=firing.clock.metric,
        cycle=firing.clock.cycle,
        step=firing.number,
        round=firing.round,
        due=firing.clock.due,
        planned=firing.planned,
        late=firing.late,
        notify=list(step.notify),
    )
    if step.raise_priority:
        _raise_priority(change)
    if step.assign is not None:
        _assign(connection, change, step.assign)
    _throw(change, step)


def _raise_priority(change: Change) -> None:
    before = change.now("priority")
    place = PRIORITIES.index(before)
    if place > 0:
        after = PRIORITIES[place - 1]
        change.put("priority", after)
        change.fact("priority_changed", before=before, after=after)


def _assign(connection: Connection, change: Change, whom: str) -> None:
    """Hands the ticket to a group (its queue) or a person; whoever is not there gets nothing."""
    kind, _, key = whom.rpartition(":")
    before = {"assignee": change.now("assignee"), "group": change.now("group_key")}
    if kind == "group":
        change.put("group_key", key)
        change.put("assignee", None)
    else:
        username = _person(connection, change, kind, key)
        if username is None:
            return
        change.put("assignee", username)
    after = {"assignee": change.now("assignee"), "group": change.now("group_key")}
    if after != before:
        change.fact("ticket_assigned", **after, before=before)


def _person(connection: Connection, change: Change, kind: str, key: str) -> str | None:
    found: str | None = None
    if kind == "user":
        found = key
    elif key == "lead":
        found = connection.scalar(_lead, {"key": change.now("group_key")})
    elif key == "manager":
        found = connection.scalar(_manager, {"username": change.now("assignee")})
    return found if found and connection.scalar(_is_active, {"username": found}) else None


def _throw(change: Change, step: Step) -> None:
    """Lets the process hear of it: a job of its own, because it takes the ticket's lock again."""
    lane = URGENT if change.now("priority") == "P0" else NORMAL
    for name in (step.message, step.escalation):
        if name is not None:
            change.later.append(partial(_enqueue, name=name, lane=lane))


def _enqueue(sender: Sender, ticket_id: int, *, name: str, lane: int) -> None:
    key = f"ticket:{ticket_id}"
    entry = queue.Entry(_THROW, {"ticket": ticket_id, "name": name}, lane=lane, order_key=key)
    queue.enqueue_many(sender, [entry])


@handlers.register(_THROW, together=True)
def throw(job_id: int, payload: dict[str, Any]) -> None:
    """Hands what a step throws to the event of the process that waits for it by name."""
    ticket_id, name = payload["ticket"], payload["name"]
    connection = db.session.connection()
    found = connection.scalar(_waiting, {"ticket": ticket_id, "named": name})
    if found is None:
        change = _change_of(connection, ticket_id)
        if change is not None:
            change.fact("message_unclaimed", name=name)
            change.save(connection)
        return
    retry = {"do": "message", "wait": found, "name": name, "payload": {}}
    due.take(ticket_id, due.message(found, name, {}), retry)


def _change_of(connection: Connection, ticket_id: int) -> Change | None:
    try:
        row = locking.by_id(connection, ticket_id)
    except NotFound:
        return None
    return Change(SYSTEM, row, catalogue.version(row.version_id), clock.now())
