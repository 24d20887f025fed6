"""The event stream: news of tickets for open pages, kept up by api.live."""

from typing import Any

from flask import Response, current_app, request

from api import auth
from api.live import STREAM
from api.openapi import Blueprint

blueprint = Blueprint("events", description="News of tickets, for pages that are open")


@blueprint.route("/events")
@blueprint.doc(
    summary="Server-sent events: `ticket` with {number, rev} whenever a ticket has a new version. "
    'The number "*" says that some news was lost. `inbox` when the caller has a new notification. '
    "Ids only: ask for what you show.",
    responses={
        "200": {
            "description": "A stream that goes on until the session ends",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        "429": {"description": "Too many streams of one person, or of all"},
    },
)
def events() -> Response:
    """Gives the caller a place; the server sends the stream once this view has agreed."""
    actor = auth.actor()
    streams: Any = current_app.extensions.get("banjie-streams")
    if streams is not None and not request.environ.get("banjie.still"):
        request.environ[STREAM] = streams.reserve(actor.username)
    # What a server without streams says: come again, and look at the list meanwhile.
    response = Response("retry: 5000\n\n", content_type="text/event-stream; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # proxies pass it on as it comes
    return response
