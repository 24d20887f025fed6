"""What there is: ticket types, their versions, what a version holds, what somebody may submit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from engine.access.policy import Actor, may, require
from engine.db import db
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.deployments.models import Draft, ProcessDefinition, ProcessVersion
from engine.errors import NotFound
from engine.paging import MAX_LIMIT, Page, Window, cut, seek
from workflows import packages
from workflows.diff import Change, diff
from workflows.manifest_reader import is_identity

MAX_NUMBER = 2**31 - 1  # of a version
EVERY = Window(MAX_LIMIT)


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One version without its content."""

    id: int
    key: str
    version: int
    content_hash: str
    deployed_by: str
    deployed_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class DefinitionInfo:
    """A ticket type: `latest` is its newest version, `open` the one that new tickets take."""

    key: str
    names: dict[str, Any]
    latest: int
    open: int | None
    has_draft: bool
    created_at: datetime
    rollout: dict[str, Any] | None


_VERSION: Any = select(
    ProcessVersion.id,
    ProcessVersion.key,
    ProcessVersion.version,
    ProcessVersion.content_hash,
    ProcessVersion.deployed_by,
    ProcessVersion.deployed_at,
    ProcessVersion.retired_at,
)


def definitions(actor: Actor, window: Window = EVERY) -> Page[DefinitionInfo]:
    """The ticket types by key."""
    require(actor, "see_processes")
    statement = seek(_DEFINITION, [ProcessDefinition.key], window)
    found = [DefinitionInfo(*row) for row in db.session.execute(statement)]
    return cut(found, window, lambda one: (one.key,))


def definition(actor: Actor, key: str) -> DefinitionInfo:
    """One ticket type; raises NotFound."""
    require(actor, "see_processes")
    if is_identity(key):
        statement = _DEFINITION.where(ProcessDefinition.key == key)
        for row in db.session.execute(statement):
            return DefinitionInfo(*row)
    raise NotFound(kind="process", id=key)


def versions(actor: Actor, key: str, window: Window = EVERY) -> Page[VersionInfo]:
    """The versions of a type, the newest first; raises NotFound."""
    definition(actor, key)
    statement = _VERSION.where(ProcessVersion.key == key)
    statement = seek(statement, [ProcessVersion.version], window, descending=True)
    found = [VersionInfo(*row) for row in db.session.execute(statement)]
    return cut(found, window, lambda one: (one.version,))


def version(actor: Actor, key: str, number: int) -> VersionInfo:
    """One version of a type; raises NotFound."""
    require(actor, "see_processes")
    if is_identity(key) and 0 < number <= MAX_NUMBER:
        statement = _VERSION.where(ProcessVersion.key == key, ProcessVersion.version == number)
        for row in db.session.execute(statement):
            return VersionInfo(*row)
    raise NotFound(kind="version", id=f"{key}/{number}")


def loaded(actor: Actor, key: str, number: int) -> Loaded:
    """What one version holds; raises NotFound."""
    return catalogue.version(version(actor, key, number).id)


def export(actor: Actor, key: str, number: int | None = None) -> bytes:
    """The zip of a version, by default the newest, as it was stored; raises NotFound."""
    if number is None:
        number = definition(actor, key).latest
    return packages.write_zip(loaded(actor, key, number).package)


def changes(actor: Actor, key: str, number: int, to: int) -> list[Change]:
    """What changed from one version of a type to another; raises NotFound."""
    return diff(loaded(actor, key, number).package, loaded(actor, key, to).package)


def called_versions(loaded: Loaded) -> dict[str, int]:
    """The packages that a version calls, by key, with the version that each call is pinned to."""
    return {key: catalogue.version(pin).version for key, pin in sorted(loaded.pinned.items())}


def submittable(actor: Actor, window: Window = EVERY) -> Page[Loaded]:
    """The types that somebody may submit tickets of, by key."""
    found = [one for one in catalogue.types() if may(actor, "submit", one.access)]
    if window.after is not None:
        found = [one for one in found if one.key > window.after[0]]
    return cut(found[: window.limit + 1], window, lambda one: (one.key,))


def to_submit(actor: Actor, key: str) -> Loaded:
    """The version of a type that a new ticket takes, for somebody who may submit it.

    Raises NotFound, VersionRetired; NotAllowed for somebody who may not.
    """
    found = catalogue.newest(key, actor)
    require(actor, "submit", found.access)
    return found


def _definitions() -> Select[Any]:
    opened = (
        select(ProcessVersion.version)
        .where(ProcessVersion.id == ProcessDefinition.open_id)
        .scalar_subquery()
    )
    has_draft = select(Draft.key).where(Draft.key == ProcessDefinition.key).exists()
    return select(
        ProcessDefinition.key,
        ProcessDefinition.names,
        ProcessDefinition.latest,
        opened,
        has_draft,
        ProcessDefinition.created_at,
        ProcessDefinition.rollout,
    )


_DEFINITION = _definitions()
