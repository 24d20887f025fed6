"""The calendars as clocks use them: each version is read once, kept, and shared by threads."""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Row, bindparam, select
from sqlalchemy.engine import Engine

from engine import uow
from engine.db import Base, db, reading
from engine.errors import NotFound
from engine.sla.calendar_documents import read_calendar
from engine.sla.calendars import Calendar
from engine.sla.models import BusinessCalendar, BusinessCalendarVersion
from engine.sla.shipped import SHIPPED, shipped

MAX_KEPT = 128
# How long another process may go on with the version before; this one learns at once.
FRESH_SECONDS = 2.0

_calendar = Base.metadata.tables[BusinessCalendar.__tablename__]
_version = Base.metadata.tables[BusinessCalendarVersion.__tablename__]
_CURRENT: Any = select(_calendar.c.version).where(_calendar.c.key == bindparam("key"))
_DOCUMENT: Any = select(_version.c.document, _version.c.official_until).where(
    _version.c.key == bindparam("key"), _version.c.version == bindparam("version")
)


class _Cache:
    """The versions that were used last, and which version each calendar is at."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions: OrderedDict[tuple[str, int], Calendar] = OrderedDict()
        self._current: dict[str, tuple[int, float]] = {}

    def get(self, key: str, version: int) -> Calendar | None:
        with self._lock:
            found = self._versions.get((key, version))
            if found is not None:
                self._versions.move_to_end((key, version))
            return found

    def keep(self, calendar: Calendar) -> Calendar:
        with self._lock:
            found = self._versions.setdefault((calendar.key, calendar.version), calendar)
            while len(self._versions) > MAX_KEPT:
                self._versions.popitem(last=False)
            return found

    def current(self, key: str) -> int | None:
        known = self._current.get(key)
        return known[0] if known is not None and time.monotonic() < known[1] else None

    def know(self, key: str, version: int) -> None:
        if len(self._current) >= MAX_KEPT:
            self._current.clear()
        self._current[key] = (version, time.monotonic() + FRESH_SECONDS)

    def drop(self, key: str) -> None:
        self._current.pop(key, None)


# One cache for each database: keys and versions mean nothing outside their own.
_caches: WeakKeyDictionary[Engine, _Cache] = WeakKeyDictionary()


def calendar(
    key: str, version: int | None = None, *, fresh: bool = False, settled: bool = False
) -> Calendar:
    """A calendar at a version, by default at its newest; raises NotFound.

    What is newest may be known from memory for a moment; `fresh` asks the database. `settled`
    remembers it inside a command too: for commands that change no calendar themselves.
    """
    cache = _cache()
    if version is None:
        version = None if fresh else cache.current(key)
    if version is None:
        version = _current(key)
        if version is None and key not in SHIPPED:
            raise NotFound(kind="calendar", id=key)
        version = version or 0
        if settled or not uow.active():
            cache.know(key, version)
    if version == 0 and (found := shipped(key)) is not None:
        return found
    return cache.get(key, version) or _load(cache, key, version)


def is_known(key: str) -> bool:
    """Whether there is such a calendar."""
    return key in SHIPPED or _current(key) is not None


class Known:
    """The keys of all calendars, each asked for when it is needed."""

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and is_known(key)


def changed(key: str) -> None:
    """Makes the calendar's newest version be asked for again once the command has committed."""
    cache = _cache()
    uow.after_commit(lambda: cache.drop(key))


def forget() -> None:
    """Drops everything that is kept, for tests that empty a database under a running process."""
    _caches.clear()


def _cache() -> _Cache:
    engine = db.engine
    found = _caches.get(engine)
    return found if found is not None else _caches.setdefault(engine, _Cache())


def _current(key: str) -> int | None:
    rows = _rows(_CURRENT, {"key": key})
    return rows[0].version if rows else None


def _load(cache: _Cache, key: str, version: int) -> Calendar:
    values = {"key": key, "version": version}
    with reading() as connection:
        rows = connection.execute(_DOCUMENT, values).all()
    if rows:
        return cache.keep(_read(key, version, rows[0]))
    # Written by the very command that runs: it may be rolled back, so it is not kept.
    rows = _rows(_DOCUMENT, values) if uow.active() else rows
    if not rows:
        raise NotFound(kind="calendar", id=key)
    return _read(key, version, rows[0])


def _read(key: str, version: int, row: Row[Any]) -> Calendar:
    return read_calendar(row.document, key=key, version=version, official_until=row.official_until)


def _rows(statement: Any, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """Inside a command its own view of the database, outside a single look."""
    if uow.active():
        return db.session.connection().execute(statement, values).all()
    with reading() as connection:
        return connection.execute(statement, values).all()
