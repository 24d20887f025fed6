"""Changes to people, their groups and their tokens."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from engine import clock
from engine.access import identity, names, passwords
from engine.access.models import ApiToken, Group, GroupMember, User, WebSession
from engine.access.policy import ROLES, SCOPES, Actor, may, require
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
ADMIN = "admin"

# What people may change of themselves; everything else is an administrator's.
_OWN = frozenset({"language", "time_zone", "password"})
_PLAIN = frozenset({"email", "phone", "language", "time_zone", "department", "manager", "roles"})


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
) -> Group:
    """A new group of people."""
    require(actor, "manage_people")
    names.check_key(key)
    if db.session.get(Group, key) is not None:
        raise AlreadyExists(kind="group", id=key)
    _check_people([lead] if lead else [], "/lead")
    group = Group(key=key, names=names.check_names(names_), lead=lead, created_at=clock.now())
    db.session.add(group)
    db.session.flush()
    _set_members(key, members)
    return group


@command
def update_group(
    actor: Actor, key: str, changes: Mapping[str, Any], *, version: int | None = None
) -> Group:
    """Changes a group: `names` (or `some_names`), `lead`, and `members` as a whole."""
    require(actor, "manage_people")
    group: Group = _locked(Group, key, "group", version)
    _set_names(group, changes)
    if "lead" in changes:
        _check_people([changes["lead"]] if changes["lead"] else [], "/lead")
        group.lead = changes["lead"]
    if "members" in changes:
        _set_members(key, changes["members"])
    group.rev += 1
    return group


@command
def delete_group(actor: Actor, key: str, *, version: int | None = None) -> None:
    """Removes a group and its memberships; work offered to it is then open to administrators."""
    require(actor, "manage_people")
    group: Group = _locked(Group, key, "group", version)
    db.session.execute(delete(GroupMember).where(GroupMember.group_key == key))
    db.session.delete(group)


@command
def create_token(
    actor: Actor,
    name: str,
    *,
    username: str | None = None,
    scopes: Iterable[str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new API token and its secret, which is shown this once; without scopes it carries all
    rights of its person."""
    username = username or actor.username
    _may_manage_tokens(actor, username)
    user = db.session.get(User, username)
    if user is None or not user.active:
        raise InvalidInput.at("/user", "unknown-user", value=username)
    wanted = list(dict.fromkeys(scopes)) if scopes is not None else None
    if unknown := [scope for scope in wanted or [] if scope not in SCOPES]:
        raise InvalidInput.at("/scopes", "unknown-scope", value=unknown[0])
    now = clock.now()
    if expires_at is not None and expires_at <= now:
        raise InvalidInput.at("/expires_at", "in-the-past")
    secret, token_hash = identity.new_token()
    token = ApiToken(
        id=secrets.token_hex(16),
        username=username,
        name=_token_name(name),
        token_hash=token_hash,
        prefix=secret[:9],
        scopes=wanted,
        created_at=now,
        expires_at=expires_at,
    )
    db.session.add(token)
    return token, secret


@command
def rename_token(actor: Actor, token_id: str, name: str) -> ApiToken:
    """Gives a token another name."""
    token = _token(actor, token_id)
    token.name = _token_name(name)
    return token


@command
def revoke_token(actor: Actor, token_id: str) -> None:
    """Removes a token; calls with it are refused from now on."""
    db.session.delete(_token(actor, token_id))


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


def _may_manage_tokens(actor: Actor, username: str) -> None:
    # A token with scopes must not make itself one without.
    if actor.scopes is not None:
        raise NotAllowed(action="manage_tokens")
    if username != actor.username:
        require(actor, "manage_tokens_of_others")


def _token(actor: Actor, token_id: str) -> ApiToken:
    token = db.session.get(ApiToken, token_id, with_for_update=True)
    if token is None:
        raise NotFound(kind="token", id=token_id)
    if token.username != actor.username and not may(actor, "manage_tokens_of_others"):
        raise NotFound(kind="token", id=token_id)
    _may_manage_tokens(actor, token.username)
    return token


def _token_name(name: str) -> str:
    name = name.strip()
    if not name:
        raise InvalidInput.at("/name", "required")
    if len(name) > 200:
        raise InvalidInput.at("/name", "too-long", max=200)
    return name
