"""One evaluation of a document: requirements first, each decision once."""

from collections.abc import Mapping
from typing import Any

from workflows.dmn import model
from workflows.dmn.program import Program
from workflows.dmn.results import DecisionState
from workflows.dmn.trace import shown
from workflows.dmn.types import from_text
from workflows.feel.bounds import Problem, State
from workflows.feel.compile_forms import user_function
from workflows.feel.scope import EMPTY, Local, Root
from workflows.feel.types import ANY
from workflows.feel.values import Function, to_feel


class Evaluation:
    """Values of the nodes of a document for one context; `given` are nodes known beforehand."""

    def __init__(
        self,
        program: Program,
        context: Mapping[str, Any],
        state: DecisionState,
        given: dict[str, Any] | None = None,
    ) -> None:
        self.program = program
        self.document = program.document
        self.context = context
        self.state = state
        self.values: dict[str, Any] = dict(given or {})
        self.active: set[str] = set()
        self.root = Root(context, state)

    def value(self, identity: str) -> Any:
        """The value of a node, evaluated when first asked for."""
        if identity in self.values:
            return self.values[identity]
        node = self.document.nodes.get(identity)
        if node is None:
            service = self.document.services.get(identity)
            if service is None:
                self.state.report("requirement-unknown", identity[:80], name=identity[:80])
                return None
            value: Any = self.service(service)
        elif identity in self.active:
            self.state.report("requirement-circle", identity, name=node.name)
            return None
        else:
            self.active.add(identity)
            made = {"decision": self.decision, "input": self.input, "knowledge": self.knowledge}
            value = made[node.kind](node)
            self.active.discard(identity)
        self.values[identity] = value
        return value

    def scope(self, node: model.Node) -> Local:
        """What the logic of a node sees: the nodes that it requires, then the context."""
        local = Local(self.root, self.state)
        for identity in (*node.inputs, *node.decisions):
            local[self.name_of(identity)] = self.value(identity)
        for identity in node.knowledge:
            if identity != node.id:
                local[self.name_of(identity)] = self.value(identity)
        return local

    def name_of(self, identity: str) -> str:
        """The name by which logic speaks of a node."""
        found = self.document.nodes.get(identity) or self.document.services.get(identity)
        return (found.variable.name or found.name) if found else identity

    def decision(self, node: model.Node) -> Any:
        """The value of a decision."""
        scope = self.scope(node)
        if node.logic is None:
            self.state.report("logic-missing", node.id, name=node.name)
            return None
        before = len(self.state.steps_of)
        value = self.program.logic(node)(scope)
        wanted = self.program.types.of(node.variable.type)
        if wanted is not ANY:
            value = self.program.fitted(value, wanted, self.state, node.id, node.name)
        self._explain(node, value, before)
        return value

    def _explain(self, node: model.Node, value: Any, before: int) -> None:
        steps = self.state.steps_of
        if isinstance(node.logic, model.Table) and len(steps) == before + 1:
            step = steps[before]
            steps[before] = lambda: {**step(), "id": node.id, "value": shown(value)}
            return
        text = node.logic.text.text if isinstance(node.logic, model.Literal_) else None
        steps.append(
            lambda: {
                "kind": _KINDS[type(node.logic)],
                "decision": node.name,
                "id": node.id,
                **({"text": text[:500]} if text is not None else {}),
                "value": shown(value),
            }
        )

    def input(self, node: model.Node) -> Any:
        """The value of input data, taken from the context and fitted to its type."""
        raw = _found(self.context, node.variable.name, node.name)
        if raw is _MISSING:
            self.state.report("input-missing", node.id, name=node.name)
            return None
        value = to_feel(raw)
        wanted = self.program.types.of(node.variable.type)
        if wanted is ANY:
            return value
        value = from_text(value, wanted)
        return self.program.fitted(value, wanted, self.state, node.id, node.name)

    def knowledge(self, node: model.Node) -> Any:
        """A business knowledge model as a function."""
        if not isinstance(node.logic, model.FunctionDefinition):
            self.state.report("logic-missing", node.id, name=node.name)
            return None
        scope = Local(Root(EMPTY, self.state), self.state)
        for identity in node.knowledge:
            if identity != node.id:
                scope[self.name_of(identity)] = self.value(identity)
        function = self.program.logic(node)(scope)
        # So that it can call itself.
        scope[self.name_of(node.id)] = function
        if isinstance(function, Function) and not node.logic.type and node.variable.type:
            function.result = self.program.types.find(node.variable.type)
        return function

    def service(self, service: model.Service) -> Function:
        """A decision service as a function of its input data and input decisions."""
        identities = (*service.input_data, *service.input_decisions)
        names = tuple(self.name_of(identity) for identity in identities)
        types = tuple(self._type_of(identity) for identity in identities)

        def run(arguments: list[Any], state: State) -> Any:
            if not isinstance(state, DecisionState):
                raise Problem("external-function")
            given = dict(zip(identities, arguments, strict=True))
            return Evaluation(self.program, EMPTY, state, given).outputs(service)

        wanted = self.program.types.of(service.variable.type)
        return user_function(names, run, types, wanted, 5, service.name)

    def _type_of(self, identity: str) -> Any:
        node = self.document.nodes.get(identity)
        return self.program.types.of(node.variable.type) if node else ANY

    def outputs(self, service: model.Service) -> Any:
        """The value of a service: its output decision, or a context of several."""
        values = {self.name_of(identity): self.value(identity) for identity in service.outputs}
        return next(iter(values.values())) if len(values) == 1 else values


