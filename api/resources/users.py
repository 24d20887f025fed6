"""People's accounts."""

from dataclasses import asdict
from typing import Any

from flask import Response

from api import auth
from api.auth import actor
from api.http import entity_tag, expected_version, json_response, language, named
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import people as schemas
from engine.access import commands, queries
from engine.access.names import in_language
from engine.access.queries import Person

blueprint = Blueprint("users", description="People")


@blueprint.route("/users", methods=["GET"])
@blueprint.arguments(schemas.UserQuery, location="query")
@blueprint.response(200, schemas.UserList)
def list_users(args: dict[str, Any]) -> Response:
    """People by username: everybody sees names and departments, administrators all."""
    usernames = args.get("usernames")
    page = queries.people(
        actor(),
        window(args),
        q=args.get("q"),
        usernames=usernames.split(",") if usernames is not None else None,
        department=args.get("department"),
        group=args.get("group"),
        active=args.get("active"),
    )
    return json_response(listing(page.map(_shown)))


@blueprint.route("/users", methods=["POST"])
@blueprint.arguments(schemas.NewUser)
@blueprint.response(201, schemas.UserOut)
def create_user(given: dict[str, Any]) -> Response:
    """Makes an account."""
    who = actor()
    username = given.pop("username")
    names = named(given)
    commands.create_user(who, username, names, **given)
    return _answer(queries.person(who, username), 201)


@blueprint.route("/users/<username>", methods=["GET"])
@blueprint.response(200, schemas.UserOut)
def read_user(username: str) -> Response:
    """One person."""
    return _answer(queries.person(actor(), username))


@blueprint.route("/users/<username>", methods=["PATCH"])
@blueprint.arguments(schemas.UserChange)
@blueprint.response(200, schemas.UserOut)
def change_user(given: dict[str, Any], username: str) -> Response:
    """Changes an account; anybody may change his own language, time zone and password."""
    who = actor()
    if "name" in given:
        given["some_names"] = named({"name": given.pop("name")})
    commands.update_user(
        who, username, given, version=expected_version(), session=auth.session_secret()
    )
    return _answer(queries.person(who, username))


@blueprint.route("/users/<username>", methods=["DELETE"])
@blueprint.response(204)
def deactivate_user(username: str) -> Response:
    """Makes an account inactive; it is never removed, because its name stands in history."""
    commands.deactivate_user(actor(), username, version=expected_version())
    return Response(status=204)


def _answer(person: Person, status: int = 200) -> Response:
    headers = {"Location": f"/api/v1/users/{person.username}"} if status == 201 else None
    etag = entity_tag(person.details.rev) if person.details is not None else None
    return json_response(_shown(person), status, etag, headers)


def _shown(person: Person) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "username": person.username,
        "name": in_language(person.names, language(), person.username),
        "names": person.names,
        "department": person.department,
    }
    if person.details is not None:
        shown.update(asdict(person.details))
    return shown
