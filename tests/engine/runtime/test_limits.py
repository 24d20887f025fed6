"""Runaways are stopped, and what is too large or stuck is said, never lost."""

import time

import pytest

from engine.processes.runtime import (
    DefinitionRefused,
    Host,
    Instance,
    Limits,
    ProcessFault,
    build,
)
from tests.engine.runtime.diagrams import Diagram, many
from tests.engine.runtime.walking import NOW, Walk


def endless() -> Diagram:
    """A script that goes back to itself for ever."""
    d = Diagram()
    d.start()
    d.node("exclusiveGateway", "merge")
    d.script("count", "n = n + 1")
    d.node("exclusiveGateway", "gw", default="f_gw_merge")
    d.end()
    d.line("start", "merge", "count", "gw", "merge")
    d.flow("gw", "end", "n >= stop")
    return d


def test_a_loop_in_which_nothing_waits_is_stopped_by_its_steps() -> None:
    with pytest.raises(ProcessFault) as fault:
        Walk(endless(), variables={"n": 0, "stop": 10**9})

    assert fault.value.code == "step-limit"
    assert fault.value.element in ("merge", "count", "gw")
    assert fault.value.params == {"steps": 2000}


def test_a_loop_in_which_nothing_waits_is_stopped_by_the_time() -> None:
    begun = time.process_time()

    with pytest.raises(ProcessFault) as fault:
        Walk(
            endless(),
            variables={"n": 0, "stop": 10**9},
            limits=Limits(steps=10**9, seconds=0.2),
        )

    assert fault.value.params == {"seconds": 0.2}
    assert time.process_time() - begun < 2


def test_a_loop_of_many_rounds_runs_through_when_the_limits_allow_it() -> None:
    walk = Walk(
        endless(),
        variables={"n": 0, "stop": 5000},
        limits=Limits(steps=100_000, seconds=60),
    )

    assert walk.ended
    assert walk.variables["n"] == 5000


def test_five_thousand_rounds_through_a_person_run_through() -> None:
    d = Diagram()
    d.start()
    d.node("exclusiveGateway", "merge")
    d.user("work")
    d.node("exclusiveGateway", "gw", default="f_gw_merge")
    d.end()
    d.line("start", "merge", "work", "gw", "merge")
    d.flow("gw", "end", "stop = true")
    definition, host = build([d.xml()]), Host(now=NOW)
    instance = Instance.start(definition, variables={}, host=host)
    instance.run()
    blob = instance.dump()

    for turn in range(5000):
        instance = Instance.load(definition, blob, host=host)
        instance.complete_task(instance.tasks[0].id, {"stop": turn == 4999})
        instance.run()
        blob = instance.dump()

    assert instance.ended
    assert len(blob) < 200


def test_tokens_that_multiply_are_stopped() -> None:
    d = Diagram()
    d.start()
    d.node("exclusiveGateway", "merge")
    d.node("parallelGateway", "fork")
    d.line("start", "merge", "fork", "merge")
    d.flow("fork", "merge", identity="again")

    with pytest.raises(ProcessFault) as fault:
        Walk(d)
    assert fault.value.code == "step-limit"

    with pytest.raises(ProcessFault) as fault:
        Walk(d, limits=Limits(steps=10**9, seconds=30))
    assert fault.value.code == "too-many-tokens"


def test_loops_of_loops_are_stopped() -> None:
    d = Diagram()
    inner = d.scope()
    inner.start("istart")
    inner.script("work", "x = 1", many("1000"))
    inner.line("istart", "work")
    d.start()
    d.inside("subProcess", "sub", inner, many("1000"))
    d.line("start", "sub")
    begun = time.process_time()

    with pytest.raises(ProcessFault) as fault:
        Walk(d)

    assert fault.value.code in ("step-limit", "too-many-tokens")
    assert time.process_time() - begun < 4


def chain(length: int) -> bytes:
    """A start, so many plain tasks, an end."""
    d = Diagram()
    d.start()
    names = [d.node("task", f"t{number}") for number in range(length)]
    d.user("last")
    d.line("start", *names, "last")
    return d.xml()


def test_a_long_chain_is_built_and_run_without_recursion() -> None:
    begun = time.process_time()

    walk = Walk(chain(1900))

    assert walk.open == ["last"]
    assert time.process_time() - begun < 4


def test_a_chain_that_is_too_long_is_refused_at_once() -> None:
    begun = time.process_time()

    with pytest.raises(DefinitionRefused) as refused:
        build([chain(5000)])

    assert [f.code for f in refused.value.findings] == ["process-too-large"]
    assert time.process_time() - begun < 2


def test_a_failed_step_leaves_the_saved_state_as_it_was() -> None:
    d = Diagram()
    d.start()
    d.user("work")
    d.node("exclusiveGateway", "gw", default="no")
    d.user("a")
    d.end()
    d.line("start", "work", "gw")
    d.flow("gw", "a", "answer")
    d.flow("gw", "end", None, "no")
    walk = Walk(d)
    before = walk.blob

    with pytest.raises(ProcessFault):
        walk.complete("work", answer="yes")

    assert walk.blob == before
    assert walk.complete("work", answer=True).open == ["a"]


def test_thousands_of_instances_are_made_within_the_limits() -> None:
    d = Diagram()
    d.start()
    d.user("work", many("1000"))
    d.line("start", "work")

    walk = Walk(d)

    assert len(walk.tasks) == 1000
    assert len(walk.blob) < 60_000
    assert len(walk.complete("work").tasks) == 999
