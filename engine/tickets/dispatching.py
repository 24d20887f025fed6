"""Who gets a step that asks to be routed: its terms, the choice, and what is kept of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, update

from engine import rows
from engine.assignment import explaining, fallbacks, loads, routing, shadows
from engine.assignment.models import Assignment
from engine.assignment.routing import Found, Step, Taken
from engine.db import Base, UTCDateTime
from engine.deployments.catalogue import Loaded
from engine.processes.runtime import OpenTask
from engine.rows import Sender
from engine.tickets.change import Change
from engine.tickets.scope import value_of
from workflows import dmn
from workflows import routing as terms
from workflows.dmn.model import Table
from workflows.routing import DECISION, Terms, TermsUnreadable

_assignment = Base.metadata.tables[Assignment.__tablename__]

# The settings of a step that say the same as the output columns of a routing table.
_await_owner = (
    update(_assignment)
    .where(_assignment.c.task_id == bindparam("task"))
    .values(unowned_at=bindparam("until", type_=UTCDateTime()))
)
_SETTINGS = ("groups", "users", "skills", "strategy", "place", "language", "fallback")
_PEOPLE = ("group", "groups", "users")


def asks(properties: Mapping[str, str]) -> bool:
    """Whether a step wants somebody to be chosen for it; skills alone need people to look among."""
    if properties.get("routing") or properties.get("strategy"):
        return True
    return bool(properties.get("skills")) and bool(
        properties.get("groups") or properties.get("users")
    )


@dataclass(frozen=True, slots=True)
class Routed:
    """For whom a step turned out to be."""

    assignee: str | None
    candidates: tuple[str, ...]


class Dispatcher:
    """Routes the steps that one command opens, and writes with the ticket what came of it.

    Whatever a table says, a step ends up with somebody: what cannot be read or finds nobody goes
    to the fallback, with a fact in the history that alerts.
    """

    def __init__(self, connection: Connection, change: Change, completed: str | None) -> None:
        self._connection = connection
        self._change = change
        self._taken = Taken()
        self._group: str | None = None  # whose member somebody was chosen as
        self._rows: list[dict[str, Any]] = []
        self._facts: list[tuple[str, str, dict[str, Any]]] = []
        worker = getattr(change.row, "task_assignee", None) if completed is not None else None
        if worker is not None:
            self._taken.move(worker, -1, change.row.task_weight)

    def __call__(self, task: OpenTask, scope: Mapping[str, Any]) -> Routed:
        """Chooses somebody for a step."""
        decision = task.properties.get("routing", "")
        key = decision.removeprefix(DECISION).strip()
        found_table = self._change.version.package.decisions.get(key) if decision else None
        answer = _answer(found_table[1], key, scope) if found_table is not None else None
        rule = explaining.rule_of(key, answer.trace) if answer is not None else None
        wanted, found, problem, before = None, None, None, self._taken.copy()
        try:
            wanted = _terms(task.properties, answer, scope)
            self._set_priority(wanted)
            if wanted.groups or wanted.users:
                found = routing.find(self._connection, self._step(task), wanted, self._taken)
        except TermsUnreadable as error:
            problem = {"code": error.code, **error.params}
        chosen = found.choice.chosen if found is not None else None
        if chosen is None and problem is None:
            problem = {"code": "nobody-may" if found else "nobody-named"}
        said = explaining.explanation(wanted, found, rule, problem)
        shadow = self._shadow(task, scope, found, before) if found is not None else None
        if wanted is None:
            wanted = _settings(task.properties, scope)
        groups = tuple(f"group:{group}" for group in wanted.groups)
        if chosen is not None:
            self._keep(task, chosen, None, said, shadow)
            self._group = wanted.groups[0] if wanted.groups else self._group
            people = tuple(f"user:{name}" for name in wanted.users)
            return Routed(chosen, groups + people)
        return self._fall_back(task, wanted, groups, problem or {}, said, shadow)

    def finish(self) -> None:
        """Adds the facts and writes of all steps to the change."""
        for kind, element, data in self._facts:
            self._change.fact(kind, element, **data)
        if self._group is not None:
            self._change.put("group_key", self._group)
        if self._rows:
            self._change.later.append(self._write)

    def _write(self, sender: Sender, ticket_id: int) -> None:
        rows.insert(sender, _assignment, [{**row, "ticket_id": ticket_id} for row in self._rows])
        if self._taken.turns:
            loads.take_turns(sender, self._taken.turns)

    def _step(self, task: OpenTask) -> Step:
        now = self._change.now
        return Step(
            now("type"),
            self._change.row.id,
            task.element,
            now("requester"),
            now("priority"),
            self._change.at,
        )

    def _set_priority(self, wanted: Terms) -> None:
        before = self._change.now("priority")
        if wanted.priority is not None and self._change.put("priority", wanted.priority):
            self._change.fact("priority_changed", before=before, after=wanted.priority)

    def _fall_back(
        self,
        task: OpenTask,
        wanted: Terms,
        groups: tuple[str, ...],
        problem: Mapping[str, Any],
        said: dict[str, Any],
        shadow: dict[str, Any] | None,
    ) -> Routed:
        to = fallbacks.resolve(self._connection, wanted.fallback, wanted.groups)
        self._keep(task, None, to, said, shadow, unowned=not to.startswith("user:"))
        params = {name: value for name, value in problem.items() if name != "code"}
        self._facts += [
            (
                "assignment_failed",
                task.element,
                {"task": task.id, "reason": problem.get("code"), "params": params},
            ),
            ("fallback_used", task.element, {"task": task.id, "to": to, "candidates": [to]}),
        ]
        if to.startswith("user:"):
            return Routed(to.removeprefix("user:"), (*groups, to))
        return Routed(None, tuple(dict.fromkeys((*groups, to))))

    def _shadow(
        self, task: OpenTask, scope: Mapping[str, Any], found: Found, taken: Taken
    ) -> dict[str, Any] | None:
        """What the new table of the type would have done; nothing of it can hurt."""
        if found.shadow is None:
            return None
        table = shadows.current(self._connection, self._change.now("type"), found.shadow)
        if table is None:
            return None
        answer = _answer(table.dmn, table.decision, scope)
        rule = explaining.rule_of(table.decision, answer.trace)
        wanted, other, problem = None, None, None
        try:
            wanted = _terms(task.properties, answer, scope)
            # `taken` is as things were before the table in force chose.
            other = routing.find(self._connection, self._step(task), wanted, taken, silently=True)
        except TermsUnreadable as error:
            problem = {"code": error.code, **error.params}
        chosen = other.choice.chosen if other is not None else None
        said = explaining.explanation(wanted, other, rule, problem)
        return {"chosen": chosen, "rev": table.rev, **said}

    def _keep(
        self,
        task: OpenTask,
        chosen: str | None,
        fallback: str | None,
        said: dict[str, Any],
        shadow: dict[str, Any] | None,
        *,
        unowned: bool = False,
    ) -> None:
        change = self._change
        patience = fallbacks.patience(task.properties.get("fallback_after"))
        if chosen is not None:
            strategy = said["demand"]["strategy"]
            data = {"task": task.id, "assignee": chosen, "strategy": strategy}
            self._facts.append(("task_routed", task.element, data))
        self._rows.append(
            {
                "type": change.now("type"),
                "task_id": task.id,
                "element": task.element,
                "at": change.at,
                "chosen": chosen,
                "fallback": fallback,
                "explanation": said,
                "shadow": shadow,
                "differs": shadow is not None and shadow["chosen"] != chosen,
                "unowned_at": change.at + patience if unowned else None,
            }
        )


def await_owner(change: Change) -> None:
    """Notes that a routed step was given back: it may not be without an owner for too long."""
    task_id, until = change.row.task_id, change.at
    properties = _properties(change.version).get(change.row.task_element, {})
    if asks(properties):
        until += fallbacks.patience(properties.get("fallback_after"))
        change.later.append(
            lambda sender, _: sender.execute(_await_owner, {"task": task_id, "until": until})
        )


def _properties(version: Loaded) -> Mapping[str, Mapping[str, str]]:
    return version.derived(_read_properties)


def _read_properties(version: Loaded) -> dict[str, Mapping[str, str]]:
    return {
        element.id: element.properties
        for process in version.processes.values()
        for element in process.elements.values()
    }


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a routing table says: its outputs by name, and the trace that explains them."""

    outputs: Mapping[str, Any]
    trace: Sequence[Mapping[str, Any]]


