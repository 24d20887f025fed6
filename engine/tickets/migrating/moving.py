"""One ticket moved to another version: looked at in memory first, written only when all fits.

Tasks keep their ids, people and due times, waits their due times and correlations; what changes is
the version, and the ids of elements where the mapping names others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from engine import clock
from engine.access.policy import SYSTEM, Actor
from engine.approvals.models import ApprovalRound
from engine.assignment import loads
from engine.db import Base
from engine.deployments.catalogue import Loaded
from engine.processes import definitions, migration
from engine.processes.execution import Execution
from engine.processes.migration import MAPPABLE, Fit, Problem
from engine.processes.runtime import Instance, ProcessFault, StateUnreadable
from engine.tickets import running
from engine.tickets.change import Change
from engine.tickets.incidents import incident
from engine.tickets.locking import instance, task, wait

_round = Base.metadata.tables[ApprovalRound.__tablename__]
_move_instance = (
    update(instance)
    .where(instance.c.ticket_id == bindparam("ticket"))
    .values(version_id=bindparam("version"))
)
_move_task = (
    update(task)
    .where(task.c.id == bindparam("key"))
    .values(version_id=bindparam("version"), element=bindparam("place"), rev=task.c.rev + 1)
)
_move_round = (
    update(_round)
    .where(_round.c.ticket_id == bindparam("ticket"), _round.c.element == bindparam("before"))
    .values(element=bindparam("place"))
)
_move_wait = (
    update(wait)
    .where(wait.c.id == bindparam("key"))
    .values(element=bindparam("place"), name=bindparam("called"))
)
_move_incident = (
    update(incident)
    .where(
        incident.c.ticket_id == bindparam("ticket"),
        incident.c.element == bindparam("before"),
        incident.c.resolved_at.is_(None),
    )
    .values(element=bindparam("place"))
)
_stuck = select(incident.c.id).where(
    incident.c.ticket_id == bindparam("ticket"), incident.c.resolved_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class Plan:
    """From which version to which, and what the ids and statuses of the one become in the other."""

    old: Loaded
    new: Loaded
    elements: Mapping[str, str | None] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)

    def back(self) -> "Plan":
        """The way back."""
        known = frozenset(identity for _, identity in definitions.of(self.old).elements)
        return Plan(
            self.new,
            self.old,
            migration.reversed_map(self.elements, known),
            {after: before for before, after in self.statuses.items()},
        )


@dataclass(frozen=True, slots=True)
class Ready:
    """A process in the hand of its new version, not written yet."""

    change: Change
    before: Instance
    execution: Execution


def verdict(problems: Sequence[Problem]) -> str:
    """What a preview says of a ticket: fits, needs_mapping, or blocked."""
    if not problems:
        return "fits"
    return "needs_mapping" if all(one.code in MAPPABLE for one in problems) else "blocked"


def examine(connection: Connection, row: Any, plan: Plan) -> tuple[Sequence[Problem], list[str]]:
    """What stands against moving a ticket, and the elements that it stands on; writes nothing."""
    found = _prepare(connection, SYSTEM, row, plan, clock.now())
    if isinstance(found, Ready):
        return (), found.before.active
    before = Instance.load(
        definitions.of(plan.old), row.state, host=running.host(_change(SYSTEM, row, plan))
    )
    return found, before.active


def move(connection: Connection, actor: Actor, row: Any, plan: Plan) -> Sequence[Problem]:
    """Moves a locked ticket; what stands against it, and then nothing has changed."""
    found = _prepare(connection, actor, row, plan, clock.now())
    if not isinstance(found, Ready):
        return found
    _write(connection, row, plan, found, "ticket_migrated")
    return ()


def move_back(
    connection: Connection,
    actor: Actor,
    row: Any,
    plan: Plan,
    state: bytes,
    kept: Mapping[str, Any],
) -> Sequence[Problem]:
    """Moves a ticket back by the plan that leads back.

    A process that has not moved since gets its bytes back; one that has goes the way back by the
    mapping turned round.
    """
    fit, visited = None, None
    if kept["hash"] == fingerprint(row.state):
        fit, visited = Fit(state, ()), kept["visited"]
    statuses = {**plan.statuses, kept["status_after"]: kept["status"]}
    plan = Plan(plan.old, plan.new, plan.elements, statuses)
    found = _prepare(connection, actor, row, plan, clock.now(), fit, visited)
    if not isinstance(found, Ready):
        return found
    _write(connection, row, plan, found, "ticket_migration_undone")
    return ()


def fingerprint(state: bytes) -> str:
    """Tells whether a process is as a migration left it."""
    return sha256(state).hexdigest()


def _change(actor: Actor, row: Any, plan: Plan, at: datetime | None = None) -> Change:
    return Change(actor, row, plan.new, at or clock.now())


def _prepare(
    connection: Connection,
    actor: Actor,
    row: Any,
    plan: Plan,
    at: datetime,
    fit: Fit | None = None,
    visited: Mapping[str, int] | None = None,
) -> Ready | Sequence[Problem]:
    old, new = definitions.of(plan.old), definitions.of(plan.new)
    change = _change(actor, row, plan, at)
    here = running.host(change)
    try:
        fit = fit or migration.fit(old, new, row.state, plan.elements)
        if fit.state is None:
            return fit.problems
        before = Instance.load(old, row.state, host=here)
        after = Instance.load(new, fit.state, host=here)
        missing = _take_status(change, plan, after)
        if missing is not None:
            return [missing]
        try:
            migration.listen(after, fit.fresh)
            after.run()
        except ProcessFault as fault:
            # Stuck already: it is moved as it stands, and its incident can take the step again.
            if connection.execute(_stuck, {"ticket": row.id}).first() is None:
                return [Problem(fault.code, fault.element or "", params=fault.params)]
            after = Instance.load(new, fit.state, host=here)
    except StateUnreadable as unreadable:
        return [Problem("state-unreadable", "", params={"reason": str(unreadable)[:200]})]
    if visited is None:
        visited = {plan.elements.get(key) or key: n for key, n in row.visited.items()}
    execution = Execution(
        plan.new,
        after,
        dict(visited),
        {one.id: one for one in before.tasks},
        {one.id: one for one in before.waits},
        {one.id: one for one in before.services},
    )
    return Ready(change, before, execution)


def _take_status(change: Change, plan: Plan, after: Instance) -> Problem | None:
    """The ticket's status in the new version: by the mapping, by name, or that of its step."""
    before = change.row.status
    wanted = plan.statuses.get(before, before)
    known = plan.new.manifest.statuses
    if wanted not in known:
        of_steps = {one.properties["status"] for one in after.tasks if "status" in one.properties}
        wanted = of_steps.pop() if len(of_steps) == 1 else ""
    if wanted not in known:
        return Problem("status-missing", before)
    change.put("version_id", plan.new.id)
    change.move_to(wanted)
    change.put("category", known[wanted].category)
    return None


