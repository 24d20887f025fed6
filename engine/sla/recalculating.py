"""Clocks worked out anew: read back from their log, or measured again by changed rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.sla import clocks
from engine.sla.board import Board, Calendars
from engine.sla.clocks import Clock
from engine.sla.rules import Book


class Logged(Protocol):
    """A row of the log."""

    @property
    def clock(self) -> str: ...
    @property
    def cycle(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def calendar(self) -> str: ...
    @property
    def calendar_version(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def elapsed(self) -> int: ...
    @property
    def target(self) -> int: ...
    @property
    def due(self) -> datetime | None: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def rebuild(log: Iterable[Logged]) -> dict[str, Clock]:
    """The latest cycle of every clock as its log tells it, in the log's order."""
    found: dict[str, Clock] = {}
    for entry in log:
        clock = found.get(entry.clock)
        if entry.kind == "started":
            clock = found[entry.clock] = _started(entry)
        if clock is None or clock.cycle != entry.cycle:
            continue
        _read(clock, entry)
    return found


def _started(entry: Logged) -> Clock:
    return Clock(
        key=entry.clock,
        metric=entry.clock.partition(":")[0],
        policy=entry.data["policy"],
        rule=entry.data["rule"],
        calendar=entry.calendar,
        calendar_version=entry.calendar_version,
        target=entry.target,
        cycle=entry.cycle,
        started_at=entry.at,
    )


def _read(clock: Clock, entry: Logged) -> None:
    kind, data = entry.kind, entry.data
    if kind == "breached":
        clock.breached_at = entry.at
        clock.by_retarget = bool(data.get("by_retarget"))
        clock.crossed_at = clocks.instant(data.get("crossed_at"))
        return
    if kind == "step_fired":
        clock.fired[data["step"]] = data["round"]
        return
    if kind == "steps_skipped":
        clock.fired.update(dict.fromkeys(data["steps"], 0))
        return
    clock.state, clock.elapsed, clock.due = entry.state, entry.elapsed, entry.due  # type: ignore[assignment]
    clock.target = entry.target
    clock.calendar, clock.calendar_version = entry.calendar, entry.calendar_version
    clock.resumed_at = entry.at if entry.state == "running" else None
    if kind == "paused":
        clock.pause_reason = entry.reason
    elif entry.state != "paused":
        clock.pause_reason = None
    if kind == "retargeted":
        clock.policy, clock.rule = data["policy"], data["rule"]
    elif kind == "extended":
        clock.extended += data["seconds"]
    elif kind in ("stopped", "cancelled", "waived"):
        clock.stopped_at = clock.stopped_at or entry.at
    elif kind == "reopened":
        clock.stopped_at = None


# What the log and the ticket's own columns must agree on.
AGREED = (
    "cycle",
    "state",
    "policy",
    "rule",
    "target",
    "extended",
    "elapsed",
    "due",
    "started_at",
    "resumed_at",
    "breached_at",
    "stopped_at",
)


def differences(board: Board, log: Iterable[Logged]) -> list[str]:
    """Where the clocks of a ticket are not what their log says: `clock.column`."""
    told = rebuild(log)
    found = [f"{key} is on one side only" for key in told.keys() ^ board.clocks.keys()]
    for key in told.keys() & board.clocks.keys():
        ours, theirs = board.clocks[key], told[key]
        found += [
            f"{key}.{name} is {getattr(ours, name)}, not {getattr(theirs, name)}"
            for name in AGREED
            if getattr(ours, name) != getattr(theirs, name)
        ]
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Recalculated:
    """What measuring an open cycle again comes to."""

    clock: str
    due_before: datetime | None
    due_after: datetime | None
    elapsed_before: int
    elapsed_after: int
    newly_breached: bool


def recalculate(
    board: Board, book: Book, scope: Mapping[str, Any], calendars: Calendars, at: datetime
) -> list[Recalculated]:
    """Measures open cycles by the present rules and calendars; those that come out differently."""
    found = []
    for key, clock in board.clocks.items():
        choice = book.choose(key, scope, calendars, board.contract) if key in book.clocks else None
        if not clock.is_open or choice is None:
            continue
        terms = choice.terms
        same = (clock.policy, clock.rule, clock.target) == (terms.policy, terms.rule, terms.target)
        calendar = terms.calendar
        if same and (clock.calendar, clock.calendar_version) == (calendar.key, calendar.version):
            continue
        before, was, breached = clock.due, clock.elapsed, clock.breached_at
        held = calendars(clock.calendar)
        board.events += clock.retarget(at, terms, held, retroactive=True)
        found.append(
            Recalculated(
                key,
                before,
                clock.due,
                was,
                clock.elapsed,
                breached is None and clock.breached_at is not None,
            )
        )
    return found
