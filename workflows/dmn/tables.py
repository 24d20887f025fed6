"""A decision table, compiled once: inputs, the rules that match, and the value by hit policy."""

from typing import TYPE_CHECKING, Any

from workflows.dmn import hits, model
from workflows.dmn.cells import Cell, indexes
from workflows.dmn.results import DecisionState
from workflows.dmn.trace import table_step
from workflows.feel.bounds import FeelSyntaxError
from workflows.feel.expression import STOPPED, stopped
from workflows.feel.scope import Closure, Scope
from workflows.feel.types import MISFIT

if TYPE_CHECKING:
    from workflows.dmn.program import Program


class CompiledTable:
    """A table ready to decide."""

    def __init__(self, program: "Program", table: model.Table, name: str) -> None:
        self.table = table
        self.name = name
        self.policy = table.hit_policy
        self.types = [program.types.find(column.type) for column in table.inputs]
        self.inputs: list[Closure] = [
            program.expression(column.expression, f"input {at}")
            for at, column in enumerate(table.inputs, 1)
        ]
        self.rows = [self._row(program, rule) for rule in table.rules]
        self.results: list[list[Closure]] = [
            [
                program.expression(text, f"rule {number}, output {at}")
                for at, text in enumerate(rule.results[: len(table.outputs)], 1)
            ]
            for number, rule in enumerate(table.rules, 1)
        ]
        self.names = [
            output.name or (name if len(table.outputs) == 1 else f"output {at}")
            for at, output in enumerate(table.outputs, 1)
        ]
        self.defaults: list[Closure | None] = [
            program.expression(output.default, f"default of output {at}")
            if output.default is not None and output.default.text
            else None
            for at, output in enumerate(table.outputs, 1)
        ]
        self.indexes = indexes(self.rows, len(table.inputs))
        self.priorities = program.output_values(table, self.names)

    def _row(self, program: "Program", rule: model.Rule) -> list[Cell]:
        row = []
        for text in rule.tests[: len(self.table.inputs)]:
            try:
                compiled = program.tests(text) if text.text else None
                row.append(Cell(text.text, compiled))
            except FeelSyntaxError:
                row.append(Cell(text.text, None, failed=True))
        row.extend(Cell("", None) for _ in range(len(self.table.inputs) - len(row)))
        return row

    def run(self, scope: Scope) -> Any:
        """The value of the table in a scope."""
        state = scope.state
        assert isinstance(state, DecisionState)  # noqa: S101 - scopes of decisions have this state
        values = [self._input(at, read(scope), state) for at, read in enumerate(self.inputs)]
        try:
            matched = self.matches(values, scope, state)
        except STOPPED as error:
            stopped(error, state)
            state.locate(self.table.element)
            return None
        state.steps_of.append(lambda: table_step(self, values, matched, scope))
        if not matched:
            return self._default(scope)
        return self._value(matched, scope, state)

    def _input(self, at: int, value: Any, state: DecisionState) -> Any:
        wanted = self.types[at]
        if wanted is None or value is None:
            return value
        fitted = wanted.coerce(value)
        if fitted is MISFIT:
            column = self.table.inputs[at]
            state.report(
                "input-misfit",
                self.table.element,
                f"input {at + 1}",
                name=column.label,
                expected=column.type,
            )
            return value
        return fitted

    def matches(self, values: list[Any], scope: Scope, state: DecisionState) -> list[int]:
        """The places of the rules that match, in their order."""
        rows = self.rows
        places: Any = range(len(rows))
        for at, index in self.indexes:
            found = index.candidates(values[at])
            if found is not None and len(found) < len(places):
                places = found
        only_first = self.policy == "FIRST"
        matched = []
        warnings = state.warnings
        for place in places:
            for cell, value in zip(rows[place], values, strict=True):
                test = cell.test
                if test is not None and test(value, scope) is not True:
                    break
            else:
                matched.append(place)
                if only_first:
                    break
            if warnings:
                state.locate(self.table.element, f"rule {place + 1}")
        if warnings:
            state.locate(self.table.element)
        return matched

    def row_of(self, place: int, scope: Scope) -> hits.Row:
        """The outputs of a rule."""
        results = self.results[place]
        return {name: read(scope) for name, read in zip(self.names, results, strict=False)}

    def _default(self, scope: Scope) -> Any:
        if any(self.defaults):
            row = {
                name: read(scope) if read is not None else None
                for name, read in zip(self.names, self.defaults, strict=True)
            }
            return self._plain(row)
        if self.policy == "COLLECT" and self.table.aggregation == "COUNT":
            return hits.aggregate("COUNT", [])
        return [] if self.policy in hits.LISTS and not self.table.aggregation else None

    def _plain(self, row: hits.Row) -> Any:
        """A table with one output gives its value, one with several a context."""
        return next(iter(row.values()), None) if len(self.names) == 1 else row

    def _value(self, matched: list[int], scope: Scope, state: DecisionState) -> Any:
        numbers = [place + 1 for place in matched]
        policy, aggregation = self.policy, self.table.aggregation
        try:
            if policy == "UNIQUE" and len(matched) > 1:
                hits.unique([{}] * len(matched), numbers)
            rows = [self.row_of(place, scope) for place in matched]
            if policy in hits.SINGLE:
                return self._plain(hits.SINGLE[policy](rows, numbers))
            if policy in ("PRIORITY", "OUTPUT ORDER"):
                rows = hits.by_priority(rows, self.priorities)
                if policy == "PRIORITY":
                    return self._plain(rows[0])
            elif policy == "COLLECT" and aggregation:
                if len(self.names) > 1 and aggregation != "COUNT":
                    raise hits.Conflict("aggregation-of-several", aggregation=aggregation)
                return hits.aggregate(aggregation, [self._plain(row) for row in rows])
            elif policy not in hits.LISTS:
                raise hits.Conflict("hit-policy-unknown", policy=policy)
            return [self._plain(row) for row in rows]
        except hits.Conflict as conflict:
            state.report(conflict.code, self.table.element, **conflict.params)
        except ArithmeticError:
            state.report("number-out-of-range", self.table.element)
        return None
