"""Whether a running process fits another definition: every live construct, and what is refused."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engine.processes import migration
from engine.processes.migration import Fit
from engine.processes.runtime import Definition, Host, Instance, build
from tests import packages, tickets
from tests.engine.runtime.generated import OURS, Block, Maker, blocks
from tests.engine.runtime.test_round_trip import CALM, HOST, STEPS, Choices, do, live, told
from tests.packages import flow, user_task

REFERENCES = ("sourceRef", "targetRef", "attachedToRef", "default", "activityRef", "calledElement")
TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>{}</bpmn:timeDuration></bpmn:timerEventDefinition>"  # noqa: E501


def renamed(xml: bytes) -> tuple[bytes, dict[str, str]]:
    """The same diagram with other ids of processes, nodes and flows, and which became which."""
    root = etree.fromstring(xml)
    nodes = [
        node
        for process in root.iter("{*}process")
        for node in process.iter("{*}*")
        if node.get("id") and not etree.QName(node).localname.endswith("EventDefinition")
    ]
    names = {node.get("id"): f"x_{node.get('id')}" for node in nodes}
    for node in nodes:
        node.set("id", names[node.get("id")])
    for node in root.iter("{*}*"):
        for attribute in REFERENCES:
            if node.get(attribute) in names:
                node.set(attribute, names[node.get(attribute)])
        if etree.QName(node).localname in ("incoming", "outgoing"):
            node.text = names.get(node.text, node.text)
    return etree.tostring(root), names


@given(sequence=blocks(OURS), data=st.data())
@CALM
def test_there_and_back_at_every_step_changes_nothing(
    sequence: list[Block], data: st.DataObject
) -> None:
    xml = Maker().make(sequence).xml()
    other, names = renamed(xml)
    here, there = build([xml]), build([other])
    back = migration.reversed_map(names, frozenset(names))
    memory = Instance.start(here, variables={}, host=HOST)
    memory.run()
    blob = memory.dump()
    memory = Instance.load(here, blob, host=HOST)
    choices = Choices(data)
    for _ in range(STEPS):
        gone = migration.fit(here, there, blob, names)
        assert gone.problems == ()
        assert gone.state is not None
        returned = migration.fit(there, here, gone.state, back)
        assert (returned.problems, gone.fresh, returned.fresh) == ((), [], [])
        assert returned.state is not None
        moved = Instance.load(here, returned.state, host=HOST)
        assert live(moved) == live(memory)
        stayed = Instance.load(here, blob, host=HOST)
        assert (moved.tasks, moved.waits) == (stayed.tasks, stayed.waits)
        act = choices.act(memory)
        if act is None:
            break
        seen = len(memory.steps)
        do(memory, act)
        do(moved, act)
        assert told(moved) == told(memory, seen)
        blob = moved.dump()


BEGIN, END = '<bpmn:startEvent id="begin"/>', '<bpmn:endEvent id="finish"/>'


def sequence(*names: str, more: str = "") -> bytes:
    """Steps one after the other; `sub:…`, `many:…` and `call:…` are what they say."""
    parts, ids = [BEGIN], ["begin"]
    for name in names:
        kind, _, inner = name.rpartition(":")
        parts.append(_step(kind, inner))
        ids.append(f"{kind}_{inner}" if kind else inner)
    ids.append("finish")
    flows = "".join(flow(a, b) for a, b in pairwise(ids))
    return packages.bpmn("".join(parts) + END + flows + more)


def _step(kind: str, inner: str) -> str:
    if kind == "sub":
        return (
            f'<bpmn:subProcess id="sub_{inner}"><bpmn:startEvent id="in_{inner}"/>'
            + user_task(inner)
            + flow(f"in_{inner}", inner)
            + "</bpmn:subProcess>"
        )
    if kind == "many":
        return user_task(f"many_{inner}").replace(
            "</bpmn:userTask>",
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3"
            "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>",
        )
    if kind == "call":
        return f'<bpmn:callActivity id="call_{inner}" calledElement="{inner}"/>'
    return user_task(inner)


def timer(name: str, host: str, span: str = "PT1H", interrupting: bool = True) -> str:
    """A boundary timer with an end of its own."""
    cancel = "" if interrupting else ' cancelActivity="false"'
    return (
        f'<bpmn:boundaryEvent id="{name}" attachedToRef="{host}"{cancel}>{TIMER.format(span)}'
        f'</bpmn:boundaryEvent><bpmn:endEvent id="after_{name}"/>' + flow(name, f"after_{name}")
    )


def started(definition: Definition, *done: str) -> Instance:
    """A process that has gone past the tasks named."""
    instance = Instance.start(definition, variables={"kept": 7}, host=HOST)
    instance.run()
    for element in done:
        task = next(task for task in instance.tasks if task.element == element)
        instance.complete_task(task.id, {})
        instance.run()
    return instance


def moved(
    before: bytes,
    after: bytes,
    elements: Mapping[str, str | None] | None = None,
    done: tuple[str, ...] = (),
    called: bytes | None = None,
) -> tuple[Instance, Instance | None, Fit]:
    """A process in both definitions, and what was said of it."""
    more = [called] if called else []
    old, new = build([before, *more]), build([after, *more])
    instance = started(old, *done)
    found = migration.fit(old, new, instance.dump(), elements or {})
    if found.state is None:
        return instance, None, found
    other = Instance.load(new, found.state, host=HOST)
    migration.listen(other, found.fresh)
    other.run()
    return instance, other, found


CALLED = sequence("inner").replace(b'process id="main"', b'process id="there"')

LIVE: dict[str, tuple[bytes, bytes, dict[str, str | None], tuple[str, ...]]] = {
    "a task": (sequence("a"), sequence("first", "a", "z"), {}, ()),
    "a task of another name": (sequence("a"), sequence("b"), {"a": "b"}, ()),
    "a task in a sub-process": (sequence("sub:a"), sequence("x", "sub:a", "y"), {}, ()),
    "a sub-process of another name": (
        sequence("sub:a"),
        sequence("sub:b"),
        {"sub_a": "sub_b", "a": "b"},
        (),
    ),
    "a fan-out": (sequence("many:a"), sequence("many:b", "c"), {"many_a": "many_b"}, ()),
    "a called process": (sequence("call:there"), sequence("a", "call:there"), {}, ()),
    "a timer": (
        sequence("a", more=timer("late", "a")),
        sequence("b", more=timer("slow", "b", "PT9H")),
        {"a": "b", "late": "slow"},
        (),
    ),
    "a parallel join": (
        tickets.parallel(3),
        tickets.parallel(3).replace(b"work_1", b"other"),
        {"work_1": "other"},
        ("work_0", "work_1"),
    ),
}


@pytest.mark.parametrize("construct", LIVE)
def test_every_live_construct_keeps_its_tasks_waits_and_variables(construct: str) -> None:
    before, after, elements, done = LIVE[construct]
    called = CALLED if "called" in construct else None

    instance, other, found = moved(before, after, elements, done, called)

    assert found.problems == ()
    assert other is not None
    assert [task.id for task in other.tasks] == [task.id for task in instance.tasks]
    assert [task.element for task in other.tasks] == [
        elements.get(task.element, task.element) for task in instance.tasks
    ]
    assert [(w.id, w.due) for w in other.waits] == [(w.id, w.due) for w in instance.waits]
    assert other.variables == {"kept": 7}
    while other.tasks:
        other.complete_task(other.tasks[0].id, {})
        other.run()
    assert other.ended


REFUSED: dict[str, tuple[bytes, bytes, dict[str, str | None], tuple[str, ...], list[Any]]] = {
    "a step that is gone": (sequence("a"), sequence("b"), {}, (), [("element-missing", "a")]),
    "a sub-process that is gone names what is inside too": (
        sequence("sub:a"),
        sequence("b"),
        {},
        (),
        [("element-missing", "sub_a"), ("element-missing", "a")],
    ),
    "a step that became something else": (
        sequence("a"),
        sequence("many:a").replace(b"many_a", b"a"),
        {},
        (),
        [("element-kind-differs", "a")],
    ),
    "a timer that is gone": (
        sequence("a", more=timer("late", "a")),
        sequence("a"),
        {},
        (),
        [("element-missing", "late")],
    ),
    "a timer that stands elsewhere": (
        sequence("a", "b", more=timer("late", "a")),
        sequence("a", "b", more=timer("late", "b")),
        {},
        (),
        [("attached-elsewhere", "late")],
    ),
    "a branch that nobody began": (
        tickets.parallel(2),
        tickets.parallel(3),
        {},
        (),
        [("join-never-opens", "join")],
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_names_each_live_element(what: str) -> None:
    before, after, elements, done, expected = REFUSED[what]

    _, other, found = moved(before, after, elements, done)

    assert other is None
    assert [(one.code, one.element) for one in found.problems] == expected


def test_an_attached_event_may_be_given_up() -> None:
    _, other, _ = moved(sequence("a", more=timer("late", "a")), sequence("a"), {"late": None})

    assert other is not None
    assert (other.waits, [task.element for task in other.tasks]) == ([], ["a"])


def test_what_the_new_definition_listens_to_is_listened_to_from_now_on() -> None:
    _, other, found = moved(sequence("a"), sequence("a", more=timer("late", "a")))

    assert other is not None
    [wait] = other.waits
    assert (wait.element, len(found.fresh)) == ("late", 1)
    assert other.fire_timer(wait.id)
    other.run()
    assert other.ended


def test_a_timer_that_has_fired_once_is_not_armed_again() -> None:
    xml = sequence("a", more=timer("remind", "a", interrupting=False))
    definition = build([xml])
    instance = started(definition)
    instance.fire_timer(instance.waits[0].id)
    instance.run()

    found = migration.fit(definition, build([xml]), instance.dump(), {})

    assert found.fresh == []
    assert found.state is not None
    assert Instance.load(definition, found.state, host=Host()).waits == []


def test_the_way_back_prefers_the_element_that_kept_its_id() -> None:
    known = frozenset({"a", "b", "c"})

    assert migration.reversed_map({"a": "b"}, known) == {}
    assert migration.reversed_map({"a": "x", "b": "x"}, known) == {"x": "a"}
    assert migration.reversed_map({"c": None, "a": "y"}, known) == {"y": "a"}
