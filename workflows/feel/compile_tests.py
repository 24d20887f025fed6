"""Closures of unary tests: they take the input value and a scope."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from workflows.feel import tree
from workflows.feel.compiler import Compiler
from workflows.feel.scope import Local, Scope
from workflows.feel.values import Range, equal, kind, less, within

Test = Callable[[Any, Scope], bool | None]


def compile_test(compiler: Compiler, node: tree.Node) -> Test:
    """The closure of one test of a list of tests."""
    if isinstance(node, tree.UnaryComparison):
        return _comparison(compiler, node)
    if isinstance(node, tree.Literal):
        return _literal(node)
    if mentions_input(node):
        return _question(compiler, node)
    option = compiler.compile(node)

    def test(value: Any, scope: Scope) -> bool | None:
        found = option(scope)
        if found.__class__ is Range:
            return within(value, found, scope.state)
        if found.__class__ is bool and value.__class__ is not bool:
            # A condition that does not look at the input at all.
            return found
        return within(value, found, scope.state)

    return test


def _literal(node: tree.Literal) -> Test:
    constant = node.value
    kind_of = type(constant)
    if kind_of in (str, Decimal):

        def test(value: Any, scope: Scope) -> bool | None:
            if value.__class__ is kind_of:
                return bool(value == constant)
            return within(value, constant, scope.state)

        return test
    if kind_of is bool:
        return lambda value, scope: (
            value is constant if type(value) is bool else within(value, constant, scope.state)
        )
    return lambda value, scope: within(value, constant, scope.state)


def _question(compiler: Compiler, node: tree.Node) -> Test:
    """A test that names its input as `?`."""
    with compiler.scope("?"):
        condition = compiler.compile(node)

    def test(value: Any, scope: Scope) -> bool | None:
        inner = Local(scope, scope.state)
        inner["?"] = value
        found = condition(inner)
        if found.__class__ is bool or found is None:
            return found
        return within(value, found, scope.state)

    return test


def mentions_input(node: tree.Node) -> bool:
    """Whether `?` occurs in a tree."""
    pending = [node]
    while pending:
        found = pending.pop()
        if isinstance(found, tree.Name) and found.name == "?":
            return True
        pending.extend(tree.children(found))
    return False


def _comparison(compiler: Compiler, node: tree.UnaryComparison) -> Test:
    operand, sign, at = compiler.compile(node.operand), node.operator, node.at
    reverse, or_equal = sign in (">", ">="), sign in ("<=", ">=")

    def test(value: Any, scope: Scope) -> bool | None:
        other = operand(scope)
        if sign == "=":
            found = equal(value, other, scope.state)
        elif sign == "!=":
            found = equal(value, other, scope.state)
            return None if found is None else not found
        else:
            found = less(other, value, or_equal) if reverse else less(value, other, or_equal)
        if found is None and value is not None:
            scope.state.warn(
                "operator-undefined", at, operator=sign, left=kind(value), right=kind(other)
            )
        return found

    return test
