import pytest

from tests.packages import bpmn, flow, package
from workflows.checks import check
from workflows.findings import Finding

START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'
DRAWING = (
    b'<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI"><d:BPMNShape/>'
    b"</d:BPMNDiagram></bpmn:definitions>"
)


def asked(source: str, target: str, condition: str = "true") -> str:
    """A flow with a condition."""
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )


def findings(body: str) -> list[Finding]:
    """What is said of a process with this body, drawn."""
    data = bpmn(body).replace(b"</bpmn:definitions>", DRAWING)
    return check(package(replaced={"process.bpmn": data}))


def said(body: str) -> set[tuple[str, str | None]]:
    """Code and element of each finding."""
    return {(one.code, one.element) for one in findings(body)}


def test_has_nothing_to_say_of_a_good_package() -> None:
    good = START + '<bpmn:userTask id="t"/>' + END + flow("s", "t") + flow("t", "e")

    assert findings(good) == []


@pytest.mark.parametrize(
    ("body", "code", "element"),
    [
        (START + START + END + flow("s", "e"), "duplicate-id", "s"),
        (START + flow("s", "nowhere"), "flow-end-unknown", "s_nowhere"),
        (
            START
            + '<bpmn:subProcess id="p"><bpmn:task id="t"/></bpmn:subProcess>'
            + flow("s", "t"),
            "flow-crosses-sub-process",
            "s_t",
        ),
        (
            START + END + flow("s", "e") + '<bpmn:boundaryEvent id="b" attachedToRef="s"/>',
            "boundary-without-activity",
            "b",
        ),
        (
            START + '<bpmn:task id="t" default="x"/>' + asked("t", "e") + END + flow("s", "t"),
            "default-unknown",
            "t",
        ),
        (
            '<bpmn:task id="a"/><bpmn:task id="b"/>' + flow("a", "b") + flow("b", "a"),
            "no-start",
            "main",
        ),
        (
            START + '<bpmn:startEvent id="s2"/>' + END + flow("s", "e") + flow("s2", "e"),
            "several-starts",
            "main",
        ),
        (START + END + flow("s", "e") + flow("e", "s"), "start-with-incoming", "s"),
        (START + END + flow("s", "e") + flow("e", "s"), "end-with-outgoing", "e"),
        (
            START
            + '<bpmn:parallelGateway id="g"/><bpmn:task id="a"/><bpmn:task id="b"/>'
            + flow("s", "g")
            + asked("g", "a")
            + flow("g", "b"),
            "condition-not-looked-at",
            "g_a",
        ),
        (
            START
            + '<bpmn:exclusiveGateway id="g"/><bpmn:task id="a"/><bpmn:task id="b"/>'
            + '<bpmn:task id="c"/>'
            + flow("s", "g")
            + flow("g", "a")
            + flow("g", "b")
            + asked("g", "c"),
            "flow-without-condition",
            "g_a",
        ),
        (
            START
            + '<bpmn:eventBasedGateway id="g"/><bpmn:userTask id="a"/>'
            + flow("s", "g")
            + flow("g", "a"),
            "event-gateway-target",
            "g",
        ),
        (
            START
            + '<bpmn:exclusiveGateway id="a"/><bpmn:exclusiveGateway id="b"/>'
            + END
            + flow("s", "a")
            + flow("a", "b")
            + asked("b", "a", "ticket.priority = null")
            + flow("b", "e"),
            "loop-endless",
            "a",
        ),
        (
            START + '<bpmn:task id="a"/>' + flow("s", "a") + flow("a", "a"),
            "loop-endless",
            "a",
        ),
    ],
)
def test_refuses_a_broken_structure_at_its_place(body: str, code: str, element: str) -> None:
    found = findings(body)

    assert (code, element) in {(one.code, one.element) for one in found if one.severity == "error"}


@pytest.mark.parametrize(
    ("body", "code", "element"),
    [
        (START + END + '<bpmn:userTask id="t"/>' + flow("s", "e"), "element-unreachable", "t"),
        (
            START
            + '<bpmn:userTask id="a"/><bpmn:userTask id="b"/>'
            + flow("s", "a")
            + flow("a", "b")
            + flow("b", "a"),
            "no-way-to-an-end",
            "a",
        ),
        (
            START
            + '<bpmn:exclusiveGateway id="g"/>'
            + END
            + '<bpmn:userTask id="t"/>'
            + flow("s", "g")
            + asked("g", "e", "ticket.priority = 1")
            + asked("g", "t", "ticket.priority = null"),
            "gateway-without-default",
            "g",
        ),
        (
            START
            + '<bpmn:scriptTask id="a"><bpmn:script>i = 1</bpmn:script></bpmn:scriptTask>'
            + '<bpmn:exclusiveGateway id="g" default="g_e"/>'
            + END
            + flow("s", "a")
            + flow("a", "g")
            + asked("g", "a", "i &lt; 5")
            + flow("g", "e"),
            "loop-without-wait",
            "a",
        ),
    ],
)
def test_warns_of_a_structure_that_may_be_meant(body: str, code: str, element: str) -> None:
    found = findings(body)

    assert [one.code for one in found if one.severity == "error"] == []
    assert (code, element) in {(one.code, one.element) for one in found}


