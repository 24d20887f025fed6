"""Judging answers: references, tables, time, and answers that are anything at all."""

import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import compiler, documents
from forms.compiler import FileFacts, References
from forms.kinds.numbers import load_number, rounded
from forms.model import Refused
from tests.forms.test_documents import field, form

SHARED = json.loads((Path(__file__).parents[1] / "form_cases.json").read_text("utf-8"))
FORMS = {name: documents.read(document) for name, document in SHARED["forms"].items()}

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text("a0 /~\n\x00你😀\ud800", max_size=12)
    | st.sampled_from(["a", "x", "2026-03-02", "10:00", "2026-03-02T10:00:00Z", "it", "purchase"])
    | st.sampled_from([0.1, 1e300, -0.0, 10**40])
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["lat", "from", "你", ""]), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def answered(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    name = draw(st.sampled_from(sorted(FORMS)))
    keys = list(FORMS[name].fields)
    columns = [column for item in FORMS[name].fields.values() for column in item.columns]
    rows = st.lists(
        st.dictionaries(st.sampled_from(columns or ["x"]), anything, max_size=4), max_size=3
    )
    return name, draw(
        st.dictionaries(st.sampled_from([*keys, "unknown"]), anything | rows, max_size=6)
    )


@settings(deadline=None)
@given(answered())
def test_never_fails_whatever_the_answers_are(drawn: tuple[str, dict[str, Any]]) -> None:
    name, answers = drawn

    judged = compiler.judge(FORMS[name], answers, scope={"ticket": {"requester": "zhoumin"}})

    assert json.loads(json.dumps(judged.values, allow_nan=False)) == judged.values
    assert all(error.pointer.startswith("/values/") for error in judged.errors)
    assert set(judged.values) <= set(FORMS[name].fields)


@settings(deadline=None)
@given(answered())
def test_what_was_taken_is_taken_again_unchanged(drawn: tuple[str, dict[str, Any]]) -> None:
    name, answers = drawn
    judged = compiler.judge(FORMS[name], answers)
    if judged.errors:
        return

    complete = {key: judged.values.get(key) for key in FORMS[name].fields if key != "hint"}
    again = compiler.judge(FORMS[name], complete, before=judged.values)

    assert again.errors == []
    assert again.values == judged.values


@settings(deadline=None)
@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10
    )
)
def test_a_number_of_15_digits_survives_json_exactly(number: Decimal) -> None:
    stored = load_number(number, 4)

    assert Decimal(json.dumps(stored)) == number
    assert load_number(json.loads(json.dumps(stored)), 4) == stored


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("1E+99")])
def test_refuses_numbers_that_json_does_not_have(value: Any) -> None:
    with pytest.raises(Refused):
        load_number(value, 2)


@pytest.mark.parametrize(
    ("value", "precision", "expected"),
    [
        ("0.125", 2, 0.13),
        ("-0.125", 2, -0.13),
        ("2.5", 0, 3),
        ("1E-30", 2, 0),
        ("0", 2, 0),
        ("123456789012.3456789", 6, 123456789012.346),
        ("1E+14", 2, 100000000000000),
    ],
)
def test_results_are_rounded_half_up(value: str, precision: int, expected: float) -> None:
    assert rounded(Decimal(value), precision) == expected


def test_answers_that_are_no_object_are_one_error() -> None:
    judged = compiler.judge(FORMS["texts"], ["line"])  # type: ignore[arg-type]

    assert [(error.pointer, error.code) for error in judged.errors] == [
        ("/values", "not-an-object")
    ]


