"""Packages come in: checked, and deployed as versions."""

from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from api import auth, problems
from api.http import body, expected_version, json_response
from api.openapi import Blueprint
from api.schemas.deployments import DeploymentIn, DeploymentOut, FindingsOut
from api.trying import examples
from engine.access.policy import Actor, require
from engine.deployments import catalogue, commands, drafts
from engine.errors import DefinitionInvalid, InvalidInput, TooLarge
from workflows import packages
from workflows.diff import Change
from workflows.package_files import MAX_ZIP
from workflows.packages import Package, PackageError

blueprint = Blueprint("deployments", description="Packages become versions")

_draft_in = DeploymentIn()
ZIP_TYPES = ("application/zip", "application/x-zip-compressed", "application/octet-stream")
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["package"],
                    "properties": {"package": {"type": "string", "format": "binary"}},
                }
            },
            "application/zip": {"schema": {"type": "string", "format": "binary"}},
            "application/json": {"schema": DeploymentIn},
        },
    }
}


@blueprint.route("/deployments", methods=["POST"])
@blueprint.doc(**_BODY)
@blueprint.response(201, DeploymentOut)
@blueprint.alt_response(200, schema=DeploymentOut, description="This very content is there already")
def deploy() -> Response:
    """Deploy a package: a zip, or a draft as it is."""
    actor = auth.actor()
    require(actor, "deploy")
    data = zip_of_request()
    if data is None:
        deployed = drafts.deploy(actor, _draft_key(), expected_version())
    else:
        deployed = commands.deploy(actor, read_zip(data))
    return deployed_out(deployed)


def deployed_out(deployed: commands.Deployed) -> Response:
    """The answer to a deployment."""
    package = catalogue.version(deployed.version_id).package
    answer = {
        "key": deployed.key,
        "version": deployed.version,
        "created": deployed.created,
        "changes": [change_out(change) for change in deployed.changes],
        "examples": [PurePosixPath(path).stem for path in examples.of(package)],
        "findings": problems.findings(deployed.warnings),
    }
    location = f"/api/v1/processes/{deployed.key}/versions/{deployed.version}"
    return json_response(answer, 201 if deployed.created else 200, headers={"Location": location})


@blueprint.route("/deployments/check", methods=["POST"])
@blueprint.doc(**_BODY)
@blueprint.response(200, FindingsOut)
def check() -> Response:
    """Say what a deployment would say, and deploy nothing."""
    actor = auth.actor()
    require(actor, "deploy")
    data = zip_of_request()
    found = drafts.check(actor, _draft_key()) if data is None else _check_zip(actor, data)
    return json_response({"findings": problems.findings(found)})


def _check_zip(actor: Actor, data: bytes) -> list[Any]:
    try:
        package = packages.read_zip(data)
    except PackageError as error:
        return error.findings
    return commands.check(actor, package)


def read_zip(data: bytes) -> Package:
    """The package in a zip; raises DefinitionInvalid."""
    try:
        return packages.read_zip(data)
    except PackageError as error:
        raise DefinitionInvalid(error.findings) from None


def zip_of_request() -> bytes | None:
    """The zip that came in, as multipart `package` or as the body itself; None for JSON."""
    if request.mimetype == "multipart/form-data":
        file = request.files.get("package")
        if file is None:
            raise InvalidInput.at("/package", "required")
        data = file.stream.read(MAX_ZIP + 1)
    elif request.mimetype in ZIP_TYPES:
        data = request.get_data(cache=True)
    elif request.mimetype == "application/json":
        return None
    else:
        raise UnsupportedMediaType
    if len(data) > MAX_ZIP:
        raise TooLarge(what="package", limit=MAX_ZIP)
    return data


def change_out(change: Change) -> dict[str, Any]:
    """A difference as the interface shows it."""
    return asdict(change)


def _draft_key() -> str:
    key: str = body(_draft_in)["draft"]
    return key
