"""Events caught and thrown, at every place where they may stand."""

from datetime import timedelta

import pytest

from engine.processes.runtime import DefinitionRefused
from tests.engine.runtime.diagrams import Diagram, condition, event, link, timer
from tests.engine.runtime.walking import NOW, Walk


def attached(body: str, interrupting: bool = True, props: dict[str, str] | None = None) -> Diagram:
    """start -> work (with an event on its edge, leading to `other`) -> end."""
    d = Diagram()
    d.root("message", "m", name="order")
    d.root("signal", "s", name="alarm")
    d.root("error", "e", name="broken", errorCode="E1")
    d.root("escalation", "x", name="up", escalationCode="X1")
    d.start()
    d.user("work")
    d.end()
    d.line("start", "work", "end")
    extra = {} if interrupting else {"cancelActivity": "false"}
    d.node("boundaryEvent", "edge", body, props, attachedToRef="work", **extra)
    d.user("other")
    d.line("edge", "other")
    return d


def test_an_interrupting_timer_ends_its_task() -> None:
    walk = Walk(attached(timer("PT4H")))
    (wait,) = walk.waits
    assert (wait.kind, wait.element, wait.due) == ("timer", "edge", NOW + timedelta(hours=4))
    assert (wait.interrupting, wait.attached_to, wait.repeats) == (True, "work", False)

    assert walk.fire("edge")

    assert (walk.open, walk.waiting) == (["other"], [])
    assert "work" in walk.entered("cancelled")


def test_a_timer_goes_with_its_task() -> None:
    walk = Walk(attached(timer("PT4H")))
    wait = walk.waits[0].id

    walk.complete("work")

    assert walk.ended
    assert walk.waits == []
    assert not walk.instance.fire_timer(wait)


def test_the_id_of_a_wait_stays_while_the_token_stays() -> None:
    walk = Walk(attached(timer("PT4H")))
    before = walk.waits[0].id

    walk._load()
    walk._settle()

    assert walk.waits[0].id == before


def test_a_non_interrupting_timer_fires_once_and_leaves_the_task() -> None:
    walk = Walk(attached(timer("PT4H"), interrupting=False))

    walk.fire("edge")
    assert (walk.open, walk.waiting) == (["other", "work"], [])
    walk.complete("work")

    assert not walk.ended
    assert walk.complete("other").ended


def test_a_repeating_timer_fires_as_often_as_it_says() -> None:
    walk = Walk(attached(timer("R3/PT1H", "timeCycle"), interrupting=False))
    identity = walk.waits[0].id
    dues = []
    while walk.waits:
        (wait,) = walk.waits
        assert wait.id == identity
        dues.append(wait.due)
        walk.fire("edge")

    assert dues == [NOW + timedelta(hours=hour) for hour in (1, 2, 3)]
    assert walk.open == ["other"] * 3 + ["work"]


def test_a_timer_without_end_fires_until_its_task_is_done() -> None:
    walk = Walk(attached(timer("R/PT1H", "timeCycle"), interrupting=False))
    for _ in range(10):
        walk.fire("edge")
        walk.complete("other")
    size = len(walk.blob)
    for _ in range(40):
        walk.fire("edge")
        walk.complete("other")

    assert len(walk.blob) <= size + 16
    assert walk.complete("work").ended


@pytest.mark.parametrize("times", [1, 3])
def test_a_non_interrupting_message_is_caught_as_often_as_it_comes(times: int) -> None:
    walk = Walk(attached(event("message", "m"), interrupting=False))
    for _ in range(times):
        assert walk.deliver("order")

    assert walk.open == ["other"] * times + ["work"]
    assert walk.waiting == ["edge"]
    walk.complete("work")
    assert walk.waiting == []
    for _ in range(times):
        walk.complete("other")
    assert walk.ended


def test_an_interrupting_message_brings_its_values_into_a_variable() -> None:
    walk = Walk(attached(event("message", "m"), props={"variable": "order"}))

    walk.deliver("order", number="A-1")

    assert walk.open == ["other"]
    assert walk.variables == {"order": {"number": "A-1"}}


def test_a_message_wait_names_its_correlation_value() -> None:
    walk = Walk(
        attached(event("message", "m"), props={"correlation": "=number"}),
        variables={"number": 17},
    )

    assert [(w.kind, w.name, w.correlation) for w in walk.waits] == [("message", "order", "17")]


def test_a_condition_fires_when_it_becomes_true() -> None:
    d = attached(condition("level > 3"))
    d.user("side")
    d.parts = [part for part in d.parts if 'id="f_start_work"' not in part]
    d.node("parallelGateway", "fork")
    d.line("start", "fork", "work")
    d.line("fork", "side")
    walk = Walk(d, variables={"level": 0})
    assert [w.kind for w in walk.waits] == ["condition"]

    walk.complete("side", level=5)

    assert walk.open == ["other"]


def test_a_condition_of_the_ticket_is_asked_when_the_engine_says_so() -> None:
    values = {"level": 0}
    walk = Walk(attached(condition("level > 3")), scope=values)
    instance = walk._load()
    assert not instance.deliver(instance.waits[0].id, {})
    values["level"] = 9

    instance = walk._load()
    assert instance.deliver(instance.waits[0].id, {})
    walk._settle()

    assert walk.open == ["other"]


