"""Signing in and out, and who the caller is."""

from typing import Any

from flask import Response, request

from api import auth, limits
from api.http import json_response, language
from api.openapi import Blueprint
from api.schemas import people as schemas
from engine.access import commands, identity, queries
from engine.access.identity import Caller
from engine.access.names import in_language
from engine.errors import SignInFailed

blueprint = Blueprint("session", description="Who is signed in")


@blueprint.route("/session", methods=["POST"])
@blueprint.arguments(schemas.SignIn)
@blueprint.response(200, schemas.SessionOut)
@blueprint.alt_response(401, description="Name and password do not belong together")
@blueprint.alt_response(429, description="Too many refused attempts from this address")
@auth.public
def sign_in(given: dict[str, Any]) -> Response:
    """Signs in with a password; the answer sets the session's cookie."""
    limits.may_try()
    before = auth.session_secret()
    try:
        opened = identity.sign_in(given["username"], given["password"])
    except SignInFailed:
        limits.attempts().count(request.remote_addr or "")
        raise
    if before is not None:
        identity.sign_out(before)
    caller = identity.by_session(opened.secret)
    if caller is None:  # made inactive in this very moment
        raise SignInFailed
    response = json_response(_shown(caller))
    auth.remember(response, opened)
    return response


@blueprint.route("/session", methods=["GET"])
@blueprint.response(200, schemas.SessionOut)
def who_am_i() -> Response:
    """The caller, with his general permissions and the token that writes must carry."""
    return json_response(_shown(auth.caller()))


@blueprint.route("/session", methods=["PATCH"])
@blueprint.arguments(schemas.SessionChange)
@blueprint.response(200, schemas.SessionOut)
def change_own(given: dict[str, Any]) -> Response:
    """Changes the caller's language and time zone."""
    caller = auth.caller()
    user = commands.update_user(caller.actor, caller.actor.username, given)
    body = _shown(caller)
    body["user"].update(language=user.language, time_zone=user.time_zone)
    return json_response(body)


@blueprint.route("/session", methods=["DELETE"])
@blueprint.response(204)
def sign_out() -> Response:
    """Ends the browser's session."""
    secret = auth.session_secret()
    if secret is not None:
        identity.sign_out(secret)
    response = Response(status=204)
    auth.forget(response)
    return response


def _shown(caller: Caller) -> dict[str, Any]:
    who = caller.actor
    return {
        "user": {
            "username": who.username,
            "name": in_language(caller.names, language(), who.username),
            "names": caller.names,
            "roles": sorted(who.roles),
            "groups": sorted(who.groups),
            "department": who.department,
            "language": who.language,
            "time_zone": caller.time_zone,
        },
        "csrf": caller.csrf,
        "permissions": queries.permissions(who),
    }
