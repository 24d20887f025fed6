"""Trials of drafts on the wire; tickets and tasks look as they do everywhere else."""

from marshmallow import fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from api.schemas.base import Instant, Schema, Text, message

_WHO = {"description": "A username, or a stand-in: role:agent, group:it_support"}
_ANY = {"type": "object", "additionalProperties": True}


class TrialIn(Schema):
    """When the trial begins."""

    at = Instant(allow_none=True, load_default=None, metadata={"description": "Default: now"})


class TrialTicketIn(Schema):
    """The ticket to try, as somebody; the trial begins anew with it."""

    as_ = Text(required=True, data_key="as", validate=validate.Length(1, 80), metadata=_WHO)
    title = Text(required=True, validate=validate.Length(1, 300))
    values = fields.Dict(keys=fields.String(), load_default=dict)
    priority = Text(validate=validate.OneOf(["P0", "P1", "P2", "P3", "P4"]))


class TrialCompletionIn(Schema):
    """A task done, by default by whoever it is meant for."""

    as_ = Text(
        data_key="as",
        allow_none=True,
        load_default=None,
        validate=validate.Length(1, 80),
        metadata=_WHO,
    )
    values = fields.Dict(keys=fields.String(), load_default=dict)
    action = Text(allow_none=True, load_default=None, validate=validate.Length(1, 64))


class TrialAdvanceIn(Schema):
    """How far the clock is moved, or to when."""

    by = Text(validate=validate.Regexp(r"P[0-9DTHMS]{2,30}"), metadata={"example": "PT4H"})
    to = Instant()

    @validates_schema
    def check_one(self, data: dict[str, object], **kwargs: object) -> None:
        """One of the two is needed, and both mean nothing."""
        if len(data) != 1:
            raise ValidationError({"by": [message("required")]})


class TrialCallIn(Schema):
    """Any other call on the tried ticket and its tasks, as somebody."""

    as_ = Text(required=True, data_key="as", validate=validate.Length(1, 80), metadata=_WHO)
    method = Text(required=True, validate=validate.OneOf(["GET", "POST", "PATCH", "DELETE"]))
    path = Text(
        required=True,
        validate=validate.Regexp(r"/[\w/.?=&%-]{1,400}"),
        metadata={"description": "Below /api/v1, such as /tasks/…/claim"},
    )
    body = fields.Raw(allow_none=True, load_default=None)


class TrialCallOut(Schema):
    """What the call answered."""

    answer = fields.Raw(required=True, allow_none=True)


class TrialExampleIn(Schema):
    """The name of the example to keep."""

    name = Text(required=True, validate=validate.Length(1, 60))


class TrialOut(Schema):
    """The trial as it is now."""

    id = fields.String(required=True)
    key = fields.String(required=True)
    now = fields.AwareDateTime(required=True, metadata={"description": "Its own clock"})
    ticket = fields.Dict(required=True, allow_none=True, metadata=_ANY)
    tasks = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "Open tasks with their forms; `as` is who each is meant for"},
    )
    history = fields.List(fields.Dict(), required=True)
    diagram = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "active, visited and incidents, as of a ticket"},
    )
    decisions = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "Each decision, its outputs, and the trace of its rules"},
    )
    waits = fields.List(fields.Dict(), required=True, metadata={"description": "What is due when"})
    outgoing = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "What would have been sent; nothing is"},
    )
