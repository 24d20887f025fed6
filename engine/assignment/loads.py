"""What the database knows of candidates: who they are, what they hold, whose turn it was.

What somebody holds is counted when it is asked for, from an index of open tasks that carries their
weight: there is no counter that could drift, and a step that chooses nobody pays nothing.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)

from engine.access.models import Group, GroupMember, User
from engine.assets.models import Asset, Place
from engine.assignment.models import AgentTurn, ShadowTable
from engine.db import Base, UTCDateTime
from engine.directory.absences import AWAY, covers
from engine.directory.models import Absence, Shift
from engine.processes.models import UserTask
from engine.rows import Sender

_user = Base.metadata.tables[User.__tablename__]
_group = Base.metadata.tables[Group.__tablename__]
_member = Base.metadata.tables[GroupMember.__tablename__]
_task = Base.metadata.tables[UserTask.__tablename__]
_turn = Base.metadata.tables[AgentTurn.__tablename__]
_shadow = Base.metadata.tables[ShadowTable.__tablename__]
_absence = Base.metadata.tables[Absence.__tablename__]
_shift = Base.metadata.tables[Shift.__tablename__]
_place = Base.metadata.tables[Place.__tablename__]
_asset = Base.metadata.tables[Asset.__tablename__]
_at = bindparam("at", type_=UTCDateTime())

# How much an open task of a ticket weighs in somebody's load, by its priority.
_WEIGHTS = {"P0": 8, "P1": 4, "P2": 2}


def weight_of(priority: str) -> int:
    """What a task of a ticket with this priority weighs."""
    return _WEIGHTS.get(priority, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """For which step candidates are read."""

    type: str
    ticket_id: int | None  # None: the ticket is being made
    element: str
    requester: str
    at: datetime
    groups: Sequence[str]
    users: Sequence[str]
    place: str | None = None  # key of a place, or number of an asset that stands in one


def _among(column: ColumnElement[str], name: str, count: int) -> ColumnElement[bool]:
    """Whether a column holds one of so many values; each number of them is a statement of its own.

    A list of any length would be written into the statement again at every use.
    """
    given = [bindparam(f"{name}{n}", type_=String) for n in range(count)]
    return column.in_(given) if given else false()


def _named(groups: Sequence[str], users: Sequence[str]) -> dict[str, Any]:
    return {f"group{n}": key for n, key in enumerate(groups)} | {
        f"user{n}": name for n, name in enumerate(users)
    }


@lru_cache(maxsize=64)
def _lock_groups(groups: int, users: int) -> Select[Any]:
    mine = _member.alias("mine")
    theirs = select(mine.c.username).where(_among(mine.c.group_key, "group", groups))
    near = select(_member.c.group_key).where(
        _member.c.username.in_(theirs) | _among(_member.c.username, "user", users)
    )
    return (
        select(_group.c.key)
        .where(_group.c.key.in_(near) | _among(_group.c.key, "group", groups))
        .order_by(_group.c.key)
        .with_for_update(key_share=True)
    )


_lock_users = (
    select(_user.c.username)
    .where(_user.c.username.in_(bindparam("users", expanding=True)))
    .order_by(_user.c.username)
    .with_for_update(key_share=True)
)


def lock(connection: Connection, groups: Sequence[str], users: Sequence[str]) -> None:
    """Waits until nobody else chooses among these people, and keeps others waiting.

    Locked are all groups that share a member with those asked for, so that two who choose from
    overlapping groups do not both see the same idle person. SQLite has one writer anyway.
    """
    if connection.dialect.name != "postgresql":
        return
    connection.execute(_lock_groups(len(groups), len(users)), _named(groups, users)).all()
    if users:
        connection.execute(_lock_users, {"users": list(users)}).all()


# Written out: with a parameter neither database sees that the index of open tasks will do.
_is_open = _task.c.status == literal_column("'open'")
_last_owner = (
    select(_task.c.assignee)
    .where(
        _task.c.ticket_id == bindparam("ticket"),
        _task.c.element == bindparam("element"),
        _task.c.assignee.is_not(None),
    )
    .order_by(_task.c.created_at.desc(), _task.c.id)
    .limit(1)
)
_spoken = _user.alias("spoken")
_there = _place.alias("there")
_at_place = or_(
    _there.c.key == bindparam("place"),
    _there.c.key.in_(select(_asset.c.place).where(_asset.c.number == bindparam("place"))),
)
_target = {
    name: select(_there.c[name]).where(_at_place).order_by(_there.c.key).limit(1)
    for name in ("lat", "lng")
}
_its_absence = _absence.alias("its_absence")
_absent_now = select(_its_absence.c.id).where(
    _its_absence.c.username == _user.c.username,
    _its_absence.c.starts_at <= _at,
    _its_absence.c.ends_at > _at,
)
# The same in every row: what is to be known of the ticket and its requester.
_asked_for = (
    _last_owner.scalar_subquery().label("last_owner"),
    select(_spoken.c.language)
    .where(_spoken.c.username == bindparam("requester"))
    .scalar_subquery()
    .label("requester_language"),
    _target["lat"].scalar_subquery().label("target_lat"),
    _target["lng"].scalar_subquery().label("target_lng"),
    select(_shadow.c.rev)
    .where(_shadow.c.type == bindparam("type"))
    .scalar_subquery()
    .label("shadow"),
)


@lru_cache(maxsize=64)
def _candidates(groups: int, users: int) -> Select[Any]:
    members = (
        select(_member.c.username)
        .where(_among(_member.c.group_key, "group", groups))
        .union(select(_user.c.username).where(_among(_user.c.username, "user", users)))
        .cte("members")
    )
    is_member = select(members.c.username)
    # Who stands in for one of them is read along, and asked only when it comes to that.
    deputies = select(_absence.c.deputy).where(
        _absence.c.username.in_(is_member), _absence.c.deputy.is_not(None), *covers
    )
    people = is_member.union(deputies).cte("people")
    held = (
        select(
            _task.c.assignee.label("username"),
            func.count().label("open"),
            func.sum(_task.c.weight).label("load"),
        )
        .where(_is_open, _task.c.assignee.in_(select(people.c.username)))
        .group_by(_task.c.assignee)
        .subquery("held")
    )
    return (
        select(
            # What makes a candidate, in the order in which routing unpacks it.
            _user.c.username,
            _user.c.language,
            # As text: most of a crowd say the same of themselves as at the last choice.
            cast(_user.c.skills, String).label("skills"),
            _user.c.capacity,
            _place.c.lat,
            _place.c.lng,
            _place.c.radius,
            exists().where(_shift.c.username == _user.c.username).label("has_shifts"),
            func.coalesce(held.c.open, 0).label("open"),
            func.coalesce(held.c.load, 0).label("load"),
            func.coalesce(_turn.c.last, 0).label("turn"),
            _user.c.username.in_(is_member).label("is_member"),
            exists(_absent_now.where(_its_absence.c.kind.in_(AWAY))).label("is_away"),
            exists(_absent_now).label("is_covered"),
            *_asked_for,
        )
        .select_from(
            people.join(_user, _user.c.username == people.c.username)
            .outerjoin(held, held.c.username == _user.c.username)
            .outerjoin(_turn, _turn.c.username == _user.c.username)
            .outerjoin(_place, _place.c.key == _user.c.place)
        )
        .where(_user.c.active)
    )


def read(connection: Connection, asked: Asked) -> Sequence[Row[Any]]:
    """The rows of everybody who is there, with one statement."""
    return connection.execute(
        _candidates(len(asked.groups), len(asked.users)),
        {
            **_named(asked.groups, asked.users),
            "ticket": asked.ticket_id,
            "element": asked.element,
            "type": asked.type,
            "requester": asked.requester,
            "place": asked.place,
            "at": asked.at,
        },
    ).all()


@lru_cache(maxsize=8192)
def skills_in(text: str) -> Mapping[str, int]:
    """The levels by skill in the text of a row; shared, so nobody changes them."""
    levels: dict[str, int] = json.loads(text)
    return levels


_leads = select(_group.c.key, _group.c.lead).where(
    _group.c.key.in_(bindparam("groups", expanding=True))
)
_active = select(_user.c.username).where(
    _user.c.username.in_(bindparam("users", expanding=True)), _user.c.active
)


def leads(connection: Connection, groups: Sequence[str]) -> Mapping[str, str | None]:
    """The lead of each of these groups that exists."""
    found = connection.execute(_leads, {"groups": list(groups)})
    return {row.key: row.lead for row in found}


def active(connection: Connection, users: Collection[str]) -> frozenset[str]:
    """Those of these people who are there."""
    return frozenset(connection.scalars(_active, {"users": sorted(users)}))


_of_role = (
    select(_user.c.username)
    .where(_user.c.active, cast(_user.c.roles, String).contains(bindparam("role")))
    .order_by(_user.c.username)
    .limit(1)
)


def first_of_role(connection: Connection, role: str) -> str | None:
    """The first by name of those who have a role and are there."""
    return connection.scalar(_of_role, {"role": f'"{role}"'})


_weigh = update(_task).where(_task.c.id == bindparam("key")).values(weight=bindparam("weight_now"))
_weigh_all = (
    update(_task)
    .where(_task.c.ticket_id == bindparam("ticket"), _task.c.status == "open")
    .values(weight=bindparam("weight_now"))
)


def weigh(sender: Sender, tasks: Collection[str], weight: int) -> None:
    """Gives open tasks the weight of their ticket's new priority."""
    for task in sorted(tasks):
        sender.execute(_weigh, {"key": task, "weight_now": weight})


def weigh_all(connection: Connection, ticket_id: int, weight: int) -> None:
    """Gives all open tasks of a ticket the weight of its new priority."""
    connection.execute(_weigh_all, {"ticket": ticket_id, "weight_now": weight})


def take_turns(sender: Sender, turns: Mapping[str, int]) -> None:
    """Notes when these people were chosen."""
    ordered = sorted(turns.items())
    rows = ", ".join(f"(:username_{n}, :last_{n})" for n in range(len(ordered)))
    values: dict[str, Any] = {}
    for n, (username, last) in enumerate(ordered):
        values |= {f"username_{n}": username, f"last_{n}": last}
    sender.execute(_turns(len(ordered), rows), values)


def _turns(count: int, rows: str) -> Any:
    found = _prepared.get(count)
    if found is None:
        found = _prepared[count] = text(
            f"INSERT INTO agent_turn (username, last) VALUES {rows}"  # noqa: S608
            " ON CONFLICT (username) DO UPDATE SET last = excluded.last"
        )
    return found


_prepared: dict[int, Any] = {}
