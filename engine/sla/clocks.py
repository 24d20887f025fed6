"""One cycle of one SLA clock: started, paused, resumed, judged, stopped; pure arithmetic.

Instants are cut to whole seconds, so that elapsed time adds up exactly however often a clock is
paused. A breach is a fact: once `breached_at` is set, nothing here takes it away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, overload

from engine.sla.calendars import Calendar

State = Literal["running", "paused", "met", "missed", "cancelled", "waived"]
OPEN: frozenset[str] = frozenset({"running", "paused"})
MAX_RUNS = 50  # running intervals kept one by one; older ones are kept as their sum


@dataclass(frozen=True, slots=True)
class Terms:
    """What a clock runs by: the row of a policy that was chosen, its target and calendar."""

    policy: str
    rule: int
    target: int
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log; with the measure at that instant, so that it can be read back."""

    clock: str
    cycle: int
    kind: str
    at: datetime
    reason: str | None
    calendar: str
    calendar_version: int
    state: str
    elapsed: int
    target: int
    due: datetime | None
    data: Mapping[str, Any]


def whole(at: datetime) -> datetime:
    """An instant cut to its second."""
    return at if at.microsecond == 0 else at.replace(microsecond=0)


@dataclass(slots=True)
class Clock:
    """A cycle as it stands; `elapsed` is the measure at the last resume, pause or end."""

    key: str
    metric: str
    policy: str
    rule: int
    calendar: str
    calendar_version: int
    target: int
    cycle: int
    started_at: datetime
    state: State = "running"
    resumed_at: datetime | None = None
    elapsed: int = 0
    due: datetime | None = None
    extended: int = 0
    breached_at: datetime | None = None
    by_retarget: bool = False
    crossed_at: datetime | None = None
    pause_reason: str | None = None
    stopped_at: datetime | None = None
    kept: bool = False  # it has a row among the facts
    base: int = 0  # elapsed in running intervals that are not kept one by one any more
    runs: list[list[int]] = field(default_factory=list)  # as they are kept; few changes read them
    fired: dict[int, int] = field(default_factory=dict)  # step -> times, 0 when it was skipped
    fired_at: dict[int, datetime] = field(default_factory=dict)
    inside: list[str] = field(default_factory=list)  # what holds it open: tasks, rounds

    @property
    def is_open(self) -> bool:
        """Whether it still measures."""
        return self.state in OPEN

    @property
    def limit(self) -> int:
        """The target with what it was extended by."""
        return self.target + self.extended

    def elapsed_at(self, at: datetime, calendar: Calendar) -> int:
        """The measure at an instant."""
        if self.state != "running" or self.resumed_at is None:
            return self.elapsed
        return self.elapsed + calendar.between(self.resumed_at, whole(at))

    def instant_of(self, seconds: int, calendar: Calendar) -> datetime | None:
        """When the measure reaches so many seconds; None while paused.

        For what was reached before the last resume: the resume itself.
        """
        if self.state != "running" or self.resumed_at is None:
            return None
        return calendar.add(self.resumed_at, max(0, seconds - self.elapsed))

    def event(self, kind: str, at: datetime, reason: str | None = None, **data: Any) -> Event:
        """An entry of the log with the measure as it is now."""
        return Event(
            self.key,
            self.cycle,
            kind,
            at,
            reason,
            self.calendar,
            self.calendar_version,
            self.state,
            self.elapsed,
            self.target,
            self.due,
            data,
        )

    def judge(self, at: datetime) -> list[Event]:
        """Writes the breach down when the due time is over; stopping at it is still in time."""
        if self.state != "running" or self.breached_at or self.due is None:
            return []
        if whole(at) <= self.due:
            return []
        self.breached_at = self.due
        return [self.event("breached", self.due)]

    def pause(self, at: datetime, reason: str, calendar: Calendar) -> list[Event]:
        """Stops counting until it is resumed; a pause has a reason."""
        if self.state != "running":
            return []
        events = self.judge(at)
        self._end_run(whole(at), calendar)
        self.state, self.pause_reason, self.due = "paused", reason, None
        return [*events, self.event("paused", whole(at), reason)]

    def resume(self, at: datetime, calendar: Calendar, reason: str | None = None) -> list[Event]:
        """Counts on."""
        if self.state != "paused":
            return []
        self.state, self.pause_reason = "running", None
        self._run_from(whole(at), calendar)
        return [self.event("resumed", whole(at), reason)]

    def stop(self, at: datetime, calendar: Calendar, reason: str | None = None) -> list[Event]:
        """Ends the cycle: met, or missed when it was breached by then."""
        if not self.is_open:
            return []
        events = self.judge(at)
        self._finish(whole(at), calendar)
        self.state = "missed" if self.breached_at else "met"
        return [*events, self.event("stopped", whole(at), reason)]

    def cancel(self, at: datetime, calendar: Calendar, reason: str) -> list[Event]:
        """Ends the cycle without a verdict; a breach before stays a fact."""
        if not self.is_open:
            return []
        events = self.judge(at)
        self._finish(whole(at), calendar)
        self.state = "cancelled"
        return [*events, self.event("cancelled", whole(at), reason)]

    def reopen(self, at: datetime, calendar: Calendar) -> list[Event]:
        """Counts on after the end, in the same cycle; the time in between is not counted."""
        if self.state not in ("met", "missed"):
            return []
        self.state, self.stopped_at = "running", None
        self._run_from(whole(at), calendar)
        return [self.event("reopened", whole(at))]

    def retarget(
        self, at: datetime, terms: Terms, calendar: Calendar, *, retroactive: bool = False
    ) -> list[Event]:
        """Goes on by other terms from now; `calendar` is the one it ran by.

        What has accrued stays, or, retroactively, is measured again by the new calendar. When
        that is the new target or more, the breach is now.
        """
        if not self.is_open:
            return []
        at, running = whole(at), self.state == "running"
        events = self.judge(at)
        if running:
            self._end_run(at, calendar)
        measured = terms.calendar if retroactive else calendar
        if retroactive:
            self.elapsed = self.base + sum(measured.between(*_span(run)) for run in self.runs)
        before = {"policy": self.policy, "rule": self.rule, "target": self.target}
        self._take(terms)
        crossed = self.breached_at is None and self.elapsed >= self.limit
        if crossed:
            self.breached_at, self.by_retarget = at, True
            self.crossed_at = self._crossing(measured)
        if running:
            self._run_from(at, terms.calendar)
        why = "retroactive" if retroactive else "retarget"
        events.append(
            self.event("retargeted", at, why, before=before, policy=self.policy, rule=self.rule)
        )
        if crossed:
            line = second(self.crossed_at)
            events.append(self.event("breached", at, "retarget", by_retarget=True, crossed_at=line))
        return events

    def extend(
        self, at: datetime, seconds: int, calendar: Calendar, reason: str, approver: str
    ) -> list[Event]:
        """Gives more time; the original target stays for reports, a breach stays a fact."""
        if not self.is_open:
            return []
        at = whole(at)
        events = self.judge(at)
        self.extended += seconds
        if self.state == "running":
            self._end_run(at, calendar)
            self._run_from(at, calendar)
        return [
            *events,
            self.event("extended", at, reason, seconds=seconds, approver=approver),
        ]

    def waive(self, at: datetime, calendar: Calendar, reason: str, approver: str) -> list[Event]:
        """Takes the cycle out of the count, open or over; the facts stay in the log."""
        if self.state in ("waived", "cancelled"):
            return []
        at = whole(at)
        events = self.judge(at)
        if self.is_open:
            self._finish(at, calendar)
        self.state = "waived"
        return [*events, self.event("waived", at, reason, approver=approver)]

    def _take(self, terms: Terms) -> None:
        self.policy, self.rule, self.target = terms.policy, terms.rule, terms.target
        self.calendar, self.calendar_version = terms.calendar.key, terms.calendar.version

    def _run_from(self, at: datetime, calendar: Calendar) -> None:
        self.resumed_at = at
        self.due = self.breached_at or calendar.add(at, max(0, self.limit - self.elapsed))

    def _end_run(self, at: datetime, calendar: Calendar) -> None:
        if self.resumed_at is None:
            return
        self.elapsed += calendar.between(self.resumed_at, at)
        if at > self.resumed_at:
            self.runs.append([second(self.resumed_at), second(at)])
        if len(self.runs) > MAX_RUNS:
            self.base += calendar.between(*_span(self.runs.pop(0)))
        self.resumed_at = None

    def _finish(self, at: datetime, calendar: Calendar) -> None:
        if self.state == "running":
            self._end_run(at, calendar)
        self.due, self.pause_reason, self.stopped_at = None, None, at

    def _crossing(self, calendar: Calendar) -> datetime | None:
        """When the running intervals reached the present limit."""
        left = self.limit - self.base
        for start, end in map(_span, self.runs):
            measured = calendar.between(start, end)
            if measured >= left >= 0:
                return calendar.add(start, left)
            left -= measured
        return None


