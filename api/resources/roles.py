"""The roles that people can hold."""

from typing import Any

from flask import Response

from api import texts
from api.auth import actor
from api.http import json_response, language
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import people as schemas
from api.schemas.base import ListQuery
from engine.access.policy import ROLES, require
from engine.paging import cut

blueprint = Blueprint("roles", description="What people are to the platform")


@blueprint.route("/roles", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, schemas.RoleList)
def list_roles(args: dict[str, Any]) -> Response:
    """The roles, in the order of what they may do."""
    require(actor(), "see_people")
    part = window(args)
    begin = ROLES.index(part.after[0]) + 1 if part.after else 0
    page = cut(ROLES[begin:], part, lambda role: (role,))
    return json_response(listing(page.map(_shown)))


def _shown(role: str) -> dict[str, str]:
    return {"key": role, "name": texts.word(language(), f"role:{role}")}
