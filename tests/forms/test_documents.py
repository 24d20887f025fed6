"""Form documents: what is read, and what is said of those that are none."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import checks, compiler, documents
from forms.documents import FormInvalid
from forms.fields import KINDS


def form(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"key": "f", "title": {"zh-CN": "表单", "en": "Form"}, "fields": list(fields), **more}


def field(key: str, kind: str, **settings: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "label": {"zh-CN": key, "en": key}, **settings}


def codes(document: Any) -> set[tuple[str, str | None]]:
    with pytest.raises(FormInvalid) as refusal:
        documents.read(document)
    return {(finding.code, finding.element) for finding in refusal.value.findings}


def test_reads_the_kinds_of_the_design() -> None:
    expected = (
        "text textarea richtext number money date time datetime date_range boolean choice choices "
        "cascade user group department phone email url id_number attachment photo signature "
        "location scan rating computed note table asset ticket"
    )

    assert set(KINDS) == set(expected.split())


def test_reads_fields_options_columns_and_rules() -> None:
    document = form(
        field("kind", "choice", options=[{"value": "a", "label": "甲"}], required=True),
        field("why", "text", shown='= kind = "a"', rules=[{"check": "= true", "message": "好"}]),
        field("lines", "table", columns=[field("qty", "number", min=1)]),
        layout=["kind", {"group": "其余", "items": [{"row": ["why"]}, "lines"]}],
    )

    read = documents.read(json.dumps(document))

    assert list(read.fields) == ["kind", "why", "lines"]
    assert read.title == {"zh-CN": "表单", "en": "Form"}
    assert read.fields["kind"].options[0].label == {"zh-CN": "甲"}  # type: ignore[union-attr]
    assert read.fields["why"].shown.text == ' kind = "a"'  # type: ignore[union-attr]
    assert read.fields["lines"].columns["qty"].settings == {"min": 1}
    assert read.raw == document


def test_the_same_bytes_give_the_same_form() -> None:
    data = json.dumps(form(field("a", "text"))).encode()

    assert documents.read(data) is documents.read(bytes(bytearray(data)))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"\xff\xfe", ("form-not-json", None)),
        (b"[]", ("form-not-an-object", None)),
        (b"{", ("form-not-json", None)),
        (b'{"key": NaN}', ("form-not-json", None)),
        (b'{"key": "a", "key": "b"}', ("key-twice", None)),
        (b" " * (documents.MAX_BYTES + 1), ("form-too-large", None)),
        (b"[" * 100_000, ("form-not-json", None)),
        ({}, ("fields-missing", None)),
        (form(), ("fields-missing", None)),
        ({**form(field("a", "text")), "key": "a b"}, ("form-key", None)),
        ({**form(field("a", "text")), "key": 5}, ("form-key", None)),
        ({**form(field("a", "text")), "title": 5}, ("words-missing", None)),
        (form("a"), ("field-not-an-object", None)),  # type: ignore[arg-type]
        (form(field("a", "text"), field("a", "number")), ("duplicate-key", "a")),
        (form(field("1a", "text")), ("field-key", None)),
        (form(field("a/b", "text")), ("field-key", None)),
        (form(field("ticket", "text")), ("reserved-key", "ticket")),
        (form(field("a", "video")), ("unknown-kind", "a")),
        (form(field("a", ["text"])), ("unknown-kind", "a")),  # type: ignore[arg-type]
        (form(field("a", "text", max_length="x")), ("bad-setting", "a")),
        (form(field("a", "text", max_length=100_000)), ("bad-setting", "a")),
        (form(field("a", "text", max_length=True)), ("bad-setting", "a")),
        (form(field("a", "money", precision=5)), ("bad-setting", "a")),
        (form(field("a", "text", required="yes")), ("bad-setting", "a")),
        (form(field("a", "text", help=7)), ("bad-setting", "a")),
        (form(field("a", "text", computed="1 + 1")), ("bad-setting", "a")),
        (form(field("a", "computed")), ("bad-setting", "a")),
        (form(field("a", "text", rules=[{"check": "x"}])), ("bad-setting", "a")),
        (form(field("a", "text", options=[])), ("bad-setting", "a")),
        (form(field("a", "number", min=3, max=2)), ("limits-crossed", "a")),
        (form(field("a", "date", min="2026-02-30")), ("bad-setting", "a")),
        (form(field("a", "date", min="2026-02-02", max="2026-02-01")), ("limits-crossed", "a")),
        (form(field("a", "text", pattern="(")), ("bad-pattern", "a")),
        (form(field("a", "text", pattern="(?=a)")), ("bad-pattern", "a")),
        (form(field("a", "text", pattern="((a{100}){100}){100}")), ("bad-pattern", "a")),
        (form(field("a", "choice")), ("options-missing", "a")),
        (form(field("a", "choice", options=[{"label": "x"}])), ("bad-option", "a")),
        (form(field("a", "choice", options=[{"value": "x"}] * 2)), ("duplicate-option", "a")),
        (
            form(field("a", "choice", options=[{"value": "x", "children": [{"value": "y"}]}])),
            ("bad-option", "a"),
        ),
        (form(field("a", "table")), ("fields-missing", "a")),
        (
            form(field("a", "table", columns=[field("b", "table", columns=[])])),
            ("not-in-a-table", "a.b"),
        ),
        (form(field("a", "text", columns=[])), ("bad-setting", "a")),
        (form(field("a", "text"), layout=["b"]), ("layout-unknown-field", "b")),
        (form(field("a", "text"), layout=["a", {"row": ["a"]}]), ("layout-twice", "a")),
        (form(field("a", "text"), layout=[5]), ("bad-layout", None)),
        (form(field("a", "text"), layout={"row": ["a"]}), ("bad-layout", None)),
        (form(field("a", "text"), layout=[{"tabs": ["a"]}]), ("bad-layout", None)),
        (form(field("a", "text"), examples=[{"values": {}}]), ("bad-setting", None)),
        (
            form(field("a", "text"), examples=[{"name": "x", "values": {"b": 1}}]),
            ("example-unknown-field", "b"),
        ),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, tuple) else "",
)
def test_says_what_is_wrong(document: Any, expected: tuple[str, str | None]) -> None:
    assert expected in codes(document)


def test_refuses_too_many_fields_and_options() -> None:
    many = [field(f"f{number}", "text") for number in range(documents.MAX_FIELDS + 1)]
    options = [{"value": str(number)} for number in range(documents.MAX_OPTIONS + 1)]

    assert ("too-many-fields", None) in codes(form(*many))
    assert ("too-many-options", "a") in codes(form(field("a", "choice", options=options)))


def test_refuses_a_layout_that_is_too_deep() -> None:
    items: list[Any] = ["a"]
    for _ in range(50):
        items = [{"group": "g", "items": items}]

    assert ("bad-layout", None) in codes(form(field("a", "text"), layout=items))


def test_says_everything_that_is_wrong_at_once() -> None:
    found = codes(form(field("a", "video"), field("b", "choice"), field("b", "text")))

    assert {("unknown-kind", "a"), ("options-missing", "b"), ("duplicate-key", "b")} <= found


_LAYOUT = ("layout", "row", "group", "tabs", "items")
_PARTS = ("key", "kind", "label", "fields", "options", "columns", "value", "children", "name")
_RULES = ("shown", "required", "computed", "default", "rules", "check", "message", "read_only")
_SETTINGS = ("min", "max", "pattern", "precision", "within", "types", "max_rows", "unique")
_WORDS = st.sampled_from([*_LAYOUT, *_PARTS, *_RULES, *_SETTINGS, "examples", "values"])
_VALUES = (
    _WORDS
    | st.sampled_from([*KINDS, "a", "b", "= a", "= a +", "(", "2026-03-02", "", "\ud800"])
    | st.none()
    | st.booleans()
    | st.sampled_from([0, 1, -1, 2.5, 1e300, -7, 10**40])
)
_ANYTHING = st.recursive(
    _VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=5),
    max_leaves=10,
)
_FIELD = st.fixed_dictionaries(
    {"key": st.sampled_from(["a", "b", "c"]), "kind": st.sampled_from(sorted(KINDS))},
    optional={name: _ANYTHING for name in (*_PARTS[2:], *_RULES, *_SETTINGS)},
)


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries(
        {"key": st.just("f"), "title": st.just("表单"), "fields": st.lists(_FIELD | _ANYTHING)},
        optional={"layout": _ANYTHING, "examples": _ANYTHING, "label": _ANYTHING},
    )
    | _ANYTHING
)
def test_never_fails_whatever_the_document_is(document: Any) -> None:
    data = json.dumps(document).encode()
    found = checks.check("forms/f.json", data)

    form, _ = documents.inspect(data)
    if form is None:
        assert any(finding.severity == "error" for finding in found)
        return
    compiler.judge(form, {"a": 1, "b": "x", "c": [{"a": "y"}]})
    json.dumps(compiler.visible(form, {}, access={"a": "hide"}))


def test_a_deep_document_is_refused_and_not_a_failure() -> None:
    for depth in (100, 500, 900, 980, 5000):
        layout = "[" * depth + "]" * depth
        data = f'{{"key": "f", "title": "f", "fields": [], "layout": {layout}}}'

        with pytest.raises(FormInvalid):
            documents.read(data)
