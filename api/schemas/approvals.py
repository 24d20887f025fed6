"""Approvals on the wire."""

from marshmallow import fields, validate

from api.schemas.base import ListQuery, Schema, Text, listing
from engine.approvals.acting import MAX_USERS, MODES
from engine.approvals.transitions import TRANSITIONS
from engine.tickets.approval_batch import ACTIONS, MAX_TASKS
from engine.tickets.approval_views import BOXES
from engine.tickets.approving import MAX_COMMENT


class ApprovalSeatSchema(Schema):
    """One person's part in a round."""

    id = fields.String(required=True)
    person = fields.String(required=True)
    person_name = fields.String()
    kind = fields.String(required=True, metadata={"description": "approver, delegate or consult"})
    state = fields.String(required=True)
    weight = fields.Integer(required=True)
    principal = fields.String(allow_none=True)
    principal_name = fields.String(allow_none=True)
    added_by = fields.String(allow_none=True)
    for_seat = fields.String(allow_none=True)
    replaced_by = fields.String(allow_none=True)
    mark = fields.String(
        allow_none=True, metadata={"description": "Why nobody had to act, when that is so"}
    )
    comment = fields.String(allow_none=True)
    signature = fields.String(allow_none=True)
    deadline = fields.DateTime(allow_none=True)
    opened_at = fields.DateTime(allow_none=True)
    acted_at = fields.DateTime(allow_none=True)
    may = fields.List(fields.String(), required=True)


class ApprovalRoundSchema(Schema):
    """People who are asked together."""

    id = fields.String(required=True)
    mode = fields.String(required=True)
    need = fields.Integer(required=True)
    agreed = fields.Integer(required=True)
    state = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    parent_seat = fields.String(allow_none=True)
    placement = fields.String(allow_none=True)
    target = fields.String(allow_none=True)
    opened_at = fields.DateTime()
    ended_at = fields.DateTime(allow_none=True)
    seats = fields.List(fields.Nested(ApprovalSeatSchema), required=True)


class ApprovalDoneSchema(Schema):
    """One thing that was done."""

    seq = fields.Integer(required=True)
    at = fields.DateTime(required=True)
    actor = fields.String(required=True)
    actor_name = fields.String()
    action = fields.String(required=True)
    label = fields.String()
    seat = fields.String(required=True, allow_none=True)
    comment = fields.String(required=True, allow_none=True)
    data = fields.Dict(required=True)
    task = fields.String()
    element = fields.String()
    element_name = fields.String(allow_none=True)


class ApprovalLedgerSchema(Schema):
    """An approval: its rounds, what was done, and what the caller may do."""

    task = fields.String(required=True)
    ticket = fields.String(required=True)
    title = fields.String(required=True)
    element = fields.String(required=True)
    name = fields.String(allow_none=True)
    rev = fields.Integer(required=True)
    state = fields.String(required=True)
    outcome = fields.String(allow_none=True)
    rounds = fields.List(fields.Nested(ApprovalRoundSchema), required=True)
    timeline = fields.List(fields.Nested(ApprovalDoneSchema), required=True)
    waiting_for = fields.List(fields.String(), required=True)
    may = fields.List(fields.String(), required=True)
    asks = fields.Dict(
        required=True,
        metadata={"description": "Whether opinion, signature or form must be filled in"},
    )
    targets = fields.List(fields.Dict(), required=True)
    resubmit = fields.String(required=True)
    copies = fields.List(fields.Dict(), required=True)
    urges = fields.Dict(required=True)
    draft = fields.Dict(allow_none=True)
    people = fields.Dict(keys=fields.String(), values=fields.String())


class ApprovalActSchema(Schema):
    """What is done at an approval."""

    action = fields.String(required=True, validate=validate.OneOf(list(TRANSITIONS)))
    comment = Text(allow_none=True, validate=validate.Length(max=MAX_COMMENT))
    users = fields.List(
        Text(validate=validate.Length(1, 64)),
        load_default=list,
        validate=validate.Length(max=MAX_USERS),
    )
    mode = fields.String(allow_none=True, validate=validate.OneOf(MODES))
    target = Text(allow_none=True, validate=validate.Length(1, 200))
    resubmit = fields.String(
        allow_none=True, validate=validate.OneOf(["walk_again", "straight_back"])
    )
    signature = Text(allow_none=True, validate=validate.Length(1, 64))
    seat = Text(
        allow_none=True,
        validate=validate.Length(1, 32),
        metadata={"description": "The seat of somebody else that an administrator moves"},
    )
    values = fields.Dict(keys=fields.String(), load_default=dict)


class ApprovalBoxQuerySchema(ListQuery):
    """Which of the caller's approvals."""

    box = fields.String(load_default="todo", validate=validate.OneOf(BOXES))
    q = Text(
        validate=validate.Length(1, 100),
        metadata={"description": "A part of the number, the title or the requester's username"},
    )
    type = Text(validate=validate.Length(1, 64))


class ApprovalCountsSchema(Schema):
    """What is new for the caller."""

    todo = fields.Integer(required=True)
    copied = fields.Integer(required=True, metadata={"description": "Copies not read yet"})


class ApprovalRowSchema(Schema):
    """An approval as lists show it."""

    task = fields.String(required=True)
    ticket = fields.String(required=True)
    title = fields.String(required=True)
    type = fields.String(required=True)
    type_name = fields.String(required=True)
    element = fields.String(required=True)
    name = fields.String(allow_none=True)
    requester = fields.String(required=True)
    requester_name = fields.String()
    priority = fields.String(required=True)
    state = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    at = fields.DateTime(required=True)
    opened_at = fields.DateTime()
    due = fields.DateTime(allow_none=True)
    mine = fields.String(allow_none=True, metadata={"description": "What the caller's seat says"})
    sent_by = fields.String(allow_none=True)
    read_at = fields.DateTime(allow_none=True)
    asks = fields.Dict(
        keys=fields.String(),
        values=fields.Boolean(),
        metadata={"description": "Whether opinion, signature or form must be filled in"},
    )


class ApprovalBatchSchema(Schema):
    """Several approvals decided in one go."""

    tasks = fields.List(
        Text(validate=validate.Length(1, 64)),
        required=True,
        validate=validate.Length(1, MAX_TASKS),
    )
    action = fields.String(required=True, validate=validate.OneOf(ACTIONS))
    comment = Text(allow_none=True, validate=validate.Length(max=MAX_COMMENT))


class ApprovalBatchResultSchema(Schema):
    """What became of each."""

    results = fields.List(fields.Dict(), required=True)


ApprovalList = listing(ApprovalRowSchema)
TimelineList = listing(ApprovalDoneSchema)
