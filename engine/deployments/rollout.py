"""Who takes the newest version of a type while it is tried by some: a pure rule.

The rule stands in the type's row as `{"otherwise": id, "departments": [...], "percent": n}`: people
of the departments, and that share of all others, take the version that is open; everybody else
takes the version `otherwise`. The share is drawn by name, so that a person always gets the same
version, and whoever is in at 10 percent is still in at 50.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from engine.access.policy import Actor

MAX_DEPARTMENTS = 200


def rule(otherwise: int, departments: Sequence[str], percent: int) -> dict[str, Any]:
    """The rule as it is kept; `otherwise` is the id of a version."""
    return {"otherwise": otherwise, "departments": sorted(set(departments)), "percent": percent}


def pick(kept: Mapping[str, Any], open_id: int, key: str, actor: Actor) -> int:
    """The id of the version that somebody's new tickets take."""
    if actor.department in kept["departments"] or share(key, actor.username) < kept["percent"]:
        return open_id
    return int(kept["otherwise"])


def share(key: str, username: str) -> int:
    """Where somebody stands between 0 and 99 for a type: the same always, evenly spread."""
    return int.from_bytes(sha256(f"{key}:{username}".encode()).digest()[:8]) % 100
