import pytest

from tests.packages import bpmn, flow, package
from workflows.checks import check
from workflows.constructs import EVENTS, KINDS, LOOPS, RUNS, WARNED
from workflows.findings import errors

START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'
LINE = START + '<bpmn:userTask id="t"/>' + END + flow("s", "t") + flow("t", "e")
DEFINITIONS = {
    "timer": "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>"
    "</bpmn:timerEventDefinition>",
    "message": "<bpmn:messageEventDefinition/>",
    "signal": "<bpmn:signalEventDefinition/>",
    "error": "<bpmn:errorEventDefinition/>",
    "escalation": "<bpmn:escalationEventDefinition/>",
    "conditional": "<bpmn:conditionalEventDefinition><bpmn:condition>true</bpmn:condition>"
    "</bpmn:conditionalEventDefinition>",
    "link": '<bpmn:linkEventDefinition name="far"/>',
    "terminate": "<bpmn:terminateEventDefinition/>",
    "cancel": "<bpmn:cancelEventDefinition/>",
    "compensate": "<bpmn:compensateEventDefinition/>",
    "none": "",
}


def error_codes(body: str) -> set[tuple[str, str | None]]:
    """Code and element of the errors on a process with this body."""
    found = check(package(replaced={"process.bpmn": bpmn(body)}))
    return {(one.code, one.element) for one in errors(found)}


def in_transaction(position: str, inner: str) -> str:
    """A process with a transaction `p`, and a cancel event `x` in it or on it."""
    inside = '<bpmn:userTask id="t"/>'
    event = f'<bpmn:boundaryEvent id="x" attachedToRef="p">{inner}</bpmn:boundaryEvent>'
    if position == "end":
        inside += f'<bpmn:endEvent id="x">{inner}</bpmn:endEvent>' + flow("t", "x")
        event = ""
    transaction = f'<bpmn:transaction id="p">{inside}</bpmn:transaction>'
    return START + transaction + event + END + flow("s", "p") + flow("p", "e")


def undoing(inner: str) -> str:
    """A task, and an event sub-process that undoes what is around it."""
    return (
        '<bpmn:userTask id="i"/><bpmn:subProcess id="p" triggeredByEvent="true">'
        f'<bpmn:startEvent id="x">{inner}</bpmn:startEvent><bpmn:userTask id="h"/>'
        + flow("x", "h")
        + "</bpmn:subProcess>"
    )


def event_at(position: str, kind: str, interrupting: bool) -> str:
    """A process with an event of this kind at this position."""
    inner = DEFINITIONS[kind]
    yes = "true" if interrupting else "false"
    if kind == "cancel":
        return in_transaction(position, inner)
    if position == "start":
        return f'<bpmn:startEvent id="x">{inner}</bpmn:startEvent>' + END + flow("x", "e")
    if position == "end":
        return START + f'<bpmn:endEvent id="x">{inner}</bpmn:endEvent>' + flow("s", "x")
    if position == "boundary" and kind == "compensate":
        handler = '<bpmn:task id="h" isForCompensation="true"/>'
        line = '<bpmn:association id="a" sourceRef="x" targetRef="h"/>'
        event = f'<bpmn:boundaryEvent id="x" attachedToRef="t">{inner}</bpmn:boundaryEvent>'
        return LINE + event + handler + line
    if position == "boundary":
        return LINE + (
            f'<bpmn:boundaryEvent id="x" attachedToRef="t" cancelActivity="{yes}">{inner}'
            '</bpmn:boundaryEvent><bpmn:userTask id="h"/>' + flow("x", "h")
        )
    if position in ("sub-start", "event-sub-start"):
        by_event = position == "event-sub-start"
        if kind == "compensate":
            return LINE.replace(
                '<bpmn:userTask id="t"/>',
                f'<bpmn:subProcess id="t">{undoing(inner)}</bpmn:subProcess>',
            )
        return LINE + (
            f'<bpmn:subProcess id="p" triggeredByEvent="{str(by_event).lower()}">'
            f'<bpmn:startEvent id="x" isInterrupting="{yes}">{inner}</bpmn:startEvent>'
            '<bpmn:userTask id="h"/>' + flow("x", "h") + "</bpmn:subProcess>"
        )
    tag = "intermediateCatchEvent" if position == "catch" else "intermediateThrowEvent"
    event = f'<bpmn:{tag} id="x">{inner}</bpmn:{tag}>'
    if kind == "link":
        other = "intermediateThrowEvent" if position == "catch" else "intermediateCatchEvent"
        out, into = ("o", "x") if position == "catch" else ("x", "o")
        event += f'<bpmn:{other} id="o">{inner}</bpmn:{other}>'
        return START + event + END + flow("s", out) + flow(into, "e")
    return START + event + END + flow("s", "x") + flow("x", "e")


