"""What is said of migrations: a preview of each ticket, progress, results; who runs on what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from engine.access.policy import Actor, require
from engine.db import Base, db
from engine.errors import NotFound
from engine.paging import Page, Window, cut, seek
from engine.processes.migration import Problem
from engine.tickets.locking import instance, ticket
from engine.tickets.migrating import moving
from engine.tickets.migrating.models import Migration, MigrationTicket
from engine.tickets.migrating.moving import Plan

_run = Base.metadata.tables[Migration.__tablename__]
_item = Base.metadata.tables[MigrationTicket.__tablename__]


@dataclass(frozen=True, slots=True)
class Look:
    """What a preview says of one ticket."""

    ticket_id: int
    number: str
    verdict: str
    problems: Sequence[Problem]
    elements: Sequence[str]


def running(versions: Sequence[int]) -> Mapping[int, int]:
    """How many tickets run on each of some versions, by version id."""
    statement = (
        select(instance.c.version_id, func.count())
        .where(instance.c.version_id.in_(versions), instance.c.status == "running")
        .group_by(instance.c.version_id)
    )
    return {version: count for version, count in db.session.connection().execute(statement)}


def preview(
    actor: Actor, plan: Plan, window: Window, numbers: Sequence[str] | None = None
) -> tuple[Page[Look], int]:
    """What would become of the running tickets of a version, page by page, and how many there are.

    A look changes nothing; what it says holds for the moment.
    """
    require(actor, "migrate")
    connection = db.session.connection()
    base = ticket.join(instance, instance.c.ticket_id == ticket.c.id)
    where = [instance.c.version_id == plan.old.id, instance.c.status == "running"]
    if numbers is not None:
        where.append(ticket.c.number.in_(numbers))
    total = connection.scalar(select(func.count()).select_from(base).where(*where)) or 0
    statement = (
        select(*ticket.c, instance.c.state, instance.c.visited).select_from(base).where(*where)
    )
    rows = connection.execute(seek(statement, [instance.c.ticket_id], window)).all()
    page = cut(rows, window, lambda row: (row.id,))
    return page.map(lambda row: _look(connection, row, plan)), total


def _look(connection: Any, row: Any, plan: Plan) -> Look:
    problems, elements = moving.examine(connection, row, plan)
    return Look(row.id, row.number, moving.verdict(problems), problems, elements)


def summed(looks: Sequence[Look]) -> tuple[dict[str, int], dict[str, int]]:
    """How many of some tickets fit or not, and on which elements they stand."""
    verdicts = Counter(look.verdict for look in looks)
    elements = Counter(element for look in looks for element in look.elements)
    return {key: verdicts[key] for key in ("fits", "needs_mapping", "blocked")}, dict(elements)


def migrations(actor: Actor, window: Window, key: str | None = None) -> Page[Any]:
    """Migrations, the newest first."""
    require(actor, "migrate")
    statement = select(_run)
    if key is not None:
        statement = statement.where(_run.c.key == key)
    statement = seek(statement, [_run.c.id], window, descending=True)
    return cut(db.session.connection().execute(statement).all(), window, lambda row: (row.id,))


def one(actor: Actor, migration_id: int) -> Any:
    """One migration; raises NotFound."""
    require(actor, "migrate")
    statement = select(_run).where(_run.c.id == migration_id)
    found = db.session.connection().execute(statement).first()
    if found is None:
        raise NotFound(kind="migration", id=migration_id)
    return found


def counts(migration_ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    """How many tickets of each migration are where."""
    found: dict[int, dict[str, int]] = {key: {} for key in migration_ids}
    statement = (
        select(_item.c.migration_id, _item.c.status, func.count().label("tickets"))
        .where(_item.c.migration_id.in_(migration_ids))
        .group_by(_item.c.migration_id, _item.c.status)
    )
    for row in db.session.connection().execute(statement):
        found[row.migration_id][row.status] = row.tickets
    return found


def results(
    actor: Actor, migration_id: int, window: Window, statuses: Sequence[str] = ()
) -> Page[Any]:
    """What became of each ticket of a migration; raises NotFound."""
    one(actor, migration_id)
    statement = (
        select(_item.c.ticket_id, _item.c.status, _item.c.problems, _item.c.at, ticket.c.number)
        .select_from(_item.join(ticket, ticket.c.id == _item.c.ticket_id))
        .where(_item.c.migration_id == migration_id)
    )
    if statuses:
        statement = statement.where(_item.c.status.in_(statuses))
    rows = db.session.connection().execute(seek(statement, [_item.c.ticket_id], window)).all()
    return cut(rows, window, lambda row: (row.ticket_id,))
