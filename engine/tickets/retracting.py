"""Taking back a vote after it was decided, as long as the next step has not acted (撤回)."""

from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from engine.approvals import records
from engine.approvals.acting import Request
from engine.approvals.ledger import Ledger, Seat
from engine.approvals.records import action_
from engine.approvals.transitions import TRANSITIONS, decided_vote
from engine.deployments.catalogue import Loaded
from engine.errors import WithdrawalRefused
from engine.processes.execution import Execution, Outcome
from engine.tickets import rounds, running
from engine.tickets.change import Change
from engine.tickets.locking import task

_since = (
    select(task.c.id, task.c.element, task.c.status)
    .where(task.c.ticket_id == bindparam("ticket"), task.c.created_at >= bindparam("at"))
    .where(task.c.id != bindparam("task"))
)
_acted_on = select(
    exists().where(action_.c.task_id == bindparam("task"), action_.c.actor != "system")
)


def possible(
    connection: Connection, ledger: Ledger, ticket_id: int, version: Loaded, person: str
) -> tuple[Seat, str] | None:
    """The vote that somebody can take back, and the open task that follows it.

    Nothing else may have happened since: the approval led straight to one step, and nobody has
    acted there.
    """
    main = ledger.main
    vote = decided_vote(ledger, person) if main.outcome in ("approved", "rejected") else None
    if vote is None:
        return None
    values = {"ticket": ticket_id, "at": main.ended_at, "task": ledger.task_id}
    since = connection.execute(_since, values).all()
    if len(since) != 1 or since[0].status != "open":
        return None
    [after] = since
    if after.element not in _next(version, ledger.element):
        return None
    if connection.scalar(_acted_on, {"task": after.id}):
        return None
    return vote, after.id


def _next(version: Loaded, element: str) -> set[str]:
    """The steps to which an element leads by decisions alone, where nothing is done on the way."""
    for process in version.processes.values():
        if element in process.elements:
            break
    else:
        return set()
    found: set[str] = set()
    seen, todo = {element}, [element]
    while todo:
        for flow in process.elements[todo.pop()].outgoing:
            after = process.elements[process.flows[flow].target]
            if after.id in seen:
                continue
            seen.add(after.id)
            if after.kind == "exclusiveGateway":
                todo.append(after.id)
            elif after.is_work:
                found.add(after.id)
    return found


def retract(
    connection: Connection, change: Change, ledger: Ledger, request: Request
) -> Outcome | None:
    """The token comes back; who else had agreed stays agreed while the form is unchanged."""
    row, version = change.row, change.version
    found = possible(connection, ledger, row.id, version, change.actor.username)
    if found is None:
        raise WithdrawalRefused(id=ledger.task_id, rule=ledger.main.setting.withdraw)
    vote, after = found
    before = ledger.copy()
    vote.state, vote.mark = "skipped", "taken_back"
    ledger.main.outcome, ledger.main.resubmit = "withdrawn", "straight_back"
    change.decided = ledger
    ledger.note(change.at, change.actor.username, "withdraw", vote, request.comment)
    change.fact(
        TRANSITIONS["withdraw"].records,
        ledger.element,
        task=ledger.task_id,
        action="withdraw",
        seat=vote.id,
        person=vote.person,
    )
    change.later.append(lambda sender, ticket_id: records.write(sender, ticket_id, before, ledger))

    def go(execution: Execution) -> bool:
        instance: Any = execution.instance
        instance.variables[rounds.outcome_of(ledger.element)] = "withdrawn"
        instance.move(after, ledger.element, alone=True)
        return True

    return running.step(connection, change, go)
