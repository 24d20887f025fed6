"""What people look at: tickets in lists and alone, their tasks, history, conversation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
)

from engine import clock, settings
from engine.access import policy
from engine.access.policy import Actor, OnTask
from engine.db import Base, db
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.errors import NotFound
from engine.processes.models import History
from engine.tickets import rights, search
from engine.tickets.incidents import incident
from engine.tickets.locking import candidate, candidates, instance, task, task_columns, ticket
from engine.tickets.models import Comment, StoredFile, TicketLink, Watcher

history = Base.metadata.tables[History.__tablename__]
comment = Base.metadata.tables[Comment.__tablename__]
file = Base.metadata.tables[StoredFile.__tablename__]
_watcher = Base.metadata.tables[Watcher.__tablename__]
_link = Base.metadata.tables[TicketLink.__tablename__]

_MAYBE_INTERNAL = ("comment_added", "attachment_added", "work_logged", "work_unlogged")
OPEN_CATEGORIES = ("new", "open", "waiting", "resolved")
TASK_ACTIONS = ("claim", "release", "assign", "complete")
TICKET_ACTIONS = (
    "edit_ticket",
    "comment",
    "comment_internally",
    "attach",
    "watch",
    "add_watcher",
    "link",
    "send_message",
    "acknowledge",
    "change_clocks",
)

# What a list shows; answers stay in the database.
list_columns = [column for column in ticket.c if column.name not in ("values", "history_seq")]
_task_base = select(
    *task_columns,
    candidates,
    ticket.c.number,
    ticket.c.title,
    ticket.c.type,
    ticket.c.requester,
    ticket.c.created_by,
    ticket.c.assignee,
    ticket.c.priority,
).select_from(task.join(ticket, task.c.ticket_id == ticket.c.id))
_open_tasks_of = (
    select(*task_columns, candidates)
    .where(task.c.ticket_id == bindparam("ticket"), task.c.status == "open")
    .order_by(task.c.created_at, task.c.id)
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of tickets is narrowed to; every list of keys means one of them."""

    type: Sequence[str] = ()
    status: Sequence[str] = ()
    category: Sequence[str] = ()
    priority: Sequence[str] = ()
    assignee: Sequence[str] = ()  # "me", "none" or usernames
    group: Sequence[str] = ()  # "mine" or keys
    requester: Sequence[str] = ()
    watcher: str | None = None
    q: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    due_before: datetime | None = None
    sla: Sequence[str] = ()  # keys of SLA_STATES
    with_due: bool = False


@dataclass(frozen=True, slots=True)
class Detail:
    """One ticket with what its page shows."""

    row: Any
    version: Loaded
    tasks: Sequence[Any]
    on: policy.OnTicket
    links: Sequence[Any]
    watchers: Sequence[str]
    incidents: Sequence[Any]


def tickets(actor: Actor, wanted: Filter) -> Select[Any]:
    """The tickets that somebody may see, narrowed; to be ordered and cut by the caller."""
    statement = select(*list_columns).where(rights.visible(actor))
    for condition in _conditions(actor, wanted):
        statement = statement.where(condition)
    return statement


def _conditions(actor: Actor, wanted: Filter) -> Iterable[ColumnElement[bool]]:
    for column, keys in (
        (ticket.c.type, wanted.type),
        (ticket.c.status, wanted.status),
        (ticket.c.category, wanted.category),
        (ticket.c.priority, wanted.priority),
        (ticket.c.requester, [_me(actor, key) for key in wanted.requester]),
    ):
        if keys:
            yield _one_of(column, keys)
    if wanted.category and set(wanted.category) <= set(OPEN_CATEGORIES):
        yield ticket.c.closed_at.is_(None)  # says the same, and lets the indexes of queues be used
    if wanted.assignee:
        named = [_me(actor, key) for key in wanted.assignee if key != "none"]
        parts = [_one_of(ticket.c.assignee, named)] if named else []
        if "none" in wanted.assignee:
            parts.append(ticket.c.assignee.is_(None))
        yield or_(*parts)
    if wanted.group:
        keys = [key for key in wanted.group if key != "mine"]
        if "mine" in wanted.group:
            keys += sorted(actor.groups)
        yield ticket.c.group_key.in_(keys)
    if wanted.watcher is not None:
        followed = select(_watcher.c.ticket_id).where(
            _watcher.c.username == _me(actor, wanted.watcher)
        )
        yield ticket.c.id.in_(followed)
    if wanted.created_from is not None:
        yield ticket.c.created_at >= wanted.created_from
    if wanted.created_to is not None:
        yield ticket.c.created_at < wanted.created_to
    if wanted.due_before is not None:
        yield ticket.c.sla_due < wanted.due_before
    if wanted.due_before is not None or wanted.with_due or wanted.sla:
        yield ticket.c.closed_at.is_(None)
    if wanted.with_due:
        yield ticket.c.sla_due.is_not(None)
    if wanted.sla:
        now = clock.now()
        yield or_(*(SLA_STATES[state](now) for state in wanted.sla))
    if wanted.q:
        found = search.matching(db.engine.dialect.name, wanted.q)
        if found is not None:
            yield found


