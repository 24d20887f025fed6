"""Where the running tickets of a type stand: how many on each step, for how long, how many late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select, union_all

from engine import clock
from engine.access.policy import Actor, require
from engine.db import db
from engine.deployments import catalogue
from engine.deployments import queries as versions
from engine.errors import NotFound
from engine.paging import MAX_LIMIT, Page, Window, cut, seek
from engine.tickets import rights
from engine.tickets.diagrams import boundary_events
from engine.tickets.incidents import incident
from engine.tickets.locking import instance, task, ticket, wait
from engine.tickets.queries import SLA_STATES


@dataclass(frozen=True, slots=True)
class OnStep:
    """The tickets that stand on one step."""

    element: str
    tickets: int
    median_since: datetime  # half of them have stood here since then, or longer
    breached: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The running tickets of a type as a whole, and step by step."""

    running: int
    at_risk: int
    breached: int
    paused: int
    steps: Sequence[OnStep]
    incidents: Mapping[str, int]  # by element


def overview(actor: Actor, key: str, number: int | None = None) -> Overview:
    """How the running tickets of a type, or of one of its versions, stand; raises NotFound."""
    ids = _versions(actor, key, number)
    connection, now = db.session.connection(), clock.now()
    late = SLA_STATES["breached"](now)
    totals: Sequence[int] = connection.execute(
        _running(actor, ids).with_only_columns(
            func.count(),
            *(func.count(case((SLA_STATES[one](now), 1))) for one in _TOTALS),
        )
    ).one()
    places = _places(ids).subquery()
    # One row a ticket and step, so that a fan-out counts once.
    standing = (
        _running(actor, ids)
        .join(places, places.c.ticket_id == ticket.c.id)
        .with_only_columns(
            places.c.element,
            ticket.c.id,
            func.min(places.c.since).label("since"),
            func.max(case((late, 1), else_=0)).label("late"),
        )
        .group_by(places.c.element, ticket.c.id)
        .subquery()
    )
    ranked = select(
        standing.c.element,
        standing.c.since,
        func.count().over(partition_by=standing.c.element).label("tickets"),
        func.sum(standing.c.late).over(partition_by=standing.c.element).label("breached"),
        func.row_number()
        .over(partition_by=standing.c.element, order_by=(standing.c.since, standing.c.id))
        .label("place"),
    ).subquery()
    middle = select(ranked).where(ranked.c.place == (ranked.c.tickets + 1) // 2)
    steps = [
        OnStep(row.element, row.tickets, row.since, int(row.breached))
        for row in connection.execute(middle.order_by(ranked.c.element))
    ]
    stuck = connection.execute(
        _running(actor, ids)
        .join(incident, incident.c.ticket_id == ticket.c.id)
        .where(incident.c.resolved_at.is_(None), incident.c.element.is_not(None))
        .with_only_columns(incident.c.element, func.count())
        .group_by(incident.c.element)
    )
    running, at_risk, breached, paused = totals
    return Overview(
        running, at_risk, breached, paused, steps, {element: count for element, count in stuck}
    )


_TOTALS = ("at_risk", "breached", "paused")


def tickets(
    actor: Actor, key: str, window: Window, number: int | None = None, element: str | None = None
) -> Page[Any]:
    """The running tickets of a type and where each stands, those longest on their step first."""
    ids = _versions(actor, key, number)
    places = _places(ids).subquery()
    statement = (
        _running(actor, ids)
        .join(places, places.c.ticket_id == ticket.c.id)
        .with_only_columns(
            *_SHOWN,
            places.c.element,
            func.min(places.c.since).label("since"),
        )
        .group_by(*_SHOWN, places.c.element)
    )
    if element is not None:
        statement = statement.where(places.c.element == element)
    rows = statement.subquery()
    keys = [rows.c.since, rows.c.id, rows.c.element]
    found = db.session.connection().execute(seek(select(rows), keys, window)).all()
    return cut(found, window, lambda row: (row.since, row.id, row.element))


_SHOWN = (
    ticket.c.id,
    ticket.c.number,
    ticket.c.title,
    ticket.c.version_id,
    ticket.c.sla_state,
    ticket.c.sla_due,
    ticket.c.sla_at_risk,
)


def _versions(actor: Actor, key: str, number: int | None) -> list[int]:
    """The ids of the versions that are asked for; raises NotFound."""
    require(actor, "see_processes")
    if number is not None:
        return [versions.version(actor, key, number).id]
    found, window = [], Window(MAX_LIMIT)
    while True:
        page = versions.versions(actor, key, window)
        found += [one.id for one in page.items]
        if page.next is None:
            break
        window = Window(MAX_LIMIT, page.next)
    if not found:
        raise NotFound(kind="process", id=key)
    return found


def _running(actor: Actor, ids: Sequence[int]) -> Select[Any]:
    return (
        select(ticket.c.id)
        .select_from(ticket.join(instance, instance.c.ticket_id == ticket.c.id))
        .where(
            instance.c.version_id.in_(ids),
            instance.c.status == "running",
            rights.visible(actor),
        )
    )


def _places(ids: Sequence[int]) -> Any:
    """Each step that a ticket stands on and since when: open tasks, waits, stuck steps."""
    aside = sorted({one for each in _on_use(ids) for one in boundary_events(each)})
    mine = instance.c.version_id.in_(ids) & (instance.c.status == "running")
    parts = []
    for table, here in (
        (task, task.c.status == "open"),
        (wait, wait.c.element.not_in(aside)),
        (incident, incident.c.resolved_at.is_(None) & incident.c.element.is_not(None)),
    ):
        joined = table.join(instance, instance.c.ticket_id == table.c.ticket_id)
        columns = (table.c.element, table.c.ticket_id, table.c.created_at.label("since"))
        parts.append(select(*columns).select_from(joined).where(mine, here))
    return union_all(*parts)


def _on_use(ids: Sequence[int]) -> list[catalogue.Loaded]:
    """The versions that any ticket runs on: the others need not be read."""
    statement = (
        select(instance.c.version_id)
        .where(instance.c.version_id.in_(ids), instance.c.status == "running")
        .distinct()
    )
    return [catalogue.version(one) for one in db.session.connection().scalars(statement)]
