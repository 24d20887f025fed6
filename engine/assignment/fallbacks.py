"""Who gets a step that nobody may take: never nobody."""

from datetime import timedelta

from sqlalchemy import Connection

from engine.assignment import loads
from workflows.timers import seconds

ADMINISTRATORS = "role:administrator"
PATIENCE = timedelta(minutes=15)


def resolve(connection: Connection, wanted: str | None, groups: tuple[str, ...]) -> str:
    """A person who is there, a group that exists, or a role: what was asked for, else a lead."""
    kind, _, key = (wanted or "").partition(":")
    if kind == "role":
        return f"role:{key}"
    if kind == "user" and key in loads.active(connection, (key,)):
        return f"user:{key}"
    there = loads.leads(connection, (key, *groups) if kind == "group" else groups)
    if kind == "group" and key in there:
        return f"group:{key}"
    leads = [lead for group in groups if (lead := there.get(group)) is not None]
    present = loads.active(connection, leads) if leads else frozenset()
    return next((f"user:{lead}" for lead in leads if lead in present), ADMINISTRATORS)


def owner(connection: Connection, fallback: str) -> str | None:
    """The person behind a fallback: himself, the lead of the group, the first who has the role."""
    kind, _, key = fallback.partition(":")
    if kind == "user":
        return key if key in loads.active(connection, (key,)) else None
    if kind == "role":
        return loads.first_of_role(connection, key)
    if kind == "group":
        lead = loads.leads(connection, (key,)).get(key)
        return lead if lead is not None and lead in loads.active(connection, (lead,)) else None
    return None


def patience(text: str | None) -> timedelta:
    """How long a step may wait for an owner: a duration such as PT15M."""
    found = seconds(text) if text else None
    return PATIENCE if found is None else timedelta(seconds=found)
