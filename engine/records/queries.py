"""What may be known about records of every kind."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from engine.access.policy import Actor, may, require
from engine.db import db
from engine.errors import NotFound
from engine.history import RecordHistory
from engine.paging import Page, Window, cut, seek
from engine.records.kinds import Kind
from engine.records.models import RecordForm

MOST_EXPORTED = 50_000
_NO_FIELDS: dict[str, Any] = {"fields": []}


def records(
    actor: Actor,
    kind: Kind,
    window: Window,
    *,
    q: str | None = None,
    filters: Mapping[str, Any] | None = None,
) -> Page[Any]:
    """Records by their key, or the newest first; as many as the caller may see."""
    statement = _seen(actor, kind, q, filters or {})
    model: Any = kind.model
    keys = [getattr(model, kind.key)]
    if kind.newest_first:
        keys.insert(0, getattr(model, kind.newest_first))
    ordered = seek(statement, keys, window, descending=kind.newest_first is not None)
    rows = db.session.scalars(ordered).all()
    return cut(rows, window, lambda row: tuple(getattr(row, key.key) for key in keys))


def record(actor: Actor, kind: Kind, key: str) -> Any:
    """One record."""
    model: Any = kind.model
    statement = _seen(actor, kind, None, {}).where(getattr(model, kind.key) == key)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound(kind=kind.name, id=key)
    return found


def every(actor: Actor, kind: Kind, q: str | None) -> Iterator[Any]:
    """All records that a list would show, for an export."""
    model: Any = kind.model
    statement = _seen(actor, kind, q, {}).order_by(getattr(model, kind.key))
    yield from db.session.scalars(statement.limit(MOST_EXPORTED))


def form(actor: Actor, kind: Kind) -> RecordForm:
    """The own fields of a kind of record; an empty form when it has none."""
    require(actor, "see_people")
    found = db.session.get(RecordForm, kind.name)
    return found or RecordForm(kind=kind.name, form=_NO_FIELDS, rev=0)


def changes(actor: Actor, kind: str, key: str, window: Window) -> Page[RecordHistory]:
    """What was changed about a record, the newest first."""
    require(actor, "manage_records")
    statement = select(RecordHistory).where(RecordHistory.kind == kind, RecordHistory.record == key)
    rows = db.session.scalars(seek(statement, [RecordHistory.id], window, descending=True)).all()
    return cut(rows, window, lambda row: (row.id,))


def _seen(
    actor: Actor, kind: Kind, q: str | None, filters: Mapping[str, Any]
) -> Select[tuple[Any]]:
    require(actor, "see_people")
    model: Any = kind.model
    statement = select(model)
    if not may(actor, "see_records"):
        own = kind.own(actor)
        statement = statement.where(false() if own is None else own)
    if q:
        statement = statement.where(_found(model, kind, q))
    for name, value in filters.items():
        statement = statement.where(getattr(model, name) == value)
    return statement


def _found(model: Any, kind: Kind, q: str) -> ColumnElement[bool]:
    """Whether the key, a name or another searched column holds a text, whatever its case."""
    columns = [getattr(model, name) for name in (kind.key, *kind.searched)]
    if kind.is_named:
        columns += [model.names["zh-CN"].as_string(), model.names["en"].as_string()]
    wanted = q.lower()
    return or_(*(func.lower(column).contains(wanted, autoescape=True) for column in columns))
