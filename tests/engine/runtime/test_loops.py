"""Loop markers: standard loops and multi-instance activities with all their options."""

from typing import Any

import pytest

from engine.processes.runtime import DefinitionRefused, ProcessFault
from tests.engine.runtime.diagrams import Diagram, event, loop, many, timer
from tests.engine.runtime.walking import Walk


def repeated(marker: str) -> Diagram:
    """start -> work (repeated) -> after."""
    d = Diagram()
    d.start()
    d.user("work", marker)
    d.user("after")
    d.line("start", "work", "after")
    return d


@pytest.mark.parametrize("sequential", [False, True])
def test_an_instance_a_person(sequential: bool) -> None:
    d = repeated(
        many(
            collection="people",
            item="person",
            output="answers",
            output_item="answer",
            sequential=sequential,
        )
    )
    walk = Walk(d, variables={"people": ["li", "zhou", "wang"]})
    assert len(walk.open) == (1 if sequential else 3)
    places = []

    for answer in ("yes", "no", "yes"):
        place = walk.tasks[0].loop
        assert place is not None
        places.append((place.index, place.count, place.item))
        walk.complete("work", answer=answer)

    assert places == [(1, 3, "li"), (2, 3, "zhou"), (3, 3, "wang")]
    assert walk.open == ["after"]
    assert walk.variables == {"people": ["li", "zhou", "wang"], "answers": ["yes", "no", "yes"]}


def test_outputs_stand_in_the_order_of_the_inputs_whoever_is_first() -> None:
    d = repeated(many(collection="people", item="p", output="answers", output_item="answer"))
    walk = Walk(d, variables={"people": ["li", "zhou"]})
    second = next(task for task in walk.tasks if task.loop is not None and task.loop.index == 2)
    instance = walk._load()
    instance.complete_task(second.id, {"answer": "late"})
    walk._settle()

    walk.complete("work", answer="early")

    assert walk.variables["answers"] == ["early", "late"]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_number_of_instances(sequential: bool) -> None:
    walk = Walk(repeated(many("n + 1", sequential=sequential)), variables={"n": 2})

    for _ in range(3):
        assert "work" in walk.open
        walk.complete("work")

    assert walk.open == ["after"]
    assert walk.entered().count("work") == 3


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("marker", [{"collection": "people", "item": "p"}, {"cardinality": "0"}])
def test_nobody_to_ask_goes_on_at_once(sequential: bool, marker: dict[str, str]) -> None:
    walk = Walk(repeated(many(**marker, sequential=sequential)), variables={"people": []})  # type: ignore[arg-type]

    assert walk.open == ["after"]


@pytest.mark.parametrize("found", [None, "li", 3, {"a": 1}])
def test_a_collection_that_is_none_is_a_fault(found: Any) -> None:
    with pytest.raises(ProcessFault) as fault:
        Walk(repeated(many(collection="people", item="p")), variables={"people": found})

    assert (fault.value.code, fault.value.element) == ("loop-invalid", "work")


@pytest.mark.parametrize("text", ["null", "-1", "1.5", '"three"', "true", "100000"])
def test_a_number_that_is_none_is_a_fault(text: str) -> None:
    with pytest.raises(ProcessFault) as fault:
        Walk(repeated(many(text)))

    assert (fault.value.code, fault.value.element) == ("loop-invalid", "work")


@pytest.mark.parametrize("sequential", [False, True])
def test_a_completion_condition_ends_the_rest(sequential: bool) -> None:
    d = repeated(many("5", until="numberOfCompletedInstances >= 2", sequential=sequential))
    walk = Walk(d).complete("work")
    assert "after" not in walk.open

    walk.complete("work")

    assert walk.open == ["after"]
    assert walk.entered("cancelled") == ([] if sequential else ["work"] * 3)


def test_a_completion_condition_sees_what_every_instance_has_left() -> None:
    d = repeated(many("3", until="votes >= 2"))
    walk = Walk(d, variables={"votes": 0}).complete("work", votes=1)
    assert walk.open == ["work", "work"]

    assert walk.complete("work", votes=2).open == ["after"]


def test_a_completion_condition_that_is_not_boolean_is_a_fault() -> None:
    walk = Walk(repeated(many("3", until="nothing")))

    with pytest.raises(ProcessFault) as fault:
        walk.complete("work")

    assert fault.value.code == "condition-not-boolean"


def test_a_standard_loop_asks_after_each_round() -> None:
    walk = Walk(repeated(loop("again")))

    walk.complete("work", again=True).complete("work", again=True)
    assert walk.open == ["work"]

    assert walk.complete("work", again=False).open == ["after"]


def test_a_standard_loop_may_ask_first() -> None:
    assert Walk(repeated(loop("again", test_before=True)), variables={"again": False}).open == [
        "after"
    ]


def test_a_standard_loop_has_a_maximum() -> None:
    walk = Walk(repeated(loop("true", maximum=3)))

    walk.complete("work").complete("work").complete("work")

    assert walk.open == ["after"]


def test_an_event_on_a_repeated_task_ends_every_instance() -> None:
    d = repeated(many("3"))
    d.boundary("late", "work", timer("PT1H"))
    d.user("expired")
    d.line("late", "expired")
    walk = Walk(d).complete("work")

    walk.fire("late")

    assert walk.open == ["expired"]
    assert walk.complete("expired").ended


