"""Drafts tried in a sandbox: the same application on a throw-away database with its own clock."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response

from api import auth
from api.http import entity_tag, json_response, language
from api.openapi import Blueprint
from api.resources.drafts import file_out
from api.schemas import trials as schemas
from api.schemas.processes import DraftFileOut
from api.trying import trials

blueprint = Blueprint("trials", description="Drafts that are tried out")
_PATH = "/processes/<string:key>/draft/trials"


def _told(view: Callable[..., Response]) -> Callable[..., Response]:
    """What the tried application refuses is answered as it would answer itself."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        try:
            return view(*args, **kwargs)
        except trials.RefusedInside as refused:
            response = json_response(refused.answer, int(refused.answer.get("status", 409)))
            response.content_type = "application/problem+json"
            return response

    return answer


@blueprint.route(_PATH, methods=["POST"])
@blueprint.arguments(schemas.TrialIn)
@blueprint.response(201, schemas.TrialOut)
@_told
def begin(given: dict[str, Any], key: str) -> Response:
    """Begin to try a draft."""
    identity, seen = trials.begin(auth.actor(), key, given["at"], language())
    headers = {"Location": f"/api/v1/processes/{key}/draft/trials/{identity}"}
    return json_response({"id": identity, "key": key, **seen}, 201, headers=headers)


@blueprint.route(f"{_PATH}/<trial_id>", methods=["GET"])
@blueprint.response(200, schemas.TrialOut)
@_told
def see(key: str, trial_id: str) -> Response:
    """The ticket, its open tasks with forms, tokens, history, decisions, and the clock."""
    return _ask(key, trial_id, "see")


@blueprint.route(f"{_PATH}/<trial_id>", methods=["DELETE"])
@blueprint.response(204)
def end(key: str, trial_id: str) -> Response:
    """Throw a trial away."""
    trials.end(auth.actor(), key, trial_id)
    return Response(status=204)


@blueprint.route(f"{_PATH}/<trial_id>/start", methods=["POST"])
@blueprint.arguments(schemas.TrialTicketIn)
@blueprint.response(200, schemas.TrialOut)
@_told
def start(given: dict[str, Any], key: str, trial_id: str) -> Response:
    """Submit the ticket to try; a second one takes the place of the first."""
    who = given.pop("as_")
    return _ask(key, trial_id, "start", **{"as": who}, ticket=given)


@blueprint.route(f"{_PATH}/<trial_id>/tasks/<task_id>/complete", methods=["POST"])
@blueprint.arguments(schemas.TrialCompletionIn)
@blueprint.response(200, schemas.TrialOut)
@_told
def complete(given: dict[str, Any], key: str, trial_id: str, task_id: str) -> Response:
    """Do a task as anybody."""
    return _ask(
        key,
        trial_id,
        "complete",
        **{"as": given["as_"]},
        task=task_id,
        values=given["values"],
        action=given["action"],
    )


@blueprint.route(f"{_PATH}/<trial_id>/advance", methods=["POST"])
@blueprint.arguments(schemas.TrialAdvanceIn)
@blueprint.response(200, schemas.TrialOut)
@_told
def advance(given: dict[str, Any], key: str, trial_id: str) -> Response:
    """Move the clock on; what comes due on the way is done at its time."""
    if "to" in given:
        return _ask(key, trial_id, "advance", to=given["to"].isoformat())
    return _ask(key, trial_id, "advance", by=given["by"])


@blueprint.route(f"{_PATH}/<trial_id>/calls", methods=["POST"])
@blueprint.arguments(schemas.TrialCallIn)
@blueprint.response(200, schemas.TrialCallOut)
@_told
def call(given: dict[str, Any], key: str, trial_id: str) -> Response:
    """Claim, hand on, comment, approve …: a call of the interface inside the trial."""
    request = {**given, "as": given.pop("as_"), "language": language()}
    request.pop("as_", None)
    answer = trials.ask(auth.actor(), key, trial_id, "call", **request)
    return json_response({"answer": answer})


@blueprint.route(f"{_PATH}/<trial_id>/examples", methods=["POST"])
@blueprint.arguments(schemas.TrialExampleIn)
@blueprint.response(201, DraftFileOut)
@_told
def keep(given: dict[str, Any], key: str, trial_id: str) -> Response:
    """Keep what was tried as an executable example in the draft."""
    info, _ = trials.keep(auth.actor(), key, trial_id, given["name"])
    return json_response(file_out(info), 201, etag=entity_tag(info.rev))


def _ask(key: str, trial_id: str, do: str, **request: Any) -> Response:
    seen = trials.ask(auth.actor(), key, trial_id, do, language=language(), **request)
    return json_response({"id": trial_id, "key": key, **seen})
