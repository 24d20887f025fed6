"""Tickets: create, list, read, edit; their history, diagram, links, followers and messages."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from api import clocks, presenting
from api.auth import actor
from api.http import expected_version, instant, json_response, language
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import tickets as schemas
from api.schemas.base import ListQuery
from engine.access import policy
from engine.db import db
from engine.deployments import catalogue
from engine.paging import cut, seek
from engine.tickets import commands, diagrams, people, queries
from engine.tickets.locking import ticket as table
from workflows.documents import as_text
from workflows.texts import sentence

blueprint = Blueprint("tickets", description="Tickets and what happens to them")

_SORTS = {
    "created_at": (table.c.created_at, table.c.id),
    "updated_at": (table.c.updated_at, table.c.id),
    "priority": (table.c.priority, table.c.created_at, table.c.id),
    "due": (table.c.sla_due, table.c.id),
}
_LISTS = ("type", "status", "category", "priority", "assignee", "group", "requester")


@blueprint.route("/tickets", methods=["GET"])
@blueprint.arguments(schemas.TicketQuerySchema, location="query")
@blueprint.response(200, schemas.TicketList)
def list_tickets(args: dict[str, Any]) -> Response:
    """The tickets that the caller may see, narrowed and ordered."""
    who, shown_in = actor(), language()
    wanted = queries.Filter(
        **{name: _keys(args.get(name)) for name in _LISTS},
        watcher=args.get("watcher"),
        q=args.get("q"),
        created_from=args.get("created_from"),
        created_to=args.get("created_to"),
        due_before=args.get("due_before"),
        sla=args.get("sla") or (),
        with_due=args["sort"].lstrip("-") == "due",
    )
    order = args["sort"]
    keys = _SORTS[order.lstrip("-")]
    part = window(args, order)
    statement = seek(queries.tickets(who, wanted), keys, part, descending=order.startswith("-"))
    connection = db.session.connection()
    page = cut(
        connection.execute(statement).all(),
        part,
        lambda row: tuple(getattr(row, key.name) for key in keys),
    )
    names = people.names(connection, presenting.usernames(page.items), shown_in)
    return json_response(listing(page.map(lambda row: _row(row, names, shown_in)), order))


def _row(row: Any, names: Mapping[str, str], shown_in: str) -> dict[str, Any]:
    version = catalogue.version(row.version_id)
    return {
        **presenting.row(row, version, shown_in),
        "requester_name": names.get(row.requester),
        "assignee_name": names.get(row.assignee),
        "progress": presenting.progress(version, row.status, shown_in),
        "clocks": clocks.shown(row, version, shown_in),
    }


def _keys(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in (text or "").split(",") if part))[:50]


@blueprint.route("/tickets", methods=["POST"])
@blueprint.body(schemas.NewTicketSchema())
@blueprint.response(201, schemas.TicketSchema)
def create_ticket(given: dict[str, Any]) -> Response:
    """Creates a ticket and starts its process."""
    who, shown_in = actor(), language()
    created = commands.create(
        who,
        given["type"],
        given["title"],
        given["values"],
        on_behalf_of=given.get("on_behalf_of"),
        priority=given.get("priority"),
    )
    change = created.change
    row, version = change.row, change.version
    on = policy.OnTicket(row, version.access)
    tasks = []
    for opening in created.outcome.opened if created.outcome else ():
        shown = presenting.opened(opening, row.number, version, change.at, shown_in)
        task_on = policy.OnTask(on, opening.assignee, opening.candidates)
        tasks.append({**shown, "may": presenting.may_on(who, task_on, open_=True)})
    body = {
        **presenting.row(row, version, shown_in),
        "values": row.values,
        "tasks": tasks,
        "links": [],
        "watchers": [],
        "watching": False,
        "may": policy.allowed(who, queries.TICKET_ACTIONS, on),
        "process_incidents": [],
        "clocks": clocks.shown(row, version, shown_in),
        "progress": presenting.progress(version, row.status, shown_in),
    }
    return json_response(body, 201, etag="1", headers={"Location": f"/api/v1/tickets/{row.number}"})


@blueprint.route("/tickets/counts", methods=["GET"])
@blueprint.response(200, schemas.CountsSchema)
def count_tickets() -> Response:
    """How many open tickets stand in each of the caller's queues."""
    return json_response(queries.counts(actor()))


@blueprint.route("/tickets/<number>", methods=["GET"])
@blueprint.response(200, schemas.TicketSchema)
def get_ticket(number: str) -> Response:
    """One ticket with its answers, open tasks, links and process incidents."""
    return _detail(number)


def _detail(number: str) -> Response:
    who, shown_in = actor(), language()
    found = queries.get(who, number)
    row, version = found.row, found.version
    staff = policy.may(who, "see_internal", found.on)
    named = {row.requester, row.created_by, row.assignee, *found.watchers}
    named |= {one.task_assignee for one in found.tasks}
    names = people.names(db.session.connection(), named, shown_in)
    tasks = [
        presenting.task(
            one,
            row.number,
            version,
            presenting.may_on(
                who,
                policy.OnTask(
                    found.on, one.task_assignee, tuple((one.task_candidates or "").split())
                ),
                open_=True,
            ),
            shown_in,
        )
        for one in found.tasks
    ]
    body = {
        **presenting.row(row, version, shown_in),
        "requester_name": names.get(row.requester),
        "assignee_name": names.get(row.assignee),
        "values": presenting.answers(row.values, version, staff),
        "form": presenting.fields(version, staff),
        "tasks": tasks,
        "links": [
            {
                "number": link.number,
                "kind": link.kind,
                "title": link.title,
                "category": link.category,
                "outgoing": bool(link.outgoing),
            }
            for link in found.links
        ],
        "watchers": list(found.watchers),
        "watching": who.username in found.watchers,
        "may": policy.allowed(who, queries.TICKET_ACTIONS, found.on),
        "process_incidents": [_incident(one, found, shown_in) for one in found.incidents],
        "clocks": clocks.shown(row, version, shown_in),
        "progress": presenting.progress(version, row.status, shown_in),
        "people": names,
    }
    return json_response(body, etag=str(row.rev))


