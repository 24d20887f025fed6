"""Compiled expressions and unary tests: the objects that callers keep and evaluate."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from workflows.feel import compile_forms, compile_operators, tree  # noqa: F401 - they register their forms
from workflows.feel.bounds import BoundHit, FeelSyntaxError, Problem, State, Warning_
from workflows.feel.compile_tests import Test, compile_test
from workflows.feel.compiler import Compiler
from workflows.feel.parser import parse_expression, parse_tests
from workflows.feel.scope import EMPTY, Closure, Root
from workflows.feel.types import Lookup
from workflows.feel.values import measure, to_feel


class Result(NamedTuple):
    """A value and why parts of it are null."""

    value: Any
    warnings: tuple[Warning_, ...]


class Expression:
    """A compiled expression.

    `names` are the names it may take from the scope; those in `filter_names` stand inside a filter
    and may be fields of the elements instead.
    """

    __slots__ = ("closure", "filter_names", "names", "text", "tree")

    def __init__(
        self, text: str, node: tree.Node, lookup: Lookup | None, names: frozenset[str]
    ) -> None:
        compiler = Compiler(names, lookup)
        self.text = text
        self.tree = node
        self.closure: Closure = compiler.compile(node)
        self.names = frozenset(compiler.free | compiler.maybe)
        self.filter_names = frozenset(compiler.maybe - compiler.free)

    def evaluate(self, scope: Mapping[str, Any] = EMPTY) -> Result:
        """The value in a scope; never raises for what the expression does."""
        state = State()
        try:
            value = self.closure(Root(scope, state))
            if value.__class__ is list or value.__class__ is dict:
                measure(value, {})
        except STOPPED as error:
            value = None
            stopped(error, state)
        return Result(value, tuple(state.warnings) if state.warnings else ())


class UnaryTest:
    """The compiled tests of a decision table cell; `names` as of an Expression."""

    __slots__ = ("filter_names", "names", "negated", "test_input", "tests", "text", "tree")

    def __init__(
        self, text: str, node: tree.UnaryTests, lookup: Lookup | None, names: frozenset[str]
    ) -> None:
        compiler = Compiler(names, lookup)
        self.text = text
        self.tree = node
        self.negated = node.negated
        self.tests: list[Test] = [compile_test(compiler, test) for test in node.tests]
        self.names = frozenset(compiler.free | compiler.maybe) - {"?"}
        self.filter_names = frozenset(compiler.maybe - compiler.free)
        self.test_input: Test = _combined(self.tests, node.negated)

    def test(self, value: Any, scope: Mapping[str, Any] = EMPTY) -> Result:
        """True, False or None for an input value."""
        state = State()
        try:
            found: Any = self.test_input(to_feel(value), Root(scope, state))
        except STOPPED as error:
            found = None
            stopped(error, state)
        return Result(found, tuple(state.warnings))


STOPPED = (BoundHit, Problem, RecursionError, ArithmeticError)


def stopped(error: BaseException, state: State) -> None:
    """Note why an evaluation was given up; its value is null."""
    if isinstance(error, BoundHit | Problem):
        state.warnings = state.warnings[-99:]
        state.warn(error.code, 0, **error.params)
    elif isinstance(error, RecursionError):
        state.warnings = state.warnings[-99:]
        state.warn("calls-too-deep", 0, limit="")
    else:
        state.warn("number-out-of-range", 0)


def _combined(tests: list[Test], negated: bool) -> Test:
    if not tests:
        return lambda value, scope: True
    if len(tests) == 1 and not negated:
        return tests[0]

    def run(value: Any, scope: Any) -> bool | None:
        result: bool | None = False
        for test in tests:
            found = test(value, scope)
            if found:
                result = True
                break
            if found is None:
                result = None
        return not result if negated and result is not None else result

    return run


def _guarded(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except RecursionError:
        raise FeelSyntaxError("too-deep", {"limit": ""}, 0) from None


@lru_cache(4096)
def _expression(text: str, names: frozenset[str]) -> Expression:
    return Expression(text, parse_expression(text, names), None, names)


@lru_cache(4096)
def _unary(text: str, names: frozenset[str]) -> UnaryTest:
    return UnaryTest(text, parse_tests(text, names), None, names)


def compile(text: str, names: Iterable[str] = ()) -> Expression:
    """The compiled expression of a text; FeelSyntaxError when it is not one.

    `names` are the names in scope that contain spaces or operators, or hide a built-in function.
    """
    found: Expression = _guarded(lambda: _expression(text, frozenset(names)))
    return found


def compile_unary(text: str, names: Iterable[str] = ()) -> UnaryTest:
    """The compiled unary tests of a text such as `"a", "b"` or `[1..5]` or `not(> 3)` or `-`."""
    found: UnaryTest = _guarded(lambda: _unary(text, frozenset(names)))
    return found


def compile_typed(text: str, names: frozenset[str], lookup: Lookup) -> Expression:
    """As compile, with types that the document defines; not cached here."""
    found: Expression = _guarded(
        lambda: Expression(text, parse_expression(text, names), lookup, names)
    )
    return found


def compile_unary_typed(text: str, names: frozenset[str], lookup: Lookup) -> UnaryTest:
    """As compile_unary, with types that the document defines; not cached here."""
    found: UnaryTest = _guarded(lambda: UnaryTest(text, parse_tests(text, names), lookup, names))
    return found
