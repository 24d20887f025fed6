"""BPMN files of other modelers and engines come in as drafts."""

from itertools import islice
from typing import TYPE_CHECKING, Any

from flask import Response, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnsupportedMediaType

from api import auth, problems
from api.http import entity_tag, json_response, language
from api.openapi import Blueprint
from api.resources.drafts import draft_out
from api.schemas.imports import ImportOut
from engine.access.policy import Actor, require
from engine.deployments import drafts, queries
from engine.errors import DefinitionInvalid, InvalidInput, NotFound, TooLarge
from workflows.documents import MAX_BYTES, DocumentError
from workflows.findings import Finding
from workflows.manifest_reader import is_identity

if TYPE_CHECKING:  # who imports nothing pays nothing: starting the product does not
    from workflows.importing import Imported, Note

blueprint = Blueprint("imports", description="BPMN files become drafts")

MAX_BESIDE = 50  # files that come with the process
_FILE = {"type": "string", "format": "binary"}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {**_FILE, "description": "The BPMN file"},
                        "beside": {
                            "type": "array",
                            "items": _FILE,
                            "description": "Its decisions (.dmn) and forms (.form, .json)",
                        },
                        "key": {
                            "type": "string",
                            "description": "Key of the draft; left out: a free one is made",
                        },
                    },
                }
            }
        },
    }
}


@blueprint.route("/imports", methods=["POST"])
@blueprint.doc(**_BODY)
@blueprint.response(201, ImportOut)
def import_file() -> Response:
    """Bring a BPMN file in as a draft, with a report of what was translated, lost and is open."""
    actor = auth.actor()
    require(actor, "edit_drafts")
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    file = request.files.get("file")
    if file is None:
        raise InvalidInput.at("/file", "required")
    key = (request.form.get("key") or "").strip() or None
    if key is not None and not is_identity(key):
        raise InvalidInput.at("/key", "key-unreadable", value=key[:60])
    beside = {
        one.filename or f"file {number}": _content(one)
        for number, one in enumerate(islice(request.files.getlist("beside"), MAX_BESIDE))
    }
    imported = _imported(file, key, beside)
    if key is None:
        free = _free_key(actor, imported.key)
        if free != imported.key:
            imported = _imported(file, free, beside)
    info = drafts.create(actor, imported.key, imported.files, expected=drafts.NEW)
    answer = {
        "key": imported.key,
        "draft": draft_out(info),
        "report": [_note(note) for note in imported.report],
        "findings": problems.findings(drafts.check(actor, imported.key)),
    }
    headers = {"Location": f"/api/v1/processes/{imported.key}/draft"}
    return json_response(answer, 201, etag=entity_tag(info.rev), headers=headers)


def _imported(file: FileStorage, key: str | None, beside: dict[str, bytes]) -> "Imported":
    from workflows.importing import import_bpmn

    try:
        return import_bpmn(_content(file), key=key, beside=beside)
    except DocumentError as error:
        name = (file.filename or "process.bpmn")[:200]
        finding = Finding("error", name, error.code, params=error.params)
        raise DefinitionInvalid([finding]) from None


def _content(file: FileStorage) -> bytes:
    file.stream.seek(0)
    data = file.stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TooLarge(what="file", limit=MAX_BYTES)
    return data


def _free_key(actor: Actor, wanted: str) -> str:
    """A key that neither a draft nor a ticket type has."""
    key, number = wanted, 2
    while _is_taken(actor, key) and number < 1_000:
        key, number = f"{wanted[:50]}_{number}", number + 1
    return key


def _is_taken(actor: Actor, key: str) -> bool:
    for look in (drafts.get, queries.definition):
        try:
            look(actor, key)
        except NotFound:
            continue
        return True
    return False


def _note(note: "Note") -> dict[str, Any]:
    return {
        "kind": note.kind,
        "code": note.code,
        "element": note.element,
        "params": dict(note.params),
        "text": note.text(language()),
    }
