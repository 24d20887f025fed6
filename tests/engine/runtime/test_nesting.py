"""Events, loops and scopes inside one another."""

import pytest

from engine.processes.runtime import ProcessFault
from tests.engine.runtime.diagrams import Diagram, Scope, condition, event, many, timer
from tests.engine.runtime.walking import Walk


def roots(d: Diagram) -> Diagram:
    """The messages and codes of these tests."""
    d.root("message", "m", name="order")
    d.root("signal", "s", name="alarm")
    d.root("error", "e", name="broken", errorCode="E1")
    d.root("escalation", "x", name="up", escalationCode="X1")
    return d


def inside(d: Diagram, name: str = "i") -> Scope:
    """start -> task -> gateway -> end, or an error when `bad`."""
    inner = d.scope()
    inner.start(f"{name}_start")
    inner.user(f"{name}_work")
    inner.node("exclusiveGateway", f"{name}_gw", default=f"{name}_ok")
    inner.end(f"{name}_end")
    inner.end(f"{name}_fail", event("error", "e"))
    inner.line(f"{name}_start", f"{name}_work", f"{name}_gw")
    inner.flow(f"{name}_gw", f"{name}_end", None, f"{name}_ok")
    inner.flow(f"{name}_gw", f"{name}_fail", "bad = true")
    return inner


def test_an_event_sub_process_inside_a_sub_process_ends_only_that() -> None:
    d = roots(Diagram())
    inner = inside(d)
    watch = d.scope()
    watch.start("w_start", event("message", "m"))
    watch.user("w_work")
    watch.line("w_start", "w_work")
    inner.inside("subProcess", "watch", watch, triggeredByEvent="true")
    d.start()
    d.node("parallelGateway", "fork")
    d.inside("subProcess", "sub", inner)
    d.user("beside")
    d.user("after")
    d.line("start", "fork", "sub", "after")
    d.line("fork", "beside")
    walk = Walk(d)
    assert walk.open == ["beside", "i_work"]

    walk.deliver("order")

    assert walk.open == ["beside", "w_work"]
    assert walk.tasks[0].enclosing in ((), ("sub", "watch"))
    assert walk.complete("w_work").open == ["after", "beside"]


def test_an_error_thrown_in_an_event_sub_process_leaves_it_for_the_outside() -> None:
    d = roots(Diagram())
    inner = inside(d)
    watch = d.scope()
    watch.start("w_start", event("error", "e"))
    watch.end("w_fail", event("error", "e"))
    watch.line("w_start", "w_fail")
    inner.inside("subProcess", "watch", watch, triggeredByEvent="true")
    d.start()
    d.inside("subProcess", "sub", inner)
    d.line("start", "sub")
    d.boundary("edge", "sub", event("error", "e"))
    d.user("caught")
    d.line("edge", "caught")

    walk = Walk(d).complete("i_work", bad=True)

    assert walk.open == ["caught"]
    assert walk.complete("caught").ended


def test_an_error_passes_through_scopes_that_do_not_catch_it() -> None:
    d = roots(Diagram())
    middle = d.scope()
    middle.start("m_start")
    middle.inside("subProcess", "inner", inside(d))
    middle.user("m_beside")
    middle.node("parallelGateway", "m_fork")
    middle.line("m_start", "m_fork", "inner")
    middle.line("m_fork", "m_beside")
    d.start()
    d.inside("subProcess", "outer", middle)
    d.line("start", "outer")
    d.boundary("edge", "outer", event("error", "e"))
    d.user("caught")
    d.line("edge", "caught")

    walk = Walk(d).complete("i_work", bad=True)

    assert walk.open == ["caught"]
    assert {"inner", "outer", "m_beside"} <= set(walk.entered("cancelled"))


@pytest.mark.parametrize("sequential", [False, True])
def test_an_error_in_one_of_many_sub_processes_ends_them_all(sequential: bool) -> None:
    d = roots(Diagram())
    d.start()
    d.inside("subProcess", "sub", inside(d), many("3", sequential=sequential))
    d.user("after")
    d.line("start", "sub", "after")
    d.boundary("edge", "sub", event("error", "e"))
    d.user("caught")
    d.line("edge", "caught")
    walk = Walk(d).complete("i_work", bad=False)

    walk.complete("i_work", bad=True)

    assert walk.open == ["caught"]
    assert len(walk.instance._process.subprocesses) == 0


