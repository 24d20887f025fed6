"""Writing rows with Core: one way for one row and for many, and several statements in one trip."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError


def write(
    connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Executes a statement for each row, with nothing for none.

    A single row goes as a plain statement: the driver's way for many rows costs more than it.
    """
    if len(rows) == 1:
        connection.execute(statement, rows[0])
    elif rows:
        connection.execute(statement, list(rows))


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
