"""For whoever watches the service: alive, ready, and figures for Prometheus."""

from flask import Blueprint, Response

from api import metrics
from api.http import json_response
from engine import health

blueprint = Blueprint("health", __name__)

_BEHIND = 300.0  # seconds of overdue work after which the service says it is late


@blueprint.get("/health/live")
def live() -> Response:
    """The process answers."""
    return json_response({"status": "ok"})


@blueprint.get("/health/ready")
def ready() -> Response:
    """The database answers and is in shape; says how late the oldest due job is."""
    found = health.look()
    return json_response(
        {
            "status": "ok" if found.in_shape else "migration missing",
            "database": "ok",
            "revision": found.revision,
            "expected_revision": found.expected,
            "jobs": {
                "oldest_due_seconds": round(found.behind, 3),
                "late": found.behind > _BEHIND,
            },
        },
        200 if found.in_shape else 503,
    )


@blueprint.get("/metrics")
def figures() -> Response:
    """Counts and times in Prometheus' text format."""
    return Response(metrics.exposition(), content_type=metrics.CONTENT_TYPE)
