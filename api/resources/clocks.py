"""SLA clocks: taken note of, given more time, waived, looked into, tried out, measured again."""

from dataclasses import asdict
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from api import problems
from api.auth import actor
from api.clocks import measured
from api.http import instant, json_response
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import clocks as schemas
from api.schemas.base import ListQuery
from engine.access import policy
from engine.db import db
from engine.deployments import drafts
from engine.errors import InvalidInput
from engine.paging import cut, seek
from engine.sla import forecasts, previewing, rulebook
from engine.sla.previewing import Happening
from engine.tickets import clocks, recalculating
from workflows.sla import FILE, Document, read_sla

blueprint = Blueprint("clocks", description="Service level clocks of tickets")


@blueprint.route("/tickets/<number>/acknowledge", methods=["POST"])
@blueprint.response(204)
def acknowledge(number: str) -> ResponseReturnValue:
    """Says that somebody has taken note of the ticket."""
    clocks.acknowledge(actor(), number)
    return "", 204


@blueprint.route("/tickets/<number>/clocks/<key>/extend", methods=["POST"])
@blueprint.arguments(schemas.ExtensionSchema)
@blueprint.response(204)
def extend_clock(given: dict[str, Any], number: str, key: str) -> ResponseReturnValue:
    """Gives a clock more time; reports keep the original target."""
    clocks.extend(actor(), number, key, given["seconds"], given["reason"])
    return "", 204


@blueprint.route("/tickets/<number>/clocks/<key>/waive", methods=["POST"])
@blueprint.arguments(schemas.WaiverSchema)
@blueprint.response(204)
def waive_clock(given: dict[str, Any], number: str, key: str) -> ResponseReturnValue:
    """Takes a clock out of the count."""
    clocks.waive(actor(), number, key, given["reason"])
    return "", 204


@blueprint.route("/tickets/<number>/clocks/<key>/events", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, schemas.ClockEventList)
def list_clock_events(args: dict[str, Any], number: str, key: str) -> Response:
    """The log of a clock, in order."""
    part = window(args)
    statement = seek(clocks.events_of(actor(), number, key), [clocks.event.c.seq], part)
    rows = db.session.connection().execute(statement).all()
    return json_response(listing(cut(rows, part, lambda row: (row.seq,)).map(_event)))


def _event(row: Any) -> dict[str, Any]:
    names = ("seq", "cycle", "kind", "actor", "reason", "state", "elapsed", "target", "calendar")
    return {
        **{name: getattr(row, name) for name in names},
        "at": instant(row.at),
        "due": instant(row.due) if row.due else None,
        "data": row.data,
    }


@blueprint.route("/sla/preview", methods=["POST"])
@blueprint.arguments(schemas.PreviewSchema)
@blueprint.response(200, schemas.PreviewedSchema)
def preview_policy(given: dict[str, Any]) -> Response:
    """What the clocks of a made-up ticket say after each of some events; nothing is kept."""
    policy.require(actor(), "evaluate")
    document = _document(given)
    happened = []
    for one in given["events"]:
        data = {key: value for key, value in one.items() if key not in ("at", "kind")}
        happened.append(Happening(one["at"], one["kind"], data))
    return json_response(
        {
            "findings": problems.findings(document.findings),
            "events": [_standing(one) for one in previewing.preview(document, happened)],
        }
    )


def _document(given: dict[str, Any]) -> Document:
    text, draft = given.get("policy"), given.get("draft")
    if (text is None) == (draft is None):
        raise InvalidInput.at("/policy", "required")
    if text is not None:
        return read_sla(text.encode(), names=_answers(given))
    files = drafts.content(actor(), str(draft))
    return read_sla(files.get(FILE, b""), names=_answers(given))


def _answers(given: dict[str, Any]) -> set[str]:
    return {name for one in given["events"] for name in one.get("values") or ()}


def _standing(one: previewing.Standing) -> dict[str, Any]:
    return {
        "at": instant(one.at),
        "clocks": [measured(each, rulebook.calendar(each.calendar), one.at) for each in one.clocks],
        "steps": [
            {"clock": key, "step": number, "at": instant(at)} for key, number, at in one.steps
        ],
    }


@blueprint.route("/sla/predictions", methods=["GET"])
@blueprint.response(200, schemas.PredictionsSchema)
def list_predictions() -> Response:
    """How long clocks like one another ran, and how well that foretold breaches."""
    policy.require(actor(), "see_predictions")
    found = forecasts.kept(db.session.connection())
    return json_response({"likely": forecasts.LIKELY, "types": [_foretold(row) for row in found]})


def _foretold(row: Any) -> dict[str, Any]:
    return {
        "type": row.type,
        "made_at": instant(row.made_at),
        "groups": [_group(name, curve) for name, curve in row.curves.items()],
        "calibration": row.calibration,
    }


def _group(name: str, curve: dict[str, Any]) -> dict[str, Any]:
    points = list(zip(curve["times"], curve["shares"], strict=True))
    median = next((seconds for seconds, share in points if share <= 0.5), None)
    return {
        "name": name,
        "samples": curve["samples"],
        "median": median,
        "still_running": [list(point) for point in points],
    }


@blueprint.route("/sla/recalculations", methods=["POST"])
@blueprint.arguments(schemas.RecalculationSchema)
@blueprint.response(200, schemas.RecalculatedSchema)
def recalculate(given: dict[str, Any]) -> Response:
    """Measures open clocks again by the present rules and calendars, or tells what that changes."""
    who, type_key = actor(), given.get("type")
    found = recalculating.preview(who, type_key)
    if given["apply"]:
        recalculating.apply(who, type_key)
    return json_response(
        {
            "affected": len(found),
            "newly_breached": sum(one.clock.newly_breached for one in found),
            "applied": given["apply"],
            "clocks": [{"ticket": one.number, **_recalculated(one.clock)} for one in found[:200]],
        }
    )


def _recalculated(one: Any) -> dict[str, Any]:
    return {
        key: instant(value) if key.startswith("due") and value else value
        for key, value in asdict(one).items()
    }
