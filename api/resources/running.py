"""Where the running tickets of a type stand: the figures of each step, and the tickets on it."""

from typing import Any

from flask import Response

from api import auth, paging, presenting
from api.http import instant, json_response, language
from api.openapi import Blueprint
from api.schemas import running as schemas
from engine import clock
from engine.deployments import catalogue
from engine.tickets import standing

blueprint = Blueprint("running", description="Where running tickets stand")


@blueprint.route("/processes/<string:key>/running", methods=["GET"])
@blueprint.arguments(schemas.RunningQuery, location="query")
@blueprint.response(200, schemas.RunningOut)
def get_running(query: dict[str, Any], key: str) -> Response:
    """How many tickets stand on each step, for how long, how many of them late or stuck."""
    found = standing.overview(auth.actor(), key, query.get("version"))
    now = clock.now()
    return json_response(
        {
            "key": key,
            "running": found.running,
            "at_risk": found.at_risk,
            "breached": found.breached,
            "paused": found.paused,
            "steps": [
                {
                    "element": one.element,
                    "tickets": one.tickets,
                    "median_seconds": max(0, int((now - one.median_since).total_seconds())),
                    "breached": one.breached,
                }
                for one in found.steps
            ],
            "incidents": dict(found.incidents),
        }
    )


@blueprint.route("/processes/<string:key>/running/tickets", methods=["GET"])
@blueprint.arguments(schemas.RunningTicketsQuery, location="query")
@blueprint.response(200, schemas.RunningTicketList)
def list_running(query: dict[str, Any], key: str) -> Response:
    """The running tickets with the step on which each stands, the longest first."""
    order = f"{query.get('version')} {query.get('element')}"
    window = paging.window(query, order)
    page = standing.tickets(auth.actor(), key, window, query.get("version"), query.get("element"))
    return json_response(paging.listing(page.map(_ticket), order))


def _ticket(row: Any) -> dict[str, Any]:
    version = catalogue.version(row.version_id)
    return {
        "number": row.number,
        "title": row.title,
        "version": version.version,
        "element": row.element,
        "element_name": presenting.element_name(version, row.element, language()),
        "since": instant(row.since),
        "sla_state": _state(row),
        "sla_due": instant(row.sla_due) if row.sla_due else None,
    }


def _state(row: Any) -> str | None:
    """The clock that counts as it is now, also where no worker has written it down yet."""
    state: str | None = row.sla_state
    if state != "running" or row.sla_due is None:
        return state
    if row.sla_due < clock.now():
        return "breached"
    return "at_risk" if row.sla_at_risk and row.sla_at_risk <= clock.now() else state