def test_an_event_on_a_repeated_task_that_does_not_interrupt_outlives_it() -> None:
    d = repeated(many("2"))
    d.boundary("late", "work", timer("R2/PT1H", "timeCycle"), interrupting=False)
    d.user("remind")
    d.line("late", "remind")
    walk = Walk(d)
    walk.fire("late")
    walk.fire("late")

    walk.complete("work").complete("work")

    assert walk.open == ["after", "remind", "remind"]


def test_an_error_in_one_instance_is_caught_by_the_event_on_all() -> None:
    d = Diagram()
    d.root("error", "e", name="broken", errorCode="E1")
    d.start()
    d.node("serviceTask", "work", many("2"), {"operation": "call"})
    d.line("start", "work")
    d.boundary("edge", "work", event("error", "e"))
    d.user("repair")
    d.line("edge", "repair")
    walk = Walk(d)
    assert len(walk.instance.services) == 2

    assert walk.fail("work", "E1")

    assert walk.open == ["repair"]
    assert walk.instance.services == []


@pytest.mark.parametrize("sequential", [False, True])
def test_scripts_can_be_repeated(sequential: bool) -> None:
    d = Diagram()
    d.start()
    d.script(
        "work",
        "doubled = x * 2",
        many(
            collection="numbers",
            item="x",
            output="results",
            output_item="doubled",
            sequential=sequential,
        ),
    )
    d.line("start", "work")

    walk = Walk(d, variables={"numbers": [1, 2, 3]})

    assert walk.ended
    assert walk.variables == {"numbers": [1, 2, 3], "results": [2, 4, 6]}


def test_loops_inside_loops_keep_their_counters_apart() -> None:
    d = Diagram()
    inner = d.scope()
    inner.start("istart")
    inner.script(
        "work", "seen = append(seen, loopCounter * 10 + outer)", many("2", sequential=True)
    )
    inner.line("istart", "work")
    d.start()
    d.inside("subProcess", "sub", inner, many(collection="outers", item="outer", sequential=True))
    d.line("start", "sub")

    walk = Walk(d, variables={"outers": [1, 2], "seen": []})

    assert walk.variables["seen"] == [11, 21, 12, 22]


def test_a_loop_without_end_or_collection_is_refused() -> None:
    for marker, code in (
        (loop(None), "loop-without-bound"),
        (many(), "loop-without-bound"),
        (many("2", collection="c"), "loop-two-bounds"),
        (many("2", output="o"), "loop-output-incomplete"),
    ):
        with pytest.raises(DefinitionRefused) as refused:
            Walk(repeated(marker))
        assert [(f.code, f.element) for f in refused.value.findings] == [(code, "work")]


def test_a_hundred_sequential_instances_do_not_grow_the_state() -> None:
    walk = Walk(repeated(many("900", sequential=True)))
    walk.complete("work")
    size = len(walk.blob)
    for _ in range(98):
        walk.complete("work")

    assert len(walk.blob) <= size + 8


@pytest.mark.parametrize(("behavior", "times"), [("None", 3), ("One", 1)])
def test_instances_can_throw_when_they_complete(behavior: str, times: int) -> None:
    d = repeated(
        many("3").replace(
            "<bpmn:multiInstanceLoopCharacteristics",
            "<bpmn:multiInstanceLoopCharacteristics "
            f'behavior="{behavior}" {behavior.lower()}BehaviorEventRef="thrown"',
        )
    )
    d.root("signal", "s", name="one is done")
    d.roots.append('<bpmn:signalEventDefinition id="thrown" signalRef="s"/>')
    d.boundary("edge", "work", event("signal", "s"), interrupting=False)
    d.user("told")
    d.line("edge", "told")
    walk = Walk(d)

    walk.complete("work").complete("work").complete("work")

    assert walk.open == ["after"] + ["told"] * times


def test_a_condition_can_end_a_loop_through_what_an_instance_throws() -> None:
    d = repeated(
        many("3").replace(
            "<bpmn:multiInstanceLoopCharacteristics",
            '<bpmn:multiInstanceLoopCharacteristics behavior="One" oneBehaviorEventRef="thrown"',
        )
    )
    d.root("signal", "s", name="one is done")
    d.roots.append('<bpmn:signalEventDefinition id="thrown" signalRef="s"/>')
    d.boundary("edge", "work", event("signal", "s"))
    d.user("enough")
    d.line("edge", "enough")

    assert Walk(d).complete("work").open == ["enough"]


def test_a_condition_says_when_an_instance_that_completes_throws() -> None:
    d = repeated(
        many("3")
        .replace(
            "<bpmn:multiInstanceLoopCharacteristics",
            '<bpmn:multiInstanceLoopCharacteristics behavior="Complex"',
        )
        .replace(
            "</bpmn:multiInstanceLoopCharacteristics>",
            "<bpmn:complexBehaviorDefinition><bpmn:condition>numberOfCompletedInstances = 2"
            '</bpmn:condition><bpmn:event><bpmn:signalEventDefinition signalRef="s"/></bpmn:event>'
            "</bpmn:complexBehaviorDefinition></bpmn:multiInstanceLoopCharacteristics>",
        )
    )
    d.root("signal", "s", name="two are done")
    d.boundary("edge", "work", event("signal", "s"), interrupting=False)
    d.user("told")
    d.line("edge", "told")
    walk = Walk(d)

    assert "told" not in walk.complete("work").open
    assert "told" in walk.complete("work").open
    assert walk.complete("work").open == ["after", "told"]
