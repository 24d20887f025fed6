"""The process of a ticket under a change: started or resumed, run, settled and written."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine import settings
from engine.deployments.catalogue import Loaded
from engine.processes import decisions
from engine.processes.execution import Execution, Outcome
from engine.processes.runtime import Host, Limits
from engine.tickets.change import Change
from engine.tickets.resolving import Resolver
from engine.tickets.scope import TicketScope


def host(version: Loaded, row: Any, values: Mapping[str, Any], at: datetime) -> Host:
    """What a run of this ticket's process may look at."""
    here = settings.current()
    return Host(
        scope=TicketScope(row, values),
        now=at,
        zone=here.time_zone,
        limits=Limits(here.steps, here.seconds),
        decide=decisions.decider(version),
    )


def resume(version: Loaded, row: Any, values: Mapping[str, Any], at: datetime) -> Execution:
    """The process of a locked row, ready to act."""
    return Execution.resume(version, row.state, row.visited, host(version, row, values, at))


def settle(
    connection: Connection, change: Change, execution: Execution, *, completed: str | None = None
) -> Outcome:
    """Takes what the run came to into the change; nothing is written yet."""
    known = {change.now("requester"), change.now("created_by"), change.actor.username}
    resolver = Resolver(
        connection,
        TicketScope(change.row, change.now("values")),
        execution.instance.variables,
        frozenset(name for name in (*known, change.now("assignee")) if name),
        change.at,
        settings.current().time_zone,
    )
    outcome = execution.settle(resolver, completed)
    change.take(outcome)
    return outcome


def step(
    connection: Connection,
    change: Change,
    act: Callable[[Execution], bool],
    *,
    completed: str | None = None,
) -> Outcome | None:
    """Lets a ticket's process act and run until it waits, and writes process and ticket.

    None, and nothing written, when `act` found nothing to do. A ProcessFault leaves what the
    transaction held before: nothing of the process is written until its run is over.
    """
    row = change.row
    execution = resume(change.version, row, change.now("values"), change.at)
    if not act(execution):
        return None
    execution.instance.run()
    outcome = settle(connection, change, execution, completed=completed)
    urgent = change.now("priority") == "P0"
    execution.write(connection, row.id, outcome, change.at, urgent=urgent)
    change.save(connection)
    return outcome
