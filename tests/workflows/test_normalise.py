import pytest
from lxml import etree

from tests.packages import bpmn as diagram
from tests.packages import flow
from workflows import bpmn
from workflows.documents import BPMN, DocumentError
from workflows.normalise import normalise

NS = {"b": BPMN}
OPEN = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:x="urn:x" '
    'targetNamespace="urn:x">'
)


def asked(source: str, target: str, condition: str, identity: str | None = None) -> str:
    """A flow with a condition."""
    return (
        f'<bpmn:sequenceFlow id="{identity or f"{source}_{target}"}" sourceRef="{source}" '
        f'targetRef="{target}"><bpmn:conditionExpression>{condition}</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>"
    )


def process(data: bytes) -> bpmn.Process:
    """The first process as it will run."""
    return bpmn.read(normalise(data).xml).processes[0]


def codes(data: bytes) -> list[str]:
    """What normalising says that it changed."""
    return [change.code for change in normalise(data).changes]


def kinds(found: bpmn.Process) -> dict[str, str]:
    """Element id → kind."""
    return {element.id: element.kind for element in found.elements.values()}


def ways(found: bpmn.Process) -> dict[tuple[str, str], str | None]:
    """Source and target of every flow → its condition."""
    return {(one.source, one.target): one.condition for one in found.flows.values()}


CLEAN = diagram(
    '<bpmn:startEvent id="s"/><bpmn:userTask id="t"/><bpmn:endEvent id="e"/>'
    + flow("s", "t")
    + flow("t", "e")
)


def test_changes_nothing_in_a_clean_diagram() -> None:
    done = normalise(CLEAN)

    assert done.changes == []
    assert kinds(bpmn.read(done.xml).processes[0]) == kinds(bpmn.read(CLEAN).processes[0])


def test_gives_the_same_bytes_for_the_same_bytes_and_for_its_own_result() -> None:
    messy = diagram('<bpmn:userTask/><bpmn:userTask/><bpmn:sequenceFlow targetRef="x"/>')
    once = normalise(messy).xml

    assert normalise(messy).xml == once
    assert normalise(once).xml == once


def test_marks_the_process_executable_when_nothing_says_so() -> None:
    data = CLEAN.replace(b' isExecutable="true"', b"")

    assert process(data).executable is True
    assert codes(data) == ["executable-set"]


def test_runs_a_process_that_every_modeler_marks_as_not_executable() -> None:
    assert process(CLEAN.replace(b'"true"', b'"false"')).executable is True


def test_leaves_the_other_pool_alone_when_one_process_is_executable() -> None:
    data = CLEAN.replace(
        b"</bpmn:definitions>",
        b'<bpmn:process id="other"><bpmn:task id="o"/></bpmn:process></bpmn:definitions>',
    )

    found = bpmn.read(normalise(data).xml).processes

    assert [(one.id, one.executable) for one in found] == [("main", True), ("other", False)]


def test_gives_ids_to_nodes_and_flows_without_one() -> None:
    data = diagram(
        '<bpmn:startEvent id="s"/><bpmn:userTask id="t"/><bpmn:endEvent/>'
        '<bpmn:sequenceFlow sourceRef="s" targetRef="t"/><bpmn:sequenceFlow id=" " '
        'sourceRef="t" targetRef="endEvent_1"/>'
    )

    found = process(data)

    assert set(found.elements) == {"s", "t", "endEvent_1"}
    assert set(found.flows) == {"s_to_t", "t_to_endEvent_1"}


def test_keeps_every_id_of_the_original() -> None:
    data = diagram(
        '<bpmn:task id="a"/><bpmn:task id="b"/><bpmn:task id="c"/>'
        + flow("a", "b")
        + flow("a", "c")
        + '<bpmn:endEvent id="a_end"/>'
    )

    assert {"a", "b", "c", "a_end"} <= set(process(data).elements)


