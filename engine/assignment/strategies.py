"""Who of the candidates gets the work: hard rules first, then a score, then an order; no database.

A candidate who lacks a skill, is away or has no room left is never chosen, whatever his score. The
order is total, so that the same candidates always give the same answer.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Any

from workflows.routing import BEST_MATCH, LEAST_LOADED, ROUND_ROBIN, WEIGHTS, Point

MAX_LEVEL = 5  # of a skill

_EARTH = 6371.0  # kilometres, mean radius
_AT_FIRST = 50  # of the best whose shifts are looked up; the others only if nobody works
_HALF_WAY = 10.0  # kilometres at which being near counts half

OnDuty = Callable[[Sequence[str]], Collection[str]]


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is absent, or has handed his work over, perhaps to a deputy."""

    deputy: str | None = None


# Neither of the two is changed once it is made here; frozen ones take three times as long to make,
# and there are hundreds of them in a choice.
@dataclass(slots=True)
class Candidate:
    """A person who might do it, as far as the choice is concerned."""

    username: str
    skills: Mapping[str, int] = field(default_factory=dict)
    load: float = 0.0  # open tasks by the weight of their priority
    open: int = 0  # open tasks
    capacity: int | None = None  # open tasks at most
    away: Away | None = None
    point: Point | None = None
    radius: float = 0.0  # kilometres around the point that count as there
    languages: Sequence[str] = ()
    turn: int = 0  # when he was last chosen, counted; 0: never
    stands_in_for: str | None = None
    has_shifts: bool = False  # whether he works at certain hours only


@dataclass(frozen=True, slots=True)
class Demand:
    """What the work asks for."""

    strategy: str = LEAST_LOADED
    skills: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    point: Point | None = None
    language: str | None = None
    last_owner: str | None = None


