"""What a service task can do without reaching outside: one function an operation.

An operation gets the change of its ticket and the evaluated parameters; what it returns becomes
variables of the process. It runs in the transaction in which the process goes on, exactly once.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, insert

from engine.db import Base
from engine.processes.runtime import ProcessFault
from engine.tickets.answers import PRIORITIES
from engine.tickets.change import Change
from engine.tickets.models import Comment

Operation = Callable[[Connection, Change, Mapping[str, Any]], Mapping[str, Any]]

_comment = Base.metadata.tables[Comment.__tablename__]


def _add_comment(
    connection: Connection, change: Change, parameters: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Says `text` on the ticket; `visibility` is public or internal (default)."""
    text = parameters.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ProcessFault("parameter-missing", None, parameter="text")
    visibility = "public" if parameters.get("visibility") == "public" else "internal"
    comment_id = connection.execute(
        insert(_comment).returning(_comment.c.id),
        {
            "ticket_id": change.row.id,
            "author": change.actor.username,
            "visibility": visibility,
            "body": text.strip()[:20_000],
            "created_at": change.at,
        },
    ).scalar_one()
    change.fact("comment_added", comment=comment_id, visibility=visibility)
    return {}


def _set_priority(
    connection: Connection, change: Change, parameters: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Gives the ticket a `priority` of P0 to P4."""
    priority = parameters.get("priority")
    if priority not in PRIORITIES:
        raise ProcessFault("parameter-missing", None, parameter="priority")
    before = change.now("priority")
    if change.put("priority", priority):
        change.fact("priority_changed", before=before, after=priority)
    return {}


OPERATIONS: Mapping[str, Operation] = {
    "add_comment": _add_comment,
    "set_priority": _set_priority,
}
