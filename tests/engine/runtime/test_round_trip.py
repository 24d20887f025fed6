"""Random walks on random diagrams: bytes at every step against memory, ours against the library."""

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from engine.processes.runtime import Host, Instance, build
from tests.engine.runtime.generated import OURS, STOCK, Block, Maker, blocks
from tests.engine.runtime.walking import NOW

HOST = Host(now=NOW)
STEPS = 25
# Without shrinking: a failing walk is readable as it is, and shrinking one takes minutes.
CALM = settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def live(instance: Instance) -> Counter[Any]:
    """Every live token with what it remembers, and the variables: the whole state."""
    found: Counter[Any] = Counter()
    for part in instance._process.parts():
        for token in part.tasks.values():
            if token.live:
                found[part.spec.name, token.task_spec.name, token._state, remembered(token)] += 1
    found[repr(sorted(instance.variables.items()))] += 1
    return found


def remembered(token: Any) -> str:
    """What a token remembers, without the ids of other tokens."""
    return repr(sorted((k, v) for k, v in token.internal_data.items() if k != "race"))


def told(instance: Instance, since: int = 0) -> list[tuple[str, str]]:
    """What has happened, without ids."""
    return [(step.element, step.event) for step in instance.steps[since:]]


class Choices:
    """The same choices for two runs: by element and place, never by id."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    def act(self, instance: Instance) -> tuple[str, int, Any] | None:
        """Something that can be done: complete a task, let an event come."""
        tasks = Counter(task.element for task in instance.tasks)
        waits = Counter(f"{w.kind}:{w.element}" for w in instance.waits if w.kind != "condition")
        options = sorted(tasks) + sorted(waits)
        if not options:
            return None
        chosen = self.data.draw(st.sampled_from(options))
        count = tasks.get(chosen) or waits[chosen]
        return chosen, self.data.draw(st.integers(0, count - 1)), self.data.draw(st.integers(0, 9))


def do(instance: Instance, act: tuple[str, int, Any]) -> None:
    """Do it, in the order in which tokens came into being."""
    chosen, place, value = act
    kind, _, element = chosen.rpartition(":")
    if not kind:
        task = [task for task in instance.tasks if task.element == element][place]
        instance.complete_task(task.id, {f"v{element[1:]}": value})
    else:
        wait = [w for w in instance.waits if (w.kind, w.element) == (kind, element)][place]
        happened = (
            instance.fire_timer(wait.id) if kind == "timer" else instance.deliver(wait.id, {})
        )
        assert happened
    instance.run()


@given(sequence=blocks(OURS), data=st.data())
@CALM
def test_saving_and_loading_at_every_step_changes_nothing(
    sequence: list[Block], data: st.DataObject
) -> None:
    definition = build([Maker().make(sequence).xml()])
    memory = Instance.start(definition, variables={}, host=HOST)
    memory.run()
    blob = _dumped(definition, memory)
    choices, seen = Choices(data), len(memory.steps)
    for _ in range(STEPS):
        saved = Instance.load(definition, blob, host=HOST)
        assert live(saved) == live(memory)
        act = choices.act(memory)
        if act is None:
            break
        do(memory, act)
        do(saved, act)
        assert told(saved) == told(memory, seen)
        assert live(saved) == live(memory)
        assert (saved.ended, saved.active) == (memory.ended, memory.active)
        seen = len(memory.steps)
        blob = saved.dump()


def _dumped(definition: Any, memory: Instance) -> bytes:
    """The bytes of a run made a second time: the one in memory is never pruned."""
    again = Instance.start(definition, variables={}, host=HOST)
    again.run()
    assert live(again) == live(memory)
    return again.dump()


class Stock:
    """The library as it is shipped, unpruned and in memory: its parser, its order, its joins."""

    def __init__(self, xml: bytes) -> None:
        parser = SpiffBpmnParser()
        parser.add_bpmn_xml(etree.fromstring(xml), filename="generated")
        spec = parser.get_spec("main")
        self.workflow = BpmnWorkflow(spec, parser.get_subprocess_specs("main"))
        self.workflow.do_engine_steps()

    def open(self) -> Counter[str]:
        """Open user tasks by element."""
        ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return Counter(task.task_spec.name for task in ready)

    def waiting(self) -> Counter[str]:
        """Messages waited for, by element."""
        found: Counter[str] = Counter()
        for task in self.workflow.get_tasks(state=TaskState.WAITING):
            if hasattr(task.task_spec, "event_definition"):
                found[task.task_spec.name] += 1
        return found

    def do(self, act: tuple[str, int, Any]) -> None:
        """The same act."""
        chosen, place, value = act
        kind, _, element = chosen.rpartition(":")
        if kind:
            waiting = self.workflow.get_tasks(state=TaskState.WAITING)
            task = [task for task in waiting if task.task_spec.name == element][place]
            self.workflow.catch(BpmnEvent(task.task_spec.event_definition, payload={}))
        else:
            ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
            task = [task for task in ready if task.task_spec.name == element][place]
            task.data[f"v{element[1:]}"] = value
            task.run()
        self.workflow.do_engine_steps()


@given(sequence=blocks(STOCK), data=st.data())
@CALM
def test_the_library_unpruned_in_memory_is_in_the_same_state_after_every_step(
    sequence: list[Block], data: st.DataObject
) -> None:
    xml = Maker().make(sequence).xml()
    definition, stock = build([xml]), Stock(xml)
    ours = Instance.start(definition, variables={}, host=HOST)
    ours.run()
    choices = Choices(data)
    for _ in range(STEPS):
        assert Counter(task.element for task in ours.tasks) == stock.open()
        assert Counter(wait.element for wait in ours.waits) == stock.waiting()
        assert ours.ended == stock.workflow.completed
        act = choices.act(ours)
        if act is None:
            break
        ours = Instance.load(definition, ours.dump(), host=HOST)
        do(ours, act)
        stock.do(act)
