"""Decision tables that are edited, on the wire."""

from marshmallow import ValidationError, fields, validate, validates_schema

from api.openapi import FindingOut
from api.schemas.base import Schema, Text, message
from api.schemas.decisions import DecisionOut
from workflows.dmn import hits

MAX_RULES = 5000
MAX_COLUMNS = 80
_POLICIES = sorted({*hits.SINGLE, *hits.LISTS, "PRIORITY"})


def _feel(limit: int = 5000) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=limit))


def _source(what: str) -> fields.Integer:
    return fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=0),
        metadata={"description": f"Place of the {what} in the file as read, from 0; null: new"},
    )


class TableInput(Schema):
    """A column that asks."""

    source = _source("column")
    expression = fields.String(required=True, validate=validate.Length(max=5000))
    label = _feel(300)
    type = _feel(200)
    values = _feel()


class TableOutput(Schema):
    """A column that answers."""

    source = _source("column")
    name = _feel(200)
    label = _feel(300)
    type = _feel(200)
    values = _feel()
    default = _feel()


class TableNote(Schema):
    """A column of remarks."""

    source = _source("column")
    name = _feel(300)


class TableRule(Schema):
    """A row with a cell (FEEL) for every column."""

    source = _source("rule")
    tests = fields.List(fields.String(validate=validate.Length(max=5000)), required=True)
    results = fields.List(fields.String(validate=validate.Length(max=5000)), required=True)
    notes = fields.List(fields.String(validate=validate.Length(max=5000)), load_default=list)
    description = _feel()


class TableDocument(Schema):
    """A whole table."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    hit_policy = fields.String(required=True, validate=validate.OneOf(_POLICIES))
    aggregation = fields.String(
        load_default="", validate=validate.OneOf(["", "SUM", "MIN", "MAX", "COUNT"])
    )
    inputs = fields.List(fields.Nested(TableInput), required=True)
    outputs = fields.List(fields.Nested(TableOutput), required=True)
    notes = fields.List(fields.Nested(TableNote), load_default=list)
    rules = fields.List(
        fields.Nested(TableRule), required=True, validate=validate.Length(max=MAX_RULES)
    )

    @validates_schema
    def check_size(self, data: dict[str, list[object]], **kwargs: object) -> None:
        """A table stays one that a person can look at."""
        columns = sum(len(data.get(name, ())) for name in ("inputs", "outputs", "notes"))
        if columns > MAX_COLUMNS:
            raise ValidationError({"inputs": [message("too-many-columns", max=MAX_COLUMNS)]})


class TableIn(Schema):
    """The table as it should be."""

    table = fields.Nested(TableDocument, required=True)


class DecisionInfoOut(Schema):
    """A decision of a draft."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    path = fields.String(required=True)
    logic = fields.String(required=True, validate=validate.OneOf(["table", "text", "other"]))


class TableOut(Schema):
    """A decision of a draft with its table or its text, and what the checks say of it."""

    decision = fields.Nested(DecisionInfoOut, required=True)
    rev = fields.Integer(required=True)
    updated_by = fields.String(required=True)
    table = fields.Nested(TableDocument, required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)
    types = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Allowed values (FEEL) of the document's own types"},
    )
    findings = fields.List(fields.Nested(FindingOut), required=True)


class TicketTryIn(Schema):
    """A ticket whose values are tried."""

    ticket = Text(required=True, validate=validate.Length(1, 80))


class TicketTryOut(DecisionOut):
    """What a decision came to for a ticket."""


class DifferenceOut(Schema):
    """Tickets that change in the same way."""

    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)
    count = fields.Integer(required=True)
    numbers = fields.List(fields.String(), required=True)


class ReplayOut(Schema):
    """What the draft would change for the latest tickets."""

    version = fields.Integer(required=True, allow_none=True)
    tickets = fields.Integer(required=True)
    same = fields.Integer(required=True)
    differences = fields.List(fields.Nested(DifferenceOut), required=True)


class SheetQuery(Schema):
    """In which form."""

    format = fields.String(load_default="csv", validate=validate.OneOf(["csv", "xlsx"]))


class SheetOut(Schema):
    """The cells of a spreadsheet as people see them."""

    rows = fields.List(fields.List(fields.String()), required=True)