def _answer(document: bytes, decision: str, scope: Mapping[str, Any]) -> _Answer:
    found = dmn.evaluate_decision(document, decision, scope)
    outputs = found.outputs
    if isinstance(outputs, Mapping):
        return _Answer(outputs, found.trace)
    # A table with one column answers with the bare value.
    node = dmn.compiled(document).document.nodes.get(decision)
    columns = node.logic.outputs if node is not None and isinstance(node.logic, Table) else ()
    name = columns[0].name if len(columns) == 1 else ""
    return _Answer({} if outputs is None else {name: outputs}, found.trace)


def _terms(
    properties: Mapping[str, str], answer: _Answer | None, scope: Mapping[str, Any]
) -> Terms:
    """What the table says, and for what it leaves open the step's own settings."""
    said = {name: _value(properties.get(name), scope) for name in _SETTINGS}
    said["weights"] = _value(properties.get("routing_weights"), scope)
    if not properties.get("routing"):
        return terms.read(said)
    if answer is None:
        raise TermsUnreadable("routing-decision-unknown")
    if not answer.outputs:
        raise TermsUnreadable("routing-no-rule-hit")
    given = {name: value for name, value in answer.outputs.items() if value not in terms.UNSAID}
    if not given.keys().isdisjoint(_PEOPLE):
        said |= dict.fromkeys(_PEOPLE)
    return terms.read({**said, **given})


def _settings(properties: Mapping[str, str], scope: Mapping[str, Any]) -> Terms:
    """What can be made of the step itself when its table or it makes no sense."""
    settings = {name: _value(properties.get(name), scope) for name in ("groups", "fallback")}
    try:
        return terms.read(settings)
    except TermsUnreadable:
        return Terms()


def _value(text: str | None, scope: Mapping[str, Any]) -> Any:
    return None if not text else value_of(text, scope)
