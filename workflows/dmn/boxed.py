"""Boxed expressions as closures (DMN 1.5, 10.2)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from workflows.dmn import model
from workflows.dmn.results import DecisionState
from workflows.dmn.tables import CompiledTable
from workflows.feel.bounds import Problem, State
from workflows.feel.compile_forms import elements, user_function
from workflows.feel.scope import Closure, Local, Scope
from workflows.feel.types import ANY
from workflows.feel.values import Function, kind

if TYPE_CHECKING:
    from workflows.dmn.program import Program

Former = Callable[["Program", Any, str], Closure]


def compile_logic(program: "Program", logic: model.Logic, name: str) -> Closure:
    """Any boxed expression; null where there is none."""
    if logic is None:
        return lambda scope: None
    return _FORMERS[type(logic)](program, logic, name)


def _state(scope: Scope) -> DecisionState:
    state = scope.state
    assert isinstance(state, DecisionState)  # noqa: S101 - scopes of decisions have this state
    return state


def _literal(program: "Program", logic: model.Literal_, name: str) -> Closure:
    read = program.expression(logic.text)
    wanted = program.types.of(logic.type)
    if wanted is ANY:
        return read
    element = logic.text.element
    return lambda scope: program.fitted(read(scope), wanted, _state(scope), element, name)


def _table(program: "Program", logic: model.Table, name: str) -> Closure:
    return CompiledTable(program, logic, name).run


def _context(program: "Program", logic: model.BoxedContext, name: str) -> Closure:
    entries = [
        (
            entry.variable.name if entry.variable else None,
            program.types.of(entry.variable.type if entry.variable else ""),
            compile_logic(
                program, entry.expression, entry.variable.name if entry.variable else name
            ),
        )
        for entry in logic.entries
    ]

    def make(scope: Scope) -> Any:
        local = Local(scope, scope.state)
        for key, wanted, read in entries:
            value = read(local)
            if key is None:
                return value
            if wanted is not ANY:
                value = program.fitted(value, wanted, _state(scope), logic.element, key)
            local[key] = value
        return dict(local)

    return make


def _list(program: "Program", logic: model.BoxedList, name: str) -> Closure:
    items = [compile_logic(program, item, name) for item in logic.items]
    return lambda scope: [item(scope) for item in items]


def _relation(program: "Program", logic: model.Relation, name: str) -> Closure:
    rows = [[compile_logic(program, cell, name) for cell in row] for row in logic.rows]
    columns = logic.columns

    def make(scope: Scope) -> list[dict[str, Any]]:
        return [{key: cell(scope) for key, cell in zip(columns, row, strict=False)} for row in rows]

    return make


def _invocation(program: "Program", logic: model.Invocation, name: str) -> Closure:
    function = compile_logic(program, logic.function, name)
    bindings = [(key, compile_logic(program, value, key)) for key, value in logic.bindings]

    def invoke(scope: Scope) -> Any:
        state = _state(scope)
        called = function(scope)
        arguments = {key: value(scope) for key, value in bindings}
        if not isinstance(called, Function):
            state.report("not-a-function", logic.element, kind=kind(called))
            return None
        return called_safely(called, arguments, state, logic.element)

    return invoke


def called_safely(
    function: Function, arguments: dict[str, Any], state: DecisionState, element: str
) -> Any:
    """Call by name; null with a warning when the function has no value for the arguments."""
    try:
        return function.call_named(arguments, state)
    except Problem as problem:
        state.report(problem.code, element, **problem.params)
    except (ArithmeticError, ValueError):
        state.report("number-out-of-range", element)
    return None


def _function(program: "Program", logic: model.FunctionDefinition, name: str) -> Closure:
    names = tuple(parameter.name for parameter in logic.parameters)
    types = tuple(program.types.of(parameter.type) for parameter in logic.parameters)
    body = compile_logic(program, logic.body, name)
    result = program.types.of(logic.type)
    runs_here = logic.kind.upper() == "FEEL"

    def make(scope: Scope) -> Function:
        def run(arguments: list[Any], state: State) -> Any:
            if not runs_here:
                raise Problem("external-function")
            inner = Local(scope, state)
            inner.update(zip(names, arguments, strict=True))
            return body(inner)

        return user_function(names, run, types, result, 5, name)

    return make


def _conditional(program: "Program", logic: model.Conditional, name: str) -> Closure:
    condition = compile_logic(program, logic.condition, name)
    then = compile_logic(program, logic.then, name)
    otherwise = compile_logic(program, logic.otherwise, name)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def _filter(program: "Program", logic: model.BoxedFilter, name: str) -> Closure:
    source = compile_logic(program, logic.source, name)
    match = compile_logic(program, logic.match, name)

    def select(scope: Scope) -> Any:
        found = source(scope)
        if found is None:
            return None
        made = []
        for item in found if isinstance(found, list) else [found]:
            scope.state.charge(5)
            inner = Local(scope, scope.state)
            inner["item"] = item
            if isinstance(item, dict):
                inner.update(item)
            if match(inner) is True:
                made.append(item)
        return made

    return select


def _iterator(program: "Program", logic: model.Iterator_, name: str) -> Closure:
    source = compile_logic(program, logic.source, name)
    body = compile_logic(program, logic.body, name)
    gather = _GATHER[logic.kind]

    def go(scope: Scope) -> Any:
        found = elements(source(scope), scope.state, 0)
        if found is None:
            return None
        made: list[Any] = []
        for item in found:
            scope.state.charge(5)
            inner = Local(scope, scope.state)
            inner[logic.variable] = item
            inner["partial"] = made
            made.append(body(inner))
        return gather(made)

    return go


def _some(found: list[Any]) -> bool | None:
    if True in (value for value in found if type(value) is bool):
        return True
    return False if all(type(value) is bool for value in found) else None


def _every(found: list[Any]) -> bool | None:
    if False in (value for value in found if type(value) is bool):
        return False
    return True if all(type(value) is bool for value in found) else None


_GATHER: dict[str, Callable[[list[Any]], Any]] = {"for": list, "some": _some, "every": _every}

_FORMERS: dict[type, Former] = {
    model.Literal_: _literal,
    model.Table: _table,
    model.BoxedContext: _context,
    model.BoxedList: _list,
    model.Relation: _relation,
    model.Invocation: _invocation,
    model.FunctionDefinition: _function,
    model.Conditional: _conditional,
    model.BoxedFilter: _filter,
    model.Iterator_: _iterator,
}
