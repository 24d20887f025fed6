"""The process of a ticket under a change: started or resumed, run, settled and written."""

from collections.abc import Callable

from sqlalchemy import Connection

from engine import rows, settings
from engine.assignment import loads
from engine.processes import decisions
from engine.processes.execution import Execution, Outcome
from engine.processes.runtime import Host, Limits
from engine.tickets.change import Change
from engine.tickets.dispatching import Dispatcher
from engine.tickets.resolving import Resolver
from engine.tickets.rounds import Rounds, close_cancelled
from engine.tickets.scope import TicketScope


def host(change: Change) -> Host:
    """What a run of this ticket's process may look at; it sees what the change does."""
    here = settings.current()
    return Host(
        scope=TicketScope(change.now),
        now=change.at,
        zone=here.time_zone,
        limits=Limits(here.steps, here.seconds),
        decide=decisions.decider(change.version),
    )


def resume(change: Change) -> Execution:
    """The process of a locked row, ready to act."""
    row = change.row
    return Execution.resume(change.version, row.state, row.visited, host(change))


def settle(
    connection: Connection, change: Change, execution: Execution, *, completed: str | None = None
) -> Outcome:
    """Takes what the run came to into the change; nothing is written yet."""
    rounds = Rounds(connection, change, execution)
    rounds.open()
    dispatch = Dispatcher(connection, change, completed)
    known = {change.now("requester"), change.now("created_by"), change.actor.username}
    resolver = Resolver(
        connection,
        TicketScope(change.now),
        execution.instance.variables,
        frozenset(name for name in (*known, change.now("assignee")) if name),
        change.at,
        settings.current().time_zone,
        dispatch,
    )
    outcome = execution.settle(rounds.resolving(resolver), completed)
    change.take(outcome)
    dispatch.finish()
    close_cancelled(change, execution, outcome.cancelled)
    return outcome


def step(
    connection: Connection,
    change: Change,
    act: Callable[[Execution], bool],
    *,
    completed: str | None = None,
    also: Callable[[rows.Sender], object] | None = None,
) -> Outcome | None:
    """Lets a ticket's process act and run until it waits, and writes process and ticket.

    `completed` is the task that the act ends; `also` writes what else belongs to the step.
    None, and nothing written, when `act` found nothing to do. A ProcessFault leaves what the
    transaction held before: nothing of the process is written until its run is over.
    """
    row = change.row
    execution = resume(change)
    if not act(execution):
        return None
    execution.instance.run()
    outcome = settle(connection, change, execution, completed=completed)
    urgent = change.now("priority") == "P0"
    batch = rows.Batch(connection)
    weight = loads.weight_of(change.now("priority"))
    execution.write(batch, row.id, outcome, change.at, urgent=urgent, weight=weight)
    if "priority" in change.columns:
        loads.weigh(batch, [task.id for task in outcome.remaining], weight)
    change.save(batch)
    if also is not None:
        also(batch)
    batch.send()
    return outcome
