"""Notifications on the wire: inboxes, preferences, channels, deliveries, previews."""

from typing import Any

from marshmallow import fields, validate

from api.schemas.base import ListQuery, Schema, Text, listing
from engine.notify.inboxes import DIGESTS
from engine.notify.registry import STATES

_KEY = validate.Length(1, 64)


def names_field() -> fields.Dict:
    """The name in each language."""
    return fields.Dict(
        keys=fields.String(),
        metadata={"additionalProperties": {"type": "string", "maxLength": 100}},
    )


class NotificationOut(Schema):
    """One thing that the caller was told."""

    id = fields.String(required=True)
    ticket = fields.String(required=True, metadata={"description": "The number of the ticket"})
    kind = fields.String(required=True, metadata={"description": "The kind of the fact"})
    subject = fields.String(required=True)
    text = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    read_at = fields.DateTime(required=True, allow_none=True)


class NotificationQuery(ListQuery):
    """Which of the caller's notifications."""

    unread = fields.Boolean(metadata={"description": "Only those not read yet"})


class UnreadOut(Schema):
    """How many notifications the caller has not read."""

    unread = fields.Integer(required=True)


class ReadMark(Schema):
    """Whether a notification counts as read."""

    read = fields.Boolean(required=True)


class PreferencesIn(Schema):
    """What the caller wants to hear, and when; what is not given stays."""

    muted = fields.List(fields.String(validate=_KEY), validate=validate.Length(max=100))
    muted_channels = fields.List(fields.String(validate=_KEY), validate=validate.Length(max=20))
    digest = fields.String(metadata={"description": " | ".join(DIGESTS)})
    quiet_from = fields.String(allow_none=True, metadata={"description": "Such as 22:00"})
    quiet_to = fields.String(allow_none=True)
    language = fields.String(
        allow_none=True, metadata={"description": "null: the language of the account"}
    )


class PreferencesOut(Schema):
    """What the caller wants to hear; `kinds` are the facts that can be muted."""

    muted = fields.List(fields.String(), required=True)
    muted_channels = fields.List(fields.String(), required=True)
    digest = fields.String(required=True)
    quiet_from = fields.String(required=True, allow_none=True)
    quiet_to = fields.String(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)
    kinds = fields.List(fields.String(), required=True)
    rev = fields.Integer(required=True)


class ChannelSetting(Schema):
    """One field of a channel's settings form."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(["text", "secret", "number", "choice", "boolean"]),
    )
    required = fields.Boolean(required=True)
    default = fields.Raw(required=True, allow_none=True)
    choices = fields.List(fields.String(), required=True)


class ChannelKindOut(Schema):
    """A kind of channel, with the form of its settings."""

    kind = fields.String(required=True)
    name = fields.String(required=True)
    personal = fields.Boolean(
        required=True, metadata={"description": "One message a person, not one for all"}
    )
    settings = fields.List(fields.Nested(ChannelSetting), required=True)


def _settings(**more: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        metadata={"description": "As its kind describes them, secrets among them"},
        **more,
    )


class NewChannel(Schema):
    """A channel to make."""

    key = Text(required=True, validate=_KEY)
    kind = Text(required=True, validate=_KEY)
    name = Text(validate=validate.Length(1, 100))
    names = names_field()
    active = fields.Boolean()
    settings = _settings(required=True)


class ChannelChange(Schema):
    """What to change; `settings` replaces all of them, a secret that is left out stays."""

    name = Text(validate=validate.Length(1, 100))
    names = names_field()
    active = fields.Boolean()
    settings = _settings()


class ChannelOut(Schema):
    """A channel; of its secrets only which of them are set."""

    key = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    names = fields.Dict(required=True)
    active = fields.Boolean(required=True)
    settings = fields.Dict(required=True)
    secrets = fields.List(fields.String(), required=True)
    created_at = fields.DateTime(required=True)
    rev = fields.Integer(required=True)


class ChannelTest(Schema):
    """Where a test message goes, for channels that reach one person."""

    target = Text(allow_none=True, validate=validate.Length(max=254))


class DeliveryQuery(ListQuery):
    """Which deliveries."""

    state = fields.String(validate=validate.OneOf(STATES))
    channel = fields.String(validate=validate.Length(max=64))


class DeliveryOut(Schema):
    """One text on its way."""

    id = fields.String(required=True)
    channel = fields.String(required=True)
    target = fields.String(required=True)
    user = fields.String(required=True, allow_none=True)
    ticket = fields.String(required=True, allow_none=True)
    subject = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    attempts = fields.Integer(required=True)
    last_error = fields.String(required=True, allow_none=True)
    due = fields.DateTime(required=True)
    created_at = fields.DateTime(required=True)
    sent_at = fields.DateTime(required=True, allow_none=True)


class TemplatePreviewIn(Schema):
    """A template to look at: its text, or its name in a ticket type's newest version."""

    text = Text(validate=validate.Length(1, 50_000))
    type = Text(validate=validate.Length(1, 64))
    template = Text(validate=validate.Length(1, 64))
    language = fields.String(validate=validate.OneOf(["zh-CN", "en"]))
    ticket = Text(validate=validate.Length(1, 80), metadata={"description": "Else a made-up one"})


class TemplateTestIn(TemplatePreviewIn):
    """A template to send to oneself; without a channel by the first that writes to people."""

    channel = Text(validate=validate.Length(1, 64))


class TemplateTestOut(Schema):
    """Where the message went."""

    channel = fields.String(required=True)
    target = fields.String(required=True, metadata={"description": "Empty for a group"})


class TemplatePreviewOut(Schema):
    """What a reader would get."""

    subject = fields.String(required=True)
    text = fields.String(required=True)
    html = fields.String(required=True)


NotificationList = listing(NotificationOut)
ChannelList = listing(ChannelOut)
ChannelKindList = listing(ChannelKindOut)
DeliveryList = listing(DeliveryOut)
