"""Deployments on the wire: what comes in besides a zip, what is said of it."""

from marshmallow import fields, validate

from api.openapi import FindingOut
from api.schemas.base import Schema, Text


class DeploymentIn(Schema):
    """A draft to deploy or to check; a zip comes as multipart `package` instead."""

    draft = Text(
        required=True,
        validate=validate.Length(1, 64),
        metadata={"description": "Key of the draft"},
    )


class ChangeOut(Schema):
    """One difference between two versions."""

    document = fields.String(required=True, metadata={"description": "Path of the file"})
    element = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Id of an element or flow, key of a field, place in the manifest"},
    )
    kind = fields.String(required=True, validate=validate.OneOf(["added", "removed", "changed"]))
    what = fields.String(required=True, metadata={"description": "The fact that differs"})
    before = fields.String(required=True, allow_none=True)
    after = fields.String(required=True, allow_none=True)


class FindingsOut(Schema):
    """All remarks on a package; an empty list means that it can be deployed."""

    findings = fields.List(fields.Nested(FindingOut), required=True)


class DeploymentOut(Schema):
    """What a deployment came to."""

    key = fields.String(required=True)
    version = fields.Integer(required=True)
    created = fields.Boolean(
        required=True, metadata={"description": "False when this very content was there already"}
    )
    changes = fields.List(
        fields.Nested(ChangeOut),
        required=True,
        metadata={"description": "Against the newest version before"},
    )
    examples = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The examples of the package; all came out as they say"},
    )
    findings = fields.List(
        fields.Nested(FindingOut), required=True, metadata={"description": "Warnings"}
    )
