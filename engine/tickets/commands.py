"""What happens to a ticket as a whole: it is created, edited, talked about, followed, linked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.assignment import loads
from engine.db import Base, db
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.errors import (
    InputError,
    InvalidInput,
    NotFound,
    NothingWaits,
    StaleVersion,
    TicketClosed,
)
from engine.processes.execution import Execution, Outcome
from engine.processes.runtime import ProcessFault
from engine.rows import Batch
from engine.sla import agreement
from engine.tickets import (
    answers,
    due,
    incidents,
    locking,
    mentions,
    numbers,
    people,
    rights,
    running,
    search,
)
from engine.tickets.answers import MAX_TITLE, PRIORITIES
from engine.tickets.change import Change
from engine.tickets.locking import ticket, wait
from engine.tickets.models import Comment, TicketLink, Watcher
from engine.uow import command

LINKS = ("relates", "duplicates", "blocks", "causes", "parent")
MAX_COMMENT = 20_000

_comment = Base.metadata.tables[Comment.__tablename__]
_watcher = Base.metadata.tables[Watcher.__tablename__]
_link = Base.metadata.tables[TicketLink.__tablename__]
_insert_ticket = insert(ticket)
_insert_comment = insert(_comment).returning(_comment.c.id)
_waiting = select(wait.c.id, wait.c.correlation).where(
    wait.c.ticket_id == bindparam("ticket"),
    wait.c.kind == "message",
    wait.c.name == bindparam("message"),
)

_by_key = (
    select(wait.c.id, wait.c.ticket_id)
    .where(
        wait.c.kind == "message",
        wait.c.name == bindparam("message"),
        wait.c.correlation == bindparam("key"),
    )
    .order_by(wait.c.created_at, wait.c.id)
    .limit(1)
)


@dataclass(slots=True)
class NewTicket:
    """A ticket before its row is written, with the columns that a change and a scope look at."""

    number: str
    type: str
    version_id: int
    title: str
    status: str
    category: str
    priority: str
    requester: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    values: dict[str, Any]
    assignee: str | None = None
    group_key: str | None = None
    closed_at: datetime | None = None
    id: int | None = None
    rev: int = 1
    clocks: dict[str, Any] | None = None
    sla_due: datetime | None = None
    sla_state: str | None = None
    sla_at_risk: datetime | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """A new ticket with the change that made it; `outcome` is None when its process is stuck."""

    change: Change
    outcome: Outcome | None


@command
def create(
    actor: Actor,
    type_key: str,
    title: str,
    values: Mapping[str, Any],
    *,
    on_behalf_of: str | None = None,
    priority: str | None = None,
) -> Created:
    """Creates a ticket and starts its process.

    A process that cannot take its first steps does not lose the ticket: it stays at its start with
    a process incident. Raises NotFound, VersionRetired, NotAllowed, InvalidInput.
    """
    connection = db.session.connection()
    version = catalogue.newest(type_key, actor)
    policy.require(actor, "submit", version.access)
    requester = actor.username
    if on_behalf_of is not None and on_behalf_of != actor.username:
        policy.require(actor, "submit_on_behalf")
        people.require_active(connection, on_behalf_of, "/on_behalf_of")
        requester = on_behalf_of
    if priority is not None:
        policy.require(actor, "set_priority")
    first = version.manifest.first_status
    at = clock.now()
    row = NewTicket(
        number="",
        type=version.key,
        version_id=version.id,
        title=_title(title),
        status=first.key,
        category=first.category,
        priority=_priority(priority or "P3"),
        requester=requester,
        created_by=actor.username,
        created_at=at,
        updated_at=at,
        values={},
    )
    asked = Change(actor, row, version, at)
    form = version.intake
    if form is not None:
        answers.judge(connection, asked, form, values)
    elif values:
        raise InvalidInput(
            [InputError(f"/values/{key}", "step-without-form") for key in sorted(values)[:50]]
        )
    for column, value in asked.columns.items():
        setattr(row, column, value)
    row.clocks = agreement.begun(connection, version, requester, row.values, at)
    change = Change(actor, row, version, at)
    change.claims = asked.claims
    row.number, row.id = numbers.take(connection, version.manifest.number, at)
    change.fact("ticket_created", title=row.title, priority=row.priority, requester=requester)
    execution, outcome, fault = _start(connection, change)
    if fault is not None:
        change.fact("process_incident_opened", fault.element, code=fault.code)
    change.follow()
    batch = Batch(connection)
    ticket_id = _insert_row(connection, batch, change)
    urgent = change.now("priority") == "P0"
    weight = loads.weight_of(change.now("priority"))
    execution.write(batch, ticket_id, outcome, at, urgent=urgent, new=True, weight=weight)
    if fault is not None:
        incidents.write(
            batch, change, ticket_id, fault.code, fault.element, fault.params, {"do": "run"}
        )
    change.save(batch, new=True)
    search.index(batch, ticket_id, row.number, row.title, row.values)
    batch.send()
    return Created(change, None if fault else outcome)


def _start(
    connection: Connection, change: Change
) -> tuple[Execution, Outcome, ProcessFault | None]:
    """The process after its first run, or, when that faults, before its first step."""
    version, here = change.version, running.host(change)
    execution = Execution.begin(version, {}, here)
    try:
        execution.instance.run()
        return execution, running.settle(connection, change, execution), None
    except ProcessFault as fault:
        execution = Execution.begin(version, {}, here)
        return execution, running.settle(connection, change, execution), fault


def _insert_row(connection: Connection, batch: Batch, change: Change) -> int:
    row: NewTicket = change.row
    for column, value in change.columns.items():
        setattr(row, column, value)
    values = {name: getattr(row, name) for name in NewTicket.__slots__ if name != "id"}
    values["history_seq"] = change.facts
    if row.id is not None:
        batch.execute(_insert_ticket, {"id": row.id, **values})
        return row.id
    row.id = connection.execute(_insert_ticket.returning(ticket.c.id), values).scalar_one()
    return row.id


@command
def edit(
    actor: Actor,
    number: str,
    *,
    title: str | None = None,
    priority: str | None = None,
    values: Mapping[str, Any] | None = None,
    rev: int | None = None,
) -> Change:
    """Changes title, priority or answers of the intake form; history says what changed."""
    connection = db.session.connection()
    row, version, on = _visible(connection, actor, number)
    policy.require(actor, "edit_ticket", on)
    if rev is not None and rev != row.rev:
        raise StaleVersion(kind="ticket", id=number, expected=rev, found=row.rev)
    if row.category in ("closed", "cancelled"):
        raise TicketClosed(number=number)
    change = Change(actor, row, version, clock.now())
    if title is not None and change.put("title", _title(title)):
        change.fact("title_changed", before=row.title, after=change.now("title"))
    if priority is not None and change.put("priority", _priority(priority)):
        change.fact("priority_changed", before=row.priority, after=priority)
    if values:
        form = version.intake
        if form is None:
            raise InvalidInput.at("/values", "step-without-form")
        answers.judge(connection, change, form, values)
        after = change.now("values")
        changed = sorted(
            key for key in {*after, *row.values} if after.get(key) != row.values.get(key)
        )
        if changed:
            change.fact("values_changed", fields=changed)
    if change.facts:
        change.save(connection)
        if "priority" in change.columns:
            loads.weigh_all(connection, row.id, loads.weight_of(change.now("priority")))
        search.add(connection, row.id, change.now("title"), change.now("values"))
    return change


@command
def comment(actor: Actor, number: str, body: str, visibility: str = "public") -> int:
    """Says something on a ticket; the new comment's id."""
    connection = db.session.connection()
    row, version, on = _visible(connection, actor, number)
    policy.require(actor, "comment" if visibility == "public" else "comment_internally", on)
    text = body.strip()
    if not text:
        raise InvalidInput.at("/body", "required")
    if len(text) > MAX_COMMENT:
        raise InvalidInput.at("/body", "too-long", max=MAX_COMMENT)
    change = Change(actor, row, version, clock.now())
    comment_id: int = connection.execute(
        _insert_comment,
        {
            "ticket_id": row.id,
            "author": actor.username,
            "visibility": visibility,
            "body": text,
            "created_at": change.at,
        },
    ).scalar_one()
    change.fact("comment_added", comment=comment_id, visibility=visibility)
    if "@" in text and policy.may(actor, "add_watcher", on):
        mentions.take(connection, change, text)
    change.save(connection)
    if visibility == "public":
        search.add(connection, row.id, text)
    return comment_id


