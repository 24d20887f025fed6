"""Requirements, boxed expressions, types, services and what is given back for bad documents."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.dmn import evaluate_decision


def literal(text: str, type_: str = "") -> str:
    typed = f" typeRef='{type_}'" if type_ else ""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<literalExpression id='l'{typed}><text>{escaped}</text></literalExpression>"


def decision(name: str, logic: str, requires: str = "", type_: str = "") -> str:
    typed = f" typeRef='{type_}'" if type_ else ""
    variable = f"<variable name='{name}'{typed}/>"
    return f"<decision id='{name}-id' name='{name}'>{variable}{requires}{logic}</decision>"


def needs(kind: str, *ids: str) -> str:
    requirement = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return "".join(f"<{requirement}><required{kind} href='#{one}'/></{requirement}>" for one in ids)


def input_data(name: str, type_: str = "") -> str:
    typed = f" typeRef='{type_}'" if type_ else ""
    return f"<inputData id='{name}-id' name='{name}'><variable name='{name}'{typed}/></inputData>"


def knowledge(name: str, parameters: list[str], logic: str, requires: str = "") -> str:
    formal = "".join(f"<formalParameter name='{one}'/>" for one in parameters)
    return (
        f"<businessKnowledgeModel id='{name}-id' name='{name}'><variable name='{name}'/>"
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{requires}"
        "</businessKnowledgeModel>"
    )


BOXED = [
    (literal("1 + 2"), 3),
    (
        "<context><contextEntry><variable name='a b'/>" + literal("2") + "</contextEntry>"
        "<contextEntry><variable name='c'/>" + literal("a b + 1") + "</contextEntry></context>",
        {"a b": 2, "c": 3},
    ),
    (
        "<context><contextEntry><variable name='a'/>" + literal("2") + "</contextEntry>"
        "<contextEntry>" + literal("a * 5") + "</contextEntry></context>",
        10,
    ),
    ("<list>" + literal("1") + literal("2") + "</list>", [1, 2]),
    (
        "<relation><column name='x'/><column name='y z'/><row>"
        + literal("1") + literal("2") + "</row><row>" + literal("3") + literal("4")
        + "</row></relation>",
        [{"x": 1, "y z": 2}, {"x": 3, "y z": 4}],
    ),
    (
        "<invocation>" + literal("max") + "<binding><parameter name='list'/>"
        + literal("[1,3,2]") + "</binding></invocation>",
        3,
    ),
    (
        "<conditional><if>" + literal("1 > 2") + "</if><then>" + literal("1")
        + "</then><else>" + literal("2") + "</else></conditional>",
        2,
    ),
    (
        "<filter><in>" + literal("[1,2,3]") + "</in><match>" + literal("item > 1")
        + "</match></filter>",
        [2, 3],
    ),
    (
        "<for iteratorVariable='i'><in>" + literal("1") + "</in><return>" + literal("i + 1")
        + "</return></for>",
        [2],
    ),
    (
        "<some iteratorVariable='i'><in>" + literal("[1,2]") + "</in><satisfies>"
        + literal("i > 1") + "</satisfies></some>",
        True,
    ),
    (
        "<every iteratorVariable='i'><in>" + literal("[1,2]") + "</in><satisfies>"
        + literal("i > 1") + "</satisfies></every>",
        False,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("logic", "expected"), BOXED)
def test_boxed_expressions(document: Any, logic: str, expected: Any) -> None:
    assert evaluate_decision(document(decision("D", logic)), "D", {}).outputs == expected


@pytest.mark.parametrize("version", ["20151101", "20180521", "20191111", "20211108", "20230324"])
def test_reads_every_version_of_the_standard(document: Any, version: str) -> None:
    xml = document(decision("D", literal("1")), version=version)

    assert evaluate_decision(xml, "D", {}).outputs == 1


def test_a_decision_sees_what_it_requires(document: Any) -> None:
    xml = document(
        input_data("Loan amount", "number"),
        decision("Twice it", literal("Loan amount * 2"), needs("Input", "Loan amount-id")),
        decision("D", literal("Twice it + 1"), needs("Decision", "Twice it-id")),
    )

    answer = evaluate_decision(xml, "D", {"Loan amount": 4})

    assert answer.outputs == 9
    assert [step["decision"] for step in answer.trace] == ["Twice it", "D"]


def test_a_business_knowledge_model_is_a_function_that_may_call_itself_and_others(
    document: Any,
) -> None:
    xml = document(
        knowledge("plus one", ["n"], literal("n + 1")),
        knowledge(
            "fact", ["n"], literal("if n < plus one(0) then 1 else n * fact(n - 1)"),
            needs("Knowledge", "plus one-id"),
        ),
        decision("D", literal("fact(5)"), needs("Knowledge", "fact-id")),
        decision(
            "E",
            "<invocation>" + literal("fact") + "<binding><parameter name='n'/>" + literal("3")
            + "</binding></invocation>",
            needs("Knowledge", "fact-id"),
        ),
    )  # fmt: skip

    assert evaluate_decision(xml, "D", {}).outputs == 120
    assert evaluate_decision(xml, "E", {}).outputs == 6
    assert evaluate_decision(xml, "fact", {"n": 4}).outputs == 24


SERVICE = (
    "<decisionService id='s' name='S'><variable name='S'/><outputDecision href='#D-id'/>"
    "<encapsulatedDecision href='#B-id'/><inputDecision href='#A-id'/><inputData href='#i-id'/>"
    "</decisionService>"
)


def service_parts() -> tuple[str, ...]:
    return (
        input_data("i"),
        decision("A", literal("100")),
        decision("B", literal("A + i"), needs("Decision", "A-id") + needs("Input", "i-id")),
        decision("D", literal("B * 2"), needs("Decision", "B-id")),
        SERVICE,
        decision("C", literal("S(1, 2)"), needs("Knowledge", "s")),
        decision("N", literal("S(A: 5, i: 2)"), needs("Knowledge", "s")),
    )


@pytest.mark.parametrize(
    ("name", "context", "expected"),
    [("S", {"A": 1, "i": 2}, 6), ("C", {}, 6), ("N", {}, 14), ("D", {"i": 1}, 202)],
)
def test_a_decision_service_takes_its_input_decisions_from_the_caller(
    document: Any, name: str, context: dict[str, Any], expected: int
) -> None:
    assert evaluate_decision(document(*service_parts()), name, context).outputs == expected


TYPES = (
    '<itemDefinition name=\'tGrade\'><typeRef>string</typeRef><allowedValues><text>"A","B"</text>'
    "</allowedValues></itemDefinition>"
    "<itemDefinition name='tPerson'><itemComponent name='born'><typeRef>date</typeRef>"
    "</itemComponent><itemComponent name='grades' isCollection='true'><typeRef>tGrade</typeRef>"
    "</itemComponent></itemDefinition>"
    "<itemDefinition name='tSmall'><typeRef>number</typeRef><allowedValues><text>[0..10]</text>"
    "</allowedValues></itemDefinition>"
)


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("number", 5, 5),
        ("number", "5", None),
        ("number", [5], 5),
        ("string", "x", "x"),
        ("date", "2026-01-02", date(2026, 1, 2)),
        ("date", "nonsense", None),
        ("tGrade", "A", "A"),
        ("tGrade", "C", None),
        ("tSmall", 10, 10),
        ("tSmall", 11, None),
        ("tPerson", {"born": "2000-01-01", "grades": ["A"]},
         {"born": date(2000, 1, 1), "grades": ["A"]}),
        ("tPerson", {"born": "2000-01-01", "grades": "B"},
         {"born": date(2000, 1, 1), "grades": ["B"]}),
        ("tPerson", {"born": "2000-01-01", "grades": ["C"]}, None),
        ("tPerson", 1, None),
        ("Any", 1, 1),
    ],
)  # fmt: skip
def test_input_is_fitted_to_its_type(document: Any, type_: str, value: Any, expected: Any) -> None:
    xml = document(
        TYPES, input_data("x", type_), decision("D", literal("x"), needs("Input", "x-id"))
    )

    answer = evaluate_decision(xml, "D", {"x": value})

    assert answer.outputs == expected
    assert bool(answer.warnings) == (expected is None)


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        ("number", '"x"', None),
        ("tGrade", '"A"', "A"),
        ("tGrade", '"C"', None),
        ("string", '["x"]', "x"),
        ("list", "1", [1]),
        ("number", "null", None),
    ],
)
def test_a_result_is_fitted_to_its_type(
    document: Any, type_: str, text: str, expected: Any
) -> None:
    xml = document(TYPES, decision("D", literal(text), type_=type_))

    assert evaluate_decision(xml, "D", {}).outputs == expected


def test_instance_of_knows_the_types_of_the_document(document: Any) -> None:
    xml = document(
        TYPES, decision("D", literal('["A" instance of tGrade, "C" instance of tGrade]'))
    )

    assert evaluate_decision(xml, "D", {}).outputs == [True, False]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([], "decision-unknown"),
        ([decision("D", literal("1 +"))], "expression-missing"),
        ([decision("D", "")], "logic-missing"),
        ([decision("D", literal("1/0"))], "division-by-zero"),
        ([decision("D", literal("D"), needs("Decision", "D-id"))], "requirement-circle"),
        ([decision("D", literal("x"), needs("Input", "nowhere"))], "requirement-unknown"),
        ([input_data("x"), decision("D", literal("x"), needs("Input", "x-id"))], "input-missing"),
        ([decision("D", literal("for i in 1..10**9 return i"))], "too-much-work"),
    ],
)
def test_what_has_no_value_is_null_with_a_warning(
    document: Any, parts: list[str], code: str
) -> None:
    answer = evaluate_decision(document(*parts), "D", {})

    assert answer.outputs is None
    assert code in [one.code for one in answer.warnings]
    assert all("{" not in one.text("zh-CN") for one in answer.warnings)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        b"<definitions/>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">',
        b"\xff\xfe\x00",
        b"<a>" * 5_000,
    ],
)
def test_bytes_that_are_no_document_give_null_and_a_warning(data: bytes) -> None:
    answer = evaluate_decision(data, "D", {})

    assert answer.outputs is None
    assert answer.warnings


def test_a_long_chain_of_decisions_is_answered(document: Any) -> None:
    parts = [decision("D0", literal("1"))]
    parts += [
        decision(f"D{at}", literal(f"D{at - 1} + 1"), needs("Decision", f"D{at - 1}-id"))
        for at in range(1, 2_000)
    ]

    assert evaluate_decision(document(*parts), "D50", {}).outputs == 51
    assert evaluate_decision(document(*parts), "D1999", {}).outputs is None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_damaged_documents_never_raise(noise: bytes, at: int) -> None:
    whole = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="n">'
        b'<decision id="d" name="D"><decisionTable hitPolicy="UNIQUE"><input><inputExpression>'
        b"<text>a</text></inputExpression></input><output/><rule><inputEntry><text>1</text>"
        b"</inputEntry><outputEntry><text>2</text></outputEntry></rule></decisionTable></decision>"
        b"</definitions>"
    )

    answer = evaluate_decision(whole[:at] + noise + whole[at:], "D", {"a": 1})

    assert isinstance(answer.trace, list)
    assert all(one.text("en") != one.code for one in answer.warnings)
