"""What is done with versions beside deploying them: taken up again, rolled out to some."""

from typing import Any

from flask import Response

from api import auth
from api.http import json_response
from api.openapi import Blueprint
from api.resources.deployments import deployed_out
from api.schemas.deployments import DeploymentOut
from api.schemas.versions import RolloutIn, RolloutOut
from engine.deployments import catalogue, commands, queries
from engine.deployments.queries import DefinitionInfo

blueprint = Blueprint("versions", description="Versions taken up again and rolled out")


@blueprint.route("/processes/<string:key>/versions/<int:number>/restore", methods=["POST"])
@blueprint.response(201, DeploymentOut)
def restore(key: str, number: int) -> Response:
    """Roll back: the content of this version becomes the newest version."""
    return deployed_out(commands.restore(auth.actor(), key, number))


@blueprint.route("/processes/<string:key>/rollout", methods=["PUT"])
@blueprint.arguments(RolloutIn)
@blueprint.response(200, RolloutOut)
def put_rollout(given: dict[str, Any], key: str) -> Response:
    """Give the newest version to some departments or a share of people, another to the rest."""
    actor = auth.actor()
    commands.set_rollout(actor, key, **given)
    return json_response(rollout_out(queries.definition(actor, key)))


@blueprint.route("/processes/<string:key>/rollout", methods=["DELETE"])
@blueprint.response(204)
def delete_rollout(key: str) -> Response:
    """Give the newest version to everybody."""
    commands.end_rollout(auth.actor(), key)
    return Response(status=204)


def rollout_out(info: DefinitionInfo) -> dict[str, Any] | None:
    """The rollout of a type as the interface shows it; None when everybody takes the newest."""
    if info.rollout is None:
        return None
    return {
        "version": info.open,
        "otherwise": catalogue.version(info.rollout["otherwise"]).version,
        "departments": info.rollout["departments"],
        "percent": info.rollout["percent"],
    }
