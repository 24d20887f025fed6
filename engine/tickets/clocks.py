"""What people do to the clocks of a ticket: acknowledge it, give it more time, waive a target."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, String, cast, select

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.db import Base, db
from engine.deployments import catalogue
from engine.errors import InvalidInput, InvalidState, NotFound, TicketClosed
from engine.sla import board as boards
from engine.sla import following, keeping, rulebook
from engine.sla.calendars import Calendar
from engine.sla.clock_models import SlaEvent
from engine.sla.clocks import Clock, Event
from engine.tickets import locking, queries, rights
from engine.tickets.change import Change
from engine.tickets.locking import ticket
from engine.uow import command

MAX_EXTENSION = timedelta(days=366)
MAX_REASON = 500

event = Base.metadata.tables[SlaEvent.__tablename__]


@command
def acknowledge(actor: Actor, number: str) -> None:
    """Says that somebody has taken note; a second time does nothing."""
    connection = db.session.connection()
    row = locking.by_number(connection, number)
    version = catalogue.version(row.version_id)
    on = rights.require_visible(connection, actor, row, version)
    policy.require(actor, "acknowledge", on)
    if row.category in ("closed", "cancelled"):
        raise TicketClosed(number=number)
    change = Change(actor, row, version, clock.now())
    known = following.board_of(change)
    if known.acknowledged and not any(
        one.metric == "acknowledge" and one.is_open for one in known.clocks.values()
    ):
        return
    change.fact("ticket_acknowledged")
    change.save(connection)


@command
def extend(actor: Actor, number: str, key: str, seconds: int, reason: str) -> None:
    """Gives a running or paused clock more time; reports keep the original target."""
    if not 0 < seconds <= MAX_EXTENSION.total_seconds():
        raise InvalidInput.at("/seconds", "sla-extension-range", min=1, max=31_622_400)
    why = _reason(reason)

    def do(one: Clock, calendar: Calendar, change: Change) -> list[Event]:
        if not one.is_open:
            raise InvalidState(kind="clock", id=key, state=one.state)
        return one.extend(change.at, seconds, calendar, why, actor.username)

    _change(actor, number, key, do, "sla_extended", seconds=seconds, reason=why)


@command
def waive(actor: Actor, number: str, key: str, reason: str) -> None:
    """Takes a cycle out of the count, running or missed; the log keeps what happened."""
    why = _reason(reason)

    def do(one: Clock, calendar: Calendar, change: Change) -> list[Event]:
        if one.state in ("waived", "cancelled"):
            raise InvalidState(kind="clock", id=key, state=one.state)
        return one.waive(change.at, calendar, why, actor.username)

    _change(actor, number, key, do, "sla_waived", reason=why)


def events_of(actor: Actor, number: str, key: str) -> Select[Any]:
    """The log of one clock of a ticket."""
    row, _, _ = queries.find(actor, number)
    return select(event).where(event.c.ticket_id == row.id, event.c.clock == key)


def runs_by(calendar: str) -> bool:
    """Whether an open clock of some ticket, of whatever version, still runs by a calendar."""
    statement = select(ticket.c.clocks).where(
        ticket.c.sla_state.in_(("running", "paused", "breached")),
        # The text of the clocks narrows the rows down; the clocks themselves decide.
        cast(ticket.c.clocks, String).contains(f'"{calendar}"', autoescape=True),
    )
    return any(
        one.is_open and one.calendar == calendar
        for found in db.session.connection().scalars(statement)
        for one in boards.unpacked(found).clocks.values()
    )


def _change(
    actor: Actor,
    number: str,
    key: str,
    do: Callable[[Clock, Calendar, Change], list[Event]],
    fact: str,
    **data: Any,
) -> None:
    connection = db.session.connection()
    row = locking.by_number(connection, number)
    version = catalogue.version(row.version_id)
    on = rights.require_visible(connection, actor, row, version)
    policy.require(actor, "change_clocks", on)
    change = Change(actor, row, version, clock.now())
    board = following.board_of(change)
    one = board.clocks.get(key)
    if one is None:
        raise NotFound(kind="clock", id=key)
    board.events += do(one, rulebook.calendar(one.calendar), change)
    keeping.keep(change, board, version.derived(rulebook.of))
    change.fact(fact, clock=key, **data)
    change.save(connection)


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise InvalidInput.at("/reason", "required")
    return reason[:MAX_REASON]
