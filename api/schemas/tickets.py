"""Tickets on the wire."""

from marshmallow import fields, validate
from webargs.fields import DelimitedList

from api.schemas.base import Instant, ListQuery, Schema, Text, listing
from api.schemas.clocks import ClockSchema
from engine.tickets.answers import MAX_TITLE, PRIORITIES
from engine.tickets.commands import LINKS, MAX_COMMENT

SORTS = ("created_at", "updated_at", "priority", "due")  # due: those that have a due time
KEY_LIST = {"description": "One key or several, separated by commas"}


class StatusSchema(Schema):
    """A status of a ticket type."""

    key = fields.String(required=True)
    category = fields.String(required=True)
    label = fields.String(required=True)


class TicketRowSchema(Schema):
    """A ticket as lists show it."""

    number = fields.String(required=True)
    type = fields.String(required=True)
    type_name = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Nested(StatusSchema, required=True)
    priority = fields.String(required=True)
    requester = fields.String(required=True)
    requester_name = fields.String(allow_none=True)
    created_by = fields.String(required=True)
    assignee = fields.String(required=True, allow_none=True)
    assignee_name = fields.String(allow_none=True)
    group = fields.String(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    updated_at = fields.DateTime(required=True)
    closed_at = fields.DateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)
    rev = fields.Integer(required=True)
    progress = fields.List(fields.Dict())
    clocks = fields.List(fields.Nested(ClockSchema))


class ActionSchema(Schema):
    """A button of a step."""

    key = fields.String(required=True)
    label = fields.String(required=True)


