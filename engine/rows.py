"""Writing rows with Core: one way for one row and for many."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable


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
