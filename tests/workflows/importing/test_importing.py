"""Files of every dialect come in as drafts that can be checked, built and walked to their end."""

import re

import pytest

from forms.documents import inspect
from tests.workflows.importing import files
from tests.workflows.importing.walking import reaches_the_end
from workflows.bpmn import Element, read
from workflows.checks import check
from workflows.documents import DocumentError
from workflows.findings import errors
from workflows.importing import Imported, import_bpmn
from workflows.packages import from_files
from workflows.texts import LANGUAGES, catalogue


def element(imported: Imported, identity: str) -> Element:
    """An element of the draft's process."""
    document = read(imported.files["process.bpmn"])
    return next(
        process.elements[identity] for process in document.processes if identity in process.elements
    )


def condition(imported: Imported, flow: str) -> str | None:
    """The condition of a flow of the draft."""
    document = read(imported.files["process.bpmn"])
    return next(
        process.flows[flow].condition for process in document.processes if flow in process.flows
    )


def said(imported: Imported, kind: str) -> set[tuple[str, str | None]]:
    """The notes of a kind: code and element."""
    return {(note.code, note.element) for note in imported.report if note.kind == kind}


@pytest.mark.parametrize("dialect", files.DIALECTS)
def test_reaches_the_end_with_dummy_answers(dialect: str) -> None:
    imported = import_bpmn(files.DIALECTS[dialect])

    ended, reasons = reaches_the_end(imported)

    assert ended, reasons


@pytest.mark.parametrize("dialect", files.DIALECTS)
def test_leaves_only_questions_open(dialect: str) -> None:
    imported = import_bpmn(files.DIALECTS[dialect])

    findings = check(from_files(imported.files))

    assert errors(findings) == []
    asked = {note.element for note in imported.report if note.kind == "question"}
    assert {one.element for one in findings if one.code == "question-open"} == asked


@pytest.mark.parametrize("dialect", files.DIALECTS)
def test_writes_forms_that_can_be_read(dialect: str) -> None:
    imported = import_bpmn(files.DIALECTS[dialect])

    for path, data in imported.files.items():
        if path.startswith("forms/"):
            form, _ = inspect(data)
            assert form is not None, path
            assert path == f"forms/{form.key}.json"


