"""Events: what is waited for, and what happens to whom when it is caught or thrown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.processes.spiff.facts import ProcessFault, Wait
from engine.processes.spiff.nodes import Node
from engine.processes.spiff.scripting import Expression, Value, assign, merge, shown
from engine.processes.spiff.timers import Schedule, TimerInvalid, schedule
from engine.processes.spiff.tokens import (
    COMPLETED,
    LIVE,
    READY,
    WAITING,
    Token,
    Workflow,
    cancel,
    queue,
    release,
)

if TYPE_CHECKING:
    from engine.processes.spiff.specs import Element, ProcessSpec

WAIT_KINDS = {
    "timer": "timer",
    "message": "message",
    "signal": "signal",
    "conditional": "condition",
}


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What one event is about, with its texts compiled."""

    kind: str
    name: str | None = None
    code: str | None = None
    timer: Value | None = None
    way: str | None = None
    condition: Expression | None = None
    activity: str | None = None
    correlation: Value | None = None
    payload: Value | None = None
    variable: str | None = None


class EventNode(Node):
    """A node with event definitions."""

    def __init__(self, spec: "ProcessSpec", name: str, element: "Element | None") -> None:
        super().__init__(spec, name, element)
        self.definitions: Sequence[EventDefinition] = ()


class Catch(EventNode):
    """Waits for its event; with several definitions for any of them, or for all (`parallel`)."""

    urgent = True
    parallel = False
    interrupting = True

    def arrive(self, token: Token) -> None:
        """Start to wait."""
        self.enter(token)
        if token._state & LIVE:
            self.listen(token)

    def listen(self, token: Token) -> None:
        """Work out what exactly is waited for, and see whether it is there already."""
        if not self.definitions:
            self.make_ready(token)
            return
        token._state = WAITING
        armed: dict[int, dict[str, Any]] = {}
        for index, definition in enumerate(self.definitions):
            armed[index] = self._arm(token, definition)
        token.internal_data["wait"] = armed
        for index, definition in enumerate(self.definitions):
            if definition.kind == "conditional":
                self.look(token, index)

    def _arm(self, token: Token, definition: EventDefinition) -> dict[str, Any]:
        host = token.workflow.top_workflow.run.host
        if definition.kind == "timer" and definition.timer is not None:
            value = definition.timer.of(token)
            try:
                plan = schedule(value, definition.way, host.now, host.zone)
            except TimerInvalid as problem:
                raise ProcessFault(
                    "timer-invalid", self.element_id, value=shown(value), reason=str(problem)
                ) from problem
            return _planned(plan)
        if definition.correlation is not None:
            return {"correlation": correlation_text(definition.correlation.of(token))}
        return {}

    def waits(self, token: Token) -> Iterator[Wait]:
        """What the token waits for, as rows for the outside."""
        element = self.element
        armed: dict[int, dict[str, Any]] = token.internal_data.get("wait", {})
        if element is None or token._state != WAITING:
            return
        single = len(self.definitions) == 1
        for index, definition in enumerate(self.definitions):
            kind = WAIT_KINDS.get(definition.kind)
            if kind is None or index not in armed:
                continue
            facts = armed[index]
            yield Wait(
                token.id if single else f"{token.id}:{index}",
                element.id,
                kind,  # type: ignore[arg-type]
                definition.name,
                facts.get("correlation"),
                facts.get("due"),
                self.interrupting,
                "again" in facts,
                element.attached_to,
                element.process,
            )

    def look(self, token: Token, index: int = 0) -> bool:
        """Ask a condition; it fires when it becomes true."""
        definition = self.definitions[index]
        armed = token.internal_data.get("wait", {}).get(index)
        if definition.condition is None or armed is None or token._state != WAITING:
            return False
        now = definition.condition.value(token) is True
        before = armed.get("true", False)
        armed["true"] = now
        if now and not before:
            self.fire(token, index, {})
            return True
        return False

    def fire(self, token: Token, index: int, payload: Mapping[str, Any]) -> None:
        """The event has come: keep what it brought and go on."""
        self.keep(token, index, payload)
        armed = token.internal_data.get("wait", {})
        armed.pop(index, None)
        if self.parallel and armed:
            return
        token.internal_data.pop("wait", None)
        token.workflow.top_workflow.run.note(token, "caught")
        race = token.internal_data.get("race")
        if race is not None:
            for other in list(token.workflow.tasks.values()):
                if other is not token and other.internal_data.get("race") == race:
                    cancel(other)
        self.make_ready(token)

    def keep(self, token: Token, index: int, payload: Mapping[str, Any]) -> None:
        """What the event brought becomes one variable, or its keys become variables."""
        variable = self.definitions[index].variable
        if variable is not None:
            assign(token, variable, dict(payload))
        elif self.definitions[index].kind in ("message", "signal"):
            merge(token, payload)


