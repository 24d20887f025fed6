"""The schema that all others extend: unknown fields are refused, and errors are codes.

marshmallow speaks English sentences; here each message is a code with its blanks, so that
api.problems can say it in the reader's language.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import marshmallow
from marshmallow import fields, validate

from engine.errors import InputError
from engine.paging import MAX_LIMIT

_MARK = "@"
_GAP = "\x1f"

# The first that fits the field's class says what its "invalid" means.
_INVALID: tuple[tuple[type[fields.Field[Any]], str], ...] = (
    (fields.Email, "wrong-format"),
    (fields.Url, "wrong-format"),
    (fields.String, "not-text"),
    (fields.Boolean, "not-true-or-false"),
    (fields.DateTime, "not-a-time"),
    (fields.Date, "wrong-format"),
    (fields.Number, "not-a-number"),
    (fields.List, "not-a-list"),
    (fields.Nested, "not-an-object"),
    (fields.Mapping, "not-an-object"),
)


def message(code: str, **params: object) -> str:
    """An error message for a validator of our own: a code and its blanks."""
    blanks = [f"{key}={value}" for key, value in params.items()]
    return _MARK + _GAP.join([code, *blanks])


class Schema(marshmallow.Schema):
    """A JSON object of the interface."""

    class Meta:
        unknown = marshmallow.RAISE

    error_messages = {  # noqa: RUF012  as marshmallow declares it
        "type": message("not-an-object"),
        "unknown": message("unknown-field"),
    }

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Replaces the sentences of a field and its validators by codes."""
        _speak_codes(field_obj)


class ListQuery(Schema):
    """What every list takes."""

    limit = fields.Integer(
        validate=validate.Range(1, MAX_LIMIT),
        metadata={"description": "How many items at most; 50 if not given"},
    )
    cursor = fields.String(
        validate=validate.Length(1, 1000),
        metadata={"description": "`next` of the page before"},
    )


class SearchQuery(ListQuery):
    """A list that can be searched by a word."""

    q = fields.String(
        validate=validate.Length(max=100), metadata={"description": "A part of a name or key"}
    )


def listing(item: type[marshmallow.Schema]) -> type[marshmallow.Schema]:
    """The schema of a list of these items."""
    name = item.__name__ + "List"
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(
                required=True,
                allow_none=True,
                metadata={"description": "Cursor of the next page; null on the last"},
            ),
        },
        name=name,
    )


def told(messages: Any, pointer: str) -> list[InputError]:
    """The input errors that marshmallow's tree of messages says, with JSON pointers."""
    if isinstance(messages, Mapping):
        found = []
        for key, inner in messages.items():
            if key == "_schema":
                found += told(inner, pointer)
            elif pointer == "?":
                found += told(inner, f"?{key}")
            else:
                step = str(key).replace("~", "~0").replace("/", "~1")
                found += told(inner, f"{pointer}/{step}")
        return found
    if isinstance(messages, list | tuple):
        return [error for each in messages for error in told(each, pointer)]
    text = str(messages)
    if not text.startswith(_MARK):
        return [InputError(pointer, "invalid")]
    code, *blanks = text.removeprefix(_MARK).split(_GAP)
    return [InputError(pointer, code, dict(blank.split("=", 1) for blank in blanks))]


def _speak_codes(field: fields.Field[Any]) -> None:
    invalid = next((code for kind, code in _INVALID if isinstance(field, kind)), "invalid")
    field.error_messages = {
        key: message("required" if key == "required" else "null" if key == "null" else invalid)
        for key in field.error_messages
    }
    for validator in field.validators:
        _name_validator(validator)
    # List binds its inner field itself, without asking the schema.
    inner = getattr(field, "inner", None)
    if isinstance(inner, fields.Field):
        _speak_codes(inner)
    for part in (getattr(field, "key_field", None), getattr(field, "value_field", None)):
        if isinstance(part, fields.Field):
            _speak_codes(part)


def _name_validator(validator: Any) -> None:
    if isinstance(validator, validate.Length | validate.Range):
        length = isinstance(validator, validate.Length)
        if validator.min is not None and validator.max is not None:
            code = "length-between" if length else "between"
            validator.error = message(code, min="{min}", max="{max}")
        elif validator.max is not None:
            validator.error = message("too-long" if length else "too-big", max="{max}")
        else:
            validator.error = message("too-short" if length else "too-small", min="{min}")
    elif isinstance(validator, validate.OneOf):
        validator.error = message("not-a-choice", choices="{choices}")
    elif isinstance(validator, validate.Regexp | validate.Email | validate.URL):
        validator.error = message("wrong-format")


class Text(fields.String):
    """Text without the null character, which PostgreSQL cannot keep, trimmed at both ends."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if _UNKEEPABLE.search(text):
            raise marshmallow.ValidationError(message("null-character"))
        return text.strip()


class Instant(fields.AwareDateTime):
    """A point in time with its offset, given back in UTC; none at the very edge of the calendar."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        instant = super()._deserialize(value, attr, data, **kwargs)
        try:
            return instant.astimezone(UTC)
        except OverflowError:  # the last hours of the year 9999, the first of the year 1
            raise marshmallow.ValidationError(message("not-a-time")) from None


_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
