"""How steps choose people: their routing settings, and the tables that answer for them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows import dmn, routing
from workflows.bpmn import Element
from workflows.checks.context import Context
from workflows.dmn.model import Table
from workflows.documents import DocumentError
from workflows.extensions import Setting, Settings
from workflows.timers import seconds

_TEXT = re.compile(r'"([^"\\]*)"')
_PEOPLE = frozenset({"group", "groups", "users"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands: a step, or a cell of a table."""

    context: Context
    document: str
    element: str
    cell: str | None

    def say(self, code: str, *, warning: bool = False, **params: Any) -> None:
        severity = "warning" if warning else "error"
        if self.cell is not None:
            at = self.cell
            self.context.at(severity, self.document, code, self.element, at, **params)  # type: ignore[arg-type]
        elif warning:
            self.context.warn(self.document, code, self.element, **params)
        else:
            self.context.error(self.document, code, self.element, **params)


def check(context: Context, path: str, element: Element, settings: Settings) -> None:
    """The routing of one step."""
    wanted = settings.routing
    named = settings.groups is not None or settings.users is not None
    asks = "routing" in wanted or "strategy" in wanted
    if not asks and not (settings.skills is not None and named):
        if wanted:
            context.error(path, "routing-incomplete", element.id, properties=", ".join(wanted))
        return
    if settings.is_approval:
        context.error(path, "routing-on-approval", element.id)
        return
    place = _Place(context, path, element.id, None)
    values: list[tuple[str, Setting | None]] = [("skills", settings.skills), *wanted.items()]
    for name, setting in values:
        if setting is not None and not setting.is_expression and name in _READERS:
            _value(place, name, setting.text)
    patience = wanted.get("fallback_after")
    if patience is not None and seconds(patience.text) is None:
        text = patience.text[:60]
        context.error(path, "timer-duration-unreadable", element.id, text=text)
    if "routing" in wanted:
        named = _decision(context, path, element, wanted["routing"].text, named)
    if not named:
        context.error(path, "routing-without-people", element.id)


def _decision(context: Context, path: str, element: Element, text: str, named: bool) -> bool:
    """Looks at the table of a step; whether people are named somewhere (or it cannot be said)."""
    key = text.removeprefix(routing.DECISION).strip()
    found = context.package.decisions.get(key)
    if not text.startswith(routing.DECISION) or found is None:
        context.error(path, "routing-decision-unknown", element.id, decision=text[:60])
        return True
    document, data = found
    try:
        node = dmn.compiled(data).document.nodes.get(key)
    except DocumentError:
        return True  # the document has its own finding
    if node is None or not isinstance(node.logic, Table):
        return True
    names = [output.name for output in node.logic.outputs]
    for at, name in enumerate(names, 1):
        if name not in routing.NAMES:
            cell = f"column {len(node.logic.inputs) + at}"
            known = ", ".join(sorted(routing.NAMES))
            where = _Place(context, document, key, cell)
            where.say("routing-output-unknown", name=name[:60], known=known)
    for number, rule in enumerate(node.logic.rules, 1):
        for name, cell_text in zip(names, rule.results, strict=False):
            literal = _TEXT.fullmatch(cell_text.text.strip())
            if literal and name in _READERS:
                where = _Place(context, document, key, f"rule {number}, {name}")
                _value(where, name, literal[1])
    return named or not _PEOPLE.isdisjoint(names)


def _value(place: _Place, name: str, text: str) -> None:
    """Reads a value as the run will, and looks whether what it names is there."""
    try:
        read = _READERS[name](text)
    except routing.TermsUnreadable:
        place.say("routing-unreadable", name=name, value=text[:60])
        return
    known, package = place.context.known, place.context.package
    if name in ("group", "groups"):
        _there(place, "group", read, known.groups, package.manifest.groups)
    elif name == "users":
        _there(place, "user", read, known.users)
    elif name == "skills":
        for skill in read:
            if known.skills is not None and skill not in known.skills:
                place.say("skill-not-there-yet", warning=True, name=skill[:60])
    elif name == "fallback" and read is not None:
        kind, _, key = read.partition(":")
        if kind == "group":
            _there(place, "group", [key], known.groups, package.manifest.groups)
        elif kind == "user":
            _there(place, "user", [key], known.users)


def _there(place: _Place, kind: str, names: Any, known: Any, declared: Any = ()) -> None:
    for name in names:
        if known is not None and name not in known and name not in declared:
            place.say(f"{kind}-unknown", name=name[:80])


def _one_of(name: str, allowed: tuple[str, ...]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text.strip() not in allowed:
            raise routing.TermsUnreadable("routing-unreadable", name=name, value=text)
        return text

    return read


_READERS: Mapping[str, Callable[[str], Any]] = {
    "group": routing.names,
    "groups": routing.names,
    "users": routing.names,
    "skills": routing.skills,
    "weights": routing.weights,
    "routing_weights": routing.weights,
    "fallback": routing.fallback,
    "strategy": _one_of("strategy", routing.STRATEGIES),
    "priority": _one_of("priority", routing.PRIORITIES),
}