class TestReferences:
    form = documents.read(
        form(
            field("who", "user"),
            field("files", "attachment", types=["application/pdf", ".log"], max_size=100),
            field("photos", "photo"),
            field("serial", "text", unique=True),
            field("lines", "table", columns=[field("owner", "user")]),
        )
    )
    files: ClassVar = {
        "good": FileFacts("a.pdf", 100, "application/pdf"),
        "log": FileFacts("A.LOG", 1, "text/plain"),
        "large": FileFacts("a.pdf", 101, "application/pdf"),
        "page": FileFacts("a.html", 1, "text/html"),
        "photo": FileFacts("a.jpg", 1, "image/jpeg"),
    }

    def judge(self, answers: dict[str, Any], **more: Any) -> set[tuple[str, str]]:
        references = References(
            user=lambda name: name == "zhoumin",
            file=self.files.get,
            taken=lambda key, value: (key, value) == ("serial", "SN1"),
        )
        judged = compiler.judge(self.form, answers, references=references, **more)
        return {(error.pointer, error.code) for error in judged.errors}

    def test_what_exists_is_taken(self) -> None:
        answers = {
            "who": "zhoumin",
            "files": ["good", "log"],
            "photos": ["photo"],
            "serial": "SN2",
            "lines": [{"owner": "zhoumin"}],
        }

        assert self.judge(answers) == set()

    def test_what_does_not_exist_is_pointed_at(self) -> None:
        answers = {
            "who": "nobody",
            "files": ["good", "gone"],
            "serial": "SN1",
            "lines": [{"owner": "zhoumin"}, {"owner": "nobody"}],
        }

        assert self.judge(answers) == {
            ("/values/who", "no-such-user"),
            ("/values/files/1", "no-such-file"),
            ("/values/serial", "taken"),
            ("/values/lines/1/owner", "no-such-user"),
        }

    def test_files_have_to_be_of_the_size_and_type_asked_for(self) -> None:
        answers = {"files": ["large", "page"], "photos": ["good"]}

        assert self.judge(answers) == {
            ("/values/files/0", "file-too-large"),
            ("/values/photos/0", "file-type"),
        }
        assert self.judge({"files": ["page"]}) == {("/values/files/0", "file-type")}

    def test_what_was_there_before_is_not_asked_for_again(self) -> None:
        before = {
            "who": "left",
            "files": ["old"],
            "serial": "SN1",
            "lines": [{"owner": "left"}],
        }

        assert self.judge({}, before=before) == set()
        assert self.judge({"lines": [{"owner": "left"}, {"owner": "gone"}]}, before=before) == {
            ("/values/lines/1/owner", "no-such-user")
        }

    def test_names_can_be_collected_beforehand(self) -> None:
        answers = {"who": "a", "files": ["f", 5], "lines": [{"owner": "b"}, "x"], "photos": "p"}

        assert compiler.mentioned(self.form, answers) == {"user": {"a", "b"}, "file": {"f", "p"}}
        assert compiler.mentioned(self.form, None) == {}


def test_dropped_fields_are_named_and_merged_away() -> None:
    before = {"kind": "purchase", "amount": 5, "elsewhere": 1}

    judged = compiler.judge(FORMS["shown"], {"kind": "repair"}, before=before)

    assert judged.values == {"kind": "repair"}
    assert judged.dropped == ("amount",)
    assert judged.merged(before) == {"kind": "repair", "elsewhere": 1}


def test_an_old_value_of_another_kind_is_refused_and_not_a_failure() -> None:
    before = {"price": "cheap", "count": [1]}

    judged = compiler.judge(FORMS["worked_out"], {}, before=before)

    assert {(error.pointer, error.code) for error in judged.errors} == {
        ("/values/price", "not-a-number"),
        ("/values/count", "not-a-number"),
    }


def test_an_old_value_of_another_kind_may_be_read_only() -> None:
    judged = compiler.judge(
        FORMS["worked_out"], {}, before={"price": "cheap"}, access={"price": "read"}
    )

    assert judged.errors == []
    assert judged.values["price"] == "cheap"


def test_a_computed_value_that_does_not_fit_is_an_error_at_its_field() -> None:
    judged = compiler.judge(FORMS["worked_out"], {"price": 9_999_999_999, "count": 9_999_999_999})

    assert ("/values/total", "too-many-digits") in {(e.pointer, e.code) for e in judged.errors}


def test_a_form_whose_rules_take_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forms.judging.MAX_SECONDS", -1.0)

    judged = compiler.judge(FORMS["worked_out"], {"price": 1})

    assert [(error.pointer, error.code) for error in judged.errors] == [("/values", "too-slow")]


def test_a_field_may_have_the_name_of_a_function() -> None:
    read = documents.read(
        form(
            field("count", "number"),
            field("lines", "table", columns=[field("date", "date")]),
            field("twice", "computed", computed="= count * 2"),
            field("rows", "computed", computed="= count(lines)"),
        )
    )

    judged = compiler.judge(read, {"count": 4, "lines": [{"date": "2026-03-02"}]})

    assert (judged.values["twice"], judged.values["rows"]) == (8, 1)


def test_many_rows_are_judged_within_a_second() -> None:
    columns = [field("qty", "number", required=True), field("price", "money")]
    columns.append(field("sum", "money", computed="= qty * price"))
    read = documents.read(
        form(
            field("lines", "table", max_rows=500, columns=columns),
            field("total", "money", computed="= sum(lines.sum)"),
        )
    )
    rows = [{"qty": 2, "price": 0.1} for _ in range(500)]

    judged = compiler.judge(read, {"lines": rows})

    assert judged.errors == []
    assert judged.values["total"] == 100