def test_a_called_process_a_person_with_mapped_values() -> None:
    other = Diagram("ask")
    other.start()
    other.user("answer")
    other.line("start", "answer")
    d = Diagram()
    d.start()
    d.node(
        "callActivity",
        "call",
        many(collection="people", item="p", output="answers", output_item="said"),
        {"in.who": "=p", "out.said": "=text"},
        calledElement="ask",
    )
    d.user("after")
    d.line("start", "call", "after")
    walk = Walk(d, other, variables={"people": ["li", "zhou"]})
    assert [part.data for part in walk.instance._process.subprocesses.values()] == [
        {"who": "li"},
        {"who": "zhou"},
    ]
    assert [task.loop.item for task in walk.tasks if task.loop is not None] == ["li", "zhou"]

    walk.complete("answer", text="one").complete("answer", text="two")

    assert walk.open == ["after"]
    assert walk.variables == {"people": ["li", "zhou"], "answers": ["one", "two"]}


def test_a_signal_thrown_inside_reaches_every_level() -> None:
    d = roots(Diagram())
    inner = d.scope()
    inner.start("i_start")
    inner.node("parallelGateway", "i_fork")
    inner.user("press")
    inner.node("intermediateThrowEvent", "ring", event("signal", "s"))
    inner.node("intermediateCatchEvent", "i_hear", event("signal", "s"))
    inner.user("i_after")
    inner.line("i_start", "i_fork", "press", "ring")
    inner.line("i_fork", "i_hear", "i_after")
    d.start()
    d.node("parallelGateway", "fork")
    d.inside("subProcess", "sub", inner)
    d.boundary("edge", "sub", event("signal", "s"), interrupting=False)
    d.user("edge_after")
    d.line("edge", "edge_after")
    d.node("intermediateCatchEvent", "hear", event("signal", "s"))
    d.user("after")
    d.line("start", "fork", "sub")
    d.line("fork", "hear", "after")

    walk = Walk(d).complete("press")

    assert walk.open == ["after", "edge_after", "i_after"]


def test_a_condition_on_a_sub_process_sees_what_happens_inside() -> None:
    d = roots(Diagram())
    inner = d.scope()
    inner.start("i_start")
    inner.script("count", "n = n + 1")
    inner.user("i_work")
    inner.line("i_start", "count", "i_work")
    d.start()
    d.inside("subProcess", "sub", inner)
    d.line("start", "sub")
    d.boundary("edge", "sub", condition("n > 0"))
    d.user("enough")
    d.line("edge", "enough")

    assert Walk(d, variables={"n": 0}).open == ["enough"]


def test_an_escalation_of_a_called_process_reaches_the_call() -> None:
    other = roots(Diagram("helper"))
    other.start()
    other.node("intermediateThrowEvent", "up", event("escalation", "x"))
    other.user("inner")
    other.line("start", "up", "inner")
    d = roots(Diagram())
    d.start()
    d.node("callActivity", "call", calledElement="helper")
    d.line("start", "call")
    d.boundary("edge", "call", event("escalation", "x"), interrupting=False)
    d.user("told")
    d.line("edge", "told")

    assert Walk(d, other).open == ["inner", "told"]


def test_two_interrupting_events_at_once_end_the_task_once() -> None:
    d = roots(Diagram())
    d.start()
    d.user("work")
    d.line("start", "work")
    for name, body in (("a", timer("PT1H")), ("b", timer("PT1H")), ("c", condition("late"))):
        d.boundary(name, "work", body)
        d.user(f"{name}_after")
        d.line(name, f"{name}_after")
    walk = Walk(d)
    instance = walk._load()
    waits = [wait.id for wait in instance.waits if wait.kind == "timer"]
    instance.variables["late"] = True

    fired = [instance.fire_timer(wait) for wait in waits]
    walk._settle()

    assert fired == [True, False]
    assert walk.open == ["a_after"]


