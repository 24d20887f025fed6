"""The inbox in the product: one row a notice, and news for the pages that are open."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine import changes
from engine.db import Base
from engine.notify.models import Notice

_notice = Base.metadata.tables[Notice.__tablename__]
_INSERT: Mapping[str, Any] = {
    name: dialect.insert(_notice).on_conflict_do_nothing().returning(_notice.c.username)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}


def put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes notices; those that are there already stay as they are."""
    if not rows:
        return
    statement = _INSERT[connection.dialect.name]
    for username in set(connection.scalars(statement, [dict(row) for row in rows])):
        changes.announce_inbox(username)
