"""Rows that may be there already because somebody else was faster."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from engine.db import Base, db


def insert_missing(model: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    """Inserts the rows whose key is not taken and leaves the others alone; gives how many came."""
    if not rows:
        return 0
    if db.engine.dialect.name == "postgresql":
        statement = postgresql.insert(model).on_conflict_do_nothing().returning(*_key(model))
        return len(db.session.execute(statement, rows).all())
    lite = sqlite.insert(model).on_conflict_do_nothing().returning(*_key(model))
    return len(db.session.execute(lite, rows).all())


def _key(model: type[Base]) -> tuple[Any, ...]:
    return tuple(model.__table__.primary_key)
