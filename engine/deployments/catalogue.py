"""The deployed versions as the running engine uses them: read once, kept, shared by threads."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Row, bindparam, select
from sqlalchemy.engine import Engine

import forms.documents
from engine import uow
from engine.access.names import in_language
from engine.access.policy import ROLES, Actor, OnTicket, TypeAccess, may
from engine.db import Base, db, reading
from engine.deployments import rollout
from engine.deployments.models import ProcessDefinition, ProcessVersion
from engine.errors import NotFound, VersionRetired
from forms.model import Form
from workflows import bpmn, extensions, packages
from workflows.manifest import EVERYONE, Access, Manifest, Status
from workflows.manifest_reader import is_identity
from workflows.normalise import normalise

T = TypeVar("T")

MAX_VERSIONS = 128
MAX_BYTES = 32_000_000  # of zipped packages; what is made of them is about three times as much

# Core statements made once: this is asked at every step of every ticket.
_definition = Base.metadata.tables[ProcessDefinition.__tablename__]
_version = Base.metadata.tables[ProcessVersion.__tablename__]
_VERSIONS: Any = select(
    _version.c.id, _version.c.key, _version.c.version, _version.c.pinned, _version.c.package
).where(_version.c.id.in_(bindparam("ids", expanding=True)))
_OPEN: Any = select(_definition.c.open_id, _definition.c.rollout).where(
    _definition.c.key == bindparam("key")
)
_NEWEST: Any = select(_definition.c.latest_id, _definition.c.open_id).order_by(_definition.c.key)


class Loaded:
    """One immutable version, ready for use; every part is read at first use, once."""

    def __init__(self, id: int, key: str, version: int, pinned: Mapping[str, int], data: bytes):
        self.id = id
        self.key = key
        self.version = version
        self.pinned = pinned  # key of a package that it calls -> version id
        self.size = len(data)
        self.package = packages.read_zip(data)
        self._derived: dict[Hashable, Any] = {}
        self._lock = threading.RLock()

    @property
    def manifest(self) -> Manifest:
        """What package.toml says."""
        return self.package.manifest

    @cached_property
    def access(self) -> TypeAccess:
        """Who may submit, see and work tickets of this type."""
        lists, default = self.manifest.access, Access()
        return TypeAccess(
            submit=None if EVERYONE in lists.submit else lists.submit,
            see=None if lists.see == default.see else _principals(lists.see),
            work=None if lists.work == default.work else _principals(lists.work),
        )

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The forms by key."""
        files = self.package.files
        return {key: forms.documents.read(files[f"forms/{key}.json"]) for key in self.package.forms}

    @property
    def intake(self) -> Form | None:
        """The form that a requester fills in; None: a title is enough."""
        return self.forms[self.manifest.intake] if self.manifest.intake else None

    @cached_property
    def steps(self) -> Mapping[str, extensions.Settings]:
        """The settings of every element, by element id; in a called process the id is its own."""
        found: dict[str, extensions.Settings] = {}
        for process in self.processes.values():
            for element in process.elements.values():
                found.setdefault(element.id, extensions.settings_of(element))
        return found

    @cached_property
    def processes(self) -> Mapping[str, bpmn.Process]:
        """The processes as they run (normalised) by id, those of the main file first."""
        found: dict[str, bpmn.Process] = {}
        for path in self.package.bpmn_paths():
            document = bpmn.read(normalise(self.package.files[path], path).xml)
            for process in document.processes:
                found.setdefault(process.id, process)
        return found

    def status(self, key: str) -> Status:
        """A status of this version; raises KeyError for one that it does not have."""
        return self.manifest.statuses[key]

    def label(self, key: str, language: str) -> str:
        """The name of a status in a language; the key itself for one that it does not have."""
        status = self.manifest.statuses.get(key)
        return in_language(status.labels, language, key) if status else key

    def name(self, language: str) -> str:
        """The name of the ticket type in a language."""
        return in_language(self.manifest.names, language, self.key)

    def derived(self, build: Callable[["Loaded"], T]) -> T:
        """What `build` makes of this version, made once and kept with it.

        For layers above: the runtime's definition, compiled rules. `build` is a module-level
        function; two threads that ask at once wait for one build. An error is not kept.
        """
        found = self._derived.get(build)
        if found is None:
            with self._lock:
                found = self._derived.get(build)
                if found is None:
                    found = self._derived[build] = build(self)
        return cast(T, found)


def _principals(listed: tuple[str, ...]) -> tuple[str, ...]:
    """A list as the policy reads it: `everyone` is whoever has any role."""
    if EVERYONE in listed:
        return tuple(f"role:{role}" for role in ROLES)
    return listed


