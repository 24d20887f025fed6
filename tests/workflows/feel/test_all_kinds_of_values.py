"""Every function and operator with values of every kind: a value or null, never an exception."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import feel
from workflows.feel import BUILTINS

VALUES = [
    "null",
    "true",
    "0",
    "-1",
    "2.5",
    "1e6000",
    "-1e-6000",
    '""',
    '"a"',
    '"2020-01-01"',
    '"[1..5]"',
    '"("',
    "[]",
    "[1]",
    '["a", null]',
    "[[1], [2]]",
    "{}",
    "{a: 1}",
    '[{key: "a", value: 1}]',
    '@"0001-01-01"',
    '@"9999-12-31"',
    '@"00:00:00"',
    '@"23:59:59.999999+14:00"',
    '@"10:00:00@Europe/Paris"',
    '@"0001-01-01T00:00:00+14:00"',
    '@"9999-12-31T23:59:59@America/New_York"',
    '@"2020-01-01T10:00:00"',
    '@"P999999999D"',
    '@"-PT1S"',
    '@"P999999999Y"',
    '@"P0M"',
    "[1..5]",
    "(>5)",
    '["a".."b")',
    "max",
    "function(a, b) a > b",
]
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in")


@pytest.mark.parametrize("operator", OPERATORS)
def test_operators(operator: str) -> None:
    for left, right in product(VALUES, VALUES):
        result = feel.compile(f"({left}) {operator} ({right})").evaluate({})

        assert result.value is not None or result.warnings or operator in ("and", "or", "in", "=")


@pytest.mark.parametrize("left", VALUES)
def test_forms(left: str) -> None:
    for form in (
        "-({0})",
        "({0}).a",
        "({0}).year",
        "({0})[1]",
        "({0})[a > 1]",
        "({0})[item]",
        "for i in ({0}) return i",
        "for i in ({0})..3 return i",
        "some i in ({0}) satisfies i",
        "({0})(1)",
        "({0})(a: 1)",
        "if ({0}) then 1 else 2",
        "({0}) between 1 and ({0})",
        "[({0})..({0})]",
        "({0}) instance of list<number>",
        "string({0})",
    ):
        text = form.format(left)
        assert isinstance(feel.compile(text).evaluate({}).warnings, tuple)
        assert feel.check(text) == []


@settings(max_examples=1_500, deadline=None)
@given(st.sampled_from(sorted(BUILTINS)), st.lists(st.sampled_from(VALUES), max_size=4))
def test_functions(name: str, arguments: list[str]) -> None:
    text = f"{name}({', '.join(arguments)})"

    result = feel.compile(text).evaluate({})

    assert feel.text_of(result.value) is not None


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_functions_of_one_argument(name: str) -> None:
    for value in VALUES:
        result = feel.compile(f"{name}({value})").evaluate({})

        assert feel.text_of(result.value) is not None
