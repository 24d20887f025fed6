"""Approvals: one with its ledger, acting on it, and everybody's own lists."""

from typing import Any

from flask import Response

from api import presenting, showing_approvals, texts
from api.auth import actor
from api.http import expected_version, json_response, language
from api.openapi import Blueprint
from api.paging import listing, window
from api.problems import status_of
from api.schemas import approvals as schemas
from api.schemas.base import ListQuery
from engine.approvals.acting import Request
from engine.approvals.records import action_
from engine.db import db
from engine.paging import cut, seek
from engine.tickets import approval_batch, approval_views, approving, people

blueprint = Blueprint("approvals", description="Approvals and their ledgers")


@blueprint.route("/approvals", methods=["GET"])
@blueprint.arguments(schemas.ApprovalBoxQuerySchema, location="query")
@blueprint.response(200, schemas.ApprovalList)
def list_approvals(args: dict[str, Any]) -> Response:
    """The caller's approvals: to do, done, asked for, or copied to him; the latest first."""
    shown_in, name = language(), args["box"]
    part = window(args, name)
    found = approval_views.box(actor(), name, args.get("q"), args.get("type"))
    connection = db.session.connection()
    rows = connection.execute(seek(found.statement, found.keys, part, descending=True)).all()
    page = cut(rows, part, lambda row: (row.at, row.key))
    names = people.names(connection, [row.requester for row in page.items], shown_in)
    return json_response(
        listing(page.map(lambda row: showing_approvals.row(row, names, shown_in)), name)
    )


@blueprint.route("/approvals/counts", methods=["GET"])
@blueprint.response(200, schemas.ApprovalCountsSchema)
def count_approvals() -> Response:
    """How many approvals wait for the caller, and how many copies he has not read."""
    return json_response(approval_views.counts(actor()))


@blueprint.route("/approvals/<task_id>", methods=["GET"])
@blueprint.response(200, schemas.ApprovalLedgerSchema)
def get_approval(task_id: str) -> Response:
    """The ledger of an approval: its rounds and seats, what was done, what the caller may do."""
    return _show(task_id)


def _show(task_id: str) -> Response:
    view = approval_views.get(actor(), task_id)
    shown = showing_approvals.ledger(db.session.connection(), view, language())
    return json_response(shown, etag=str(view.row.task_rev))


@blueprint.route("/approvals/<task_id>/actions", methods=["POST"])
@blueprint.body(schemas.ApprovalActSchema())
@blueprint.response(200, schemas.ApprovalLedgerSchema)
def act_on_approval(given: dict[str, Any], task_id: str) -> Response:
    """Acts on the caller's own seat, or as requester, supervisor or administrator."""
    request = Request(
        given["action"],
        comment=given.get("comment"),
        users=given["users"],
        mode=given.get("mode"),
        target=given.get("target"),
        resubmit=given.get("resubmit"),
        signature=given.get("signature"),
        seat=given.get("seat"),
    )
    approving.act(actor(), task_id, request, given["values"], rev=expected_version())
    return _show(task_id)


@blueprint.route("/approvals/<task_id>/read", methods=["POST"])
@blueprint.response(200, schemas.ApprovalLedgerSchema)
def read_approval(task_id: str) -> Response:
    """Says that the caller has read what he got a copy of."""
    approval_views.get(actor(), task_id)
    approval_views.mark_read(actor(), task_id)
    return _show(task_id)


@blueprint.route("/approvals/batch", methods=["POST"])
@blueprint.arguments(schemas.ApprovalBatchSchema)
@blueprint.response(200, schemas.ApprovalBatchResultSchema)
def decide_several(given: dict[str, Any]) -> Response:
    """Agrees to or rejects several; one that asks for more than that is refused by itself."""
    reader = language()
    done = approval_batch.decide(actor(), given["tasks"], given["action"], given.get("comment"))
    results: list[dict[str, Any]] = []
    for task_id, refused in done:
        result: dict[str, Any] = {"task": task_id, "status": 200}
        if refused is not None:
            title, detail = texts.problem(reader, refused.code, refused.params)
            result |= {"status": status_of(refused), "code": refused.code}
            result |= {"title": title, "detail": detail}
        results.append(result)
    return json_response({"results": results})


@blueprint.route("/tickets/<number>/approvals", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, schemas.TimelineList)
def list_ticket_approvals(args: dict[str, Any], number: str) -> Response:
    """Everything that was done at the approvals of a ticket, from the beginning."""
    shown_in = language()
    part = window(args)
    version, statement = approval_views.timeline_of(actor(), number)
    connection = db.session.connection()
    rows = connection.execute(seek(statement, [action_.c.id], part)).all()
    page = cut(rows, part, lambda row: (row.id,))
    names = people.names(connection, [row.actor for row in page.items], shown_in)

    def show(row: Any) -> dict[str, Any]:
        return {
            **showing_approvals.done(row, names, shown_in),
            "task": row.task_id,
            "element": row.element,
            "element_name": presenting.element_name(version, row.element, shown_in),
        }

    return json_response(listing(page.map(show)))
