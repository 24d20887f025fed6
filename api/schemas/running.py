"""Where the running tickets of a type stand, on the wire."""

from marshmallow import fields, validate

from api.schemas.base import ListQuery, Schema, Text, listing


class RunningQuery(Schema):
    """Of which version; left out: of all."""

    version = fields.Integer(validate=validate.Range(1, 2**31 - 1))


class RunningTicketsQuery(ListQuery):
    """Of which version and on which step."""

    version = fields.Integer(validate=validate.Range(1, 2**31 - 1))
    element = Text(validate=validate.Length(1, 200))


class OnStepOut(Schema):
    """The tickets that stand on one step."""

    element = fields.String(required=True)
    tickets = fields.Integer(required=True)
    median_seconds = fields.Integer(
        required=True, metadata={"description": "Half of them have stood here so long, or longer"}
    )
    breached = fields.Integer(required=True)


class RunningOut(Schema):
    """The running tickets of a type as a whole, and step by step."""

    key = fields.String(required=True)
    running = fields.Integer(required=True)
    at_risk = fields.Integer(required=True)
    breached = fields.Integer(required=True)
    paused = fields.Integer(required=True)
    steps = fields.List(fields.Nested(OnStepOut), required=True)
    incidents = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Stuck tickets by element"},
    )


class RunningTicketOut(Schema):
    """A ticket on one of the steps where it stands."""

    number = fields.String(required=True)
    title = fields.String(required=True)
    version = fields.Integer(required=True)
    element = fields.String(required=True)
    element_name = fields.String(required=True)
    since = fields.AwareDateTime(required=True)
    sla_state = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(["running", "at_risk", "paused", "breached"]),
    )
    sla_due = fields.AwareDateTime(required=True, allow_none=True)


RunningTicketList = listing(RunningTicketOut)