@command
def watch(actor: Actor, number: str, username: str) -> None:
    """Makes somebody follow a ticket; a second time does nothing."""
    connection = db.session.connection()
    row, version, on = _visible(connection, actor, number)
    policy.require(actor, "watch" if username == actor.username else "add_watcher", on)
    people.require_active(connection, username, "/username")
    there = (_watcher.c.ticket_id == row.id) & (_watcher.c.username == username)
    if connection.scalar(select(_watcher.c.username).where(there)):
        return
    connection.execute(insert(_watcher), {"ticket_id": row.id, "username": username})
    change = Change(actor, row, version, clock.now())
    change.fact("watcher_added", username=username)
    change.save(connection)


@command
def unwatch(actor: Actor, number: str, username: str) -> None:
    """Ends somebody's following of a ticket."""
    connection = db.session.connection()
    row, version, on = _visible(connection, actor, number)
    policy.require(actor, "watch" if username == actor.username else "add_watcher", on)
    gone = connection.execute(
        delete(_watcher).where(_watcher.c.ticket_id == row.id, _watcher.c.username == username)
    )
    if gone.rowcount:
        change = Change(actor, row, version, clock.now())
        change.fact("watcher_removed", username=username)
        change.save(connection)


@command
def link(actor: Actor, number: str, other_number: str, kind: str) -> None:
    """Says that a ticket has to do with another; both keep it in their history."""
    connection = db.session.connection()
    if kind not in LINKS:
        raise InvalidInput.at("/kind", "not-a-choice", choices=", ".join(LINKS))
    if number == other_number:
        raise InvalidInput.at("/number", "link-to-itself")
    # Locked in one order whatever the link's direction, so that two never wait in a ring.
    first, second = sorted((number, other_number))
    rows = {one: _visible(connection, actor, one) for one in (first, second)}
    row, version, on = rows[number]
    other, other_version, _ = rows[other_number]
    policy.require(actor, "link", on)
    key = {"ticket_id": row.id, "other_id": other.id, "kind": kind}
    there = [_link.c[name] == value for name, value in key.items()]
    if connection.scalar(select(_link.c.kind).where(*there)):
        return
    at = clock.now()
    connection.execute(insert(_link), {**key, "created_by": actor.username, "created_at": at})
    for one, its_version, far in ((row, version, other), (other, other_version, row)):
        change = Change(actor, one, its_version, at)
        change.fact("link_added", to=far.number, link=kind, outgoing=one is row)
        change.save(connection)


