"""What `sla.toml` can say: metrics, policies, goals and the steps of an escalation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from workflows.findings import Finding
from workflows.sla.conditions import Condition

FILE = "sla.toml"
METRICS = (
    "first_response",
    "next_response",
    "periodic_update",
    "requester_wait",
    "agent_work",
    "resolution",
    "assignment",
    "acknowledge",
    "stage",
    "approval",
    "ola",
    "supplier",
)
OnChange = Literal["retarget", "restart", "retroactive"]
Reopen = Literal["continue", "new"]
CatchUp = Literal["highest", "all", "none"]
Until = Literal["ack", "owner", "stop"]
Basis = Literal["percent", "start", "due"]


@dataclass(frozen=True, slots=True)
class Mark:
    """When a step fires: at a percentage of the target, or seconds from the start or the due time.

    Seconds from the due time may be negative. `plain` counts them by the clock on the wall, not in
    open time.
    """

    basis: Basis
    amount: int
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an escalation; `repeat` is in seconds of plain time."""

    at: Mark
    notify: tuple[str, ...] = ()
    assign: str | None = None
    raise_priority: bool = False
    message: str | None = None
    escalation: str | None = None
    repeat: int | None = None
    until: Until = "stop"
    max: int = 1


@dataclass(frozen=True, slots=True)
class Goal:
    """A target in open seconds, with its calendar; its own steps take the place of the policy's."""

    target: int
    calendar: str
    when: Condition | None = None
    steps: tuple[Step, ...] | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One clock: what it measures, for which tickets, by which goals, and what it does in time.

    `pause_on` are status categories, None where the metric's own habit holds. `reasons` are the
    names of the pauses by language, under a category or "pause_if". `place` is that in the file.
    """

    key: str
    metric: str
    goals: tuple[Goal, ...]
    when: Condition | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    pause_on: tuple[str, ...] | None = None
    pause_if: Condition | None = None
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    resume_on_reply: bool = True
    on_change: OnChange = "retarget"
    reopen: Reopen = "continue"
    reopen_within: int | None = None
    catch_up: CatchUp = "highest"
    elements: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """All policies in the order in which they are tried; `at_risk` is a percentage."""

    policies: tuple[Policy, ...] = ()
    calendar: str = "always"
    at_risk: int = 50
    findings: tuple[Finding, ...] = ()

    def calendars(self) -> frozenset[str]:
        """The calendars that the goals name."""
        return frozenset(goal.calendar for policy in self.policies for goal in policy.goals)
