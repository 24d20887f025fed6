"""Packages become versions, versions are retired and taken up again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update

from engine import clock
from engine.access.models import Group
from engine.access.policy import SYSTEM, Actor, require
from engine.db import db
from engine.deployments import catalogue, checks, queries, rollout
from engine.deployments.models import ProcessDefinition, ProcessVersion
from engine.deployments.rows import insert_missing
from engine.directory.models import Department
from engine.errors import (
    DefinitionInvalid,
    InputError,
    InvalidInput,
    InvalidState,
    NotFound,
    VersionRetired,
)
from engine.uow import command
from workflows import packages
from workflows.diff import Change, diff
from workflows.findings import Finding, errors
from workflows.packages import Package


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deployment came to; `changes` are those against the newest version before it.

    `created` is False when the content is that of a version which exists already.
    """

    key: str
    version: int
    version_id: int
    created: bool
    changes: list[Change]
    warnings: list[Finding]


def check(actor: Actor, package: Package) -> list[Finding]:
    """Everything that would be said of a package at its deployment; nothing is written."""
    require(actor, "deploy")
    return checks.look(package)[0]


def deploy(actor: Actor, package: Package) -> Deployed:
    """Makes a package the newest version of its type; identical content gives the one there is.

    Two deployments at once become versions n + 1 and n + 2, or one when they are equal. Groups that
    the manifest declares are created where they are missing. Raises DefinitionInvalid, NotAllowed.
    """
    require(actor, "deploy")
    same = _identical(package)
    if same is not None:
        return _existing(same)
    # The checks take their time; they run before the transaction, and what can change until
    # then (numbers, callees) is looked at again inside.
    findings, pinned = checks.look(package)
    _refuse_errors(findings)
    return _deploy(actor, package, packages.write_zip(package), pinned, findings)


@command
def _deploy(
    actor: Actor,
    package: Package,
    data: bytes,
    pinned: Mapping[str, int],
    findings: list[Finding],
    *,
    again: bool = False,
) -> Deployed:
    _one_at_a_time()
    same = None if again else _identical(package)
    if same is not None:
        return _existing(same)
    _refuse_errors(checks.number_pattern(package))
    manifest, now = package.manifest, clock.now()
    definition = db.session.get(ProcessDefinition, package.key, populate_existing=True)
    before = definition.latest_id if definition else None
    if definition is None:
        definition = ProcessDefinition(
            key=package.key, names={}, number_patterns=[], latest=0, created_at=now
        )
        db.session.add(definition)
        db.session.flush()
    version = ProcessVersion(
        key=package.key,
        version=definition.latest + 1,
        content_hash=package.content_hash,
        pinned=dict(pinned),
        deployed_by=actor.username,
        deployed_at=now,
        package=data,
    )
    db.session.add(version)
    db.session.flush()
    others = [one for one in definition.number_patterns if one != manifest.number]
    definition.names = dict(manifest.names)
    definition.number_patterns = [manifest.number, *others]
    definition.latest = version.version
    definition.latest_id = definition.open_id = version.id
    _create_groups(package, now)
    return Deployed(
        package.key,
        version.version,
        version.id,
        True,
        diff(catalogue.version(before).package, package) if before else [],
        findings,
    )


def place(actor: Actor, package: Package) -> Deployed:
    """Deploys a package that was checked elsewhere, for a sandbox that has nothing it speaks of."""
    require(actor, "deploy")
    pinned, _ = checks.pins(package)
    return _deploy(actor, package, packages.write_zip(package), pinned, [])


def restore(actor: Actor, key: str, number: int) -> Deployed:
    """Takes an old version up again as the newest: a new version of the same content.

    It is checked as any other, for what it speaks of may be gone. Raises NotFound, InvalidState
    for the newest version, DefinitionInvalid, NotAllowed.
    """
    require(actor, "deploy")
    package = queries.loaded(actor, key, number).package
    if number == queries.definition(actor, key).latest:
        raise InvalidState(kind="version", id=f"{key}/{number}", state="newest")
    findings, pinned = checks.look(package)
    _refuse_errors(findings)
    return _deploy(actor, package, packages.write_zip(package), pinned, findings, again=True)


