"""Settings of a package that is being edited, as editors hold them."""

from marshmallow import fields

from api.openapi import FindingOut
from api.schemas.base import Schema

_AS_TOML = {"description": "As the file says it, in JSON"}


class SettingsIn(Schema):
    """What the file shall say; comments above its tables stay."""

    document = fields.Dict(keys=fields.String(), required=True, metadata=_AS_TOML)


class SettingsOut(Schema):
    """What the file says, and what is wrong with it."""

    document = fields.Dict(keys=fields.String(), required=True, metadata=_AS_TOML)
    text = fields.String(required=True, metadata={"description": "The file itself"})
    exists = fields.Boolean(required=True)
    findings = fields.List(fields.Nested(FindingOut), required=True)
