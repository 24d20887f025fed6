"""Values in and out, warnings, bounds, the clock, host functions and lazy scopes."""

import tracemalloc
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from workflows import feel
from workflows.feel import Function, Range, YearsMonths
from workflows.feel.functions import BUILTINS
from workflows.texts import LANGUAGES, sentence


class Grade(StrEnum):
    """A string of the host that is more than a string."""

    VIP = "VIP"


class Level(IntEnum):
    """A number of the host that is more than a number."""

    HIGH = 3


@pytest.mark.parametrize(
    ("given", "inside"),
    [
        (1, Decimal(1)),
        (True, True),
        (0.1, Decimal("0.1")),
        (Decimal("1.50"), Decimal("1.50")),
        (Decimal("NaN"), None),
        (float("inf"), None),
        (10**40, Decimal(10) ** 40),
        (10**7000, None),
        ("x", "x"),
        (Grade.VIP, "VIP"),
        (Level.HIGH, Decimal(3)),
        (None, None),
        ((1, "a"), [Decimal(1), "a"]),
        ({"a": [1.5]}, {"a": [Decimal("1.5")]}),
        (date(2026, 1, 2), date(2026, 1, 2)),
        (time(9, 30), time(9, 30)),
        (timedelta(days=1), timedelta(days=1)),
        (YearsMonths(14), YearsMonths(14)),
        (Range(1, 2), Range(1, 2)),
        (object(), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_takes_host_values_in(given: Any, inside: Any) -> None:
    found = feel.evaluate("x", {"x": given})

    assert found == inside
    assert type(found) is type(inside)


def test_compares_a_float_with_an_int() -> None:
    assert feel.evaluate("a > b", {"a": 1.5, "b": 1}) is True


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("missing", "unknown-name", 0),
        ("1 + null", "operator-undefined", 2),
        ('2 < "a"', "operator-undefined", 2),
        ("1 / 0", "division-by-zero", 2),
        ("{a: 1}.b", "no-such-entry", 6),
        ("[1][5]", "position-outside", 3),
        ('date("x")', "not-a-date", 0),
        ("substring(1, 2)", "wrong-arguments", 0),
        ("1(2)", "not-a-function", 1),
        ('matches("a", "(")', "pattern-not-understood", 0),
        ("9 ** 99999", "number-out-of-range", 2),
        ('@"9999-12-31" + @"P1Y"', "out-of-calendar", 14),
        ('@"9999-12-31" + @"P9D"', "number-out-of-range", 14),
        ("(function(a) a)(b: 1)", "no-such-parameter", 15),
        ('(function(a: number) a)("x")', "type-expected", 23),
        ('@"2020-01-01T00:00:00Z" - @"2020-01-01T00:00:00"', "zone-on-one-side", 24),
    ],
)
def test_an_error_is_null_and_a_warning_that_names_the_place(
    text: str, code: str, position: int
) -> None:
    result = feel.compile(text).evaluate({})

    assert result.value is None
    assert [(one.code, one.position) for one in result.warnings] == [(code, position)]
    for language in LANGUAGES:
        said = sentence("workflows.feel", language, code, result.warnings[0].params)
        assert said != code
        assert "{" not in said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("for i in 1..10**9 return i", "too-much-work"),
        ("for i in 1..1000, j in 1..1000, k in 1..1000 return i", "too-much-work"),
        ("some i in 1..10**12 satisfies i < 0", "too-much-work"),
        ("count(for i in 1..300 return (for j in 1..300 return (for k in 1..300 return k)))",
         "too-much-work"),
        ("{f: function(n) f(n + 1), r: f(1)}.r", "calls-too-deep"),
        ("{f: function(n) [f(n + 1), f(n + 1)], r: f(1)}.r", "calls-too-deep"),
        ("for i in 1..100 return [if i > 1 then partial[-1] else 0]", "value-too-deep"),
        ("for i in 1..25 return [partial, partial]", "value-too-big"),
        ("{a: for i in 1..40 return [partial], b: for i in 1..40 return [partial], r: a = b}.r",
         "too-much-work"),
        ("{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f(\"abcd\", 40)}.r",
         "string-too-long"),
        ("{f: function(s, n) if n = 0 then s else f(concatenate(s, s), n - 1), r: f([1], 40)}.r",
         "list-too-long"),
        (f"replace(big, \"a\", \"{'$0' * 40}\")", "string-too-long"),
        ("string join(for i in 1..4 return big, \",\")", "string-too-long"),
        ("sort(for i in 1..9000 return modulo(i * 7919, 9001), function(a, b) a < b)",
         "too-much-work"),
        ("string(for i in 1..30 return big)", "string-too-long"),
    ],
)  # fmt: skip
def test_a_bound_that_is_hit_is_null_with_its_name_within_time_and_space(
    text: str, code: str
) -> None:
    compiled = feel.compile(text)
    tracemalloc.start()

    result = compiled.evaluate({"big": "a" * 50_000})

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.value is None
    assert result.warnings[-1].code == code
    assert peak < 50_000_000


def test_patterns_take_time_linear_in_the_text() -> None:
    assert feel.evaluate('matches(s, "(a+)+$")', {"s": "a" * 5_000 + "b"}) is False
    assert feel.evaluate('matches("a", p)', {"p": "(" * 2_000}) is None


