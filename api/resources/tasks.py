"""Tasks: the open ones, one with its form, and what people do with it."""

from typing import Any

from flask import Response

from api import presenting
from api.auth import actor
from api.http import expected_version, instant, json_response, language
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import tickets as schemas
from engine.access import policy
from engine.access.policy import Actor
from engine.db import db
from engine.deployments import catalogue
from engine.paging import cut, seek
from engine.tickets import approval_views, queries, rights, tasks
from engine.tickets.locking import task as table

blueprint = Blueprint("tasks", description="Work for people")


@blueprint.route("/tasks", methods=["GET"])
@blueprint.arguments(schemas.TaskQuerySchema, location="query")
@blueprint.response(200, schemas.TaskList)
def list_tasks(args: dict[str, Any]) -> Response:
    """The open tasks that the caller may see, oldest first."""
    who, shown_in = actor(), language()
    statement = queries.tasks(
        who,
        assignee=args.get("assignee"),
        group=args.get("group"),
        number=args.get("ticket"),
        due_before=args.get("due_before"),
    )
    part = window(args)
    rows = db.session.connection().execute(seek(statement, [table.c.created_at, table.c.id], part))
    page = cut(rows.all(), part, lambda row: (row.task_created_at, row.task_id))

    def show(row: Any) -> dict[str, Any]:
        version = catalogue.version(row.task_version_id)
        may = presenting.may_on(who, rights.on_task(row, version), open_=True)
        shown = presenting.task(row, row.number, version, may, shown_in)
        return {**shown, "title": row.title, "priority": row.priority}

    return json_response(listing(page.map(show)))


@blueprint.route("/tasks/<task_id>", methods=["GET"])
@blueprint.response(200, schemas.TaskSchema)
def get_task(task_id: str) -> Response:
    """One task with its form, its answers so far and what the caller may do with it."""
    return _show(actor(), task_id)


def _show(who: Actor, task_id: str) -> Response:
    shown_in = language()
    row, version, on = queries.get_task(who, task_id)
    may = presenting.may_on(who, on, row.task_status == "open")
    shown = presenting.task(row, row.number, version, may, shown_in)
    shown["title"] = row.title
    full = presenting.with_form(shown, row, version, shown_in)
    if on.is_approval:
        full |= _approval(who, task_id, shown_in)
    return json_response(full, etag=str(row.task_rev))


def _approval(who: Actor, task_id: str, shown_in: str) -> dict[str, Any]:
    """What this caller may do at an approval now: the ledger says it, not the step."""
    keys = approval_views.get(who, task_id).may
    may = ["complete", *keys] if {"agree", "reject"} & set(keys) else keys
    return {"actions": presenting.decisions(keys, shown_in), "may": may}


@blueprint.route("/tasks/<task_id>/claim", methods=["POST"])
@blueprint.response(200, schemas.TaskSchema)
def claim_task(task_id: str) -> Response:
    """Takes a task that nobody holds."""
    tasks.claim(actor(), task_id, rev=expected_version())
    return _show(actor(), task_id)


@blueprint.route("/tasks/<task_id>/release", methods=["POST"])
@blueprint.response(200, schemas.TaskSchema)
def release_task(task_id: str) -> Response:
    """Gives a task back to its candidates."""
    tasks.release(actor(), task_id, rev=expected_version())
    return _show(actor(), task_id)


@blueprint.route("/tasks/<task_id>/assign", methods=["POST"])
@blueprint.arguments(schemas.AssignmentSchema)
@blueprint.response(200, schemas.TaskSchema)
def assign_task(given: dict[str, Any], task_id: str) -> Response:
    """Gives a task to somebody."""
    tasks.assign(actor(), task_id, given["user"], rev=expected_version())
    return _show(actor(), task_id)


@blueprint.route("/tasks/<task_id>/complete", methods=["POST"])
@blueprint.body(schemas.CompletionSchema())
@blueprint.response(200, schemas.TaskSchema)
def complete_task(given: dict[str, Any], task_id: str) -> Response:
    """Completes a task with its answers and one of its buttons; the process goes on."""
    who, shown_in = actor(), language()
    done = tasks.complete(
        who, task_id, given["values"], given.get("action"), rev=expected_version()
    )
    row, change, outcome = done.row, done.change, done.outcome
    if row.task_kind == "approval" and outcome is None:
        return _decided(who, task_id, shown_in)
    version, number = change.version, row.number
    on = policy.OnTicket(row, version.access)
    open_tasks = []
    if outcome is None or outcome.remaining:
        for one in queries.open_tasks_of(db.session.connection(), row.id):
            may = presenting.may_on(who, rights.on_open_task(row, one, version), open_=True)
            open_tasks.append(presenting.task(one, number, version, may, shown_in))
    else:
        for opening in outcome.opened:
            shown = presenting.opened(opening, number, version, change.at, shown_in)
            is_approval = opening.task.kind == "approval"
            task_on = policy.OnTask(on, opening.assignee, opening.candidates, is_approval)
            open_tasks.append({**shown, "may": presenting.may_on(who, task_on, open_=True)})
    rev = row.task_rev if outcome is None else row.task_rev + 1
    body = {
        "id": task_id,
        "ticket": number,
        "element": row.task_element,
        "name": presenting.element_name(version, row.task_element, shown_in),
        "kind": row.task_kind,
        "status": "completed",
        "assignee": row.task_assignee or who.username,
        "candidates": (row.task_candidates or "").split(),
        "due": instant(row.task_due) if row.task_due else None,
        "created_at": instant(row.task_created_at),
        "actions": presenting.actions(version, row.task_element, shown_in),
        "may": [],
        "rev": rev,
        "ticket_status": presenting.status(
            version, change.now("status"), change.now("category"), shown_in
        ),
        "tasks": open_tasks,
    }
    return json_response(body, etag=str(rev))


def _decided(who: Actor, task_id: str, shown_in: str) -> Response:
    """An approval's task while others are still asked, with the ticket's open tasks."""
    row, version, on = queries.get_task(who, task_id)
    may = presenting.may_on(who, on, row.task_status == "open")
    shown = presenting.task(row, row.number, version, may, shown_in)
    shown["ticket_status"] = presenting.status(version, row.status, row.category, shown_in)
    shown["tasks"] = [
        presenting.task(
            one,
            row.number,
            version,
            presenting.may_on(who, rights.on_open_task(row, one, version), open_=True),
            shown_in,
        )
        for one in queries.open_tasks_of(db.session.connection(), row.id)
    ]
    return json_response(shown, etag=str(row.task_rev))
