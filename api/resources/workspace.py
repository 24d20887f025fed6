"""The agent's workspace: saved views, canned texts, the next ticket, bulk acts, the board."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from api import clocks, paging, presenting
from api.auth import actor
from api.http import entity_tag, expected_version, identifier, instant, json_response, language
from api.openapi import Blueprint
from api.schemas import workspace as schemas
from api.texts import problem
from engine.db import db
from engine.deployments import catalogue
from engine.tickets import board, bulk, canned, people, queries, shelves, taking, views
from engine.tickets.shelves import Shelf

blueprint = Blueprint("workspace", description="Views, canned texts, bulk acts, the board")

_LARGEST = 2**62


def _shown(row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """A view or a text; each has a column of its own."""
    own = "query" if "query" in row._fields else "body"
    return {
        "id": str(row.id),
        "name": row.name,
        own: getattr(row, own),
        "owner": row.owner,
        "owner_name": names.get(row.owner, row.owner),
        "shared": row.shared,
        "mine": shelves.may_change(actor(), row),
        "rev": row.rev,
    }


def _one(row: Any, status: int = 200, path: str = "") -> Response:
    names = people.names(db.session.connection(), {row.owner}, language())
    headers = {"Location": f"/api/v1/{path}/{row.id}"} if status == 201 else None
    return json_response(_shown(row, names), status, etag=entity_tag(row.rev), headers=headers)


def _list(shelf: Shelf, args: dict[str, Any]) -> Response:
    rows = shelf.listed(actor())
    names = people.names(db.session.connection(), {row.owner for row in rows}, language())
    page = paging.page_of(rows, lambda row: f"{row.name}\n{row.id:020}", args)
    return json_response(paging.listing(page.map(lambda row: _shown(row, names))))


@blueprint.route("/views", methods=["GET"])
@blueprint.arguments(schemas.ShelfQuery, location="query")
@blueprint.response(200, schemas.ViewList)
def list_views(args: dict[str, Any]) -> Response:
    """The caller's saved views and those shared with him, by name."""
    return _list(views.SHELF, args)


@blueprint.route("/views", methods=["POST"])
@blueprint.arguments(schemas.NewViewIn)
@blueprint.response(201, schemas.ViewOut)
def create_view(given: dict[str, Any]) -> Response:
    """Keeps a list of tickets under a name."""
    return _one(views.create(actor(), given), 201, "views")


@blueprint.route("/views/<view_id>", methods=["PATCH"])
@blueprint.arguments(schemas.ViewIn)
@blueprint.response(200, schemas.ViewOut)
def change_view(given: dict[str, Any], view_id: str) -> Response:
    """Changes a view."""
    return _one(views.change(actor(), identifier(view_id, _LARGEST), given, expected_version()))


@blueprint.route("/views/<view_id>", methods=["DELETE"])
@blueprint.response(204)
def delete_view(view_id: str) -> ResponseReturnValue:
    """Throws a view away."""
    shelves.take_off(views.SHELF, actor(), identifier(view_id, _LARGEST))
    return "", 204


@blueprint.route("/canned-texts", methods=["GET"])
@blueprint.arguments(schemas.ShelfQuery, location="query")
@blueprint.response(200, schemas.CannedTextList)
def list_canned_texts(args: dict[str, Any]) -> Response:
    """The caller's canned texts and those shared with him, by name."""
    return _list(canned.SHELF, args)


@blueprint.route("/canned-texts", methods=["POST"])
@blueprint.arguments(schemas.NewCannedTextIn)
@blueprint.response(201, schemas.CannedTextOut)
def create_canned_text(given: dict[str, Any]) -> Response:
    """Keeps a text for replies."""
    return _one(canned.create(actor(), given), 201, "canned-texts")


