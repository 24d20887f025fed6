"""The sample ticket types, and new types that begin as a copy of one."""

from typing import Any

from flask import Response

from api import auth, sample_types
from api.http import entity_tag, json_response
from api.openapi import Blueprint
from api.resources.drafts import draft_out
from api.schemas.processes import DraftOut
from api.schemas.samples import CopyIn, SamplesOut
from engine.access.policy import require
from engine.deployments import drafts
from engine.errors import NotFound
from workflows.copying import copied

blueprint = Blueprint("samples", description="Ticket types that come with the product")


@blueprint.route("/samples", methods=["GET"])
@blueprint.response(200, SamplesOut)
def list_samples() -> Response:
    """The samples with the drawing of each."""
    require(auth.actor(), "edit_drafts")
    found = [
        {
            "key": one.manifest.key,
            "name": dict(one.manifest.names),
            "description": dict(one.manifest.descriptions),
            "icon": one.manifest.icon,
            "process": one.files[one.manifest.process].decode(),
        }
        for one in sample_types.all_of_them()
    ]
    return json_response({"samples": found})


@blueprint.route("/samples/<string:sample>/copies", methods=["POST"])
@blueprint.arguments(CopyIn)
@blueprint.response(201, DraftOut)
def copy_sample(given: dict[str, Any], sample: str) -> Response:
    """Begins the draft of a new type as a copy of a sample."""
    actor = auth.actor()
    require(actor, "edit_drafts")
    found = sample_types.find(sample)
    if found is None:
        raise NotFound(kind="sample", id=sample)
    number = f"{given['prefix']}-{{date}}-{{seq:4}}"
    files = copied(found.files, given["key"], number, given["name"])
    info = drafts.create(actor, given["key"], files, expected=drafts.NEW)
    return json_response(draft_out(info), 201, etag=entity_tag(info.rev))
