"""The ways out: channels with their settings, and what went out over them or did not."""

from typing import Any

from flask import Response

from api import texts
from api.auth import actor
from api.http import entity_tag, expected_version, identifier, json_response, language, named
from api.openapi import Blueprint
from api.paging import listing, page_of, window
from api.schemas import notifications as schemas
from api.schemas.base import ListQuery
from engine.access import policy
from engine.access.names import in_language
from engine.notify import registry, trials
from engine.notify.channels import KINDS
from engine.notify.models import Channel, Delivery

blueprint = Blueprint("channels", description="The ways out for notifications")


@blueprint.route("/channel-kinds", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, schemas.ChannelKindList)
def list_kinds(args: dict[str, Any]) -> Response:
    """The kinds of channels, each with the form of its settings."""
    policy.require(actor(), "manage_channels")
    page = page_of(list(KINDS.values()), lambda kind: kind.name, args)
    return json_response(listing(page.map(_kind)))


@blueprint.route("/channels", methods=["GET"])
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, schemas.ChannelList)
def list_channels(args: dict[str, Any]) -> Response:
    """Channels by key."""
    return json_response(listing(registry.channels(actor(), window(args)).map(_shown)))


@blueprint.route("/channels", methods=["POST"])
@blueprint.arguments(schemas.NewChannel)
@blueprint.response(201, schemas.ChannelOut)
def create_channel(given: dict[str, Any]) -> Response:
    """Makes a channel."""
    found = registry.create(
        actor(),
        given["key"],
        given["kind"],
        named(given),
        given["settings"],
        active=given.get("active", True),
    )
    return _answer(found, 201)


@blueprint.route("/channels/<key>", methods=["GET"])
@blueprint.response(200, schemas.ChannelOut)
def read_channel(key: str) -> Response:
    """One channel."""
    return _answer(registry.channel(actor(), key))


@blueprint.route("/channels/<key>", methods=["PATCH"])
@blueprint.arguments(schemas.ChannelChange)
@blueprint.response(200, schemas.ChannelOut)
def change_channel(given: dict[str, Any], key: str) -> Response:
    """Changes a channel."""
    if "name" in given or "names" in given:
        given["names"] = named(given)
    return _answer(registry.change(actor(), key, given, version=expected_version()))


@blueprint.route("/channels/<key>", methods=["DELETE"])
@blueprint.response(204)
def delete_channel(key: str) -> Response:
    """Removes a channel with what waits for it."""
    registry.remove(actor(), key, version=expected_version())
    return Response(status=204)


@blueprint.route("/channels/<key>/test", methods=["POST"])
@blueprint.arguments(schemas.ChannelTest)
@blueprint.response(204)
def test_channel(given: dict[str, Any], key: str) -> Response:
    """Sends a test message now."""
    trials.channel(actor(), key, given.get("target"), language())
    return Response(status=204)


@blueprint.route("/deliveries", methods=["GET"])
@blueprint.arguments(schemas.DeliveryQuery, location="query")
@blueprint.response(200, schemas.DeliveryList)
def list_deliveries(args: dict[str, Any]) -> Response:
    """What went out, waits or was given up, newest first."""
    page = registry.deliveries(
        actor(), window(args), state=args.get("state"), channel=args.get("channel")
    )
    return json_response(listing(page.map(_sent)))


@blueprint.route("/deliveries/<delivery_id>/redrive", methods=["POST"])
@blueprint.response(200, schemas.DeliveryOut)
def redrive(delivery_id: str) -> Response:
    """Has a delivery that was given up tried again."""
    return json_response(_sent(registry.redrive(actor(), identifier(delivery_id, 2**63 - 1))))


def _answer(found: Channel, status: int = 200) -> Response:
    headers = {"Location": f"/api/v1/channels/{found.key}"} if status == 201 else None
    return json_response(_shown(found), status, entity_tag(found.rev), headers)


def _shown(found: Channel) -> dict[str, Any]:
    return {
        "key": found.key,
        "kind": found.kind,
        "name": in_language(found.names, language(), found.key),
        "names": found.names,
        "active": found.active,
        "settings": found.settings,
        "secrets": registry.secrets_set(found),
        "created_at": found.created_at,
        "rev": found.rev,
    }


def _kind(kind: Any) -> dict[str, Any]:
    reader = language()
    return {
        "kind": kind.name,
        "name": texts.word(reader, f"channel:{kind.name}"),
        "personal": kind.personal,
        "settings": [
            {
                "key": setting.key,
                "label": texts.word(reader, f"channel-setting:{setting.key}"),
                "kind": setting.kind,
                "required": setting.required,
                "default": setting.default,
                "choices": list(setting.choices),
            }
            for setting in kind.settings
        ],
    }


def _sent(found: Delivery) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "channel": found.channel,
        "target": found.target,
        "user": found.username,
        "ticket": found.content.get("ticket"),
        "subject": found.content.get("subject", ""),
        "state": found.state,
        "attempts": found.attempts,
        "last_error": found.last_error,
        "due": found.due,
        "created_at": found.created_at,
        "sent_at": found.sent_at,
    }
