"""API tokens."""

from typing import Any

from flask import Response

from api import idempotency
from api.auth import actor
from api.http import dumps, json_response
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import people as schemas
from engine.access import queries, tokens
from engine.access.models import ApiToken

blueprint = Blueprint("tokens", description="Keys for programs")


@blueprint.route("/tokens", methods=["GET"])
@blueprint.arguments(schemas.TokenQuery, location="query")
@blueprint.response(200, schemas.TokenList)
def list_tokens(args: dict[str, Any]) -> Response:
    """The caller's tokens, or another person's for administrators."""
    page = queries.tokens(actor(), window(args), username=args.get("user"))
    return json_response(listing(page.map(_shown)))


@blueprint.route("/tokens", methods=["POST"])
@blueprint.arguments(schemas.NewToken)
@blueprint.response(201, schemas.MadeToken)
def create_token(given: dict[str, Any]) -> Response:
    """Makes a token; its secret is in this answer and nowhere else."""
    token, secret = tokens.create(
        actor(),
        given["name"],
        username=given.get("user"),
        scopes=given.get("scopes"),
        expires_at=given.get("expires_at"),
    )
    shown = _shown(token)
    idempotency.keep_instead(dumps({**shown, "token": None}).encode())
    location = {"Location": f"/api/v1/tokens/{shown['id']}"}
    return json_response({**shown, "token": secret}, 201, headers=location)


@blueprint.route("/tokens/<token_id>", methods=["GET"])
@blueprint.response(200, schemas.TokenOut)
def read_token(token_id: str) -> Response:
    """One token."""
    return json_response(_shown(queries.token(actor(), token_id)))


@blueprint.route("/tokens/<token_id>", methods=["PATCH"])
@blueprint.arguments(schemas.TokenChange)
@blueprint.response(200, schemas.TokenOut)
def rename_token(given: dict[str, Any], token_id: str) -> Response:
    """Gives a token another name."""
    return json_response(_shown(tokens.rename(actor(), token_id, given["name"])))


@blueprint.route("/tokens/<token_id>", methods=["DELETE"])
@blueprint.response(204)
def revoke_token(token_id: str) -> Response:
    """Removes a token; calls with it are refused from now on."""
    tokens.revoke(actor(), token_id)
    return Response(status=204)


def _shown(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "user": token.username,
        "name": token.name,
        "prefix": token.prefix,
        "scopes": token.scopes,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
    }
