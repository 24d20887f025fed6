"""Choosing ways and joining tokens."""

from typing import Any

import pytest

from engine.processes.runtime import DefinitionRefused, ProcessFault
from tests.engine.runtime.diagrams import Diagram, condition, event, timer
from tests.engine.runtime.walking import Walk


def choice(kind: str, default: bool = True) -> Diagram:
    """start -> gateway -> a if x > 1, b if x > 2, else c."""
    d = Diagram()
    extra = {"default": "to_c"} if default else {}
    d.start()
    d.node(kind, "gw", **extra)
    for task in "abc":
        d.user(task)
        d.flow(task, "end")
    d.end()
    d.flow("start", "gw")
    d.flow("gw", "a", "x > 1", "to_a")
    d.flow("gw", "b", "= x > 2", "to_b")
    if default:
        d.flow("gw", "c", None, "to_c")
    else:
        d.flow("gw", "c", "x > 100", "to_c")
    return d


@pytest.mark.parametrize(
    ("kind", "x", "expected"),
    [
        ("exclusiveGateway", 2, ["a"]),
        ("exclusiveGateway", 3, ["a"]),
        ("exclusiveGateway", 0, ["c"]),
        ("inclusiveGateway", 2, ["a"]),
        ("inclusiveGateway", 3, ["a", "b"]),
        ("inclusiveGateway", 0, ["c"]),
        ("complexGateway", 3, ["a", "b"]),
    ],
)
def test_takes_the_flows_that_are_true(kind: str, x: int, expected: list[str]) -> None:
    assert Walk(choice(kind), variables={"x": x}).open == expected


@pytest.mark.parametrize("value", [None, "yes", 1, "true"])
@pytest.mark.parametrize("kind", ["exclusiveGateway", "inclusiveGateway"])
def test_a_condition_that_is_not_boolean_is_a_fault_and_never_the_default(
    kind: str, value: Any
) -> None:
    d = Diagram()
    d.start()
    d.node(kind, "gw", default="to_b")
    d.user("a")
    d.user("b")
    d.flow("start", "gw")
    d.flow("gw", "a", "answer", "to_a")
    d.flow("gw", "b", None, "to_b")

    with pytest.raises(ProcessFault) as fault:
        Walk(d, variables={"answer": value})

    assert (fault.value.code, fault.value.element) == ("condition-not-boolean", "to_a")


@pytest.mark.parametrize("kind", ["exclusiveGateway", "inclusiveGateway"])
def test_no_way_on_is_a_fault_that_names_the_gateway(kind: str) -> None:
    with pytest.raises(ProcessFault) as fault:
        Walk(choice(kind, default=False), variables={"x": 0})

    assert (fault.value.code, fault.value.element) == ("no-way-on", "gw")


def test_a_condition_on_the_only_flow_of_a_task_is_asked() -> None:
    d = Diagram()
    d.start()
    d.user("a")
    d.user("b")
    d.line("start", "a")
    d.flow("a", "b", "go = true")

    assert Walk(d).complete("a", go=True).open == ["b"]
    with pytest.raises(ProcessFault) as fault:
        Walk(d).complete("a", go=False)
    assert (fault.value.code, fault.value.element) == ("no-way-on", "a")


def test_two_plain_flows_of_a_task_are_both_taken() -> None:
    d = Diagram()
    d.start()
    d.user("a")
    d.user("b")
    d.user("c")
    d.line("start", "a", "b")
    d.flow("a", "c")

    walk = Walk(d).complete("a")

    assert walk.open == ["b", "c"]
    walk.complete("b")
    assert not walk.ended
    assert walk.complete("c").ended


def fork(join: str = "parallelGateway") -> Diagram:
    """start -> fork -> a, b -> join -> after."""
    d = Diagram()
    d.start()
    d.node("parallelGateway", "fork")
    d.user("a")
    d.user("b")
    d.node(join, "join")
    d.user("after")
    d.line("start", "fork", "a", "join", "after")
    d.line("fork", "b", "join")
    return d


@pytest.mark.parametrize("join", ["parallelGateway", "inclusiveGateway", "complexGateway"])
@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_join_waits_for_every_token(join: str, order: str) -> None:
    walk = Walk(fork(join))
    assert walk.open == ["a", "b"]

    walk.complete(order[0])
    assert walk.open == [order[1]]
    walk.complete(order[1])

    assert walk.open == ["after"]
    assert walk.entered().count("join") == 1
    assert walk.complete("after").ended


def test_an_exclusive_join_lets_every_token_through() -> None:
    walk = Walk(fork("exclusiveGateway")).complete("a").complete("b")

    assert walk.open == ["after", "after"]


def test_a_parallel_join_in_a_loop_joins_each_round_anew() -> None:
    d = fork()
    d.parts = [part for part in d.parts if 'id="f_start_fork"' not in part]
    d.node("exclusiveGateway", "merge")
    d.line("start", "merge", "fork")
    d.node("exclusiveGateway", "again", default="out")
    d.end()
    d.flow("after", "again")
    d.flow("again", "merge", "more", "back")
    d.flow("again", "end", None, "out")
    walk = Walk(d)

    for _ in range(5):
        walk.complete("b").complete("a").complete("after", more=True)
        assert walk.open == ["a", "b"]
    walk.complete("a").complete("b").complete("after", more=False)

    assert walk.ended