class TaskSchema(Schema):
    """A task; alone it also has its form, access and the values so far."""

    id = fields.String(required=True)
    ticket = fields.String(required=True)
    element = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)
    assignee = fields.String(required=True, allow_none=True)
    candidates = fields.List(fields.String(), required=True)
    due = fields.DateTime(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    item = fields.Dict(allow_none=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)
    may = fields.List(fields.String())
    rev = fields.Integer(required=True)
    title = fields.String()
    priority = fields.String()
    description = fields.String(allow_none=True)
    form = fields.Dict(allow_none=True)
    access = fields.Dict()
    values = fields.Dict()
    tasks = fields.List(
        fields.Nested(lambda: TaskSchema()), metadata={"description": "Open tasks of the ticket"}
    )


class TicketSchema(TicketRowSchema):
    """A ticket with what its page shows."""

    values = fields.Dict(required=True)
    form = fields.Dict(allow_none=True)
    tasks = fields.List(fields.Nested(TaskSchema), required=True)
    links = fields.List(fields.Dict(), required=True)
    watchers = fields.List(fields.String(), required=True)
    watching = fields.Boolean(required=True)
    may = fields.List(fields.String(), required=True)
    process_incidents = fields.List(fields.Dict(), required=True)
    clocks = fields.List(fields.Nested(ClockSchema), required=True)
    people = fields.Dict(keys=fields.String(), values=fields.String())


class NewTicketSchema(Schema):
    """What creates a ticket."""

    type = Text(required=True, validate=validate.Length(1, 64))
    title = Text(required=True, validate=validate.Length(1, MAX_TITLE))
    values = fields.Dict(keys=fields.String(), load_default=dict)
    on_behalf_of = Text(allow_none=True, validate=validate.Length(1, 64))
    priority = fields.String(allow_none=True, validate=validate.OneOf(PRIORITIES))


class TicketPatchSchema(Schema):
    """What changes a ticket."""

    title = Text(validate=validate.Length(1, MAX_TITLE))
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    values = fields.Dict(keys=fields.String())


class TicketQuerySchema(ListQuery):
    """What narrows and orders a list of tickets."""

    type = fields.String(metadata=KEY_LIST)
    status = fields.String(metadata=KEY_LIST)
    category = fields.String(metadata=KEY_LIST)
    priority = fields.String(metadata=KEY_LIST)
    assignee = fields.String(metadata={"description": "Usernames, `me` or `none`"})
    group = fields.String(metadata={"description": "Group keys or `mine`"})
    requester = fields.String(metadata={"description": "Usernames or `me`"})
    watcher = fields.String(metadata={"description": "A username or `me`"})
    q = fields.String(validate=validate.Length(max=200))
    created_from = Instant()
    created_to = Instant()
    due_before = Instant()
    sla = DelimitedList(
        fields.String(validate=validate.OneOf(["at_risk", "breached", "due_today", "paused"])),
        metadata={"description": "How open clocks stand: at_risk, breached, due_today, paused"},
    )
    sort = fields.String(
        load_default="-created_at",
        validate=validate.OneOf([sign + key for key in SORTS for sign in ("", "-")]),
    )


class CommentSchema(Schema):
    """Something said on a ticket."""

    id = fields.Integer(required=True)
    author = fields.String(required=True)
    author_name = fields.String()
    visibility = fields.String(required=True)
    body = fields.String(required=True)
    created_at = fields.DateTime(required=True)


class NewCommentSchema(Schema):
    """What is said."""

    body = fields.String(required=True, validate=validate.Length(1, MAX_COMMENT))
    visibility = fields.String(
        load_default="public", validate=validate.OneOf(["public", "internal"])
    )


class FactSchema(Schema):
    """A fact of a ticket's history."""

    seq = fields.Integer(required=True)
    at = fields.DateTime(required=True)
    actor = fields.String(required=True)
    actor_name = fields.String()
    kind = fields.String(required=True)
    element = fields.String(required=True, allow_none=True)
    element_name = fields.String(required=True, allow_none=True)
    data = fields.Dict(required=True)


class FileSchema(Schema):
    """A stored file."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True)
    type = fields.String(required=True)
    visibility = fields.String()
    uploaded_by = fields.String()
    created_at = fields.DateTime()


class DiagramSchema(Schema):
    """Where a ticket stands in its process."""

    bpmn = fields.String(required=True)
    active = fields.List(fields.String(), required=True)
    visited = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    incidents = fields.List(fields.Dict(), required=True)
    timers = fields.List(fields.Dict(), required=True)
    names = fields.Dict(required=True)


class CountsSchema(Schema):
    """How many open tickets stand in each queue."""

    all = fields.Integer(required=True)
    mine = fields.Integer(required=True)
    unassigned = fields.Integer(required=True)
    groups = fields.Dict(required=True)
    categories = fields.Dict(required=True)
    at_risk = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    due_today = fields.Integer(required=True)


class MessageSchema(Schema):
    """A BPMN message for one ticket."""

    name = Text(required=True, validate=validate.Length(1, 200))
    payload = fields.Dict(keys=fields.String(), load_default=dict)


class CorrelatedMessageSchema(MessageSchema):
    """A BPMN message for the ticket that waits for its key."""

    correlation = Text(required=True, validate=validate.Length(1, 200))


class WatcherSchema(Schema):
    """Somebody who follows a ticket."""

    username = Text(required=True, validate=validate.Length(1, 64))


class LinkSchema(Schema):
    """A link to another ticket."""

    number = Text(required=True, validate=validate.Length(1, 80))
    kind = fields.String(required=True, validate=validate.OneOf(LINKS))


class TaskQuerySchema(ListQuery):
    """What narrows a list of open tasks."""

    assignee = fields.String(metadata={"description": "A username, `me` or `none`"})
    group = fields.String(metadata={"description": "A group key or `mine`"})
    ticket = fields.String(metadata={"description": "A ticket's number"})
    due_before = Instant()


class CompletionSchema(Schema):
    """The answers to a step, and its button."""

    values = fields.Dict(keys=fields.String(), load_default=dict)
    action = fields.String(allow_none=True, validate=validate.Length(1, 64))


class AssignmentSchema(Schema):
    """To whom a task is given."""

    user = Text(required=True, validate=validate.Length(1, 64))


class IncidentSchema(Schema):
    """A step that is stuck."""

    id = fields.String(required=True)
    ticket = fields.String(required=True)
    title = fields.String(required=True)
    type = fields.String(required=True)
    type_name = fields.String(required=True)
    element = fields.String(required=True, allow_none=True)
    element_name = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    attempts = fields.Integer(required=True)
    created_at = fields.DateTime(required=True)
    resolved_at = fields.DateTime(required=True, allow_none=True)


class IncidentQuerySchema(ListQuery):
    """Which incidents a list shows."""

    resolved = fields.Boolean(load_default=False)


TicketList = listing(TicketRowSchema)
TaskList = listing(TaskSchema)
CommentList = listing(CommentSchema)
FactList = listing(FactSchema)
FileList = listing(FileSchema)
IncidentList = listing(IncidentSchema)
