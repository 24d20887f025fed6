"""Packages that are being edited, file by file."""

from typing import Any

from flask import Response, request

from api import auth, paging
from api.http import body, entity_tag, expected_version, instant, json_response
from api.openapi import Blueprint
from api.resources.deployments import change_out, read_zip, zip_of_request
from api.schemas.base import ListQuery, listing
from api.schemas.processes import (
    DraftDiffOut,
    DraftFileOut,
    DraftIn,
    DraftOut,
    DraftSummaryOut,
)
from engine.access.policy import require
from engine.deployments import drafts
from engine.deployments.drafts import DraftInfo, FileInfo
from engine.errors import TooLarge
from workflows.documents import MAX_BYTES

blueprint = Blueprint("drafts", description="Packages that are being edited")

_draft_in = DraftIn()
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_NEW = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string", "enum": ["*"]},
    "description": "Only when there is none yet.",
}


@blueprint.route("/drafts", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, listing(DraftSummaryOut))
def list_drafts(query: dict[str, Any]) -> Response:
    """The drafts by key, those of types that were never deployed too."""
    page = drafts.listing(auth.actor(), paging.window(query))
    return json_response(paging.listing(page.map(_summary)))


@blueprint.route("/processes/<string:key>/draft", methods=["GET"])
@blueprint.response(200, DraftOut)
def get_draft(key: str) -> Response:
    """A draft with the list of its files."""
    return _draft(drafts.get(auth.actor(), key))


@blueprint.route("/processes/<string:key>/draft", methods=["PUT"])
@blueprint.doc(
    parameters=[_NEW],
    requestBody={
        "required": True,
        "content": {
            "application/json": {"schema": DraftIn},
            "application/zip": {"schema": {"type": "string", "format": "binary"}},
        },
    },
)
@blueprint.response(200, DraftOut)
def put_draft(key: str) -> Response:
    """Begin a draft (or begin it anew) from a version, from files, from a zip, or empty."""
    actor = auth.actor()
    require(actor, "edit_drafts")
    expected = _expected()
    data = zip_of_request()
    if data is not None:
        files = dict(read_zip(data).files)
        return _draft(drafts.create(actor, key, files, expected=expected))
    wanted = body(_draft_in)
    given = {path: text.encode() for path, text in wanted.get("files", {}).items()}
    info = drafts.create(actor, key, given, version=wanted.get("version"), expected=expected)
    return _draft(info)


@blueprint.route("/processes/<string:key>/draft", methods=["DELETE"])
@blueprint.response(204)
def delete_draft(key: str) -> Response:
    """Throw a draft away."""
    drafts.delete(auth.actor(), key, expected_version())
    return Response(status=204)


@blueprint.route("/processes/<string:key>/draft/diff", methods=["GET"])
@blueprint.response(200, DraftDiffOut)
def get_diff(key: str) -> Response:
    """What a draft changes of the newest version of its type."""
    version, found = drafts.changes(auth.actor(), key)
    changes = [change_out(change) for change in found]
    return json_response({"key": key, "version": version, "changes": changes})


@blueprint.route("/processes/<string:key>/draft/files/<path:path>", methods=["GET"])
@blueprint.doc(responses={"200": {"description": "The bytes of the file", "content": _BYTES}})
def get_file(key: str, path: str) -> Response:
    """A file of a draft, as it was written."""
    info, data = drafts.read_file(auth.actor(), key, path)
    tag = entity_tag(info.rev)
    if tag in request.if_none_match:
        response = Response(status=304)
    else:
        response = Response(data, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = "attachment"
    response.headers["ETag"] = f'"{tag}"'
    return response


@blueprint.route("/processes/<string:key>/draft/files/<path:path>", methods=["PUT"])
@blueprint.doc(parameters=[_NEW], requestBody={"required": True, "content": _BYTES})
@blueprint.response(200, DraftFileOut)
@blueprint.alt_response(201, schema=DraftFileOut, description="The file is new")
def put_file(key: str, path: str) -> Response:
    """Write a file of a draft: the body is its content, byte for byte."""
    if (request.content_length or 0) > MAX_BYTES:
        raise TooLarge(what="file", limit=MAX_BYTES)
    data = request.get_data(cache=True)
    info, created = drafts.put_file(auth.actor(), key, path, data, _expected())
    return json_response(file_out(info), 201 if created else 200, etag=entity_tag(info.rev))


@blueprint.route("/processes/<string:key>/draft/files/<path:path>", methods=["DELETE"])
@blueprint.response(204)
def delete_file(key: str, path: str) -> Response:
    """Take a file out of a draft."""
    drafts.delete_file(auth.actor(), key, path, expected_version())
    return Response(status=204)


def _expected() -> int | None:
    """The revision that the caller has seen; NEW when there must be none yet."""
    if request.if_none_match.star_tag:
        return drafts.NEW
    return expected_version()


def _draft(info: DraftInfo) -> Response:
    return json_response(draft_out(info), etag=entity_tag(info.rev))


def draft_out(info: DraftInfo) -> dict[str, Any]:
    """A draft with the list of its files as the interface shows it."""
    return _summary(info) | {"files": [file_out(file) for file in info.files]}


def _summary(info: DraftInfo) -> dict[str, Any]:
    return {
        "key": info.key,
        "base": info.base,
        "rev": info.rev,
        "updated_by": info.updated_by,
        "updated_at": instant(info.updated_at),
    }


def file_out(info: FileInfo) -> dict[str, Any]:
    """A file of a draft as the interface shows it."""
    return {
        "path": info.path,
        "size": info.size,
        "rev": info.rev,
        "updated_by": info.updated_by,
        "updated_at": instant(info.updated_at),
    }