def test_a_fork_that_is_run_again_beside_an_open_branch_is_joined_each_time() -> None:
    d = Diagram()
    d.start()
    for name in ("outer", "outer_join", "fork", "join"):
        d.node("parallelGateway", name)
    d.node("exclusiveGateway", "merge")
    d.node("exclusiveGateway", "gw", default="out")
    for task in ("beside", "a", "b", "ask", "after"):
        d.user(task)
    d.line("start", "outer", "beside", "outer_join", "after")
    d.line("outer", "merge", "fork", "a", "join", "ask", "gw")
    d.line("fork", "b", "join")
    d.flow("gw", "merge", "more = true", "back")
    d.flow("gw", "outer_join", None, "out")
    walk = Walk(d)

    for _ in range(3):
        assert walk.complete("b").open == ["a", "beside"]
        assert walk.complete("a").open == ["ask", "beside"]
        walk.complete("ask", more=True)
    walk.complete("a").complete("b").complete("ask", more=False)

    assert walk.open == ["beside"]
    assert walk.complete("beside").open == ["after"]


def test_tokens_beyond_one_a_flow_wait_for_the_next_round_of_a_parallel_join() -> None:
    # given: two tokens reach the join by the same flow
    d = Diagram()
    d.start()
    for name in ("fork", "join"):
        d.node("parallelGateway", name)
    d.node("exclusiveGateway", "merge")
    for task in ("a", "b", "c"):
        d.user(task)
    d.user("after")
    d.line("start", "fork", "a", "merge", "join", "after")
    d.line("fork", "b", "merge")
    d.line("fork", "c", "join")
    d.user("extra")
    d.line("fork", "extra", "join")
    walk = Walk(d)

    # when
    walk.complete("a").complete("b")
    # then
    assert walk.open == ["c", "extra"]
    walk.complete("c").complete("extra")
    assert walk.open == ["after"]
    with pytest.raises(ProcessFault) as fault:
        walk.complete("after")
    assert (fault.value.code, fault.value.element) == ("stuck", "join")


def test_an_inclusive_join_waits_only_for_tokens_that_can_come() -> None:
    d = Diagram()
    d.start()
    d.node("inclusiveGateway", "split")
    d.node("inclusiveGateway", "join")
    for task in "abc":
        d.user(task)
        d.flow("split", task, f'list contains(chosen, "{task}")')
        d.flow(task, "join")
    d.user("after")
    d.line("start", "split")
    d.line("join", "after")

    walk = Walk(d, variables={"chosen": ["a", "c"]})
    assert walk.open == ["a", "c"]
    assert walk.complete("c").open == ["a"]
    assert walk.complete("a").open == ["after"]

    walk = Walk(d, variables={"chosen": ["b"]})
    assert walk.complete("b").open == ["after"]


def test_an_inclusive_join_goes_on_when_the_other_branch_ends_elsewhere() -> None:
    d = fork("inclusiveGateway")
    d.node("exclusiveGateway", "out", default="out_join")
    d.parts = [part for part in d.parts if 'id="f_b_join"' not in part]
    d.end()
    d.line("b", "out")
    d.flow("out", "join", None, "out_join")
    d.flow("out", "end", "leave", "out_end")

    walk = Walk(d).complete("a")
    assert walk.open == ["b"]
    assert walk.complete("b", leave=True).open == ["after"]


def test_a_complex_gateway_goes_on_when_its_condition_holds_and_swallows_the_rest() -> None:
    d = Diagram()
    d.start()
    d.node("parallelGateway", "fork")
    d.node(
        "complexGateway",
        "join",
        "<bpmn:activationCondition>activationCount >= 2</bpmn:activationCondition>",
    )
    for task in "abc":
        d.user(task)
        d.line("fork", task, "join")
    d.user("after")
    d.line("start", "fork")
    d.line("join", "after")
    walk = Walk(d).complete("b")
    assert walk.open == ["a", "c"]

    assert walk.complete("a").open == ["after", "c"]
    assert walk.complete("c").open == ["after"]
    assert walk.complete("after").ended


def race() -> Diagram:
    """start -> gateway -> a message, or four hours."""
    d = Diagram()
    d.root("message", "m", name="answer")
    d.start()
    d.node("eventBasedGateway", "gw")
    d.node("intermediateCatchEvent", "came", event("message", "m"))
    d.node("intermediateCatchEvent", "late", timer("PT4H"))
    d.node("intermediateCatchEvent", "given_up", condition("lost"))
    d.user("read")
    d.user("remind")
    d.line("start", "gw", "came", "read")
    d.line("gw", "late", "remind")
    d.line("gw", "given_up")
    return d


def test_the_first_event_after_an_event_gateway_wins() -> None:
    walk = Walk(race())
    assert walk.waiting == ["came", "given_up", "late"]

    assert walk.deliver("answer", text="here")
    assert (walk.open, walk.waiting) == (["read"], [])
    assert walk.variables["text"] == "here"

    walk = Walk(race())
    assert walk.fire("late")
    assert (walk.open, walk.waiting) == (["remind"], [])


def test_a_condition_that_holds_already_wins_an_event_gateway() -> None:
    walk = Walk(race(), variables={"lost": True})

    assert walk.ended
    assert walk.entered("caught") == ["given_up"]


def test_an_event_gateway_that_leads_to_a_task_is_refused() -> None:
    d = Diagram()
    d.start()
    d.node("eventBasedGateway", "gw")
    d.user("a")
    d.line("start", "gw", "a")

    with pytest.raises(DefinitionRefused) as refused:
        Walk(d)

    assert [(f.code, f.element) for f in refused.value.findings] == [
        ("event-gateway-target", "f_gw_a")
    ]
