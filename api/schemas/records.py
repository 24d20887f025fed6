"""Records on the wire: a schema for each kind, made from its fields."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from api.schemas.base import Instant, ListQuery, Schema, SearchQuery, Text, listing, message
from engine.records import fields as kept
from engine.records.kinds import Kind

_ABOUT_NAMES = {
    "description": "The name in each language, such as zh-CN and en",
    "additionalProperties": {"type": "string", "maxLength": 100},
}
_KINDS = [
    *("user", "group", "department", "skill", "shift", "absence"),
    *("customer", "contract", "asset", "place"),
]
_KEY = validate.Length(1, 64)


class NewNamed(Schema):
    """A thing that must be named by `name`, or by `names` in several languages at once."""

    name = Text(
        validate=validate.Length(1, 100),
        metadata={"description": "The name in the language of Accept-Language"},
    )
    names = fields.Dict(keys=fields.String(), metadata=_ABOUT_NAMES)

    @validates_schema
    def is_named(self, data: dict[str, Any], **unused: Any) -> None:
        """One of the two must be there."""
        if not data.get("name") and not data.get("names"):
            raise ValidationError({"name": [message("required")]})


def new(kind: Kind) -> type[Schema]:
    """A record to make."""
    made = _fields(kind, required=True)
    if kind.keyed is not None:
        made[kind.key] = Text(required=True, validate=_KEY)
    base = NewNamed if kind.is_named else Schema
    return _named(base, f"New{_title(kind)}", f"A {kind.name} to make.", made)


def change(kind: Kind) -> type[Schema]:
    """What to change of a record."""
    made = _fields(kind, required=False)
    if kind.is_named:
        made["name"] = Text(validate=validate.Length(1, 100))
        made["names"] = fields.Dict(keys=fields.String(), metadata=_ABOUT_NAMES)
    return _named(Schema, f"{_title(kind)}Change", f"What to change of a {kind.name}.", made)


def out(kind: Kind) -> type[Schema]:
    """A record as it is shown."""
    made: dict[str, Any] = {kind.key: fields.String(required=True)}
    for field in kind.fields:
        if isinstance(field, kept.Names):
            made["name"] = fields.String(required=True)
            made["names"] = fields.Dict(required=True)
        else:
            made[field.name] = _field(field, required=True, allow_none=True)
    made["custom"] = fields.Dict(required=True)
    made["rev"] = fields.Integer(required=True)
    return _named(Schema, f"{_title(kind)}Out", f"A {kind.name}.", made)


def query(kind: Kind) -> type[Schema]:
    """Which records."""
    made = {field.name: _field(field) for field in kind.fields if field.name in kind.filters}
    return _named(SearchQuery, f"{_title(kind)}Query", f"Which {kind.plural}.", made)


def _title(kind: Kind) -> str:
    return kind.name.capitalize()


def _named(base: type[Schema], name: str, about: str, made: dict[str, Any]) -> type[Schema]:
    return type(name, (base,), {**made, "__doc__": about})


def _fields(kind: Kind, *, required: bool) -> dict[str, Any]:
    made = {
        field.name: _field(
            field, required=required and field.required, allow_none=not field.required
        )
        for field in kind.fields
        if not isinstance(field, kept.Names)
    }
    made["custom"] = fields.Dict(
        keys=fields.String(),
        metadata={"description": "The own fields, whose form is in /record-forms"},
    )
    return made


def _field(field: kept.Field, **more: Any) -> fields.Field[Any]:
    if isinstance(field, kept.Text):
        return Text(validate=validate.Length(max=field.most), **more)
    if isinstance(field, kept.Choice):
        return fields.String(validate=validate.OneOf(field.options), **more)
    if isinstance(field, kept.Flag):
        return fields.Boolean(**more)
    if isinstance(field, kept.Number):
        between = validate.Range(field.low, field.high)
        if field.whole:
            return fields.Integer(strict=True, validate=between, **more)
        return fields.Float(validate=between, **more)
    if isinstance(field, kept.Day):
        return fields.Date(**more)
    if isinstance(field, kept.Instant):
        return Instant(**more)
    if isinstance(field, kept.Weekdays):
        day = fields.Integer(strict=True, validate=validate.Range(0, 6))
        return fields.List(day, validate=validate.Length(1, 7), **more)
    if isinstance(field, kept.Keys | kept.Domains):
        item = Text(validate=validate.Length(1, 253))
        return fields.List(item, validate=validate.Length(max=200), **more)
    return Text(validate=validate.Length(max=5), **more)


class HistoryQuery(ListQuery):
    """Whose history."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(_KINDS),
    )
    record = fields.String(required=True, validate=_KEY)


class HistoryOut(Schema):
    """One change of a record."""

    at = fields.DateTime(required=True)
    actor = fields.String(required=True)
    actor_name = fields.String(required=True)
    action = fields.String(
        required=True, validate=validate.OneOf(["created", "changed", "removed"])
    )
    changes = fields.Dict(
        required=True, metadata={"description": "field -> [what it was, what it is]"}
    )


class RecordFormIn(Schema):
    """The own fields of a kind of record, as a form document."""

    form = fields.Dict(required=True)


class RecordFormOut(RecordFormIn):
    """The same, as it is kept."""

    rev = fields.Integer(required=True)


class ImportErrorOut(Schema):
    """One thing wrong with a table."""

    row = fields.Integer(required=True)
    column = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class ImportReportOut(Schema):
    """What came of an import; with errors, or tried only, nothing was kept."""

    kept = fields.Boolean(required=True)
    created = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    same = fields.Integer(required=True)
    errors = fields.List(fields.Nested(ImportErrorOut), required=True)


class ImportQuery(Schema):
    """How to import."""

    dry_run = fields.Boolean(metadata={"description": "Only say what would come of it"})


class ExportQuery(Schema):
    """Which table."""

    format = fields.String(validate=validate.OneOf(["csv", "xlsx"]))
    q = fields.String(validate=validate.Length(max=100))


class LabelQuery(Schema):
    """The label of an asset: the ticket type that its code opens."""

    type = fields.String(required=True, validate=_KEY)
    format = fields.String(validate=validate.OneOf(["svg", "png"]))


class LabelsQuery(Schema):
    """A sheet of labels."""

    type = fields.String(required=True, validate=_KEY)
    numbers = fields.String(
        required=True,
        validate=validate.Length(1, 20_000),
        metadata={"description": "Numbers of assets, separated by commas"},
    )


class ScanQuery(Schema):
    """What a scanned code says."""

    type = fields.String(required=True, validate=_KEY)
    signature = fields.String(required=True, validate=validate.Length(1, 64))


class ScannedOut(Schema):
    """The asset whose code was scanned, and where it is."""

    number = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    place = fields.String(required=True, allow_none=True)
    place_name = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    lat = fields.Float(required=True, allow_none=True)
    lng = fields.Float(required=True, allow_none=True)


HistoryList = listing(HistoryOut)