def _breached(now: datetime) -> ColumnElement[bool]:
    """Judged by the clock, not by when a worker came to write it down."""
    over = (ticket.c.sla_state == "running") & (ticket.c.sla_due < now)
    return or_(ticket.c.sla_state == "breached", over)


def _at_risk(now: datetime) -> ColumnElement[bool]:
    running = (ticket.c.sla_state == "running") & (ticket.c.sla_due >= now)
    return running & (ticket.c.sla_at_risk <= now)


def _due_today(now: datetime) -> ColumnElement[bool]:
    """Until midnight where the installation is."""
    here = now.astimezone(settings.current().time_zone)
    tomorrow = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    known = ticket.c.sla_state.is_not(None)
    return known & (ticket.c.sla_due >= now) & (ticket.c.sla_due < tomorrow)


SLA_STATES: Mapping[str, Callable[[datetime], ColumnElement[bool]]] = {
    "at_risk": _at_risk,
    "breached": _breached,
    "due_today": _due_today,
    "paused": lambda now: ticket.c.sla_state == "paused",
}


def _one_of(column: Any, keys: Sequence[str]) -> ColumnElement[bool]:
    # One key is compared, not listed, so that an index on (column, created_at) gives the order too.
    condition: ColumnElement[bool] = column == keys[0] if len(keys) == 1 else column.in_(keys)
    return condition


def _me(actor: Actor, key: str) -> str:
    return actor.username if key == "me" else key


def find(actor: Actor, number: str) -> tuple[Any, Loaded, policy.OnTicket]:
    """A ticket's row, version and rights; NotFound for one that somebody may not see."""
    connection = db.session.connection()
    statement = (
        select(*ticket.c, instance.c.visited, instance.c.status.label("process_status"))
        .select_from(ticket.outerjoin(instance, instance.c.ticket_id == ticket.c.id))
        .where(ticket.c.number == number)
    )
    row = connection.execute(statement).first()
    if row is None:
        raise NotFound(kind="ticket", id=number)
    version = catalogue.version(row.version_id)
    return row, version, rights.require_visible(connection, actor, row, version)


def get(actor: Actor, number: str) -> Detail:
    """One ticket with its open tasks, links, followers and process incidents."""
    row, version, on = find(actor, number)
    connection = db.session.connection()
    return Detail(
        row=row,
        version=version,
        tasks=open_tasks_of(connection, row.id),
        on=on,
        links=_links(connection, actor, row.id),
        watchers=connection.scalars(
            select(_watcher.c.username)
            .where(_watcher.c.ticket_id == row.id)
            .order_by(_watcher.c.username)
        ).all(),
        incidents=connection.execute(
            select(incident)
            .where(incident.c.ticket_id == row.id, incident.c.resolved_at.is_(None))
            .order_by(incident.c.id)
        ).all(),
    )


def open_tasks_of(connection: Connection, ticket_id: int) -> Sequence[Any]:
    """The open tasks of a ticket, with candidates, oldest first."""
    return connection.execute(_open_tasks_of, {"ticket": ticket_id}).all()


def _links(connection: Connection, actor: Actor, ticket_id: int) -> Sequence[Any]:
    """Links in both directions; of tickets that somebody may not see, nothing."""
    directions = []
    for here, there, outgoing in (
        (_link.c.ticket_id, _link.c.other_id, True),
        (_link.c.other_id, _link.c.ticket_id, False),
    ):
        directions.append(
            select(
                _link.c.kind,
                ticket.c.number,
                ticket.c.title,
                ticket.c.category,
                literal(outgoing).label("outgoing"),
            )
            .select_from(_link.join(ticket, ticket.c.id == there))
            .where(here == ticket_id, rights.visible(actor))
        )
    return connection.execute(directions[0].union_all(directions[1])).all()


def get_task(actor: Actor, task_id: str) -> tuple[Any, Loaded, OnTask]:
    """A task with its ticket's row; NotFound for one that somebody may not see."""
    connection = db.session.connection()
    row = connection.execute(
        select(*ticket.c, *task_columns, candidates)
        .select_from(task.join(ticket, task.c.ticket_id == ticket.c.id))
        .where(task.c.id == task_id)
    ).first()
    if row is None:
        raise NotFound(kind="task", id=task_id)
    version = catalogue.version(row.task_version_id)
    on = rights.on_task(row, version)
    if not policy.may(actor, "see_task", on):
        rights.require_visible(connection, actor, row, version)
    return row, version, on