def test_a_non_interrupting_condition_fires_once_each_time_it_becomes_true() -> None:
    d = attached(condition("hot"), interrupting=False)
    d.user("side", "")
    d.node("exclusiveGateway", "merge")
    d.parts = [part for part in d.parts if 'id="f_start_work"' not in part]
    d.node("parallelGateway", "fork")
    d.line("start", "fork", "work")
    d.line("fork", "merge", "side", "merge")
    walk = Walk(d, variables={"hot": False})

    for hot in (True, True, False, True):
        walk.complete("side", hot=hot)

    assert walk.open == ["other", "other", "side", "work"]


def throwing(kind: str, reference: str, interrupting: bool, thrower: str = "endEvent") -> Diagram:
    """A sub-process that throws what an event on its edge catches; beside it `inner` is open."""
    d = Diagram()
    d.root("signal", "s", name="alarm")
    d.root("error", "e", name="broken", errorCode="E1")
    d.root("escalation", "x", name="up", escalationCode="X1")
    inner = d.scope()
    inner.start("istart")
    inner.node("parallelGateway", "ifork")
    inner.user("inner")
    inner.node(thrower, "throw", event(kind, reference))
    inner.line("istart", "ifork", "inner")
    inner.line("ifork", "throw")
    d.start()
    d.inside("subProcess", "sub", inner)
    d.user("after")
    d.line("start", "sub", "after")
    d.boundary("edge", "sub", event(kind, reference), interrupting)
    d.user("caught")
    d.line("edge", "caught")
    return d


@pytest.mark.parametrize(
    ("kind", "reference", "thrower"),
    [
        ("signal", "s", "endEvent"),
        ("signal", "s", "intermediateThrowEvent"),
        ("escalation", "x", "endEvent"),
        ("escalation", "x", "intermediateThrowEvent"),
        ("error", "e", "endEvent"),
    ],
)
def test_what_a_sub_process_throws_ends_it_when_an_interrupting_event_catches_it(
    kind: str, reference: str, thrower: str
) -> None:
    walk = Walk(throwing(kind, reference, True, thrower))

    assert walk.open == ["caught"]
    assert {"sub", "inner"} <= set(walk.entered("cancelled"))
    assert walk.complete("caught").ended


@pytest.mark.parametrize(("kind", "reference"), [("signal", "s"), ("escalation", "x")])
def test_what_a_sub_process_throws_leaves_it_when_the_event_does_not_interrupt(
    kind: str, reference: str
) -> None:
    walk = Walk(throwing(kind, reference, False))

    assert walk.open == ["caught", "inner"]
    walk.complete("inner")
    assert walk.open == ["after", "caught"]


@pytest.mark.parametrize(("code", "expected"), [("E1", "caught"), ("E2", "any")])
def test_an_error_goes_to_the_event_that_names_it_before_the_one_that_takes_any(
    code: str, expected: str
) -> None:
    d = throwing("error", "e", True)
    d.root("error", "e2", name="other", errorCode=code)
    d.parts = [
        part.replace('errorRef="e"/></bpmn:endEvent>', 'errorRef="e2"/></bpmn:endEvent>')
        for part in d.parts
    ]
    d.boundary("any_edge", "sub", event("error"))
    d.user("any")
    d.line("any_edge", "any")

    assert Walk(d).open == [expected]


def test_an_error_that_nobody_catches_ends_the_process_and_says_so() -> None:
    d = Diagram()
    d.root("error", "e", name="broken", errorCode="E1")
    d.start()
    d.node("parallelGateway", "fork")
    d.user("a")
    d.end("bad", event("error", "e"))
    d.line("start", "fork", "a")
    d.line("fork", "bad")

    walk = Walk(d)

    assert walk.ended
    assert walk.instance.failure == "E1"
    assert [(t.kind, t.code) for t in walk.thrown] == [("error", "E1")]


def test_an_escalation_that_nobody_catches_is_told_and_the_process_goes_on() -> None:
    d = Diagram()
    d.root("escalation", "x", name="up", escalationCode="X1")
    d.start()
    d.node("intermediateThrowEvent", "up", event("escalation", "x"))
    d.user("a")
    d.line("start", "up", "a")

    walk = Walk(d)

    assert walk.open == ["a"]
    assert [(t.kind, t.code) for t in walk.thrown] == [("escalation", "X1")]


def test_a_terminate_end_ends_everything_beside_it() -> None:
    d = Diagram()
    d.start()
    d.node("parallelGateway", "fork")
    d.user("a")
    d.user("b")
    d.end("stop", "<bpmn:terminateEventDefinition/>")
    d.line("start", "fork", "a", "stop")
    d.line("fork", "b")

    walk = Walk(d).complete("a")

    assert walk.ended
    assert walk.instance.failure is None
    assert "b" in walk.entered("cancelled")


