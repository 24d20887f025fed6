"""Sub-processes, transactions, called processes, ad-hoc sub-processes and compensation."""

import pytest

from engine.processes.runtime import DefinitionRefused, Host, Instance, ProcessFault, build
from tests.engine.runtime.diagrams import Diagram, event, loop, many, timer
from tests.engine.runtime.walking import NOW, Walk


def around(kind: str = "subProcess", **attributes: str) -> Diagram:
    """start -> sub (inner task) -> after."""
    d = Diagram()
    inner = d.scope()
    inner.start("istart")
    inner.user("inner")
    inner.end("iend")
    inner.line("istart", "inner", "iend")
    d.start()
    d.inside(kind, "sub", inner, **attributes)
    d.user("after")
    d.line("start", "sub", "after")
    return d


@pytest.mark.parametrize("kind", ["subProcess", "transaction"])
def test_a_sub_process_runs_in_the_variables_around_it(kind: str) -> None:
    walk = Walk(around(kind), variables={"a": 1})
    assert walk.tasks[0].enclosing == ("sub",)
    assert walk.instance.active == ["sub", "inner"]

    walk.complete("inner", b=2)

    assert walk.open == ["after"]
    assert walk.variables == {"a": 1, "b": 2}
    assert walk.entered() == ["start", "sub", "istart", "inner", "iend", "after"]


def test_nested_sub_processes_end_from_the_inside_out() -> None:
    d = Diagram()
    scopes = [d]
    for _ in range(5):
        scopes.append(d.scope())
    innermost = scopes[-1]
    innermost.start("s5")
    innermost.user("deep")
    innermost.line("s5", "deep")
    for depth in range(4, 0, -1):
        scopes[depth].start(f"s{depth}")
        scopes[depth].inside("subProcess", f"sub{depth}", scopes[depth + 1])
        scopes[depth].line(f"s{depth}", f"sub{depth}")
    d.start("s0")
    d.inside("subProcess", "sub0", scopes[1])
    d.line("s0", "sub0")

    walk = Walk(d)

    assert walk.tasks[0].enclosing == ("sub0", "sub1", "sub2", "sub3", "sub4")
    assert walk.complete("deep").ended


def test_a_sub_process_without_anything_inside_passes() -> None:
    d = Diagram()
    d.start()
    d.inside("subProcess", "sub", d.scope())
    d.user("after")
    d.line("start", "sub", "after")

    assert Walk(d).open == ["after"]


def test_an_event_on_a_sub_process_ends_everything_inside() -> None:
    d = around()
    d.boundary("late", "sub", timer("PT1H"))
    d.user("expired")
    d.line("late", "expired")
    walk = Walk(d)

    walk.fire("late")

    assert walk.open == ["expired"]
    assert walk.entered("cancelled") == ["sub", "inner"]
    assert len(walk.instance.active) == 1


def called() -> Diagram:
    """A process `parts` with one task."""
    other = Diagram("parts")
    other.start()
    other.user("order")
    other.end()
    other.line("start", "order", "end")
    return other


def caller(target: str = "parts", **props: str) -> Diagram:
    """A process that calls `parts`."""
    d = Diagram()
    d.start()
    d.node("callActivity", "call", props=props, calledElement=target)
    d.user("after")
    d.line("start", "call", "after")
    return d


def test_a_called_process_gets_a_copy_and_gives_its_variables_back() -> None:
    walk = Walk(caller(), called(), variables={"a": 1})
    (task,) = walk.tasks
    assert (task.element, task.process, task.enclosing) == ("order", "parts", ("call",))

    walk.complete("order", a=2, b=3)

    assert walk.open == ["after"]
    assert walk.variables == {"a": 2, "b": 3}


def test_mapped_variables_are_all_that_a_called_process_sees_and_leaves() -> None:
    d = caller(**{"in.part": "=wanted", "in.kind": "spare", "out.price": "=cost * 2"})
    walk = Walk(d, called(), variables={"wanted": "pump", "secret": 1})
    inner = next(iter(walk.instance._process.subprocesses.values()))
    assert inner.data == {"part": "pump", "kind": "spare"}

    walk.complete("order", cost=5, noise=True)

    assert walk.variables == {"wanted": "pump", "secret": 1, "price": 10}


def test_a_process_of_another_package_is_called_by_its_process_id() -> None:
    assert Walk(caller("purchasing:parts"), called()).open == ["order"]


def test_processes_of_several_packages_may_have_the_same_ids() -> None:
    def package(task: str, calls: str | None = None) -> list[bytes]:
        d = Diagram("main")
        d.start()
        d.user(task)
        d.line("start", task)
        if calls:
            d.node("callActivity", "call", calledElement=calls)
            d.line(task, "call")
        helper = Diagram("helper")
        helper.start()
        helper.user(f"{task}_helper")
        helper.line("start", f"{task}_helper")
        return [d.xml(), helper.xml()]

    definition = build(
        package("ours", "other:main"), packages={"other": package("theirs", "helper")}
    )
    instance = Instance.start(definition, variables={}, host=Host(now=NOW))
    seen = []
    for _ in range(3):
        instance.run()
        seen.append((instance.tasks[0].process, instance.tasks[0].element))
        instance.complete_task(instance.tasks[0].id, {})
    instance.run()

    assert seen == [
        ("main", "ours"),
        ("other:main", "theirs"),
        ("other:helper", "theirs_helper"),
    ]
    assert instance.ended


