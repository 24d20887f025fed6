"""Sub-tickets: a part of a matter that goes its own way, through a process of its own type."""

from collections.abc import Mapping
from typing import Any

from engine.access import policy
from engine.access.policy import Actor
from engine.errors import TicketClosed
from engine.tickets import commands, queries
from engine.uow import command


@command
def create(
    actor: Actor, parent: str, type_key: str, title: str, values: Mapping[str, Any]
) -> commands.Created:
    """Creates a ticket as a part of another; both keep the link in their history."""
    row, _, on = queries.find(actor, parent)
    policy.require(actor, "link", on)
    if row.category in ("closed", "cancelled"):
        raise TicketClosed(number=parent)
    created = commands.create(actor, type_key, title, values)
    commands.link(actor, parent, created.change.row.number, "parent")
    return created