@pytest.mark.parametrize("row", EVENTS, ids=lambda row: " ".join(map(str, row)))
def test_judges_every_event_as_the_table_says(row: tuple[str, str, bool]) -> None:
    found = error_codes(event_at(*row))

    if EVENTS[row] == RUNS or EVENTS[row] in WARNED:
        assert [code for code, element in found if element == "x"] == []
    else:
        assert EVENTS[row] in {code for code, _ in found}


@pytest.mark.parametrize(
    ("position", "kind"),
    [
        ("end", "timer"),
        ("end", "link"),
        ("throw", "timer"),
        ("throw", "terminate"),
        ("catch", "error"),
        ("catch", "terminate"),
        ("boundary", "terminate"),
        ("boundary", "link"),
        ("start", "error"),
        ("sub-start", "timer"),
    ],
)
def test_refuses_an_event_that_no_row_speaks_of(position: str, kind: str) -> None:
    assert "x" in {element for _, element in error_codes(event_at(position, kind, True))}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if " " not in kind])
def test_judges_every_kind_of_element_as_the_table_says(kind: str) -> None:
    inner = '<bpmn:task id="i"/>' if kind == "adHocSubProcess" else ""
    body = (
        START + f'<bpmn:{kind} id="x">{inner}</bpmn:{kind}>' + END + flow("s", "x") + flow("x", "e")
    )

    codes = {code for code, element in error_codes(body) if element == "x"}

    assert (KINDS[kind] in codes) == (KINDS[kind] != RUNS)


LOOP_BODIES = {
    "standard": '<bpmn:standardLoopCharacteristics loopMaximum="3"/>',
    "parallel": "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3"
    "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
    "sequential": '<bpmn:multiInstanceLoopCharacteristics isSequential="true">'
    "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
    "completion": "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3"
    "</bpmn:loopCardinality><bpmn:completionCondition>true</bpmn:completionCondition>"
    "</bpmn:multiInstanceLoopCharacteristics>",
}


def looped(characteristics: str) -> str:
    """A user task `x` with these loop characteristics."""
    task = f'<bpmn:userTask id="x">{characteristics}</bpmn:userTask>'
    return START + task + END + flow("s", "x") + flow("x", "e")


@pytest.mark.parametrize("kind", LOOPS)
def test_judges_every_loop_as_the_table_says(kind: str) -> None:
    codes = {code for code, _ in error_codes(looped(LOOP_BODIES[kind]))}

    assert codes == (set() if LOOPS[kind] == RUNS else {LOOPS[kind]})