def test_reads_a_file_whose_default_namespace_is_bpmn_with_prefixed_references() -> None:
    data = (
        OPEN + '<process id="p"><startEvent id="s"/><task id="t"/>'
        '<sequenceFlow id="f" sourceRef="x:s" targetRef="x:t"/></process></definitions>'
    ).encode()

    assert ways(process(data)) == {("s", "t"): None, ("t", "t_end"): None}


def test_keeps_the_name_of_another_package_in_a_call() -> None:
    data = diagram('<bpmn:callActivity id="c" calledElement="parts:order"/>')

    assert process(data).elements["c"].called_element == "parts:order"


def test_drops_the_prefix_of_a_call_inside_the_file() -> None:
    data = (
        OPEN + '<process id="p"><callActivity id="c" calledElement="x:q"/></process>'
        '<process id="q"><task id="t"/></process></definitions>'
    ).encode()

    assert process(data).elements["c"].called_element == "q"


def test_adds_a_start_before_each_first_node_and_an_end_behind_each_last_one() -> None:
    data = diagram('<bpmn:task id="a"/><bpmn:task id="b"/>')

    found = process(data)

    assert kinds(found)["main_start"] == "startEvent"
    assert kinds(found)["main_start_split"] == "parallelGateway"
    assert ("a", "a_end") in ways(found)
    assert ("b", "b_end") in ways(found)
    assert codes(data) == ["implicit-start", "implicit-start", "implicit-end", "implicit-end"]


def test_adds_start_and_end_inside_sub_processes_too() -> None:
    data = diagram(
        '<bpmn:startEvent id="s"/><bpmn:subProcess id="p"><bpmn:task id="t"/></bpmn:subProcess>'
        '<bpmn:subProcess id="q"/>' + flow("s", "p") + flow("p", "q")
    )

    found = process(data)

    assert found.elements["p_start"].parent == "p"
    assert ("t", "t_end") in ways(found)
    assert ("q_start", "q_finish") in ways(found)


def test_splits_a_task_with_two_ways_at_a_parallel_gateway() -> None:
    data = diagram(
        '<bpmn:task id="a"/><bpmn:task id="b"/><bpmn:task id="c"/>'
        + flow("a", "b")
        + flow("a", "c")
    )

    found = process(data)

    assert found.elements["a_split"].kind == "parallelGateway"
    assert {("a", "a_split"), ("a_split", "b"), ("a_split", "c")} <= set(ways(found))


def test_splits_a_task_with_conditions_at_an_inclusive_gateway_with_its_default() -> None:
    data = diagram(
        '<bpmn:task id="a" default="a_c"/><bpmn:task id="b"/><bpmn:task id="c"/>'
        + asked("a", "b", "= x &gt; 1")
        + flow("a", "c")
    )

    found = process(data)

    assert found.elements["a_choice"].kind == "inclusiveGateway"
    assert found.elements["a_choice"].default == "a_c"
    assert found.elements["a"].default is None
    assert ways(found)["a_choice", "b"] == "x > 1"
    assert ways(found)["a_choice", "c"] is None


def test_always_takes_a_way_without_condition_beside_conditions() -> None:
    data = diagram(
        '<bpmn:task id="a"/><bpmn:task id="b"/><bpmn:task id="c"/>'
        + asked("a", "b", "x")
        + flow("a", "c")
    )

    assert ways(process(data))["a_choice", "c"] == "true"


def test_takes_the_default_only_when_no_condition_holds_though_another_way_is_always_taken() -> (
    None
):
    data = diagram(
        '<bpmn:task id="a" default="a_d"/><bpmn:task id="b"/><bpmn:task id="c"/><bpmn:task id="d"/>'
        + asked("a", "b", "x")
        + flow("a", "c")
        + flow("a", "d")
    )

    found = process(data)

    assert found.elements["a_split"].kind == "parallelGateway"
    assert found.elements["a_choice"].default == "a_d"
    assert {("a", "a_split"), ("a_split", "c"), ("a_split", "a_choice")} <= set(ways(found))


