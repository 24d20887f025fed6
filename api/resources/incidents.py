"""Steps that are stuck, and taking them again."""

from typing import Any

from flask import Response

from api import presenting
from api.auth import actor
from api.http import identifier, instant, json_response, language
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import tickets as schemas
from engine.db import db
from engine.deployments import catalogue
from engine.paging import cut, seek
from engine.tickets import queries, retrying
from engine.tickets.incidents import incident
from workflows.texts import sentence

blueprint = Blueprint("process_incidents", description="Steps that could not be taken")


@blueprint.route("/process-incidents", methods=["GET"])
@blueprint.arguments(schemas.IncidentQuerySchema, location="query")
@blueprint.response(200, schemas.IncidentList)
def list_incidents(args: dict[str, Any]) -> Response:
    """The steps that are stuck, newest first; with `resolved` those that were."""
    shown_in = language()
    part = window(args)
    statement = queries.process_incidents(actor(), resolved=args["resolved"])
    rows = (
        db.session.connection()
        .execute(seek(statement, [incident.c.id], part, descending=True))
        .all()
    )
    page = cut(rows, part, lambda row: (row.id,))
    return json_response(listing(page.map(lambda row: _show(row, shown_in))))


def _show(row: Any, shown_in: str) -> dict[str, Any]:
    version = catalogue.version(row.version_id)
    return {
        "id": str(row.id),
        "ticket": row.number,
        "title": row.title,
        "type": row.type,
        "type_name": version.name(shown_in),
        "element": row.element,
        "element_name": presenting.element_name(version, row.element, shown_in),
        "code": row.code,
        "detail": sentence("api", shown_in, f"incident.{row.code}", row.params),
        "attempts": row.attempts,
        "created_at": instant(row.created_at),
        "resolved_at": instant(row.resolved_at) if row.resolved_at else None,
    }


@blueprint.route("/process-incidents/<incident_id>/retry", methods=["POST"])
@blueprint.response(200, schemas.IncidentSchema)
def retry_incident(incident_id: str) -> Response:
    """Takes a stuck step again."""
    who, key = actor(), identifier(incident_id)
    retrying.retry(who, key)
    statement = queries.process_incidents(who, resolved=True).where(incident.c.id == key)
    row = db.session.connection().execute(statement).one()
    return json_response(_show(row, language()))
