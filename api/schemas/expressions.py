"""Trying out expressions, on the wire."""

from marshmallow import fields, validate

from api.schemas.base import Schema


class ExpressionIn(Schema):
    """An expression and the names that it may read."""

    expression = fields.String(
        required=True,
        validate=validate.Length(1, 20_000),
        metadata={"description": "FEEL; a leading = is allowed"},
    )
    context = fields.Dict(keys=fields.String(), load_default=dict)


class WarningOut(Schema):
    """Why a part of the value is null."""

    code = fields.String(required=True)
    position = fields.Integer(required=True, metadata={"description": "Offset in the text, from 0"})
    text = fields.String(required=True)


class ValueOut(Schema):
    """What an expression came to."""

    value = fields.Raw(required=True, allow_none=True)
    text = fields.String(
        required=True, metadata={"description": "The value as the language writes it"}
    )
    kind = fields.String(required=True, metadata={"description": "number, string, list, date …"})
    warnings = fields.List(fields.Nested(WarningOut), required=True)
