import json
from collections.abc import Mapping

import pytest

from tests.packages import bpmn, flow, form, manifest, package, user_task
from workflows.checks import Known, check
from workflows.findings import Finding

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'


def around(step: str) -> bytes:
    """A process with this step, of the id `x`, between start and end."""
    return bpmn(START + step + END + flow("s", "x") + flow("x", "e"))


def found(
    step: str, known: Known | None = None, replaced: Mapping[str, bytes] | None = None
) -> list[Finding]:
    """What is said of the element `x`."""
    checked = check(package(replaced={"process.bpmn": around(step), **(replaced or {})}), known)
    return [one for one in checked if one.element == "x"]


def element(kind: str, inner: str = "", **properties: str) -> str:
    """An element `x` of any kind with our properties."""
    return (
        user_task("x", **properties)
        .replace("userTask", kind)
        .replace("</bpmn:extensionElements>", f"</bpmn:extensionElements>{inner}")
    )


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"form": "nothing"}, "form-unknown"),
        ({"status": "lost"}, "status-unknown"),
        ({"actions": "solve,Need Info"}, "action-unreadable"),
        ({"access": "place:write"}, "access-level-unknown"),
        ({"access": "place"}, "access-level-unknown"),
        ({"access": "colour:read"}, "field-unknown"),
        ({"due": "soon"}, "timer-duration-unreadable"),
        ({"formm": "report"}, "property-unknown"),
        ({"name.english": "x"}, "language-unknown"),
        ({"operation": "mail"}, "property-misplaced"),
        ({"decision": "d"}, "property-misplaced"),
        ({"groups": "no blanks allowed"}, "group-unknown"),
        ({"approval": "all", "approvers": "users:a"}, "approval-incomplete"),
        ({"approvers": "users:zhang"}, "approval-incomplete"),
        (
            {"approval": "most", "approvers": "users:a", "when_empty": "admin"},
            "approval-unreadable",
        ),
        (
            {"approval": "all", "approvers": "users:a", "when_empty": "admin", "reject": "x"},
            "approval-unreadable",
        ),
    ],
)
def test_refuses_settings_of_a_step_that_cannot_work(properties: dict[str, str], code: str) -> None:
    assert [(one.code, one.severity) for one in found(user_task("x", **properties))] == [
        (code, "error")
    ]


@pytest.mark.parametrize(
    "properties",
    [
        {"form": "report", "access": "place:read,title:edit", "status": "handling"},
        {"groups": "it_support,network", "users": "zhang", "assignee": "=ticket.requester"},
        {"actions": "solve,need_info", "due": "PT4H", "skills": "network"},
        {"name.en": "Handle", "description": "Do it", "description.en": "Do it"},
        {"action.solve.en": "Solve", "action.solve.zh-CN": "解决", "actions": "solve"},
        {"approval": "percent:60", "approvers": "manager:1-3", "when_empty": "admin"},
        {"status": '=if ticket.priority = "P1" then "handling" else "done"'},
    ],
)
def test_takes_settings_of_a_step_that_work(properties: dict[str, str]) -> None:
    escaped = {name: text.replace('"', "&quot;") for name, text in properties.items()}

    assert found(user_task("x", **escaped)) == []


def test_warns_of_a_field_that_stands_in_another_form() -> None:
    replaced = {"forms/handle.json": form("handle", result={"kind": "text"})}

    said = found(user_task("x", form="handle", access="place:read"), replaced=replaced)

    assert [(one.severity, one.code) for one in said] == [("warning", "field-elsewhere")]


def test_knows_the_columns_of_a_table() -> None:
    table = {"lines": {"kind": "table", "columns": [{"key": "amount", "kind": "money"}]}}
    replaced = {"forms/report.json": form("report", **table)}

    assert found(user_task("x", form="report", access="lines.amount:hide"), None, replaced) == []