class Boundary(Catch):
    """An event on the edge of an activity: ends it, or goes on beside it as often as it comes."""

    follows_events = True

    def arrive(self, token: Token) -> None:
        """It listens from the moment the activity is entered; compensation only marks."""
        if any(d.kind != "compensate" for d in self.definitions):
            self.listen(token)
        else:
            token._state = COMPLETED

    def fire(self, token: Token, index: int, payload: Mapping[str, Any]) -> None:
        """Interrupting events end their activity here and now, before anything else runs."""
        armed = token.internal_data.get("wait", {})
        if self.parallel and len(armed) > 1:
            self.keep(token, index, payload)
            armed.pop(index, None)
            return
        if self.interrupting:
            token.internal_data.pop("wait", None)
            token._state = READY
            self.interrupt(token)
            self.keep(token, index, payload)
            token.workflow.top_workflow.run.note(token, "caught", status=True)
            queue(token)
            return
        self.keep(token, index, payload)
        going = Token(token.workflow, self, token, READY)
        token.workflow.top_workflow.run.note(going, "caught", status=True)
        queue(going)
        self._listen_on(token, index)

    def interrupt(self, token: Token) -> None:
        """End what the event is attached to."""
        activity = token.parent
        if activity is not None:
            cancel(activity)

    def _listen_on(self, token: Token, index: int) -> None:
        """A repeating timer gets its next moment; one that has fired for the last time is over."""
        definition = self.definitions[index]
        if definition.kind != "timer":
            return
        armed = token.internal_data["wait"]
        plan = Schedule(armed[index]["due"], armed[index].get("left", 1), armed[index].get("again"))
        host = token.workflow.top_workflow.run.host
        following = plan.next(host.zone, host.now)
        if following is not None:
            armed[index] = _planned(following)
            return
        del armed[index]
        if not armed:
            release(token)


class Watch(Boundary):
    """The start event of an event sub-process, listened to while its process runs."""

    watches = True

    def interrupt(self, token: Token) -> None:
        """End everything else in the same process or sub-process."""
        for other in list(token.workflow.tasks.values()):
            if other is not token:
                cancel(other)


def _planned(plan: Schedule) -> dict[str, Any]:
    facts: dict[str, Any] = {"due": plan.due}
    if plan.again is not None:
        facts["left"] = plan.left
        facts["again"] = plan.again
    return facts


def correlation_text(value: Any) -> str | None:
    """A correlation value as text: what is sent and what is waited for are compared as text."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


@dataclass(frozen=True, slots=True)
class Listener:
    """A token that waits for an event, with the node it stands on and the definition meant."""

    token: Token
    node: Catch
    index: int
    definition: EventDefinition

    def fire(self, payload: Mapping[str, Any]) -> None:
        """The event has come."""
        self.node.fire(self.token, self.index, payload)

    def look(self) -> bool:
        """Ask whether a condition has become true."""
        return self.node.look(self.token, self.index)

    @property
    def facts(self) -> dict[str, Any]:
        """What was worked out when the token began to wait."""
        facts: dict[str, Any] = self.token.internal_data["wait"][self.index]
        return facts


def listening(token: Token) -> Iterator[Listener]:
    """What one token waits for."""
    node = token.task_spec
    if token._state == WAITING and isinstance(node, Catch):
        armed = token.internal_data.get("wait", {})
        for index, definition in enumerate(node.definitions):
            if index in armed:
                yield Listener(token, node, index, definition)


def listeners(workflow: Workflow, kind: str) -> list[Listener]:
    """The tokens of one process or part that wait for events of a kind, oldest first."""
    return [
        listener
        for token in workflow.tasks.values()
        if token._state == WAITING
        for listener in listening(token)
        if listener.definition.kind == kind
    ]
