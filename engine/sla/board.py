"""The clocks of one ticket together, and what a moment does to them; pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from engine.sla import clocks
from engine.sla.calendars import Calendar
from engine.sla.clocks import Clock, Event, Terms
from engine.sla.moments import METRICS, Metric, Moment
from workflows.sla import Policy

MAX_WAITS = 50

Calendars = Callable[[str], Calendar]


class Choice(Protocol):
    """The policy and terms that hold for a clock now, and whether its own condition pauses it."""

    @property
    def policy(self) -> Policy: ...
    @property
    def terms(self) -> Terms: ...
    @property
    def pauses(self) -> bool: ...


Choose = Callable[[str], Choice | None]
LikelyFrom = Callable[[Clock], int | None]


@dataclass(slots=True)
class Board:
    """Every clock of a ticket by its key, and what is known of the ticket besides."""

    clocks: dict[str, Clock] = field(default_factory=dict)
    seq: int = 0
    answered: bool = False
    acknowledged: bool = False
    planned: datetime | None = None  # when the ticket's one job is due
    contract: dict[str, Any] | None = None
    waits: list[list[int | None]] = field(default_factory=list)  # from and to, as they are kept
    events: list[Event] = field(default_factory=list)
    over: list[Clock] = field(default_factory=list)  # cycles that gave way to the next

    def apply(
        self,
        moment: Moment,
        keys: Mapping[str, Sequence[Policy]],
        choose: Choose,
        calendars: Calendars,
        created_at: datetime,
    ) -> None:
        """Lets every clock take note of a moment."""
        self._wait(moment)
        for key, policies in keys.items():
            _Turn(self, key, policies[0], moment, choose, calendars, created_at).take()
        self.answered = self.answered or moment.agent_spoke
        self.acknowledged = self.acknowledged or moment.acknowledged

    def judge(self, at: datetime) -> None:
        """Writes down what is breached by now."""
        for clock in self.clocks.values():
            self.events += clock.judge(at)

    def waited(self) -> Iterator[tuple[datetime, datetime | None]]:
        """When the ticket waited, the last time perhaps still."""
        for start, end in self.waits:
            assert start is not None  # noqa: S101
            yield clocks.instant(start), clocks.instant(end)

    def _wait(self, moment: Moment) -> None:
        waiting = bool(self.waits) and self.waits[-1][1] is None
        at = clocks.second(moment.at)
        if moment.after == "waiting" and not waiting:
            self.waits = [*self.waits[1 - MAX_WAITS :], [at, None]]
        elif moment.after != "waiting" and waiting:
            self.waits[-1] = [self.waits[-1][0], at]


@dataclass(slots=True)
class _Turn:
    """One clock's turn at one moment: cancel, stop, change of terms, pause or resume, start."""

    board: Board
    key: str
    first: Policy  # what the policies of a clock share: metric, elements, groups
    moment: Moment
    choose: Choose
    calendars: Calendars
    created_at: datetime
    choice: Choice | None = None

    @property
    def clock(self) -> Clock | None:
        return self.board.clocks.get(self.key)

    @property
    def metric(self) -> Metric:
        return METRICS[self.first.metric]

    def take(self) -> None:
        clock = self.clock
        if clock is not None and not clock.is_open and not self._may_begin(clock):
            return
        self.choice = self.choose(self.key)
        if clock is not None and clock.is_open:
            calendar = self.calendars(clock.calendar)
            self._note(clock.judge(self.moment.at))
            if self.metric.cancel(self.moment, self.first):
                self._note(clock.cancel(self.moment.at, calendar, "cancelled"))
            elif self._stops(clock):
                self._note(clock.stop(self.moment.at, calendar))
            elif self.choice is None:
                self._note(clock.cancel(self.moment.at, calendar, "no-policy"))
            elif self._differs(clock):
                self._change(clock, calendar)
        clock = self.clock
        if clock is not None and clock.is_open:
            self._pause_or_resume(clock)
        elif self.choice is not None:
            self._start(clock, self.choice)

    def _may_begin(self, clock: Clock) -> bool:
        """Whether a cycle that is over could be followed by another one now."""
        return self.metric.repeats or (self.metric.reopens and self.moment.reopened)

    def _note(self, events: Iterable[Event]) -> None:
        self.board.events += events

    def _stops(self, clock: Clock) -> bool:
        if self.metric.inside is None:
            return self.metric.stop(self.moment, self.first)
        clock.inside = [one for one in clock.inside if one not in self._left()]
        clock.inside += self._entered()
        return not clock.inside or self.moment.settled

    def _entered(self) -> list[str]:
        if self.metric.inside == "rounds":
            decided = self.moment.rounds_decided
            return [one for one in self.moment.rounds_opened if one not in decided]
        wanted = self.first.elements
        return [task for task, element in self.moment.opened.items() if element in wanted]

    def _left(self) -> Iterable[str]:
        if self.metric.inside == "rounds":
            return {*self.moment.rounds_decided, *self.moment.ended}
        return self.moment.ended

    def _differs(self, clock: Clock) -> bool:
        assert self.choice is not None  # noqa: S101
        terms = self.choice.terms
        return (clock.policy, clock.rule, clock.target, clock.calendar) != (
            terms.policy,
            terms.rule,
            terms.target,
            terms.calendar.key,
        )

    def _change(self, clock: Clock, calendar: Calendar) -> None:
        assert self.choice is not None  # noqa: S101
        how, terms = self.choice.policy.on_change, self.choice.terms
        if how == "restart":
            self._note(clock.cancel(self.moment.at, calendar, "restart"))
            inside = clock.inside
            self._begin(clock, terms, self.moment.at)
            self.board.clocks[self.key].inside = inside
            return
        self._note(
            clock.retarget(self.moment.at, terms, calendar, retroactive=how == "retroactive")
        )

    def _pause_or_resume(self, clock: Clock, *, fresh: bool = False) -> None:
        if self.choice is None:
            return
        calendar, moment = self.calendars(clock.calendar), self.moment
        waits = self._waits_on()
        if self.choice.pauses and clock.state == "running":
            self._note(clock.pause(moment.at, "condition", calendar))
        elif moment.after in waits and (fresh or moment.before not in waits):
            self._note(clock.pause(moment.at, moment.after, calendar))
        elif clock.state == "paused" and not self.choice.pauses:
            if moment.requester_spoke and self.choice.policy.resume_on_reply:
                # What was waited for has come; a pause beyond it would not be honest.
                self._note(clock.resume(moment.at, calendar, "requester-replied"))
            elif moment.after not in waits:
                self._note(clock.resume(moment.at, calendar))

    def _waits_on(self) -> tuple[str, ...]:
        assert self.choice is not None  # noqa: S101
        named = self.choice.policy.pause_on
        return named if named is not None else ("waiting",) if self.metric.waits else ()

    def _start(self, clock: Clock | None, choice: Choice) -> None:
        moment, metric = self.moment, self.metric
        if metric.reopens and clock is not None:
            if moment.reopened and clock.state in ("met", "missed"):
                if choice.policy.reopen == "new" or self._too_late(clock, choice.policy):
                    self._begin(clock, choice.terms, moment.at)
                else:
                    self._note(clock.reopen(moment.at, self.calendars(clock.calendar)))
            return
        if metric.unresolved and moment.over:
            return
        if metric.inside is not None:
            entered = self._entered()
            if entered:
                self._begin(clock, choice.terms, moment.at).inside = entered
            return
        if clock is not None and not metric.repeats:
            return
        if metric.start(moment, self.first):
            self._begin(clock, choice.terms, moment.at)
        elif clock is None and not moment.over and not moment.created:
            self._attach(choice)

    def _too_late(self, clock: Clock, policy: Policy) -> bool:
        """Whether the time within which a cycle can be taken up again is over."""
        if policy.reopen_within is None or clock.stopped_at is None:
            return False
        return (self.moment.at - clock.stopped_at).total_seconds() > policy.reopen_within

    def _attach(self, choice: Choice) -> None:
        """A policy that comes to hold later: what has passed since the creation counts."""
        kind = self.first.metric
        if kind == "acknowledge":
            self._begin(None, choice.terms, self.moment.at)
        elif self.metric.reopens or (kind == "first_response" and self._unanswered()):
            clock = self._begin(None, choice.terms, self.created_at, pausing=False)
            calendar = choice.terms.calendar
            if "waiting" in self._waits_on():
                for start, end in self.board.waited():
                    self._note(clock.pause(start, "waiting", calendar))
                    if end is not None:
                        self._note(clock.resume(end, calendar))

    def _unanswered(self) -> bool:
        """Whether a requester who spoke first has had no answer, this moment's included."""
        answered = self.board.answered or self.moment.agent_spoke
        return self.moment.by_requester and not answered

    def _begin(
        self, before: Clock | None, terms: Terms, at: datetime, *, pausing: bool = True
    ) -> Clock:
        if before is not None:
            self.board.over.append(before)
        cycle = before.cycle + 1 if before is not None else 1
        clock, events = clocks.start(self.key, self.first.metric, terms, at, cycle)
        self.board.clocks[self.key] = clock
        self._note(events)
        if pausing:
            self._pause_or_resume(clock, fresh=True)
        return clock


