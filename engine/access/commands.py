"""Changes to people, their groups and their tokens."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import column, delete, select, table, update
from sqlalchemy.orm import InstrumentedAttribute

from engine import clock, history
from engine.access import identity, names, passwords
from engine.access.models import ApiToken, Group, GroupMember, User, WebSession
from engine.access.policy import ROLES, Actor, may, require
from engine.db import db
from engine.errors import (
    AlreadyExists,
    InputError,
    InvalidInput,
    LastAdministrator,
    NotAllowed,
    NotFound,
    StaleVersion,
)
from engine.uow import command

LANGUAGES = ("zh-CN", "en")
MAX_LEVEL = 5  # of a skill
MAX_CAPACITY = 1000  # open tasks
MAX_WEIGHT = 100  # of a group
ADMIN = "admin"

# What people may change of themselves; everything else is an administrator's.
_OWN = frozenset({"language", "time_zone", "password"})
_PLAIN = frozenset(
    {"email", "phone", "language", "time_zone", "department", "manager", "roles"}
    | {"skills", "capacity", "place", "customer"}
)
_ELSEWHERE = {"place": User.place, "customer": User.customer}
_skill = table("skill", column("key"))  # the directory's, which stands above


@command
def create_user(
    actor: Actor,
    username: str,
    names_: Mapping[str, str],
    *,
    password: str | None = None,
    roles: Iterable[str] = (),
    groups: Iterable[str] = (),
    **details: object,
) -> User:
    """A new account; `details` are e-mail, phone, language, time zone, department and manager.

    Without a password nobody can sign in to it; an administrator may set one later.
    """
    require(actor, "manage_people")
    names.check_username(username)
    if db.session.get(User, username) is not None:
        raise AlreadyExists(kind="user", id=username)
    if password is not None:
        passwords.check(password, username)
    user = User(
        username=username,
        names=names.check_names(names_),
        roles=[],
        password_hash=passwords.hashed(password) if password is not None else None,
        created_at=clock.now(),
    )
    _set_details(user, {"roles": list(roles), **details})
    db.session.add(user)
    db.session.flush()
    _set_groups(username, groups)
    history.note(actor.username, "user", username, {}, _told(user))
    return user


@command
def update_user(
    actor: Actor,
    username: str,
    changes: Mapping[str, Any],
    *,
    version: int | None = None,
    session: str | None = None,
) -> User:
    """Changes an account: names, details, `roles`, `groups`, `active`, `password`.

    `names` replaces all names, `some_names` those of its languages.

    Somebody changing himself gives `current_password` with a new password; his other sessions end
    and the one in `session` (a cookie's value) stays. An account that is made inactive loses its
    sessions and tokens.
    """
    user: User = _locked(User, username, "user", version)
    own = actor.username == username and actor.scopes is None
    if not may(actor, "manage_people"):
        if not own:
            raise NotAllowed(action="manage_people")
        if foreign := set(changes) - _OWN - {"current_password"}:
            raise NotAllowed(action="manage_people", fields=sorted(foreign))
    administered = _administers(user)
    before = _told(user)
    _set_names(user, changes)
    _set_details(user, {key: value for key, value in changes.items() if key in _PLAIN})
    if "groups" in changes:
        _set_groups(username, changes["groups"])
    if changes.get("password") is not None:
        _set_password(user, changes, own, session)
    if "active" in changes:
        user.active = bool(changes["active"])
        if not user.active:
            _shut_out(username)
    user.rev += 1
    db.session.flush()
    # The password is said to have changed, not what it is.
    after = _told(user) | ({"password": "changed"} if changes.get("password") is not None else {})
    history.note(actor.username, "user", username, before, after)
    if administered and not _administers(user):
        _keep_an_administrator()
    return user


@command
def deactivate_user(actor: Actor, username: str, *, version: int | None = None) -> None:
    """Makes an account inactive; what the person did stays under the name."""
    require(actor, "manage_people")
    update_user(actor, username, {"active": False}, version=version)


@command
def create_group(
    actor: Actor,
    key: str,
    names_: Mapping[str, str],
    *,
    members: Iterable[str] = (),
    lead: str | None = None,
    calendar: str | None = None,
    weight: int = 1,
) -> Group:
    """A new group of people, with the calendar it works by and its share of work."""
    require(actor, "manage_people")
    names.check_key(key)
    if db.session.get(Group, key) is not None:
        raise AlreadyExists(kind="group", id=key)
    _check_people([lead] if lead else [], "/lead")
    _check_weight(weight)
    group = Group(
        key=key,
        names=names.check_names(names_),
        lead=lead,
        calendar=calendar,
        weight=weight,
        created_at=clock.now(),
    )
    db.session.add(group)
    db.session.flush()
    _set_members(key, members)
    history.note(actor.username, "group", key, {}, _told(group))
    return group


@command
def update_group(
    actor: Actor, key: str, changes: Mapping[str, Any], *, version: int | None = None
) -> Group:
    """Changes a group: `names` (or `some_names`), `lead`, `calendar`, `weight`, all `members`."""
    require(actor, "manage_people")
    group: Group = _locked(Group, key, "group", version)
    before = _told(group)
    _set_names(group, changes)
    if "lead" in changes:
        _check_people([changes["lead"]] if changes["lead"] else [], "/lead")
        group.lead = changes["lead"]
    if "calendar" in changes:
        group.calendar = changes["calendar"]
    if "weight" in changes:
        _check_weight(changes["weight"])
        group.weight = changes["weight"]
    if "members" in changes:
        _set_members(key, changes["members"])
    group.rev += 1
    db.session.flush()
    history.note(actor.username, "group", key, before, _told(group))
    return group


@command
def delete_group(actor: Actor, key: str, *, version: int | None = None) -> None:
    """Removes a group and its memberships; work offered to it is then open to administrators."""
    require(actor, "manage_people")
    group: Group = _locked(Group, key, "group", version)
    history.note(actor.username, "group", key, _told(group), {})
    db.session.execute(delete(GroupMember).where(GroupMember.group_key == key))
    db.session.delete(group)


@command
def ensure_admin(password: str | None) -> str | None:
    """Creates the account `admin` when there is nobody yet, and gives back its password once.

    None when somebody exists already. A password set by the operator is taken as it is.
    """
    if db.session.scalar(select(User.username).limit(1)) is not None:
        return None
    password = password or secrets.token_urlsafe(12)
    db.session.add(
        User(
            username=ADMIN,
            names={"zh-CN": "系统管理员", "en": "Administrator"},
            roles=["administrator"],
            password_hash=passwords.hashed(password),
            created_at=clock.now(),
        )
    )
    return password


def _locked(kind: type[Any], key: str, name: str, version: int | None) -> Any:
    row = db.session.get(kind, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(kind=name, id=key)
    if version is not None and row.rev != version:
        raise StaleVersion(expected=version, found=row.rev)
    return row


def _told(row: User | Group) -> dict[str, Any]:
    """What history tells of an account or a group, with its memberships."""
    if isinstance(row, User):
        groups = select(GroupMember.group_key).where(GroupMember.username == row.username)
        return history.state(row, groups=sorted(db.session.scalars(groups)))
    members = select(GroupMember.username).where(GroupMember.group_key == row.key)
    return history.state(row, members=sorted(db.session.scalars(members)))


def _check_weight(weight: int) -> None:
    if not 1 <= weight <= MAX_WEIGHT:
        raise InvalidInput.at("/weight", "between", min=1, max=MAX_WEIGHT)


def _set_names(row: User | Group, changes: Mapping[str, Any]) -> None:
    if "names" in changes:
        row.names = names.check_names(changes["names"])
    if "some_names" in changes:
        row.names = {**row.names, **names.check_names(changes["some_names"])}


def _set_details(user: User, details: Mapping[str, Any]) -> None:
    wrong: list[InputError] = []
    for key, value in details.items():
        if key == "roles":
            value = list(dict.fromkeys(value))
            if unknown := [role for role in value if role not in ROLES]:
                wrong.append(InputError("/roles", "unknown-role", {"value": unknown[0]}))
        elif key == "department" and value is not None and not _exists(User.department, value):
            wrong.append(InputError("/department", "unknown-department", {"value": value}))
        elif key == "manager" and value is not None:
            if value == user.username:
                wrong.append(InputError("/manager", "own-manager"))
            elif not _exists(User.manager, value):
                wrong.append(InputError("/manager", "unknown-user", {"value": value}))
        elif key in _ELSEWHERE and value is not None and not _exists(_ELSEWHERE[key], value):
            wrong.append(InputError(f"/{key}", f"unknown-{key}", {"value": value}))
        elif key == "skills":
            value = dict(value or {})
            wrong += _wrong_skills(value)
        elif key == "capacity" and value is not None and not 0 <= value <= MAX_CAPACITY:
            wrong.append(InputError("/capacity", "between", {"min": 0, "max": MAX_CAPACITY}))
        elif key == "language":
            value = value or LANGUAGES[0]
            if value not in LANGUAGES:
                wrong.append(InputError("/language", "unknown-language"))
        elif key == "time_zone":
            value = value or "Asia/Shanghai"
            if value not in available_timezones():
                wrong.append(InputError("/time_zone", "unknown-time-zone", {"value": value}))
        setattr(user, key, value)
    if wrong:
        raise InvalidInput(wrong)


def _wrong_skills(skills: Mapping[str, Any]) -> list[InputError]:
    known = set(db.session.scalars(select(_skill.c.key).where(_skill.c.key.in_(skills))))
    wrong = [
        InputError(f"/skills/{skill}", "unknown-skill", {"value": skill})
        for skill in skills
        if skill not in known
    ]
    return wrong + [
        InputError(f"/skills/{skill}", "between", {"min": 1, "max": MAX_LEVEL})
        for skill, level in skills.items()
        if isinstance(level, bool) or not isinstance(level, int) or not 1 <= level <= MAX_LEVEL
    ]


def _set_password(user: User, changes: Mapping[str, Any], own: bool, session: str | None) -> None:
    if own and not passwords.verify(user.password_hash, changes.get("current_password") or ""):
        raise InvalidInput.at("/current_password", "wrong-password")
    passwords.check(changes["password"], user.username)
    user.password_hash = passwords.hashed(changes["password"])
    user.failed_sign_ins, user.locked_until = 0, None
    identity.end_sessions(user.username, but=session if own else None)


def _set_groups(username: str, groups: Iterable[str]) -> None:
    wanted = set(groups)
    known = set(db.session.scalars(select(Group.key).where(Group.key.in_(wanted))))
    if unknown := sorted(wanted - known):
        raise InvalidInput.at("/groups", "unknown-group", value=unknown[0])
    changed = _sync(GroupMember.username, username, GroupMember.group_key, wanted)
    _renew(Group.key, changed)


def _set_members(key: str, members: Iterable[str]) -> None:
    wanted = set(members)
    _check_people(wanted, "/members")
    changed = _sync(GroupMember.group_key, key, GroupMember.username, wanted)
    _renew(User.username, changed)


def _sync(
    of: InstrumentedAttribute[str], key: str, other: InstrumentedAttribute[str], wanted: set[str]
) -> set[str]:
    """Makes the memberships of one side exactly the wanted ones; gives back what changed."""
    present = set(db.session.scalars(select(other).where(of == key)))
    if gone := present - wanted:
        db.session.execute(delete(GroupMember).where(of == key, other.in_(gone)))
    for each in sorted(wanted - present):
        db.session.add(GroupMember(**{of.key: key, other.key: each}))
    db.session.flush()
    return present ^ wanted


def _renew(key: InstrumentedAttribute[str], changed: set[str]) -> None:
    """The other side of a membership is a new version too."""
    if changed:
        kind = key.class_
        db.session.execute(update(kind).where(key.in_(changed)).values(rev=kind.rev + 1))


def _check_people(usernames: Iterable[str], pointer: str) -> None:
    wanted = set(usernames)
    known = set(db.session.scalars(select(User.username).where(User.username.in_(wanted))))
    if unknown := sorted(wanted - known):
        raise InvalidInput.at(pointer, "unknown-user", value=unknown[0])


def _exists(column: InstrumentedAttribute[str | None], value: str) -> bool:
    """Whether what a foreign key would point at is there."""
    (foreign_key,) = column.property.columns[0].foreign_keys
    target = foreign_key.column
    return db.session.scalar(select(target).where(target == value)) is not None


def _shut_out(username: str) -> None:
    db.session.execute(delete(WebSession).where(WebSession.username == username))
    db.session.execute(delete(ApiToken).where(ApiToken.username == username))


def _administers(user: User) -> bool:
    return user.active and "administrator" in user.roles


def _keep_an_administrator() -> None:
    # Locked, so that two administrators who remove each other wait for one another.
    others = select(User.roles).where(User.active.is_(True)).order_by(User.username)
    rows = db.session.scalars(others.with_for_update())
    if not any("administrator" in roles for roles in rows):
        raise LastAdministrator
