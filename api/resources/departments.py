"""Departments."""

from typing import Any

from flask import Response

from api.auth import actor
from api.http import entity_tag, expected_version, json_response, language, named
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import people as schemas
from engine.access.names import in_language
from engine.directory import commands, queries
from engine.directory.models import Department

blueprint = Blueprint("departments", description="How the organisation is cut")


@blueprint.route("/departments", methods=["GET"])
@blueprint.arguments(schemas.DepartmentQuery, location="query")
@blueprint.response(200, schemas.DepartmentList)
def list_departments(args: dict[str, Any]) -> Response:
    """Departments by key."""
    page = queries.departments(actor(), window(args), q=args.get("q"), parent=args.get("parent"))
    return json_response(listing(page.map(_shown)))


@blueprint.route("/departments", methods=["POST"])
@blueprint.arguments(schemas.NewDepartment)
@blueprint.response(201, schemas.DepartmentOut)
def create_department(given: dict[str, Any]) -> Response:
    """Makes a department."""
    key = given.pop("key")
    return _answer(commands.create_department(actor(), key, named(given), **given), 201)


@blueprint.route("/departments/<key>", methods=["GET"])
@blueprint.response(200, schemas.DepartmentOut)
def read_department(key: str) -> Response:
    """One department."""
    return _answer(queries.department(actor(), key))


@blueprint.route("/departments/<key>", methods=["PATCH"])
@blueprint.arguments(schemas.DepartmentChange)
@blueprint.response(200, schemas.DepartmentOut)
def change_department(given: dict[str, Any], key: str) -> Response:
    """Changes a department."""
    if "name" in given:
        given["some_names"] = named({"name": given.pop("name")})
    return _answer(commands.update_department(actor(), key, given, version=expected_version()))


@blueprint.route("/departments/<key>", methods=["DELETE"])
@blueprint.response(204)
def delete_department(key: str) -> Response:
    """Removes a department that has no people and nothing below it."""
    commands.delete_department(actor(), key, version=expected_version())
    return Response(status=204)


def _answer(department: Department, status: int = 200) -> Response:
    headers = {"Location": f"/api/v1/departments/{department.key}"} if status == 201 else None
    return json_response(_shown(department), status, entity_tag(department.rev), headers)


def _shown(department: Department) -> dict[str, Any]:
    return {
        "key": department.key,
        "name": in_language(department.names, language(), department.key),
        "names": department.names,
        "parent": department.parent,
        "head": department.head,
        "deputy": department.deputy,
        "rev": department.rev,
    }
