"""Reading a ticket for a change: its row locked, with its process and, if asked for, one task.

PostgreSQL, having waited for the lock of a row, shows that row as it is now but the rows joined to
it as they were before the wait. The ticket is therefore read twice in the statement, once locked
and once not; when the two revs differ, somebody was faster and the statement is simply repeated,
now under the lock. SQLite lets one writer in at a time, so that both are always the same.
"""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select
from sqlalchemy.sql import Select

from engine.db import Base
from engine.errors import NotFound
from engine.processes.models import ProcessInstance, TaskCandidate, UserTask, Wait
from engine.tickets.models import Ticket

ticket = Base.metadata.tables[Ticket.__tablename__]
instance = Base.metadata.tables[ProcessInstance.__tablename__]
task = Base.metadata.tables[UserTask.__tablename__]
candidate = Base.metadata.tables[TaskCandidate.__tablename__]
wait = Base.metadata.tables[Wait.__tablename__]

_seen = ticket.alias("seen")

# "group:it user:li", one text a task; keys hold no blank
candidates = (
    select(func.aggregate_strings(candidate.c.kind + ":" + candidate.c.key, " "))
    .where(candidate.c.task_id == task.c.id)
    .scalar_subquery()
    .label("task_candidates")
)
task_columns = [
    column.label(f"task_{column.name}") for column in task.c if column.name != "ticket_id"
]
_ticket_columns = [
    *ticket.c,
    instance.c.state,
    instance.c.visited,
    instance.c.status.label("process_status"),
    _seen.c.rev.label("seen_rev"),
]
_base = ticket.join(instance, instance.c.ticket_id == ticket.c.id).join(
    _seen, _seen.c.id == ticket.c.id
)


def _locked(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update(of=ticket)


_by_task = _locked(
    select(*_ticket_columns, *task_columns, candidates)
    .select_from(_base.join(task, task.c.ticket_id == ticket.c.id))
    .where(task.c.id == bindparam("key"))
)
_by_id = _locked(select(*_ticket_columns).select_from(_base).where(ticket.c.id == bindparam("key")))
_by_number = _locked(
    select(*_ticket_columns).select_from(_base).where(ticket.c.number == bindparam("key"))
)


def by_task(connection: Connection, task_id: str) -> Row[Any]:
    """The ticket of a task, locked, with its process and the task (columns `task_…`)."""
    return _read(connection, _by_task, task_id, "task")


def by_id(connection: Connection, ticket_id: int) -> Row[Any]:
    """A ticket by its id, locked, with its process."""
    return _read(connection, _by_id, ticket_id, "ticket")


def by_number(connection: Connection, number: str) -> Row[Any]:
    """A ticket by its number, locked, with its process."""
    return _read(connection, _by_number, number, "ticket")


def _read(connection: Connection, statement: Select[Any], key: object, kind: str) -> Row[Any]:
    row = connection.execute(statement, {"key": key}).first()
    if row is not None and row.rev != row.seen_rev:
        row = connection.execute(statement, {"key": key}).first()
    if row is None:
        raise NotFound(kind=kind, id=key)
    return row
