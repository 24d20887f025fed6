"""What people do at an approval: each acts on his seat, and the process follows the outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, or_, select, update

from engine import clock
from engine.access import policy
from engine.access.models import User
from engine.access.policy import Actor
from engine.approvals import acting, records, transitions
from engine.approvals.acting import Request
from engine.approvals.ledger import Ledger, Seat
from engine.approvals.transitions import TRANSITIONS, Caller
from engine.db import Base, db
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.errors import InputError, InvalidInput, NotFound, StaleVersion
from engine.processes import decisions
from engine.processes.execution import Execution, Outcome
from engine.processes.runtime import OpenTask, ProcessFault
from engine.rows import Batch, Sender
from engine.tickets import (
    answers,
    incidents,
    locking,
    retracting,
    returning,
    rights,
    rounds,
    running,
)
from engine.tickets.approvers import Approvers
from engine.tickets.change import Change
from engine.tickets.locking import task
from engine.tickets.models import StoredFile
from engine.uow import command

MAX_COMMENT = 2_000

_user = Base.metadata.tables[User.__tablename__]
_file = Base.metadata.tables[StoredFile.__tablename__]
_active = select(_user.c.username).where(
    _user.c.username.in_(bindparam("names", expanding=True)), _user.c.active
)
_touch = (
    update(task)
    .where(task.c.id == bindparam("key"))
    .values(rev=task.c.rev + 1, due=bindparam("next"))
)
_end = (
    update(task)
    .where(task.c.id == bindparam("key"))
    .values(
        status="completed",
        ended_at=bindparam("at"),
        completed_by=bindparam("by"),
        action=bindparam("chosen"),
        rev=task.c.rev + 1,
    )
)


@command
def act(
    actor: Actor,
    task_id: str,
    request: Request,
    values: Mapping[str, Any] | None = None,
    *,
    rev: int | None = None,
    row: Row[Any] | None = None,
) -> tuple[Change, Outcome | None]:
    """Does one thing at an approval: on the caller's own seat, or as what he is to the ticket.

    `row` is the task with its ticket when the caller has locked them already.

    The outcome is None as long as the round is open. Raises NotFound, NoSeat, NotYourTurn,
    SeatClosed, RoundEnded, InvalidInput, StaleVersion, and ProcessStuck when the process cannot
    follow the outcome: then nothing has changed but a process incident.
    """
    connection = db.session.connection()
    row = row if row is not None else locking.by_task(connection, task_id)
    version = catalogue.version(row.version_id)
    if not policy.may(actor, "see_task", rights.on_task(row, version)):
        rights.require_visible(connection, actor, row, version)
    ledger = rounds.load(connection, row)
    if ledger is None:
        raise NotFound(kind="approval", id=task_id)
    policy.require(actor, "decide")
    if rev is not None and rev != row.task_rev:
        raise StaleVersion(kind="task", id=task_id, expected=rev, found=row.task_rev)
    caller = caller_of(actor, row, version)
    change = Change(actor, row, version, clock.now())
    if request.action == "withdraw" and transitions.decided_vote(ledger, actor.username):
        return change, retracting.retract(connection, change, ledger, request)
    _refuse(ledger, caller, request)
    before = ledger.copy()
    request = _prepared(connection, change, ledger, request, values or {})
    seat = acting.act(ledger, caller, request, change.at)
    _note(change, ledger, seat, request)
    rounds.note_seats(change, before, ledger)
    if request.action == "cc":
        _copy(change, ledger.task_id, request.users)
    try:
        return change, write(connection, change, before, ledger)
    except ProcessFault as fault:
        raise incidents.stuck(row.id, row.number, fault, {"do": "run"}) from fault


def caller_of(actor: Actor, row: Any, version: Loaded) -> Caller:
    """What somebody is to a ticket's approvals, beside his seats."""
    on = policy.OnTicket(row, version.access)
    return Caller(
        actor.username,
        is_requester=actor.username in (row.requester, row.created_by),
        is_supervisor=policy.may(actor, "supervise_approval", on),
        is_administrator=policy.may(actor, "administer_approval"),
    )


def _refuse(ledger: Ledger, caller: Caller, request: Request) -> None:
    """Asked before the input is looked at: to a stranger nothing is explained."""
    if request.action not in TRANSITIONS:
        raise InvalidInput.at("/action", "not-a-choice", choices=", ".join(TRANSITIONS))
    refused = transitions.refusal(ledger, caller, request.action, ledger.seat(request.seat))
    if refused is not None:
        raise refused


def _prepared(
    connection: Connection,
    change: Change,
    ledger: Ledger,
    request: Request,
    values: Mapping[str, Any],
) -> Request:
    """The request with what only the database knows: people, target, answers, signature."""
    row, version = change.row, change.version
    _require_active(connection, request)
    if request.action == "return":
        setting = ledger.main.setting
        target = returning.target(version, ledger.element, row.visited, setting, request.target)
        request = replace(request, target=target, resubmit=request.resubmit or setting.resubmit)
    if request.signature is not None:
        _claim_signature(connection, change, request.signature)
    if request.action in ("agree", "reject"):
        _take_answers(connection, change, ledger, request, values)
        now = rounds.form_hash(version, change.now("values"))
        return replace(request, form_hash=now)
    if request.action == "save":
        return replace(request, draft=values)
    if request.action == "add_after":
        return replace(request, form_hash=rounds.form_hash(version, change.now("values")))
    return request


