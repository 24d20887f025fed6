"""Business calendars: working time, holidays, and what comes of adding it up."""

from typing import Any

from flask import Response, request

from api.auth import actor
from api.http import entity_tag, expected_version, json_response, language
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import calendars as schemas
from api.schemas.base import SearchQuery
from engine.access.names import in_language
from engine.access.policy import require
from engine.errors import InvalidInput
from engine.sla import calendar_commands as commands
from engine.sla import calendar_import, calendar_queries, calendar_store, holidays
from engine.sla.calendar_documents import write_windows
from engine.sla.models import BusinessCalendar

blueprint = Blueprint("calendars", description="When work is done, and when not")

_UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "iCalendar (.ics), .csv or .json",
                        }
                    },
                }
            }
        },
    }
}


@blueprint.route("/calendars", methods=["GET"])
@blueprint.arguments(SearchQuery, location="query")
@blueprint.response(200, schemas.CalendarList)
def list_calendars(args: dict[str, Any]) -> Response:
    """Calendars by key."""
    page = calendar_queries.calendars(actor(), window(args), args.get("q"))
    return json_response(listing(page.map(_summary)))


@blueprint.route("/calendars/<key>", methods=["GET"])
@blueprint.response(200, schemas.CalendarOut)
def read_calendar(key: str) -> Response:
    """One calendar."""
    return _answer(calendar_queries.calendar(actor(), key))


@blueprint.route("/calendars/<key>", methods=["PUT"])
@blueprint.arguments(schemas.CalendarIn)
@blueprint.response(200, schemas.CalendarOut)
@blueprint.alt_response(201, schema=schemas.CalendarOut)
def put_calendar(given: dict[str, Any], key: str) -> Response:
    """Writes a calendar as a whole, new or not; clocks follow on their next change."""
    row, made = commands.put_calendar(actor(), key, given, version=expected_version())
    return _answer(row, 201 if made else 200)


@blueprint.route("/calendars/<key>", methods=["DELETE"])
@blueprint.response(204)
def delete_calendar(key: str) -> Response:
    """Removes a calendar that nothing needs."""
    commands.delete_calendar(actor(), key, version=expected_version())
    return Response(status=204)


@blueprint.route("/calendars/<key>/add", methods=["POST"])
@blueprint.arguments(schemas.AddIn)
@blueprint.response(200, schemas.AddOut)
def add_time(given: dict[str, Any], key: str) -> Response:
    """When so much working time has passed: the least such instant."""
    due = calendar_queries.add(actor(), key, given["start"], given["seconds"])
    return json_response({"due": due})


@blueprint.route("/calendars/<key>/between", methods=["POST"])
@blueprint.arguments(schemas.BetweenIn)
@blueprint.response(200, schemas.BetweenOut)
def time_between(given: dict[str, Any], key: str) -> Response:
    """The working time between two instants."""
    seconds = calendar_queries.between(actor(), key, given["start"], given["end"])
    return json_response({"seconds": seconds})


@blueprint.route("/calendars/<key>/days", methods=["GET"])
@blueprint.arguments(schemas.DaysQuery, location="query")
@blueprint.response(200, schemas.CalendarDays)
def list_days(args: dict[str, Any], key: str) -> Response:
    """What each date has open, and why: for a view of a month."""
    found = calendar_queries.days(actor(), key, args["from"], args["to"])
    return json_response({"days": [_day(day) for day in found]})


@blueprint.route("/calendars/<key>/import", methods=["POST"])
@blueprint.doc(**_UPLOAD)
@blueprint.response(200, schemas.CalendarOut)
def import_exceptions(key: str) -> Response:
    """Adds the exceptions in a file; nothing is taken when a row of it is wrong."""
    who = actor()
    require(who, "manage_calendars")
    upload = request.files.get("file")
    if upload is None:
        raise InvalidInput.at("/file", "required")
    data = upload.stream.read(calendar_import.MAX_BYTES + 1)
    rules = calendar_import.read_exceptions(upload.filename or "", data)
    return _answer(commands.merge_exceptions(who, key, rules, version=expected_version()))


@blueprint.route("/public-holidays/china", methods=["POST"])
@blueprint.response(200, schemas.HolidayYears)
def import_holidays() -> Response:
    """Takes over the published years that came with this version of the product."""
    who = actor()
    require(who, "manage_calendars")
    return json_response({"years": commands.import_holidays(who, holidays.china())})


def _answer(row: BusinessCalendar, status: int = 200) -> Response:
    known = calendar_store.calendar(row.key, row.version)
    shown = {
        **_summary(row),
        "weekly": row.weekly,
        "exceptions": row.exceptions,
        "official_until": known.official_until,
    }
    headers = {"Location": f"/api/v1/calendars/{row.key}"} if status == 201 else None
    return json_response(shown, status, entity_tag(row.rev), headers)


def _summary(row: BusinessCalendar) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name,
        "tz": row.tz,
        "holidays": row.holidays,
        "version": row.version,
        "changed_at": row.changed_at,
        "changed_by": row.changed_by,
        "rev": row.rev,
    }


def _day(day: calendar_queries.Day) -> dict[str, Any]:
    return {
        "date": day.date,
        "kind": day.kind,
        "windows": write_windows(day.windows),
        "name": in_language(day.names, language(), "") or None,
        "names": day.names,
        "provisional": day.is_provisional,
    }
