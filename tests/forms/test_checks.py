"""What is said of a form before it is deployed."""

from typing import Any

import pytest

from forms import checks, documents
from tests.forms.test_documents import field, form


def said(
    document: Any, name: str = "forms/f.json", **more: Any
) -> set[tuple[str, str, str | None]]:
    return {
        (finding.severity, finding.code, finding.element)
        for finding in checks.check(name, document, **more)
    }


def test_finds_nothing_wrong_with_a_sound_form() -> None:
    sound = form(
        field("price", "money", required=True),
        field("count", "number", default=1),
        field("total", "money", computed="= price * count"),
        field("why", "text", required="= total > limit", shown="= ticket.priority != null"),
        field(
            "lines",
            "table",
            columns=[field("n", "number"), field("m", "computed", computed="= n * 2")],
        ),
        field("sum", "computed", computed="= sum(lines[n > 1].m)"),
    )

    assert said(sound, known_names=["limit"]) == set()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([field("a", "text", shown="= b +")], ("error", "bad-expression", "a")),
        ([field("a", "text", shown="= nobody = 1")], ("warning", "unknown-name", "a")),
        (
            [field("t", "table", columns=[field("c", "number", min="= nobody")])],
            ("warning", "unknown-name", "t.c"),
        ),
        (
            [field("a", "number", computed="= b"), field("b", "number", computed="= a")],
            ("error", "logic-cycle", "a"),
        ),
        ([field("a", "number", computed="= a + 1")], ("error", "logic-cycle", "a")),
        (
            [
                field("t", "table", columns=[field("n", "number", computed="= total")]),
                field("total", "number", computed="= sum(t.n)"),
            ],
            ("error", "logic-cycle", "t"),
        ),
        (
            [field("a", "text", shown="= b != null"), field("b", "text", shown="= a != null")],
            ("error", "logic-cycle", "a"),
        ),
        ([field("a", "text", shown=False)], ("warning", "never-shown", "a")),
        ([field("a", "number", default="x")], ("error", "bad-default", "a")),
        (
            [field("a", "choice", options=[{"value": "x"}], default="y")],
            ("error", "bad-default", "a"),
        ),
        (
            [field("a", "table", default=[], columns=[field("b", "text")])],
            ("error", "bad-setting", "a"),
        ),
        ([field("a", "text", colour="red")], ("warning", "unknown-setting", "a")),
        ([{"key": "a", "kind": "text"}], ("warning", "words-missing", "a")),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_says_what_will_not_work(
    fields: list[dict[str, Any]], expected: tuple[str, str, str]
) -> None:
    assert expected in said(form(*fields))


def test_warns_of_a_field_that_the_layout_forgets() -> None:
    document = form(field("a", "text"), field("b", "text"), layout=["a"])

    assert said(document) == {("warning", "not-in-layout", "b")}


def test_warns_of_an_example_that_would_be_refused() -> None:
    example = {"name": "示例", "values": {"a": "x"}}
    document = form(field("a", "number"), field("b", "text", required=True), examples=[example])

    assert said(document) == {("warning", "example-not-valid", "a")}


def test_wants_the_file_named_by_the_key() -> None:
    assert said(form(field("a", "text")), name="forms/other.json") == {
        ("error", "key-differs-from-file", None)
    }


def test_findings_carry_the_documents_name() -> None:
    found = checks.check("forms/f.json", b"{")

    assert [finding.document for finding in found] == ["forms/f.json"]


def test_warns_of_a_step_that_hides_a_required_field() -> None:
    read = documents.read(form(field("a", "text", required=True), field("b", "text")))

    def said_of(access: dict[str, str]) -> list[str]:
        found = checks.check_step("process.bpmn", "handle", read, access)
        return [finding.code for finding in found]

    assert said_of({"a": "hide"}) == said_of({"*": "hide"}) == ["access-hides-required"]
    assert said_of({"a": "edit", "*": "hide"}) == said_of({"a": "read", "b": "hide"}) == []
