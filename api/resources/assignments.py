"""Why steps went to whom they went, and new routing tables tried beside the old."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response

from api.auth import actor
from api.http import instant, json_response, language
from api.openapi import Blueprint
from api.paging import listing, window
from api.presenting import element_name
from api.schemas import assignments as schemas
from api.schemas.base import ListQuery
from engine.assignment import shadows
from engine.assignment.models import ShadowTable
from engine.db import db
from engine.deployments import catalogue
from engine.paging import cut, seek
from engine.tickets import assignments, people, queries
from engine.tickets.assignments import assignment

blueprint = Blueprint("assignments", description="Who was chosen for steps, and why")


@blueprint.route("/tickets/<number>/assignments", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, schemas.ChoiceList)
def list_assignments(args: dict[str, Any], number: str) -> Response:
    """The choices made for a ticket, the newest first, each with its reasons."""
    statement = assignments.of_ticket(actor(), number)
    _, version, _ = queries.find(actor(), number)
    part = window(args)
    connection = db.session.connection()
    rows = connection.execute(seek(statement, [assignment.c.id], part, descending=True)).all()
    page = cut(rows, part, lambda each: (each.id,))
    names = people.names(connection, _people(page.items), language())
    return json_response(listing(page.map(lambda each: _shown(each, version, names))))


@blueprint.route("/assignments/shadow", methods=["GET"])
@blueprint.arguments(schemas.DifferenceQuery, location="query")
@blueprint.response(200, schemas.DifferenceList)
def list_differences(args: dict[str, Any]) -> Response:
    """Where the new table of a type came to somebody else than the one in force, newest first."""
    statement = assignments.differing(actor(), args["type"])
    part = window(args)
    connection = db.session.connection()
    rows = connection.execute(seek(statement, [assignment.c.id], part, descending=True)).all()
    page = cut(rows, part, lambda each: (each.id,))
    names = people.names(connection, _people(page.items), language())
    return json_response(
        listing(
            page.map(
                lambda each: {
                    **_shown(each, catalogue.version(each.version_id), names),
                    "ticket": each.number,
                    "title": each.title,
                }
            )
        )
    )


@blueprint.route("/assignments/shadow/<type_key>", methods=["GET"])
@blueprint.response(200, schemas.ShadowSchema)
def read_shadow(type_key: str) -> Response:
    """The new table that is tried beside the one in force."""
    return json_response(_table(shadows.shadow(actor(), type_key)))


@blueprint.route("/assignments/shadow/<type_key>", methods=["PUT"])
@blueprint.arguments(schemas.NewShadowSchema)
@blueprint.response(200, schemas.ShadowSchema)
def set_shadow(given: dict[str, Any], type_key: str) -> Response:
    """Lets a new table run silently beside the one in force, from now on."""
    dmn = given.get("dmn")
    document = None if dmn is None else dmn.encode()
    return json_response(_table(shadows.set_shadow(actor(), type_key, given["decision"], document)))


@blueprint.route("/assignments/shadow/<type_key>", methods=["DELETE"])
@blueprint.response(204)
def drop_shadow(type_key: str) -> Response:
    """Ends the trial; what it gave so far stays with the tickets."""
    shadows.drop_shadow(actor(), type_key)
    return Response(status=204)


def _people(rows: Iterable[Any]) -> set[str]:
    """Everybody whom these choices speak of."""
    found: set[str] = set()
    for row in rows:
        for said in (row.explanation, row.shadow):
            if said is not None:
                found.update(one["username"] for one in said["candidates"])
        found.update(name for name in (row.chosen, (row.shadow or {}).get("chosen")) if name)
        kind, _, key = (row.fallback or "").partition(":")
        if kind == "user":
            found.add(key)
    return found


def _shown(row: Any, version: catalogue.Loaded, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "task": row.task_id,
        "element": row.element,
        "name": element_name(version, row.element, language()) or row.element,
        "at": instant(row.at),
        "chosen": row.chosen,
        "fallback": row.fallback,
        "explanation": row.explanation,
        "shadow": row.shadow,
        "differs": row.differs,
        "names": {name: names[name] for name in sorted(_people([row])) if name in names},
    }


def _table(table: ShadowTable) -> dict[str, Any]:
    return {
        "type": table.type,
        "decision": table.decision,
        "dmn": table.dmn.decode("utf-8", "replace"),
        "rev": table.rev,
        "set_by": table.set_by,
        "set_at": instant(table.set_at),
    }
