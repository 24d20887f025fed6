"""Any bytes and any diagram: a draft or a DocumentError, never anything else."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.importing import files
from workflows.bpmn import ACTIVITIES, EVENTS, GATEWAYS
from workflows.checks import check
from workflows.documents import DocumentError
from workflows.importing import import_bpmn
from workflows.packages import from_files

KINDS = sorted(ACTIVITIES | EVENTS | GATEWAYS)
DEFINITIONS = "timer message signal error escalation conditional link terminate cancel compensate"
CONDITIONS = ["${a}", "yes", "#{b.f(x)}", "", "= n > 3", "${", "天气 好", "x == 'y'", "1"]
ATTRIBUTES = (
    'camunda:class="x"',
    'camunda:assignee="${u}"',
    'isForCompensation="true"',
    'default="f1"',
    'triggeredByEvent="true"',
    'instantiate="true"',
    'calledElement="p0"',
    'messageRef="nowhere"',
    'scriptFormat="groovy"',
    'startQuantity="2"',
)


def _diagram(dice: random.Random, prefix: str, depth: int = 0) -> str:
    """Nodes and flows that may mean anything."""
    parts, identities = [], ["nowhere"]
    for number in range(dice.randint(0, 7)):
        kind, identity = dice.choice(KINDS), f"{prefix}n{number}"
        attributes = " ".join(dice.sample(ATTRIBUTES, dice.randint(0, 3)))
        if kind == "boundaryEvent":
            attributes += f' attachedToRef="{dice.choice(identities)}"'
        inner = ""
        if kind in EVENTS:
            for name in dice.sample(DEFINITIONS.split(), dice.randint(0, 2)):
                inner += f"<bpmn:{name}EventDefinition/>"
        elif kind in ACTIVITIES and dice.random() < 0.3:
            inner += "<bpmn:multiInstanceLoopCharacteristics/>"
        if kind in ("subProcess", "transaction", "adHocSubProcess") and depth < 2:
            inner += _diagram(dice, f"{identity}_", depth + 1)
        identities.append(identity)
        parts.append(f'<bpmn:{kind} id="{identity}" {attributes}>{inner}</bpmn:{kind}>')
    for number in range(dice.randint(0, 10)):
        text = dice.choice(CONDITIONS).replace(">", "&gt;")
        inner = f"<bpmn:conditionExpression>{text}</bpmn:conditionExpression>"
        parts.append(
            f'<bpmn:sequenceFlow id="{prefix}f{number}" sourceRef="{dice.choice(identities)}" '
            f'targetRef="{dice.choice(identities)}">{inner if dice.random() < 0.4 else ""}'
            "</bpmn:sequenceFlow>"
        )
    return "".join(parts)


@pytest.mark.parametrize("seed", range(40))
def test_makes_a_sound_draft_of_any_diagram(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a diagram, not a secret
    parts = [
        files.process(_diagram(dice, f"p{number}_"), "", f"p{number}")
        for number in range(dice.randint(1, 2))
    ]

    imported = import_bpmn(files.definitions(*parts, spaces=files.CAMUNDA))

    left = {one.code for one in check(from_files(imported.files)) if one.severity == "error"}
    reported = {note.params.get("finding") for note in imported.report}
    assert left <= reported


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_takes_any_bytes(data: bytes) -> None:
    with pytest.raises(DocumentError):
        import_bpmn(data)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_takes_files_with_something_cut_out_or_put_in(data: st.DataObject) -> None:
    original = data.draw(st.sampled_from(list(files.DIALECTS.values())))
    start = data.draw(st.integers(0, len(original)))
    length = data.draw(st.integers(0, 40))
    put = data.draw(st.sampled_from([b"", b"<", b'"', b"\xff", b"&#0;", b"<x/>", b"${"]))

    try:
        imported = import_bpmn(original[:start] + put + original[start + length :])
    except DocumentError:
        return

    from_files(imported.files)


def test_is_quick_with_large_diagrams() -> None:
    identities = [f"t{number}" for number in range(600)]
    gateways = "".join(
        f'<bpmn:exclusiveGateway id="g{number}"/>'
        + files.flow(f"t{number}", f"g{number}")
        + files.flow(f"g{number}", f"t{number + 1}", f"${{v{number} &gt; 1}}")
        + files.flow(f"g{number}", "t0", f"${{f.call({number})}}")
        for number in range(599)
    )
    tasks = "".join(f'<bpmn:task id="{identity}"/>' for identity in identities)
    before = time.thread_time()

    import_bpmn(files.definitions(files.process(tasks + gateways, "")))

    assert time.thread_time() - before < 30
