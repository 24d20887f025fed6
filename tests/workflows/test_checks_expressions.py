import pytest

from tests.packages import bpmn, flow, form, package, user_task
from workflows.checks import check
from workflows.findings import Finding

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'


def escaped(text: str) -> str:
    """Text for XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def with_condition(condition: str) -> list[Finding]:
    """What is said of a flow with this condition behind a step with two buttons."""
    body = (
        START
        + user_task("x", actions="solve,need_info")
        + '<bpmn:exclusiveGateway id="g" default="g_e"/>'
        + '<bpmn:userTask id="t"/><bpmn:endEvent id="e2"/>'
        + END
        + flow("s", "x")
        + flow("x", "g")
        + flow("g", "e")
        + flow("t", "e2")
        + '<bpmn:sequenceFlow id="f" sourceRef="g" targetRef="t"><bpmn:conditionExpression>'
        + f"{escaped(condition)}</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
    amount = form("report", amount={"kind": "money"})
    found = check(package(replaced={"process.bpmn": bpmn(body), "forms/report.json": amount}))
    return [one for one in found if one.element == "f"]


@pytest.mark.parametrize(
    "condition",
    [
        'x_action = "solve"',
        '= x_action = "solve" and amount > 100',
        'x_action in ("solve", "need_info")',
        'ticket.priority = "P1"',
        "amount between 1 and 5",
        "count(ticket.watchers) > 0",
        "x_outcome = null",
        'ticket.title = "a == b; import os"',
        'contains(ticket.title, "${x}")',
    ],
)
def test_takes_conditions_in_feel(condition: str) -> None:
    assert with_condition(condition) == []


@pytest.mark.parametrize(
    "condition",
    [
        '__import__("os").system("touch /tmp/owned")',
        "${amount > 100}",
        "#{execution.getVariable('x')}",
        "amount == 100",
        "amount > 1 && amount < 5",
        "lambda x: x",
        "import os",
        "from os import path",
        "amount > 1;",
        "().__class__.__bases__",
        "amount > 1 || true",
    ],
)
def test_refuses_code_in_a_condition(condition: str) -> None:
    said = with_condition(condition)

    assert [(one.severity, one.code, one.cell) for one in said] == [
        ("error", "expression-is-code", "condition")
    ]


@pytest.mark.parametrize("condition", ["amount >", "(1", "if amount then", "1 2", "a b c (", '"x'])
def test_refuses_a_condition_that_does_not_parse(condition: str) -> None:
    said = with_condition(condition)

    assert said
    assert {(one.severity, one.code) for one in said} == {("error", "expression-unreadable")}


def test_warns_of_a_name_that_nothing_sets() -> None:
    said = with_condition("amout > 5")

    assert [(one.severity, one.code, one.params["name"]) for one in said] == [
        ("warning", "name-unknown", "amout")
    ]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ('x_action = "solved"', "action-unknown"),
        ('x_action in ("solve", "nothing")', "action-unknown"),
        ('x_outcome = "accepted"', "outcome-unknown"),
    ],
)
def test_refuses_a_button_or_an_outcome_that_the_step_does_not_have(
    condition: str, code: str
) -> None:
    assert [one.code for one in with_condition(condition)] == [code]


def with_script(script: str) -> list[Finding]:
    """What is said of a script task."""
    body = (
        START
        + f'<bpmn:scriptTask id="x"><bpmn:script>{escaped(script)}</bpmn:script></bpmn:scriptTask>'
        + END
        + flow("s", "x")
        + flow("x", "e")
    )
    return [
        one for one in check(package(replaced={"process.bpmn": bpmn(body)})) if one.element == "x"
    ]


@pytest.mark.parametrize(
    "script",
    [
        "total = 1 + 2",
        "// why\ntotal = 1\n\nlarge = total > 100",
        "total = if true\n  then 1\n  else 2",
        "说明 = place",
    ],
)
def test_takes_scripts_of_assignments(script: str) -> None:
    assert with_script(script) == []


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("", "script-empty"),
        ("import os", "script-line-unreadable"),
        ("print(1)", "script-line-unreadable"),
        ("total =", "script-line-unreadable"),
        ("total == 1", "script-line-unreadable"),
        ("total = 1 +", "expression-unreadable"),
        ("total = __import__('os')", "expression-is-code"),
        ("a = 1\n" * 300, "script-too-long"),
    ],
)
def test_refuses_scripts_that_are_anything_else(script: str, code: str) -> None:
    assert code in [one.code for one in with_script(script) if one.severity == "error"]


@pytest.mark.parametrize("setting", ["assignee", "groups", "status", "correlation"])
def test_refuses_placeholders_of_other_systems_in_settings(setting: str) -> None:
    step = user_task("x", **{setting: "${initiator}"}).replace(
        "userTask", "receiveTask" if setting == "correlation" else "userTask"
    )
    body = START + step + END + flow("s", "x") + flow("x", "e")

    found = check(package(replaced={"process.bpmn": bpmn(body)}))

    assert ("expression-is-code", setting) in [(one.code, one.cell) for one in found]


def test_looks_at_the_expressions_in_settings_timers_and_loops() -> None:
    body = (
        START
        + user_task("x", assignee="=ticket.", due="=1 +", status="=)")
        + '<bpmn:boundaryEvent id="b" attachedToRef="x"><bpmn:timerEventDefinition>'
        + "<bpmn:timeDuration>=deadline(</bpmn:timeDuration></bpmn:timerEventDefinition>"
        + "</bpmn:boundaryEvent>"
        + END
        + flow("s", "x")
        + flow("x", "e")
    )
    found = check(package(replaced={"process.bpmn": bpmn(body)}))

    unreadable = {(one.element, one.cell) for one in found if one.code == "expression-unreadable"}

    assert unreadable == {("x", "assignee"), ("x", "due"), ("x", "status"), ("b", "timer")}


DECISION = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
    'namespace="x"><decision id="route" name="Route"><decisionTable hitPolicy="FIRST">'
    '<input id="i"><inputExpression><text>place</text></inputExpression></input>'
    '<output id="o1" name="team"/><output id="o2" name="level"/><rule id="r"><inputEntry id="e1">'
    '<text>-</text></inputEntry><outputEntry id="e2"><text>"it"</text></outputEntry>'
    '<outputEntry id="e3"><text>1</text></outputEntry></rule></decisionTable></decision>'
    "</definitions>"
)


def unknown_names(step: str, expression: str) -> list[str]:
    """The names in an expression behind this step `x` that nothing is said to set."""
    body = (
        START
        + step
        + user_task("t", assignee="=" + escaped(expression))
        + END
        + flow("s", "x")
        + flow("x", "t")
        + flow("t", "e")
    )
    replaced = {"process.bpmn": bpmn(body), "decisions/route.dmn": DECISION.encode()}
    found = check(package(replaced=replaced))
    return [one.params["name"] for one in found if one.code == "name-unknown"]


def test_knows_the_outputs_of_a_decision() -> None:
    rule = user_task("x", decision="route").replace("userTask", "businessRuleTask")
    kept = user_task("x", decision="route", result="routed").replace("userTask", "businessRuleTask")

    assert unknown_names(rule, "team + level + other") == ["other"]
    assert unknown_names(kept, "routed.team + team") == ["team"]


def test_does_not_guess_which_names_a_service_brings() -> None:
    service = user_task("x", operation="ask").replace("userTask", "serviceTask")
    kept = user_task("x", operation="ask", result="asked").replace("userTask", "serviceTask")

    assert unknown_names(service, "anything") == []
    assert unknown_names(kept, "asked.x + anything") == ["anything"]
