"""A document compiled: every expression and table once, when a decision first needs it."""

from typing import Any

from workflows.dmn import model
from workflows.dmn.boxed import compile_logic
from workflows.dmn.results import DecisionState
from workflows.dmn.types import Types
from workflows.feel import tree
from workflows.feel.bounds import FeelSyntaxError
from workflows.feel.expression import (
    STOPPED,
    Expression,
    UnaryTest,
    compile_typed,
    compile_unary_typed,
    stopped,
)
from workflows.feel.functions import BUILTINS
from workflows.feel.scope import EMPTY, Closure, Scope
from workflows.feel.types import MISFIT, Type
from workflows.feel.values import kind


class Program:
    """Compiles the parts of one document and keeps what it compiled."""

    def __init__(self, document: model.Model) -> None:
        self.document = document
        self.names = frozenset(
            name for name in document.names if not name.isidentifier() or name in BUILTINS
        )
        self.types = Types(document.items, self.names)
        self._expressions: dict[str, Expression] = {}
        self._tests: dict[str, UnaryTest] = {}
        self._logic: dict[str, Closure] = {}

    def feel(self, text: str) -> Expression:
        """The compiled expression of a text; FeelSyntaxError when it is not one."""
        found = self._expressions.get(text)
        if found is None:
            found = self._expressions[text] = compile_typed(text, self.names, self.types.find)
        return found

    def tests(self, text: model.Text) -> UnaryTest:
        """The compiled tests of a cell; FeelSyntaxError when they are not tests."""
        found = self._tests.get(text.text)
        if found is None:
            found = self._tests[text.text] = compile_unary_typed(
                text.text, self.names, self.types.find
            )
        return found

    def expression(self, text: model.Text, cell: str | None = None) -> Closure:
        """A text as a closure that never raises and says of its warnings where they arose."""
        if not text.text:
            return lambda scope: None
        if text.language:
            return _reporting("language-unknown", text, cell, language=text.language[:60])
        try:
            compiled = self.feel(text.text)
        except FeelSyntaxError as error:
            return _reporting(error.code, text, cell, **error.params)
        if isinstance(compiled.tree, tree.Literal):
            return compiled.closure
        return _guarded(compiled.closure, text.element, cell)

    def logic(self, node: model.Node) -> Closure:
        """The logic of a decision as a closure, compiled when first asked for."""
        found = self._logic.get(node.id)
        if found is None:
            found = self._logic[node.id] = compile_logic(self, node.logic, node.name)
        return found

    def fitted(self, value: Any, wanted: Type, state: DecisionState, place: str, name: str) -> Any:
        """A value as the declared type, or null with a warning."""
        made = wanted.coerce(value)
        if made is not MISFIT:
            return made
        state.report("type-misfit", place, name=name, expected=wanted.name, found=kind(value))
        return None

    def output_values(self, table: model.Table, names: list[str]) -> dict[str, list[Any]]:
        """The listed values of the output columns, the priorities of hit policies P and O."""
        made: dict[str, list[Any]] = {}
        for name, output in zip(names, table.outputs, strict=True):
            text = output.values or self.allowed(output.type)
            if text is not None and text.text:
                made[name] = self._listed(text)
        return made

    def allowed(self, type_name: str) -> model.Text | None:
        """The text of the allowed values of a type."""
        for item in self.document.items:
            if item.name == type_name:
                return item.allowed or item.constraint
        return None

    def _listed(self, text: model.Text) -> list[Any]:
        try:
            nodes = self.tests(text).tree.tests
        except FeelSyntaxError:
            return []
        values: list[Any] = []
        for node in nodes:
            compiled = self.feel(text.text) if len(nodes) == 1 else None
            if isinstance(node, tree.Literal):
                values.append(node.value)
            elif compiled is not None:
                found = compiled.evaluate(EMPTY).value
                values.extend(found if isinstance(found, list) else [found])
        return values


def _reporting(code: str, text: model.Text, cell: str | None, **params: Any) -> Closure:
    def run(scope: Scope) -> None:
        state = scope.state
        if isinstance(state, DecisionState):
            state.report(code, text.element, cell, **params)

    return run


def _guarded(closure: Closure, element: str, cell: str | None) -> Closure:
    def run(scope: Scope) -> Any:
        state = scope.state
        value = None
        try:
            value = closure(scope)
        except STOPPED as error:
            stopped(error, state)
        if state.warnings and isinstance(state, DecisionState):
            state.locate(element, cell)
        return value

    return run
