"""The writes of a command, sent to the database in one statement where it can take several.

A step writes to half a dozen tables. On PostgreSQL these writes become the parts of one statement
(data-modifying WITH queries, PostgreSQL documentation 7.8.4), which costs a third of sending them
one by one. The parts see the same snapshot and run in no given order, so a batch must touch each
row once and read nothing that it writes; foreign keys are looked at when the statement is over.
SQLite is in the same process and gets each write as it comes.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import (
    BindParameter,
    Connection,
    Executable,
    Table,
    TextClause,
    bindparam,
    text,
)
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.sql import ClauseElement

MOST = 40  # parts of one statement

_NAMED = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]
_PLACEHOLDER = re.compile(r"(?<!:):(\w+)")


class Sender(Protocol):
    """What takes a write: a connection, or a batch."""

    def execute(self, statement: Any, parameters: Mapping[str, Any], /) -> object:
        """Carries it out, now or with the batch; nobody reads a result."""


class Batch:
    """Writes that are sent together by `send`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._at_once = connection.dialect.name != "postgresql"
        self._parts: list[tuple[Executable, tuple[str, ...]]] = []
        self._values: dict[str, Any] = {}

    def execute(self, statement: Any, parameters: Mapping[str, Any], /) -> None:
        """Takes one write; its parameters are by name."""
        if self._at_once:
            self._connection.execute(statement, parameters)
            return
        number = len(self._parts)
        self._parts.append((statement, tuple(parameters)))
        self._values.update((f"p{number}_{key}", value) for key, value in parameters.items())
        if len(self._parts) >= MOST:
            self.send()

    def send(self) -> None:
        """Sends what was taken and not sent yet."""
        if len(self._parts) == 1:
            [(statement, names)] = self._parts
            values = {name: self._values[f"p0_{name}"] for name in names}
            self._connection.execute(statement, values)
        elif self._parts:
            self._connection.execute(_joined(tuple(self._parts)), self._values)
        self._parts, self._values = [], {}


def insert(sender: Sender, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that all name the same columns with one statement, with nothing for none."""
    if not rows:
        return
    statement = _insertion(table, tuple(rows[0]), len(rows))
    values = {f"{name}_{n}": value for n, row in enumerate(rows) for name, value in row.items()}
    sender.execute(statement, values)


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


@lru_cache(maxsize=512)
def _joined(parts: tuple[tuple[Executable, tuple[str, ...]], ...]) -> TextClause:
    """One statement out of several, the parameters of the n-th renamed to `pn_…`."""
    texts, binds = [], []
    for number, (statement, names) in enumerate(parts):
        sql, known = _compiled(statement, names)
        # The blank keeps a cast behind a parameter apart, which a text would misread.
        renamed = _PLACEHOLDER.sub(rf":p{number}_\1 ", sql)
        texts.append(f"w{number} AS ({renamed})")
        for bind, name in known:
            new = f"p{number}_{name}"
            if name in names:
                binds.append(bindparam(new, type_=bind.type))
            else:  # a constant of the statement, such as the 1 in rev + 1, brings its value along
                binds.append(bindparam(new, bind.value, type_=bind.type))
    return text(f"WITH {', '.join(texts)} SELECT 1").bindparams(*binds)


@lru_cache(maxsize=512)
def _compiled(
    statement: ClauseElement, names: tuple[str, ...]
) -> tuple[str, Sequence[tuple[BindParameter[Any], str]]]:
    compiled: Any = statement.compile(dialect=_NAMED, column_keys=list(names))
    return str(compiled), list(compiled.bind_names.items())
