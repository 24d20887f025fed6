"""Anything that a stranger may send: read, normalised and checked without a crash."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.packages import bpmn, flow, package, user_task
from workflows import bpmn as model
from workflows.checks import check
from workflows.documents import DocumentError
from workflows.manifest import ManifestError, read_manifest
from workflows.normalise import normalise
from workflows.packages import PackageError, read_zip, write_zip

KINDS = sorted(model.NODES)
DEFINITIONS = [
    "timerEventDefinition",
    "messageEventDefinition",
    "signalEventDefinition",
    "errorEventDefinition",
    "linkEventDefinition",
    "compensateEventDefinition",
    "eventDefinitionRef",
    "conditionalEventDefinition",
]
IDS = [f"n{number}" for number in range(8)]
WORDS = ["", "true", "0", "n1", "n2", "x:n3", "PT1H", '= "a', "=1+", "报修", "a" * 300, "R/PT0S"]
ATTRIBUTES = ["id", "name", "default", "attachedToRef", "cancelActivity", "calledElement"]
FLAGS = ["triggeredByEvent", "isForCompensation", "isInterrupting", "messageRef", "instantiate"]

EXAMPLE = bpmn(
    '<bpmn:startEvent id="s"/>'
    + user_task("t", form="report", groups="it", actions="a,b", status="handling")
    + '<bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="false">'
    + "<bpmn:timerEventDefinition><bpmn:timeDuration>PT4H</bpmn:timeDuration>"
    + '</bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:exclusiveGateway id="g"/>'
    + '<bpmn:subProcess id="p"><bpmn:task id="i"/></bpmn:subProcess><bpmn:endEvent id="e"/>'
    + flow("s", "t")
    + flow("t", "g")
    + '<bpmn:sequenceFlow id="f" sourceRef="g" targetRef="p"><bpmn:conditionExpression>t_action = '
    + '"a"</bpmn:conditionExpression></bpmn:sequenceFlow>'
    + flow("g", "e")
)


@st.composite
def diagrams(draw: st.DrawFn) -> bytes:
    """Diagrams as no modeler would write them: any element anywhere, with any attribute."""
    source = draw(st.randoms(use_true_random=False))
    return bpmn("".join(_part(source, 0) for _ in range(source.randint(0, 12))))


def _part(source: random.Random, depth: int) -> str:
    if source.random() < 0.4:
        ends = f'sourceRef="{source.choice(IDS)}" targetRef="{source.choice(IDS)}"'
        identity = f'id="{source.choice(["f1", "f2", "f3", "n1", ""])}"'
        condition = f"<bpmn:conditionExpression>{_word(source)}</bpmn:conditionExpression>"
        return f"<bpmn:sequenceFlow {identity} {ends}>{condition * source.randint(0, 2)}" + (
            "</bpmn:sequenceFlow>"
        )
    tag = source.choice([*KINDS, *DEFINITIONS, "multiInstanceLoopCharacteristics", "script"])
    chosen = {name: _word(source) for name in source.sample(ATTRIBUTES + FLAGS, 3)}
    if source.random() < 0.8:
        chosen["id"] = source.choice(IDS)
    attributes = " ".join(f'{name}="{value}"' for name, value in chosen.items())
    inner = (
        "" if depth > 3 else "".join(_part(source, depth + 1) for _ in range(source.randint(0, 2)))
    )
    return f"<bpmn:{tag} {attributes}>{inner or _word(source)}</bpmn:{tag}>"


def _word(source: random.Random) -> str:
    return source.choice(WORDS).replace('"', "&quot;")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(diagrams())
def test_normalises_any_diagram_into_one_that_stays_as_it_is(data: bytes) -> None:
    once = normalise(data)

    assert normalise(once.xml).xml == once.xml
    drawn = [element for process in model.read(data).processes for element in process.elements]
    run = [element for process in model.read(once.xml).processes for element in process.elements]
    assert set(drawn) - {"", " "} <= set(run)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(diagrams())
def test_checks_any_diagram_without_a_crash(data: bytes) -> None:
    for finding in check(package(replaced={"process.bpmn": data})):
        assert finding.code


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_reads_or_refuses_any_change_of_bytes(data: st.DataObject) -> None:
    changed = bytearray(EXAMPLE)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(changed) - 1))
        count = data.draw(st.integers(0, 20))
        changed[place : place + count] = data.draw(st.binary(max_size=8))
    try:
        done = normalise(bytes(changed))
    except DocumentError:
        return
    assert model.read(done.xml).processes is not None
    check(package(replaced={"process.bpmn": bytes(changed)}))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_reads_or_refuses_any_change_of_a_zip(data: st.DataObject) -> None:
    changed = bytearray(write_zip(package()))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place] = data.draw(st.integers(0, 255))
    try:
        found = read_zip(bytes(changed))
    except PackageError:
        return
    assert read_zip(write_zip(found)).files == found.files


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="keynam=\"[]{},.\n 1-a#'", max_size=200))
def test_reads_or_refuses_any_manifest(text: str) -> None:
    try:
        found = read_manifest(text.encode())
    except ManifestError:
        return
    assert found.key
