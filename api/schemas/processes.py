"""Ticket types, their versions and drafts on the wire."""

from typing import Any

from marshmallow import fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from api.schemas.base import Schema, Text, message
from api.schemas.deployments import ChangeOut
from api.schemas.versions import RolloutOut


class ProcessOut(Schema):
    """A ticket type with its newest version."""

    key = fields.String(required=True)
    name = fields.String(required=True, metadata={"description": "In the reader's language"})
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    latest = fields.Integer(required=True, metadata={"description": "Newest version"})
    open = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Version that new tickets take; null: retired"},
    )
    has_draft = fields.Boolean(required=True)
    rollout = fields.Nested(
        RolloutOut,
        required=True,
        allow_none=True,
        metadata={"description": "Who takes the newest version while it is tried by some"},
    )
    created_at = fields.AwareDateTime(required=True)


class VersionOut(Schema):
    """One immutable version."""

    key = fields.String(required=True)
    version = fields.Integer(required=True)
    content_hash = fields.String(
        required=True, metadata={"description": "SHA-256 over all paths and files"}
    )
    deployed_by = fields.String(required=True)
    deployed_at = fields.AwareDateTime(required=True)
    retired_at = fields.AwareDateTime(required=True, allow_none=True)
    running = fields.Integer(
        required=True, metadata={"description": "Tickets that run on this version"}
    )


class PackageFileOut(Schema):
    """A file of a version; `size` is in bytes."""

    path = fields.String(required=True)
    size = fields.Integer(required=True)


class StatusOut(Schema):
    """A status that tickets of a type may have."""

    key = fields.String(required=True)
    category = fields.String(
        required=True,
        validate=validate.OneOf(["new", "open", "waiting", "resolved", "closed", "cancelled"]),
    )
    label = fields.String(required=True, metadata={"description": "In the reader's language"})
    labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class VersionDetailOut(VersionOut):
    """A version with what it holds."""

    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    descriptions = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    number = fields.String(required=True, metadata={"description": "Number pattern"})
    statuses = fields.List(fields.Nested(StatusOut), required=True)
    bpmn = fields.String(required=True, metadata={"description": "The main process as drawn"})
    forms = fields.List(fields.String(), required=True)
    decisions = fields.List(fields.String(), required=True)
    calls = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Packages that it calls, with the versions they are pinned to"},
    )
    files = fields.List(fields.Nested(PackageFileOut), required=True)


class DiffQuery(Schema):
    """Which version to compare with."""

    to = fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1))


class DiffOut(Schema):
    """What changed from one version to another."""

    key = fields.String(required=True)
    version = fields.Integer(required=True)
    to = fields.Integer(required=True)
    changes = fields.List(fields.Nested(ChangeOut), required=True)


class DraftDiffOut(Schema):
    """What a draft changes of the newest version."""

    key = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "The newest version"})
    changes = fields.List(fields.Nested(ChangeOut), required=True)


class FileText(fields.String):
    """The whole text of a file, untouched; it must have a form in UTF-8."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ValidationError(message("not-text")) from None
        return text


class DraftIn(Schema):
    """How a draft begins: from a version, from files, or (with neither) empty."""

    version = fields.Integer(validate=validate.Range(1, 2**31 - 1), allow_none=True)
    files = fields.Dict(
        keys=Text(validate=validate.Length(1, 200)),
        values=FileText(validate=validate.Length(max=2_000_000)),
        validate=validate.Length(max=500),
        metadata={"description": "Path → text; a package with pictures comes as a zip"},
    )

    @validates_schema
    def check_origin(self, data: dict[str, object], **kwargs: object) -> None:
        """Two origins at once would leave one of them out."""
        if data.get("version") is not None and "files" in data:
            raise ValidationError({"files": [message("not-both", other="version")]})


class DraftFileOut(Schema):
    """One file of a draft without its content; `rev` is its entity tag."""

    path = fields.String(required=True)
    size = fields.Integer(required=True)
    rev = fields.Integer(required=True)
    updated_by = fields.String(required=True)
    updated_at = fields.AwareDateTime(required=True)


class DraftSummaryOut(Schema):
    """A draft without its files."""

    key = fields.String(required=True)
    base = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Version that it began from"}
    )
    rev = fields.Integer(required=True)
    updated_by = fields.String(required=True)
    updated_at = fields.AwareDateTime(required=True)


class DraftOut(DraftSummaryOut):
    """A draft with the list of its files."""

    files = fields.List(fields.Nested(DraftFileOut), required=True)