def test_what_a_message_starts_beside_a_task_outlives_the_task() -> None:
    d = roots(Diagram())
    inner = d.scope()
    inner.start("i_start")
    inner.user("i_work")
    inner.line("i_start", "i_work")
    d.start()
    d.user("work")
    d.end()
    d.line("start", "work", "end")
    d.boundary("edge", "work", event("message", "m"), interrupting=False)
    d.inside("subProcess", "sub", inner)
    d.line("edge", "sub")
    walk = Walk(d)
    walk.deliver("order")
    walk.deliver("order")

    walk.complete("work")

    assert walk.open == ["i_work", "i_work"]
    assert walk.complete("i_work").complete("i_work").ended


def test_a_terminate_end_in_a_called_process_ends_only_that() -> None:
    other = Diagram("helper")
    other.start()
    other.node("parallelGateway", "fork")
    other.user("inner")
    other.end("stop", "<bpmn:terminateEventDefinition/>")
    other.line("start", "fork", "inner")
    other.line("fork", "stop")
    d = Diagram()
    d.start()
    d.node("callActivity", "call", calledElement="helper")
    d.user("after")
    d.line("start", "call", "after")

    walk = Walk(d, other)

    assert walk.open == ["after"]
    assert walk.instance._process.subprocesses == {}


def test_an_event_sub_process_of_a_called_process_sees_the_variables_of_that() -> None:
    other = roots(Diagram("helper"))
    other.start()
    other.user("inner")
    other.line("start", "inner")
    watch = other.scope()
    watch.start("w_start", event("message", "m"), isInterrupting="false")
    watch.script("w_set", "seen = given")
    watch.line("w_start", "w_set")
    other.inside("subProcess", "watch", watch, triggeredByEvent="true")
    d = roots(Diagram())
    d.start()
    d.node(
        "callActivity", "call", props={"in.given": "=a", "out.b": "=seen"}, calledElement="helper"
    )
    d.line("start", "call")
    walk = Walk(d, other, variables={"a": 7})

    walk.deliver("order")

    assert walk.complete("inner").ended
    assert walk.variables == {"a": 7, "b": 7}


def test_a_handler_that_fails_in_its_turn_goes_to_the_next_level() -> None:
    d = roots(Diagram())
    inner = d.scope()
    inner.start("i_start")
    inner.node("serviceTask", "call", props={"operation": "http"})
    inner.line("i_start", "call")
    inner.boundary("i_edge", "call", event("error", "e"))
    inner.end("again", event("error", "e"))
    inner.line("i_edge", "again")
    d.start()
    d.inside("subProcess", "sub", inner)
    d.line("start", "sub")
    d.boundary("edge", "sub", event("error", "e"))
    d.user("caught")
    d.line("edge", "caught")
    walk = Walk(d)

    assert walk.fail("call", "E1")

    assert walk.open == ["caught"]


def test_a_send_task_with_an_operation_is_work_for_the_outside() -> None:
    d = Diagram()
    d.start()
    d.node("sendTask", "mail", props={"operation": "mail", "to": "=who"}, name="Mail")
    d.user("after")
    d.line("start", "mail", "after")
    walk = Walk(d, variables={"who": "li"})
    (service,) = walk.instance.services
    assert (service.operation, service.parameters) == ("mail", {"to": "li"})

    assert walk.serve("mail", {}).open == ["after"]


@pytest.mark.parametrize("beside", [False, True])
def test_a_join_that_is_stuck_inside_is_a_fault_that_names_it(beside: bool) -> None:
    d = Diagram()
    inner = d.scope()
    inner.start("i_start")
    inner.node("exclusiveGateway", "either", default="i_default")
    inner.node("parallelGateway", "join")
    inner.user("a")
    inner.user("b")
    inner.line("i_start", "either")
    inner.flow("either", "a", "x = 1")
    inner.flow("either", "b", None, "i_default")
    inner.line("a", "join")
    inner.line("b", "join")
    d.start()
    d.inside("subProcess", "sub", inner)
    d.line("start", "sub")
    if beside:
        d.root("message", "m", name="order")
        d.root("error", "e", name="broken", errorCode="E1")
        d.boundary("error_edge", "sub", event("error", "e"))
        d.boundary("message_edge", "sub", event("message", "m"), interrupting=False)
    walk = Walk(d, variables={"x": 2})

    with pytest.raises(ProcessFault) as fault:
        walk.complete("b")

    assert (fault.value.code, fault.value.element) == ("stuck", "join")
