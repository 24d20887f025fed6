"""Closures of operators: arithmetic, comparison, three-valued logic, `in`, `instance of`."""

import operator as python_operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from workflows.feel import tree
from workflows.feel.arithmetic import OPERATORS, negate
from workflows.feel.bounds import Problem, State
from workflows.feel.compile_tests import compile_test
from workflows.feel.compiler import Compiler, form
from workflows.feel.scope import Closure, Scope
from workflows.feel.types import resolve
from workflows.feel.values import Range, equal, kind, less

Compare = Callable[[Any, Any, State], bool | None]


def _not_equal(a: Any, b: Any, state: State) -> bool | None:
    found = equal(a, b, state)
    return None if found is None else not found


COMPARE: dict[str, Compare] = {
    "=": equal,
    "!=": _not_equal,
    "<": lambda a, b, state: less(a, b),
    "<=": lambda a, b, state: less(a, b, True),
    ">": lambda a, b, state: less(b, a),
    ">=": lambda a, b, state: less(b, a, True),
}
_FAST: dict[str, Callable[[Any, Any], bool]] = {
    "=": python_operator.eq,
    "!=": python_operator.ne,
    "<": python_operator.lt,
    "<=": python_operator.le,
    ">": python_operator.gt,
    ">=": python_operator.ge,
}


@form(tree.Comparison)
def _comparison(compiler: Compiler, node: tree.Comparison) -> Closure:
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    sign, at = node.operator, node.at
    fast, slow = _FAST[sign], COMPARE[sign]

    def compare(scope: Scope) -> bool | None:
        a, b = left(scope), right(scope)
        kind_a = a.__class__
        if kind_a is b.__class__ and (kind_a is Decimal or kind_a is str):
            return fast(a, b)
        found = slow(a, b, scope.state)
        if found is None:
            scope.state.warn("operator-undefined", at, operator=sign, left=kind(a), right=kind(b))
        return found

    if isinstance(node.right, tree.Literal) and type(node.right.value) in (Decimal, str):
        constant = node.right.value
        constant_kind = type(constant)

        def compare_constant(scope: Scope) -> bool | None:
            a = left(scope)
            if a.__class__ is constant_kind:
                return fast(a, constant)
            return compare(scope)

        if not isinstance(node.left, tree.Name):
            return compare_constant
        name = node.left.name

        def compare_name(scope: Scope) -> bool | None:
            # What nearly every condition is made of: the name is looked up here, not in a closure.
            try:
                a = scope[name]
            except KeyError:
                return compare(scope)
            if a.__class__ is constant_kind:
                return fast(a, constant)
            return compare(scope)

        return compare_name
    return compare


@form(tree.Logic)
def _logic(compiler: Compiler, node: tree.Logic) -> Closure:
    decisive = node.operator == "or"
    operands = compiler.compile_all(node.operands)
    if len(operands) == 2:
        return _of_two(decisive, *operands)

    def decide(scope: Scope) -> bool | None:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(scope)
            if value is decisive:
                return value is True
            if value.__class__ is not bool:
                result = None
        return result

    return decide


def _of_two(decisive: bool, first: Closure, second: Closure) -> Closure:
    """`and` (decided by false) and `or` (decided by true) of two operands, the usual number."""

    def decide(scope: Scope) -> bool | None:
        a = first(scope)
        if a is decisive:
            return a is True
        b = second(scope)
        if b is decisive:
            return b is True
        return not decisive if a.__class__ is bool and b.__class__ is bool else None

    return decide


@form(tree.Between)
def _between(compiler: Compiler, node: tree.Between) -> Closure:
    value, low, high = compiler.compile_all((node.value, node.low, node.high))
    at = node.at

    def between(scope: Scope) -> bool | None:
        found = value(scope)
        above = less(low(scope), found, True)
        below = less(found, high(scope), True)
        if above is None or below is None:
            scope.state.warn("not-comparable", at)
            return False if above is False or below is False else None
        return above and below

    return between


@form(tree.In)
def _in(compiler: Compiler, node: tree.In) -> Closure:
    value = compiler.compile(node.value)
    tests = [compile_test(compiler, test) for test in node.tests]

    def contained(scope: Scope) -> bool | None:
        found = value(scope)
        result: bool | None = False
        for test in tests:
            matched = test(found, scope)
            if matched:
                return True
            if matched is None:
                result = None
        return result

    return contained


@form(tree.Chain)
def _chain(compiler: Compiler, node: tree.Chain) -> Closure:
    first = compiler.compile(node.first)
    rest = [(OPERATORS[sign], compiler.compile(operand), at) for sign, operand, at in node.rest]

    def calculate(scope: Scope) -> Any:
        value = first(scope)
        for apply, operand, at in rest:
            other = operand(scope)
            try:
                value = apply(value, other, scope.state)
            except Problem as problem:
                scope.state.warn(problem.code, at, **problem.params)
                return None
            except ArithmeticError:
                scope.state.warn("number-out-of-range", at)
                return None
        return value

    return calculate


@form(tree.Negation)
def _negation(compiler: Compiler, node: tree.Negation) -> Closure:
    operand, at = compiler.compile(node.operand), node.at

    def minus(scope: Scope) -> Any:
        try:
            return negate(operand(scope))
        except Problem as problem:
            scope.state.warn(problem.code, at, **problem.params)
        except ArithmeticError:
            scope.state.warn("number-out-of-range", at)
        return None

    return minus


@form(tree.InstanceOf)
def _instance_of(compiler: Compiler, node: tree.InstanceOf) -> Closure:
    value, at, name = compiler.compile(node.value), node.at, node.type.name
    wanted = resolve(node.type, compiler.lookup)

    def is_instance(scope: Scope) -> bool | None:
        found = value(scope)
        if wanted is None:
            scope.state.warn("unknown-type", at, type=name)
            return None
        return wanted.accepts(found)

    return is_instance


@form(tree.RangeNode)
def _range(compiler: Compiler, node: tree.RangeNode) -> Closure:
    if node.start is None or node.end is None:
        raise AssertionError("only range() takes a range without an end")
    start, end, at = compiler.compile(node.start), compiler.compile(node.end), node.at
    start_included, end_included = node.start_included, node.end_included

    def make(scope: Scope) -> Range | None:
        low, high = start(scope), end(scope)
        if low is None or high is None or less(low, high, True) is None:
            scope.state.warn("range-ends-differ", at, left=kind(low), right=kind(high))
            return None
        return Range(low, high, start_included, end_included)

    if isinstance(node.start, tree.Literal) and isinstance(node.end, tree.Literal):
        low, high = node.start.value, node.end.value
        if less(low, high, True) is not None:
            fixed = Range(low, high, start_included, end_included)
            return lambda scope: fixed
    return make


@form(tree.UnaryComparison)
def _unary_comparison(compiler: Compiler, node: tree.UnaryComparison) -> Closure:
    operand, sign, at = compiler.compile(node.operand), node.operator, node.at

    def make(scope: Scope) -> Range | None:
        value = operand(scope)
        if value is None or sign == "!=":
            scope.state.warn("range-ends-differ", at, left=kind(value), right=kind(value))
            return None
        if sign == "=":
            return Range(value, value)
        if sign in ("<", "<="):
            return Range(None, value, False, sign == "<=")
        return Range(value, None, sign == ">=", False)

    return make
