"""Whether anybody could have to be told of a change: asked at every step, before there is a job."""

from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

from engine.notify.occasion import FIELDS
from engine.notify.recipients import carried
from engine.notify.rules import Compiled
from workflows.notifications import Rule

Noted = Sequence[tuple[str, str | None, Mapping[str, Any]]]  # kind, element, data

_MORE = ("type", "created_by", "created_at")  # of `ticket` alone
_PERSONAL = ("inbox", "email")
# Names in a condition that only the job itself can fill in.
_LATER = ("reader", "url", "_name", "fact.text", "fact.step", "fact.at")


def could_reach(compiled: Compiled, noted: Noted, now: Callable[[str], Any], actor: str) -> bool:
    """Whether a rule may name somebody else than the actor; `now` gives the ticket's columns.

    It asks the database nothing and errs on the side of yes: groups may be empty, people muted.
    """
    scope: MutableMapping[str, Any] | None = None
    for kind, element, data in noted:
        for rule in compiled.by_kind.get(kind, ()):
            if not _names_somebody(rule, data, now, actor):
                continue
            if rule.when is None or any(name in rule.when for name in _LATER):
                return True
            if scope is None:
                fields = {name: now(name) for name in FIELDS}
                fields["group"] = now("group_key")
                ticket = fields | {name: now(name) for name in _MORE}
                scope = ChainMap({"ticket": ticket}, now("values"), fields)
            fact = {**data, "kind": kind, "element": element, "actor": actor}
            if compiled.holds(rule, ChainMap({"fact": fact}, scope)):
                return True
    return False


def _names_somebody(
    rule: Rule, data: Mapping[str, Any], now: Callable[[str], Any], actor: str
) -> bool:
    if any(channel not in _PERSONAL for channel in rule.by):
        return True  # a group's robot or a webhook hears it whoever acted
    for entry in rule.to:
        if entry == "fact":
            names = [who for who, _ in carried(data)]
        elif entry in ("requester", "assignee"):
            found = now(entry)
            names = [f"user:{found}"] if found else []
        else:
            return True
        if rule.own and names:
            return True
        if any(name not in (f"user:{actor}", actor) for name in names):
            return True
    return False
