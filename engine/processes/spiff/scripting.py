"""FEEL for the process: conditions, values and script lines, and the scope they see.

This is the only script engine the library ever gets; Python text is never executed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.processes.spiff.facts import ProcessFault
from workflows import feel

if TYPE_CHECKING:
    from engine.processes.spiff.tokens import Token, Workflow


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled FEEL text and the element it belongs to, for messages."""

    text: str
    element: str
    compiled: feel.Expression

    def value(self, token: "Token", extra: Mapping[str, Any] | None = None) -> Any:
        """Evaluate where the token stands; a limit that is hit is a ProcessFault."""
        return self.within(token, Scope(token, extra))

    def within(self, token: "Token", scope: Mapping[str, Any]) -> Any:
        """Evaluate in a scope that the caller has made; warnings go to the run."""
        run = token.workflow.top_workflow.run
        before = feel.clock.set(run.clock)
        try:
            result = self.compiled.evaluate(scope)
        except ProcessFault:
            raise
        except Exception as problem:  # the host's scope has failed: expressions never raise
            raise ProcessFault(
                "expression-error", self.element, expression=self.text, reason=str(problem)
            ) from problem
        finally:
            feel.clock.reset(before)
        for warning in result.warnings:
            run.warn(self.element, self.text, warning)
        return result.value

    def truth(self, token: "Token", extra: Mapping[str, Any] | None = None) -> bool:
        """Evaluate a condition; anything but true or false is a ProcessFault."""
        value = self.value(token, extra)
        if value is True or value is False:
            return value
        raise ProcessFault(
            "condition-not-boolean", self.element, expression=self.text, found=shown(value)
        )

    def number(self, token: "Token") -> int:
        """Evaluate a whole number that is not negative; anything else is a ProcessFault."""
        value = self.value(token)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
            raise ProcessFault(
                "loop-invalid", self.element, expression=self.text, found=shown(value)
            )
        if value < 0:
            raise ProcessFault(
                "loop-invalid", self.element, expression=self.text, found=shown(value)
            )
        return int(value)


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a property: text as it stands, or FEEL after a leading `=`."""

    literal: str | None
    expression: Expression | None

    def of(self, token: "Token") -> Any:
        """The value where the token stands."""
        return self.literal if self.expression is None else self.expression.value(token)


class ExpressionRefused(Exception):
    """A text that is not FEEL; `params` say what is wrong and where."""

    def __init__(self, text: str, problem: feel.FeelSyntaxError) -> None:
        own = {"text": text[:120], "position": problem.position, "reason": problem.code}
        self.params: dict[str, Any] = {**problem.params, **own}
        super().__init__(str(problem))


class Compiler:
    """Compiles the expressions of one definition; `names` may contain spaces."""

    def __init__(self, names: Collection[str] = ()) -> None:
        self.names = frozenset(names)

    def expression(self, text: str, element: str) -> Expression:
        """FEEL text, a leading `=` allowed; raises ExpressionRefused."""
        source = text.strip()
        if source.startswith("="):
            source = source[1:].strip()
        try:
            return Expression(source, element, feel.compile(source, self.names))
        except feel.FeelSyntaxError as problem:
            raise ExpressionRefused(source, problem) from problem


class Scope(Mapping[str, Any]):
    """The names a token sees: its own values, its process's variables, then the host's."""

    __slots__ = ("_host", "_layers")

    def __init__(self, token: "Token", extra: Mapping[str, Any] | None = None) -> None:
        layers: list[Mapping[str, Any]] = [] if extra is None else [extra]
        layers.extend(layers_of(token))
        self._layers = layers
        self._host = token.workflow.top_workflow.run.host.scope

    def __getitem__(self, name: str) -> Any:
        for layer in self._layers:
            if name in layer:
                return layer[name]
        return self._host[name]

    def __contains__(self, name: object) -> bool:
        return any(name in layer for layer in self._layers) or name in self._host

    def __iter__(self) -> Iterator[str]:
        seen: set[str] = set()
        for layer in (*self._layers, self._host):
            for name in layer:
                if name not in seen:
                    seen.add(name)
                    yield name

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def variables(self) -> dict[str, Any]:
        """The process's own part of the scope, copied."""
        found: dict[str, Any] = {}
        for layer in reversed(self._layers):
            found.update(layer)
        return found


def layers_of(token: "Token") -> list[dict[str, Any]]:
    """The variable layers around a token, innermost first, ending with its process's."""
    layers: list[dict[str, Any]] = []
    current: Token | None = token
    while current is not None:
        local = current.local
        if local is not None:
            layers.append(local)
        workflow: Workflow = current.workflow
        if workflow.isolated:
            layers.append(workflow.data)
            break
        current = workflow.parent_token
    return layers


def assign(token: "Token", name: str, value: Any) -> None:
    """Set a variable where it lives: in the layer that has it, else in the process."""
    layers = layers_of(token)
    for layer in layers:
        if name in layer:
            layer[name] = value
            return
    layers[-1][name] = value


def merge(token: "Token", values: Mapping[str, Any]) -> None:
    """Set several variables."""
    for name, value in values.items():
        assign(token, name, value)


def shown(value: Any) -> str:
    """A value for a message, short."""
    text = "null" if value is None else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


class FeelEngine:
    """The script engine the library is given: FEEL or nothing.

    Our elements compile their texts at deploy and never come here; should library code ask to
    evaluate or execute a text, it gets a refusal instead of Python.
    """

    environment = None

    def evaluate(self, task: Any, expression: Any, external_context: Any = None) -> Any:
        """Refused: no text is evaluated that was not compiled at deploy."""
        raise ProcessFault(
            "expression-error", str(task.task_spec.name), expression=shown(expression)
        )

    def execute(self, task: Any, script: Any, external_context: Any = None) -> Any:
        """Refused: scripts are `name = FEEL` lines, compiled at deploy."""
        raise ProcessFault("expression-error", str(task.task_spec.name), expression=shown(script))