def test_a_call_of_nothing_is_refused() -> None:
    with pytest.raises(DefinitionRefused) as refused:
        Walk(caller("nobody"))

    (finding,) = refused.value.findings
    assert (finding.code, finding.element) == ("call-unknown", "call")


def test_a_process_that_calls_itself_for_ever_is_a_fault() -> None:
    with pytest.raises(ProcessFault) as fault:
        Walk(caller("main"))

    assert (fault.value.code, fault.value.element) == ("call-too-deep", "call")


def test_an_error_leaves_a_called_process() -> None:
    other = Diagram("parts")
    other.root("error", "e", name="none left", errorCode="NONE")
    other.start()
    other.end("out", event("error", "e"))
    other.line("start", "out")
    d = caller()
    d.root("error", "e", name="none left", errorCode="NONE")
    d.boundary("edge", "call", event("error", "e"))
    d.user("buy")
    d.line("edge", "buy")

    assert Walk(d, other).open == ["buy"]


def undoing(cancelled: str = "booked and paid") -> Diagram:
    """Two things done, each with an undo, and something that throws compensation."""
    d = Diagram()
    d.start()
    for name in ("book", "pay"):
        d.user(name)
        d.boundary(f"{name}_edge", name, "<bpmn:compensateEventDefinition/>")
        d.user(f"un{name}", isForCompensation="true")
        d.raw(
            f'<bpmn:association id="a_{name}" sourceRef="{name}_edge" targetRef="un{name}" '
            'associationDirection="One"/>'
        )
    d.user("decide")
    d.line("start", "book", "pay", "decide")
    return d


def test_compensation_undoes_what_is_done_in_reverse_order() -> None:
    d = undoing()
    d.node("intermediateThrowEvent", "undo", "<bpmn:compensateEventDefinition/>")
    d.user("after")
    d.line("decide", "undo", "after")
    walk = Walk(d)
    assert walk.open == ["book"]
    walk.complete("book").complete("pay").complete("decide")

    assert walk.open == ["unpay"]
    walk.complete("unpay")
    assert walk.open == ["unbook"]
    walk.complete("unbook")
    assert walk.open == ["after"]
    assert walk.complete("after").ended


def test_compensation_of_one_activity_undoes_only_that() -> None:
    d = undoing()
    d.node("intermediateThrowEvent", "undo", '<bpmn:compensateEventDefinition activityRef="book"/>')
    d.user("after")
    d.line("decide", "undo", "after")
    walk = Walk(d).complete("book").complete("pay").complete("decide")

    assert walk.open == ["unbook"]
    assert walk.complete("unbook").open == ["after"]


def test_compensation_with_nothing_done_goes_on() -> None:
    d = Diagram()
    d.start()
    d.node("intermediateThrowEvent", "undo", "<bpmn:compensateEventDefinition/>")
    d.user("after")
    d.line("start", "undo", "after")

    assert Walk(d).open == ["after"]


def test_an_activity_that_was_done_twice_is_undone_twice() -> None:
    d = undoing()
    d.node("exclusiveGateway", "again", default="no")
    d.node("intermediateThrowEvent", "undo", "<bpmn:compensateEventDefinition/>")
    d.line("decide", "again")
    d.flow("again", "undo", None, "no")
    d.flow("again", "pay", "more = true")
    walk = Walk(d).complete("book").complete("pay").complete("decide", more=True)
    walk.complete("pay").complete("decide", more=False)

    for expected in ("unpay", "unpay", "unbook"):
        assert walk.open == [expected]
        walk.complete(expected)
    assert walk.ended


def test_a_compensation_end_undoes_what_an_ended_sub_process_has_done() -> None:
    d = Diagram()
    inner = undoing()
    d.start()
    d.inside("subProcess", "sub", inner)
    d.user("look")
    d.end("undo", "<bpmn:compensateEventDefinition/>")
    d.line("start", "sub", "look", "undo")
    d.parts = [part.replace('id="start"', 'id="start"') for part in d.parts]
    text = (
        d.xml()
        .replace(
            b'<bpmn:startEvent id="start"></bpmn:startEvent><bpmn:userTask id="book">',
            b'<bpmn:startEvent id="istart"></bpmn:startEvent><bpmn:userTask id="book">',
        )
        .replace(
            b'<bpmn:sequenceFlow id="f_start_book" sourceRef="start"',
            b'<bpmn:sequenceFlow id="f_start_book" sourceRef="istart"',
        )
    )
    walk = Walk(text)
    walk.complete("book").complete("pay").complete("decide").complete("look")

    assert walk.open == ["unpay"]
    walk.complete("unpay").complete("unbook")
    assert walk.ended


