"""The agent's workspace on the wire."""

from marshmallow import fields, validate
from webargs.fields import DelimitedList

from api.schemas.base import ListQuery, Schema, Text, listing
from api.schemas.clocks import ClockSchema
from api.schemas.tickets import KEY_LIST, StatusSchema, TicketRowSchema
from engine.tickets import bulk, presence, worklog
from engine.tickets.answers import MAX_TITLE, PRIORITIES

_NAME = validate.Length(1, 80)
_SHARED = {"description": "`all`, `group:<key>`, or null: private"}


class _ThingOut(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)
    owner = fields.String(required=True)
    owner_name = fields.String(required=True)
    shared = fields.String(required=True, allow_none=True, metadata=_SHARED)
    mine = fields.Boolean(
        required=True, metadata={"description": "Whether the caller may change it"}
    )
    rev = fields.Integer(required=True)


class ViewOut(_ThingOut):
    """A saved view."""

    query = fields.String(required=True, metadata={"description": "The list's address after `?`"})


class NewViewIn(Schema):
    """A view to keep."""

    name = Text(required=True, validate=_NAME)
    query = fields.String(required=True, validate=validate.Length(max=2000))
    shared = fields.String(load_default=None, allow_none=True, metadata=_SHARED)


class ViewIn(Schema):
    """What changes a view."""

    name = Text(validate=_NAME)
    query = fields.String(validate=validate.Length(max=2000))
    shared = fields.String(allow_none=True, metadata=_SHARED)


class CannedTextOut(_ThingOut):
    """A canned text."""

    body = fields.String(required=True)


class NewCannedTextIn(Schema):
    """A text to keep; {requester} and the like are filled in on a ticket."""

    name = Text(required=True, validate=_NAME)
    body = Text(required=True, validate=validate.Length(1, 10_000))
    shared = fields.String(load_default=None, allow_none=True, metadata=_SHARED)


class CannedTextIn(Schema):
    """What changes a text."""

    name = Text(validate=_NAME)
    body = Text(validate=validate.Length(1, 10_000))
    shared = fields.String(allow_none=True, metadata=_SHARED)