def packed(board: Board) -> dict[str, Any]:
    """A board as JSON for the ticket's row."""
    found: dict[str, Any] = {
        "seq": board.seq,
        "clocks": {key: clocks.packed(clock) for key, clock in board.clocks.items()},
    }
    for name in ("answered", "acknowledged", "contract"):
        if getattr(board, name):
            found[name] = getattr(board, name)
    if board.planned is not None:
        found["planned"] = clocks.second(board.planned)
    if board.waits:
        found["waits"] = list(board.waits)
    return found


def unpacked(found: Mapping[str, Any] | None) -> Board:
    """The board that was packed; an empty one for nothing."""
    if not found:
        return Board()
    return Board(
        clocks={key: clocks.unpacked(key, one) for key, one in found["clocks"].items()},
        seq=found["seq"],
        answered=found.get("answered", False),
        acknowledged=found.get("acknowledged", False),
        contract=found.get("contract"),
        planned=clocks.instant(found.get("planned")),
        waits=list(found.get("waits", ())),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What queues ask of a ticket: its next due time, how it stands, from when it is at risk."""

    due: datetime | None
    state: str | None
    at_risk: datetime | None


def standing(
    board: Board, at_risk: int, calendars: Calendars, likely_from: LikelyFrom | None = None
) -> Standing:
    """How the open clocks stand together.

    A clock is at risk from a percentage of its target on, or from when its breach is likely:
    `likely_from` gives the open seconds for that, None when it never is.
    """
    running = [c for c in board.clocks.values() if c.state == "running"]
    paused = any(c.state == "paused" for c in board.clocks.values())
    if not running and not paused:
        ended = [c.state for c in board.clocks.values() if c.state in ("met", "missed")]
        state = None if not ended else "missed" if "missed" in ended else "met"
        return Standing(None, state, None)
    breached = any(c.breached_at for c in board.clocks.values() if c.is_open)
    risks = []
    for clock in running:
        if clock.breached_at is None:
            seconds = clock.limit * at_risk // 100
            likely = likely_from(clock) if likely_from is not None else None
            seconds = seconds if likely is None else min(seconds, likely)
            risks.append(clock.instant_of(seconds, calendars(clock.calendar)))
    state = "breached" if breached else "running" if running else "paused"
    return Standing(clocks.soonest(c.due for c in running), state, clocks.soonest(risks))