def transaction() -> Diagram:
    """A transaction that can be cancelled from the inside."""
    d = Diagram()
    inner = d.scope()
    inner.start("istart")
    inner.user("pay")
    inner.boundary("pay_edge", "pay", "<bpmn:compensateEventDefinition/>")
    inner.user("refund", isForCompensation="true")
    inner.raw('<bpmn:association id="a" sourceRef="pay_edge" targetRef="refund"/>')
    inner.node("exclusiveGateway", "gw", default="ok")
    inner.end("iend")
    inner.end("icancel", "<bpmn:cancelEventDefinition/>")
    inner.line("istart", "pay", "gw")
    inner.flow("gw", "iend", None, "ok")
    inner.flow("gw", "icancel", "wrong = true")
    d.start()
    d.inside("transaction", "sub", inner)
    d.user("after")
    d.line("start", "sub", "after")
    d.boundary("edge", "sub", "<bpmn:cancelEventDefinition/>")
    d.user("sorry")
    d.line("edge", "sorry")
    return d


def test_a_cancelled_transaction_is_undone_before_it_is_left() -> None:
    walk = Walk(transaction()).complete("pay", wrong=True)
    assert walk.open == ["refund"]

    walk.complete("refund")

    assert walk.open == ["sorry"]
    assert walk.complete("sorry").ended


def test_a_transaction_that_is_not_cancelled_is_a_sub_process() -> None:
    assert Walk(transaction()).complete("pay", wrong=False).open == ["after"]


def ad_hoc(condition: str | None = None, **attributes: str) -> Diagram:
    """Three tasks in any order."""
    d = Diagram()
    inner = d.scope()
    for name in "abc":
        inner.user(name)
    body = f"<bpmn:completionCondition>{condition}</bpmn:completionCondition>" if condition else ""
    d.start()
    d.inside("adHocSubProcess", "sub", inner, body, **attributes)
    d.user("after")
    d.line("start", "sub", "after")
    return d


def test_an_ad_hoc_sub_process_ends_when_everything_in_it_is_done() -> None:
    walk = Walk(ad_hoc())
    assert walk.open == ["a", "b", "c"]

    assert walk.complete("c").complete("a").complete("b").open == ["after"]


def test_an_ad_hoc_sub_process_ends_by_its_condition() -> None:
    walk = Walk(ad_hoc("enough = true"))
    walk.complete("b", enough=False)
    assert walk.open == ["a", "c"]

    assert walk.complete("c", enough=True).open == ["after"]


def test_a_sequential_ad_hoc_sub_process_offers_one_after_the_other() -> None:
    walk = Walk(ad_hoc(ordering="Sequential"))
    for name in "abc":
        assert walk.open == [name]
        walk.complete(name)
    assert walk.open == ["after"]


def test_an_ad_hoc_sub_process_may_let_the_rest_finish() -> None:
    walk = Walk(ad_hoc("enough = true", cancelRemainingInstances="false"))
    walk.complete("b", enough=True)
    assert walk.open == ["a", "c"]

    assert walk.complete("a").complete("c").open == ["after"]


@pytest.mark.parametrize("marker", [many("2"), loop(None, maximum=2)])
def test_a_sub_process_can_be_repeated(marker: str) -> None:
    d = Diagram()
    inner = d.scope()
    inner.start("istart")
    inner.user("inner")
    inner.line("istart", "inner")
    d.start()
    d.inside("subProcess", "sub", inner, marker)
    d.user("after")
    d.line("start", "sub", "after")
    walk = Walk(d)

    assert walk.tasks[0].loop is not None
    walk.complete("inner")
    assert walk.open == ["inner"]
    assert walk.complete("inner").open == ["after"]


def test_a_sub_process_says_itself_how_it_is_undone() -> None:
    d = Diagram()
    inner = d.scope()
    inner.start("istart")
    inner.user("pay")
    inner.boundary("pay_edge", "pay", "<bpmn:compensateEventDefinition/>")
    inner.user("refund", isForCompensation="true")
    inner.raw('<bpmn:association id="a" sourceRef="pay_edge" targetRef="refund"/>')
    inner.line("istart", "pay")
    undo = d.scope()
    undo.start("ustart", "<bpmn:compensateEventDefinition/>")
    undo.user("settle")
    undo.line("ustart", "settle")
    inner.inside("subProcess", "undo", undo, triggeredByEvent="true")
    d.start()
    d.inside("subProcess", "sub", inner)
    d.user("look")
    d.end("back", "<bpmn:compensateEventDefinition/>")
    d.line("start", "sub", "look", "back")
    walk = Walk(d)
    assert walk.open == ["pay"]
    walk.complete("pay").complete("look")

    assert walk.open == ["settle"]
    assert walk.complete("settle").ended