def start(
    key: str, metric: str, terms: Terms, at: datetime, cycle: int = 1
) -> tuple[Clock, list[Event]]:
    """A new cycle that runs from an instant."""
    at = whole(at)
    clock = Clock(
        key=key,
        metric=metric,
        policy=terms.policy,
        rule=terms.rule,
        calendar=terms.calendar.key,
        calendar_version=terms.calendar.version,
        target=terms.target,
        cycle=cycle,
        started_at=at,
    )
    clock._run_from(at, terms.calendar)
    return clock, [clock.event("started", at, policy=clock.policy, rule=clock.rule)]


_TIMES = ("started_at", "resumed_at", "due", "breached_at", "crossed_at", "stopped_at")
_DEFAULTS: Mapping[str, Any] = {
    "state": "running",
    "elapsed": 0,
    "extended": 0,
    "by_retarget": False,
    "kept": False,
    "base": 0,
    "pause_reason": None,
    "inside": [],
}
_ALWAYS = ("metric", "policy", "rule", "calendar", "calendar_version", "target", "cycle")


def packed(clock: Clock) -> dict[str, Any]:
    """A clock as JSON: instants as seconds since 1970, what is usual left out."""
    found: dict[str, Any] = {name: getattr(clock, name) for name in _ALWAYS}
    for name in _TIMES:
        value = getattr(clock, name)
        if value is not None:
            found[name] = second(value)
    for name, usual in _DEFAULTS.items():
        value = getattr(clock, name)
        if value != usual:
            found[name] = value
    if clock.runs:
        found["runs"] = list(clock.runs)
    if clock.fired:
        found["fired"] = {str(step): times for step, times in clock.fired.items()}
    if clock.fired_at:
        found["fired_at"] = {str(step): second(at) for step, at in clock.fired_at.items()}
    return found


