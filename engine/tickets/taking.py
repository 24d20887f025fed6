"""The next ticket: the most urgent task that somebody may take and nobody holds."""

from sqlalchemy import select

from engine.access.policy import Actor
from engine.db import db
from engine.errors import EngineError
from engine.tickets import rights, tasks
from engine.tickets.locking import candidate, task, ticket

TRIED = 10  # when others were faster with the first ones


def take_next(actor: Actor) -> str | None:
    """Claims it, each try in a transaction of its own; the ticket's number, None: nothing waits."""
    offered = select(candidate.c.task_id).where(rights.named(actor))
    statement = (
        select(task.c.id, ticket.c.number)
        .join(ticket, ticket.c.id == task.c.ticket_id)
        .where(task.c.status == "open", task.c.kind != "approval", task.c.assignee.is_(None))
        .where(task.c.id.in_(offered), ticket.c.closed_at.is_(None))
        .order_by(
            ticket.c.priority,
            ticket.c.sla_due.is_(None),
            ticket.c.sla_due,
            task.c.created_at,
            task.c.id,
        )
        .limit(TRIED)
    )
    for row in db.session.connection().execute(statement).all():
        try:
            tasks.claim(actor, row.id)
        except EngineError:
            continue  # somebody was faster, or it is gone
        return str(row.number)
    return None