def _incident(one: Any, found: queries.Detail, shown_in: str) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "element": one.element,
        "element_name": presenting.element_name(found.version, one.element, shown_in),
        "code": one.code,
        "detail": sentence("api", shown_in, f"incident.{one.code}", one.params),
    }


@blueprint.route("/tickets/<number>", methods=["PATCH"])
@blueprint.arguments(schemas.TicketPatchSchema)
@blueprint.response(200, schemas.TicketSchema)
def edit_ticket(given: dict[str, Any], number: str) -> Response:
    """Changes title, priority or answers; If-Match names the version that the caller saw."""
    commands.edit(actor(), number, rev=expected_version(), **given)
    return _detail(number)


@blueprint.route("/tickets/<number>/history", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, schemas.FactList)
def get_history(args: dict[str, Any], number: str) -> Response:
    """Every fact about a ticket, in order."""
    shown_in = language()
    version, statement = queries.history_of(actor(), number)
    part = window(args)
    connection = db.session.connection()
    rows = connection.execute(seek(statement, [queries.history.c.seq], part)).all()
    page = cut(rows, part, lambda row: (row.seq,))
    names = people.names(connection, {row.actor for row in page.items}, shown_in)

    def show(row: Any) -> dict[str, Any]:
        shown = presenting.fact(row, version, shown_in)
        return {**shown, "actor_name": names.get(row.actor, row.actor)}

    return json_response(listing(page.map(show)))


@blueprint.route("/tickets/<number>/diagram", methods=["GET"])
@blueprint.response(200, schemas.DiagramSchema)
def get_diagram(number: str) -> Response:
    """The process of a ticket as it was drawn, with its tokens and the way it took."""
    shown_in = language()
    found = diagrams.diagram(actor(), number)
    version = found.version
    main = next(iter(version.processes.values()))
    return json_response(
        {
            "bpmn": as_text(version.package.process),
            "active": list(found.active),
            "visited": dict(found.visited),
            "incidents": [
                {
                    "id": str(one.id),
                    "element": one.element,
                    "detail": sentence("api", shown_in, f"incident.{one.code}", one.params),
                }
                for one in found.incidents
            ],
            "timers": [{"element": one.element, "due": instant(one.due)} for one in found.timers],
            "names": {
                key: presenting.element_name(version, key, shown_in) for key in main.elements
            },
        }
    )


@blueprint.route("/tickets/<number>/messages", methods=["POST"])
@blueprint.arguments(schemas.MessageSchema)
@blueprint.response(200, schemas.TicketSchema)
def send_message(given: dict[str, Any], number: str) -> Response:
    """Delivers a BPMN message to this ticket."""
    commands.send_message(actor(), number, given["name"], given["payload"])
    return _detail(number)


@blueprint.route("/messages", methods=["POST"])
@blueprint.arguments(schemas.CorrelatedMessageSchema)
@blueprint.response(200, schemas.TicketSchema)
def correlate_message(given: dict[str, Any]) -> Response:
    """Delivers a BPMN message to the ticket that waits for its key."""
    number = commands.correlate(actor(), given["name"], given["correlation"], given["payload"])
    return _detail(number)


@blueprint.route("/tickets/<number>/watchers", methods=["POST"])
@blueprint.arguments(schemas.WatcherSchema)
@blueprint.response(204)
def add_watcher(given: dict[str, Any], number: str) -> ResponseReturnValue:
    """Makes somebody follow a ticket."""
    commands.watch(actor(), number, given["username"])
    return "", 204


@blueprint.route("/tickets/<number>/watchers/<username>", methods=["PUT"])
@blueprint.response(204)
def put_watcher(number: str, username: str) -> ResponseReturnValue:
    """Makes somebody follow a ticket; repeating changes nothing."""
    commands.watch(actor(), number, username)
    return "", 204


@blueprint.route("/tickets/<number>/watchers/<username>", methods=["DELETE"])
@blueprint.response(204)
def remove_watcher(number: str, username: str) -> ResponseReturnValue:
    """Ends somebody's following."""
    commands.unwatch(actor(), number, username)
    return "", 204


@blueprint.route("/tickets/<number>/links", methods=["POST"])
@blueprint.arguments(schemas.LinkSchema)
@blueprint.response(204)
def add_link(given: dict[str, Any], number: str) -> ResponseReturnValue:
    """Says that this ticket has to do with another."""
    commands.link(actor(), number, given["number"], given["kind"])
    return "", 204


@blueprint.route("/tickets/<number>/links/<kind>/<other>", methods=["DELETE"])
@blueprint.response(204)
def remove_link(number: str, kind: str, other: str) -> ResponseReturnValue:
    """Takes a link away again."""
    commands.unlink(actor(), number, other, kind)
    return "", 204
