"""Tickets and tasks as the policy wants to see them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists, false, or_, select, true

from engine.access import policy
from engine.access.policy import Actor, OnTask, OnTicket
from engine.approvals.records import copy_, seat_
from engine.db import Base
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.errors import NotFound
from engine.tickets.locking import candidate, task, ticket
from engine.tickets.models import Watcher

_watcher = Base.metadata.tables[Watcher.__tablename__]


# Aliases, so that a query on tasks can ask the same of each row's ticket.
_held = task.alias("held")
_offered = task.alias("offered")
_may_take = candidate.alias("may_take")


def named(actor: Actor, rows: Any = candidate) -> ColumnElement[bool]:
    """Whether a candidate row names somebody."""
    who = [(rows.c.kind == "user") & (rows.c.key == actor.username)]
    if actor.groups:
        who.append((rows.c.kind == "group") & rows.c.key.in_(sorted(actor.groups)))
    return or_(*who)


def involved(actor: Actor) -> ColumnElement[bool]:
    """Whether somebody follows a ticket, has to do with one of its tasks, or got a copy."""
    me = actor.username
    return or_(
        exists()
        .where(_watcher.c.ticket_id == ticket.c.id, _watcher.c.username == me)
        .correlate(ticket),
        exists().where(_held.c.ticket_id == ticket.c.id, _held.c.assignee == me).correlate(ticket),
        exists()
        .where(_offered.c.ticket_id == ticket.c.id, _offered.c.id == _may_take.c.task_id)
        .where(named(actor, _may_take))
        .correlate(ticket),
        exists().where(seat_.c.ticket_id == ticket.c.id, seat_.c.person == me).correlate(ticket),
        exists().where(copy_.c.ticket_id == ticket.c.id, copy_.c.person == me).correlate(ticket),
    )


def visible(actor: Actor) -> ColumnElement[bool]:
    """The tickets that somebody may see, as a condition on the ticket table."""
    if not policy.may(actor, "see_ticket", _ANYTHING):
        return false()  # a token whose scopes leave tickets out
    hidden = catalogue.restricted_types(actor)
    own = or_(ticket.c.requester == actor.username, ticket.c.created_by == actor.username)
    if not hidden:
        return true()
    return or_(ticket.c.type.not_in(hidden), own, involved(actor))


def on_ticket(connection: Connection, actor: Actor, row: Any, version: Loaded) -> OnTicket:
    """A ticket for the policy; asks the database only where roles alone do not say yes."""
    on = OnTicket(row, version.access)
    if policy.may(actor, "see_ticket", on):
        return on
    found = connection.scalar(
        select(involved(actor)).select_from(ticket).where(ticket.c.id == bindparam("key")),
        {"key": row.id},
    )
    return OnTicket(row, version.access, involved=bool(found))


def on_task(row: Any, version: Loaded) -> OnTask:
    """A task for the policy, from a row with `task_…` columns."""
    named = (row.task_candidates or "").split()
    on = OnTicket(row, version.access)
    return OnTask(on, row.task_assignee, tuple(named), row.task_kind == "approval")


def on_open_task(row: Any, one: Any, version: Loaded) -> OnTask:
    """A task of a ticket for the policy, where the two are rows apart."""
    named = tuple((one.task_candidates or "").split())
    on = OnTicket(row, version.access)
    return OnTask(on, one.task_assignee, named, one.task_kind == "approval")


def require_visible(connection: Connection, actor: Actor, row: Any, version: Loaded) -> OnTicket:
    """The ticket for the policy; to somebody who may not see it, it is not there."""
    on = on_ticket(connection, actor, row, version)
    if not policy.may(actor, "see_ticket", on):
        raise NotFound(kind="ticket", id=row.number)
    return on


@dataclass(frozen=True, slots=True)
class _Anything:
    requester: str = ""
    created_by: str = ""
    assignee: str | None = None


_ANYTHING = OnTicket(_Anything(), policy.TypeAccess(), involved=True)
