"""SLA clocks on the wire."""

from marshmallow import fields, validate

from api.schemas.base import Instant, Schema, Text, listing
from engine.sla.previewing import KINDS

MAX_EVENTS = 200


class ClockSchema(Schema):
    """A clock of a ticket: durations are seconds of its calendar's open time."""

    key = fields.String(required=True)
    metric = fields.String(required=True)
    name = fields.String(allow_none=True)
    cycle = fields.Integer(required=True)
    state = fields.String(
        required=True,
        metadata={"description": "running, paused, breached, met, missed, cancelled or waived"},
    )
    target = fields.Integer(required=True)
    extended = fields.Integer(required=True)
    elapsed = fields.Integer(required=True)
    remaining = fields.Integer(required=True)
    due = fields.DateTime(required=True, allow_none=True)
    started_at = fields.DateTime(required=True)
    stopped_at = fields.DateTime()
    breached_at = fields.DateTime()
    crossed_at = fields.DateTime()
    by_retarget = fields.Boolean()
    pause_reason = fields.String()
    pause_label = fields.String(allow_none=True)
    contract = fields.String(metadata={"description": "The customer's contract that counts"})
    holidays_unpublished = fields.Integer(
        metadata={
            "description": "The due time is within 60, 30 or 7 days in a year without published"
            " holidays, and may move when they are"
        }
    )
    at_risk = fields.Boolean(
        metadata={"description": "Little time is left, or a breach is likely by clocks like it"}
    )
    breach_chance = fields.Float(
        metadata={"description": "0 to 1, from how long clocks like it ran; absent if too few did"}
    )
    next = fields.Dict()
    calendar = fields.String(required=True)
    policy = fields.String(required=True)
    rule = fields.Integer(required=True)


class ExtensionSchema(Schema):
    """More time for a clock."""

    seconds = fields.Integer(required=True, strict=True)
    reason = Text(required=True, validate=validate.Length(1, 500))


class WaiverSchema(Schema):
    """Why a target is waived."""

    reason = Text(required=True, validate=validate.Length(1, 500))


class ClockEventSchema(Schema):
    """An entry of a clock's log."""

    seq = fields.Integer(required=True)
    cycle = fields.Integer(required=True)
    kind = fields.String(required=True)
    at = fields.DateTime(required=True)
    actor = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    elapsed = fields.Integer(required=True)
    target = fields.Integer(required=True)
    due = fields.DateTime(required=True, allow_none=True)
    calendar = fields.String(required=True)
    data = fields.Dict(required=True)


class PreviewEventSchema(Schema):
    """One event of a made-up ticket."""

    at = Instant(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    category = fields.String(
        validate=validate.OneOf(["new", "open", "waiting", "resolved", "closed", "cancelled"])
    )
    values = fields.Dict(keys=fields.String())
    user = fields.String(allow_none=True, validate=validate.Length(1, 64))
    group = fields.String(allow_none=True, validate=validate.Length(1, 64))
    element = fields.String(validate=validate.Length(1, 200))
    id = fields.String(validate=validate.Length(1, 200))


class PreviewSchema(Schema):
    """A policy as the text of sla.toml, or the type whose draft has one; and what happens."""

    policy = fields.String(allow_none=True, validate=validate.Length(1, 100_000))
    draft = fields.String(allow_none=True, validate=validate.Length(1, 64))
    events = fields.List(
        fields.Nested(PreviewEventSchema), required=True, validate=validate.Length(1, MAX_EVENTS)
    )


class PreviewedSchema(Schema):
    """The clocks after each event, and what is wrong with the policy."""

    findings = fields.List(fields.Dict(), required=True)
    events = fields.List(fields.Dict(), required=True)


class RecalculationSchema(Schema):
    """Which open clocks are measured again; without `apply` only what would change is told."""

    type = fields.String(allow_none=True, validate=validate.Length(1, 64))
    apply = fields.Boolean(load_default=False)


class RecalculatedSchema(Schema):
    """What measuring again changes."""

    affected = fields.Integer(required=True)
    newly_breached = fields.Integer(required=True)
    applied = fields.Boolean(required=True)
    clocks = fields.List(fields.Dict(), required=True)


class SurvivalSchema(Schema):
    """How long clocks that are alike ran, in seconds of open time."""

    name = fields.String(required=True, metadata={"description": "clock, or clock|priority|group"})
    samples = fields.Integer(required=True)
    median = fields.Integer(required=True, allow_none=True)
    still_running = fields.List(
        fields.List(fields.Float()),
        required=True,
        metadata={"description": "Pairs of seconds and the share that ran longer"},
    )


class BandSchema(Schema):
    """Predictions of about the same chance, and the share of them that came true."""

    low = fields.Float(required=True)
    high = fields.Float(required=True)
    count = fields.Integer(required=True)
    predicted = fields.Float(required=True)
    observed = fields.Float(required=True)


class CalibrationSchema(Schema):
    """What became of predictions made at half of the target, for the clocks of the last 30 days."""

    count = fields.Integer(required=True)
    brier = fields.Float(required=True, allow_none=True)
    error = fields.Float(required=True, allow_none=True)
    bands = fields.List(fields.Nested(BandSchema), required=True)


class PredictionSchema(Schema):
    """What is foretold of the clocks of a type; the type * stands for all."""

    type = fields.String(required=True)
    made_at = fields.DateTime(required=True)
    groups = fields.List(fields.Nested(SurvivalSchema), required=True)
    calibration = fields.Nested(CalibrationSchema, required=True)


class PredictionsSchema(Schema):
    """All forecasts, and the chance from which on a clock is at risk."""

    likely = fields.Float(required=True)
    types = fields.List(fields.Nested(PredictionSchema), required=True)


ClockEventList = listing(ClockEventSchema)
