"""Escalation: when the steps of a clock are due, and which are due now; pure.

A step fires once a cycle, or again and again until somebody takes note. Nothing fires while a
clock is paused or over. The plan is made anew from the clock at each of its events, so that it
moves with pauses, extensions and other targets.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.sla import clocks
from engine.sla.board import Board, Calendars
from engine.sla.calendars import Calendar
from engine.sla.clocks import Clock
from engine.sla.rules import Book
from workflows.sla import Step

_JUDGED_AFTER = timedelta(seconds=1)  # stopping at the due time itself is still in time


@dataclass(frozen=True, slots=True)
class Firing:
    """A step that is to be done now; `round` counts its repetitions from 1."""

    clock: Clock
    number: int
    step: Step
    round: int
    planned: datetime
    late: int  # seconds


def threshold(clock: Clock, step: Step) -> int:
    """The measure at which a step is due, for steps that are counted in open time."""
    mark = step.at
    if mark.basis == "percent":
        return clock.limit * mark.amount // 100
    return max(0, mark.amount if mark.basis == "start" else clock.limit + mark.amount)


def instant(clock: Clock, step: Step, calendar: Calendar) -> datetime | None:
    """When a step is due for the first time; None while the clock does not run."""
    mark = step.at
    if not mark.plain:
        return clock.instant_of(threshold(clock, step), calendar)
    if clock.state != "running":
        return None
    since = clock.started_at if mark.basis == "start" else clock.due
    return None if since is None else since + timedelta(seconds=mark.amount)


def planned(
    clock: Clock, number: int, step: Step, calendar: Calendar, *, answered: bool
) -> datetime | None:
    """When a step is due next; None when it is done with, or the clock does not run."""
    times = clock.fired.get(number)
    if times is None:
        return instant(clock, step, calendar)
    if clock.state != "running" or not times or step.repeat is None:
        return None
    if times >= step.max or answered:
        return None
    return clock.fired_at[number] + timedelta(seconds=step.repeat)


def answered(board: Board, step: Step, owner: str | None) -> bool:
    """Whether what a repeated step calls for has happened."""
    if step.until == "ack":
        return board.acknowledged
    return step.until == "owner" and owner is not None


def _pending(
    board: Board, book: Book, calendars: Calendars, owner: str | None
) -> Iterator[tuple[datetime, Clock, int, Step]]:
    for clock in board.clocks.values():
        if clock.state != "running":
            continue
        calendar = calendars(clock.calendar)
        for number, step in book.steps(clock):
            at = planned(clock, number, step, calendar, answered=answered(board, step, owner))
            if at is not None:
                yield at, clock, number, step


def next_moment(
    board: Board, book: Book, calendars: Calendars, owner: str | None
) -> datetime | None:
    """The earliest instant at which a step or a breach of the ticket is due."""
    breaches = (
        clock.due + _JUDGED_AFTER
        for clock in board.clocks.values()
        if clock.state == "running" and clock.breached_at is None and clock.due is not None
    )
    steps = (at for at, *_ in _pending(board, book, calendars, owner))
    return clocks.soonest([*breaches, *steps])


def fire(
    board: Board, book: Book, calendars: Calendars, owner: str | None, now: datetime
) -> list[Firing]:
    """Takes every step that is due by now, the earliest first; each is told in the log."""
    firings = []
    due = sorted(
        (one for one in _pending(board, book, calendars, owner) if one[0] <= now),
        key=lambda one: one[0],
    )
    for at, clock, number, step in due:
        times = clock.fired.get(number, 0) + 1
        late = max(0, int((now - at).total_seconds()))
        clock.fired[number] = times
        # A repetition is counted from when it was done: a late worker does not catch up in a burst.
        clock.fired_at[number] = clocks.whole(now) if late else at
        firings.append(Firing(clock, number, step, times, at, late))
        board.events.append(
            clock.event(
                "step_fired",
                clocks.whole(now),
                None,
                step=number,
                round=times,
                planned=clocks.second(at),
                late=late,
            )
        )
    return firings


def catch_up(clock: Clock, book: Book, at: datetime, calendar: Calendar) -> list[int]:
    """Passes over steps that are past already when terms begin to hold, as the policy wants it."""
    policy = book.policy(clock)
    if policy is None or policy.catch_up == "all":
        return []
    elapsed = clock.elapsed_at(at, calendar)
    past = sorted(
        (threshold(clock, step), number)
        for number, step in book.steps(clock)
        if number not in clock.fired and _is_past(clock, step, elapsed, at, calendar)
    )
    skipped = [number for _, number in (past[:-1] if policy.catch_up == "highest" else past)]
    for number in skipped:
        clock.fired[number] = 0
    return skipped


def _is_past(clock: Clock, step: Step, elapsed: int, at: datetime, calendar: Calendar) -> bool:
    if not step.at.plain:
        return threshold(clock, step) < elapsed
    due = instant(clock, step, calendar)
    return due is not None and due < at
