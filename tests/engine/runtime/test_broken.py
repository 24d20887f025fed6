"""Diagrams that somebody has broken: a finding or a fault, never anything else."""

import copy
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.processes.runtime import (
    Definition,
    DefinitionRefused,
    Host,
    Instance,
    Limits,
    ProcessFault,
    build,
)
from tests.engine.runtime.generated import OURS, Block, Maker, blocks
from tests.engine.runtime.walking import NOW

HOST = Host(now=NOW, limits=Limits(steps=500, seconds=2))
KINDS = [
    "task",
    "userTask",
    "subProcess",
    "transaction",
    "adHocSubProcess",
    "callActivity",
    "boundaryEvent",
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "parallelGateway",
    "inclusiveGateway",
    "exclusiveGateway",
    "complexGateway",
    "eventBasedGateway",
    "compensateEventDefinition",
    "cancelEventDefinition",
    "terminateEventDefinition",
    "errorEventDefinition",
    "sequenceFlow",
    "association",
    "somethingElse",
]
ATTRIBUTES = [
    "triggeredByEvent",
    "isForCompensation",
    "cancelActivity",
    "isInterrupting",
    "parallelMultiple",
    "isSequential",
    "testBefore",
    "default",
    "attachedToRef",
    "calledElement",
    "ordering",
    "isExecutable",
]


def broken(xml: bytes, data: st.DataObject) -> bytes:
    """The same file with one to five things changed."""
    root = etree.fromstring(xml)
    for _ in range(data.draw(st.integers(1, 5))):
        elements = [element for element in root.iter() if element is not root]
        if not elements:
            break
        element = data.draw(st.sampled_from(elements))
        _break(root, element, data)
    return etree.tostring(root)


def _break(root: Any, element: Any, data: st.DataObject) -> None:
    ids = sorted({e.get("id") for e in root.iter() if e.get("id")})
    parent = element.getparent()
    how = data.draw(
        st.sampled_from(["drop", "twice", "move", "kind", "lose", "point", "flag", "text"])
    )
    if how == "drop" and parent is not None:
        parent.remove(element)
    elif how == "twice" and parent is not None:
        parent.append(copy.deepcopy(element))
    elif how == "move" and parent is not None:
        target = data.draw(st.sampled_from([e for e in root.iter() if len(e)]))
        if element not in list(target.iterancestors()) and target is not element:
            target.append(element)
    elif how == "kind":
        space = etree.QName(element).namespace
        element.tag = f"{{{space}}}{data.draw(st.sampled_from(KINDS))}"
    elif how == "lose" and element.attrib:
        del element.attrib[data.draw(st.sampled_from(sorted(element.attrib)))]
    elif how == "point" and element.attrib:
        name = data.draw(st.sampled_from(sorted(element.attrib)))
        element.set(name, data.draw(st.sampled_from([*ids, "", "nobody"])))
    elif how == "flag":
        name = data.draw(st.sampled_from(ATTRIBUTES))
        element.set(name, data.draw(st.sampled_from(["true", "false", "", *ids])))
    elif how == "text":
        element.text = data.draw(st.sampled_from(["", "null", "1", "true", "x > 1", "PT1H", "]]"]))


@given(sequence=blocks(OURS, 2), data=st.data())
@settings(
    max_examples=150,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_broken_diagram_is_refused_or_runs_or_is_a_fault(
    sequence: list[Block], data: st.DataObject
) -> None:
    xml = broken(Maker().make(sequence).xml(), data)
    refused: DefinitionRefused | None = None
    fault: ProcessFault | None = None
    try:
        walk(build([xml]), data)
    except DefinitionRefused as problem:
        refused = problem
    except ProcessFault as problem:
        fault = problem
    assert refused is None or all(finding.severity == "error" for finding in refused.findings)
    assert refused is None or refused.findings
    assert fault is None or fault.code


def walk(definition: Definition, data: st.DataObject) -> None:
    """Some steps, each through bytes."""
    instance = Instance.start(definition, variables={}, host=HOST)
    instance.run()
    for _ in range(15):
        instance = Instance.load(definition, instance.dump(), host=HOST)
        waits = [wait for wait in instance.waits if wait.kind != "condition"]
        if instance.tasks:
            task = data.draw(st.sampled_from(instance.tasks))
            instance.complete_task(task.id, {f"v{task.element[1:]}": 5})
        elif waits:
            timer = waits[0].kind == "timer"
            assert instance.fire_timer(waits[0].id) if timer else instance.deliver(waits[0].id, {})
        else:
            assert instance.ended or instance.services or instance.waits
            break
        instance.run()
