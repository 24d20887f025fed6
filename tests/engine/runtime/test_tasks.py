"""What tasks of each kind do, and what a run tells about them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from engine.processes.runtime import (
    Decided,
    DefinitionRefused,
    Host,
    Instance,
    ProcessFault,
    TaskNotThere,
    build,
)
from tests.engine.runtime.diagrams import Diagram, event
from tests.engine.runtime.walking import NOW, Walk


def one(
    kind: str, body: str = "", props: dict[str, str] | None = None, **attributes: str
) -> Diagram:
    """start -> work -> after."""
    d = Diagram()
    d.start()
    d.node(kind, "work", body, props, **attributes)
    d.user("after")
    d.line("start", "work", "after")
    return d


@pytest.mark.parametrize(("kind", "said"), [("userTask", "user"), ("manualTask", "manual")])
def test_work_for_people_is_open_with_its_settings(kind: str, said: str) -> None:
    walk = Walk(one(kind, props={"form": "handle", "status": "handling"}, name="处理"))

    (task,) = walk.tasks

    assert (task.element, task.name, task.kind) == ("work", "处理", said)
    assert task.properties == {"form": "handle", "status": "handling"}
    assert (task.enclosing, task.loop, task.process) == ((), None, "main")
    assert len(task.id) == 32


def test_a_plain_task_completes_at_once() -> None:
    assert Walk(one("task")).open == ["after"]


def test_completing_a_task_twice_is_refused() -> None:
    walk = Walk(one("userTask"))
    task = walk.tasks[0].id
    walk.complete("work")

    with pytest.raises(TaskNotThere):
        walk._load().complete_task(task, {})


@pytest.mark.parametrize("identity", ["", "nonsense", "0" * 32, "é" * 32])
def test_completing_a_task_that_never_was_is_refused(identity: str) -> None:
    instance = Walk(one("userTask")).instance

    with pytest.raises(TaskNotThere):
        instance.complete_task(identity, {})
    with pytest.raises(TaskNotThere):
        instance.complete_service(identity, {})
    assert not instance.fire_timer(identity)
    assert not instance.deliver(identity, {})


def test_the_id_of_a_task_stays_through_bytes() -> None:
    walk = Walk(one("userTask"))
    before = walk.tasks[0].id

    assert walk._load().tasks[0].id == before


def test_steps_tell_the_way_of_the_token_with_statuses() -> None:
    walk = Walk(one("userTask", props={"status": "handling"}, name="处理")).complete("work")

    told = [(s.element, s.kind, s.event, s.status) for s in walk.steps]

    assert told == [
        ("start", "startEvent", "entered", None),
        ("start", "startEvent", "left", None),
        ("work", "userTask", "entered", "handling"),
        ("work", "userTask", "left", None),
        ("after", "userTask", "entered", None),
    ]


def test_steps_of_what_normalising_has_added_are_not_told() -> None:
    d = Diagram()
    d.user("a")
    d.user("b")
    d.user("c")
    d.flow("a", "b", "x > 1")
    d.flow("a", "c", "x > 2")

    walk = Walk(d).complete("a", x=3).complete("b").complete("c")

    assert walk.ended
    assert {step.element for step in walk.steps} == {"a", "b", "c"}


def test_a_script_sets_variables_line_by_line() -> None:
    d = Diagram()
    d.start()
    d.script("work", "total = price * count\n// a comment\n\n结果 = total + 1")
    d.line("start", "work")

    walk = Walk(d, variables={"price": 3, "count": 2})

    assert walk.ended
    assert walk.variables == {"price": 3, "count": 2, "total": 6, "结果": 7}


def test_process_variables_go_before_the_names_of_the_ticket() -> None:
    d = Diagram()
    d.start()
    d.script("work", "seen = priority\nown = color")
    d.line("start", "work")

    walk = Walk(d, variables={"color": "red"}, scope={"priority": "P1", "color": "blue"})

    assert (walk.variables["seen"], walk.variables["own"]) == ("P1", "red")


def test_an_expression_that_comes_to_null_is_told() -> None:
    d = Diagram()
    d.start()
    d.script("work", 'bad = 1 + "a"')
    d.user("after")
    d.line("start", "work", "after")

    walk = Walk(d)

    assert walk.variables == {"bad": None}
    (warning,) = walk.instance.warnings
    assert (warning.element, warning.expression) == ("work", '1 + "a"')
    assert warning.code


def test_now_is_the_time_of_the_command_in_the_zone_of_the_ticket() -> None:
    d = Diagram()
    d.start()
    d.script("work", "moment = now()\nday = today()")
    d.line("start", "work")

    walk = Walk(d)

    assert walk.variables["moment"] == NOW
    assert walk.variables["moment"].utcoffset() == timedelta(hours=8)
    assert walk.variables["day"] == date(2026, 3, 2)


def test_the_scope_is_asked_only_for_what_is_needed() -> None:
    class Ticket(Mapping[str, Any]):
        asked: list[str] = []  # noqa: RUF012

        def __getitem__(self, name: str) -> Any:
            self.asked.append(name)
            return {"priority": "P1"}[name]

        def __contains__(self, name: object) -> bool:
            return name == "priority"

        def __iter__(self) -> Any:
            raise AssertionError("nobody needs all of it")

        def __len__(self) -> int:
            return 1

    d = Diagram()
    d.start()
    d.node("exclusiveGateway", "gw", default="no")
    d.user("a")
    d.user("b")
    d.line("start", "gw")
    d.flow("gw", "a", 'mine = 1 and priority = "P1"')
    d.flow("gw", "b", None, "no")
    ticket = Ticket()

    assert Walk(d, variables={"mine": 1}, scope=ticket).open == ["a"]
    assert set(ticket.asked) == {"priority"}


def service(**props: str) -> Diagram:
    """A service task with an error event on its edge."""
    d = one("serviceTask", props=props)
    d.root("error", "e", name="refused", errorCode="NO")
    d.boundary("edge", "work", event("error", "e"))
    d.user("repair")
    d.line("edge", "repair")
    return d


def test_a_service_task_hands_out_its_work_and_waits() -> None:
    walk = Walk(
        service(operation="http", url="https://example.org", body="={n: number}", status="sending"),
        variables={"number": 7},
    )

    (work,) = walk.instance.services

    assert (work.element, work.operation) == ("work", "http")
    assert work.parameters == {"url": "https://example.org", "body": {"n": 7}}
    assert walk.open == []
    again = walk._load().services[0]
    assert again == work


@pytest.mark.parametrize(
    ("props", "expected"),
    [({}, {"code": 200}), ({"result": "answer"}, {"answer": {"code": 200}})],
)
def test_the_result_of_a_service_becomes_variables(
    props: dict[str, str], expected: dict[str, Any]
) -> None:
    walk = Walk(service(operation="http", **props)).serve("work", {"code": 200})

    assert walk.open == ["after"]
    assert walk.variables == expected
    assert walk.instance.services == []


def test_a_service_that_fails_with_a_known_error_goes_the_way_of_its_event() -> None:
    walk = Walk(service(operation="http"))

    assert walk.fail("work", "NO")
    assert walk.open == ["repair"]


@pytest.mark.parametrize("code", [None, "OTHER"])
def test_a_service_that_fails_otherwise_stays_and_says_so(code: str | None) -> None:
    walk = Walk(service(operation="http"))

    assert not walk.fail("work", code)
    assert len(walk.instance.services) == 1


def test_a_rule_task_asks_its_decision_and_keeps_the_outputs() -> None:
    asked = []

    def decide(decision: str, scope: Mapping[str, Any]) -> Decided:
        asked.append((decision, scope["impact"]))
        return Decided({"priority": "P1"}, ["rule 1"])

    walk = Walk(
        one("businessRuleTask", props={"decision": "priority"}),
        variables={"impact": "high"},
        decide=decide,
    )

    assert asked == [("priority", "high")]
    assert walk.variables == {"impact": "high", "priority": "P1"}
    (made,) = walk.instance.decisions
    assert (made.element, made.decision, made.outputs, made.trace) == (
        "work",
        "priority",
        {"priority": "P1"},
        ["rule 1"],
    )


@pytest.mark.parametrize(
    ("props", "outputs", "expected"),
    [
        ({"result": "level"}, {"a": 1}, {"level": {"a": 1}}),
        ({"result": "level"}, 3, {"level": 3}),
        ({}, 3, {"work": 3}),
        ({}, None, {"work": None}),
    ],
)
def test_outputs_of_a_decision_have_a_place(
    props: dict[str, str], outputs: Any, expected: dict[str, Any]
) -> None:
    walk = Walk(
        one("businessRuleTask", props={"decision": "d", **props}), decide=lambda _d, _s: outputs
    )

    assert walk.variables == expected


def test_a_decision_that_cannot_be_made_is_a_fault() -> None:
    def broken(_decision: str, _scope: Mapping[str, Any]) -> Any:
        raise LookupError("no such table")

    for decide in (None, broken):
        with pytest.raises(ProcessFault) as fault:
            Walk(one("businessRuleTask", props={"decision": "d"}), decide=decide)
        assert (fault.value.code, fault.value.element) == ("decision-error", "work")


@pytest.mark.parametrize(
    ("kind", "code"),
    [("serviceTask", "operation-missing"), ("businessRuleTask", "decision-missing")],
)
def test_a_task_that_does_not_say_what_it_does_is_refused(kind: str, code: str) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        Walk(one(kind))

    assert [(f.code, f.element) for f in refused.value.findings] == [(code, "work")]


def test_cancelling_ends_everything() -> None:
    walk = Walk(service(operation="http"))
    instance = walk._load()

    instance.cancel()

    assert instance.ended
    assert (instance.tasks, instance.services, instance.waits, instance.active) == ([], [], [], [])
    assert ("work", "cancelled") in [(s.element, s.event) for s in instance.steps]
    assert Instance.load(walk.definition, instance.dump(), host=walk.host).ended


def test_a_task_completed_with_others_open_leaves_those() -> None:
    d = Diagram()
    d.start()
    for name in "ab":
        d.user(name)
        d.line("start", name)
    walk = Walk(d)
    other = next(task.id for task in walk.tasks if task.element == "b")

    walk.complete("a")

    assert [task.id for task in walk.tasks] == [other]


def test_a_started_instance_has_not_run() -> None:
    definition = build([one("task").xml()])
    instance = Instance.start(definition, variables={}, host=Host(now=NOW))

    assert not instance.ended
    assert instance.active == ["start"]
    assert instance.tasks == []
    blob = instance.dump()
    later = Instance.load(definition, blob, host=Host(now=NOW))
    later.run()
    assert [task.element for task in later.tasks] == ["after"]
