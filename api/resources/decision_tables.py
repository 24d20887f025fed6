"""The rules of a draft: tables read, written, tried on tickets, and as spreadsheets."""

from dataclasses import asdict
from typing import Any

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from api import auth, problems
from api.feel import value_out
from api.http import entity_tag, expected_version, json_response
from api.openapi import Blueprint
from api.resources import decisions
from api.schemas import decision_tables as schemas
from api.schemas.base import ListQuery, listing
from engine.access.policy import require
from engine.deployments import decision_tables, drafts
from engine.deployments.decision_tables import DecisionFile
from engine.errors import InvalidInput
from engine.records import sheets
from engine.tickets import rule_trials
from workflows.dmn.drawing import Drawn, DrawnInput, DrawnNote, DrawnOutput, DrawnRule

blueprint = Blueprint("decision-tables", description="Rules that are being edited")
_ALL = "/processes/<string:key>/draft/decisions"
_ONE = f"{_ALL}/<string:decision>"
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FILE = {"type": "string", "format": "binary"}
_SHEET = {media.partition(";")[0]: {"schema": _FILE} for media in _MEDIA.values()}
_UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}
            }
        },
    }
}
_NEW = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string", "enum": ["*"]},
    "description": "Make a new decision in a file of its own.",
}


@blueprint.route(_ALL, methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, listing(schemas.DecisionInfoOut))
def list_decisions(query: dict[str, Any], key: str) -> Response:
    """The decisions of a draft, those of files that can be read."""
    found = decision_tables.listing(auth.actor(), key)
    return json_response({"items": [asdict(info) for info in found], "next": None})


@blueprint.route(_ONE, methods=["GET"])
@blueprint.response(200, schemas.TableOut)
def get_table(key: str, decision: str) -> Response:
    """A decision of a draft as a table; one that is no table shows its text."""
    return _answer(decision_tables.get(auth.actor(), key, decision))


@blueprint.route(_ONE, methods=["PUT"])
@blueprint.doc(parameters=[_NEW])
@blueprint.arguments(schemas.TableIn)
@blueprint.response(200, schemas.TableOut)
def put_table(given: dict[str, Any], key: str, decision: str) -> Response:
    """Write a table as it should be; of the file only what changed changes.

    Columns and rows carry their place in the file that was read (`source`), so give If-Match.
    """
    expected = drafts.NEW if request.if_none_match.star_tag else expected_version()
    table = _drawn(given["table"])
    return _answer(decision_tables.write(auth.actor(), key, decision, table, expected))


@blueprint.route(f"{_ONE}/try", methods=["POST"])
@blueprint.arguments(schemas.TicketTryIn)
@blueprint.response(200, schemas.TicketTryOut)
def try_on_ticket(given: dict[str, Any], key: str, decision: str) -> Response:
    """What the rules of a draft come to with the values of a ticket; nothing is stored."""
    return json_response(
        decisions.shown(rule_trials.on_ticket(auth.actor(), key, decision, given["ticket"]))
    )


@blueprint.route(f"{_ONE}/replay", methods=["POST"])
@blueprint.response(200, schemas.ReplayOut)
def replay(key: str, decision: str) -> Response:
    """What the rules of a draft would change for the latest 200 tickets; nothing is stored."""
    found = rule_trials.replay(auth.actor(), key, decision)
    return json_response(
        {
            "version": found.version,
            "tickets": found.tickets,
            "same": found.same,
            "differences": [
                {
                    "before": value_out(one.before),
                    "after": value_out(one.after),
                    "count": one.count,
                    "numbers": one.numbers,
                }
                for one in found.differences
            ],
        }
    )


@blueprint.route(f"{_ONE}/sheet", methods=["GET"])
@blueprint.arguments(schemas.SheetQuery, location="query")
@blueprint.doc(responses={"200": {"description": "The table", "content": _SHEET}})
def get_sheet(query: dict[str, Any], key: str, decision: str) -> Response:
    """The rules of a draft as a spreadsheet: a row of names, then a row for each rule."""
    found = decision_tables.get(auth.actor(), key, decision)
    if found.table is None:
        raise InvalidInput.at("/decision", "decision-not-a-table", name=found.info.name)
    rows = _rows(found.table)
    wanted = query["format"]
    data = sheets.xlsx_of(rows) if wanted == "xlsx" else sheets.csv_of(rows)
    response = Response(data, content_type=_MEDIA[wanted])
    response.headers["Content-Disposition"] = f'attachment; filename="{decision}.{wanted}"'
    return response


@blueprint.route("/decisions/sheet", methods=["POST"])
@blueprint.doc(**_UPLOAD)
@blueprint.response(200, schemas.SheetOut)
def read_sheet() -> Response:
    """The cells of a CSV or XLSX file, for a preview; nothing is stored."""
    require(auth.actor(), "edit_drafts")
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    file = request.files.get("file")
    if file is None:
        raise InvalidInput.at("/file", "required")
    with file.stream:
        data = file.stream.read(sheets.MAX_BYTES + 1)
    return json_response({"rows": [cells for _, cells in sheets.read(data)]})


def _answer(found: DecisionFile) -> Response:
    return json_response(
        {
            "decision": asdict(found.info),
            "rev": found.rev,
            "updated_by": found.updated_by,
            "table": None if found.table is None else asdict(found.table),
            "text": found.text,
            "types": found.types,
            "findings": problems.findings(found.findings),
        },
        etag=entity_tag(found.rev),
    )


def _drawn(given: dict[str, Any]) -> Drawn:
    return Drawn(
        given["name"],
        given["hit_policy"],
        given["aggregation"],
        tuple(DrawnInput(**one) for one in given["inputs"]),
        tuple(DrawnOutput(**one) for one in given["outputs"]),
        tuple(DrawnNote(**one) for one in given["notes"]),
        tuple(
            DrawnRule(
                one["source"],
                tuple(one["tests"]),
                tuple(one["results"]),
                tuple(one["notes"]),
                one["description"],
            )
            for one in given["rules"]
        ),
    )


def _rows(table: Drawn) -> list[list[str]]:
    head = [one.label or one.expression for one in table.inputs]
    head += [one.label or one.name for one in table.outputs] + [one.name for one in table.notes]
    return [head] + [[*rule.tests, *rule.results, *rule.notes] for rule in table.rules]
