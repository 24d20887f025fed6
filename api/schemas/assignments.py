"""How people were chosen, on the wire."""

from marshmallow import fields, validate

from api.schemas.base import ListQuery, Schema, Text, listing


class ChoiceSchema(Schema):
    """One choice: who got the step, and why nobody else did."""

    id = fields.Integer(required=True)
    task = fields.String(required=True)
    element = fields.String(required=True)
    name = fields.String(required=True, metadata={"description": "The step's name"})
    at = fields.DateTime(required=True)
    chosen = fields.String(required=True, allow_none=True)
    fallback = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Who got it when nobody could be chosen: user:…, group:…, role:…"},
    )
    explanation = fields.Dict(required=True)
    shadow = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "What the new table that runs beside would have done"},
    )
    differs = fields.Boolean(required=True)
    names = fields.Dict(required=True, metadata={"description": "What the people are called"})


class DifferenceSchema(ChoiceSchema):
    """A choice in which the new table came to somebody else."""

    ticket = fields.String(required=True)
    title = fields.String(required=True)


class DifferenceQuery(ListQuery):
    """Of which type."""

    type = fields.String(required=True, validate=validate.Length(1, 64))


class ShadowSchema(Schema):
    """The new routing table of a type, which decides nothing yet."""

    type = fields.String(required=True)
    decision = fields.String(required=True)
    dmn = fields.String(required=True)
    rev = fields.Integer(required=True)
    set_by = fields.String(required=True)
    set_at = fields.DateTime(required=True)


class NewShadowSchema(Schema):
    """A table to try; without `dmn` it is taken from the type's draft."""

    decision = Text(required=True, validate=validate.Length(1, 200))
    dmn = fields.String(validate=validate.Length(1, 1_000_000))


ChoiceList = listing(ChoiceSchema)
DifferenceList = listing(DifferenceSchema)
