"""Event sub-processes: started by an event while their surroundings run."""

import pytest

from engine.processes.runtime import ProcessFault
from tests.engine.runtime.diagrams import Diagram, event, timer
from tests.engine.runtime.walking import Walk


def watched(body: str, interrupting: bool = True) -> Diagram:
    """start -> work, and an event sub-process with one user task."""
    d = Diagram()
    d.root("message", "m", name="order")
    d.root("signal", "s", name="alarm")
    d.root("error", "e", name="broken", errorCode="E1")
    d.root("escalation", "x", name="up", escalationCode="X1")
    d.start()
    d.user("work")
    d.node("exclusiveGateway", "gw", default="to_end")
    d.end()
    d.line("start", "work", "gw")
    d.flow("gw", "end", None, "to_end")
    d.end("fail", event("error", "e"))
    d.flow("gw", "fail", "bad = true")
    d.node("intermediateThrowEvent", "raise", event("escalation", "x"))
    d.flow("gw", "raise", "up = true")
    d.user("later")
    d.line("raise", "later")
    inner = d.scope()
    extra = {} if interrupting else {"isInterrupting": "false"}
    inner.start("estart", body, **extra)
    inner.user("handle")
    inner.end("eend")
    inner.line("estart", "handle", "eend")
    d.inside("subProcess", "esub", inner, triggeredByEvent="true")
    return d


@pytest.mark.parametrize("body", [event("message", "m"), event("signal", "s")])
def test_an_interrupting_event_sub_process_ends_the_rest(body: str) -> None:
    walk = Walk(watched(body))
    assert walk.waiting == ["estart"]
    name = "order" if "message" in body else "alarm"

    walk.deliver(name)

    assert (walk.open, walk.waiting) == (["handle"], [])
    assert walk.tasks[0].enclosing == ("esub",)
    assert walk.complete("handle").ended


def test_a_non_interrupting_event_sub_process_starts_each_time() -> None:
    walk = Walk(watched(event("message", "m"), interrupting=False))
    for _ in range(3):
        walk.deliver("order")

    assert walk.open == ["handle"] * 3 + ["work"]
    walk.complete("work", bad=False, up=False)
    assert not walk.ended
    assert walk.waiting == ["estart"]
    for _ in range(3):
        walk.complete("handle")
    assert walk.ended
    assert walk.waiting == []


def test_an_event_sub_process_is_no_reason_to_stay_open() -> None:
    walk = Walk(watched(timer("PT1H"), interrupting=False))

    assert walk.complete("work", bad=False, up=False).ended


def test_an_event_sub_process_catches_the_errors_of_its_process() -> None:
    walk = Walk(watched(event("error", "e"))).complete("work", bad=True)

    assert walk.open == ["handle"]
    assert walk.complete("handle").ended
    assert walk.instance.failure is None


@pytest.mark.parametrize(
    ("interrupting", "expected"), [(True, ["handle"]), (False, ["handle", "later"])]
)
def test_an_event_sub_process_catches_escalations(interrupting: bool, expected: list[str]) -> None:
    walk = Walk(watched(event("escalation", "x"), interrupting))

    assert walk.complete("work", bad=False, up=True).open == expected


def test_a_repeating_timer_starts_an_event_sub_process_again_and_again() -> None:
    walk = Walk(watched(timer("R2/PT1H", "timeCycle"), interrupting=False))

    walk.fire("estart")
    walk.fire("estart")

    assert (walk.open, walk.waiting) == (["handle", "handle", "work"], [])


def test_the_spec_of_a_definition_is_not_changed_by_a_run() -> None:
    d = watched(event("message", "m"), interrupting=False)
    walk = Walk(d)
    before = {
        name: (list(spec.task_specs), [len(n.inputs) for n in spec.task_specs.values()])
        for name, spec in walk.definition.specs.items()
    }

    walk.deliver("order")
    walk.complete("handle").complete("work", bad=False, up=False)

    after = {
        name: (list(spec.task_specs), [len(n.inputs) for n in spec.task_specs.values()])
        for name, spec in walk.definition.specs.items()
    }
    assert before == after


def test_a_parallel_join_that_can_never_be_filled_is_a_fault() -> None:
    d = Diagram()
    d.start()
    d.node("exclusiveGateway", "either", default="to_b")
    d.node("parallelGateway", "join")
    d.user("a")
    d.user("b")
    d.line("start", "either")
    d.flow("either", "a", "x = 1")
    d.flow("either", "b", None, "to_b")
    d.line("a", "join")
    d.line("b", "join")
    walk = Walk(d, variables={"x": 1})

    with pytest.raises(ProcessFault) as fault:
        walk.complete("a")

    assert (fault.value.code, fault.value.element) == ("stuck", "join")
