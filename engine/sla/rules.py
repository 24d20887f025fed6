"""The policies of a version, clock by clock, and which of them holds for a ticket; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.sla.board import Calendars
from engine.sla.clocks import Clock, Terms
from workflows.sla import Document, Goal, Policy, Step

_OWN = 100  # the steps of a goal's own are numbered from here on, those of the policy from 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds for a clock now, and whether the policy's own condition pauses it."""

    policy: Policy
    terms: Terms
    pauses: bool


def clock_of(policy: Policy) -> str:
    """The clock that a policy is for: the metric, with what tells several of one metric apart."""
    parts = policy.elements or policy.groups
    return f"{policy.metric}:{'+'.join(parts)}"[:200] if parts else policy.metric


class Book:
    """All policies of a version; false when there is none."""

    def __init__(self, document: Document) -> None:
        self.at_risk = document.at_risk
        self._calendar = document.calendar
        self._by_key = {policy.key: policy for policy in document.policies}
        clocks: dict[str, list[Policy]] = {}
        for policy in document.policies:
            clocks.setdefault(clock_of(policy), []).append(policy)
        self.clocks: Mapping[str, Sequence[Policy]] = clocks

    def __bool__(self) -> bool:
        return bool(self.clocks)

    def policy(self, clock: Clock) -> Policy | None:
        """The policy that a clock runs by; None when only an older version had it."""
        return self._by_key.get(clock.policy)

    def steps(self, clock: Clock) -> Iterator[tuple[int, Step]]:
        """The numbered steps of a clock: those of its goal, else those of its policy."""
        policy = self.policy(clock)
        if policy is None:
            return
        goal = policy.goals[clock.rule - 1] if clock.rule <= len(policy.goals) else None
        if goal is None or goal.steps is None:
            yield from enumerate(policy.steps, 1)
        else:
            yield from enumerate(goal.steps, _OWN * clock.rule)

    def choose(
        self,
        key: str,
        scope: Mapping[str, Any],
        calendars: Calendars,
        contract: Mapping[str, Any] | None = None,
    ) -> Chosen | None:
        """The first policy for a clock whose condition holds, with its first goal that does.

        A contract may name one of the policies, which then stands for all of that clock.
        """
        policies = self.clocks[key]
        named = (contract or {}).get("policy")
        if named is not None:
            policies = [policy for policy in policies if policy.key == named] or policies
        for policy in policies:
            if policy.when is not None and not policy.when.holds(scope):
                continue
            for number, goal in enumerate(policy.goals, 1):
                if goal.when is None or goal.when.holds(scope):
                    calendar = calendars(self._calendar_of(goal, contract))
                    terms = Terms(policy.key, number, goal.target, calendar)
                    pauses = policy.pause_if is not None and policy.pause_if.holds(scope)
                    return Chosen(policy, terms, pauses)
        return None

    def _calendar_of(self, goal: Goal, contract: Mapping[str, Any] | None) -> str:
        """The contract's calendar stands in for that of the file, not for one a goal names."""
        agreed = (contract or {}).get("calendar")
        return agreed if agreed and goal.calendar == self._calendar else goal.calendar
