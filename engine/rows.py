"""The writes of a command, sent to the database in one statement where it can take several.

A step writes to half a dozen tables. On PostgreSQL these writes become the parts of one statement
(data-modifying WITH queries, PostgreSQL documentation 7.8.4), which costs a third of sending them
one by one. The parts see the same snapshot and run in no given order, so a batch must touch each
row once and read nothing that it writes; foreign keys are looked at when the statement is over.
The statement goes to the driver as the server reads it ($1, $2 …): translating named parameters of
a text this long would cost as much as all else that is done for it here. SQLite is in the same
process and gets each write as it comes, in a text that is made once for each shape of a write.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import (
    BindParameter,
    Connection,
    Dialect,
    Executable,
    Table,
    TextClause,
    bindparam,
    text,
)
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.sql import ClauseElement

MOST = 40  # parts of one statement

Parts = tuple[tuple[Executable, tuple[str, ...]], ...]
Processor = Callable[[Any], Any]

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
            one = _alone(statement, tuple(parameters), self._connection.dialect)
            one(self._connection, parameters)
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
            _joined(tuple(self._parts), self._connection.dialect)(self._connection, self._values)
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


class _Alone:
    """A statement as the driver takes it, its parameters in the order of its question marks."""

    def __init__(self, statement: ClauseElement, names: tuple[str, ...], dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
        self._sql = str(compiled)
        of = {name: bind for bind, name in compiled.bind_names.items()}
        self._values = [
            (
                name,
                None if name in names else of[name].value,
                of[name].type.dialect_impl(dialect).bind_processor(dialect),
            )
            for name in compiled.positiontup
        ]

    def __call__(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Carries it out; `values` by parameter name."""
        given = []
        for name, constant, process in self._values:
            value = values.get(name, constant)
            given.append(process(value) if process is not None else value)
        connection.exec_driver_sql(self._sql, tuple(given))


@lru_cache(maxsize=512)
def _alone(statement: ClauseElement, names: tuple[str, ...], dialect: Dialect) -> _Alone:
    return _Alone(statement, names, dialect)


class _Joined:
    """One statement out of several, the parameters of the n-th renamed to `pn_…`."""

    def __init__(self, parts: Parts, dialect: Dialect) -> None:
        texts: list[str] = []
        self._values: list[tuple[str, object, Processor | None]] = []
        places: dict[str, int] = {}
        for number, (statement, names) in enumerate(parts):
            sql, known = _compiled(statement, names)
            for bind, name in known:
                process = bind.type.dialect_impl(dialect).bind_processor(dialect)
                # A constant of the statement, such as the 1 in rev + 1, brings its value along.
                constant = None if name in names else bind.value
                places[f"p{number}_{name}"] = len(self._values) + 1
                self._values.append((f"p{number}_{name}", constant, process))

            def place(found: re.Match[str], number: int = number) -> str:
                return f"${places[f'p{number}_{found[1]}']}"

            texts.append(f"w{number} AS ({_PLACEHOLDER.sub(place, sql)})")
        self._sql = f"WITH {', '.join(texts)} SELECT 1"

    def __call__(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Carries it out; `values` by parameter name."""
        from psycopg import Cursor, RawCursor

        given = []
        for name, constant, process in self._values:
            value = values.get(name, constant)
            given.append(process(value) if process is not None else value)
        driver: Any = connection.connection.driver_connection
        driver.cursor_factory = RawCursor
        try:
            connection.exec_driver_sql(self._sql, tuple(given))
        finally:
            driver.cursor_factory = Cursor


@lru_cache(maxsize=512)
def _joined(parts: Parts, dialect: Dialect) -> _Joined:
    return _Joined(parts, dialect)


@lru_cache(maxsize=512)
def _compiled(
    statement: ClauseElement, names: tuple[str, ...]
) -> tuple[str, Sequence[tuple[BindParameter[Any], str]]]:
    compiled: Any = statement.compile(dialect=_NAMED, column_keys=list(names))
    return str(compiled), list(compiled.bind_names.items())
