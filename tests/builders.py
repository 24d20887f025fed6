"""People, groups and departments for tests, made through the engine's own commands.

Everything here may be called again with the same names: what is there already stays.
"""

from collections.abc import Iterable

from flask import Flask

from engine.access import commands, identity, tokens
from engine.access.models import Group, GroupMember, User
from engine.access.policy import SYSTEM, Actor
from engine.db import db
from engine.directory.models import Department
from engine.uow import command
from tests.clients import Client

ADMINISTRATOR = Actor("admin", frozenset({"administrator"}))
PASSWORD = "correct horse battery"  # noqa: S105

# Who appears in the tests: name, roles, groups. Anybody else is a requester.
CAST: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "admin": ("系统管理员", ("administrator",), ()),
    "zhoumin": ("周敏", ("requester",), ()),
    "sunli": ("孙丽", ("requester",), ()),
    "lina": ("李娜", ("agent",), ("it-desk",)),
    "wangqiang": ("王强", ("agent",), ("it-desk",)),
    "zhaoyun": ("赵云", ("manager",), ("managers",)),
    "chenjing": ("陈静", ("process_owner",), ()),
}


def person(
    username: str,
    *roles: str,
    groups: Iterable[str] = (),
    name: str | None = None,
    password: str | None = None,
    department: str | None = None,
    manager: str | None = None,
) -> User:
    """An account; roles and groups not given are those of the cast."""
    cast_name, cast_roles, cast_groups = CAST.get(username, (username, ("requester",), ()))
    user = db.session.get(User, username)
    wanted = list(groups) or (list(cast_groups) if user is None else [])
    for key in wanted:
        group(key)
    if user is None:
        return commands.create_user(
            SYSTEM,
            username,
            {"zh-CN": name or cast_name},
            password=password,
            roles=roles or cast_roles,
            groups=wanted,
            department=department,
            manager=manager,
        )
    if (roles and set(roles) != set(user.roles)) or wanted:
        _change(username, roles, wanted)
    return user


@command
def _change(username: str, roles: tuple[str, ...], groups: list[str]) -> None:
    user = db.session.get_one(User, username)
    if roles:
        user.roles = list(roles)
    for key in groups:
        if db.session.get(GroupMember, (key, username)) is None:
            db.session.add(GroupMember(group_key=key, username=username))


def actor(username: str, *roles: str, groups: Iterable[str] = ()) -> Actor:
    """The person as an actor; the account is made where it is missing."""
    person(username, *roles, groups=groups)
    return identity.actor_of(username)


def group(key: str, *members: str, name: str | None = None, lead: str | None = None) -> Group:
    """A group with these members, who must exist."""
    found = db.session.get(Group, key)
    if found is not None:
        return found
    return commands.create_group(SYSTEM, key, {"zh-CN": name or key}, members=members, lead=lead)


def department(
    key: str, *, name: str | None = None, parent: str | None = None, head: str | None = None
) -> Department:
    """A department."""
    from engine.directory.commands import create_department

    found = db.session.get(Department, key)
    if found is not None:
        return found
    return create_department(SYSTEM, key, {"zh-CN": name or key}, parent=parent, head=head)


def stranger(app: Flask) -> Client:
    """A client that is not signed in."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


def browser_of(app: Flask, username: str) -> Client:
    """A client with a session cookie, which sends its CSRF token with every call."""
    client = stranger(app)
    opened = identity.open_session(username)
    client.set_cookie("banjie", opened.secret)
    client.username = username
    client.headers["X-CSRF-Token"] = opened.csrf
    return client


def program_of(app: Flask, username: str, scopes: Iterable[str] | None = None) -> Client:
    """A client with an API token."""
    client = stranger(app)
    _, token = tokens.create(SYSTEM, "test", username=username, scopes=scopes)
    client.username = username
    client.headers["Authorization"] = f"Bearer {token}"
    return client
