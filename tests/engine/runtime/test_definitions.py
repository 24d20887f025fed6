"""Files as any modeler writes them, made runnable."""

from datetime import timedelta

import pytest

from engine.processes.runtime import DefinitionRefused, Host, Instance, build
from tests.engine.runtime.diagrams import Diagram, timer
from tests.engine.runtime.walking import NOW, Walk

MODEL = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://x"'


def test_a_file_of_chinese_windows_is_read() -> None:
    text = (
        f'<?xml version="1.0" encoding="GBK"?><definitions {MODEL}><process id="main">'
        '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
        '<userTask id="t" name="处理报修"/></process></definitions>'
    )
    for data in (text.encode("gbk"), text.replace("GBK", "UTF-8").encode("gbk")):
        walk = Walk(data)
        assert [task.name for task in walk.tasks] == ["处理报修"]
        assert walk.complete("t").ended


def test_a_file_without_starts_ends_and_ids_runs() -> None:
    data = (
        f'<definitions {MODEL}><process id="main" isExecutable="false">'
        '<userTask id="a"/><sequenceFlow sourceRef="a" targetRef="b"/>'
        '<sequenceFlow sourceRef="a" targetRef="c"/><userTask id="b"/><userTask id="c"/>'
        "</process></definitions>"
    ).encode()

    walk = Walk(data)

    assert walk.open == ["a"]
    assert walk.complete("a").open == ["b", "c"]
    assert walk.complete("b").complete("c").ended


def test_work_that_was_drawn_without_an_id_is_there() -> None:
    data = (
        f'<definitions {MODEL}><process id="main"><userTask name="处理"/></process></definitions>'
    ).encode()

    walk = Walk(data)

    (task,) = walk.tasks
    assert task.name == "处理"
    assert walk.complete(task.element).ended


def test_a_bare_duration_is_a_duration() -> None:
    d = Diagram()
    d.start()
    d.node("intermediateCatchEvent", "wait", timer("PT4H"))
    d.line("start", "wait")

    assert Walk(d).waits[0].due == NOW + timedelta(hours=4)


def test_conditions_that_split_a_task_name_their_flow_when_they_fail() -> None:
    d = Diagram()
    d.start()
    d.user("a")
    d.user("b")
    d.user("c")
    d.line("start", "a")
    d.flow("a", "b", "size > 10")
    d.flow("a", "c", "size <= 10")

    assert Walk(d).complete("a", size=11).open == ["b"]
    assert Walk(d).complete("a", size=9).open == ["c"]


def test_names_with_spaces_are_known_when_somebody_says_them() -> None:
    d = Diagram()
    d.start()
    d.node("exclusiveGateway", "gw", default="no")
    d.user("a")
    d.user("b")
    d.line("start", "gw")
    d.flow("gw", "a", '客户 等级 = "VIP"')
    d.flow("gw", "b", None, "no")
    definition = build([d.xml()], names=["客户 等级"])
    instance = Instance.start(definition, variables={}, host=Host({"客户 等级": "VIP"}, NOW))

    instance.run()

    assert [task.element for task in instance.tasks] == ["a"]


def test_names_with_spaces_that_the_process_sets_are_known() -> None:
    d = Diagram()
    d.start()
    d.script("s", "客户 等级 = 3\nn = 客户 等级 + 1")
    d.line("start", "s")

    assert Walk(d).variables["n"] == 4


def test_a_definition_knows_the_elements_of_its_diagrams() -> None:
    other = Diagram("parts")
    other.start()
    other.user("order", name="订货")
    other.line("start", "order")
    d = Diagram()
    inner = d.scope()
    inner.user("deep", props={"form": "f"})
    d.start()
    d.inside("subProcess", "sub", inner)
    d.node("callActivity", "call", calledElement="parts")
    d.boundary("edge", "sub", timer("PT1H"))
    d.line("start", "sub", "call")

    definition = build([d.xml(), other.xml()])

    deep, order = definition.element("deep"), definition.element("order", "parts")
    assert deep is not None
    assert order is not None
    assert (deep.kind, deep.enclosing, dict(deep.properties)) == (
        "userTask",
        ("sub",),
        {"form": "f"},
    )
    assert (order.name, order.process) == ("订货", "parts")
    edge = definition.element("edge")
    assert edge is not None
    assert edge.attached_to == "sub"
    assert definition.element("nobody") is None
    drawn = {"start", "sub", "deep", "call", "edge"}
    assert {identity for process, identity in definition.elements if process == "main"} == drawn


def test_what_normalising_has_changed_is_told() -> None:
    d = Diagram()
    d.user("a")

    codes = {finding.code for finding in build([d.xml()]).warnings}

    assert {"implicit-start", "implicit-end"} <= codes


def test_the_main_process_can_be_named() -> None:
    def process(name: str) -> bytes:
        return f'<process id="{name}"><userTask id="t_{name}"/></process>'.encode()

    data = f"<definitions {MODEL}>".encode() + process("p") + process("q") + b"</definitions>"

    for name in ("p", "q"):
        definition = build([data], main=name)
        instance = Instance.start(definition, variables={}, host=Host(now=NOW))
        instance.run()
        assert [task.element for task in instance.tasks] == [f"t_{name}"]
    with pytest.raises(DefinitionRefused):
        build([data], main="r")


@pytest.mark.parametrize(
    ("body", "code", "element"),
    [
        ('<userTask id="a"/><sequenceFlow id="f" sourceRef="a" targetRef="z"/>', None, "f"),
        (
            '<userTask id="a"/><boundaryEvent id="b" attachedToRef="z"><timerEventDefinition>'
            "<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>",
            "boundary-without-activity",
            "b",
        ),
        (
            '<userTask id="a"/><boundaryEvent id="b" attachedToRef="a">'
            "<compensateEventDefinition/></boundaryEvent>",
            "compensation-without-handler",
            "b",
        ),
        ('<userTask id="a"/><intermediateCatchEvent id="e"/>', "event-without-definition", "e"),
        ('<scriptTask id="s"><script>this is no script</script></scriptTask>', None, "s"),
        (
            '<scriptTask id="s" scriptFormat="groovy"><script>x = 1</script></scriptTask>',
            "script-not-feel",
            "s",
        ),
        ('<scriptTask id="s"><script>x = 1 +</script></scriptTask>', "expression-unreadable", "s"),
    ],
)
def test_what_cannot_run_is_refused_with_its_place(
    body: str, code: str | None, element: str
) -> None:
    data = f'<definitions {MODEL}><process id="main">{body}</process></definitions>'.encode()

    with pytest.raises(DefinitionRefused) as refused:
        build([data])

    found = [(finding.code, finding.element) for finding in refused.value.findings]
    assert element in [place for _, place in found]
    if code is not None:
        assert (code, element) in found
