"""Groups of people."""

from typing import Any

from flask import Response

from api.auth import actor
from api.http import entity_tag, expected_version, json_response, language, named
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import people as schemas
from api.schemas.base import SearchQuery
from engine.access import commands, queries
from engine.access.names import in_language
from engine.access.queries import GroupView

blueprint = Blueprint("groups", description="People who take work together")


@blueprint.route("/groups", methods=["GET"])
@blueprint.arguments(SearchQuery, location="query")
@blueprint.response(200, schemas.GroupList)
def list_groups(args: dict[str, Any]) -> Response:
    """Groups by key."""
    page = queries.groups(actor(), window(args), q=args.get("q"))
    return json_response(listing(page.map(_shown)))


@blueprint.route("/groups", methods=["POST"])
@blueprint.arguments(schemas.NewGroup)
@blueprint.response(201, schemas.GroupOut)
def create_group(given: dict[str, Any]) -> Response:
    """Makes a group."""
    who = actor()
    key = given.pop("key")
    commands.create_group(who, key, named(given), **given)
    return _answer(queries.group(who, key), 201)


@blueprint.route("/groups/<key>", methods=["GET"])
@blueprint.response(200, schemas.GroupOut)
def read_group(key: str) -> Response:
    """One group."""
    return _answer(queries.group(actor(), key))


@blueprint.route("/groups/<key>", methods=["PATCH"])
@blueprint.arguments(schemas.GroupChange)
@blueprint.response(200, schemas.GroupOut)
def change_group(given: dict[str, Any], key: str) -> Response:
    """Changes a group."""
    who = actor()
    if "name" in given:
        given["some_names"] = named({"name": given.pop("name")})
    commands.update_group(who, key, given, version=expected_version())
    return _answer(queries.group(who, key))


@blueprint.route("/groups/<key>", methods=["DELETE"])
@blueprint.response(204)
def delete_group(key: str) -> Response:
    """Removes a group and its memberships."""
    commands.delete_group(actor(), key, version=expected_version())
    return Response(status=204)


def _answer(group: GroupView, status: int = 200) -> Response:
    headers = {"Location": f"/api/v1/groups/{group.key}"} if status == 201 else None
    return json_response(_shown(group), status, entity_tag(group.rev), headers)


def _shown(group: GroupView) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "key": group.key,
        "name": in_language(group.names, language(), group.key),
        "names": group.names,
        "lead": group.lead,
        "calendar": group.calendar,
        "weight": group.weight,
        "rev": group.rev,
    }
    if group.members is not None:
        shown["members"] = group.members
    return shown