def tasks(
    actor: Actor,
    *,
    assignee: str | None = None,
    group: str | None = None,
    number: str | None = None,
    due_before: datetime | None = None,
) -> Select[Any]:
    """The open tasks that somebody may see, narrowed; to be ordered and cut by the caller."""
    statement = _task_base.where(task.c.status == "open")
    if assignee == "me":
        seated = select(candidate.c.task_id).where(
            candidate.c.kind == "user", candidate.c.key == actor.username
        )
        mine = (task.c.kind == "approval") & task.c.id.in_(seated)
        statement = statement.where(or_(task.c.assignee == actor.username, mine))
    else:
        statement = statement.where(
            or_(
                rights.visible(actor),
                task.c.assignee == actor.username,
                task.c.id.in_(select(candidate.c.task_id).where(rights.named(actor))),
            )
        )
        if assignee == "none":
            statement = statement.where(task.c.assignee.is_(None))
        elif assignee is not None:
            statement = statement.where(task.c.assignee == assignee)
    if group is not None:
        keys = sorted(actor.groups) if group == "mine" else [group]
        statement = statement.where(
            task.c.id.in_(
                select(candidate.c.task_id).where(
                    candidate.c.kind == "group", candidate.c.key.in_(keys)
                )
            )
        )
    if number is not None:
        statement = statement.where(ticket.c.number == number)
    if due_before is not None:
        statement = statement.where(task.c.due < due_before)
    return statement


def counts(actor: Actor) -> Mapping[str, Any]:
    """How many open tickets stand in each queue of somebody's workspace."""
    connection = db.session.connection()
    mine_to_see = rights.visible(actor)
    is_open = ticket.c.closed_at.is_(None)

    def by(column: Any, *conditions: Any) -> dict[str, int]:
        rows = connection.execute(
            select(column, func.count()).where(is_open, *conditions).group_by(column)
        )
        return {key: number for key, number in rows if key is not None}

    categories = by(ticket.c.category, mine_to_see)
    total = sum(categories.values())
    assigned = by(ticket.c.assignee, ticket.c.assignee == actor.username, mine_to_see)
    groups = (
        by(ticket.c.group_key, ticket.c.group_key.in_(sorted(actor.groups)), mine_to_see)
        if actor.groups
        else {}
    )
    unassigned = connection.scalar(
        select(func.count())
        .select_from(ticket)
        .where(is_open, ticket.c.assignee.is_(None), mine_to_see)
    )
    now = clock.now()
    asked = (_at_risk(now), _breached(now), _due_today(now))
    at_risk, overdue, due_today = connection.execute(
        select(*(func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in asked)).where(
            is_open, ticket.c.sla_state.is_not(None), mine_to_see
        )
    ).one()
    return {
        "all": total,
        "at_risk": at_risk,
        "overdue": overdue,
        "due_today": due_today,
        "mine": assigned.get(actor.username, 0),
        "unassigned": unassigned,
        "groups": {key: groups.get(key, 0) for key in sorted(actor.groups)},
        "categories": {key: categories.get(key, 0) for key in OPEN_CATEGORIES},
    }


def history_of(actor: Actor, number: str) -> tuple[Loaded, Select[Any]]:
    """The facts of a ticket; what concerns internal notes only for those who may read them."""
    row, version, on = find(actor, number)
    statement = select(history).where(history.c.ticket_id == row.id)
    if not policy.may(actor, "see_internal", on):
        internal = history.c.data["visibility"].as_string() == "internal"
        statement = statement.where(or_(~history.c.kind.in_(_MAYBE_INTERNAL), ~internal))
    return version, statement


def comments_of(actor: Actor, number: str) -> Select[Any]:
    """The conversation on a ticket, as far as somebody may read it."""
    row, _, on = find(actor, number)
    statement = select(comment).where(comment.c.ticket_id == row.id)
    if not policy.may(actor, "see_internal", on):
        statement = statement.where(comment.c.visibility == "public")
    return statement


def files_of(actor: Actor, number: str) -> Select[Any]:
    """The files of a ticket, as far as somebody may see them."""
    row, _, on = find(actor, number)
    statement = select(file).where(file.c.ticket_id == row.id)
    if not policy.may(actor, "see_internal", on):
        statement = statement.where(file.c.visibility == "public")
    return statement


def process_incidents(actor: Actor, *, resolved: bool = False) -> Select[Any]:
    """The steps that are stuck, newest first; with `resolved` those that were."""
    policy.require(actor, "see_process_incidents")
    done = incident.c.resolved_at.is_not(None) if resolved else incident.c.resolved_at.is_(None)
    return (
        select(incident, ticket.c.number, ticket.c.title, ticket.c.type, ticket.c.version_id)
        .select_from(incident.join(ticket, incident.c.ticket_id == ticket.c.id))
        .where(done)
    )