def test_a_terminate_end_inside_a_sub_process_ends_only_that() -> None:
    d = Diagram()
    inner = d.scope()
    inner.start("istart")
    inner.node("parallelGateway", "ifork")
    inner.user("inner")
    inner.end("stop", "<bpmn:terminateEventDefinition/>")
    inner.line("istart", "ifork", "inner")
    inner.line("ifork", "stop")
    d.start()
    d.inside("subProcess", "sub", inner)
    d.user("after")
    d.line("start", "sub", "after")

    assert Walk(d).open == ["after"]


def test_a_thrown_message_goes_to_a_token_of_the_same_ticket_that_waits_for_it() -> None:
    d = Diagram()
    d.root("message", "m", name="parts")
    d.start()
    d.node("parallelGateway", "fork")
    d.user("order")
    d.node("sendTask", "send", props={"payload": "={count: 3}"}, messageRef="m")
    d.node("receiveTask", "receive", messageRef="m")
    d.user("build")
    d.line("start", "fork", "order", "send")
    d.line("fork", "receive", "build")

    walk = Walk(d).complete("order")

    assert walk.open == ["build"]
    assert walk.variables["count"] == 3
    assert walk.thrown == []


def test_a_thrown_message_that_nobody_here_waits_for_is_for_others() -> None:
    d = Diagram()
    d.root("message", "m", name="parts")
    d.start()
    d.node(
        "intermediateThrowEvent",
        "send",
        event("message", "m"),
        {"payload": "={count: 3}", "correlation": "=number"},
    )
    d.line("start", "send")

    walk = Walk(d, variables={"number": "A-1"})

    (thrown,) = walk.thrown
    assert (thrown.kind, thrown.name, thrown.payload, thrown.correlation, thrown.element) == (
        "message",
        "parts",
        {"count": 3},
        "A-1",
        "send",
    )


def test_a_signal_reaches_everybody_who_waits() -> None:
    d = Diagram()
    d.root("signal", "s", name="alarm")
    d.start()
    d.node("parallelGateway", "fork")
    d.user("press")
    d.end("ring", event("signal", "s"))
    d.line("start", "fork", "press", "ring")
    for name in "ab":
        d.node("intermediateCatchEvent", f"hear_{name}", event("signal", "s"))
        d.user(name)
        d.line("fork", f"hear_{name}", name)

    walk = Walk(d).complete("press")

    assert walk.open == ["a", "b"]
    assert [(t.kind, t.name) for t in walk.thrown] == [("signal", "alarm")]


def test_link_events_are_one_flow() -> None:
    d = Diagram()
    d.start()
    d.node("intermediateThrowEvent", "out", link("A"))
    d.node("intermediateCatchEvent", "in", link("A"))
    d.user("a")
    d.line("start", "out")
    d.line("in", "a")

    assert Walk(d).open == ["a"]


def test_a_link_without_its_other_end_is_refused() -> None:
    d = Diagram()
    d.start()
    d.node("intermediateThrowEvent", "out", link("A"))
    d.line("start", "out")

    with pytest.raises(DefinitionRefused) as refused:
        Walk(d)

    assert ("link-without-partner", "out") in [(f.code, f.element) for f in refused.value.findings]


@pytest.mark.parametrize("parallel", [False, True])
def test_an_event_with_several_definitions_waits_for_any_or_for_all(parallel: bool) -> None:
    d = Diagram()
    d.root("message", "m", name="order")
    d.root("signal", "s", name="alarm")
    d.start()
    extra = {"parallelMultiple": "true"} if parallel else {}
    d.node("intermediateCatchEvent", "any", event("message", "m") + event("signal", "s"), **extra)
    d.user("a")
    d.line("start", "any", "a")
    walk = Walk(d)
    assert {wait.kind for wait in walk.waits} == {"message", "signal"}

    walk.deliver("order")
    assert walk.open == ([] if parallel else ["a"])
    if parallel:
        assert [wait.kind for wait in walk.waits] == ["signal"]
        walk.deliver("alarm")
        assert walk.open == ["a"]


def test_an_event_that_refers_to_a_shared_definition_waits_for_it() -> None:
    d = Diagram()
    d.roots.append(
        '<bpmn:timerEventDefinition id="shared"><bpmn:timeDuration>PT1H</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition>"
    )
    d.start()
    d.node(
        "intermediateCatchEvent",
        "wait",
        "<bpmn:eventDefinitionRef>shared</bpmn:eventDefinitionRef>",
    )
    d.user("a")
    d.line("start", "wait", "a")
    walk = Walk(d)

    assert walk.waits[0].due == NOW + timedelta(hours=1)
    walk.fire("wait")
    assert walk.open == ["a"]


def test_boundary_events_go_before_the_task_they_are_on() -> None:
    """A task that passes at once loses to a condition on its edge that already holds."""
    d = Diagram()
    d.start()
    d.script("work", "done = true")
    d.end()
    d.line("start", "work", "end")
    d.boundary("edge", "work", condition("stop"))
    d.user("other")
    d.line("edge", "other")

    walk = Walk(d, variables={"stop": True})

    assert walk.open == ["other"]
    assert "done" not in walk.variables