@pytest.mark.parametrize(
    ("behavior", "inner", "codes"),
    [
        ('behavior="None" noneBehaviorEventRef="thrown"', "", set()),
        ('behavior="One" oneBehaviorEventRef="thrown"', "", set()),
        ('behavior="One"', "", {("element-not-supported", "x")}),
        (
            'behavior="Complex"',
            "<bpmn:complexBehaviorDefinition><bpmn:condition>loopCounter = 1</bpmn:condition>"
            '<bpmn:event><bpmn:signalEventDefinition signalRef="s"/></bpmn:event>'
            "</bpmn:complexBehaviorDefinition>",
            set(),
        ),
        ('behavior="Complex"', "", {("element-not-supported", "x")}),
    ],
)
def test_takes_what_instances_throw_when_it_is_said(
    behavior: str, inner: str, codes: set[tuple[str, str]]
) -> None:
    marker = (
        f"<bpmn:multiInstanceLoopCharacteristics {behavior}>"
        f"<bpmn:loopCardinality>3</bpmn:loopCardinality>{inner}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )

    assert error_codes(looped(marker)) == codes


@pytest.mark.parametrize(
    ("characteristics", "code"),
    [
        ("<bpmn:standardLoopCharacteristics/>", "loop-without-bound"),
        ('<bpmn:standardLoopCharacteristics loopMaximum="x"/>', "loop-count-unreadable"),
        ('<bpmn:standardLoopCharacteristics loopMaximum="0"/>', "loop-count-unreadable"),
        ("<bpmn:multiInstanceLoopCharacteristics/>", "loop-without-bound"),
        (
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>1000000"
            "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
            "loop-count-unreadable",
        ),
        (
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
            "<bpmn:loopDataInputRef>place</bpmn:loopDataInputRef>"
            "</bpmn:multiInstanceLoopCharacteristics>",
            "loop-two-bounds",
        ),
    ],
)
def test_refuses_a_loop_without_a_usable_bound(characteristics: str, code: str) -> None:
    assert (code, "x") in error_codes(looped(characteristics))


@pytest.mark.parametrize(
    ("body", "code", "element"),
    [
        ('<bpmn:userTask id="x" startQuantity="2"/>', "quantity-not-supported", "x"),
        ('<bpmn:receiveTask id="x" instantiate="true"/>', "start-event-not-supported", "x"),
        ('<bpmn:choreographyTask id="x"/>', "element-not-supported", "main"),
        ('<bpmn:callConversation id="x"/>', "element-not-supported", "main"),
        ('<bpmn:implicitThrowEvent id="x"/>', "element-not-supported", "main"),
        ('<bpmn:userTask id="t2"><bpmn:task id="x"/></bpmn:userTask>', "element-misplaced", "x"),
        (
            '<bpmn:userTask id="x"><bpmn:potentialOwner><bpmn:resourceAssignmentExpression>'
            "<bpmn:formalExpression>it</bpmn:formalExpression>"
            "</bpmn:resourceAssignmentExpression></bpmn:potentialOwner></bpmn:userTask>",
            "people-as-resource",
            "x",
        ),
        (
            '<bpmn:userTask xmlns:c="http://camunda.org/schema/1.0/bpmn" id="x" c:assignee="me"/>',
            "vendor-setting",
            "x",
        ),
        (
            '<bpmn:serviceTask xmlns:f="http://flowable.org/bpmn" id="x" f:class="org.Evil"/>',
            "vendor-setting",
            "x",
        ),
        (
            '<bpmn:serviceTask xmlns:z="http://camunda.org/schema/zeebe/1.0" id="x">'
            '<bpmn:extensionElements><z:taskDefinition type="y"/></bpmn:extensionElements>'
            "</bpmn:serviceTask>",
            "vendor-setting",
            "x",
        ),
        (
            '<bpmn:userTask id="x"><bpmn:extensionElements><spiffworkflow:preScript>import os'
            "</spiffworkflow:preScript></bpmn:extensionElements></bpmn:userTask>",
            "script-not-feel",
            "x",
        ),
        (
            '<bpmn:scriptTask id="x" scriptFormat="python"><bpmn:script>a = 1</bpmn:script>'
            "</bpmn:scriptTask>",
            "script-not-feel",
            "x",
        ),
        ('<bpmn:intermediateCatchEvent id="x"/>', "event-without-definition", "x"),
        (
            '<bpmn:intermediateCatchEvent id="x"><bpmn:messageEventDefinition messageRef="m"/>'
            "</bpmn:intermediateCatchEvent>",
            "event-reference-unknown",
            "x",
        ),
        (
            '<bpmn:endEvent id="x"><bpmn:terminateEventDefinition/>'
            "<bpmn:messageEventDefinition/></bpmn:endEvent>",
            "event-multiple",
            "x",
        ),
        (
            '<bpmn:boundaryEvent id="x" attachedToRef="t"><bpmn:compensateEventDefinition/>'
            '</bpmn:boundaryEvent><bpmn:task id="h"/>'
            '<bpmn:association id="a" sourceRef="x" targetRef="h"/>',
            "compensation-without-handler",
            "x",
        ),
        (
            '<bpmn:task id="x" isForCompensation="true"/>' + flow("t", "x"),
            "compensation-with-flows",
            "x",
        ),
        ('<bpmn:adHocSubProcess id="x"/>', "no-start", "x"),
        (
            '<bpmn:subProcess id="p" triggeredByEvent="true"><bpmn:startEvent id="x">'
            "<bpmn:compensateEventDefinition/></bpmn:startEvent></bpmn:subProcess>",
            "compensation-start-misplaced",
            "x",
        ),
        (
            '<bpmn:intermediateThrowEvent id="x"><bpmn:linkEventDefinition name="far"/>'
            "</bpmn:intermediateThrowEvent>",
            "link-without-partner",
            "x",
        ),
    ],
)
def test_refuses_what_would_be_ignored(body: str, code: str, element: str) -> None:
    assert (code, element) in error_codes(LINE + body)


def test_takes_what_is_there_for_the_reader_only() -> None:
    body = (
        LINE
        + '<bpmn:textAnnotation id="a"><bpmn:text>?</bpmn:text></bpmn:textAnnotation>'
        + '<bpmn:association id="b" sourceRef="t" targetRef="a"/><bpmn:group id="g"/>'
        + '<bpmn:laneSet id="l"><bpmn:lane id="m" name="IT"><bpmn:flowNodeRef>t</bpmn:flowNodeRef>'
        + "</bpmn:lane></bpmn:laneSet><bpmn:documentation>Why</bpmn:documentation>"
        + '<bpmn:dataObjectReference id="r" dataObjectRef="o"/><bpmn:dataObject id="o"/>'
    )

    assert error_codes(body) == set()


def test_takes_settings_of_a_modeler_that_change_nothing() -> None:
    body = LINE.replace(
        '<bpmn:userTask id="t"/>',
        '<bpmn:userTask xmlns:c="http://camunda.org/schema/1.0/bpmn" id="t" c:asyncBefore="true">'
        "<bpmn:extensionElements><c:properties><c:property name='x' value='y'/></c:properties>"
        "</bpmn:extensionElements></bpmn:userTask>",
    )

    assert error_codes(body) == set()


@pytest.mark.parametrize(
    ("tag", "text", "code"),
    [
        ("timeDuration", "PT4H", None),
        ("timeDuration", "P1DT12H30M", None),
        ("timeDuration", "P2W", None),
        ("timeDuration", "4h", "timer-duration-unreadable"),
        ("timeDuration", "P", "timer-duration-unreadable"),
        ("timeDuration", "PT", "timer-duration-unreadable"),
        ("timeDuration", "-PT1H", "timer-duration-unreadable"),
        ("timeDuration", "P9999Y", "timer-duration-unreadable"),
        ("timeDuration", "${due}", "timer-duration-unreadable"),
        ("timeDuration", "", "timer-empty"),
        ("timeDate", "2026-12-01T09:00:00+08:00", None),
        ("timeDate", "2026-12-01", None),
        ("timeDate", "tomorrow", "timer-date-unreadable"),
        ("timeDate", "2026-13-01", "timer-date-unreadable"),
        ("timeCycle", "R3/PT1H", None),
        ("timeCycle", "R/2026-12-01T09:00:00Z/P1D", None),
        ("timeCycle", "0 9 * * 1-5", None),
        ("timeCycle", "PT1H", None),
        ("timeCycle", "R0/PT1H", "timer-cycle-unreadable"),
        ("timeCycle", "R3", "timer-cycle-unreadable"),
        ("timeCycle", "R3/tomorrow", "timer-cycle-unreadable"),
        ("timeCycle", "R/PT0S", "timer-cycle-too-short"),
        ("timeCycle", "every day", "timer-cycle-unreadable"),
    ],
)
def test_reads_timer_texts(tag: str, text: str, code: str | None) -> None:
    body = LINE + (
        '<bpmn:boundaryEvent id="x" attachedToRef="t" cancelActivity="false">'
        f"<bpmn:timerEventDefinition><bpmn:{tag}>{text}</bpmn:{tag}></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
    )

    assert error_codes(body) == (set() if code is None else {(code, "x")})


@pytest.mark.parametrize("kind", ["timer", "message", "signal", "conditional"])
def test_warns_that_a_start_event_does_not_wait(kind: str) -> None:
    found = check(package(replaced={"process.bpmn": bpmn(event_at("start", kind, True))}))

    assert ("warning", "start-taken-as-plain", "x") in [
        (one.severity, one.code, one.element) for one in found
    ]


def test_refuses_a_start_event_that_would_never_fire_beside_the_plain_one() -> None:
    body = (
        LINE
        + f'<bpmn:startEvent id="x">{DEFINITIONS["message"]}</bpmn:startEvent>'
        + flow("x", "t")
    )

    assert error_codes(body) == {("start-event-not-supported", "x")}


@pytest.mark.parametrize("parallel", ["true", "false"])
def test_takes_an_event_that_waits_for_several_things(parallel: str) -> None:
    event = (
        f'<bpmn:intermediateCatchEvent id="x" parallelMultiple="{parallel}" name="n">'
        f"{DEFINITIONS['message']}{DEFINITIONS['timer']}</bpmn:intermediateCatchEvent>"
    )

    assert error_codes(START + event + END + flow("s", "x") + flow("x", "e")) == set()


@pytest.mark.parametrize("starts", ["", '<bpmn:startEvent id="a"/>', 2 * DEFINITIONS["none"]])
def test_refuses_an_event_sub_process_that_nothing_starts(starts: str) -> None:
    body = LINE + f'<bpmn:subProcess id="x" triggeredByEvent="true">{starts}</bpmn:subProcess>'

    assert ("event-sub-process-start", "x") in error_codes(body)


@pytest.mark.parametrize(
    "body",
    [
        LINE + '<bpmn:endEvent id="x"><bpmn:cancelEventDefinition/></bpmn:endEvent>',
        LINE
        + '<bpmn:boundaryEvent id="x" attachedToRef="t"><bpmn:cancelEventDefinition/>'
        + "</bpmn:boundaryEvent>",
    ],
)
def test_refuses_a_cancel_event_without_a_transaction(body: str) -> None:
    assert ("cancel-outside-transaction", "x") in error_codes(body)


def test_reaches_everything_in_an_ad_hoc_sub_process() -> None:
    body = (
        START
        + '<bpmn:adHocSubProcess id="p"><bpmn:userTask id="a"/><bpmn:userTask id="b"/>'
        + '<bpmn:userTask id="c"/>'
        + flow("a", "b")
        + "</bpmn:adHocSubProcess>"
        + END
        + flow("s", "p")
        + flow("p", "e")
    )

    found = check(package(replaced={"process.bpmn": bpmn(body)}))

    assert [one.code for one in found] == ["diagram-missing"]


def test_says_that_correlation_properties_are_not_read() -> None:
    body = START + END + flow("s", "e")
    whole = bpmn(body).replace(
        b"<bpmn:process",
        b'<bpmn:message id="m" name="paid"/><bpmn:correlationProperty id="order">'
        b'<bpmn:correlationPropertyRetrievalExpression messageRef="m">'
        b"<bpmn:messagePath>order</bpmn:messagePath>"
        b"</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty><bpmn:process",
        1,
    )
    found = check(package(replaced={"process.bpmn": whole}))

    assert ("warning", "correlation-elsewhere", "order") in [
        (one.severity, one.code, one.element) for one in found
    ]
