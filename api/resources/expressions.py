"""Expressions tried out by those who write them."""

from typing import Any

from flask import Response

from api import auth
from api.feel import text_out, value_out, warnings_out
from api.http import json_response
from api.openapi import Blueprint
from api.schemas.expressions import ExpressionIn, ValueOut
from engine.deployments import evaluation
from workflows import feel

blueprint = Blueprint("expressions", description="Trying out expressions")


@blueprint.route("/expressions/evaluate", methods=["POST"])
@blueprint.arguments(ExpressionIn)
@blueprint.response(200, ValueOut)
def evaluate(wanted: dict[str, Any]) -> Response:
    """Evaluate an expression in a context; nothing is stored."""
    found = evaluation.evaluate(auth.actor(), wanted["expression"], wanted["context"])
    return json_response(
        {
            "value": value_out(found.value),
            "text": text_out(found.value),
            "kind": feel.kind(found.value),
            "warnings": warnings_out(found.warnings),
        }
    )
