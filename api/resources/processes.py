"""Ticket types as their owners see them: versions, packages, differences, retirement."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api import auth, paging
from api.http import instant, json_response, language
from api.openapi import Blueprint
from api.resources.deployments import change_out
from api.resources.versions import rollout_out
from api.schemas.base import ListQuery, listing
from api.schemas.processes import (
    DiffOut,
    DiffQuery,
    ProcessOut,
    VersionDetailOut,
    VersionOut,
)
from engine.access.names import in_language
from engine.deployments import commands, queries
from engine.deployments.catalogue import Loaded
from engine.deployments.queries import DefinitionInfo, VersionInfo
from engine.tickets.migrating import queries as migrating
from workflows.documents import as_text

blueprint = Blueprint("processes", description="Ticket types and their versions")

_ZIP = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}


@blueprint.route("/processes", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, listing(ProcessOut))
def list_processes(query: dict[str, Any]) -> Response:
    """The ticket types by key."""
    page = queries.definitions(auth.actor(), paging.window(query))
    return json_response(paging.listing(page.map(_process)))


@blueprint.route("/processes/<string:key>", methods=["GET"])
@blueprint.response(200, ProcessOut)
def get_process(key: str) -> Response:
    """One ticket type."""
    return json_response(_process(queries.definition(auth.actor(), key)))


@blueprint.route("/processes/<string:key>/versions", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, listing(VersionOut))
def list_versions(query: dict[str, Any], key: str) -> Response:
    """The versions of a ticket type, the newest first."""
    page = queries.versions(auth.actor(), key, paging.window(query))
    running = migrating.running([info.id for info in page.items])
    return json_response(paging.listing(page.map(lambda info: _version(info, running))))


@blueprint.route("/processes/<string:key>/versions/<int:number>", methods=["GET"])
@blueprint.response(200, VersionDetailOut)
def get_version(key: str, number: int) -> Response:
    """One version and what it holds."""
    return _detail(key, number)


@blueprint.route("/processes/<string:key>/versions/<int:number>/package", methods=["GET"])
@blueprint.doc(responses={"200": {"description": "The package as a zip", "content": _ZIP}})
def get_package(key: str, number: int) -> Response:
    """The package of a version: the same bytes each time, and for the same content anywhere."""
    data = queries.export(auth.actor(), key, number)
    response = Response(data, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}-{number}.zip"'
    return response


@blueprint.route("/processes/<string:key>/versions/<int:number>/diff", methods=["GET"])
@blueprint.arguments(DiffQuery, location="query")
@blueprint.response(200, DiffOut)
def get_diff(query: dict[str, Any], key: str, number: int) -> Response:
    """What changed from this version to another."""
    found = queries.changes(auth.actor(), key, number, query["to"])
    return json_response(
        {
            "key": key,
            "version": number,
            "to": query["to"],
            "changes": [change_out(change) for change in found],
        }
    )


@blueprint.route("/processes/<string:key>/versions/<int:number>/retire", methods=["POST"])
@blueprint.response(200, VersionDetailOut)
def retire(key: str, number: int) -> Response:
    """Take no new tickets on this version; those that run go on."""
    commands.retire(auth.actor(), key, number)
    return _detail(key, number)


@blueprint.route("/processes/<string:key>/versions/<int:number>/unretire", methods=["POST"])
@blueprint.response(200, VersionDetailOut)
def unretire(key: str, number: int) -> Response:
    """Take new tickets on this version again, when it is the newest."""
    commands.unretire(auth.actor(), key, number)
    return _detail(key, number)


def _detail(key: str, number: int) -> Response:
    info = queries.version(auth.actor(), key, number)
    shown = _version(info, migrating.running([info.id]))
    return json_response(shown | _content(queries.loaded(auth.actor(), key, number)))


def _process(info: DefinitionInfo) -> dict[str, Any]:
    return {
        "key": info.key,
        "name": in_language(info.names, language(), info.key),
        "names": info.names,
        "latest": info.latest,
        "open": info.open,
        "has_draft": info.has_draft,
        "rollout": rollout_out(info),
        "created_at": instant(info.created_at),
    }


def _version(info: VersionInfo, running: Mapping[int, int]) -> dict[str, Any]:
    return {
        "key": info.key,
        "version": info.version,
        "content_hash": info.content_hash,
        "deployed_by": info.deployed_by,
        "deployed_at": instant(info.deployed_at),
        "retired_at": instant(info.retired_at) if info.retired_at else None,
        "running": running.get(info.id, 0),
    }


def _content(loaded: Loaded) -> dict[str, Any]:
    manifest = loaded.manifest
    return {
        "names": manifest.names,
        "descriptions": manifest.descriptions,
        "number": manifest.number,
        "statuses": statuses_out(loaded),
        "forms": sorted(loaded.forms),
        "decisions": sorted(loaded.package.decisions),
        "calls": queries.called_versions(loaded),
        "bpmn": as_text(loaded.package.process),
        "files": [{"path": path, "size": len(data)} for path, data in loaded.package.files.items()],
    }


def statuses_out(loaded: Loaded) -> list[dict[str, Any]]:
    """The statuses of a version in the order of its manifest."""
    return [
        {
            "key": status.key,
            "category": status.category,
            "label": loaded.label(status.key, language()),
            "labels": status.labels,
        }
        for status in loaded.manifest.statuses.values()
    ]
