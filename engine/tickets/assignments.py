"""What may be known of how people were chosen: for one ticket, and where a new table differs."""

from typing import Any

from sqlalchemy import Select, select

from engine.access import policy
from engine.access.policy import Actor
from engine.assignment.models import Assignment
from engine.db import Base
from engine.tickets.locking import ticket
from engine.tickets.queries import find

assignment = Base.metadata.tables[Assignment.__tablename__]


def of_ticket(actor: Actor, number: str) -> Select[Any]:
    """The choices made for a ticket; they speak of colleagues, so requesters do not see them."""
    row, _, on = find(actor, number)
    policy.require(actor, "see_internal", on)
    return select(assignment).where(assignment.c.ticket_id == row.id)


def differing(actor: Actor, type_key: str) -> Select[Any]:
    """The choices of a type in which its new table came to somebody else."""
    policy.require(actor, "edit_drafts")
    return (
        select(assignment, ticket.c.number, ticket.c.title, ticket.c.version_id)
        .join(ticket, ticket.c.id == assignment.c.ticket_id)
        .where(assignment.c.type == type_key, assignment.c.differs)
    )