class _Cache:
    """The versions that were used last, bounded in number and in bytes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[int, Loaded] = OrderedDict()
        self._bytes = 0

    def get(self, version_id: int) -> Loaded | None:
        with self._lock:
            found = self._found.get(version_id)
            if found is not None:
                self._found.move_to_end(version_id)
            return found

    def keep(self, loaded: Loaded) -> Loaded:
        """Keeps it, unless another thread was first; gives the one that is kept."""
        with self._lock:
            first = self._found.get(loaded.id)
            if first is not None:
                return first
            self._found[loaded.id] = loaded
            self._bytes += loaded.size
            while len(self._found) > MAX_VERSIONS or (
                self._bytes > MAX_BYTES and len(self._found) > 1
            ):
                _, gone = self._found.popitem(last=False)
                self._bytes -= gone.size
            return loaded


# One cache for each database: ids mean nothing outside their own.
_caches: WeakKeyDictionary[Engine, _Cache] = WeakKeyDictionary()


def version(version_id: int) -> Loaded:
    """A version by id, from memory when it was used lately; raises NotFound."""
    cache = _cache()
    found = cache.get(version_id)
    if found is not None:
        return found
    return _load([version_id])[0]


def newest(key: str, actor: Actor | None = None) -> Loaded:
    """The version that new tickets of a type take, those of one person where it is rolled out.

    Raises NotFound for an unknown type, VersionRetired for one that takes no new tickets.
    """
    rows = _rows(_OPEN, {"key": key}) if is_identity(key) else ()
    if not rows:
        raise NotFound(kind="ticket-type", id=key)
    if rows[0].open_id is None:
        raise VersionRetired(key=key)
    row = rows[0]
    if row.rollout is not None and actor is not None:
        return version(rollout.pick(row.rollout, row.open_id, key, actor))
    return version(row.open_id)


def types(*, retired: bool = False) -> list[Loaded]:
    """The newest version of every type that takes new tickets, by key; retired ones on demand."""
    ids = [row.open_id or row.latest_id for row in _rows(_NEWEST, {}) if row.open_id or retired]
    cache = _cache()
    known = {found.id: found for found in map(cache.get, ids) if found is not None}
    missing = [number for number in ids if number not in known]
    if missing:
        known.update((loaded.id, loaded) for loaded in _load(missing))
    return [known[number] for number in ids]


def restricted_types(actor: Actor) -> list[str]:
    """The types whose tickets somebody may not see by role, group or list, only by being in them.

    What counts is the newest version of a type, retired ones included. For an agent these are the
    types whose lists leave him out; for somebody who only requests, all of them.
    """
    return [
        loaded.key
        for loaded in types(retired=True)
        if not may(actor, "see_internal", OnTicket(_NOBODYS, loaded.access))
    ]


def forget() -> None:
    """Drops everything that is kept, for tests that empty a database under a running process."""
    _caches.clear()


@dataclass(slots=True)
class _NobodysTicket:
    requester: str = ""
    created_by: str = ""
    assignee: str | None = None


_NOBODYS = _NobodysTicket()


def _cache() -> _Cache:
    engine = db.engine
    cache = _caches.get(engine)
    if cache is None:
        cache = _caches.setdefault(engine, _Cache())
    return cache


def _rows(statement: Any, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """Inside a command its own view of the database, outside a single look."""
    if uow.active():
        return db.session.connection().execute(statement, values).all()
    with reading() as connection:
        return connection.execute(statement, values).all()


def _load(ids: Iterable[int]) -> list[Loaded]:
    """Reads versions in one go, in the order of the ids; keeps those that are committed."""
    wanted = list(ids)
    with reading() as connection:
        rows = {row.id: row for row in connection.execute(_VERSIONS, {"ids": wanted})}
    cache = _cache()
    found = {number: cache.keep(_loaded(row)) for number, row in rows.items()}
    missing = [number for number in wanted if number not in found]
    if missing and uow.active():
        # Deployed by the very command that runs: it may be rolled back, and its id used again.
        for row in _rows(_VERSIONS, {"ids": missing}):
            loaded = found[row.id] = _loaded(row)
            uow.after_commit(partial(_keep, cache, loaded))
        missing = [number for number in wanted if number not in found]
    if missing:
        raise NotFound(kind="version", id=missing[0])
    return [found[number] for number in wanted]


def _loaded(row: Row[Any]) -> Loaded:
    return Loaded(row.id, row.key, row.version, row.pinned, row.package)


def _keep(cache: _Cache, loaded: Loaded) -> None:
    cache.keep(loaded)
