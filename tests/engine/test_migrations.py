"""A database of the first release is brought to the present shape with everything that is in it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import JSON, Column, Connection, MetaData, Table, create_engine, insert, select

from engine import schema
from tests.databases import SERVER
from tests.faults.house import postgresql

RELEASED = "0001"
_AT = datetime(2026, 3, 2, 9, tzinfo=UTC).replace(tzinfo=None)
_VALUES: dict[type, Any] = {
    bool: True, int: 1, float: 1.5, str: "x", datetime: _AT, date: date(2026, 3, 2), bytes: b"x",
}  # fmt: skip


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with _url(tmp_path) as url:
        engine = create_engine(url)
        with engine.begin() as found:
            yield found
        engine.dispose()


@contextmanager
def _url(folder: Path) -> Iterator[str]:
    if not SERVER:
        yield f"sqlite:///{folder}/old.db"
        return
    with postgresql(f"banjie_migrations_{os.getpid()}") as url:
        yield url


def test_every_row_of_the_first_release_is_kept(connection: Connection) -> None:
    command.upgrade(schema._config(connection), RELEASED)
    tables = _tables(connection)
    for table in tables:  # one row in each; equal values everywhere, so that references hold
        connection.execute(insert(table).values({one.name: _value(one) for one in table.columns}))
    before = {table.name: connection.execute(select(table)).mappings().all() for table in tables}
    assert len(before) > 50
    assert all(before.values())

    command.upgrade(schema._config(connection), "head")

    after = {table.name: table for table in _tables(connection)}
    for name, rows in before.items():
        [old] = rows
        [new] = connection.execute(select(after[name])).mappings().all()
        assert {key: new[key] for key in old} == dict(old), name


def test_what_is_migrated_has_the_shape_that_the_code_expects(connection: Connection) -> None:
    command.upgrade(schema._config(connection), RELEASED)
    command.upgrade(schema._config(connection), "head")
    command.check(schema._config(connection))
    assert schema._current(connection) == schema.head()


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection, only=lambda name, _: not name.startswith("ticket_fts"))
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _value(column: Column[Any]) -> Any:
    if isinstance(column.type, JSON):
        return {}
    return _VALUES[column.type.python_type]