def _write(connection: Connection, row: Any, plan: Plan, ready: Ready, fact: str) -> None:
    change, execution = ready.change, ready.execution
    standing = {one.id: one for one in execution.instance.tasks if one.id in execution.tasks}
    named = {
        execution.tasks[key].element: one.element
        for key, one in standing.items()
        if execution.tasks[key].element != one.element
    }
    change.fact(fact, before=plan.old.version, after=plan.new.version, elements=named)
    outcome = running.settle(connection, change, execution)
    priority = change.now("priority")
    weight = loads.weight_of(priority)
    urgent = priority == "P0"
    execution.write(connection, row.id, outcome, change.at, urgent=urgent, weight=weight)
    connection.execute(_move_instance, {"ticket": row.id, "version": plan.new.id})
    for key, one in standing.items():
        place = {"key": key, "place": one.element, "version": plan.new.id}
        connection.execute(_move_task, place)
    for found in execution.instance.waits:
        was = execution.waits.get(found.id)
        if was is not None and (was.element, was.name) != (found.element, found.name):
            place = {"key": found.id, "place": found.element}
            connection.execute(_move_wait, {**place, "called": found.name})
    for before, after in plan.elements.items():
        if after is not None and before != after:
            place = {"ticket": row.id, "before": before, "place": after}
            connection.execute(_move_incident, place)
            connection.execute(_move_round, place)
    change.save(connection)
