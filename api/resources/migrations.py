"""Running tickets moved to another version: previewed, in bulk, paused, undone."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response

from api import auth, paging
from api.http import identifier, instant, json_response, language
from api.openapi import Blueprint
from api.schemas import versions as schemas
from api.schemas.base import ListQuery
from engine.tickets.migrating import commands, queries, working
from workflows.texts import sentence

blueprint = Blueprint("migrations", description="Running tickets moved to another version")


@blueprint.route("/migrations", methods=["POST"])
@blueprint.arguments(schemas.MigrationIn)
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(201, schemas.MigrationOut)
@blueprint.alt_response(
    200, schema=schemas.MigrationPreviewOut, description="The preview of a dry run"
)
def migrate(given: dict[str, Any], query: dict[str, Any]) -> Response:
    """Move the running tickets of a version to another; `dry_run` only says what would happen."""
    actor = auth.actor()
    plan = commands.plan(
        actor, given["key"], given["from_"], given["to"], given["map"], given["statuses"]
    )
    if not given["dry_run"]:
        found = commands.begin(actor, plan, given["tickets"])
        return _answer(found, 201)
    page, total = queries.preview(actor, plan, paging.window(query), given["tickets"])
    verdicts, elements = queries.summed(page.items)
    shown = paging.listing(page.map(_look))
    return json_response({"total": total, "verdicts": verdicts, "elements": elements, **shown})


@blueprint.route("/migrations", methods=["GET"])
@blueprint.arguments(schemas.MigrationQuery, location="query")
@blueprint.response(200, schemas.MigrationList)
def list_migrations(query: dict[str, Any]) -> Response:
    """Migrations, the newest first."""
    page = queries.migrations(auth.actor(), paging.window(query), query.get("key"))
    counted = queries.counts([row.id for row in page.items])
    return json_response(paging.listing(page.map(lambda row: _migration(row, counted[row.id]))))


@blueprint.route("/migrations/<migration_id>", methods=["GET"])
@blueprint.response(200, schemas.MigrationOut)
def get_migration(migration_id: str) -> Response:
    """One migration and how far it is."""
    return _answer(identifier(migration_id))


@blueprint.route("/migrations/<migration_id>/tickets", methods=["GET"])
@blueprint.arguments(schemas.ResultQuery, location="query")
@blueprint.response(200, schemas.ResultList)
def list_results(query: dict[str, Any], migration_id: str) -> Response:
    """What became of each ticket, in the order in which they are moved."""
    wanted = [query["status"]] if "status" in query else []
    page = queries.results(
        auth.actor(),
        identifier(migration_id),
        paging.window(query, query.get("status", "")),
        wanted,
    )
    return json_response(paging.listing(page.map(_result), query.get("status", "")))


@blueprint.route("/migrations/<migration_id>/pause", methods=["POST"])
@blueprint.response(200, schemas.MigrationOut)
def pause(migration_id: str) -> Response:
    """Rest after the tickets at hand."""
    found = identifier(migration_id)
    commands.pause(auth.actor(), found)
    return _answer(found)


@blueprint.route("/migrations/<migration_id>/resume", methods=["POST"])
@blueprint.response(200, schemas.MigrationOut)
def resume(migration_id: str) -> Response:
    """Go on."""
    found = identifier(migration_id)
    commands.resume(auth.actor(), found)
    return _answer(found)


@blueprint.route("/migrations/<migration_id>/undo", methods=["POST"])
@blueprint.response(200, schemas.MigrationOut)
def undo(migration_id: str) -> Response:
    """Move back every ticket that has not closed meanwhile."""
    found = identifier(migration_id)
    commands.undo(auth.actor(), found)
    return _answer(found)


def _answer(migration_id: int, status: int = 200) -> Response:
    row = queries.one(auth.actor(), migration_id)
    headers = {"Location": f"/api/v1/migrations/{migration_id}"} if status == 201 else None
    shown = _migration(row, queries.counts([row.id])[row.id])
    return json_response(shown, status, headers=headers)


def _migration(row: Any, counted: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "key": row.key,
        "from": row.from_version,
        "to": row.to_version,
        "map": row.elements,
        "statuses": row.statuses,
        "phase": row.phase,
        "state": row.state,
        "reason": row.reason,
        "total": row.total,
        "counts": dict(counted),
        "created_by": row.created_by,
        "created_at": instant(row.created_at),
        "ended_at": instant(row.ended_at) if row.ended_at else None,
    }


def _look(look: queries.Look) -> dict[str, Any]:
    return {
        "number": look.number,
        "verdict": look.verdict,
        "elements": list(look.elements),
        "problems": problems_out(working.told(look.problems)),
    }


def _result(row: Any) -> dict[str, Any]:
    said = row.problems or {"verdict": None, "problems": []}
    return {
        "number": row.number,
        "status": row.status,
        "verdict": said["verdict"],
        "problems": problems_out(said["problems"]),
        "at": instant(row.at) if row.at else None,
    }


def problems_out(kept: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Problems with their sentences."""
    return [{**one, "text": sentence_of(one, language())} for one in kept]


def sentence_of(one: Mapping[str, Any], reader: str) -> str:
    """What a problem says; faults of a process that was taken further speak as incidents do."""
    code = f"migration.{one['code']}"
    if sentence("api", reader, code, {}) == code:
        code = f"incident.{one['code']}"
    element = one["element"] or ""
    blanks = {**one["params"], "element": element, "name": one["name"] or element}
    return sentence("api", reader, code, blanks)
