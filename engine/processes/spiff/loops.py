"""Loop markers: an activity done several times, one after the other or all at once."""

from typing import TYPE_CHECKING, Any

from engine.processes.spiff.events import EventDefinition
from engine.processes.spiff.facts import LoopPlace, ProcessFault
from engine.processes.spiff.nodes import Node
from engine.processes.spiff.scripting import Expression, Scope, assign, shown
from engine.processes.spiff.throwing import throw
from engine.processes.spiff.tokens import LIVE, STARTED, Token, cancel, spawn

if TYPE_CHECKING:
    from engine.processes.spiff.specs import Element, ProcessSpec

MAX_INSTANCES = 1000


class Loop(Node):
    """The marker of an activity: makes an instance a turn and collects what they leave.

    An instance sees `loopCounter` (from 1) and its item; conditions also see numberOfInstances,
    numberOfCompletedInstances, numberOfActiveInstances and numberOfTerminatedInstances.
    """

    def __init__(self, spec: "ProcessSpec", name: str, element: "Element | None") -> None:
        super().__init__(spec, name, element)
        self.inner: Node
        self.parallel = False
        self.standard = False
        self.test_before = False
        self.maximum: int | None = None
        self.condition: Expression | None = None
        self.cardinality: Expression | None = None
        self.collection: str | None = None
        self.item: str | None = None
        self.output: str | None = None
        self.output_item: str | None = None
        # Thrown when an instance completes and the condition, where there is one, is true.
        self.throws: list[tuple[Expression | None, EventDefinition]] = []
        self.first_throws = False  # at the first instance alone

    def arrive(self, token: Token) -> None:
        """Find out how often, and begin."""
        for event in self.boundary:
            spawn(token, event)
        if not token._state & LIVE:
            return
        token._state = STARTED
        state = token.internal_data
        state["done"] = state["made"] = 0
        if self.standard:
            if self.test_before and not self._again(token):
                self.make_ready(token)
            else:
                self._make(token)
            return
        items = self._items(token)
        state["count"] = len(items)
        if self.collection is not None:
            state["items"] = items
        if self.output is not None:
            state["out"] = [None] * len(items)
        if not items:
            self._over(token)
        elif self.parallel:
            for _ in items:
                if token._state == STARTED:
                    self._make(token)
        else:
            self._make(token)

    def child_done(self, token: Token, child: Token) -> None:
        """An instance is through."""
        state = token.internal_data
        state["done"] += 1
        if self.output is not None and self.output_item is not None:
            scope = Scope(child)
            index = (child.local or {})["loopCounter"] - 1
            state["out"][index] = scope.get(self.output_item)
        if self.throws and not (self.first_throws and state["done"] > 1):
            counts = self._counts(token)
            for condition, thrown in self.throws:
                if condition is None or condition.truth(child, counts):
                    throw(token, thrown)
                if not token._state & LIVE:
                    return
        if self.standard:
            if self._again(token):
                self._make(token)
            else:
                self._over(token)
            return
        if self.condition is not None and self.condition.truth(child, self._counts(token)):
            for other_id in list(token._children):
                other = token.workflow.tasks[other_id]
                if other.triggered:
                    cancel(other)
            self._over(token)
        elif state["done"] >= state["count"]:
            self._over(token)
        elif not self.parallel:
            self._make(token)

    def place(self, child: Token, token: Token) -> LoopPlace:
        """Which instance a child is."""
        local = child.local or {}
        item = local.get(self.item) if self.item is not None else None
        return LoopPlace(local.get("loopCounter", 1), token.internal_data.get("count"), item)

    def _again(self, token: Token) -> bool:
        done = token.internal_data["done"]
        if self.maximum is not None and done >= self.maximum:
            return False
        return self.condition is None or self.condition.truth(token, {"loopCounter": done})

    def _make(self, token: Token) -> None:
        state = token.internal_data
        index = state["made"]
        state["made"] = index + 1
        local: dict[str, Any] = {"loopCounter": index + 1}
        if self.item is not None and "items" in state:
            local[self.item] = state["items"][index]
        if self.output_item is not None and self.output is not None:
            local.setdefault(self.output_item, None)
        spawn(token, self.inner, behalf=True, local=local)

    def _over(self, token: Token) -> None:
        state = token.internal_data
        if self.output is not None:
            assign(token, self.output, state.get("out", []))
        token.internal_data = {key: state[key] for key in ("local", "race") if key in state}
        self.make_ready(token)

    def _items(self, token: Token) -> list[Any]:
        if self.collection is not None:
            scope = Scope(token)
            found = scope.get(self.collection)
            if not isinstance(found, list | tuple | set):
                raise ProcessFault(
                    "loop-invalid", self.element_id, collection=self.collection, found=shown(found)
                )
            items = list(found)
        elif self.cardinality is not None:
            items = [None] * min(self.cardinality.number(token), MAX_INSTANCES + 1)
        else:
            items = []
        if len(items) > MAX_INSTANCES:
            raise ProcessFault("loop-invalid", self.element_id, maximum=MAX_INSTANCES)
        return items

    def _counts(self, token: Token) -> dict[str, Any]:
        state = token.internal_data
        return {
            "numberOfInstances": state["count"],
            "numberOfCompletedInstances": state["done"],
            "numberOfActiveInstances": state["made"] - state["done"],
            "numberOfTerminatedInstances": 0,
        }

    def _on_complete(self, token: Token) -> None:
        # The instances have said that they were entered and left; the marker itself is silent.
        run = token.workflow.top_workflow.run
        before = len(run.steps)
        super()._on_complete(token)
        if before < len(run.steps) and run.steps[before].token == token.id:
            del run.steps[before]
