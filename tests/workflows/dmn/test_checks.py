"""What is said about a decision document before it is used."""

import json
import time
from importlib.resources import files
from typing import Any

import pytest

from workflows.dmn.checks import check
from workflows.texts import LANGUAGES, catalogue

TABLES = [
    # rows, options of the table, expected (severity, code, cell)
    ([["1", '"x"'], ["2", '"y"'], ["not(1,2)", '"z"']], {}, []),
    ([["1 +", '"x"'], ["-", '"y"']], {"policy": "FIRST"},
     [("error", "expression-missing", "rule 1, column 1")]),
    ([["-", '"x']], {}, [("error", "string-not-closed", "rule 1, column 2")]),
    ([["＞ 5", "1"], ["-", "2"]], {"policy": "FIRST"},
     [("error", "full-width-mark", "rule 1, column 1")]),
    ([['"x"', "1"], ["-", "2"]], {"inputs": ["a: number"], "policy": "FIRST"},
     [("error", "cell-type", "rule 1, column 1")]),
    ([["[1..5]", "1"], ["-", "2"]], {"inputs": ["a: string"], "policy": "FIRST"},
     [("error", "cell-type", "rule 1, column 1")]),
    ([["-", "1"]], {"outputs": ["out: string"]}, [("error", "cell-type", "rule 1, column 2")]),
    ([["-", '"c"']], {"values": ['"a","b"']},
     [("error", "output-not-listed", "rule 1, column 2")]),
    ([["< 10", "1"], ["> 5", "2"]], {}, [("error", "rules-overlap", "rule 2")]),
    ([["< 10", "1"], [">= 10", "2"]], {}, []),
    ([["< 10", "1"], ["> 5", "2"]], {"policy": "FIRST"}, []),
    ([["< 10", "1"], ["> 5", "2"]], {"policy": "ANY"}, [("error", "rules-contradict", "rule 2")]),
    ([["< 10", "1"], ["> 5", "1"]], {"policy": "ANY"}, []),
    ([["< 10", "1"], ["> 10", "2"]], {}, [("warning", "rules-gap", None)]),
    ([["< 10", "1"], ["> 10", "2"]], {"defaults": ["3"]}, []),
    ([["< 10", "1"], ["> 10", "2"]], {"policy": "COLLECT"}, []),
    ([['"a"', "1"], ['"b"', "2"]], {}, [("warning", "rules-gap", None)]),
    ([['"a"', "1"], ['"b"', "2"]], {"input_values": ['"a","b"']}, []),
    ([['"a"', "1"], ['"b","c"', "2"]], {"input_values": ['"a","b"']},
     [("warning", "value-not-listed", "rule 2, column 1")]),
    ([["true", "1"], ["false", "2"]], {}, []),
    ([["true", "1"]], {}, [("warning", "rules-gap", None)]),
    ([["< 10", "1"], ["-", "2"], ["> 20", "3"]], {"policy": "FIRST"},
     [("error", "rule-unreachable", "rule 3")]),
    ([["< 10", "1"], [">= 10", "2"], ["5", "3"]], {"policy": "FIRST"},
     [("error", "rule-unreachable", "rule 3")]),
    ([["[5..1]", "1"], ["-", "2"]], {"policy": "FIRST"}, [("error", "rule-empty", "rule 1")]),
    ([["?  > 1", "1"], ["-", "2"]], {"policy": "FIRST"}, []),
    ([["-"]], {}, [("error", "rule-cells-missing", "rule 1")]),
    ([["-", "1"]], {"policy": "NO SUCH"}, [("error", "hit-policy-unknown", None)]),
    ([["-", "1"]], {"policy": "PRIORITY"}, [("error", "priorities-missing", None)]),
    ([["-", "1", "2"]], {"outputs": ["x", "x"]}, [("error", "output-name", "column 3")]),
    ([["-", "1", "2"]], {"outputs": ["x", "y"], "policy": "COLLECT", "aggregation": "SUM"},
     [("error", "aggregation-of-several", None)]),
    ([["-", "1"]], {"inputs": ["a: tNone"]}, [("error", "unknown-type", "column 1")]),
    ([["-", "1"]], {"inputs": [""]}, [("error", "input-expression-missing", "column 1")]),
    ([], {}, [("warning", "rules-missing", None)]),
    ([['@"2026-01-01"', "1"], ['< @"2026-01-01"', "2"], ['> @"2026-01-01"', "3"]], {}, []),
    ([["1", '"x"', "1"], ["1", '"y"', "2"], ["not(1)", "-", "3"], ["1", 'not("x","y")', "4"]],
     {"inputs": ["a", "b"]}, []),
    ([["1", '"x"', "1"], ["-", '"x"', "2"]], {"inputs": ["a", "b"]},
     [("error", "rules-overlap", "rule 2"), ("warning", "rules-gap", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "options", "expected"), TABLES)
def test_tables(
    table: Any,
    document: Any,
    rows: list[list[str]],
    options: dict[str, Any],
    expected: list[tuple[str, str, str | None]],
) -> None:
    found = check("d.dmn", document(table(rows, **options)))

    assert [(one.severity, one.code, one.cell) for one in found] == expected
    assert all((one.document, one.element) == ("d.dmn", "d") for one in found)


def test_a_gap_is_shown_by_an_example(table: Any, document: Any) -> None:
    rows = [["< 10", '"x"', "1"], [">= 10", "-", "2"]]

    (found,) = check("d.dmn", document(table(rows, inputs=("a", "b"))))

    assert found.params == {"values": "< 10, …"}


def test_knows_which_variables_a_decision_has(table: Any, document: Any) -> None:
    data = (
        "<inputData id='x' name='x y'><variable name='x y'/></inputData>",
        table(
            [["> z", "x y + w"], ["-", "1"]],
            inputs=["x y"],
            policy="FIRST",
            requires="<informationRequirement><requiredInput href='#x'/></informationRequirement>",
        ),
    )

    found = check("d.dmn", document(*data))

    assert [(one.code, one.cell, one.params["name"]) for one in found] == [
        ("variable-unknown", "rule 1, column 1", "z"),
        ("variable-unknown", "rule 1, column 2", "w"),
    ]


def test_without_input_data_the_variables_are_the_callers(table: Any, document: Any) -> None:
    assert check("d.dmn", document(table([["-", "anything"]]))) == []


def test_requirements_must_be_there_and_make_no_circle(document: Any) -> None:
    logic = "<literalExpression><text>1</text></literalExpression>"

    def decision(name: str, *needed: str) -> str:
        required = "".join(
            f"<informationRequirement><requiredDecision href='#{one}'/></informationRequirement>"
            for one in needed
        )
        return f"<decision id='{name}' name='{name}'>{required}{logic}</decision>"

    data = document(decision("a", "b"), decision("b", "a"), decision("c", "nowhere"))

    found = check("d.dmn", data)

    assert {(one.code, one.element) for one in found} == {
        ("requirement-circle", "a"),
        ("requirement-unknown", "c"),
    }


@pytest.mark.parametrize("data", [b"", b"<a/>", b"<!DOCTYPE a><a/>", b"\x00"])
def test_bytes_that_are_no_document_are_one_finding(data: bytes) -> None:
    (found,) = check("d.dmn", data)

    assert found.severity == "error"


def test_a_big_table_is_checked_within_bounds(table: Any, document: Any) -> None:
    rows = [[f"[{at}..{at + 300}]", f"> {at}", f"{at}"] for at in range(1_000)]
    started = time.process_time()

    found = check("d.dmn", document(table(rows, inputs=("a", "b"))))

    assert time.process_time() - started < 20
    assert len(found) <= 40


def test_every_code_has_a_sentence_in_both_languages() -> None:
    folder = files("workflows.dmn.texts")
    known = [set(json.loads((folder / f"{one}.json").read_text("utf-8"))) for one in LANGUAGES]

    assert known[0] == known[1]
    for _, _, expected in TABLES:
        for _, code, _ in expected:
            assert any(
                code in catalogue(package, "en") for package in ("workflows.dmn", "workflows.feel")
            )
