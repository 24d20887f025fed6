"""What other engines write as expressions, and the same in FEEL."""

from typing import Any

import pytest

from workflows import feel
from workflows.importing.expressions import condition, expression, value

CASES: list[tuple[str, str, dict[str, Any], Any]] = [
    ("${approved}", "approved", {"approved": True}, True),
    ("#{!approved}", "not(approved)", {"approved": True}, False),
    ("${a == 'x' && b > 5}", 'a = "x" and b > 5', {"a": "x", "b": 6}, True),
    ("${a eq 1 or b ne 2}", "a = 1 or b != 2", {"a": 0, "b": 2}, False),
    ("${(a || b) && c}", "(a or b) and c", {"a": True, "b": False, "c": False}, False),
    ("${order.total >= 10.5}", "order.total >= 10.5", {"order": {"total": 11}}, True),
    ("${order.getTotal() lt 5}", "order.total < 5", {"order": {"total": 4}}, True),
    ("${execution.getVariable('n') == 3}", "n = 3", {"n": 3}, True),
    ("${a ? 'x' : 'y'}", '(if a then "x" else "y")', {"a": False}, "y"),
    ("${n % 2 == 0}", "modulo(n, 2) = 0", {"n": 4}, True),
    ("${name.equals('Li')}", 'name = "Li"', {"name": "Li"}, True),
    ("${vars:eq('n', 1)}", "n = 1", {"n": 1}, True),
    ("${names[0]}", "names[1]", {"names": ["a", "b"]}, "a"),
    (
        "Order ${n} of ${who}",
        '"Order " + string(n) + " of " + string(who)',
        {"n": 1, "who": "x"},
        "Order 1 of x",
    ),
    ("= a > 5", "a > 5", {"a": 6}, True),
    ("a > 5", "a > 5", {"a": 6}, True),
    ("a == 'b' and not c", 'a = "b" and not(c)', {"a": "b", "c": False}, True),
    ("a is not None", "a != null", {"a": None}, False),
    ("a in ['x', 'y']", 'list contains(["x", "y"], a)', {"a": "y"}, True),
    ("a === true", "a = true", {"a": True}, True),
    ("金额 >= 1000", "金额 >= 1000", {"金额": 1000}, True),
]


@pytest.mark.parametrize(("text", "wanted", "scope", "result"), CASES)
def test_says_the_same_in_feel(text: str, wanted: str, scope: dict[str, Any], result: Any) -> None:
    found = expression(text)

    assert found is not None
    plain = found if found == wanted else found.removeprefix("(").removesuffix(")")
    assert plain in (wanted, wanted.removeprefix("(").removesuffix(")"))
    assert feel.evaluate(found, scope) == result


@pytest.mark.parametrize(("held", "result"), [([], True), ("", True), (None, True), ([1], False)])
def test_knows_what_is_empty(held: Any, result: bool) -> None:
    found = expression("${empty x}")

    assert found is not None
    assert feel.evaluate(found, {"x": held}) is result


@pytest.mark.parametrize(
    "text",
    [
        "",
        "${}",
        "${bean.check(x)}",
        "${x = 5}",
        "${a b}",
        "${'unclosed}",
        "= a >",
        "yes",
        "通过",
        "if it rains",
        "x; y",
        "__import__('os').system('x')",
        "${" + "(" * 200 + "a" + ")" * 200 + "}",
        "${" + "!" * 5_000 + "a}",
        "${" + "a." * 5_000 + "b}",
        "lambda: 1",
    ],
)
def test_gives_nothing_for_what_has_no_counterpart(text: str) -> None:
    assert expression(text) is None


@pytest.mark.parametrize("text", ["5", "'x'", '= "x"', "${null}", "[1]"])
def test_takes_no_constant_for_a_condition(text: str) -> None:
    assert condition(text) is None


def test_tells_literals_from_expressions() -> None:
    assert value("kermit").setting == "kermit"
    assert value("${who}").setting == "=who"
    assert value("=who").setting == "=who"
    assert value("${bean.who()}").setting is None
