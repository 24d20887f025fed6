"""Nothing in a diagram is ever executed as Python, and bad files are findings."""

import time
from pathlib import Path

import pytest

from engine.processes.runtime import DefinitionRefused, Instance, ProcessFault, build
from engine.processes.spiff.scripting import FeelEngine
from tests.engine.runtime.diagrams import HEAD, Diagram, condition, event, loop, many, timer
from tests.engine.runtime.walking import Walk

MARK = Path("/tmp/banjie-was-here")  # noqa: S108 - it must not come into being
CODES = [
    f'__import__("os").system("touch {MARK}")',
    f"__import__('os').system('touch {MARK}')",
    f'[].__class__.__base__.__subclasses__() or open("{MARK}", "w")',
    f"exec(\"open('{MARK}', 'w')\")",
    f"open('{MARK}', 'w').write('x')",
    f'(lambda: open("{MARK}", "w"))()',
]


def everywhere(code: str) -> dict[str, Diagram]:
    """A diagram for each place where a text is evaluated, with the code in it."""
    found: dict[str, Diagram] = {}

    def place(name: str) -> Diagram:
        d = Diagram()
        d.root("message", "m", name="order")
        d.start()
        found[name] = d
        return d

    d = place("condition")
    d.node("exclusiveGateway", "gw", default="no")
    d.user("a")
    d.line("start", "gw")
    d.flow("gw", "a", code)
    d.flow("gw", "a", None, "no")
    d = place("condition of a task")
    d.node("task", "t")
    d.user("a")
    d.line("start", "t")
    d.flow("t", "a", f"={code}")
    d = place("inclusive")
    d.node("inclusiveGateway", "gw", default="no")
    d.user("a")
    d.line("start", "gw")
    d.flow("gw", "a", code)
    d.flow("gw", "a", None, "no")
    d = place("script")
    d.script("t", f"x = {code}")
    d.line("start", "t")
    d = place("bare script")
    d.script("t", code)
    d.line("start", "t")
    d = place("python script")
    d.node("scriptTask", "t", f"<bpmn:script>{code}</bpmn:script>", scriptFormat="python")
    d.line("start", "t")
    for way in ("timeDate", "timeDuration", "timeCycle"):
        for lead in ("", "="):
            d = place(f"{way}{lead}")
            d.node("intermediateCatchEvent", "t", timer(f"{lead}{code}", way))
            d.line("start", "t")
    d = place("conditional event")
    d.node("intermediateCatchEvent", "t", condition(code))
    d.line("start", "t")
    d = place("event sub-process")
    inner = d.scope()
    inner.start("istart", condition(code))
    d.inside("subProcess", "sub", inner, triggeredByEvent="true")
    d.user("a")
    d.line("start", "a")
    for name, marker in {
        "cardinality": many(code),
        "collection": many(collection=code, item="x"),
        "completion": many("2", until=code),
        "loop": loop(code, test_before=True),
    }.items():
        d = place(name)
        d.script("t", "y = 1", marker)
        d.line("start", "t")
    d = place("correlation")
    d.node("intermediateCatchEvent", "t", event("message", "m"), {"correlation": f"={code}"})
    d.line("start", "t")
    d = place("payload")
    d.node("intermediateThrowEvent", "t", event("message", "m"), {"payload": f"={code}"})
    d.line("start", "t")
    d = place("service")
    d.node("serviceTask", "t", props={"operation": f"={code}", "x": f"={code}"})
    d.line("start", "t")
    d = place("mapping")
    d.node("callActivity", "t", props={"in.x": f"={code}", "out.y": f"={code}"}, calledElement="p")
    d.line("start", "t")
    d = place("ad hoc")
    inner = d.scope()
    inner.script("s", "y = 1")
    d.inside(
        "adHocSubProcess",
        "t",
        inner,
        f"<bpmn:completionCondition><![CDATA[{code}]]></bpmn:completionCondition>",
    )
    d.line("start", "t")
    d = place("complex")
    d.node("parallelGateway", "fork")
    d.node(
        "complexGateway",
        "t",
        f"<bpmn:activationCondition><![CDATA[{code}]]></bpmn:activationCondition>",
    )
    d.line("start", "fork", "t")
    d.flow("fork", "t", identity="second")
    for name in ("preScript", "postScript"):
        d = place(name)
        d.node(
            "manualTask",
            "t",
            f"<bpmn:extensionElements><spiffworkflow:{name}><![CDATA[{code}]]>"
            f"</spiffworkflow:{name}></bpmn:extensionElements>",
        )
        d.line("start", "t")
    d = place("decision")
    d.node("businessRuleTask", "t", props={"decision": code})
    d.line("start", "t")
    return found


