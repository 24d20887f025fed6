"""Throwing events: who gets a message, a signal, an error or an escalation, and what ends."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.processes.spiff.events import (
    EventDefinition,
    EventNode,
    Listener,
    correlation_text,
    listeners,
)
from engine.processes.spiff.facts import Thrown
from engine.processes.spiff.nodes import finish
from engine.processes.spiff.tokens import COMPLETED, LIVE, WAITING, Token, cancel, spawn


class Throw(EventNode):
    """Throws its events and goes on; an end event throws and ends."""

    def act(self, token: Token) -> bool | None:
        """Throw; a token that its own event has ended goes nowhere."""
        run = token.workflow.top_workflow.run
        for definition in self.definitions:
            run.note(token, "thrown")
            throw(token, definition)
            if not token._state & LIVE:
                return True
        return True


def throw(token: Token, definition: EventDefinition) -> None:
    """Bring an event to whoever waits for it."""
    kind = definition.kind
    if kind == "message":
        _send(token, definition)
    elif kind == "signal":
        _broadcast(token, definition)
    elif kind == "error":
        token._state = COMPLETED
        if not _caught(token, definition):
            _end_with_error(token, definition)
    elif kind == "escalation":
        _escalate(token, definition)
    elif kind == "terminate":
        _terminate(token)
    elif kind == "cancel":
        _cancel_transaction(token)


def _payload(token: Token, definition: EventDefinition) -> dict[str, Any]:
    if definition.payload is None:
        return {}
    value = definition.payload.of(token)
    return dict(value) if isinstance(value, Mapping) else {"value": value}


def _send(token: Token, definition: EventDefinition) -> None:
    """A message has one receiver: in this instance if one waits, else outside."""
    payload = _payload(token, definition)
    correlation = None
    if definition.correlation is not None:
        correlation = correlation_text(definition.correlation.of(token))
    top = token.workflow.top_workflow
    for part in top.parts():
        for listener in listeners(part, "message"):
            expected = listener.facts.get("correlation")
            if listener.definition.name == definition.name and expected in (None, correlation):
                listener.fire(payload)
                return
    top.run.thrown.append(
        Thrown("message", definition.name, payload, correlation, token.task_spec.element_id)
    )


def _broadcast(token: Token, definition: EventDefinition) -> None:
    """A signal reaches everybody who waits for it, here and outside."""
    payload = _payload(token, definition)
    top = token.workflow.top_workflow
    top.run.thrown.append(
        Thrown("signal", definition.name, payload, None, token.task_spec.element_id)
    )
    for part in list(top.parts()):
        for listener in listeners(part, "signal"):
            if listener.definition.name == definition.name and listener.token._state == WAITING:
                listener.fire(payload)


def catchers(token: Token, kind: str) -> Iterator[Listener]:
    """Who may catch an error or escalation thrown at a token, from the inside to the outside."""
    current = token
    while True:
        # An event on a loop is attached to its marker, not to the instance.
        owners = {current.id, current._parent} if current.triggered else {current.id}
        found = listeners(current.workflow, kind)
        attached = [
            listener
            for listener in found
            if listener.token._parent in owners and not listener.node.watches
        ]
        watching = [
            listener
            for listener in found
            if listener.node.watches
            # An event sub-process does not catch what it throws itself.
            and not any(flow.target is current.task_spec for flow in listener.node.flows)
        ]
        for level in (attached, watching):
            # One that names the code goes before one that takes any.
            yield from sorted(level, key=lambda listener: listener.definition.code is None)
        outer = current.workflow.parent_token
        if outer is None:
            return
        current = outer


def _caught(token: Token, definition: EventDefinition) -> bool:
    """Bring an error or escalation to the nearest event that takes its code."""
    for listener in catchers(token, definition.kind):
        if listener.definition.code in (None, definition.code):
            listener.fire({"code": definition.code, "name": definition.name})
            return True
    return False


def raise_error(token: Token, code: str | None) -> bool:
    """Let the nearest catcher of an error end its activity; False if there is none."""
    return _caught(token, EventDefinition("error", code=code))


def _end_with_error(token: Token, definition: EventDefinition) -> None:
    """Nobody caught it: the process ends, and says with which error."""
    top = token.workflow.top_workflow
    top.failure = definition.code or definition.name or "error"
    top.run.thrown.append(
        Thrown("error", definition.name, {}, None, token.task_spec.element_id, code=definition.code)
    )
    for other in list(top.tasks.values()):
        cancel(other)
    finish(top)


def _escalate(token: Token, definition: EventDefinition) -> None:
    if _caught(token, definition):
        return
    token.workflow.top_workflow.run.thrown.append(
        Thrown(
            "escalation",
            definition.name,
            _payload(token, definition),
            None,
            token.task_spec.element_id,
            code=definition.code,
        )
    )


def _terminate(token: Token) -> None:
    """Everything else in the same process or sub-process ends, and it with it."""
    workflow = token.workflow
    token._state = COMPLETED
    workflow.top_workflow.run.note(token, "left")
    for other in list(workflow.tasks.values()):
        cancel(other)
    finish(workflow)


def _cancel_transaction(token: Token) -> None:
    """The transaction around the token is undone, then its cancel event goes on."""
    part = token.workflow
    carrier = part.parent_token
    token._state = COMPLETED
    part.top_workflow.run.note(token, "left")
    for other in list(part.tasks.values()):
        cancel(other)
    if carrier is not None:
        carrier.internal_data["cancelled"] = True
        undo = part.spec.undo
        if undo is None:
            finish(part)
        else:
            spawn(part.task_tree, undo)
