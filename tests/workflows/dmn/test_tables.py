"""Decision tables: hit policies, aggregation, defaults, cells, the trace, and their speed."""

import time
from decimal import Decimal
from typing import Any

import pytest

from workflows.dmn import evaluate_decision

SMALL_FIRST = [["< 10", '"small"'], ["< 100", '"medium"'], ["-", '"any"']]
SCORES = [["> 0", "1"], ["> 10", "5"], ["> 20", "3"]]


@pytest.mark.parametrize(
    ("policy", "aggregation", "rows", "value", "expected"),
    [
        ("UNIQUE", "", [["< 10", '"x"'], [">= 10", '"y"']], 12, "y"),
        ("UNIQUE", "", SMALL_FIRST, 5, None),
        ("UNIQUE", "", [["1", '"x"']], 2, None),
        ("FIRST", "", SMALL_FIRST, 5, "small"),
        ("FIRST", "", SMALL_FIRST, 50, "medium"),
        ("FIRST", "", SMALL_FIRST, 500, "any"),
        ("ANY", "", [["< 10", '"x"'], ["< 20", '"x"']], 5, "x"),
        ("ANY", "", [["< 10", '"x"'], ["< 20", '"y"']], 5, None),
        ("RULE ORDER", "", SMALL_FIRST, 5, ["small", "medium", "any"]),
        ("COLLECT", "", SMALL_FIRST, 50, ["medium", "any"]),
        ("COLLECT", "SUM", SCORES, 15, 6),
        ("COLLECT", "MIN", SCORES, 25, 1),
        ("COLLECT", "MAX", SCORES, 25, 5),
        ("COLLECT", "COUNT", SCORES, 25, 3),
        ("COLLECT", "COUNT", SCORES, 0, 0),
        ("COLLECT", "SUM", SCORES, 0, None),
        ("COLLECT", "SUM", SMALL_FIRST, 5, None),
        ("COLLECT", "", SCORES, 0, []),
        ("RULE ORDER", "", SCORES, 0, []),
        ("NO SUCH", "", SCORES, 5, None),
    ],
)
def test_hit_policies(
    table: Any,
    document: Any,
    policy: str,
    aggregation: str,
    rows: list[list[str]],
    value: int,
    expected: Any,
) -> None:
    xml = document(table(rows, policy=policy, aggregation=aggregation))

    assert evaluate_decision(xml, "D", {"a": value}).outputs == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("PRIORITY", "high"), ("OUTPUT ORDER", ["high", "middle", "low"])],
)
def test_priorities_are_the_order_of_the_output_values(
    table: Any, document: Any, policy: str, expected: Any
) -> None:
    rows = [["-", '"low"'], ["-", '"high"'], ["-", '"middle"']]
    xml = document(table(rows, policy=policy, values=['"high", "middle", "low"']))

    assert evaluate_decision(xml, "D", {"a": 1}).outputs == expected


def test_priorities_of_several_outputs_count_from_the_left(table: Any, document: Any) -> None:
    rows = [["-", '"b"', "1"], ["-", '"a"', "2"], ["-", '"a"', "1"]]
    xml = document(table(rows, outputs=("p", "q"), policy="PRIORITY", values=['"a","b"', "1,2"]))

    assert evaluate_decision(xml, "D", {"a": 1}).outputs == {"p": "a", "q": 1}


def test_several_outputs_make_a_context(table: Any, document: Any) -> None:
    xml = document(table([["1", '"x"', "a + 1"]], outputs=("name", "next")))

    assert evaluate_decision(xml, "D", {"a": 1}).outputs == {"name": "x", "next": 2}


def test_a_default_stands_in_when_no_rule_matches(table: Any, document: Any) -> None:
    xml = document(table([["1", '"x"']], defaults=['"none"']))

    assert evaluate_decision(xml, "D", {"a": 2}).outputs == "none"


