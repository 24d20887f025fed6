"""Business calendars on the wire."""

from marshmallow import fields, validate

from api.schemas.base import Instant, Schema, Text, listing
from engine.sla.calendar_queries import MAX_DAYS, MAX_SECONDS
from engine.sla.holidays import REGIONS

_PAIR = {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "string"}}
_WINDOWS = {"type": "array", "items": _PAIR}
_WEEKLY = {
    "type": "array",
    "minItems": 7,
    "maxItems": 7,
    "items": _WINDOWS,
    "description": 'Seven lists of windows such as ["09:00","12:00"], Monday first. An end of '
    '"24:00" is midnight; one before its start is on the next day',
}
_EXCEPTIONS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {"type": "string", "enum": ["closed", "makeup", "custom"]},
            "as_weekday": {"type": "integer", "minimum": 0, "maximum": 6},
            "windows": _WINDOWS,
            "name": {"type": ["string", "object"]},
        },
    },
    "description": "By date (2026-02-14): closed, makeup (works as_weekday, 0 is Monday) or custom "
    "(its own windows)",
}
_HOLIDAYS = {"description": "The region whose public holidays it keeps, or null"}


class CalendarIn(Schema):
    """A calendar as a whole."""

    name = Text(required=True, validate=validate.Length(1, 200))
    tz = Text(required=True, metadata={"description": "A time zone such as Asia/Shanghai"})
    # The engine reads these, and names each place that is wrong.
    weekly = fields.Raw(required=True, metadata=_WEEKLY)
    exceptions = fields.Raw(metadata=_EXCEPTIONS)
    holidays = Text(allow_none=True, validate=validate.OneOf(REGIONS), metadata=_HOLIDAYS)


class CalendarSummary(Schema):
    """A calendar in the list."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    tz = fields.String(required=True)
    holidays = fields.String(required=True, allow_none=True, metadata=_HOLIDAYS)
    version = fields.Integer(
        required=True, metadata={"description": "Grows when the working time changes"}
    )
    changed_at = fields.DateTime(required=True)
    changed_by = fields.String(required=True)
    rev = fields.Integer(required=True)


class CalendarOut(CalendarSummary):
    """A calendar with its windows and its own exceptions, without the public holidays."""

    weekly = fields.Raw(required=True, metadata=_WEEKLY)
    exceptions = fields.Raw(required=True, metadata=_EXCEPTIONS)
    official_until = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "The last year whose public holidays are published"},
    )


class AddIn(Schema):
    """From when on, and how much working time."""

    start = Instant(required=True)
    seconds = fields.Integer(required=True, strict=True, validate=validate.Range(0, MAX_SECONDS))


class AddOut(Schema):
    """When it has passed."""

    due = fields.DateTime(required=True)


class BetweenIn(Schema):
    """Two instants."""

    start = Instant(required=True)
    end = Instant(required=True)


class BetweenOut(Schema):
    """The working time between them; 0 when the end is not later."""

    seconds = fields.Integer(required=True)


_FIRST = {"description": "The first date"}
_LAST = {"description": f"The last date, {MAX_DAYS} days at most"}

DaysQuery = Schema.from_dict(
    {
        "from": fields.Date(required=True, metadata=_FIRST),
        "to": fields.Date(required=True, metadata=_LAST),
    },
    name="CalendarDaysQuery",
)


class CalendarDay(Schema):
    """A date: what it has open, and why."""

    date = fields.Date(required=True)
    kind = fields.String(
        required=True, validate=validate.OneOf(["weekly", "closed", "makeup", "custom"])
    )
    windows = fields.Raw(required=True, metadata=_WINDOWS)
    name = fields.String(required=True, allow_none=True, metadata={"description": "Of the holiday"})
    names = fields.Dict(required=True)
    provisional = fields.Boolean(
        required=True,
        metadata={"description": "The public holidays of that year are not published yet"},
    )


class CalendarDays(Schema):
    """Dates in order."""

    days = fields.List(fields.Nested(CalendarDay), required=True)


class HolidayYears(Schema):
    """Years that were taken over."""

    years = fields.List(fields.Integer(), required=True)


CalendarList = listing(CalendarSummary)
