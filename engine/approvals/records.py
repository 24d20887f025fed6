"""The ledger in the database: read with one statement, written as the difference it has made."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from engine import rows
from engine.approvals import timing
from engine.approvals.ledger import PENDING, Ledger, Round, Seat, new_id
from engine.approvals.models import ApprovalAction, ApprovalCopy, ApprovalRound, ApprovalSeat
from engine.approvals.setting import Setting
from engine.db import Base
from engine.jobs import queue
from engine.jobs.models import Job
from engine.processes.models import TaskCandidate
from engine.rows import Sender

round_ = Base.metadata.tables[ApprovalRound.__tablename__]
seat_ = Base.metadata.tables[ApprovalSeat.__tablename__]
action_ = Base.metadata.tables[ApprovalAction.__tablename__]
copy_ = Base.metadata.tables[ApprovalCopy.__tablename__]
_candidate = Base.metadata.tables[TaskCandidate.__tablename__]
_job = Base.metadata.tables[Job.__tablename__]

JOB = "approval_time"

_SEAT_MUTABLE = (
    "place",
    "state",
    "replaced_by",
    "mark",
    "comment",
    "signature",
    "draft",
    "form_hash",
    "deadline",
    "opened_at",
    "acted_at",
)
_ROUND_MUTABLE = (
    "parent_seat",
    "state",
    "outcome",
    "actions",
    "urges",
    "urged_at",
    "target",
    "resubmit",
    "ended_at",
)
_SEAT_FIXED = ("person", "kind", "weight", "principal", "added_by", "for_seat")

_read = (
    select(round_, *[column.label(f"seat_{column.name}") for column in seat_.c])
    .select_from(round_.outerjoin(seat_, seat_.c.round_id == round_.c.id))
    .where(round_.c.task_id == bindparam("task"))
    .order_by(round_.c.opened_at, round_.c.parent_seat.is_not(None), round_.c.id)
    .order_by(seat_.c.place, seat_.c.opened_at, seat_.c.id)
)
_update_seat = (
    update(seat_)
    .where(seat_.c.id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _SEAT_MUTABLE})
)
_update_round = (
    update(round_)
    .where(round_.c.id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _ROUND_MUTABLE})
)
_remove_candidate = delete(_candidate).where(
    _candidate.c.task_id == bindparam("task"),
    _candidate.c.kind == "user",
    _candidate.c.key == bindparam("who"),
)
# One that runs at this moment finds nothing due and ends itself.
_remove_job = delete(_job).where(_job.c.order_key == bindparam("order"), _job.c.state == "ready")
_close_rounds = (
    update(round_)
    .where(round_.c.task_id == bindparam("task"), round_.c.state == "open")
    .values(state="ended", outcome=bindparam("why"), ended_at=bindparam("at"))
)
_close_seats = (
    update(seat_)
    .where(
        seat_.c.round_id.in_(select(round_.c.id).where(round_.c.task_id == bindparam("task"))),
        # Not `in_`: a batch takes no parameter that stands for several values.
        or_(*(seat_.c.state == state for state in sorted(PENDING))),
    )
    .values(state="skipped", deadline=None, acted_at=bindparam("at"))
)


Limit = Callable[[Setting], Callable[[datetime], datetime | None]]


def load(connection: Connection, task_id: str, limit: Limit) -> Ledger | None:
    """The ledger of a step; None when the task is no approval."""
    rounds: dict[str, Round] = {}
    element = ""
    for row in connection.execute(_read, {"task": task_id}):
        element = row.element
        one = rounds.get(row.id)
        if one is None:
            one = rounds[row.id] = Round(
                row.id,
                Setting.restored(row.setting),
                opened_at=row.opened_at,
                **{name: getattr(row, name) for name in (*_ROUND_MUTABLE, "placement")},
            )
        if row.seat_id is not None:
            names = (*_SEAT_MUTABLE, *_SEAT_FIXED)
            fields = {name: getattr(row, f"seat_{name}") for name in names}
            one.seats.append(Seat(row.seat_id, row.id, **fields))
    if not rounds:
        return None
    found = list(rounds.values())
    found.sort(key=lambda one: one.parent_seat is not None)
    return Ledger(task_id, element, found, limit(found[0].setting))


def write(sender: Sender, ticket_id: int, before: Ledger | None, now: Ledger) -> None:
    """Writes what has become of a ledger; `before` None writes all of it."""
    rounds = {one.id: one for one in before.rounds} if before else {}
    seats = {seat.id: seat for seat in before.seats()} if before else {}
    fresh = [one for one in now.rounds if one.id not in rounds]
    rows.insert(sender, round_, [_round_row(ticket_id, now, one) for one in fresh])
    for one in now.rounds:
        old = rounds.get(one.id)
        changed = old is not None and any(
            getattr(old, name) != getattr(one, name) for name in _ROUND_MUTABLE
        )
        if changed:
            values = {f"new_{name}": getattr(one, name) for name in _ROUND_MUTABLE}
            sender.execute(_update_round, {"key": one.id, **values})
    rows.insert(
        sender, seat_, [_seat_row(ticket_id, seat) for seat in now.seats() if seat.id not in seats]
    )
    for seat in now.seats():
        if seat.id in seats and seats[seat.id] != seat:
            values = {f"new_{name}": getattr(seat, name) for name in _SEAT_MUTABLE}
            sender.execute(_update_seat, {"key": seat.id, **values})
    rows.insert(
        sender,
        action_,
        [
            {
                "ticket_id": ticket_id,
                "task_id": now.task_id,
                "seq": entry.seq,
                "at": entry.at,
                "actor": entry.actor,
                "action": entry.action,
                "seat_id": entry.seat,
                "comment": entry.comment,
                "data": entry.data or None,
            }
            for entry in now.entries
        ],
    )
    _write_timer(sender, before, now)
    if before is not None:
        _write_candidates(sender, before, now)


def _round_row(ticket_id: int, ledger: Ledger, one: Round) -> dict[str, Any]:
    return {
        "id": one.id,
        "ticket_id": ticket_id,
        "task_id": ledger.task_id,
        "element": ledger.element,
        "placement": one.placement,
        "setting": one.setting.stored(),
        "opened_at": one.opened_at,
        **{name: getattr(one, name) for name in _ROUND_MUTABLE},
    }


def _seat_row(ticket_id: int, seat: Seat) -> dict[str, Any]:
    return {
        "id": seat.id,
        "ticket_id": ticket_id,
        "round_id": seat.round_id,
        **{name: getattr(seat, name) for name in (*_SEAT_MUTABLE, *_SEAT_FIXED)},
    }


def _write_timer(sender: Sender, before: Ledger | None, now: Ledger) -> None:
    """One job for the next deadline of the step, so that no closed seat keeps one."""
    old, due = timing.due(before) if before else None, timing.due(now)
    if old == due:
        return
    order = f"approval:{now.task_id}"
    if old is not None:
        sender.execute(_remove_job, {"order": order})
    if due is not None:
        queue.enqueue_many(
            sender, [queue.Entry(JOB, {"task": now.task_id}, due=due, order_key=order)]
        )


def _write_candidates(sender: Sender, before: Ledger, now: Ledger) -> None:
    """Whoever has an open seat is a candidate of the task; when it is over nobody asks."""
    if now.ended:
        return
    old = {seat.person for seat in before.open_seats()}
    new = {seat.person for seat in now.open_seats()}
    for person in sorted(old - new):
        sender.execute(_remove_candidate, {"task": now.task_id, "who": person})
    rows.insert(
        sender,
        _candidate,
        [{"task_id": now.task_id, "kind": "user", "key": person} for person in sorted(new - old)],
    )


def close(sender: Sender, task_id: str, outcome: str, at: datetime) -> None:
    """The step is gone without a decision: its token was taken away."""
    sender.execute(_close_rounds, {"task": task_id, "why": outcome, "at": at})
    sender.execute(_close_seats, {"task": task_id, "at": at})
    sender.execute(_remove_job, {"order": f"approval:{task_id}"})


def add_copies(
    sender: Sender, ticket_id: int, task_id: str, people: Sequence[str], by: str, at: datetime
) -> None:
    """Shows a ticket to people."""
    rows.insert(
        sender,
        copy_,
        [
            {
                "id": new_id(),
                "ticket_id": ticket_id,
                "task_id": task_id,
                "person": person,
                "sent_by": by,
                "created_at": at,
                "read_at": None,
            }
            for person in people
        ],
    )
