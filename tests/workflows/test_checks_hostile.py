import time
from collections.abc import Callable

import pytest

from tests.packages import bpmn, flow, package, user_task
from workflows.checks import check
from workflows.findings import Finding, errors
from workflows.normalise import normalise

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'


def timed(data: bytes, **more: bytes) -> list[Finding]:
    """The findings on a package with this process, which must not take two seconds.

    Measured in this process's own time, so that a busy machine fails no test.
    """
    files = {"process.bpmn": data, **{f"processes/{key}.bpmn": one for key, one in more.items()}}
    began = time.process_time()
    found = check(package(replaced=files))
    assert time.process_time() - began < 2
    return found


def chain(length: int, kind: str = "userTask") -> bytes:
    """Elements one after the other."""
    nodes = "".join(f'<bpmn:{kind} id="n{number}"/>' for number in range(length))
    ways = "".join(flow(f"n{number}", f"n{number + 1}") for number in range(length - 1))
    return bpmn(START + nodes + ways + flow("s", "n0"))


def without_ids(length: int) -> bytes:
    """Nodes that all need an id, a start and an end."""
    return bpmn("<bpmn:task/>" * length)


def full_mesh(width: int) -> bytes:
    """Every gateway leads to every gateway."""
    nodes = "".join(f'<bpmn:inclusiveGateway id="n{number}"/>' for number in range(width))
    ways = "".join(
        f'<bpmn:sequenceFlow id="f{a}_{b}" sourceRef="n{a}" targetRef="n{b}"/>'
        for a in range(width)
        for b in range(width)
    )
    return bpmn(START + nodes + ways + flow("s", "n0"))


def nested(depth: int) -> bytes:
    """Sub-processes inside each other."""
    return bpmn(
        "".join(f'<bpmn:subProcess id="p{number}">' for number in range(depth))
        + "</bpmn:subProcess>" * depth
    )


def many_messages(count: int) -> bytes:
    """Message events that each need a message of their own."""
    event = (
        '<bpmn:intermediateCatchEvent id="c{0}" name="m{0}"><bpmn:messageEventDefinition/>'
        "</bpmn:intermediateCatchEvent>"
    )
    return bpmn("".join(event.format(number) for number in range(count)))


def many_properties(count: int) -> bytes:
    """A step with a great many settings."""
    return bpmn(user_task("t", **{f"p{number}": "x" for number in range(count)}))


def many_references(count: int) -> bytes:
    """Events that all refer to one shared definition."""
    event = (
        '<bpmn:intermediateCatchEvent id="c{0}"><bpmn:eventDefinitionRef>t'
        "</bpmn:eventDefinitionRef></bpmn:intermediateCatchEvent>"
    )
    return bpmn("".join(event.format(number) for number in range(count))).replace(
        b"<bpmn:process",
        b'<bpmn:timerEventDefinition id="t"><bpmn:timeDuration>PT1H</bpmn:timeDuration>'
        b"</bpmn:timerEventDefinition><bpmn:process",
        1,
    )


def many_conditions(count: int) -> bytes:
    """A gateway with a great many costly conditions."""
    condition = " + ".join(["1"] * 400) + " &gt; 1"
    ways = "".join(
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="g" targetRef="e"><bpmn:conditionExpression>'
        f"{condition} + {number}</bpmn:conditionExpression></bpmn:sequenceFlow>"
        for number in range(count)
    )
    return bpmn(START + '<bpmn:exclusiveGateway id="g"/>' + END + flow("s", "g") + ways)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "5,000 steps in a row": (lambda: chain(5_000), "process-too-large"),
    "5,000 gateways in a row": (lambda: chain(5_000, "exclusiveGateway"), "process-too-large"),
    "5,000 nodes without ids": (lambda: without_ids(5_000), "process-too-large"),
    "20,000 nodes without ids": (lambda: without_ids(20_000), "process-too-large"),
    "90 nested sub-processes": (lambda: nested(90), "sub-process-too-deep"),
    "200 nested sub-processes": (lambda: nested(200), "xml-too-deep"),
    "10,000 settings": (lambda: many_properties(10_000), "properties-too-many"),
    "95,000 unknown elements": (lambda: bpmn("<bpmn:foo/>" * 95_000), "process-too-large"),
    "45,000 lanes": (lambda: bpmn("<bpmn:lane/>" * 45_000), "process-too-large"),
    "20,000 flows between 140 gateways": (lambda: full_mesh(140), "process-too-large"),
    "400 long conditions": (lambda: many_conditions(400), "expressions-too-long"),
    "1,700 long conditions": (lambda: many_conditions(1_700), "expressions-too-long"),
}


@pytest.mark.parametrize(("build", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_refuses_a_hostile_process_within_two_seconds(
    build: Callable[[], bytes], code: str
) -> None:
    data = build()

    found = timed(data)

    assert code in [one.code for one in errors(found)]


@pytest.mark.parametrize(
    "build",
    [
        lambda: chain(1_900),
        lambda: chain(1_900, "exclusiveGateway"),
        lambda: without_ids(1_900),
        lambda: full_mesh(60),
        lambda: nested(19),
        lambda: many_messages(1_900),
        lambda: many_references(1_900),
        lambda: many_conditions(30),
    ],
)
def test_judges_a_large_process_within_two_seconds(build: Callable[[], bytes]) -> None:
    assert "process-too-large" not in [one.code for one in timed(build())]


@pytest.mark.parametrize("length", [5_000, 8_000])
def test_normalises_a_chain_of_any_length_without_recursion(length: int) -> None:
    data = chain(length)
    began = time.process_time()

    xml = normalise(data).xml

    assert xml.count(b"<bpmn:userTask") == length
    assert time.process_time() - began < 2


def test_refuses_calls_that_go_round_through_many_files() -> None:
    def calling(process: str, target: str) -> bytes:
        return bpmn(f'<bpmn:callActivity id="c{process}" calledElement="{target}"/>', process)

    more = {f"p{number}": calling(f"p{number}", f"p{(number + 1) % 300}") for number in range(300)}

    found = timed(calling("main", "p0"), **more)

    assert "call-circle" in [one.code for one in errors(found)]


def test_says_an_error_though_there_are_very_many_warnings() -> None:
    nodes = "".join(f'<bpmn:task id="n{number}"/>' for number in range(1_000))
    body = START + nodes + user_task("last", status="lost") + flow("s", "last")

    assert [one.code for one in errors(timed(bpmn(body)))] == ["status-unknown"]


def test_never_says_more_than_a_person_can_read() -> None:
    flows = "".join(flow(f"a{number}", f"b{number}") for number in range(5_000))

    found = timed(bpmn(START + END + flow("s", "e") + flows))

    assert 0 < len(found) <= 400


@pytest.mark.parametrize("size", [150_000, 1_000_000])
def test_judges_a_huge_attribute_within_two_seconds(size: int) -> None:
    found = timed(bpmn(user_task("t", status="=" + "(" * size)))

    assert {one.code for one in errors(found)} & {"expressions-too-long", "xml-text-too-long"}


@pytest.mark.parametrize("name", ["a" * 100_000, "名" * 50_000, "💥" * 50_000, "\u202e" * 1_000])
def test_takes_any_name_of_an_element(name: str) -> None:
    found = timed(bpmn(user_task("t", name=name)))

    assert errors(found) == []
