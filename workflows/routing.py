"""Routing: what is asked of whoever gets a step, read from its settings or a decision's answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

ROUND_ROBIN = "round_robin"
LEAST_LOADED = "least_loaded"
BEST_MATCH = "best_match"
STRATEGIES = (LEAST_LOADED, ROUND_ROBIN, BEST_MATCH)

# The parts of a score, and how much each counts when nothing is said.
WEIGHTS: Mapping[str, float] = {
    "load": 40,
    "skills": 20,
    "distance": 20,
    "language": 10,
    "last_owner": 10,
}

Point = tuple[float, float]  # latitude, longitude

DECISION = "decision:"  # what a step's `routing` begins with
PRIORITIES = ("P0", "P1", "P2", "P3", "P4")
FALLBACKS = ("user", "group", "role")
MAX_NAMES = 100

# What a routing table may give, by the names of its output columns.
NAMES = frozenset(
    {"group", "groups", "users", "skills", "strategy", "weights", "priority", "place", "language"}
    | {"fallback"}
)
UNSAID: tuple[Any, ...] = (None, "", [], {})


class TermsUnreadable(ValueError):
    """An answer that makes no sense; `params` say what was found."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Terms:
    """Among whom to choose, how, and who gets it when nobody may."""

    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    skills: Mapping[str, int] = field(default_factory=dict)
    strategy: str = LEAST_LOADED
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    place: str | None = None  # key of a place
    point: Point | None = None
    language: str | None = None
    fallback: str | None = None  # "user:…", "group:…", "role:…"
    priority: str | None = None


def read(values: Mapping[str, Any]) -> Terms:
    """The terms in plain values; None and empty texts count as not said. Raises TermsUnreadable."""
    said = {name: value for name, value in values.items() if value not in UNSAID}
    unknown = sorted(set(said) - NAMES)
    if unknown:
        raise TermsUnreadable("routing-output-unknown", name=unknown[0][:60])
    place = said.get("place")
    return Terms(
        groups=tuple(dict.fromkeys((*names(said.get("group")), *names(said.get("groups"))))),
        users=names(said.get("users")),
        skills=skills(said.get("skills")),
        strategy=_one_of("strategy", said.get("strategy", LEAST_LOADED), STRATEGIES),
        weights=weights(said.get("weights")),
        place=place if isinstance(place, str) else None,
        point=None if place is None or isinstance(place, str) else _point(place),
        language=_text("language", said.get("language")),
        fallback=fallback(said.get("fallback")),
        priority=None
        if said.get("priority") is None
        else _one_of("priority", said["priority"], PRIORITIES),
    )


def names(value: Any) -> tuple[str, ...]:
    """Keys: `a, b` or a list of texts."""
    if value is None:
        return ()
    parts: Iterable[Any] = value.split(",") if isinstance(value, str) else value
    if not isinstance(value, str | list) or not all(isinstance(part, str) for part in parts):
        raise TermsUnreadable("routing-unreadable", name="group, users", value=_shown(value))
    found = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    return found[:MAX_NAMES]


def skills(value: Any) -> dict[str, int]:
    """Skills with the level needed: `vpn:2, network`, a list of such texts, or {vpn: 2}."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        pairs = [(str(key), level) for key, level in value.items()]
    else:
        pairs = [
            (key.strip(), level.strip() or 1)
            for key, _, level in (name.partition(":") for name in names(value))
        ]
    try:
        found = {key: int(level) for key, level in pairs}
    except (TypeError, ValueError, ArithmeticError):
        raise TermsUnreadable("routing-unreadable", name="skills", value=_shown(value)) from None
    if not all(key and 1 <= level <= 9 for key, level in found.items()):
        raise TermsUnreadable("routing-unreadable", name="skills", value=_shown(value))
    return found


def weights(value: Any) -> Mapping[str, float]:
    """How much each part of the score counts: `load:50, distance:50`; parts left out count 0."""
    if value is None:
        return WEIGHTS
    if isinstance(value, Mapping):
        pairs = [(str(key), number) for key, number in value.items()]
    else:
        pairs = [(key.strip(), n) for key, _, n in (part.partition(":") for part in names(value))]
    try:
        found = {key: float(number) for key, number in pairs}
    except (TypeError, ValueError, ArithmeticError):
        raise TermsUnreadable("routing-unreadable", name="weights", value=_shown(value)) from None
    if not all(key in WEIGHTS and 0 <= number <= 1000 for key, number in found.items()):
        raise TermsUnreadable("routing-unreadable", name="weights", value=_shown(value))
    return found


def fallback(value: Any) -> str | None:
    """Who gets what nobody may take: `user:li`, `group:leads` or `role:administrator`."""
    text = _text("fallback", value)
    if text is None:
        return None
    kind, colon, key = text.partition(":")
    if not colon or kind.strip() not in FALLBACKS or not key.strip():
        raise TermsUnreadable("routing-unreadable", name="fallback", value=_shown(value))
    return f"{kind.strip()}:{key.strip()}"


def _point(value: Any) -> Point:
    """A place on the map as a location field gives it: {lat, lng}."""
    try:
        point = (float(value["lat"]), float(value["lng"]))
    except (TypeError, KeyError, ValueError, ArithmeticError):
        raise TermsUnreadable("routing-unreadable", name="place", value=_shown(value)) from None
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise TermsUnreadable("routing-unreadable", name="place", value=_shown(value))
    return point


def _one_of(name: str, value: Any, allowed: Iterable[str]) -> str:
    if isinstance(value, str) and value.strip() in allowed:
        return value.strip()
    raise TermsUnreadable("routing-unreadable", name=name, value=_shown(value))


def _text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise TermsUnreadable("routing-unreadable", name=name, value=_shown(value))


def _shown(value: Any) -> str:
    return str(float(value) if isinstance(value, Decimal) else value)[:80]