def test_lets_a_ticket_go_round_through_a_person_or_a_timer() -> None:
    body = (
        START
        + '<bpmn:userTask id="t"/><bpmn:exclusiveGateway id="g" default="g_e"/>'
        + END
        + flow("s", "t")
        + flow("t", "g")
        + asked("g", "t", "ticket.priority = null")
        + flow("g", "e")
    )

    assert findings(body) == []


def test_counts_a_person_inside_a_sub_process_as_waiting() -> None:
    body = (
        START
        + '<bpmn:subProcess id="p"><bpmn:startEvent id="ps"/><bpmn:userTask id="t"/>'
        + '<bpmn:endEvent id="pe"/>'
        + flow("ps", "t")
        + flow("t", "pe")
        + '</bpmn:subProcess><bpmn:exclusiveGateway id="g" default="g_e"/>'
        + END
        + flow("s", "p")
        + flow("p", "g")
        + asked("g", "p", "ticket.priority = null")
        + flow("g", "e")
    )

    assert findings(body) == []


def test_knows_that_a_boundary_event_leads_on() -> None:
    body = (
        START
        + '<bpmn:userTask id="t"/><bpmn:userTask id="late"/>'
        + '<bpmn:boundaryEvent id="b" attachedToRef="t"><bpmn:timerEventDefinition>'
        + "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
        + "</bpmn:boundaryEvent>"
        + END
        + '<bpmn:endEvent id="e2"/>'
        + flow("s", "t")
        + flow("t", "e")
        + flow("b", "late")
        + flow("late", "e2")
    )

    assert findings(body) == []


def test_says_what_normalising_made_explicit() -> None:
    assert said('<bpmn:userTask id="t"/>') == {("implicit-start", "t"), ("implicit-end", "t")}


def test_warns_of_a_process_that_nobody_runs_and_of_a_missing_drawing() -> None:
    two = bpmn(START + END + flow("s", "e"), process="printer").replace(
        b"</bpmn:definitions>",
        b'<bpmn:process id="other" isExecutable="true"><bpmn:task id="t"/></bpmn:process>'
        b"</bpmn:definitions>",
    )

    found = {(one.code, one.element) for one in check(package(replaced={"process.bpmn": two}))}

    assert ("process-not-run", "other") in found
    assert ("diagram-missing", None) in found


def test_does_not_guess_which_of_two_processes_a_ticket_runs() -> None:
    two = bpmn(START + END + flow("s", "e"), process="one").replace(
        b"</bpmn:definitions>",
        b'<bpmn:process id="two" isExecutable="true"><bpmn:task id="t"/></bpmn:process>'
        b"</bpmn:definitions>",
    )

    found = [one.code for one in check(package(replaced={"process.bpmn": two}))]

    assert "main-process-ambiguous" in found


def joined(split: str, join: str = "parallelGateway") -> str:
    """Two branches between a split and a join."""
    asks = asked("g", "a", "ticket.priority = 1") if split == "exclusiveGateway" else flow("g", "a")
    default = ' default="g_b"' if split == "exclusiveGateway" else ""
    return (
        START
        + f'<bpmn:{split} id="g"{default}/><bpmn:userTask id="a"/><bpmn:userTask id="b"/>'
        + f'<bpmn:{join} id="j"/>'
        + END
        + flow("s", "g")
        + asks
        + flow("g", "b")
        + flow("a", "j")
        + flow("b", "j")
        + flow("j", "e")
    )


def test_warns_of_a_parallel_join_behind_a_choice() -> None:
    found = [one for one in findings(joined("exclusiveGateway")) if one.code == "join-never-filled"]

    assert [(one.element, one.params) for one in found] == [("j", {"gateway": "g"})]


@pytest.mark.parametrize(
    ("split", "join"),
    [("parallelGateway", "parallelGateway"), ("exclusiveGateway", "exclusiveGateway")],
)
def test_takes_branches_that_are_joined_as_they_were_split(split: str, join: str) -> None:
    assert findings(joined(split, join)) == []


def test_takes_a_choice_inside_a_parallel_branch() -> None:
    body = joined("parallelGateway").replace(
        flow("a", "j"), flow("a", "x") + flow("x", "j")
    ).replace(END, END + '<bpmn:exclusiveGateway id="x" default="x_j"/>') + asked(
        "x", "b", "ticket.priority = 1"
    )

    assert [one.code for one in findings(body)] == []
