"""Changes to records of every kind."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, exists, select

from engine import clock, history
from engine.access import names
from engine.access.policy import Actor, require
from engine.db import Base, db
from engine.errors import (
    AlreadyExists,
    InputError,
    InvalidInput,
    NotAllowed,
    NotFound,
    RecordInUse,
    StaleVersion,
)
from engine.records.fields import check
from engine.records.kinds import Kind
from engine.records.models import RecordForm
from engine.uow import command
from forms.checks import check as check_form
from forms.compiler import judge
from forms.documents import read

_MOST_LINKS = 100  # of a chain of parents


@command
def create(actor: Actor, kind: Kind, given: Mapping[str, Any]) -> Any:
    """A new record; its key is among the values unless it is one that is made."""
    person = given.get(kind.person) if kind.person else None
    _may_manage(actor, kind, person)
    if kind.keyed is not None:
        key = given.get(kind.key)
        if not isinstance(key, str) or not key:
            raise InvalidInput.at(f"/{kind.key}", "required")
        kind.keyed(key)
        if db.session.get(kind.model, key) is not None:
            raise AlreadyExists(kind=kind.name, id=key)
    else:
        key = secrets.token_hex(16)
    values = _checked(kind, given, {}, new=True)
    row = kind.model(**{**values, kind.key: key, "created_at": clock.now()})
    db.session.add(row)
    db.session.flush()
    history.note(actor.username, kind.name, key, {}, history.state(row))
    return row


@command
def change(
    actor: Actor,
    kind: Kind,
    key: str,
    given: Mapping[str, Any],
    *,
    version: int | None = None,
) -> Any:
    """Changes the given fields; `some_names` replaces the names of its languages only."""
    row = locked(actor, kind, key, version)
    person = given.get(kind.person) if kind.person else None
    if person is not None:
        _may_manage(actor, kind, person)
    before = history.state(row)
    given = dict(given)
    if "some_names" in given:
        given["names"] = {**row.names, **names.check_names(given.pop("some_names"))}
    for name, value in _checked(kind, given, _values(row), new=False).items():
        setattr(row, name, value)
    row.rev += 1
    db.session.flush()
    history.note(actor.username, kind.name, key, before, history.state(row))
    return row


@command
def delete(actor: Actor, kind: Kind, key: str, *, version: int | None = None) -> None:
    """Removes a record that nothing points at."""
    row = locked(actor, kind, key, version)
    by = _user_of(kind, key)
    if by is not None:
        raise RecordInUse(kind=kind.name, id=key, by_kind=by[0], by=by[1])
    history.note(actor.username, kind.name, key, history.state(row), {})
    db.session.delete(row)
    db.session.flush()


@command
def set_form(
    actor: Actor, kind: Kind, document: Mapping[str, Any], *, version: int | None = None
) -> RecordForm:
    """Sets the own fields of a kind of record; what is kept already stays as it is."""
    require(actor, "manage_records")
    wrong = [one for one in check_form("form", document) if one.severity == "error"]
    if wrong:
        raise InvalidInput([InputError("/form", one.code, one.params) for one in wrong])
    kept = db.session.get(RecordForm, kind.name, with_for_update=True)
    if version is not None and version != (kept.rev if kept else 0):
        raise StaleVersion(expected=version, found=kept.rev if kept else 0)
    if kept is None:
        kept = RecordForm(kind=kind.name, form=dict(document), rev=1)
        db.session.add(kept)
    else:
        kept.form, kept.rev = dict(document), kept.rev + 1
    db.session.flush()
    return kept


def locked(actor: Actor, kind: Kind, key: str, version: int | None = None) -> Any:
    """The row of a record that somebody may change, locked."""
    row: Any = db.session.get(kind.model, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(kind=kind.name, id=key)
    _may_manage(actor, kind, getattr(row, kind.person) if kind.person else None)
    if version is not None and row.rev != version:
        raise StaleVersion(expected=version, found=row.rev)
    return row


def _may_manage(actor: Actor, kind: Kind, person: str | None) -> None:
    if not kind.may_manage(actor, person):
        raise NotAllowed(action="manage_records")


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _checked(
    kind: Kind, given: Mapping[str, Any], before: Mapping[str, Any], *, new: bool
) -> dict[str, Any]:
    """The columns to set; nothing has been written when this refuses."""
    known = {field.name for field in kind.fields} | {kind.key, "custom"}
    if strange := sorted(set(given) - known):
        raise InvalidInput.at(f"/{strange[0]}", "unknown-field")
    kept = check(kind.fields, given, new=new, exists=_exists)
    # An emptied list or flag that the table does not keep as nothing is its default.
    for name, value in list(kept.items()):
        column = kind.table.c[name]
        if value is None and not column.nullable and column.default is not None:
            default: Any = column.default
            kept[name] = default.arg(None) if default.is_callable else default.arg
    whole = {**before, **kept}
    wrong = kind.judge(whole)
    if "parent" in kept and kept["parent"] is not None and not new:
        wrong += _circle(kind, before[kind.key], kept["parent"])
    if "custom" in given or new:
        custom, errors = _custom(kind, given.get("custom") or {}, before.get("custom") or {})
        wrong += errors
        kept["custom"] = custom
    if wrong:
        raise InvalidInput(wrong)
    return kept


def _custom(
    kind: Kind, given: Any, before: Mapping[str, Any]
) -> tuple[dict[str, Any], list[InputError]]:
    form = db.session.get(RecordForm, kind.name)
    if form is None:
        strange = next(iter(given), None) if isinstance(given, Mapping) else ""
        errors = [InputError(f"/custom/{strange}", "unknown-field")] if given else []
        return dict(before), errors
    judged = judge(read(form.form), given, before=before)
    errors = [
        InputError(error.pointer.replace("/values", "/custom", 1), error.code, error.params)
        for error in judged.errors
    ]
    return judged.values, errors


def _exists(table: str, key: str) -> bool:
    target: Table = Base.metadata.tables[table]
    (column,) = target.primary_key.columns
    return bool(db.session.scalar(select(exists().where(column == key))))


def _circle(kind: Kind, key: str, parent: str) -> list[InputError]:
    """What speaks against putting a record below another."""
    above: str | None = parent
    for _ in range(_MOST_LINKS):
        if above is None:
            return []
        if above == key:
            break
        above = db.session.scalar(
            select(kind.table.c.parent).where(kind.table.c[kind.key] == above)
        )
    return [InputError("/parent", "parent-circle")]


def _user_of(kind: Kind, key: str) -> tuple[str, str] | None:
    """Something that points at a record: what it is, and its key."""
    own = kind.table.c[kind.key]
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.references(own):
                (primary,) = table.primary_key.columns
                found = db.session.scalar(select(primary).where(column == key).limit(1))
                if found is not None:
                    return table.name.removesuffix("_account"), str(found)
    if kind.used is not None:
        user = kind.used(db.session.connection(), key)
        if user is not None:
            return "user", user
    return None
