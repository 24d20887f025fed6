"""What may be known about people, groups and tokens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from engine import clock
from engine.access.models import ApiToken, Group, GroupMember, User
from engine.access.policy import POLICY, Actor, may, require
from engine.db import db
from engine.errors import NotAllowed, NotFound
from engine.paging import Page, Window, cut, seek

# The actions of the policy that need no subject: what a browser shows or hides by.
GENERAL = (
    "see_people",
    "see_group_members",
    "manage_people",
    "manage_tokens_of_others",
    "see_records",
    "manage_records",
    "manage_calendars",
    "manage_channels",
    "see_processes",
    "edit_drafts",
    "deploy",
    "migrate",
    "evaluate",
    "see_process_incidents",
    "retry_process_incident",
    "submit_on_behalf",
    "set_priority",
)


@dataclass(frozen=True, slots=True)
class Details:
    """What of a person only he himself and administrators see."""

    email: str | None
    phone: str | None
    language: str
    time_zone: str
    manager: str | None
    roles: list[str]
    groups: list[str]
    skills: dict[str, int]
    capacity: int | None
    place: str | None
    customer: str | None
    active: bool
    locked: bool
    has_password: bool
    created_at: datetime
    rev: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a caller may see him; without `details` it is what everybody sees."""

    username: str
    names: dict[str, Any]
    department: str | None
    details: Details | None = None


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group; `members` only for those who may see them."""

    key: str
    names: dict[str, Any]
    lead: str | None
    calendar: str | None
    weight: int
    members: list[str] | None
    rev: int


def permissions(actor: Actor) -> list[str]:
    """The general actions that somebody may take."""
    return [action for action in GENERAL if action in POLICY and may(actor, action)]


def people(
    actor: Actor,
    window: Window,
    *,
    q: str | None = None,
    usernames: Iterable[str] | None = None,
    department: str | None = None,
    group: str | None = None,
    active: bool | None = None,
) -> Page[Person]:
    """People by username; those who are gone only where asked for, or asked for by name."""
    require(actor, "see_people")
    managing = may(actor, "manage_people")
    statement = _people()
    if usernames is not None:
        statement = statement.where(User.username.in_(list(usernames)))
    elif active is not None or not managing:
        # Whether somebody has left is for administrators; others look for colleagues.
        wanted = active if managing and active is not None else True
        statement = statement.where(User.active.is_(wanted))
    if q:
        statement = statement.where(_named(User.username, User.names, q))
    if department is not None:
        statement = statement.where(User.department == department)
    if group is not None:
        if not may(actor, "see_group_members") and group not in actor.groups:
            raise NotAllowed(action="see_group_members")
        members = select(GroupMember.username).where(GroupMember.group_key == group)
        statement = statement.where(User.username.in_(members))
    rows = db.session.execute(seek(statement, [User.username], window)).all()
    page = cut(rows, window, lambda row: (row.username,))
    return page.map(lambda row: _person(row, managing or _is_self(actor, row.username)))


def person(actor: Actor, username: str) -> Person:
    """One person."""
    require(actor, "see_people")
    row = db.session.execute(_people().where(User.username == username)).one_or_none()
    managing = may(actor, "manage_people")
    if row is None or not (row.active or managing or _is_self(actor, username)):
        raise NotFound(kind="user", id=username)
    return _person(row, managing or _is_self(actor, username))


def groups(actor: Actor, window: Window, *, q: str | None = None) -> Page[GroupView]:
    """Groups by key."""
    require(actor, "see_people")
    statement = _groups()
    if q:
        statement = statement.where(_named(Group.key, Group.names, q))
    rows = db.session.execute(seek(statement, [Group.key], window)).all()
    return cut(rows, window, lambda row: (row.key,)).map(lambda row: _group(actor, row))


def group(actor: Actor, key: str) -> GroupView:
    """One group."""
    require(actor, "see_people")
    row = db.session.execute(_groups().where(Group.key == key)).one_or_none()
    if row is None:
        raise NotFound(kind="group", id=key)
    return _group(actor, row)


def tokens(actor: Actor, window: Window, *, username: str | None = None) -> Page[ApiToken]:
    """Tokens, the newest first: one's own, or another person's for administrators."""
    username = username or actor.username
    if username != actor.username:
        require(actor, "manage_tokens_of_others")
    statement = select(ApiToken).where(ApiToken.username == username)
    keys = [ApiToken.created_at, ApiToken.id]
    rows = db.session.scalars(seek(statement, keys, window, descending=True)).all()
    return cut(rows, window, lambda token: (token.created_at, token.id))


def token(actor: Actor, token_id: str) -> ApiToken:
    """One token."""
    found = db.session.get(ApiToken, token_id)
    if found is None or not (
        found.username == actor.username or may(actor, "manage_tokens_of_others")
    ):
        raise NotFound(kind="token", id=token_id)
    return found


def _is_self(actor: Actor, username: str) -> bool:
    return actor.username == username


def _named(key: Any, names: Any, q: str) -> ColumnElement[bool]:
    """Whether a key or a name holds a text, whatever its case."""
    columns = [key, names["zh-CN"].as_string(), names["en"].as_string()]
    wanted = q.lower()
    return or_(*(func.lower(column).contains(wanted, autoescape=True) for column in columns))


def _keys_of(column: Any, condition: Any) -> Any:
    return select(func.aggregate_strings(column, ",")).where(condition).scalar_subquery()


def _people() -> Select[Any]:
    memberships = _keys_of(GroupMember.group_key, GroupMember.username == User.username)
    columns = [column for column in User.__table__.columns if column.name != "password_hash"]
    return select(
        *columns,
        User.password_hash.is_not(None).label("has_password"),
        memberships.label("groups"),
    )


def _groups() -> Select[Any]:
    members = _keys_of(GroupMember.username, GroupMember.group_key == Group.key)
    columns = (Group.key, Group.names, Group.lead, Group.calendar, Group.weight, Group.rev)
    return select(*columns, members.label("members"))


def _split(keys: str | None) -> list[str]:
    return sorted(keys.split(",")) if keys else []


def _person(row: Row[Any], full: bool) -> Person:
    if not full:
        return Person(row.username, row.names, row.department)
    values = row._mapping
    details = Details(
        email=values["email"],
        phone=values["phone"],
        language=values["language"],
        time_zone=values["time_zone"],
        manager=values["manager"],
        roles=values["roles"],
        groups=_split(values["groups"]),
        skills=values["skills"],
        capacity=values["capacity"],
        place=values["place"],
        customer=values["customer"],
        active=values["active"],
        locked=values["locked_until"] is not None and values["locked_until"] > clock.now(),
        has_password=values["has_password"],
        created_at=values["created_at"],
        rev=values["rev"],
    )
    return Person(row.username, row.names, row.department, details)


def _group(actor: Actor, row: Row[Any]) -> GroupView:
    seen = may(actor, "see_group_members") or row.key in actor.groups
    members = _split(row.members) if seen else None
    return GroupView(row.key, row.names, row.lead, row.calendar, row.weight, members, row.rev)
