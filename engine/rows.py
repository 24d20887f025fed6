"""Writing rows with Core: one way for one row and for many, and several statements in one trip."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Executable, Table, TextClause, bindparam, text
from sqlalchemy.exc import DBAPIError


def write(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Executes a statement for each row, with nothing for none.

    A single row goes as a plain statement: the driver's way for many rows costs more than it.
    """
    if len(rows) == 1:
        connection.execute(statement, rows[0])
    elif rows:
        connection.execute(statement, list(rows))


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that all name the same columns with one statement, with nothing for none."""
    if not rows:
        return
    statement = _insertion(table, tuple(rows[0]), len(rows))
    values = {f"{name}_{n}": value for n, row in enumerate(rows) for name, value in row.items()}
    connection.execute(statement, values)


@lru_cache(maxsize=256)
def _insertion(table: Table, names: tuple[str, ...], count: int) -> TextClause:
    # A text that is made once for each number of rows: compiling one with several rows of values
    # on every request costs more than running it.
    rows = ", ".join("(" + ", ".join(f":{name}_{n}" for name in names) + ")" for n in range(count))
    columns = ", ".join(f'"{name}"' for name in names)
    return text(f"INSERT INTO {table.name} ({columns}) VALUES {rows}").bindparams(  # noqa: S608
        *(
            bindparam(f"{name}_{n}", type_=table.c[name].type)
            for n in range(count)
            for name in names
        )
    )


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Sends the statements of the block without waiting for each one's answer.

    For statements that change rows and whose results nobody reads: PostgreSQL's pipeline mode
    (libpq, "Pipeline Mode") spares a round trip for each. An error comes at the end of the block,
    as the error that SQLAlchemy would have raised. SQLite has no trips to spare.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    import psycopg

    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except psycopg.Error as error:
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, dialect=connection.dialect
        ) from error
