"""FEEL, the expression language of DMN 1.5: parse, evaluate, test, and say what is wrong."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from workflows.feel.bounds import FeelSyntaxError, Warning_
from workflows.feel.expression import Expression, Result, UnaryTest, compile, compile_unary
from workflows.feel.functions import BUILTINS, register
from workflows.feel.functions.dates import clock
from workflows.feel.literals import text_of
from workflows.feel.values import Function, Range, YearsMonths, kind, to_feel

__all__ = [
    "BUILTINS",
    "Expression",
    "FeelSyntaxError",
    "Function",
    "Range",
    "Remark",
    "Result",
    "UnaryTest",
    "Warning_",
    "YearsMonths",
    "check",
    "clock",
    "compile",
    "compile_unary",
    "evaluate",
    "kind",
    "names",
    "register",
    "text_of",
    "to_feel",
    "unary",
]


class Remark(NamedTuple):
    """What is wrong with a text; `code` has a sentence in texts/, `position` is an offset."""

    code: str
    params: dict[str, Any]
    position: int


def evaluate(text: str, context: Mapping[str, Any] | None = None) -> Any:
    """The bare value of an expression; an error in the text or in the evaluation is None."""
    scope = context or {}
    try:
        return compile(text, _spoken(scope)).evaluate(scope).value
    except FeelSyntaxError:
        return None


def unary(text: str, value: Any, context: Mapping[str, Any] | None = None) -> bool | None:
    """Whether a value passes the unary tests; None when that cannot be said."""
    scope = context or {}
    try:
        found: bool | None = compile_unary(text, _spoken(scope)).test(value, scope).value
    except FeelSyntaxError:
        return None
    return found


def _spoken(scope: Mapping[str, Any]) -> list[str]:
    """The names of a scope, down to the fields of its contexts, that the parser must know."""
    found: set[str] = set()
    pending: list[Any] = [scope]
    seen = 0
    while pending and seen < 10_000:
        value = pending.pop()
        seen += 1
        if isinstance(value, dict):
            found.update(
                key
                for key in value
                if isinstance(key, str) and (not key.isidentifier() or key in BUILTINS)
            )
            pending.extend(value.values())
        elif isinstance(value, list | tuple):
            pending.extend(value[:50])
    return sorted(found)


def check(text: str, names: Iterable[str] = (), unary: bool = False) -> list[Remark]:
    """What keeps a text from being an expression (or unary tests); empty when nothing does."""
    try:
        if unary:
            compile_unary(text, names)
        else:
            compile(text, names)
    except FeelSyntaxError as error:
        return [Remark(error.code, dict(error.params), error.position)]
    return []


def names(text: str) -> frozenset[str]:
    """The top-level names an expression may take from its scope; FeelSyntaxError as compile."""
    return compile(text).names
