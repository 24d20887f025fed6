"""What is said on a ticket and the files that belong to it."""

from typing import Any

from flask import Response, request, send_file

from api.auth import actor
from api.http import instant, json_response, language
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import tickets as schemas
from api.schemas.base import ListQuery
from engine.db import db
from engine.errors import InvalidInput
from engine.paging import cut, seek
from engine.tickets import commands, content, files, people, queries

blueprint = Blueprint("conversation", description="Comments and files")

_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "visibility": {"type": "string", "enum": ["public", "internal"]},
                    },
                }
            }
        },
    }
}


@blueprint.route("/tickets/<number>/comments", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, schemas.CommentList)
def list_comments(args: dict[str, Any], number: str) -> Response:
    """The conversation on a ticket, oldest first, as far as the caller may read it."""
    statement = queries.comments_of(actor(), number)
    part = window(args)
    connection = db.session.connection()
    rows = connection.execute(seek(statement, [queries.comment.c.id], part)).all()
    page = cut(rows, part, lambda row: (row.id,))
    names = people.names(connection, {row.author for row in page.items}, language())
    return json_response(listing(page.map(lambda row: _comment(row, names))))


def _comment(row: Any, names: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "author": row.author,
        "author_name": names.get(row.author, row.author),
        "visibility": row.visibility,
        "body": row.body,
        "created_at": instant(row.created_at),
    }


@blueprint.route("/tickets/<number>/comments", methods=["POST"])
@blueprint.arguments(schemas.NewCommentSchema)
@blueprint.response(201, schemas.CommentSchema)
def add_comment(given: dict[str, Any], number: str) -> Response:
    """Says something to everybody on the ticket, or to colleagues only."""
    who = actor()
    comment_id = commands.comment(who, number, given["body"], given["visibility"])
    connection = db.session.connection()
    table = queries.comment
    row = connection.execute(table.select().where(table.c.id == comment_id)).one()
    names = people.names(connection, {row.author}, language())
    return json_response(_comment(row, names), 201)


@blueprint.route("/tickets/<number>/attachments", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, schemas.FileList)
def list_attachments(args: dict[str, Any], number: str) -> Response:
    """The files of a ticket, those in answers too, as far as the caller may see them."""
    statement = queries.files_of(actor(), number)
    part = window(args)
    table = queries.file
    rows = db.session.connection().execute(seek(statement, [table.c.created_at, table.c.id], part))
    page = cut(rows.all(), part, lambda row: (row.created_at, row.id))
    return json_response(
        listing(
            page.map(
                lambda row: {
                    "id": row.id,
                    "name": row.name,
                    "size": row.size,
                    "type": row.type,
                    "visibility": row.visibility,
                    "uploaded_by": row.uploaded_by,
                    "created_at": instant(row.created_at),
                }
            )
        )
    )


@blueprint.route("/tickets/<number>/attachments", methods=["POST"])
@blueprint.doc(**_UPLOAD)
@blueprint.response(201, schemas.FileSchema)
def add_attachment(number: str) -> Response:
    """Attaches a file to a ticket."""
    visibility = request.form.get("visibility", "public")
    if visibility not in ("public", "internal"):
        raise InvalidInput.at("/visibility", "not-a-choice", choices="public, internal")
    who, upload = actor(), _upload()
    stored = files.attach(who, number, upload.filename or "", upload.stream, visibility)
    return json_response(_stored(stored), 201)


@blueprint.route("/files", methods=["POST"])
@blueprint.doc(**_UPLOAD)
@blueprint.response(201, schemas.FileSchema)
def upload_file() -> Response:
    """Keeps a file for a form that will be sent within a day."""
    who, upload = actor(), _upload()
    return json_response(_stored(files.store(who, upload.filename or "", upload.stream)), 201)


@blueprint.route("/files/<file_id>", methods=["GET"])
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
def get_file(file_id: str) -> Response:
    """The bytes of a file; pictures may be shown in place, everything else is a download."""
    row, path = files.open_file(actor(), file_id)
    response = send_file(
        path,
        mimetype=row.type,
        as_attachment=row.type not in content.SHOWN,
        download_name=row.name,
        etag=row.sha256,
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _upload() -> Any:
    upload = request.files.get("file")
    if upload is None:
        raise InvalidInput.at("/file", "required")
    return upload


def _stored(stored: files.Stored) -> dict[str, Any]:
    return {
        "id": stored.id,
        "name": stored.name,
        "size": stored.size,
        "type": stored.type,
    }