def unpacked(key: str, found: Mapping[str, Any]) -> Clock:
    """The clock that was packed."""
    values = dict(found)
    for name in _TIMES:
        if name in values:
            values[name] = instant(values[name])
    if "runs" in values:
        values["runs"] = list(values["runs"])
    if "fired" in values:
        values["fired"] = {int(step): times for step, times in values["fired"].items()}
    if "fired_at" in values:
        values["fired_at"] = {int(step): instant(at) for step, at in values["fired_at"].items()}
    return Clock(key=key, **values)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@overload
def second(at: datetime) -> int: ...
@overload
def second(at: None) -> None: ...
def second(at: datetime | None) -> int | None:
    """An instant as seconds since 1970, as it is kept."""
    return None if at is None else (at - EPOCH) // _SECOND


@overload
def instant(second: int) -> datetime: ...
@overload
def instant(second: None) -> None: ...
def instant(second: int | None) -> datetime | None:
    """The instant of a number of seconds since 1970."""
    return None if second is None else EPOCH + timedelta(seconds=second)


def _span(run: Sequence[int]) -> tuple[datetime, datetime]:
    """The beginning and the end of a run that is kept as seconds."""
    return instant(run[0]), instant(run[1])


def soonest(instants: Iterable[datetime | None]) -> datetime | None:
    """The earliest of some instants, None when there is none."""
    return min((at for at in instants if at is not None), default=None)
