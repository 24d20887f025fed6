"""The people whom notices are for: how to reach them, what they may see, what they want to hear."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from engine.access.models import Group, GroupMember, User
from engine.access.names import in_language
from engine.access.policy import Actor
from engine.db import Base
from engine.notify.models import NotificationPreference
from workflows.texts import LANGUAGES

_user = Base.metadata.tables[User.__tablename__]
_group = Base.metadata.tables[Group.__tablename__]
_member = Base.metadata.tables[GroupMember.__tablename__]
_wish = Base.metadata.tables[NotificationPreference.__tablename__]

DAILY_AT = 9  # o'clock
_several: Any = bindparam("names", expanding=True)
_people = (
    select(
        _user.c.username, _user.c.names, _user.c.email, _user.c.phone, _user.c.language,
        _user.c.time_zone, _user.c.roles, _user.c.department, _wish.c.muted,
        _wish.c.muted_channels, _wish.c.digest, _wish.c.quiet_from, _wish.c.quiet_to,
        _wish.c.language.label("wished"),
    )
    .select_from(_user.outerjoin(_wish, _wish.c.username == _user.c.username))
    .where(_user.c.username.in_(_several), _user.c.active)
)  # fmt: skip
_members = select(_member.c.group_key, _member.c.username).where(_member.c.group_key.in_(_several))
_groups_of = select(_member.c.username, _member.c.group_key).where(_member.c.username.in_(_several))
_roles = select(_user.c.username, _user.c.roles).where(_user.c.active)
_manager = select(_user.c.manager).where(_user.c.username == bindparam("name"))
_lead = select(_group.c.lead).where(_group.c.key == bindparam("name"))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is told, as `actor` the policy knows him."""

    actor: Actor
    names: Mapping[str, Any]
    email: str | None
    phone: str | None
    zone: ZoneInfo
    muted: frozenset[str]
    muted_channels: frozenset[str]
    digest: str
    quiet: tuple[time, time] | None

    @property
    def username(self) -> str:
        """Who it is."""
        return self.actor.username

    @property
    def language(self) -> str:
        """In which language he reads."""
        return self.actor.language

    def called(self, language: str) -> str:
        """His name for a reader."""
        return in_language(self.names, language, self.username)

    def wants_at(self, at: datetime, urgent: bool) -> tuple[datetime, bool]:
        """When something for him alone should go out, and whether it may share a message."""
        if urgent:
            return at, False
        due, digest = at, self.digest in ("hourly", "daily")
        local = at.astimezone(self.zone)
        if self.digest == "hourly":
            due = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        elif self.digest == "daily":
            due = local.replace(hour=DAILY_AT, minute=0, second=0, microsecond=0)
            due += timedelta(days=1) if due <= local else timedelta()
        return self._after_quiet(due), digest

    def _after_quiet(self, due: datetime) -> datetime:
        if self.quiet is None:
            return due
        begin, end = self.quiet
        local = due.astimezone(self.zone)
        now = local.time()
        within = begin <= now < end if begin < end else now >= begin or now < end
        if not within:
            return due
        over = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
        return over if over > local else over + timedelta(days=1)


def read(connection: Connection, usernames: Iterable[str]) -> dict[str, Person]:
    """Those of these people who are there, by username; two statements."""
    wanted = sorted(set(usernames))
    if not wanted:
        return {}
    groups: dict[str, set[str]] = {}
    for row in connection.execute(_groups_of, {"names": wanted}):
        groups.setdefault(row.username, set()).add(row.group_key)
    return {
        row.username: _person(row, groups.get(row.username, set()))
        for row in connection.execute(_people, {"names": wanted})
    }


def members(connection: Connection, keys: Iterable[str]) -> dict[str, list[str]]:
    """The members of groups."""
    wanted = sorted(set(keys))
    found: dict[str, list[str]] = {key: [] for key in wanted}
    for row in connection.execute(_members, {"names": wanted}) if wanted else ():
        found[row.group_key].append(row.username)
    return found


def with_role(connection: Connection, role: str) -> list[str]:
    """The people who hold a role; asked seldom, so that every account is looked at."""
    return [row.username for row in connection.execute(_roles) if role in row.roles]


def manager_of(connection: Connection, username: str) -> str | None:
    """Whom somebody reports to."""
    found: str | None = connection.scalar(_manager, {"name": username})
    return found


def lead_of(connection: Connection, group: str) -> str | None:
    """Who leads a group."""
    found: str | None = connection.scalar(_lead, {"name": group})
    return found


def _person(row: Any, groups: set[str]) -> Person:
    language = row.wished or row.language
    return Person(
        actor=Actor(
            row.username,
            frozenset(row.roles),
            frozenset(groups),
            row.department,
            language if language in LANGUAGES else LANGUAGES[0],
        ),
        names=row.names,
        email=row.email,
        phone=row.phone,
        zone=ZoneInfo(row.time_zone),
        muted=frozenset(row.muted or ()),
        muted_channels=frozenset(row.muted_channels or ()),
        digest=row.digest or "none",
        quiet=_quiet(row.quiet_from, row.quiet_to),
    )


def _quiet(begin: str | None, end: str | None) -> tuple[time, time] | None:
    if not begin or not end or begin == end:
        return None
    return time.fromisoformat(begin), time.fromisoformat(end)