@pytest.mark.parametrize(
    ("cell", "hits", "misses"),
    [
        ('"a","b"', ["a", "b"], ["c", None, 1]),
        ('not("a","b")', ["c"], ["a", "b"]),
        ("[1..5]", [1, 5, 2.5], [0, 6, "1", None]),
        ("]1..5[", [2], [1, 5]),
        ("-", [1, "a", None], []),
        ("", [1, None], []),
        ("? > 3 and ? < 9", [5], [3, 9]),
        ("null", [None], [1]),
        ("not(null)", [1], [None]),
        ("true", [True], [False, 1, "true"]),
        ("> limit", [11], [10]),
        ("list contains(?, 2)", [[1, 2]], [[1]]),
        ("1 +", [], [1, None]),
    ],
)
def test_cells(table: Any, document: Any, cell: str, hits: list[Any], misses: list[Any]) -> None:
    xml = document(table([[cell, '"hit"']]))

    for value in hits:
        assert evaluate_decision(xml, "d", {"a": value, "limit": 10}).outputs == "hit", value
    for value in misses:
        assert evaluate_decision(xml, "d", {"a": value, "limit": 10}).outputs is None, value


def test_the_trace_says_of_each_cell_what_was_seen(table: Any, document: Any) -> None:
    rows = [['"华东"', '"P0","P1"', '"a"'], ["-", '"P1"', '"b"'], ['"华北"', "-", '"c"']]
    xml = document(table(rows, inputs=("区域", "优先级"), policy="FIRST"))

    answer = evaluate_decision(xml, "D", {"区域": "华东", "优先级": "P1"})

    (step,) = answer.trace
    assert (step["decision"], step["matched"], step["value"]) == ("D", [1], "a")
    assert [one["hit"] for one in step["rules"]] == [True, False, False]
    assert step["rules"][0]["cells"] == [
        {"column": 1, "input": "区域", "test": '"华东"', "value": "华东", "hit": True},
        {"column": 2, "input": "优先级", "test": '"P0","P1"', "value": "P1", "hit": True},
    ]
    assert [cell["hit"] for cell in step["rules"][1]["cells"]] == [True, True]
    assert [cell["hit"] for cell in step["rules"][2]["cells"]] == [False, True]
    assert step["rules"][0]["outputs"] == {"out": "a"}


def test_a_contradiction_is_null_with_a_warning_that_names_the_rules(
    table: Any, document: Any
) -> None:
    answer = evaluate_decision(document(table(SMALL_FIRST)), "D", {"a": 5})

    assert answer.outputs is None
    assert [(one.code, one.params) for one in answer.warnings] == [
        ("unique-violated", {"rules": "1, 2, 3"})
    ]
    assert "1, 2, 3" in answer.warnings[0].text("en")
    assert "1, 2, 3" in answer.warnings[0].text("zh-CN")


def test_a_warning_names_the_rule_in_whose_cell_it_arose(table: Any, document: Any) -> None:
    answer = evaluate_decision(document(table([["1", '"x"'], ["> missing", '"y"']])), "D", {"a": 1})

    assert answer.outputs == "x"
    assert ("unknown-name", "rule 2") in [(one.code, one.cell) for one in answer.warnings]


def test_finds_the_rule_among_ten_thousand(table: Any, document: Any) -> None:
    rows = [[f'"k{at}", "x{at}"', f"[{at}..{at + 10}]", f"{at}"] for at in range(10_000)]
    xml = document(table(rows, inputs=("key", "amount")))
    evaluate_decision(xml, "D", {"key": "k1", "amount": 1})

    started = time.process_time()
    answer = evaluate_decision(xml, "D", {"key": "x9876", "amount": 9880})
    spent = time.process_time() - started

    assert answer.outputs == Decimal(9876)
    assert spent < 0.05


def test_an_index_finds_what_looking_through_all_rules_finds(table: Any, document: Any) -> None:
    keys = ['"a"', '"b","c"', "-", 'not("a")', "1", "true", "> 3", "null", '"a","d"']
    rows = [[keys[at % len(keys)], f"{at}"] for at in range(45)]
    many = document(table(rows, policy="RULE ORDER"))

    for value in ("a", "b", "d", "z", 1, 5, True, False, None, ["a"]):
        expected = []
        for row in rows:
            single = document(table([row], policy="RULE ORDER"))
            expected += evaluate_decision(single, "D", {"a": value}).outputs
        assert evaluate_decision(many, "D", {"a": value}).outputs == expected, value
