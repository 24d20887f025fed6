"""Records of every kind: skills, shifts, absences, customers, contracts, assets, places."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from api import texts
from api.auth import actor
from api.http import entity_tag, expected_version, json_response, language, named
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import base
from api.schemas import records as schemas
from engine.access.names import in_language
from engine.assets.kinds import ASSET, PLACE
from engine.db import db
from engine.directory.kinds import ABSENCE, CONTRACT, CUSTOMER, SHIFT, SKILL
from engine.errors import InputError, InvalidInput
from engine.history import RecordHistory
from engine.records import commands, queries, sheets, transfer
from engine.records.fields import Names
from engine.records.kinds import Kind, kind_of
from engine.tickets import people

blueprint = Blueprint("records", description="People's skills and times, customers, things")

_FILE = {"type": "string", "format": "binary"}
_UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {**_FILE, "description": "CSV or XLSX"}},
                }
            }
        },
    }
}
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TABLE = {media.partition(";")[0]: {"schema": _FILE} for media in _MEDIA.values()}


def shown(kind: Kind, row: Any) -> dict[str, Any]:
    """A record as the interface shows it."""
    told: dict[str, Any] = {kind.key: getattr(row, kind.key)}
    for field in kind.fields:
        if isinstance(field, Names):
            told["name"] = in_language(row.names, language(), told[kind.key])
        told[field.name] = getattr(row, field.name)
    return {**told, "custom": row.custom, "rev": row.rev}


def _answer(kind: Kind, row: Any, status: int = 200) -> Response:
    place = f"/api/v1/{kind.plural}/{getattr(row, kind.key)}"
    headers = {"Location": place} if status == 201 else None
    return json_response(shown(kind, row), status, entity_tag(row.rev), headers)


def _routes(kind: Kind) -> None:
    """The five calls of a kind."""
    out = schemas.out(kind)

    def named_as(verb: str, about: str) -> Callable[[Any], Any]:
        def rename(view: Any) -> Any:
            view.__name__ = f"{verb}_{kind.name}"
            view.__doc__ = about
            return view

        return rename

    @blueprint.route(f"/{kind.plural}", methods=["GET"])
    @blueprint.arguments(schemas.query(kind), location="query")
    @blueprint.response(200, base.listing(out))
    @named_as("list", f"The {kind.plural} that the caller may see.")
    def list_(args: dict[str, Any]) -> Response:
        filters = {name: args[name] for name in kind.filters if name in args}
        page = queries.records(actor(), kind, window(args), q=args.get("q"), filters=filters)
        return json_response(listing(page.map(lambda row: shown(kind, row))))

    @blueprint.route(f"/{kind.plural}", methods=["POST"])
    @blueprint.arguments(schemas.new(kind))
    @blueprint.response(201, out)
    @named_as("create", f"Makes a record: {kind.name}.")
    def create(given: dict[str, Any]) -> Response:
        if kind.is_named:
            given["names"] = named(given)
        return _answer(kind, commands.create(actor(), kind, given), 201)

    @blueprint.route(f"/{kind.plural}/<key>", methods=["GET"])
    @blueprint.response(200, out)
    @named_as("read", f"One {kind.name}.")
    def read(key: str) -> Response:
        return _answer(kind, queries.record(actor(), kind, key))

    @blueprint.route(f"/{kind.plural}/<key>", methods=["PATCH"])
    @blueprint.arguments(schemas.change(kind))
    @blueprint.response(200, out)
    @named_as("change", f"Changes a {kind.name}.")
    def change(given: dict[str, Any], key: str) -> Response:
        if "name" in given:
            given["some_names"] = named({"name": given.pop("name")})
        row = commands.change(actor(), kind, key, given, version=expected_version())
        return _answer(kind, row)

    @blueprint.route(f"/{kind.plural}/<key>", methods=["DELETE"])
    @blueprint.response(204)
    @named_as("delete", f"Removes a {kind.name} that nothing else points at.")
    def delete(key: str) -> Response:
        commands.delete(actor(), kind, key, version=expected_version())
        return Response(status=204)


for _kind in (SKILL, SHIFT, ABSENCE, CUSTOMER, CONTRACT, ASSET, PLACE):
    _routes(_kind)


@blueprint.route("/record-history", methods=["GET"])
@blueprint.arguments(schemas.HistoryQuery, location="query")
@blueprint.response(200, schemas.HistoryList)
def list_history(args: dict[str, Any]) -> Response:
    """Who changed what about a record, the newest first; accounts and groups are records too."""
    page = queries.changes(actor(), args["kind"], args["record"], window(args))
    names = people.names(db.session.connection(), {row.actor for row in page.items}, language())
    return json_response(listing(page.map(lambda row: _change(row, names))))


def _change(row: RecordHistory, names: Any) -> dict[str, Any]:
    return {
        "at": row.at,
        "actor": row.actor,
        "actor_name": names.get(row.actor, row.actor),
        "action": row.action,
        "changes": row.changes,
    }


@blueprint.route("/record-forms/<kind>", methods=["GET"])
@blueprint.response(200, schemas.RecordFormOut)
def read_form(kind: str) -> Response:
    """The own fields of a kind of record, named by its plural."""
    form = queries.form(actor(), kind_of(kind))
    return json_response({"form": form.form, "rev": form.rev}, etag=entity_tag(form.rev))


@blueprint.route("/record-forms/<kind>", methods=["PUT"])
@blueprint.arguments(schemas.RecordFormIn)
@blueprint.response(200, schemas.RecordFormOut)
def set_form(given: dict[str, Any], kind: str) -> Response:
    """Sets the own fields of a kind of record."""
    form = commands.set_form(actor(), kind_of(kind), given["form"], version=expected_version())
    return json_response({"form": form.form, "rev": form.rev}, etag=entity_tag(form.rev))


@blueprint.route("/imports/<record>", methods=["POST"])
@blueprint.doc(**_UPLOAD)
@blueprint.arguments(schemas.ImportQuery, location="query")
@blueprint.response(200, schemas.ImportReportOut)
def import_records(args: dict[str, Any], record: str) -> Response:
    """Brings a table of records in, all rows or none, and says what is wrong with each row."""
    who, kind = actor(), kind_of(record)
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    file = request.files.get("file")
    if file is None:
        raise InvalidInput.at("/file", "required")
    with file.stream:
        data = file.stream.read(sheets.MAX_BYTES + 1)
    dry_run = args.get("dry_run", False)
    report = transfer.load(who, kind, data, dry_run=dry_run)
    answer = {
        "kept": not dry_run and not report.errors,
        "created": report.created,
        "changed": report.changed,
        "same": report.same,
        "errors": [_row_error(each) for each in report.errors],
    }
    return json_response(answer)


def _row_error(each: transfer.RowError) -> dict[str, Any]:
    return {
        "row": each.row,
        "column": each.column,
        "code": each.error.code,
        "detail": _said(each.error),
    }


def _said(error: InputError) -> str:
    catalogue = texts.catalogue(language())
    if isinstance(catalogue.get(error.code), dict):  # a refusal of the whole record
        return texts.problem(language(), error.code, error.params)[1]
    return texts.input_error(language(), error.code, error.params)


@blueprint.route("/exports/<record>", methods=["GET"])
@blueprint.arguments(schemas.ExportQuery, location="query")
@blueprint.doc(responses={"200": {"description": "A table of records", "content": _TABLE}})
def export_records(args: dict[str, Any], record: str) -> Response:
    """Records as a table that an import takes again; no cell of it is a formula."""
    who, kind = actor(), kind_of(record)
    form = queries.form(who, kind).form
    custom = [field["key"] for field in form.get("fields", [])]
    rows = transfer.table(kind, custom, queries.every(who, kind, args.get("q")))
    form_ = args.get("format", "csv")
    data = sheets.xlsx_of(rows) if form_ == "xlsx" else sheets.csv_of(rows)
    response = Response(data, content_type=_MEDIA[form_])
    response.headers["Content-Disposition"] = f'attachment; filename="{kind.plural}.{form_}"'
    return response
