"""Sample ticket types on the wire."""

from marshmallow import fields, validate

from api.schemas.base import Schema, Text
from workflows.texts import LANGUAGES


class SampleOut(Schema):
    """A ticket type that comes with the product."""

    key = fields.String(required=True)
    name = fields.Dict(required=True, keys=fields.String(), values=fields.String())
    description = fields.Dict(required=True, keys=fields.String(), values=fields.String())
    icon = fields.String(required=True, allow_none=True)
    process = fields.String(required=True, metadata={"description": "Its BPMN, as a picture"})


class SamplesOut(Schema):
    """All of them."""

    samples = fields.List(fields.Nested(SampleOut), required=True)


class CopyIn(Schema):
    """What makes the copy a type of its own."""

    key = Text(required=True, validate=validate.Length(1, 64))
    prefix = Text(
        required=True,
        validate=validate.Regexp(r"[A-Z][A-Z0-9]{0,9}\Z"),
        metadata={"description": "Before the number of a ticket"},
    )
    name = fields.Dict(
        required=True,
        keys=fields.String(validate=validate.OneOf(LANGUAGES)),
        values=Text(validate=validate.Length(1, 200)),
        validate=validate.Length(1),
    )