@command
def set_rollout(
    actor: Actor, key: str, otherwise: int, departments: Sequence[str], percent: int
) -> None:
    """Gives the newest version to some: departments, and a share of everybody else.

    All others take version `otherwise`, until the rollout ends; a version that is deployed
    meanwhile is the newest one for the same people. Raises NotFound, InvalidInput, VersionRetired.
    """
    require(actor, "deploy")
    _one_at_a_time()
    definition = _definition(key)
    other = queries.version(actor, key, otherwise)
    if definition.open_id is None or other.retired_at is not None:
        raise VersionRetired(key=key)
    if other.id == definition.open_id:
        raise InvalidInput.at("/otherwise", "rollout-to-itself", version=otherwise)
    known = set(db.session.scalars(select(Department.key).where(Department.key.in_(departments))))
    wrong = [
        InputError(f"/departments/{index}", "unknown-department", {"value": department})
        for index, department in enumerate(departments)
        if department not in known
    ]
    if wrong:
        raise InvalidInput(wrong)
    definition.rollout = rollout.rule(other.id, departments, percent)


@command
def end_rollout(actor: Actor, key: str) -> None:
    """Gives the newest version to everybody; without a rollout nothing changes."""
    require(actor, "deploy")
    _one_at_a_time()
    _definition(key).rollout = None


def _definition(key: str) -> ProcessDefinition:
    found = db.session.get(ProcessDefinition, key, populate_existing=True)
    if found is None:
        raise NotFound(kind="process", id=key)
    return found


@command
def retire(actor: Actor, key: str, number: int) -> None:
    """Lets a version take no new tickets; the newest one that is left takes them.

    Tickets that run on it go on. Retiring twice changes nothing. Raises NotFound.
    """
    require(actor, "deploy")
    _set_retired(key, number, clock.now())


@command
def unretire(actor: Actor, key: str, number: int) -> None:
    """Takes a retired version up again; raises NotFound."""
    require(actor, "deploy")
    _set_retired(key, number, None)


def _set_retired(key: str, number: int, at: datetime | None) -> None:
    _one_at_a_time()
    found = queries.version(SYSTEM, key, number)
    if (found.retired_at is None) == (at is None):
        return
    db.session.execute(
        update(ProcessVersion).where(ProcessVersion.id == found.id).values(retired_at=at)
    )
    newest = db.session.scalar(
        select(ProcessVersion.id)
        .where(ProcessVersion.key == key, ProcessVersion.retired_at.is_(None))
        .order_by(ProcessVersion.version.desc())
        .limit(1)
    )
    changes: dict[str, Any] = {"open_id": newest}
    kept = _definition(key).rollout
    if kept is not None and kept["otherwise"] in (newest, found.id):
        changes["rollout"] = None  # there are no longer two versions to choose from
    db.session.execute(
        update(ProcessDefinition).where(ProcessDefinition.key == key).values(**changes)
    )


def _one_at_a_time() -> None:
    """Deployments queue, so that numbers of versions and number patterns stay unique.

    New tickets are not held up: they only point at the type's row. SQLite has one writer anyway.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE process_definition IN SHARE ROW EXCLUSIVE MODE"))


def _identical(package: Package) -> ProcessVersion | None:
    """The newest version of this very content: one that was taken up again is there twice."""
    return db.session.scalars(
        select(ProcessVersion)
        .where(
            ProcessVersion.key == package.key, ProcessVersion.content_hash == package.content_hash
        )
        .order_by(ProcessVersion.version.desc())
        .limit(1)
    ).one_or_none()


def _existing(version: ProcessVersion) -> Deployed:
    return Deployed(version.key, version.version, version.id, False, [], [])


def _refuse_errors(findings: list[Finding]) -> None:
    if errors(findings):
        raise DefinitionInvalid(findings)


def _create_groups(package: Package, now: datetime) -> None:
    declared = package.manifest.groups
    insert_missing(
        Group,
        [
            {"key": key, "names": dict(group.labels) or {"zh-CN": key}, "created_at": now, "rev": 1}
            for key, group in declared.items()
        ],
    )
