"""Who changed what about a record: one table for records of every kind."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, inspect
from sqlalchemy.orm import Mapped, mapped_column

from engine import clock
from engine.db import Base, BigId, db

_UNSAID = frozenset(
    {"rev", "created_at", "password_hash", "failed_sign_ins", "locked_until"}  # no news, or secret
)


class RecordHistory(Base):
    """Somebody made, changed or removed a record; `changes` is field -> [before, after]."""

    __tablename__ = "record_history"
    __table_args__ = (Index("ix_record_history_record", "kind", "record", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    record: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(16))  # created, changed, removed
    changes: Mapped[dict[str, Any]]


def state(row: Any, **more: Any) -> dict[str, Any]:
    """What history tells of a row as it is now; `more` is what other tables say of it."""
    columns = inspect(type(row)).columns.keys()
    told = {name: _plain(getattr(row, name)) for name in columns if name not in _UNSAID}
    return told | more


def note(
    actor: str, kind: str, record: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Writes down what is different; an empty `before` or `after` is a record that was not there.

    A change that leaves everything as it was is not written down.
    """
    names = list(dict.fromkeys([*before, *after]))
    changes = {
        name: [before.get(name), after.get(name)]
        for name in names
        if before.get(name) != after.get(name)
    }
    action = "changed" if before and after else "created" if after else "removed"
    if changes:
        db.session.add(
            RecordHistory(
                kind=kind,
                record=record,
                at=clock.now(),
                actor=actor,
                action=action,
                changes=changes,
            )
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
