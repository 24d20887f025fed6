"""People and rights on the wire."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from api.schemas.base import Instant, ListQuery, Schema, SearchQuery, Text, listing, message

_MANY = validate.Length(max=1000)


def _names() -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        metadata={
            "description": "The name in each language, such as zh-CN and en",
            "additionalProperties": {"type": "string", "maxLength": 100},
        },
    )


def _name(**more: Any) -> Text:
    return Text(
        validate=validate.Length(1, 100),
        metadata={"description": "The name in the language of Accept-Language"},
        **more,
    )


def _keys() -> fields.List[Any]:
    return fields.List(Text(validate=validate.Length(1, 64)), validate=_MANY)


def _skills() -> fields.Dict:
    return fields.Dict(
        keys=Text(validate=validate.Length(1, 64)),
        values=fields.Integer(strict=True, validate=validate.Range(1, 5)),
        validate=validate.Length(max=200),
        metadata={"description": "Skill -> level, 1 to 5"},
    )


class _Named(Schema):
    """A thing is named by `name`, or by `names` in several languages at once."""

    name = _name()
    names = _names()


class _NewNamed(_Named):
    @validates_schema
    def is_named(self, data: dict[str, Any], **unused: Any) -> None:
        """One of the two must be there."""
        if not data.get("name") and not data.get("names"):
            raise ValidationError({"name": [message("required")]})


class SignIn(Schema):
    """Who wants to sign in."""

    username = fields.String(required=True, validate=validate.Length(1, 200))
    password = fields.String(required=True, validate=validate.Length(1, 512), load_only=True)


class SessionChange(Schema):
    """What somebody sets for himself."""

    language = fields.String()
    time_zone = fields.String()


class SessionUser(Schema):
    """The caller."""

    username = fields.String(required=True)
    name = fields.String(required=True)
    names = fields.Dict(required=True)
    roles = fields.List(fields.String(), required=True)
    groups = fields.List(fields.String(), required=True)
    department = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    time_zone = fields.String(required=True)


class SessionOut(Schema):
    """Who is signed in, and what he may do in general."""

    user = fields.Nested(SessionUser, required=True)
    csrf = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "To be sent in X-CSRF-Token with every write of a browser"},
    )
    permissions = fields.List(fields.String(), required=True)


class _UserFields(Schema):
    email = fields.Email(allow_none=True, validate=validate.Length(max=254))
    phone = Text(allow_none=True, validate=validate.Length(max=32))
    language = fields.String()
    time_zone = fields.String()
    department = Text(allow_none=True, validate=validate.Length(1, 64))
    manager = Text(allow_none=True, validate=validate.Length(1, 64))
    roles = _keys()
    groups = _keys()
    skills = _skills()
    capacity = fields.Integer(
        allow_none=True,
        strict=True,
        validate=validate.Range(0, 1000),
        metadata={"description": "Open tasks at most; null: no limit"},
    )
    place = Text(allow_none=True, validate=validate.Length(1, 64))
    customer = Text(allow_none=True, validate=validate.Length(1, 64))
    password = fields.String(validate=validate.Length(max=512), load_only=True, allow_none=True)


class NewUser(_UserFields, _NewNamed):
    """An account to make."""

    username = Text(required=True, validate=validate.Length(1, 64))


class UserChange(_UserFields, _Named):
    """What to change of an account."""

    active = fields.Boolean()
    current_password = fields.String(validate=validate.Length(max=512), load_only=True)


class UserOut(Schema):
    """A person; administrators and the person himself see all of it, others the first four."""

    username = fields.String(required=True)
    name = fields.String(required=True)
    names = fields.Dict(required=True)
    department = fields.String(required=True, allow_none=True)
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    language = fields.String()
    time_zone = fields.String()
    manager = fields.String(allow_none=True)
    roles = fields.List(fields.String())
    groups = fields.List(fields.String())
    skills = fields.Dict(keys=fields.String(), values=fields.Integer())
    capacity = fields.Integer(allow_none=True)
    place = fields.String(allow_none=True)
    customer = fields.String(allow_none=True)
    active = fields.Boolean()
    locked = fields.Boolean()
    has_password = fields.Boolean()
    created_at = fields.DateTime()
    rev = fields.Integer()


class UserQuery(SearchQuery):
    """Which people."""

    usernames = fields.String(
        validate=validate.Length(max=4000),
        metadata={"description": "Exactly these, separated by commas, gone or not"},
    )
    department = fields.String(validate=validate.Length(max=64))
    group = fields.String(validate=validate.Length(max=64))
    active = fields.Boolean(metadata={"description": "For administrators: only those, or not"})


class NewGroup(_NewNamed):
    """A group to make."""

    key = Text(required=True, validate=validate.Length(1, 64))
    members = _keys()
    lead = Text(allow_none=True, validate=validate.Length(1, 64))
    calendar = Text(allow_none=True, validate=validate.Length(1, 64))
    weight = fields.Integer(strict=True, validate=validate.Range(1, 100))


class GroupChange(_Named):
    """What to change of a group; `members` replaces all of them."""

    members = _keys()
    lead = Text(allow_none=True, validate=validate.Length(1, 64))
    calendar = Text(allow_none=True, validate=validate.Length(1, 64))
    weight = fields.Integer(strict=True, validate=validate.Range(1, 100))


class GroupOut(Schema):
    """A group; `members` only for those who may see them."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    names = fields.Dict(required=True)
    lead = fields.String(required=True, allow_none=True)
    calendar = fields.String(required=True, allow_none=True)
    weight = fields.Integer(required=True)
    members = fields.List(fields.String())
    rev = fields.Integer(required=True)