PLACES = sorted(everywhere("1"))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("where", PLACES)
def test_code_is_refused_or_comes_to_nothing(where: str, code: str) -> None:
    MARK.unlink(missing_ok=True)
    other = Diagram("p")
    other.start()
    other.user("inner")
    other.line("start", "inner")
    try:
        walk = Walk(everywhere(code)[where], other)
        for task in list(walk.open):
            walk.complete(task)
    except (DefinitionRefused, ProcessFault):
        pass

    assert not MARK.exists()


def test_the_engine_the_library_is_given_runs_nothing() -> None:
    walk = Walk(
        everywhere("1")["mapping"],
        Diagram("p").xml().replace(b"</bpmn:process>", b'<bpmn:userTask id="u"/></bpmn:process>'),
    )
    process = walk.instance._process
    assert isinstance(process.script_engine, FeelEngine)
    token = next(iter(process.tasks.values()))

    for call in (process.script_engine.evaluate, process.script_engine.execute):
        with pytest.raises(ProcessFault):
            call(token, CODES[0])
    assert not MARK.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<a/>",
        b"\x00\xff\xfe",
        b'<!DOCTYPE x [<!ENTITY a "b">]><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/'
        b'BPMN/20100524/MODEL">&a;</bpmn:definitions>',
        HEAD.encode() + b"</bpmn:definitions>",
        HEAD.encode() + b'<bpmn:process id="p"/></bpmn:definitions>',
        HEAD.encode() + b'<bpmn:process id="p"><bpmn:choreographyTask id="x"/></bpmn:process>'
        b"</bpmn:definitions>",
    ],
)
def test_what_is_no_process_is_refused(data: bytes) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        build([data])

    assert all(finding.code for finding in refused.value.findings)
    assert refused.value.findings


def test_cyclic_calls_end_in_a_fault_within_two_seconds() -> None:
    processes = []
    for number in range(3):
        d = Diagram(f"p{number}")
        d.start()
        d.node("callActivity", "call", calledElement=f"p{(number + 1) % 3}")
        d.line("start", "call")
        processes.append(d)
    begun = time.monotonic()

    with pytest.raises(ProcessFault) as fault:
        Walk(*processes)

    assert fault.value.code == "call-too-deep"
    assert time.monotonic() - begun < 2


def test_ids_that_are_used_twice_are_refused() -> None:
    d = Diagram()
    d.start()
    d.user("a")
    d.user("a")
    d.line("start", "a")

    with pytest.raises(DefinitionRefused):
        build([d.xml()])


def test_two_processes_of_one_name_are_refused_when_one_of_them_is_meant() -> None:
    d = Diagram()
    d.start()
    d.user("a")
    d.line("start", "a")

    with pytest.raises(DefinitionRefused) as refused:
        build([d.xml(), d.xml()])

    assert [f.code for f in refused.value.findings] == ["process-twice"]


@pytest.mark.parametrize("name", ["__class__", "[start]", "x [child]", "Start", "End", "Root", "."])
def test_names_that_the_library_uses_itself_are_only_names(name: str) -> None:
    d = Diagram()
    d.start("begin")
    d.user(name)
    d.line("begin", name)
    try:
        walk = Walk(d)
    except DefinitionRefused:
        return

    assert walk.open == [name]
    assert walk.complete(name).ended


def test_variables_of_odd_names_do_no_harm() -> None:
    d = Diagram()
    d.start()
    d.user("a")
    d.script("s", "x = 1")
    d.line("start", "a", "s")
    walk = Walk(d)

    walk.complete("a", **{"__class__": 1, "data": 2, "loopCounter": 3, "": 4})

    assert walk.ended
    assert walk.variables == {"__class__": 1, "data": 2, "loopCounter": 3, "": 4, "x": 1}


def test_an_event_of_a_deep_tree_does_not_recurse() -> None:
    d = Diagram()
    d.start()
    d.node("parallelGateway", "fork")
    d.end("stop", "<bpmn:terminateEventDefinition/>")
    d.user("press")
    d.line("start", "fork", "press", "stop")
    for number in range(500):
        d.user(f"u{number}")
        d.line("fork", f"u{number}")
    walk = Walk(d).complete("press")

    assert walk.ended
    assert isinstance(walk.instance, Instance)
