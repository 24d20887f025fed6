"""Whom a rule names: places of the ticket, groups, roles, and the people that a fact carries."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from engine.notify import people
from engine.notify.occasion import Fact, Occasion
from workflows.notifications import PLACES, Rule


def named(connection: Connection, occasion: Occasion, rule: Rule, fact: Fact) -> dict[str, bool]:
    """The people whom a rule names, groups and roles as those in them."""
    listed: list[tuple[str, bool]] = []
    for entry in rule.to:
        for one, inside in carried(fact.data) if entry == "fact" else [(entry, False)]:
            listed += _resolved(connection, occasion, one, inside)
    members = people.members(connection, {who[6:] for who, _ in listed if who.startswith("group:")})
    found: dict[str, bool] = {}
    for who, inside in listed:
        kind, _, key = who.partition(":")
        names = [key]
        if kind == "group":
            names = members[key]
        elif kind == "role":
            names = people.with_role(connection, key)
        for name in names:
            found[name] = found.get(name, False) or inside
    return found


def _resolved(
    connection: Connection, occasion: Occasion, entry: str, inside: bool
) -> list[tuple[str, bool]]:
    """A place of the ticket as the people in it, whether or not that lets them see it."""
    row = occasion.row
    name: str | None
    if entry in ("requester", "assignee"):
        name, inside = getattr(row, entry), True
    elif entry in ("watchers", "candidates"):
        return [(who, True) for who in occasion.place(entry)]
    elif entry == "manager":
        name = people.manager_of(connection, row.requester)
    elif entry == "lead":
        name = people.lead_of(connection, row.group_key) if row.group_key else None
    else:
        return [(entry, inside)]
    return [(f"user:{name}", inside)] if name else []


def carried(data: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """Whom a fact itself names, and whether that lets them see the ticket.

    `notify` and `to` may name places, groups and roles; the others hold usernames, of people who
    were given something to do.
    """
    found: dict[str, bool] = {}
    for key in ("notify", "to", "assignee", "people"):
        value = data.get(key)
        for who in value if isinstance(value, list) else [value]:
            if not isinstance(who, str) or not who:
                continue
            is_plain = ":" not in who and (key in ("assignee", "people") or who not in PLACES)
            found.setdefault(f"user:{who}" if is_plain else who, is_plain)
    return list(found.items())