@blueprint.route("/canned-texts/<text_id>", methods=["PATCH"])
@blueprint.arguments(schemas.CannedTextIn)
@blueprint.response(200, schemas.CannedTextOut)
def change_canned_text(given: dict[str, Any], text_id: str) -> Response:
    """Changes a text."""
    return _one(canned.change(actor(), identifier(text_id, _LARGEST), given, expected_version()))


@blueprint.route("/canned-texts/<text_id>", methods=["DELETE"])
@blueprint.response(204)
def delete_canned_text(text_id: str) -> ResponseReturnValue:
    """Throws a text away."""
    shelves.take_off(canned.SHELF, actor(), identifier(text_id, _LARGEST))
    return "", 204


@blueprint.route("/tickets/next", methods=["POST"])
@blueprint.response(200, schemas.NextOut)
def take_next() -> Response:
    """Claims the most urgent task that the caller may take and nobody holds."""
    return json_response({"number": taking.take_next(actor())})


@blueprint.route("/bulk-runs", methods=["POST"])
@blueprint.arguments(schemas.BulkIn)
@blueprint.response(201, schemas.BulkOut)
def begin_bulk(given: dict[str, Any]) -> Response:
    """Does one thing with many tickets; many are worked off in the background."""
    numbers, act = given.pop("tickets"), given.pop("act")
    run_id = bulk.begin(actor(), act, given, numbers)
    return _bulk(run_id, 201)


@blueprint.route("/bulk-runs/<run_id>", methods=["GET"])
@blueprint.response(200, schemas.BulkOut)
def get_bulk(run_id: str) -> Response:
    """How far a run of the caller's is, and what became of each ticket."""
    return _bulk(identifier(run_id, _LARGEST))


def _bulk(run_id: int, status: int = 200) -> Response:
    run, counted, items = bulk.one(actor(), run_id)
    shown = {
        "id": str(run.id),
        "act": run.act,
        "total": run.total,
        **counted,
        "results": [_bulk_item(one) for one in items],
    }
    headers = {"Location": f"/api/v1/bulk-runs/{run.id}"} if status == 201 else None
    return json_response(shown, status, headers=headers)


def _bulk_item(one: Any) -> dict[str, Any]:
    detail = None
    if one.code is not None:
        title, said = problem(language(), one.code, one.params or {})
        detail = said or title
    return {"number": one.number, "status": one.status, "code": one.code, "detail": detail}


@blueprint.route("/board", methods=["GET"])
@blueprint.arguments(schemas.BoardQuery, location="query")
@blueprint.response(200, schemas.BoardOut)
def get_board(args: dict[str, Any]) -> Response:
    """The tickets of a type in the columns of its statuses, those lately closed included."""
    shown_in = language()
    wanted = queries.Filter(
        type=(args["type"],),
        q=args.get("q"),
        priority=_keys(args.get("priority")),
        assignee=_keys(args.get("assignee")),
        group=_keys(args.get("group")),
    )
    found = board.board(actor(), wanted)
    version = found.version
    names = people.names(db.session.connection(), presenting.usernames(found.cards), shown_in)
    columns = [
        {
            **presenting.status(version, key, status.category, shown_in),
            "count": found.counts.get(key, 0),
        }
        for key, status in version.manifest.statuses.items()
    ]
    return json_response(
        {
            "type": version.key,
            "type_name": version.name(shown_in),
            "columns": columns,
            "cards": [_card(row, names, shown_in) for row in found.cards],
        }
    )


def _keys(text: str | None) -> tuple[str, ...]:
    return tuple(part for part in (text or "").split(",") if part)[:50]


def _card(row: Any, names: Mapping[str, str], shown_in: str) -> dict[str, Any]:
    version = catalogue.version(row.version_id)
    return {
        "number": row.number,
        "title": row.title,
        "status": row.status,
        "priority": row.priority,
        "assignee": row.assignee,
        "assignee_name": names.get(row.assignee),
        "requester_name": names.get(row.requester),
        "clocks": clocks.shown(row, version, shown_in),
        "created_at": instant(row.created_at),
        "rev": row.rev,
    }
