"""Ticket types as those who submit tickets see them."""

from collections.abc import Iterable
from typing import Any

from flask import Response

from api import auth, paging
from api.http import json_response, language
from api.openapi import Blueprint
from api.resources.processes import statuses_out
from api.schemas.base import ListQuery, listing
from api.schemas.ticket_types import TicketTypeDetailOut, TicketTypeOut
from engine.access.names import in_language
from engine.deployments import queries
from engine.deployments.catalogue import Loaded
from workflows.manifest import Category

blueprint = Blueprint("ticket_types", description="What the caller may submit")


@blueprint.route("/ticket-types", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, listing(TicketTypeOut))
def list_ticket_types(query: dict[str, Any]) -> Response:
    """What the caller may submit, by key."""
    page = queries.submittable(auth.actor(), paging.window(query))
    return json_response(paging.listing(page.map(_card)))


@blueprint.route("/ticket-types/<string:key>", methods=["GET"])
@blueprint.response(200, TicketTypeDetailOut)
def get_ticket_type(key: str) -> Response:
    """A ticket type with its intake form."""
    loaded = queries.to_submit(auth.actor(), key)
    manifest = loaded.manifest
    return json_response(
        _card(loaded)
        | {
            "form": loaded.intake.raw if loaded.intake else None,
            "title": manifest.title,
            "statuses": statuses_out(loaded),
            "progress": [
                {
                    "statuses": step.statuses,
                    "label": in_language(step.labels, language(), ", ".join(step.statuses)),
                    "labels": step.labels,
                }
                for step in manifest.progress
            ],
            "categories": _categories(manifest.categories),
        }
    )


def _card(loaded: Loaded) -> dict[str, Any]:
    manifest = loaded.manifest
    return {
        "key": loaded.key,
        "name": loaded.name(language()),
        "names": manifest.names,
        "description": in_language(manifest.descriptions, language(), "") or None,
        "descriptions": manifest.descriptions,
        "icon": manifest.icon,
        "colour": manifest.colour,
        "department": manifest.department,
        "version": loaded.version,
    }


def _categories(categories: Iterable[Category]) -> list[dict[str, Any]]:
    """The tree, which the manifest bounds in depth."""
    return [
        {
            "key": category.key,
            "label": in_language(category.labels, language(), category.key),
            "labels": category.labels,
            "children": _categories(category.children),
        }
        for category in categories
    ]