_KINDS: dict[type, str] = {
    model.Literal_: "literal expression",
    model.Table: "decision table",
    model.BoxedContext: "context",
    model.BoxedList: "list",
    model.Relation: "relation",
    model.Invocation: "invocation",
    model.FunctionDefinition: "function",
    model.Conditional: "conditional",
    model.BoxedFilter: "filter",
    model.Iterator_: "iterator",
}
_MISSING = object()


def _found(context: Mapping[str, Any], *names: str) -> Any:
    """The value under the first of the names that the context has."""
    for name in dict.fromkeys(names):
        try:
            return context[name]
        except KeyError:
            continue
    for key in context:
        if isinstance(key, str) and " ".join(key.split()) in names:
            return context[key]
    return _MISSING


def evaluate(
    program: Program, wanted: str, context: Mapping[str, Any], state: DecisionState
) -> Any:
    """The value of a decision, decision service or business knowledge model, by id or name."""
    document = program.document
    node = document.nodes.get(wanted) or _named(document.nodes, wanted, "decision")
    service = document.services.get(wanted) or _named(document.services, wanted)
    if node is not None and node.kind != "knowledge":
        return Evaluation(program, context, state).value(node.id)
    if service is not None:
        given = {
            identity: to_feel(raw)
            for identity in service.input_decisions
            if (raw := _found(context, *_names(document, identity))) is not _MISSING
        }
        return Evaluation(program, context, state, given).outputs(service)
    node = node or _named(document.nodes, wanted, "knowledge")
    if node is None:
        state.report("decision-unknown", "", name=wanted[:80])
        return None
    return _called(Evaluation(program, EMPTY, state).value(node.id), node, context, state)


def _names(document: model.Model, identity: str) -> tuple[str, ...]:
    node = document.nodes.get(identity)
    return (node.variable.name, node.name) if node else ()


def _called(
    function: Any, node: model.Node, context: Mapping[str, Any], state: DecisionState
) -> Any:
    if not isinstance(function, Function):
        return None
    raw = [_found(context, name) for name in function.parameters]
    arguments = [None if value is _MISSING else to_feel(value) for value in raw]
    try:
        return function.call(arguments, state)
    except Problem as problem:
        state.report(problem.code, node.id, **problem.params)
    return None


def _named(nodes: Mapping[str, Any], name: str, kind: str = "") -> Any:
    plain = " ".join(name.split())
    for node in nodes.values():
        if plain in (node.name, node.variable.name) and (not kind or node.kind == kind):
            return node
    return None