@command
def unlink(actor: Actor, number: str, other_number: str, kind: str) -> None:
    """Takes a link away again."""
    connection = db.session.connection()
    first, second = sorted((number, other_number))
    rows = {one: _visible(connection, actor, one) for one in (first, second)}
    row, version, on = rows[number]
    other, other_version, _ = rows[other_number]
    policy.require(actor, "link", on)
    gone = connection.execute(
        delete(_link).where(
            _link.c.ticket_id == row.id, _link.c.other_id == other.id, _link.c.kind == kind
        )
    )
    if not gone.rowcount:
        raise NotFound(kind="link", id=f"{number} {kind} {other_number}")
    for one, its_version, far in ((row, version, other), (other, other_version, row)):
        change = Change(actor, one, its_version, clock.now())
        change.fact("link_removed", to=far.number, link=kind)
        change.save(connection)


@command
def correlate(actor: Actor, name: str, correlation: str, payload: Mapping[str, Any]) -> str:
    """Delivers a BPMN message to the ticket that waits for it by key; the ticket's number."""
    connection = db.session.connection()
    found = connection.execute(_by_key, {"message": name, "key": correlation}).first()
    if found is None:
        raise NothingWaits(name=name, number=correlation)
    row = locking.by_id(connection, found.ticket_id)
    version = catalogue.version(row.version_id)
    on = rights.require_visible(connection, actor, row, version)
    policy.require(actor, "send_message", on)
    deliver(connection, actor, row, version, found.id, name, payload)
    return str(row.number)


@command
def send_message(actor: Actor, number: str, name: str, payload: Mapping[str, Any]) -> None:
    """Delivers a BPMN message to a ticket that waits for it; raises NothingWaits otherwise."""
    connection = db.session.connection()
    row, version, on = _visible(connection, actor, number)
    policy.require(actor, "send_message", on)
    found = connection.execute(_waiting, {"ticket": row.id, "message": name}).first()
    if found is None:
        raise NothingWaits(name=name, number=number)
    deliver(connection, actor, row, version, found.id, name, payload)


def deliver(
    connection: Connection,
    actor: Actor,
    row: Row[Any],
    version: Loaded,
    wait_id: str,
    name: str,
    payload: Mapping[str, Any],
) -> None:
    """Hands a message to one wait of a locked ticket."""
    change = Change(actor, row, version, clock.now())
    retry = {"do": "message", "wait": wait_id, "name": name, "payload": dict(payload)}
    try:
        delivered = due.attempt(connection, change, due.message(wait_id, name, payload))
    except ProcessFault as fault:
        raise incidents.stuck(row.id, row.number, fault, retry) from fault
    if not delivered:
        raise NothingWaits(name=name, number=row.number)


def _visible(
    connection: Connection, actor: Actor, number: str
) -> tuple[Row[Any], Loaded, policy.OnTicket]:
    row = locking.by_number(connection, number)
    version = catalogue.version(row.version_id)
    return row, version, rights.require_visible(connection, actor, row, version)


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise InvalidInput.at("/title", "required")
    if len(title) > MAX_TITLE:
        raise InvalidInput.at("/title", "too-long", max=MAX_TITLE)
    return title


def _priority(priority: str) -> str:
    if priority not in PRIORITIES:
        raise InvalidInput.at("/priority", "not-a-choice", choices=", ".join(PRIORITIES))
    return priority
