"""Decisions tried out by those who write them."""

from typing import Any

from flask import Response

from api import auth
from api.feel import said, value_out
from api.http import json_response, language
from api.openapi import Blueprint
from api.schemas.decisions import DecisionIn, DecisionOut
from engine.access.policy import Actor, require
from engine.deployments import evaluation
from workflows.dmn import Decision

blueprint = Blueprint("decisions", description="Trying out decisions")


@blueprint.route("/decisions/evaluate", methods=["POST"])
@blueprint.arguments(DecisionIn)
@blueprint.response(200, DecisionOut)
def evaluate(wanted: dict[str, Any]) -> Response:
    """Evaluate a decision with an input; nothing is stored.

    The outcome is null where the document or the input gives no value; the warnings say why.
    """
    actor = auth.actor()
    require(actor, "evaluate")
    document = _document(actor, wanted)
    found = evaluation.decide(actor, document, wanted.get("decision"), wanted["input"])
    return json_response(shown(found))


def shown(found: Decision) -> dict[str, Any]:
    """What a decision came to, and how, as the interface shows it."""
    reader = language()
    return {
        "outputs": value_out(found.outputs),
        "trace": found.trace,
        "warnings": [
            {
                "code": each.code,
                "element": each.element,
                "cell": each.cell,
                "position": each.position,
                "text": said(each.code, each.params, reader),
            }
            for each in found.warnings
        ],
    }


def _document(actor: Actor, wanted: dict[str, Any]) -> bytes:
    if "dmn" in wanted:
        text: str = wanted["dmn"]
        return text.encode("utf-8", "surrogatepass")
    if "draft" in wanted:
        return evaluation.of_draft(actor, wanted["draft"], wanted["decision"])
    return evaluation.of_version(
        actor, wanted["process"], wanted.get("version"), wanted["decision"]
    )
