"""What follows from a change of a ticket in the same transaction, in order: a list of areas.

Each follower reads the change (columns, facts, actor, time) and may set further columns, note
further facts and put writes into `change.later`; it reads nothing from the database that the locked
row does not hold already, because every step of every ticket pays for it.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from engine.sla import following as sla
from engine.tickets import noticing

if TYPE_CHECKING:
    from engine.tickets.change import Change

Follower = Callable[["Change"], None]

FOLLOWERS: Sequence[Follower] = (sla.follow, noticing.follow)


def follow(change: "Change") -> None:
    """Lets every area take note of a change, before it is written."""
    for follower in FOLLOWERS:
        follower(change)
