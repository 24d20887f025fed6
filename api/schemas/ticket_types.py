"""What somebody may submit, on the wire."""

from marshmallow import fields

from api.schemas.base import Schema
from api.schemas.processes import StatusOut


class TicketTypeOut(Schema):
    """A card of the portal."""

    key = fields.String(required=True)
    name = fields.String(required=True, metadata={"description": "In the reader's language"})
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    description = fields.String(required=True, allow_none=True)
    descriptions = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    icon = fields.String(required=True, allow_none=True)
    colour = fields.String(required=True, allow_none=True)
    department = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class ProgressStepOut(Schema):
    """One step of the progress bar: reached while the ticket has one of its statuses."""

    statuses = fields.List(fields.String(), required=True)
    label = fields.String(required=True, metadata={"description": "In the reader's language"})
    labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class CategoryOut(Schema):
    """A node of the tree of categories."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    children = fields.List(fields.Nested(lambda: CategoryOut()), required=True)


class TicketTypeDetailOut(TicketTypeOut):
    """A ticket type with what is needed to submit a ticket."""

    form = fields.Dict(
        required=True, allow_none=True, metadata={"description": "The intake form document"}
    )
    title = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Hint of the title field by language"},
    )
    statuses = fields.List(fields.Nested(StatusOut), required=True)
    progress = fields.List(fields.Nested(ProgressStepOut), required=True)
    categories = fields.List(fields.Nested(CategoryOut), required=True)
