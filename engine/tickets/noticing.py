"""Making notices of what happened to a ticket: a change asks for a job, the job tells people."""

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.db import Base, db
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.errors import InputError, InvalidInput, NotFound
from engine.jobs import handlers, queue
from engine.jobs.models import NORMAL, URGENT
from engine.notify import concern, dispatch, rules, templates
from engine.notify.occasion import Fact, Occasion
from engine.notify.templates import Rendered
from engine.processes.models import History
from engine.rows import Sender
from engine.tickets import rating_links, rights
from engine.tickets.locking import candidate, task, ticket
from engine.tickets.models import Comment, Watcher
from workflows import notifications

if TYPE_CHECKING:
    from engine.tickets.change import Change

JOB = "notify"

_history = Base.metadata.tables[History.__tablename__]
_watcher = Base.metadata.tables[Watcher.__tablename__]
_comment = Base.metadata.tables[Comment.__tablename__]

_ticket = select(ticket).where(ticket.c.id == bindparam("key"))
_by_number = select(ticket).where(ticket.c.number == bindparam("key"))
_facts = (
    select(_history)
    .where(
        _history.c.ticket_id == bindparam("key"),
        _history.c.seq.between(bindparam("first"), bindparam("last")),
        _history.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(_history.c.seq)
)
_watchers = select(_watcher.c.username).where(_watcher.c.ticket_id == bindparam("key"))
_candidates = (
    select(candidate.c.kind, candidate.c.key)
    .join(task, task.c.id == candidate.c.task_id)
    .where(task.c.ticket_id == bindparam("key"), task.c.status == "open")
    .where(candidate.c.kind.in_(("user", "group")))
    .distinct()
)
_body = select(_comment.c.body).where(_comment.c.id == bindparam("key"))


def follow(change: "Change") -> None:
    """Asks for a job when a rule could speak of something that the change noted."""
    change.later.append(partial(_ask, change))


def _ask(change: "Change", sender: Sender, ticket_id: int) -> None:
    compiled = rules.of(change.version)
    if not concern.could_reach(compiled, change.noted, change.now, change.actor.username):
        return
    before = getattr(change.row, "history_seq", 0)  # a new ticket has none yet
    payload = {"ticket": ticket_id, "first": before + 1, "last": before + change.facts}
    urgent = change.now("priority") == "P0"
    lane = URGENT if urgent else NORMAL
    queue.enqueue_many(
        sender, [queue.Entry(JOB, payload, lane=lane, order_key=f"notify:{ticket_id}")]
    )


@handlers.register(JOB, together=True)
def tell(job_id: int, payload: dict[str, Any]) -> None:
    """Tells people of a range of a ticket's facts."""
    connection = db.session.connection()
    key = {"key": payload["ticket"]}
    row = connection.execute(_ticket, key).first()
    if row is None:
        return
    version = catalogue.version(row.version_id)
    span = {"first": payload["first"], "last": payload["last"]}
    kinds = list(rules.of(version).by_kind)
    facts = [
        Fact(one.seq, one.kind, one.actor, one.at, one.element, one.data or {})
        for one in connection.execute(_facts, {**key, **span, "kinds": kinds})
    ]

    def place(name: str) -> Sequence[str]:
        if name == "watchers":
            return [f"user:{who}" for who in connection.scalars(_watchers, key)]
        return [f"{one.kind}:{one.key}" for one in connection.execute(_candidates, key)]

    def said(fact: Fact) -> str | None:
        if fact.kind != "comment_added":
            return None
        body: str | None = connection.scalar(_body, {"key": fact.data.get("comment")})
        return body

    step, rated = partial(_step, version), partial(rating_links.address, row)
    dispatch.tell(connection, Occasion(row, version, facts, place, step, said, rated))


def preview(
    actor: Actor,
    *,
    text: str | None,
    type_key: str | None,
    template: str | None,
    number: str | None,
    language: str,
) -> Rendered:
    """The words of a template for the caller, on a ticket that he may see or on a made-up one.

    `text` is a template that is being written; else it is one of a type's newest version. Raises
    InvalidInput with the place of a hole that cannot be filled.
    """
    policy.require(actor, "edit_drafts")
    connection = db.session.connection()
    if number is not None:
        row: Any = connection.execute(_by_number, {"key": number}).first()
        if row is None:
            raise NotFound(kind="ticket", id=number)
        version = catalogue.version(row.version_id)
        rights.require_visible(connection, actor, row, version)
    elif type_key is not None:
        version = catalogue.newest(type_key)
        row = _made_up(version, actor)
    else:
        raise InvalidInput.at("/type", "required")
    if text is not None:
        chosen = notifications.read_template(text)
        _require_fillable(text, rules.of(version).names)
    else:
        written = rules.of(version).templates.get(template or "")
        if written is None:
            raise NotFound(kind="template", id=template or "")
        chosen = templates.chosen(written, language)
    fact = Fact(1, "status_changed", actor.username, clock.now(), None, {"after": row.status})
    occasion = Occasion(
        row,
        version,
        (fact,),
        lambda name: (),
        partial(_step, version),
        lambda fact: None,
        partial(rating_links.address, row),
    )
    return dispatch.words(connection, occasion, fact, actor, chosen, language)


def _require_fillable(text: str, names: frozenset[str]) -> None:
    wrong = [
        InputError("/text", finding.code, finding.params)
        for finding in notifications.check_text("", text, names)
    ]
    if wrong:
        raise InvalidInput(wrong)


def _made_up(version: Loaded, actor: Actor) -> Any:
    first = version.manifest.first_status
    return SimpleNamespace(
        id=0,
        number=f"{version.key.upper()}-1",
        type=version.key,
        title=version.name(actor.language),
        priority="P3",
        status=first.key,
        category=first.category,
        requester=actor.username,
        created_by=actor.username,
        assignee=actor.username,
        group_key=None,
        values={},
        created_at=clock.now(),
        closed_at=None,
    )


def _step(version: Loaded, element: str | None, language: str) -> str | None:
    """The name of an element in a language, the one of the diagram where it has no other."""
    if element is None:
        return None
    settings = version.steps.get(element)
    if settings is not None and language in settings.names:
        return str(settings.names[language])
    return version.derived(_drawn).get(element, element)


def _drawn(version: Loaded) -> dict[str, str]:
    return {
        element.id: element.name
        for process in version.processes.values()
        for element in process.elements.values()
        if element.name
    }
