"""Writing the clocks of a ticket: its columns, the log, the facts of cycles, its one due job.

A ticket has one job for all its clocks, due when the next of their steps or breaches is. It is
moved when that changes. The job that is at work plans its successor, so none can be lost.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, update

from engine import changes, clock, rows, uow
from engine.db import Base
from engine.jobs import queue
from engine.jobs.models import NORMAL, URGENT, Job
from engine.rows import Sender
from engine.sla import board as boards
from engine.sla import escalation, forecasts, rulebook
from engine.sla.board import Board
from engine.sla.clock_models import SlaCycle, SlaEvent, SlaStep
from engine.sla.clocks import Clock
from engine.sla.escalation import Firing
from engine.sla.rules import Book

if TYPE_CHECKING:
    from engine.sla.following import Change

JOB = "sla"

_events = Base.metadata.tables[SlaEvent.__tablename__]
_cycles = Base.metadata.tables[SlaCycle.__tablename__]
_steps = Base.metadata.tables[SlaStep.__tablename__]
_job = Base.metadata.tables[Job.__tablename__]
_FACTS = (
    "policy",
    "rule",
    "calendar",
    "target",
    "extended",
    "elapsed",
    "state",
    "stopped_at",
    "breached_at",
    "by_retarget",
    "crossed_at",
)
_correct = (
    update(_cycles)
    .where(
        _cycles.c.ticket_id == bindparam("of_ticket"),
        _cycles.c.clock == bindparam("of_clock"),
        _cycles.c.cycle == bindparam("of_cycle"),
    )
    .values({name: bindparam(f"new_{name}") for name in _FACTS})
)
# The job at work is left alone: it looks at the clocks under the ticket's lock and plans anew.
_mine = (_job.c.order_key == bindparam("of_key")) & (_job.c.state != "leased")
_move = (
    update(_job)
    .where(_mine)
    .values(due=bindparam("at"), lane=bindparam("in_lane"), state="ready", attempts=0)
)
_drop = delete(_job).where(_mine)


def order_key(ticket_id: int) -> str:
    """By what the job of a ticket's clocks is found."""
    return f"sla:{ticket_id}"


def keep(change: "Change", board: Board, book: Book) -> None:
    """Puts the clocks into the change: columns now, rows with the ticket's own."""
    before = board.planned
    board.planned = escalation.next_moment(board, book, rulebook.calendar, change.now("assignee"))
    written = _cycle_rows(board, change.version.id)
    log = _log(board, change)
    for event in board.events:
        if event.kind == "breached":
            change.fact(
                "sla_breached",
                clock=event.clock,
                cycle=event.cycle,
                due=event.at,
                by_retarget=event.reason == "retarget",
            )
    urgent = change.now("priority") == "P0"
    hurried = urgent != (getattr(change.row, "priority", None) == "P0")
    if board.planned != before or (hurried and before is not None):
        change.later.append(_plan(before, board.planned, URGENT if urgent else NORMAL))
    if log:
        change.later.append(lambda sender, ticket_id: _write_log(sender, ticket_id, log))
    for write in written:
        change.later.append(write)
    board.events, board.over = [], []
    change.put("clocks", boards.packed(board))
    foretold = forecasts.of(change.version.key, change.now("priority"), change.now("group_key"))
    standing = boards.standing(board, book.at_risk, rulebook.calendar, foretold.likely_from)
    change.put("sla_due", standing.due)
    change.put("sla_state", standing.state)
    change.put("sla_at_risk", standing.at_risk)


def keep_firings(change: "Change", firings: Iterable[Firing]) -> None:
    """Writes that steps were taken; the key of the rows keeps each from being taken twice."""
    taken = [
        {
            "clock": one.clock.key,
            "cycle": one.clock.cycle,
            "step": one.number,
            "round": one.round,
            "planned_at": one.planned,
            "fired_at": change.at,
            "late": one.late,
        }
        for one in firings
    ]
    if taken:
        change.later.append(
            lambda sender, ticket_id: rows.insert(
                sender, _steps, [{"ticket_id": ticket_id, **one} for one in taken]
            )
        )


def _log(board: Board, change: "Change") -> list[dict[str, Any]]:
    found = []
    for event in board.events:
        board.seq += 1
        found.append(
            {
                "seq": board.seq,
                "clock": event.clock,
                "cycle": event.cycle,
                "kind": event.kind,
                "at": event.at,
                "actor": change.actor.username,
                "reason": event.reason,
                "version_id": change.version.id,
                "calendar": event.calendar,
                "calendar_version": event.calendar_version,
                "state": event.state,
                "elapsed": event.elapsed,
                "target": event.target,
                "due": event.due,
                "data": dict(event.data),
            }
        )
    return found


def _write_log(sender: Sender, ticket_id: int, log: Iterable[Mapping[str, Any]]) -> None:
    rows.insert(sender, _events, [{"ticket_id": ticket_id, **one} for one in log])


def _cycle_rows(board: Board, version_id: int) -> list[Callable[[Sender, int], object]]:
    touched = {(event.clock, event.cycle) for event in board.events}
    contract = (board.contract or {}).get("key")
    found: list[Callable[[Sender, int], object]] = []
    for one in (*board.over, *board.clocks.values()):
        if (one.key, one.cycle) not in touched:
            continue
        if one.kept:
            found.append(_correction(one))
        elif not one.is_open or one.breached_at is not None:
            found.append(_insertion(one, version_id, contract))
            one.kept = True
    return found


def _insertion(
    one: Clock, version_id: int, contract: str | None
) -> Callable[[Sender, int], object]:
    values = {name: getattr(one, name) for name in _FACTS}
    values |= {"clock": one.key, "cycle": one.cycle, "metric": one.metric}
    values |= {"version_id": version_id, "contract": contract, "started_at": one.started_at}
    return lambda sender, ticket_id: rows.insert(
        sender, _cycles, [{"ticket_id": ticket_id, **values}]
    )


def _correction(one: Clock) -> Callable[[Sender, int], object]:
    values = {f"new_{name}": getattr(one, name) for name in _FACTS}
    values |= {"of_clock": one.key, "of_cycle": one.cycle}
    return lambda sender, ticket_id: sender.execute(_correct, {"of_ticket": ticket_id, **values})


def _plan(
    before: datetime | None, planned: datetime | None, lane: int
) -> Callable[[Sender, int], object]:
    def write(sender: Sender, ticket_id: int) -> None:
        key = order_key(ticket_id)
        if planned is None:
            sender.execute(_drop, {"of_key": key})
        elif before is None:
            entry = queue.Entry(JOB, {"ticket": ticket_id}, planned, lane, key)
            queue.enqueue_many(sender, [entry])
        else:
            sender.execute(_move, {"of_key": key, "at": planned, "in_lane": lane})
            if planned <= clock.now():
                uow.after_commit(partial(changes.wake_jobs, {JOB}))

    return write
