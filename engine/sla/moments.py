"""What a change of a ticket means to its clocks, and what each metric makes of it.

A moment is one transaction as the clocks see it. A metric is a row of questions about a moment,
asked in the order cancel, stop, pause or resume, start.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workflows.sla import Policy

ENDED = frozenset({"resolved", "closed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Moment:
    """One change of a ticket: what was said and done, and how the ticket stands after it."""

    at: datetime
    before: str | None  # the status category before; None: the ticket is new
    after: str
    requester_spoke: bool = False
    agent_spoke: bool = False  # a person of the working side, to be read by the requester
    by_requester: bool = False  # the ticket was made by whom it is for
    acknowledged: bool = False
    queued: bool = False  # it came to a group
    group: str | None = None
    owner: str | None = None
    opened: Mapping[str, str] = field(default_factory=dict)  # task -> element
    ended: frozenset[str] = frozenset()  # tasks that are over
    rounds_opened: tuple[str, ...] = ()  # tasks of approvals
    rounds_decided: tuple[str, ...] = ()

    @property
    def created(self) -> bool:
        """Whether this is the ticket's beginning."""
        return self.before is None

    @property
    def over(self) -> bool:
        """Whether the matter is settled after this."""
        return self.after in ENDED

    @property
    def settled(self) -> bool:
        """Whether this settles the matter."""
        return self.over and self.before not in ENDED

    @property
    def reopened(self) -> bool:
        """Whether the matter was settled and is not any more."""
        return not self.over and self.before in ENDED


Question = Callable[[Moment, Policy], bool]


def _never(moment: Moment, policy: Policy) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Metric:
    """When a clock of this kind starts and stops, and how often.

    `inside` names what holds a clock open instead: it runs from the first of them that begins
    until the last of them is over, so that what overlaps is counted once.
    """

    start: Question = _never
    stop: Question = _never
    cancel: Question = lambda moment, policy: moment.settled and moment.after == "cancelled"
    repeats: bool = False
    reopens: bool = False
    inside: str | None = None  # tasks, rounds
    waits: bool = False  # a ticket that waits pauses it, unless the policy says otherwise
    unresolved: bool = False  # starts only while the matter is not settled


def _answered(moment: Moment, policy: Policy) -> bool:
    return moment.agent_spoke or moment.settled


def _settled(moment: Moment, policy: Policy) -> bool:
    return moment.settled


def _created(moment: Moment, policy: Policy) -> bool:
    return moment.created


def _first_asked(moment: Moment, policy: Policy) -> bool:
    return moment.by_requester if moment.created else moment.requester_spoke


def _queued(moment: Moment, policy: Policy) -> bool:
    fits = not policy.groups or moment.group in policy.groups
    return (moment.queued or moment.created) and moment.owner is None and fits


def _with_team(moment: Moment, policy: Policy) -> bool:
    return moment.group is not None and moment.group in policy.groups


METRICS: Mapping[str, Metric] = {
    "first_response": Metric(start=_first_asked, stop=_answered),
    "next_response": Metric(
        start=lambda moment, policy: moment.requester_spoke and not moment.created,
        stop=_answered,
        repeats=True,
    ),
    "periodic_update": Metric(
        start=lambda moment, policy: moment.created or moment.agent_spoke or moment.reopened,
        stop=_answered,
        repeats=True,
        unresolved=True,
    ),
    "requester_wait": Metric(start=_created, stop=_settled, reopens=True, waits=True),
    "agent_work": Metric(start=_created, stop=_settled, reopens=True, waits=True),
    "resolution": Metric(start=_created, stop=_settled, reopens=True),
    "assignment": Metric(
        start=_queued,
        stop=lambda moment, policy: moment.owner is not None or moment.settled,
        repeats=True,
        unresolved=True,
    ),
    "acknowledge": Metric(
        start=lambda moment, policy: moment.created or (moment.queued and moment.owner is None),
        stop=lambda moment, policy: moment.acknowledged or moment.settled,
        repeats=True,
        unresolved=True,
    ),
    "stage": Metric(inside="tasks", repeats=True),
    "approval": Metric(inside="rounds", repeats=True),
    "ola": Metric(
        start=_with_team,
        stop=lambda moment, policy: moment.settled or not _with_team(moment, policy),
        repeats=True,
        unresolved=True,
    ),
    "supplier": Metric(
        start=_with_team,
        stop=lambda moment, policy: moment.settled or not _with_team(moment, policy),
        repeats=True,
        unresolved=True,
    ),
}
