"""Working on one ticket: who else looks, moves, similar ones, merging, parts, work done, texts."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from api import presenting
from api.auth import actor
from api.http import identifier, instant, json_response, language
from api.openapi import Blueprint
from api.schemas import workspace as schemas
from engine import clock, settings
from engine.db import db
from engine.deployments import catalogue
from engine.tickets import (
    canned,
    children,
    duplicates,
    merging,
    moving_on,
    people,
    presence,
    queries,
    worklog,
)

blueprint = Blueprint("working", description="Working on one ticket, and beside each other")


@blueprint.route("/tickets/<number>/presence", methods=["POST"])
@blueprint.arguments(schemas.LookIn)
@blueprint.response(200, schemas.LookersOut)
def look(given: dict[str, Any], number: str) -> Response:
    """Notes that the caller has the ticket open and which version he saw; who else has it open."""
    others = presence.look(actor(), number, given["rev"], given["doing"])
    names = people.names(db.session.connection(), {one.username for one in others}, language())
    shown = [
        {
            "username": one.username,
            "name": names.get(one.username, one.username),
            "doing": one.doing,
        }
        for one in others
    ]
    return json_response({"others": shown})


@blueprint.route("/tickets/seen", methods=["GET"])
@blueprint.arguments(schemas.SeenQuery, location="query")
@blueprint.response(200, schemas.SeenOut)
def list_seen(args: dict[str, Any]) -> Response:
    """Which versions of tickets the caller saw last, to mark what is unread."""
    return json_response({"revs": presence.revs(actor(), args["numbers"])})


@blueprint.route("/tickets/similar", methods=["GET"])
@blueprint.arguments(schemas.SimilarQuery, location="query")
@blueprint.response(200, schemas.SimilarListOut)
def list_similar(args: dict[str, Any]) -> Response:
    """Open tickets that a new one with this title may repeat."""
    shown_in = language()
    found = duplicates.similar(
        actor(), args["title"], asset=args.get("asset"), requester=args.get("requester")
    )
    connection = db.session.connection()
    names = people.names(connection, presenting.usernames(one.row for one in found), shown_in)
    items = [
        {
            **presenting.row(one.row, catalogue.version(one.row.version_id), shown_in),
            "requester_name": names.get(one.row.requester),
            "assignee_name": names.get(one.row.assignee),
            "why": list(one.why),
        }
        for one in found
    ]
    return json_response({"similar": items})


@blueprint.route("/tickets/<number>/moves", methods=["GET"])
@blueprint.response(200, schemas.MovesOut)
def list_moves(number: str) -> Response:
    """Which statuses the buttons of the open steps lead to, for the caller, now."""
    shown_in = language()
    version, _, offered = moving_on.moves(actor(), number)
    items = []
    for one in offered:
        category = version.status(one.status).category
        labels = {b["key"]: b["label"] for b in presenting.actions(version, one.element, shown_in)}
        items.append(
            {
                "status": presenting.status(version, one.status, category, shown_in),
                "task": one.task,
                "element": one.element,
                "action": one.action,
                "label": labels.get(one.action or ""),
                "asks": one.asks,
            }
        )
    return json_response({"moves": items})


@blueprint.route("/tickets/<number>/moves", methods=["POST"])
@blueprint.arguments(schemas.MoveIn)
@blueprint.response(204)
def make_move(given: dict[str, Any], number: str) -> ResponseReturnValue:
    """Presses the button that leads to a status; refused where the process has none."""
    moving_on.move(actor(), number, given["status"])
    return "", 204


@blueprint.route("/tickets/<number>/merge", methods=["POST"])
@blueprint.arguments(schemas.MergeIn)
@blueprint.response(204)
def merge(given: dict[str, Any], number: str) -> ResponseReturnValue:
    """Closes this ticket as a duplicate of another, which gets what was said here."""
    merging.merge(actor(), number, given["into"])
    return "", 204


@blueprint.route("/tickets/<number>/children", methods=["POST"])
@blueprint.arguments(schemas.ChildIn)
@blueprint.response(201, schemas.NextOut)
def create_child(given: dict[str, Any], number: str) -> Response:
    """Creates a ticket of any type as a part of this one."""
    created = children.create(actor(), number, given["type"], given["title"], given["values"])
    child = created.change.row.number
    return json_response({"number": child}, 201, headers={"Location": f"/api/v1/tickets/{child}"})


@blueprint.route("/tickets/<number>/work-log", methods=["GET"])
@blueprint.response(200, schemas.WorkLogOut)
def get_work_log(number: str) -> Response:
    """The work done on a ticket, and its sum in minutes."""
    rows = worklog.of(actor(), number)
    names = people.names(db.session.connection(), {row.author for row in rows}, language())
    items = [
        {
            "id": str(row.id),
            "author": row.author,
            "author_name": names.get(row.author, row.author),
            "minutes": row.minutes,
            "note": row.note,
            "created_at": instant(row.created_at),
        }
        for row in rows
    ]
    return json_response({"minutes": sum(row.minutes for row in rows), "entries": items})


@blueprint.route("/tickets/<number>/work-log", methods=["POST"])
@blueprint.arguments(schemas.WorkEntryIn)
@blueprint.response(201, schemas.WorkLogOut)
def log_work(given: dict[str, Any], number: str) -> ResponseReturnValue:
    """Notes work done on a ticket."""
    worklog.add(actor(), number, given["minutes"], given["note"])
    return get_work_log(number), 201


@blueprint.route("/tickets/<number>/work-log/<entry_id>", methods=["DELETE"])
@blueprint.response(204)
def delete_work(number: str, entry_id: str) -> ResponseReturnValue:
    """Takes an entry back."""
    worklog.remove(actor(), number, identifier(entry_id, 2**62))
    return "", 204


@blueprint.route("/tickets/<number>/canned-texts", methods=["GET"])
@blueprint.response(200, schemas.FilledTextListOut)
def list_filled(number: str) -> Response:
    """The canned texts of the caller as they read on this ticket."""
    who, shown_in = actor(), language()
    row, version, _ = queries.find(who, number)
    names = people.names(db.session.connection(), {row.requester, who.username}, shown_in)
    today = clock.now().astimezone(settings.current().time_zone).date()
    values = {
        "requester": names.get(row.requester, row.requester),
        "agent": names.get(who.username, who.username),
        "number": row.number,
        "title": row.title,
        "status": version.label(row.status, shown_in),
        "type": version.name(shown_in),
        "date": today.isoformat(),
    }
    texts = canned.SHELF.listed(who)
    items = [
        {"id": str(one.id), "name": one.name, "text": canned.fill(one.body, values)}
        for one in texts
    ]
    return json_response({"texts": items})
