"""Changes to the departments."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import clock, history
from engine.access import names
from engine.access.models import User
from engine.access.policy import Actor, require
from engine.db import db
from engine.directory.models import Department
from engine.errors import AlreadyExists, InputError, InUse, InvalidInput, NotFound, StaleVersion
from engine.uow import command


@command
def create_department(
    actor: Actor,
    key: str,
    names_: Mapping[str, str],
    *,
    parent: str | None = None,
    head: str | None = None,
    deputy: str | None = None,
) -> Department:
    """A new part of the organisation, at the top or below another."""
    require(actor, "manage_people")
    names.check_key(key)
    if db.session.get(Department, key) is not None:
        raise AlreadyExists(kind="department", id=key)
    department = Department(key=key, names=names.check_names(names_), created_at=clock.now())
    _set(department, {"parent": parent, "head": head, "deputy": deputy})
    db.session.add(department)
    db.session.flush()
    history.note(actor.username, "department", key, {}, history.state(department))
    return department


@command
def update_department(
    actor: Actor, key: str, changes: Mapping[str, Any], *, version: int | None = None
) -> Department:
    """Changes `names` (or `some_names`), `parent`, `head` or `deputy`."""
    require(actor, "manage_people")
    department = _locked(key, version)
    before = history.state(department)
    if "names" in changes:
        department.names = names.check_names(changes["names"])
    if "some_names" in changes:
        department.names = {**department.names, **names.check_names(changes["some_names"])}
    _set(department, {name: changes[name] for name in _POINTERS if name in changes})
    department.rev += 1
    db.session.flush()
    history.note(actor.username, "department", key, before, history.state(department))
    return department


@command
def delete_department(actor: Actor, key: str, *, version: int | None = None) -> None:
    """Removes a department that has no people and nothing below it."""
    require(actor, "manage_people")
    department = _locked(key, version)
    below = db.session.scalar(select(Department.key).where(Department.parent == key).limit(1))
    people = db.session.scalar(select(User.username).where(User.department == key).limit(1))
    if below is not None or people is not None:
        raise InUse(kind="department", id=key)
    history.note(actor.username, "department", key, history.state(department), {})
    db.session.delete(department)


_POINTERS = ("parent", "head", "deputy")


def _locked(key: str, version: int | None) -> Department:
    department = db.session.get(Department, key, with_for_update=True, populate_existing=True)
    if department is None:
        raise NotFound(kind="department", id=key)
    if version is not None and department.rev != version:
        raise StaleVersion(expected=version, found=department.rev)
    return department


def _set(department: Department, changes: Mapping[str, str | None]) -> None:
    wrong = []
    for name, value in changes.items():
        if value is not None:
            if name == "parent":
                wrong += _wrong_parent(department.key, value)
            elif db.session.get(User, value) is None:
                wrong.append(InputError(f"/{name}", "unknown-user", {"value": value}))
        setattr(department, name, value)
    if wrong:
        raise InvalidInput(wrong)


def _wrong_parent(key: str, parent: str) -> list[InputError]:
    """What speaks against putting a department below another."""
    above: str | None = parent
    seen = set()
    while above is not None and above not in seen:
        if above == key:
            return [InputError("/parent", "department-circle")]
        seen.add(above)
        found = db.session.execute(
            select(Department.parent).where(Department.key == above)
        ).one_or_none()
        if found is None:
            return [InputError("/parent", "unknown-department", {"value": above})]
        above = found.parent
    return []