def test_asks_the_condition_on_the_only_way_out_of_a_task() -> None:
    data = diagram('<bpmn:task id="a"/><bpmn:task id="b"/>' + asked("a", "b", "x"))

    found = process(data)

    assert found.elements["a_choice"].kind == "exclusiveGateway"
    assert ways(found)["a_choice", "b"] == "x"


def test_takes_the_one_flow_without_condition_as_the_default_of_an_exclusive_gateway() -> None:
    data = diagram(
        '<bpmn:exclusiveGateway id="g"/><bpmn:task id="a"/><bpmn:task id="b"/>'
        + asked("g", "a", "x")
        + flow("g", "b")
    )

    assert process(data).elements["g"].default == "g_b"
    assert "default-flow-chosen" in codes(data)


def test_ignores_the_condition_on_a_default_flow_and_says_so() -> None:
    data = diagram(
        '<bpmn:exclusiveGateway id="g" default="g_b"/><bpmn:task id="a"/><bpmn:task id="b"/>'
        + asked("g", "a", "x")
        + asked("g", "b", "y")
    )

    assert ways(process(data))["g", "b"] is None
    assert "default-flow-condition-ignored" in codes(data)


@pytest.mark.parametrize(
    ("written", "run"),
    [
        ("PT4H", '"PT4H"'),
        (" PT4H\n", '"PT4H"'),
        ('"PT4H"', '"PT4H"'),
        ("= deadline", "deadline"),
        ('=duration("PT1H")', 'duration("PT1H")'),
        ("R3/PT1H", '"R3/PT1H"'),
        ("", '""'),
    ],
)
def test_makes_feel_of_every_timer_text(written: str, run: str) -> None:
    data = diagram(
        '<bpmn:intermediateCatchEvent id="c"><bpmn:timerEventDefinition><bpmn:timeDuration>'
        f"{written}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )

    assert process(data).elements["c"].events[0].text == run


def test_puts_a_shared_event_definition_into_the_event() -> None:
    data = diagram(
        '<bpmn:intermediateCatchEvent id="c"><bpmn:eventDefinitionRef>t1</bpmn:eventDefinitionRef>'
        "</bpmn:intermediateCatchEvent>"
    ).replace(
        b"<bpmn:process",
        b'<bpmn:timerEventDefinition id="t1"><bpmn:timeDuration>PT1H</bpmn:timeDuration>'
        b"</bpmn:timerEventDefinition><bpmn:process",
    )

    event = process(data).elements["c"].events[0]

    assert (event.kind, event.text) == ("timer", '"PT1H"')


def test_names_a_message_after_its_event_once() -> None:
    data = diagram(
        '<bpmn:intermediateCatchEvent id="c" name="paid"><bpmn:messageEventDefinition/>'
        '</bpmn:intermediateCatchEvent><bpmn:receiveTask id="r" name="paid"/>' + flow("c", "r")
    )

    root = etree.fromstring(normalise(data).xml)
    found = process(data)

    assert [one.get("name") for one in root.findall("b:message", NS)] == ["paid"]
    assert found.elements["c"].events[0].name == "paid"
    assert found.elements["r"].message is not None


def test_joins_link_events_by_a_flow() -> None:
    link = '<bpmn:linkEventDefinition name="far"/>'
    data = diagram(
        '<bpmn:startEvent id="s"/><bpmn:task id="t"/>'
        f'<bpmn:intermediateThrowEvent id="out">{link}</bpmn:intermediateThrowEvent>'
        f'<bpmn:intermediateCatchEvent id="in">{link}</bpmn:intermediateCatchEvent>'
        + flow("s", "out")
        + flow("in", "t")
    )

    found = process(data)

    assert ("out", "in") in ways(found)
    assert found.elements["in"].events == ()
    assert "implicit-end" not in [c.code for c in normalise(data).changes if c.element == "out"]


def test_keeps_a_link_without_its_other_half() -> None:
    data = diagram(
        '<bpmn:intermediateThrowEvent id="out"><bpmn:linkEventDefinition name="far"/>'
        "</bpmn:intermediateThrowEvent>"
    )

    assert process(data).elements["out"].events[0].kind == "link"


def test_throws_a_signal_before_an_end() -> None:
    data = diagram(
        '<bpmn:endEvent id="e" name="alarm"><bpmn:signalEventDefinition/></bpmn:endEvent>'
    )

    found = process(data)

    assert found.elements["e"].kind == "intermediateThrowEvent"
    assert ("e", "e_end") in ways(found)


def test_writes_booleans_as_words() -> None:
    data = diagram(
        '<bpmn:userTask id="t"/><bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="0">'
        "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )

    assert b'cancelActivity="false"' in normalise(data).xml


def test_drops_the_drawing_vendor_settings_and_code_but_keeps_our_properties() -> None:
    data = diagram(
        '<bpmn:userTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="t" '
        'camunda:assignee="x"><bpmn:extensionElements><spiffworkflow:preScript>boom()'
        '</spiffworkflow:preScript><spiffworkflow:properties><spiffworkflow:property name="form" '
        'value="f"/></spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>'
    ).replace(
        b"</bpmn:definitions>",
        b'<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI"/></bpmn:definitions>',
    )

    xml = normalise(data).xml

    assert b"BPMNDiagram" not in xml
    assert b"boom" not in xml
    assert b"camunda:assignee" not in xml
    assert process(data).elements["t"].properties == {"form": "f"}


def test_reads_a_loop_over_a_data_object_by_its_name() -> None:
    data = diagram(
        '<bpmn:dataObject id="d1" name="items"/>'
        '<bpmn:dataObjectReference id="r1" name="items" dataObjectRef="d1"/>'
        '<bpmn:userTask id="t"><bpmn:ioSpecification><bpmn:dataInput id="i1" name="x"/>'
        "<bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification><bpmn:dataInputAssociation>"
        "<bpmn:sourceRef>r1</bpmn:sourceRef><bpmn:targetRef>i1</bpmn:targetRef>"
        "</bpmn:dataInputAssociation><bpmn:multiInstanceLoopCharacteristics>"
        "<bpmn:loopDataInputRef>i1</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="item"/></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>'
    )

    loop = process(data).elements["t"].loop

    assert loop is not None
    assert (loop.kind, loop.collection, loop.item) == ("parallel", "items", "item")
    assert b"dataInputAssociation" not in normalise(data).xml


def test_reads_gbk_bytes_and_says_when_the_encoding_was_a_guess() -> None:
    text = CLEAN.decode().replace('id="t"', 'id="t" name="处理"')

    assert "encoding-guessed" in codes(text.encode("gbk"))
    assert "encoding-guessed" not in codes(text.replace("UTF-8", "GBK").encode("gbk"))
    assert process(text.encode("gbk")).elements["t"].name == "处理"


def test_leaves_a_pool_without_a_process_as_it_is() -> None:
    data = CLEAN.replace(
        b"<bpmn:process",
        b'<bpmn:collaboration id="c"><bpmn:participant id="p1" processRef="main"/>'
        b'<bpmn:participant id="p2" name="customer"/></bpmn:collaboration><bpmn:process',
    )

    assert codes(data) == []
    assert bpmn.read(normalise(data).xml).pools == {"p1": "main", "p2": None}


@pytest.mark.parametrize("data", [b"<a/>", b"<definitions/>", b'<html xmlns="urn:x"/>'])
def test_refuses_what_is_not_bpmn(data: bytes) -> None:
    with pytest.raises(DocumentError) as refused:
        normalise(data)

    assert refused.value.code == "not-bpmn"