def _take_answers(
    connection: Connection,
    change: Change,
    ledger: Ledger,
    request: Request,
    values: Mapping[str, Any],
) -> None:
    """The answers to the step's form; an adviser's opinion needs none."""
    if answers.form_of(change.version, ledger.element) is None and not values:
        return  # nothing is asked: no need to look into the process
    seat = transitions.own_seat(ledger, change.actor.username, request.action)
    if seat is None or (seat.kind == "consult" and not values):
        return
    execution = running.resume(change)
    known = {**execution.instance.variables, f"{ledger.element}_action": request.action}
    answers.take(connection, change, ledger.element, values, known)


def _require_active(connection: Connection, request: Request) -> None:
    if not request.users:
        return
    there = set(connection.scalars(_active, {"names": list(request.users)}))
    errors = [
        InputError(f"/users/{number}", "unknown-user", {"username": name})
        for number, name in enumerate(request.users)
        if name not in there and request.action != "remove"
    ]
    if errors:
        raise InvalidInput(errors)


def _claim_signature(connection: Connection, change: Change, file_id: str) -> None:
    """A signature is a picture that the caller has uploaded."""
    mine = (_file.c.ticket_id.is_(None)) & (_file.c.uploaded_by == change.actor.username)
    there = exists().where(_file.c.id == file_id, or_(mine, _file.c.ticket_id == change.row.id))
    if not connection.scalar(select(there)):
        raise InvalidInput.at("/signature", "unknown-file")
    change.claims.add(file_id)


def _note(change: Change, ledger: Ledger, seat: Seat | None, request: Request) -> None:
    """The fact for history and notices."""
    data: dict[str, Any] = {
        "task": ledger.task_id,
        "action": request.action,
        "comment": request.comment,
        "users": list(request.users) or None,
        "target": request.target,
        "seat": seat.id if seat else None,
        "person": seat.person if seat else None,
        "principal": seat.principal if seat else None,
        "waiting": [one.person for one in ledger.open_seats()],
    }
    if request.action == "urge":
        data["notify"] = data["waiting"]
    elif request.action == "cc":
        data["notify"] = data["users"]
    change.fact(
        TRANSITIONS[request.action].records,
        ledger.element,
        **{key: value for key, value in data.items() if value is not None},
    )


def _copy(change: Change, task_id: str, people: Sequence[str]) -> None:
    change.later.append(
        lambda sender, ticket_id: records.add_copies(
            sender, ticket_id, task_id, people, change.actor.username, change.at
        )
    )


def write(connection: Connection, change: Change, before: Ledger, ledger: Ledger) -> Outcome | None:
    """Writes ledger and ticket, and lets the process go on when the round has ended."""
    change.later.append(lambda sender, ticket_id: records.write(sender, ticket_id, before, ledger))
    if ledger.ended:
        return _finish(connection, change, ledger)
    batch = Batch(connection)
    change.save(batch)
    deadlines = [seat.deadline for seat in ledger.open_seats() if seat.deadline]
    batch.execute(_touch, {"key": ledger.task_id, "next": min(deadlines, default=None)})
    batch.send()
    return None


def _finish(connection: Connection, change: Change, ledger: Ledger) -> Outcome | None:
    """The task ends once, with its outcome; the token goes on, back, or nowhere any more."""
    main, task_id = ledger.main, ledger.task_id
    change.decided = ledger
    outcome = main.outcome or ""
    change.fact(
        "approval_decided",
        ledger.element,
        task=task_id,
        round=main.id,
        outcome=outcome,
        target=main.target,
    )
    change.fact("task_completed", ledger.element, task=task_id, action=outcome)

    def go(execution: Execution) -> bool:
        instance = execution.instance
        variables = {rounds.outcome_of(ledger.element): outcome}
        if outcome == "returned":
            instance.variables.update(variables)
            back = main.resubmit == "straight_back"
            instance.move(task_id, main.target or "", back=back)
        elif outcome == "withdrawn":
            instance.cancel()
            change.move_to(_cancelled(change))
        else:
            opened = execution.tasks[task_id]
            instance.complete_task(task_id, variables)
            if outcome == "approved":
                _copy_at_end(connection, change, execution, opened)
        return True

    def end(sender: Sender) -> None:
        values = {"key": task_id, "at": change.at, "by": change.actor.username, "chosen": outcome}
        sender.execute(_end, values)

    return running.step(connection, change, go, completed=task_id, also=end)


def _cancelled(change: Change) -> str:
    """The status of a ticket that was withdrawn."""
    manifest = change.version.manifest
    cancelled = [key for key, one in manifest.statuses.items() if one.category == "cancelled"]
    # A type may name one of several; the usual words come first.
    for key in ("withdrawn", "cancelled"):
        if key in cancelled:
            return key
    closing = manifest.closing_status
    return cancelled[0] if cancelled else closing.key if closing else change.now("status")


def _copy_at_end(
    connection: Connection, change: Change, execution: Execution, opened: OpenTask
) -> None:
    """Copies that the step sends when it was approved, to whom its setting leads."""
    text = opened.properties.get("cc")
    if not text:
        return
    variables = execution.instance.variables
    finder = Approvers(connection, change, variables, decisions.decider(change.version))
    named = finder.named(text, opened)
    people = list(connection.scalars(_active, {"names": named})) if named else []
    if people:
        _copy(change, opened.id, people)
        change.fact("approval_copied", opened.element, task=opened.id, users=people, notify=people)