@dataclass(slots=True)
class Verdict:
    """What was found of one candidate: `outcome` is chosen, or why not."""

    candidate: Candidate
    outcome: str
    params: Mapping[str, Any] = field(default_factory=dict)
    score: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_eligible(self) -> bool:
        """Whether no hard rule speaks against the person."""
        return self.score is not None


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen (None: nobody may), and a verdict on everybody, the best first."""

    chosen: str | None
    verdicts: Sequence[Verdict]


def choose(
    demand: Demand, candidates: Iterable[Candidate], on_duty: OnDuty | None = None
) -> Choice:
    """The best of those who may; every candidate comes back with a verdict.

    `on_duty` is asked for the best of those who work in shifts, and for the others only when none
    of them works now: whoever comes behind has lost in any case.
    """
    refused: list[Verdict] = []
    ranked: list[tuple[tuple[Any, ...], Verdict]] = []
    order, before = _ORDERS[demand.strategy], _returning(demand)
    for candidate in candidates:
        verdict = _refusal(demand, candidate)
        if verdict is not None:
            refused.append(verdict)
            continue
        parts = _parts(demand, candidate)
        verdict = Verdict(candidate, "", {}, _score(demand.weights, parts), parts)
        ranked.append((order(before, verdict), verdict))
    ranked.sort(key=lambda entry: entry[0])
    if on_duty is not None:
        ranked = _working(ranked, refused, on_duty)
    refused.sort(key=lambda verdict: verdict.candidate.username)
    if not ranked:
        return Choice(None, refused)
    best, winner = ranked[0]
    for key, verdict in ranked:
        verdict.outcome = _lost(demand.strategy, best, key)
    winner.outcome = "chosen"
    return Choice(winner.candidate.username, [verdict for _, verdict in ranked] + refused)


def _working(
    ranked: list[tuple[tuple[Any, ...], Verdict]], refused: list[Verdict], on_duty: OnDuty
) -> list[tuple[tuple[Any, ...], Verdict]]:
    """Those who remain when who is off duty is left out, as far as one has to look."""
    working: list[tuple[tuple[Any, ...], Verdict]] = []
    for block, rest in ((ranked[:_AT_FIRST], ranked[_AT_FIRST:]), (ranked[_AT_FIRST:], [])):
        shifted = [entry[1].candidate.username for entry in block if entry[1].candidate.has_shifts]
        there = on_duty(shifted) if shifted else frozenset()
        for entry in block:
            candidate = entry[1].candidate
            if candidate.has_shifts and candidate.username not in there:
                refused.append(Verdict(candidate, "off_duty"))
            else:
                working.append(entry)
        if working:
            return working + rest
    return working


@lru_cache(maxsize=4096)
def kilometres(one: Point, other: Point) -> float:
    """The distance along a great circle (haversine)."""
    latitude, longitude = radians(one[0]), radians(one[1])
    to_latitude, to_longitude = radians(other[0]), radians(other[1])
    half = (
        sin((to_latitude - latitude) / 2) ** 2
        + cos(latitude) * cos(to_latitude) * sin((to_longitude - longitude) / 2) ** 2
    )
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))


def _refusal(demand: Demand, candidate: Candidate) -> Verdict | None:
    if candidate.away is not None:
        params = {"deputy": candidate.away.deputy} if candidate.away.deputy else {}
        return Verdict(candidate, "absent", params)
    for skill, needed in demand.skills.items():
        level = candidate.skills.get(skill, 0)
        if level < max(needed, 1):
            return Verdict(
                candidate, "unskilled", {"skill": skill, "needed": needed, "level": level}
            )
    if candidate.capacity is not None and candidate.open >= candidate.capacity:
        return Verdict(candidate, "full", {"open": candidate.open, "capacity": candidate.capacity})
    return None


def _parts(demand: Demand, candidate: Candidate) -> dict[str, float]:
    """What speaks for a candidate, each between 0 and 1; what was not asked for is left out."""
    parts = {"load": 1 / (1 + candidate.load)}
    if demand.skills:
        surplus = 0
        for skill, needed in demand.skills.items():
            surplus += min(candidate.skills[skill], MAX_LEVEL) - needed
        parts["skills"] = max(0.0, surplus / len(demand.skills) / (MAX_LEVEL - 1))
    if demand.point is not None:
        parts["distance"] = _nearness(demand.point, candidate)
    if demand.language is not None:
        parts["language"] = float(demand.language in candidate.languages)
    if demand.last_owner is not None:
        parts["last_owner"] = float(demand.last_owner == candidate.username)
    return parts


def _nearness(point: Point, candidate: Candidate) -> float:
    if candidate.point is None:
        return 0.0
    away = max(0.0, kilometres(point, candidate.point) - candidate.radius)
    return 1 / (1 + away / _HALF_WAY)


def _score(weights: Mapping[str, float], parts: Mapping[str, float]) -> float:
    """0 to 100: the parts by their weights, among those that count here."""
    total = got = 0.0
    for name, value in parts.items():
        weight = weights.get(name, 0)
        total += weight
        got += weight * value
    return round(100 * got / total, 4) if total > 0 else 0.0


def _returning(demand: Demand) -> str | None:
    """The one who had this step of this ticket before, if that brings him to the front."""
    return demand.last_owner if demand.weights.get("last_owner", 0) else None


def _by_load(before: str | None, verdict: Verdict) -> tuple[Any, ...]:
    one = verdict.candidate
    name = one.username
    return (before != name, one.load, -(verdict.score or 0), one.turn, name)


def _by_turn(before: str | None, verdict: Verdict) -> tuple[Any, ...]:
    name = verdict.candidate.username
    return (before != name, verdict.candidate.turn, name)


def _by_score(_: str | None, verdict: Verdict) -> tuple[Any, ...]:
    one = verdict.candidate
    return (-(verdict.score or 0), one.load, one.turn, one.username)


# What decides, in order, and what it means to lose at each place.
_ORDERS: Mapping[str, Callable[[str | None, Verdict], tuple[Any, ...]]] = {
    LEAST_LOADED: _by_load,
    ROUND_ROBIN: _by_turn,
    BEST_MATCH: _by_score,
}
_LOST: Mapping[str, Sequence[str]] = {
    LEAST_LOADED: ("not_last_owner", "more_load", "lower_score", "later_turn", "tie"),
    ROUND_ROBIN: ("not_last_owner", "later_turn", "tie"),
    BEST_MATCH: ("lower_score", "more_load", "later_turn", "tie"),
}


def _lost(strategy: str, best: tuple[Any, ...], key: tuple[Any, ...]) -> str:
    """At which place of the order somebody fell behind the winner."""
    for name, won, had in zip(_LOST[strategy], best, key, strict=True):
        if won != had:
            return name
    return "tie"
