import pytest

from tests.packages import HEAD
from workflows import bpmn
from workflows.documents import DocumentError

DOCUMENT = (
    HEAD
    + """
<bpmn:message id="m1" name="paid"/><bpmn:error id="r1" name="broken" errorCode="E1"/>
<bpmn:collaboration id="co"><bpmn:participant id="pool" processRef="p"/></bpmn:collaboration>
<bpmn:process id="p" name="修理" isExecutable="1"><bpmn:documentation>Why</bpmn:documentation>
<bpmn:laneSet><bpmn:lane id="l" name="IT"><bpmn:flowNodeRef>t</bpmn:flowNodeRef></bpmn:lane>
</bpmn:laneSet>
<bpmn:startEvent id="s"/>
<bpmn:userTask id="t" name="处理" default="f2"><bpmn:extensionElements><spiffworkflow:properties>
<spiffworkflow:property name="form" value="report"/><spiffworkflow:property name="form" value="x"/>
<spiffworkflow:property name="broken"/></spiffworkflow:properties></bpmn:extensionElements>
<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopDataInputRef>people
</bpmn:loopDataInputRef><bpmn:inputDataItem id="person"/></bpmn:multiInstanceLoopCharacteristics>
</bpmn:userTask>
<bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><bpmn:timerEventDefinition>
<bpmn:timeCycle>R3/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>
<bpmn:subProcess id="sub"><bpmn:scriptTask id="c"><bpmn:script>a = 1</bpmn:script>
</bpmn:scriptTask></bpmn:subProcess>
<bpmn:callActivity id="call" calledElement="parts:order"/>
<bpmn:businessRuleTask id="rule"><bpmn:extensionElements>
<spiffworkflow:calledDecisionId>priority</spiffworkflow:calledDecisionId>
</bpmn:extensionElements></bpmn:businessRuleTask>
<bpmn:receiveTask id="r" messageRef="m1"/>
<bpmn:endEvent id="e"><bpmn:errorEventDefinition errorRef="r1"/></bpmn:endEvent>
<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
<bpmn:sequenceFlow id="f2" name="ok" sourceRef="t" targetRef="e"><bpmn:conditionExpression>
 a = 1 </bpmn:conditionExpression></bpmn:sequenceFlow>
</bpmn:process></bpmn:definitions>"""
).encode()


def test_reads_a_process_as_drawn() -> None:
    document = bpmn.read(DOCUMENT)
    (process,) = document.processes
    task, boundary, end = (process.elements[identity] for identity in ("t", "b", "e"))

    assert (process.id, process.name, process.executable) == ("p", "修理", True)
    assert process.documentation == "Why"
    assert document.pools == {"pool": "p"}
    assert not document.has_diagram
    assert (task.name, task.incoming, task.outgoing) == ("处理", ("f1",), ("f2",))
    assert (task.default, task.lane, task.is_work) == ("f2", "IT", True)
    assert task.properties == {"form": "report"}
    assert task.loop == bpmn.Loop("sequential", collection="people", item="person")
    assert (boundary.attached_to, boundary.interrupting) == ("t", False)
    assert boundary.events == (bpmn.EventDefinition("timer", text="R3/PT1H", time_kind="cycle"),)
    assert end.events == (bpmn.EventDefinition("error", ref="r1", name="broken", code="E1"),)
    assert process.flows["f2"] == bpmn.Flow("f2", "t", "e", "a = 1", "ok")


def test_knows_what_stands_inside_a_sub_process() -> None:
    process = bpmn.read(DOCUMENT).processes[0]

    assert process.elements["c"].parent == "sub"
    assert process.elements["c"].script == "a = 1"
    assert [element.id for element in process.inside("sub")] == ["c"]


def test_reads_what_is_called_decided_and_received() -> None:
    process = bpmn.read(DOCUMENT).processes[0]

    assert process.calls() == ["parts:order"]
    assert process.elements["rule"].decision == "priority"
    assert process.elements["r"].message == bpmn.EventDefinition("message", ref="m1", name="paid")


def test_lists_elements_in_the_order_of_the_file() -> None:
    process = bpmn.read(DOCUMENT).processes[0]

    assert list(process.elements) == ["s", "t", "b", "sub", "c", "call", "rule", "r", "e"]


@pytest.mark.parametrize("data", [b"<a/>", b'<definitions xmlns="urn:other"/>'])
def test_refuses_other_documents(data: bytes) -> None:
    with pytest.raises(DocumentError) as refused:
        bpmn.read(data)

    assert refused.value.code == "not-bpmn"