class FilledTextOut(Schema):
    """A canned text as it reads on a ticket."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    text = fields.String(required=True)


class FilledTextListOut(Schema):
    """All of them, by name."""

    texts = fields.List(fields.Nested(FilledTextOut), required=True)


class NextOut(Schema):
    """The ticket that was taken; null: nothing waits."""

    number = fields.String(required=True, allow_none=True)


class BulkIn(Schema):
    """An act on many tickets."""

    tickets = fields.List(
        Text(validate=_NAME), required=True, validate=validate.Length(1, bulk.MOST)
    )
    act = fields.String(required=True, validate=validate.OneOf(bulk.ACTS))
    user = Text(validate=validate.Length(1, 64))
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    action = Text(validate=validate.Length(1, 64))
    element = Text(validate=validate.Length(1, 200))


class BulkItemOut(Schema):
    """What became of one ticket."""

    number = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(["pending", "done", "refused"]))
    code = fields.String(required=True, allow_none=True)
    detail = fields.String(required=True, allow_none=True)


class BulkOut(Schema):
    """A run and how far it is."""

    id = fields.String(required=True)
    act = fields.String(required=True)
    total = fields.Integer(required=True)
    pending = fields.Integer(required=True)
    done = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    results = fields.List(fields.Nested(BulkItemOut), required=True)


class BoardQuery(Schema):
    """What a board shows."""

    type = Text(required=True, validate=validate.Length(1, 64))
    priority = fields.String(metadata=KEY_LIST)
    assignee = fields.String(metadata={"description": "Usernames, `me` or `none`"})
    group = fields.String(metadata={"description": "Group keys or `mine`"})
    q = fields.String(validate=validate.Length(max=200))


class ColumnOut(StatusSchema):
    """A column of a board; `count` is the whole truth where the cards are cut."""

    count = fields.Integer(required=True)


class CardOut(Schema):
    """A ticket on a board."""

    number = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.String(required=True)
    priority = fields.String(required=True)
    assignee = fields.String(required=True, allow_none=True)
    assignee_name = fields.String(required=True, allow_none=True)
    requester_name = fields.String(required=True, allow_none=True)
    clocks = fields.List(fields.Nested(ClockSchema), required=True)
    created_at = fields.DateTime(required=True)
    rev = fields.Integer(required=True)


class BoardOut(Schema):
    """The board of a ticket type."""

    type = fields.String(required=True)
    type_name = fields.String(required=True)
    columns = fields.List(fields.Nested(ColumnOut), required=True)
    cards = fields.List(fields.Nested(CardOut), required=True)


class MoveOut(Schema):
    """A button of an open step and the status it leads to."""

    status = fields.Nested(StatusSchema, required=True)
    task = fields.String(required=True)
    element = fields.String(required=True)
    action = fields.String(required=True, allow_none=True)
    label = fields.String(required=True, allow_none=True)
    asks = fields.Boolean(required=True, metadata={"description": "Its form must be filled in"})


class MovesOut(Schema):
    """Where a ticket can go from here."""

    moves = fields.List(fields.Nested(MoveOut), required=True)


class MoveIn(Schema):
    """The status that a ticket is to have."""

    status = Text(required=True, validate=validate.Length(1, 64))


class LookIn(Schema):
    """That the caller has a ticket open."""

    rev = fields.Integer(required=True, validate=validate.Range(0, 2**31 - 1))
    doing = fields.String(load_default="reading", validate=validate.OneOf(presence.DOING))


class LookerOut(Schema):
    """Somebody else who has the ticket open."""

    username = fields.String(required=True)
    name = fields.String(required=True)
    doing = fields.String(required=True)


class LookersOut(Schema):
    """Who else has the ticket open."""

    others = fields.List(fields.Nested(LookerOut), required=True)


class SeenQuery(Schema):
    """Of which tickets."""

    numbers = DelimitedList(
        fields.String(validate=_NAME), required=True, validate=validate.Length(1, 200)
    )


class SeenOut(Schema):
    """The version of each that the caller saw last; those never seen are left out."""

    revs = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class SimilarQuery(Schema):
    """What a new ticket would be about."""

    title = fields.String(required=True, validate=validate.Length(1, MAX_TITLE))
    asset = fields.String(validate=validate.Length(max=64))
    requester = fields.String(validate=validate.Length(max=64))


class SimilarOut(TicketRowSchema):
    """A ticket that may be about the same; `why`: title, asset, requester."""

    why = fields.List(fields.String(), required=True)


class SimilarListOut(Schema):
    """At most five, the most alike first."""

    similar = fields.List(fields.Nested(SimilarOut), required=True)


class MergeIn(Schema):
    """The ticket that goes on."""

    into = Text(required=True, validate=_NAME)


class ChildIn(Schema):
    """A ticket that is a part of another."""

    type = Text(required=True, validate=validate.Length(1, 64))
    title = Text(required=True, validate=validate.Length(1, MAX_TITLE))
    values = fields.Dict(keys=fields.String(), load_default=dict)


class WorkEntryIn(Schema):
    """Work that was done."""

    minutes = fields.Integer(
        required=True, strict=True, validate=validate.Range(1, worklog.MAX_MINUTES)
    )
    note = Text(load_default="", validate=validate.Length(max=500))


class WorkEntryOut(Schema):
    """An entry of the work log."""

    id = fields.String(required=True)
    author = fields.String(required=True)
    author_name = fields.String(required=True)
    minutes = fields.Integer(required=True)
    note = fields.String(required=True)
    created_at = fields.DateTime(required=True)


class WorkLogOut(Schema):
    """The work on a ticket, and its sum."""

    minutes = fields.Integer(required=True)
    entries = fields.List(fields.Nested(WorkEntryOut), required=True)


ShelfQuery = ListQuery
ViewList = listing(ViewOut)
CannedTextList = listing(CannedTextOut)