@pytest.mark.parametrize(
    ("kind", "properties", "code"),
    [
        ("serviceTask", {}, "operation-missing"),
        ("sendTask", {}, "message-missing"),
        ("businessRuleTask", {}, "decision-missing"),
        ("businessRuleTask", {"decision": "nowhere"}, "decision-unknown"),
        ("scriptTask", {"form": "report"}, "property-misplaced"),
        ("task", {"groups": "it"}, "property-misplaced"),
        ("task", {"anything": "x"}, "property-unknown"),
    ],
)
def test_refuses_settings_of_other_elements(
    kind: str, properties: dict[str, str], code: str
) -> None:
    inner = "<bpmn:script>a = 1</bpmn:script>" if kind == "scriptTask" else ""

    assert code in [one.code for one in found(element(kind, inner, **properties))]


def test_takes_every_other_property_of_a_service_task_as_a_parameter() -> None:
    step = element("serviceTask", operation="notify", to="=ticket.requester", text="Hello")

    assert found(step) == []


def test_refuses_an_operation_that_the_installation_does_not_have() -> None:
    step = element("serviceTask", operation="launch")

    said = found(step, Known(operations={"notify"}))

    assert [one.code for one in said] == ["operation-unknown"]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"groups": "ghosts"}, "group-unknown"),
        ({"users": "nobody"}, "user-unknown"),
        ({"assignee": "nobody"}, "user-unknown"),
        ({"groups": "it", "users": "zhang"}, None),
        ({"groups": "declared"}, None),
        ({"groups": '=["ghosts"]'}, None),
    ],
)
def test_asks_the_installation_who_there_is(properties: dict[str, str], code: str | None) -> None:
    known = Known(groups={"it"}, users={"zhang"}, departments=set())
    escaped = {name: text.replace('"', "&quot;") for name, text in properties.items()}

    declared = {"package.toml": manifest(more="[groups]\ndeclared = {}")}

    said = found(user_task("x", **escaped), known, declared)

    assert [one.code for one in said] == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("more", "code", "place"),
    [
        ('[access]\nwork = ["group:ghosts"]', "group-unknown", "access.work"),
        ('[access]\nsee = ["user:nobody"]', "user-unknown", "access.see"),
        ('[access]\nsubmit = ["department:moon"]', "department-unknown", "access.submit"),
    ],
)
def test_asks_who_there_is_for_the_access_lists_too(more: str, code: str, place: str) -> None:
    known = Known(groups=set(), users=set(), departments=set())

    said = check(package(replaced={"package.toml": manifest(more=more)}), known)

    assert (code, place) in [(one.code, one.element) for one in said]


def test_refuses_a_number_pattern_that_another_type_has() -> None:
    known = Known(numbers={"printer": "PRINTER-{date}-{seq:4}", "scanner": "PRINTER-{date}-{seq}"})

    said = [(one.code, one.params) for one in check(package(), known) if one.severity == "error"]

    assert said == [
        ("number-pattern-taken", {"other": "scanner", "pattern": "PRINTER-{date}-{seq}"})
    ]


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("forms/report.json", None, "form-unknown"),
        ("forms/report.json", b"{", "json-not-readable"),
        ("forms/report.json", b"[" * 100_000, "json-not-readable"),
        ("forms/report.json", b"[]", "form-not-readable"),
        ("forms/report.json", b'{"key": "report"}', "form-not-readable"),
        ("forms/report.json", json.dumps({"key": "x", "fields": []}).encode(), "form-key-differs"),
        ("examples/a.json", b"nope", "json-not-readable"),
        ("sla.toml", b"= 1", "toml-not-readable"),
        ("decisions/a.dmn", b"<a/>", "not-dmn"),
        ("decisions/a.dmn", b"<", "xml-not-well-formed"),
        ("process.bpmn", None, "process-missing"),
        ("process.bpmn", b"<", "xml-not-well-formed"),
        ("process.bpmn", b"<!DOCTYPE a []><a/>", "xml-dtd-refused"),
        ("process.bpmn", b"<a/>", "not-bpmn"),
        ("process.bpmn", bpmn(""), "process-empty"),
        ("processes/x.bpmn", b"", "xml-not-well-formed"),
    ],
)
def test_looks_at_every_file(path: str, data: bytes | None, code: str) -> None:
    said = check(package(replaced={path: data}))

    assert code in [one.code for one in said if one.severity == "error"]


def test_says_nothing_of_an_example_that_can_be_read() -> None:
    said = check(package(replaced={"examples/a.json": b"{}"}))

    assert [one for one in said if one.document == "examples/a.json"] == []
