"""Closures of forms: lists, contexts, filters, if, for, quantifiers, functions and their calls."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from workflows.feel import tree
from workflows.feel.bounds import MAX_CALLS, BoundHit, Problem, State
from workflows.feel.compiler import Compiler, form
from workflows.feel.functions import BUILTINS
from workflows.feel.scope import Closure, Local, Scope
from workflows.feel.types import MISFIT, Type, resolve
from workflows.feel.values import Function, Range, equal, kind

_ONE = Decimal(1)
_DAY = timedelta(days=1)


@form(tree.ListNode)
def _list(compiler: Compiler, node: tree.ListNode) -> Closure:
    items = compiler.compile_all(node.items)
    return lambda scope: [item(scope) for item in items]


@form(tree.ContextNode)
def _context(compiler: Compiler, node: tree.ContextNode) -> Closure:
    entries = []
    names: list[str] = []
    for key, value in node.entries:
        # An entry sees the entries before it; a function also itself, so that it can recur.
        own = (key,) if isinstance(value, tree.FunctionNode) else ()
        with compiler.scope(*names, *own):
            entries.append((key, compiler.compile(value)))
        names.append(key)

    def make(scope: Scope) -> dict[str, Any]:
        local = Local(scope, scope.state)
        for key, value in entries:
            local[key] = value(local)
        return dict(local)

    return make


@form(tree.If)
def _if(compiler: Compiler, node: tree.If) -> Closure:
    branches = [(compiler.compile(test), compiler.compile(value)) for test, value in node.branches]
    otherwise = compiler.compile(node.otherwise)

    def choose(scope: Scope) -> Any:
        for test, value in branches:
            if test(scope) is True:
                return value(scope)
        return otherwise(scope)

    return choose


@form(tree.Filter)
def _filter(compiler: Compiler, node: tree.Filter) -> Closure:
    base, at = compiler.compile(node.base), node.at
    literal = node.condition.value if isinstance(node.condition, tree.Literal) else None
    with compiler.scope("item"):
        compiler.filters += 1
        condition = compiler.compile(node.condition)
        compiler.filters -= 1
    cost = tree.size(node.condition)

    def select(scope: Scope) -> Any:
        items, state = base(scope), scope.state
        if items is None:
            return None
        if items.__class__ is not list:
            items = [items]
        if literal.__class__ is Decimal:
            return _element(items, literal, state, at)
        made = []
        for place, item in enumerate(items or [None]):
            state.charge(cost)
            inner = Local(scope, state)
            inner["item"] = item
            if item.__class__ is dict:
                inner.update(item)
            found = condition(inner)
            if found is True:
                made.append(item)
            elif place == 0 and found.__class__ is Decimal:
                return _element(items, found, state, at)
        return made if items else []

    return select


def _element(items: list[Any], place: Decimal, state: State, at: int) -> Any:
    """The element at a place counted from 1, or from the end when negative."""
    length = len(items)
    if place == place.to_integral_value() and 1 <= abs(place) <= length:
        index = int(place)
        return items[index - 1] if index > 0 else items[index]
    state.warn("position-outside", at, position=f"{place:.20g}", length=length)
    return None


def elements(value: Any, state: State, at: int) -> list[Any] | Iterator[Any] | None:
    """What an iteration goes over; None (with a warning) when there is nothing to go over."""
    if value.__class__ is list:
        return list(value)
    if value.__class__ is Range:
        return _range_elements(value, state, at)
    if value is None:
        state.warn("nothing-to-iterate", at)
        return None
    return [value]


def _range_elements(value: Range, state: State, at: int) -> Iterator[Any] | None:
    start, end = value.start, value.end
    if start is None or end is None:
        state.warn("range-without-end", at)
        return None
    made = _steps(start, end)
    if made is None:
        state.warn("range-not-countable", at, kind=kind(start))
        return None
    skip_first, skip_last = not value.start_included, not value.end_included
    return (
        item
        for item in made
        if not (skip_first and equal(item, start)) and not (skip_last and equal(item, end))
    )


def _steps(start: Any, end: Any) -> Iterator[Any] | None:
    """Whole numbers or days from start to end, up or down."""
    step: Any
    if type(start) is type(end) is Decimal:
        if start != start.to_integral_value() or end != end.to_integral_value():
            return None
        step = _ONE
    elif type(start) is type(end) is date:
        step = _DAY
    else:
        return None
    return _count(start, end, step)


def _count(start: Any, end: Any, step: Any) -> Iterator[Any]:
    up, value = start <= end, start
    while value <= end if up else value >= end:
        yield value
        if value == end:
            return
        value = value + step if up else value - step


_Source = Callable[[Scope], list[Any] | Iterator[Any] | None]


def _source(compiler: Compiler, iteration: tree.Iteration) -> _Source:
    source, at = compiler.compile(iteration.source), iteration.at
    if iteration.until is None:
        return lambda scope: elements(source(scope), scope.state, at)
    until = compiler.compile(iteration.until)

    def stepped(scope: Scope) -> Iterator[Any] | None:
        start, end = source(scope), until(scope)
        made = _steps(start, end)
        if made is None:
            scope.state.warn("range-not-countable", at, kind=kind(start))
        return made

    return stepped


def _iterations(
    compiler: Compiler, node: tree.For | tree.Quantified
) -> tuple[list[tuple[str, _Source]], Closure, int]:
    sources = []
    names: list[str] = []
    for iteration in node.iterations:
        with compiler.scope(*names):
            sources.append((iteration.name, _source(compiler, iteration)))
        names.append(iteration.name)
    partial = ("partial",) if isinstance(node, tree.For) else ()
    with compiler.scope(*names, *partial):
        body = compiler.compile(node.body)
    return sources, body, 2 + tree.size(node.body)


class _Nothing(Exception):
    """An iteration has nothing to go over."""


def _walk(
    sources: list[tuple[str, _Source]], scope: Local, cost: int, at: int = 0
) -> Iterator[Local]:
    """The scope with every combination of the iteration variables in turn."""
    name, source = sources[at]
    elements = source(scope)
    if elements is None:
        raise _Nothing
    state = scope.state
    last = at == len(sources) - 1
    for element in elements:
        state.charge(cost)
        if last:
            # Each round has its own scope: a function made in it keeps its variables.
            inner = Local(scope, state)
            inner[name] = element
            yield inner
        else:
            scope[name] = element
            yield from _walk(sources, Local(scope, state), cost, at + 1)


@form(tree.For)
def _for(compiler: Compiler, node: tree.For) -> Closure:
    sources, body, cost = _iterations(compiler, node)
    with_partial = any(
        isinstance(found, tree.Name) and found.name == "partial" for found in _below(node.body)
    )

    def repeat(scope: Scope) -> list[Any] | None:
        made: list[Any] = []
        outer = Local(scope, scope.state)
        try:
            for inner in _walk(sources, outer, cost):
                if with_partial:
                    scope.state.charge(len(made) // 8)
                    inner["partial"] = list(made)
                made.append(body(inner))
        except _Nothing:
            return None
        return made

    return repeat


def _below(node: tree.Node) -> Iterator[tree.Node]:
    pending = [node]
    while pending:
        found = pending.pop()
        yield found
        pending.extend(tree.children(found))


@form(tree.Quantified)
def _quantified(compiler: Compiler, node: tree.Quantified) -> Closure:
    sources, body, cost = _iterations(compiler, node)
    decisive = not node.every

    def decide(scope: Scope) -> bool | None:
        result: bool | None = not decisive
        try:
            for inner in _walk(sources, Local(scope, scope.state), cost):
                found = body(inner)
                if found is decisive:
                    return bool(decisive)
                if found.__class__ is not bool:
                    result = None
        except _Nothing:
            return None
        return result

    return decide


@form(tree.FunctionNode)
def _function(compiler: Compiler, node: tree.FunctionNode) -> Closure:
    names = tuple(name for name, _ in node.parameters)
    with compiler.scope(*names):
        body = compiler.compile(node.body)
    declared = [
        resolve(type_node, compiler.lookup) if type_node else None
        for _, type_node in node.parameters
    ]
    types = tuple(declared) if any(declared) else None
    result = resolve(node.result, compiler.lookup) if node.result else None
    cost, external = 2 + tree.size(node.body), node.external

    def make(scope: Scope) -> Function:
        def run(arguments: list[Any], state: State) -> Any:
            if external:
                raise Problem("external-function")
            inner = Local(scope, state)
            inner.update(zip(names, arguments, strict=True))
            return body(inner)

        return user_function(names, run, types, result, cost)

    return make


def user_function(
    names: tuple[str, ...],
    run: Callable[[list[Any], State], Any],
    types: tuple[Type | None, ...] | None = None,
    result: Type | None = None,
    cost: int = 2,
    name: str = "function",
) -> Function:
    """A function written in FEEL: its arguments and result are fitted to the declared types."""

    def call(arguments: list[Any], state: State) -> Any:
        state.charge(cost)
        if types is not None:
            arguments = [
                _fitted(argument, wanted, parameter)
                for argument, wanted, parameter in zip(arguments, types, names, strict=True)
            ]
        state.calls += 1
        if state.calls > MAX_CALLS:
            raise BoundHit("calls-too-deep", limit=MAX_CALLS)
        value = run(arguments, state)
        state.calls -= 1
        return _fitted(value, result, "result") if result is not None else value

    return Function(names, call, name, types, result)


def _fitted(value: Any, wanted: Type | None, parameter: str) -> Any:
    if wanted is None:
        return value
    fitted = wanted.coerce(value)
    if fitted is MISFIT:
        raise Problem("type-expected", name=parameter, expected=wanted.name, found=kind(value))
    return fitted


@form(tree.Call)
def _call(compiler: Compiler, node: tree.Call) -> Closure:
    arguments = compiler.compile_all(node.arguments)
    names, at = node.names, node.at
    function = _callee(compiler, node.function)

    def invoke(scope: Scope) -> Any:
        called, state = function(scope), scope.state
        calls = state.calls
        if not isinstance(called, Function):
            state.warn("not-a-function", at, kind=kind(called))
            return None
        values = [argument(scope) for argument in arguments]
        try:
            if names is None:
                return called.call(values, state)
            return called.call_named(dict(zip(names, values, strict=True)), state)
        except Problem as problem:
            state.warn(problem.code, at, **problem.params)
        except (ArithmeticError, ValueError):
            state.warn("number-out-of-range", at)
        state.calls = calls
        return None

    return invoke


def _callee(compiler: Compiler, node: tree.Node) -> Closure:
    """What is called: a built-in found now, unless the scope gives the name."""
    if isinstance(node, tree.Name) and not compiler.is_local(node.name):
        builtin = BUILTINS.get(node.name)
        if builtin is not None and node.name not in compiler.declared and not compiler.filters:
            name = node.name
            # Looked up again at run time, because the host may register the name anew.
            return lambda scope: BUILTINS[name]
    return compiler.compile(node)