def test_a_value_of_the_host_that_is_too_deep_is_null() -> None:
    value: Any = 1
    for _ in range(500):
        value = [value]

    result = feel.compile("x").evaluate({"x": value})

    assert result.value is None
    assert result.warnings[0].code == "value-too-deep"


def test_the_clock_is_the_hosts() -> None:
    moment = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
    token = feel.clock.set(lambda: moment)
    try:
        assert feel.evaluate("now()") == moment
        assert feel.evaluate("today()") == date(2026, 3, 4)
    finally:
        feel.clock.reset(token)


class Lazy(Mapping[str, Any]):
    """A scope that notes what was asked of it."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values_of = values
        self.asked: list[str] = []

    def __getitem__(self, key: str) -> Any:
        self.asked.append(key)
        return self.values_of[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_of)

    def __len__(self) -> int:
        return len(self.values_of)


def test_a_scope_is_asked_only_for_what_is_needed_and_once() -> None:
    scope = Lazy({"a": 1, "b": 2, "c": 3})

    result = feel.compile("if a = 1 then a + b else c").evaluate(scope)

    assert result.value == 3
    assert scope.asked == ["a", "b"]


def test_a_path_converts_only_where_it_leads() -> None:
    inner = Lazy({"amount": 5, "history": object()})

    result = feel.compile("ticket.amount + 1").evaluate({"ticket": inner})

    assert result.value == 6
    assert inner.asked == ["amount"]


@pytest.fixture
def added() -> Iterator[None]:
    """Functions of the host, taken out again afterwards."""
    feel.register("working days between", lambda a, b: (b - a).days, ["from", "to"])
    feel.register("broken", lambda: 1 // 0)
    yield
    del BUILTINS["working days between"], BUILTINS["broken"]


@pytest.mark.usefixtures("added")
def test_the_host_adds_functions() -> None:
    scope = {"a": date(2026, 1, 1), "b": date(2026, 1, 5)}

    assert feel.evaluate("working days between(a, b)", scope) == 4
    assert feel.evaluate("working days between(from: a, to: b)", scope) == 4
    assert feel.compile("broken()").evaluate({}).warnings[0].code == "host-function-failed"


def test_a_function_in_the_scope_is_called() -> None:
    double = Function(("n",), lambda arguments, state: arguments[0] * 2)

    assert feel.evaluate("twice(4)", {"twice": double}) == 8
    assert feel.evaluate("twice(n: 4)", {"twice": double}) == 8


def test_a_declared_name_hides_a_built_in_function() -> None:
    assert feel.evaluate("max", {"max": 3}) == 3
    assert feel.evaluate("count + 1", {"count": 1}) == 2
    assert feel.evaluate("max(1, 2)", {}) == 2


UNARY = [
    ("-", 5, True),
    ("5", 5, True),
    ("5", 6, False),
    ('"a", "b"', "b", True),
    ('"a", "b"', "c", False),
    ('not("a", "b")', "c", True),
    ('not("a", "b")', "a", False),
    ("not(> 5)", 3, True),
    ("> 5", 6, True),
    (">= 5", 5, True),
    ("< limit", 6, True),
    ("<= 5", 6, False),
    ("!= 5", 6, True),
    ("= 5", 5, True),
    ("[1..5]", 5, True),
    ("[1..5)", 5, False),
    ("]1..5[", 3, True),
    ("< 3, > 5", 6, True),
    ("< 3, > 5", 4, False),
    ("? > 5 and ? < 10", 7, True),
    ("? > 5 and ? < 10", 11, False),
    ("? in [1, 2]", 2, True),
    ('starts with(?, "a")', "abc", True),
    ('not(starts with(?, "a"))', "abc", False),
    ("limit", 10, True),
    ("limit", 9, False),
    ("[1, 2, 3]", 2, True),
    ("true", True, True),
    ("true", False, False),
    ("false", False, True),
    ("not(true)", False, True),
    ("limit > 5", 1, True),
    ("null", None, True),
    ("null", 1, False),
    ("5", None, False),
    ("> 5", None, None),
    ("> 5", "a", None),
    ('"5"', 5, None),
    ('date("2020-01-01")', date(2020, 1, 1), True),
    ('< date("2020-01-02")', date(2020, 1, 1), True),
    ('[@"2020-01-01"..@"2020-12-31"]', date(2020, 6, 1), True),
    ("count(?) > 1", [1, 2], True),
    ("-5", -5, True),
    ("- 5", -5, True),
    ("-limit", -10, True),
    ("not(limit > 5) and true", 3, False),
]


@pytest.mark.parametrize(("text", "value", "expected"), UNARY)
def test_unary_tests(text: str, value: Any, expected: bool | None) -> None:
    assert feel.unary(text, value, {"limit": 10}) is expected


def test_texts_of_values_can_be_read_back() -> None:
    value = [Decimal("1.5"), 'a"b', None, True, date(2020, 1, 2), {"a b": YearsMonths(3)}]

    assert feel.text_of(value) == '[1.5, "a\\"b", null, true, 2020-01-02, {a b: P3M}]'
