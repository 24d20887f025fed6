"""Imports on the wire: the draft that came of a BPMN file, and the report."""

from marshmallow import fields, validate

from api.openapi import FindingOut
from api.schemas.base import Schema
from api.schemas.processes import DraftOut


class ImportNoteOut(Schema):
    """One line of the report of an import."""

    kind = fields.String(required=True, validate=validate.OneOf(["translated", "lost", "question"]))
    code = fields.String(required=True)
    element = fields.String(
        required=True, allow_none=True, metadata={"description": "Id of the element in the draft"}
    )
    params = fields.Dict(required=True)
    text = fields.String(required=True, metadata={"description": "In the reader's language"})


class ImportOut(Schema):
    """What came of an import; `findings` is what a check says of the draft now."""

    key = fields.String(required=True)
    draft = fields.Nested(DraftOut, required=True)
    report = fields.List(fields.Nested(ImportNoteOut), required=True)
    findings = fields.List(fields.Nested(FindingOut), required=True)
