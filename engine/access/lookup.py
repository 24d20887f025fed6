"""One row by one value, on the bare driver connection: the question that every request begins with.

SQLAlchemy's execution costs four times the query itself here. Its compiler, pool and types are
used as ever; only the way through its connection is left out. Whatever the driver refuses is asked
again the usual way, which knows what a lost connection is.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Engine, Select
from sqlalchemy.exc import DBAPIError

from engine.db import db, reading

Processor = Callable[[Any], Any]


class Lookup:
    """A SELECT of at most one row; `parameter` is the name of its one bound value."""

    def __init__(self, statement: Select[Any], parameter: str) -> None:
        self._statement = statement
        self._parameter = parameter
        self._ready: dict[str, tuple[str, bool, list[Processor | None]]] = {}

    def __call__(self, value: object) -> Sequence[Any] | None:
        """The columns of the row, as SQLAlchemy's types give them; None when there is no row."""
        engine = db.engine
        text, positional, processors = self._compiled(engine)
        parameters = (value,) if positional else {self._parameter: value}
        autocommit = engine.dialect.name != "sqlite"  # there it is on already
        try:
            connection = engine.raw_connection()
        except engine.dialect.loaded_dbapi.Error:
            return self._again(value)
        try:
            driver: Any = connection.driver_connection
            if autocommit:
                driver.autocommit = True
            cursor = driver.execute(text, parameters)
            row = cursor.fetchone()
            cursor.close()
            if autocommit:
                driver.autocommit = False
        except engine.dialect.loaded_dbapi.Error:
            connection.invalidate()
            return self._again(value)
        except BaseException:
            connection.invalidate()  # it may be left in autocommit, where nobody expects it
            raise
        finally:
            connection.close()
        if row is None:
            return None
        return [
            process(each) if process is not None else each
            for each, process in zip(row, processors, strict=True)
        ]

    def _compiled(self, engine: Engine) -> tuple[str, bool, list[Processor | None]]:
        dialect = engine.dialect
        ready = self._ready.get(dialect.name)
        if ready is None:
            compiled: Any = self._statement.compile(dialect=dialect)
            processors: list[Processor | None] = [
                column.type.dialect_impl(dialect).result_processor(dialect, None)
                for column in self._statement.selected_columns
            ]
            ready = (str(compiled), bool(compiled.positional), processors)
            self._ready[dialect.name] = ready
        return ready

    def _again(self, value: object) -> Sequence[Any] | None:
        try:
            return self._usual(value)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        # The database was restarted meanwhile: the pool has been emptied, a new connection may do.
        return self._usual(value)

    def _usual(self, value: object) -> Sequence[Any] | None:
        with reading() as connection:
            row = connection.execute(self._statement, {self._parameter: value}).one_or_none()
            return list(row) if row is not None else None