@pytest.mark.parametrize("dialect", files.DIALECTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_says_everything_in_whole_sentences(dialect: str, language: str) -> None:
    imported = import_bpmn(files.DIALECTS[dialect])

    readme = imported.files["README.md"].decode()
    for note in imported.report:
        text = note.text(language)
        assert text != note.code
        assert not re.search(r"(?<![$#{])\{[a-z_]+\}", text), (note.code, text)
        assert " ".join(text.split()) in readme


def test_has_the_same_sentences_in_both_languages() -> None:
    chinese, english = (catalogue("workflows.importing", one) for one in LANGUAGES)
    blank = re.compile(r"\{(\w+?)(?:_zh|_en)?\}")

    assert set(chinese) == set(english)
    for code, text in chinese.items():
        assert set(blank.findall(text)) == set(blank.findall(english[code])), code


@pytest.mark.parametrize("dialect", files.DIALECTS)
def test_gives_the_same_draft_for_the_same_file(dialect: str) -> None:
    first = import_bpmn(files.DIALECTS[dialect])

    assert import_bpmn(files.DIALECTS[dialect]) == first


@pytest.mark.parametrize("dialect", files.DIALECTS)
def test_takes_its_own_draft_without_a_new_question(dialect: str) -> None:
    draft = import_bpmn(files.DIALECTS[dialect]).files["process.bpmn"]

    again = import_bpmn(draft)

    assert not [note for note in again.report if note.code == "setting-dropped"]
    assert errors(check(from_files(again.files))) == []


def test_translates_camunda_7() -> None:
    imported = import_bpmn(files.CAMUNDA_7)

    approve = element(imported, "approve").properties
    assert approve["assignee"] == "=ticket.requester"
    assert approve["groups"] == "accounting,management"
    assert approve["due"] == '=now() + duration("P3D")'
    assert condition(imported, "sure_archive") == "approved and amount >= 1"
    assert element(imported, "sum").script == "total = amount * 2"
    assert element(imported, "odd").kind == "manualTask"
    assert "for (;;) {}" in (element(imported, "odd").documentation or "")
    assert element(imported, "call").properties["out.price"] == "=cost + 1"
    assert ("operation-unknown", "pay") in said(imported, "question")
    assert ("listener-unknown", "approve") in said(imported, "question")
    assert ("setting-dropped", "approve") in said(imported, "lost")
    assert b'intake = "intake"' in imported.files["package.toml"]
    assert b"camunda:" not in imported.files["process.bpmn"].replace(b"xmlns:camunda:", b"")


@pytest.mark.parametrize(
    ("completion", "sequential", "mode"),
    [
        ("", "false", "all"),
        ("", "true", "sequential"),
        ("${nrOfCompletedInstances == 1}", "false", "any"),
        ("${nrOfCompletedInstances &gt;= 2}", "false", "count:2"),
        ("${nrOfCompletedInstances/nrOfInstances &gt;= 0.6}", "false", "percent:60"),
        ("${nrOfCompletedInstances/nrOfInstances == 1}", "false", "all"),
        ("${nrOfCompletedInstances == nrOfInstances}", "false", "all"),
    ],
)
def test_makes_approvals_of_tasks_for_several_people(
    completion: str, sequential: str, mode: str
) -> None:
    inner = f"<bpmn:completionCondition>{completion}</bpmn:completionCondition>"
    task = (
        '<bpmn:userTask id="step" camunda:assignee="${one}"><bpmn:multiInstanceLoopCharacteristics '
        f'isSequential="{sequential}" camunda:collection="all" camunda:elementVariable="one">'
        f"{inner if completion else ''}</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )

    imported = import_bpmn(files.definitions(files.alone(task), spaces=files.CAMUNDA))

    step = element(imported, "step")
    assert step.loop is None
    assert step.properties["approval"] == mode
    assert step.properties["approvers"] == "=all"
    assert step.properties["when_empty"] == "admin"


def test_keeps_a_decision_that_comes_with_the_process() -> None:
    dmn = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="x" name="x" '
        b'namespace="n"><decision id="dish" name="Dish"><literalExpression><text>1</text>'
        b"</literalExpression></decision></definitions>"
    )
    task = '<bpmn:businessRuleTask id="step" camunda:decisionRef="dish"/>'
    data = files.definitions(files.alone(task), spaces=files.CAMUNDA)

    imported = import_bpmn(data, beside={"dishes.dmn": dmn})

    assert imported.files["decisions/dishes.dmn"] == dmn
    assert element(imported, "step").kind == "businessRuleTask"
    assert element(imported, "step").decision == "dish"


def test_asks_in_the_form_before_for_what_nothing_sets() -> None:
    body = '<bpmn:startEvent id="s"/><bpmn:userTask id="u"/><bpmn:exclusiveGateway id="g"/>'
    body += '<bpmn:endEvent id="a"/><bpmn:endEvent id="b"/>' + files.chain("s", "u", "g")
    body += files.flow("g", "a", "${order.total &gt; 5}") + files.flow("g", "b")

    imported = import_bpmn(files.definitions(files.process(body)))

    assert condition(imported, "g_a") == "order_total > 5"
    form, _ = inspect(imported.files["forms/u.json"])
    assert form is not None
    assert form.fields["order_total"].kind == "number"
    assert ("name-asked", "u") in said(imported, "question")


def test_never_takes_an_unknown_condition_for_true() -> None:
    body = '<bpmn:startEvent id="s"/><bpmn:userTask id="u"/><bpmn:exclusiveGateway id="g"/>'
    body += '<bpmn:endEvent id="a"/><bpmn:endEvent id="b"/>' + files.chain("s", "u", "g")
    body += files.flow("g", "a", "${rules.ask(execution)}", "批准") + files.flow(
        "g", "b", name="No"
    )

    imported = import_bpmn(files.definitions(files.process(body)))

    step = element(imported, "u").properties
    keys = step["actions"].split(",")
    assert [condition(imported, f"g_{to}") for to in "ab"] == [
        f'u_action = "{key}"' for key in keys
    ]
    assert step[f"action.{keys[0]}.zh-CN"] == "批准"
    assert ("condition-to-button", "g_a") in said(imported, "question")


def test_keeps_the_drawing() -> None:
    body = '<bpmn:startEvent id="s"/><bpmn:task id="t"/><bpmn:endEvent id="e"/>'
    drawn = (
        '<bpmndi:BPMNDiagram id="x"><bpmndi:BPMNPlane id="y" bpmnElement="order">'
        '<bpmndi:BPMNShape id="t_di" bpmnElement="t">'
        '<dc:Bounds x="1" y="2" width="100" height="80"/>'
        "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    data = files.definitions(
        files.process(body + files.chain("s", "t", "e")), drawn, spaces=files.DI
    )

    imported = import_bpmn(data)

    assert drawn[:60].encode() in imported.files["process.bpmn"]
    assert imported.files["imported/original.txt"].decode() in data.decode()


@pytest.mark.parametrize(
    "parts",
    [
        "",
        '<bpmn:collaboration id="c"><bpmn:participant id="p" name="Shop"/></bpmn:collaboration>',
        '<bpmn:process id="p"/>',
        '<bpmn:process id="p"><bpmn:startEvent/><bpmn:task/><bpmn:endEvent/></bpmn:process>',
        '<bpmn:process id="p"><bpmn:task id="a"/><bpmn:task id="a"/></bpmn:process>',
        '<bpmn:process id="p"><bpmn:sequenceFlow sourceRef="x" targetRef="y"/></bpmn:process>',
        '<bpmn:process id="p"><bpmn:boundaryEvent id="b"/></bpmn:process>',
        '<bpmn:process id="p"><bpmn:startEvent id="a"/><bpmn:startEvent id="b"/></bpmn:process>',
        '<bpmn:process id="p"><bpmn:subProcess id="a" triggeredByEvent="true"/></bpmn:process>',
        '<bpmn:process id="p"><bpmn:eventBasedGateway id="a"/></bpmn:process>',
        '<bpmn:process id="p"><bpmn:callActivity id="a" calledElement="p"/></bpmn:process>',
        '<bpmn:conversation id="c"/>',
    ],
)
def test_makes_a_draft_of_what_was_drawn_by_hand(parts: str) -> None:
    imported = import_bpmn(files.definitions(parts))

    assert errors(check(from_files(imported.files))) == []
    ended, reasons = reaches_the_end(imported)
    assert ended, reasons


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xml-not-well-formed"),
        (b"\x00\xff\xfe", "bad-encoding"),
        (b"<a/>", "not-bpmn"),
        (b"<definitions xmlns='urn:x'/>", "not-bpmn"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "xml-dtd-refused"),
        (b"<a>" * 1_000 + b"</a>" * 1_000, "xml-too-deep"),
        (b"<a " + b"x" * 3_100_000, "xml-too-large"),
    ],
)
def test_refuses_what_is_no_bpmn(data: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        import_bpmn(data)

    assert refused.value.code == code


def test_refuses_more_than_can_be_run() -> None:
    tasks = "".join(f'<bpmn:task id="t{number}"/>' for number in range(2_001))

    with pytest.raises(DocumentError) as refused:
        import_bpmn(files.definitions(files.process(tasks)))

    assert refused.value.code == "process-too-large"


def test_refuses_a_key_that_is_none() -> None:
    with pytest.raises(DocumentError) as refused:
        import_bpmn(files.PLAIN, key="../x")

    assert refused.value.code == "key-unreadable"
