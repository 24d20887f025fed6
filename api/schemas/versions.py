"""Rollouts and migrations of versions on the wire."""

from marshmallow import fields, validate

from api.schemas.base import ListQuery, Schema, Text, listing
from engine.deployments.rollout import MAX_DEPARTMENTS
from engine.processes.migration import MAPPABLE
from engine.tickets.migrating.commands import MAX_NAMED

_NUMBER = validate.Range(1, 2**31 - 1)
_ID = validate.Length(1, 200)


class RolloutIn(Schema):
    """Who takes the newest version; everybody else takes `otherwise`."""

    otherwise = fields.Integer(
        required=True, strict=True, validate=_NUMBER, metadata={"description": "A version number"}
    )
    departments = fields.List(
        Text(validate=validate.Length(1, 64)),
        load_default=list,
        validate=validate.Length(max=MAX_DEPARTMENTS),
        metadata={"description": "Keys; all their people take the newest version"},
    )
    percent = fields.Integer(
        load_default=0,
        strict=True,
        validate=validate.Range(0, 100),
        metadata={"description": "Share of all other people; a person always gets the same"},
    )


class RolloutOut(Schema):
    """A rollout in force."""

    version = fields.Integer(required=True, metadata={"description": "What the chosen ones take"})
    otherwise = fields.Integer(required=True)
    departments = fields.List(fields.String(), required=True)
    percent = fields.Integer(required=True)


class MigrationIn(Schema):
    """What to move where; with `dry_run` nothing is moved and each ticket is only looked at."""

    key = Text(required=True, validate=validate.Length(1, 64))
    from_ = fields.Integer(required=True, strict=True, validate=_NUMBER, data_key="from")
    to = fields.Integer(required=True, strict=True, validate=_NUMBER)
    map = fields.Dict(
        keys=Text(validate=_ID),
        values=Text(validate=_ID, allow_none=True),
        load_default=dict,
        validate=validate.Length(max=5000),
        metadata={
            "description": "Id in the old version → id in the new one; what is not named keeps its"
            " id; null: an attached event is no longer waited for"
        },
    )
    statuses = fields.Dict(
        keys=Text(validate=validate.Length(1, 64)),
        values=Text(validate=validate.Length(1, 64)),
        load_default=dict,
        validate=validate.Length(max=100),
        metadata={"description": "Status in the old version → status in the new one"},
    )
    tickets = fields.List(
        Text(validate=validate.Length(1, 80)),
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, MAX_NAMED),
        metadata={"description": "Numbers; left out: all that run on the old version"},
    )
    dry_run = fields.Boolean(load_default=False)


class ProblemOut(Schema):
    """Why a ticket does not fit, and which of its live elements has no home."""

    code = fields.String(
        required=True, metadata={"description": f"A mapping heals: {', '.join(sorted(MAPPABLE))}"}
    )
    element = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    params = fields.Dict(keys=fields.String(), required=True)
    text = fields.String(required=True, metadata={"description": "In the reader's language"})


_VERDICT = validate.OneOf(["fits", "needs_mapping", "blocked"])


class MigrationPreviewTicketOut(Schema):
    """What would become of one ticket."""

    number = fields.String(required=True)
    verdict = fields.String(required=True, validate=_VERDICT)
    elements = fields.List(
        fields.String(), required=True, metadata={"description": "Where it stands now"}
    )
    problems = fields.List(fields.Nested(ProblemOut), required=True)


class MigrationPreviewOut(Schema):
    """A page of a preview; `verdicts` and `elements` count the tickets of this page."""

    total = fields.Integer(required=True, metadata={"description": "Tickets of the whole preview"})
    verdicts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    elements = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    items = fields.List(fields.Nested(MigrationPreviewTicketOut), required=True)
    next = fields.String(required=True, allow_none=True)


class MigrationOut(Schema):
    """A migration and how far it is."""

    id = fields.String(required=True)
    key = fields.String(required=True)
    from_ = fields.Integer(required=True, data_key="from")
    to = fields.Integer(required=True)
    map = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True), required=True)
    statuses = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    phase = fields.String(required=True, validate=validate.OneOf(["forward", "back"]))
    state = fields.String(
        required=True, validate=validate.OneOf(["running", "paused", "done", "failed"])
    )
    reason = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True)
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={
            "description": "Tickets by status: pending, migrated, refused, skipped, undoing,"
            " undone, stays"
        },
    )
    created_by = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class MigrationQuery(ListQuery):
    """Which migrations."""

    key = Text(validate=validate.Length(1, 64))


class ResultQuery(ListQuery):
    """Which tickets of a migration."""

    status = Text(
        validate=validate.OneOf(
            ["pending", "migrated", "refused", "skipped", "undoing", "undone", "stays"]
        )
    )


class ResultOut(Schema):
    """What became of one ticket."""

    number = fields.String(required=True)
    status = fields.String(required=True)
    verdict = fields.String(required=True, allow_none=True, validate=_VERDICT)
    problems = fields.List(fields.Nested(ProblemOut), required=True)
    at = fields.AwareDateTime(required=True, allow_none=True)


MigrationList = listing(MigrationOut)
ResultList = listing(ResultOut)
