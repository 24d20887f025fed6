"""Trying out decisions, on the wire."""

from marshmallow import ValidationError, fields, validate, validates_schema

from api.schemas.base import Schema, Text, message

_SOURCES = ("dmn", "process", "draft")


class DecisionIn(Schema):
    """A decision and its input; the document is given, or that of a version or of a draft."""

    decision = Text(
        validate=validate.Length(1, 200),
        metadata={"description": "Id; may be left out when `dmn` holds one decision only"},
    )
    input = fields.Dict(keys=fields.String(), load_default=dict)
    dmn = fields.String(
        validate=validate.Length(1, 2_000_000), metadata={"description": "A DMN document"}
    )
    process = Text(
        validate=validate.Length(1, 64), metadata={"description": "Key of a ticket type"}
    )
    version = fields.Integer(
        validate=validate.Range(1, 2**31 - 1),
        metadata={"description": "Of the process; the newest if not given"},
    )
    draft = Text(validate=validate.Length(1, 64), metadata={"description": "Key of a draft"})

    @validates_schema
    def check_source(self, data: dict[str, object], **kwargs: object) -> None:
        """One document is meant, and in a package one decision."""
        given = [name for name in _SOURCES if name in data]
        if not given:
            raise ValidationError({"dmn": [message("required")]})
        if len(given) > 1:
            raise ValidationError({given[1]: [message("not-both", other=given[0])]})
        if "version" in data and "process" not in data:
            raise ValidationError({"process": [message("required")]})
        if "decision" not in data and given != ["dmn"]:
            raise ValidationError({"decision": [message("required")]})


class DecisionWarningOut(Schema):
    """Why a part of the outcome is null, and where in the document."""

    code = fields.String(required=True)
    element = fields.String(required=True)
    cell = fields.String(required=True, allow_none=True)
    position = fields.Integer(required=True)
    text = fields.String(required=True)


class DecisionOut(Schema):
    """What a decision came to, and how."""

    outputs = fields.Raw(required=True, allow_none=True)
    trace = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "Each decision in order; of a table each rule and each cell"},
    )
    warnings = fields.List(fields.Nested(DecisionWarningOut), required=True)