class _DepartmentFields(Schema):
    parent = Text(allow_none=True, validate=validate.Length(1, 64))
    head = Text(allow_none=True, validate=validate.Length(1, 64))
    deputy = Text(allow_none=True, validate=validate.Length(1, 64))


class NewDepartment(_DepartmentFields, _NewNamed):
    """A department to make."""

    key = Text(required=True, validate=validate.Length(1, 64))


class DepartmentChange(_DepartmentFields, _Named):
    """What to change of a department."""


class DepartmentOut(Schema):
    """A part of the organisation."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    names = fields.Dict(required=True)
    parent = fields.String(required=True, allow_none=True)
    head = fields.String(required=True, allow_none=True)
    deputy = fields.String(required=True, allow_none=True)
    rev = fields.Integer(required=True)


class DepartmentQuery(SearchQuery):
    """Which departments."""

    parent = fields.String(validate=validate.Length(max=64))


class RoleOut(Schema):
    """A role that people can hold."""

    key = fields.String(required=True)
    name = fields.String(required=True)


class NewToken(Schema):
    """A token to make."""

    user = Text(validate=validate.Length(1, 64))
    name = Text(required=True, validate=validate.Length(1, 200))
    scopes = fields.List(
        fields.String(validate=validate.Length(1, 64)),
        validate=validate.Length(1, 20),
        allow_none=True,
    )
    expires_at = Instant(allow_none=True)


class TokenChange(Schema):
    """What to change of a token."""

    name = Text(required=True, validate=validate.Length(1, 200))


class TokenOut(Schema):
    """A token, without its secret."""

    id = fields.String(required=True)
    user = fields.String(required=True)
    name = fields.String(required=True)
    prefix = fields.String(required=True, metadata={"description": "How the secret begins"})
    scopes = fields.List(fields.String(), required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True, allow_none=True)


class MadeToken(TokenOut):
    """A new token with its secret, which is shown this once."""

    token = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The secret; null in a repeated answer"},
    )


class TokenQuery(ListQuery):
    """Whose tokens."""

    user = fields.String(validate=validate.Length(max=64))


UserList = listing(UserOut)
GroupList = listing(GroupOut)
DepartmentList = listing(DepartmentOut)
RoleList = listing(RoleOut)
TokenList = listing(TokenOut)
