"""What people are told: their inboxes and wishes, previews of templates."""

from typing import Any

from flask import Response

from api.auth import actor
from api.http import entity_tag, expected_version, identifier, json_response, language
from api.openapi import Blueprint
from api.paging import listing, window
from api.schemas import notifications as schemas
from engine.notify import inboxes, trials
from engine.notify.models import Notice, NotificationPreference
from engine.notify.rules import DEFAULTS
from engine.notify.templates import Rendered
from engine.tickets import noticing
from workflows.notifications import KINDS

blueprint = Blueprint("notifications", description="What the caller is told, and wants to hear")


@blueprint.route("/notifications", methods=["GET"])
@blueprint.arguments(schemas.NotificationQuery, location="query")
@blueprint.response(200, schemas.NotificationList)
def list_notifications(args: dict[str, Any]) -> Response:
    """The caller's notifications, newest first."""
    page = inboxes.notices(actor(), window(args), unread=bool(args.get("unread")))
    return json_response(listing(page.map(_shown)))


@blueprint.route("/notifications/unread", methods=["GET"])
@blueprint.response(200, schemas.UnreadOut)
def count_unread() -> Response:
    """How many the caller has not read."""
    return json_response({"unread": inboxes.unread(actor())})


@blueprint.route("/notifications/read-all", methods=["POST"])
@blueprint.response(200, schemas.UnreadOut)
def read_all() -> Response:
    """Marks all of the caller's notifications as read."""
    inboxes.mark_all(actor())
    return json_response({"unread": 0})


@blueprint.route("/notifications/<notice_id>", methods=["PATCH"])
@blueprint.arguments(schemas.ReadMark)
@blueprint.response(200, schemas.NotificationOut)
def mark_notification(given: dict[str, Any], notice_id: str) -> Response:
    """Marks one as read, or as not read yet."""
    key = identifier(notice_id, 2**63 - 1)
    return json_response(_shown(inboxes.mark(actor(), key, read=given["read"])))


@blueprint.route("/notification-preferences", methods=["GET"])
@blueprint.response(200, schemas.PreferencesOut)
def read_preferences() -> Response:
    """What the caller wants to hear."""
    return _wishes(inboxes.preferences(actor()))


@blueprint.route("/notification-preferences", methods=["PATCH"])
@blueprint.arguments(schemas.PreferencesIn)
@blueprint.response(200, schemas.PreferencesOut)
def change_preferences(given: dict[str, Any]) -> Response:
    """Changes what the caller wants to hear."""
    return _wishes(inboxes.prefer(actor(), given, version=expected_version()))


@blueprint.route("/notification-templates/preview", methods=["POST"])
@blueprint.arguments(schemas.TemplatePreviewIn)
@blueprint.response(200, schemas.TemplatePreviewOut)
def preview_template(given: dict[str, Any]) -> Response:
    """Shows what a reader would get of a template, on a ticket or on a made-up one."""
    found = _words(given)
    return json_response({"subject": found.subject, "text": found.text, "html": found.html})


@blueprint.route("/notification-templates/test", methods=["POST"])
@blueprint.arguments(schemas.TemplateTestIn)
@blueprint.response(200, schemas.TemplateTestOut)
def test_template(given: dict[str, Any]) -> Response:
    """Sends what a reader would get of a template to the caller, or to a group of a channel."""
    words = _words(given)
    shown_in = given.get("language") or language()
    channel, target = trials.template(actor(), words, given.get("channel"), shown_in)
    return json_response({"channel": channel, "target": target})


def _words(given: dict[str, Any]) -> Rendered:
    return noticing.preview(
        actor(),
        text=given.get("text"),
        type_key=given.get("type"),
        template=given.get("template"),
        number=given.get("ticket"),
        language=given.get("language") or language(),
    )


def _shown(notice: Notice) -> dict[str, Any]:
    return {
        "id": str(notice.id),
        "ticket": notice.number,
        "kind": notice.kind,
        "subject": notice.subject,
        "text": notice.text,
        "created_at": notice.created_at,
        "read_at": notice.read_at,
    }


def _wishes(found: NotificationPreference) -> Response:
    shown = {
        "muted": found.muted,
        "muted_channels": found.muted_channels,
        "digest": found.digest,
        "quiet_from": found.quiet_from,
        "quiet_to": found.quiet_to,
        "language": found.language,
        "kinds": sorted(KINDS | {rule.on for rule in DEFAULTS}),
        "rev": found.rev,
    }
    return json_response(shown, etag=entity_tag(found.rev))
