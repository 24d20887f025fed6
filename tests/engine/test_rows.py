"""Writes sent together: the same rows as one by one, one statement where the database can."""

from typing import Any

from flask import Flask
from sqlalchemy import bindparam, delete, event, select, update

from engine import clock, rows
from engine.access.models import Group
from engine.db import Base, db, writing

_group = Base.metadata.tables[Group.__tablename__]
_rename = (
    update(_group)
    .where(_group.c.key == bindparam("which"))
    .values(names=bindparam("called"), rev=_group.c.rev + 1)
)
_remove = delete(_group).where(_group.c.key == bindparam("which"))


def _rows(*keys: str) -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {"key": key, "names": {"zh-CN": key}, "weight": 1, "created_at": now, "rev": 1}
        for key in keys
    ]


def test_a_batch_writes_what_its_parts_would(app: Flask) -> None:
    token = writing.set(True)
    connection = db.session.connection()
    rows.insert(connection, _group, _rows("a", "b"))
    statements: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    batch = rows.Batch(connection)
    rows.insert(batch, _group, _rows("c", "d"))
    batch.execute(_rename, {"which": "a", "called": {"zh-CN": "甲: 一"}})
    batch.execute(_remove, {"which": "b"})
    batch.send()
    event.remove(db.engine, "before_cursor_execute", note)

    found = connection.execute(select(_group.c.key, _group.c.names, _group.c.rev)).all()
    assert {(row.key, row.names["zh-CN"], row.rev) for row in found} == {
        ("a", "甲: 一", 2),
        ("c", "c", 1),
        ("d", "d", 1),
    }
    assert len(statements) == (1 if db.engine.dialect.name == "postgresql" else 3)
    db.session.rollback()
    writing.reset(token)


def test_an_empty_batch_sends_nothing_and_a_long_one_goes_in_parts(app: Flask) -> None:
    token = writing.set(True)
    connection = db.session.connection()
    rows.Batch(connection).send()
    batch = rows.Batch(connection)
    for number in range(2 * rows.MOST + 1):
        rows.insert(batch, _group, _rows(f"g{number}"))
    batch.send()

    assert len(connection.execute(select(_group.c.key)).all()) == 2 * rows.MOST + 1
    db.session.rollback()
    writing.reset(token)
