"""The demonstration's records: skills and shifts of its people, its customers and its things."""

from collections.abc import Mapping
from typing import Any

from engine.access import commands as access
from engine.access.policy import SYSTEM
from engine.assets.kinds import ASSET, PLACE
from engine.directory.kinds import CONTRACT, CUSTOMER, SHIFT, SKILL
from engine.records import commands

_KINDS = (SKILL, PLACE, CUSTOMER, CONTRACT, ASSET, SHIFT)  # what is pointed at comes first


def add(told: Mapping[str, Any]) -> None:
    """Adds every record that the demonstration tells of, and what its people can do."""
    for kind in _KINDS:
        for values in told.get(kind.plural, ()):
            commands.create(SYSTEM, kind, values)
    for person in told.get("skilled", ()):
        changes = {name: value for name, value in person.items() if name != "username"}
        access.update_user(SYSTEM, person["username"], changes)
