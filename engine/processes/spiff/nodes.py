"""Elements that a token stands on: activities and plain events, on the library's task specs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from engine.processes.spiff.facts import Decided, DecisionMade, OpenService, ProcessFault
from engine.processes.spiff.scripting import (
    Expression,
    Scope,
    Value,
    assign,
    merge,
)
from engine.processes.spiff.tokens import (
    LIVE,
    READY,
    STARTED,
    WAITING,
    Part,
    Token,
    Workflow,
    queue,
    release,
    spawn,
)

if TYPE_CHECKING:
    from engine.processes.spiff.specs import Element, ProcessSpec


@dataclass(slots=True)
class Flow:
    """A way out of a node; `condition` None is taken always, or as the default."""

    id: str
    target: "Node"
    condition: Expression | None = None
    default: bool = False


MAX_UNDO = 1000


class Node(BpmnTaskSpec):  # type: ignore[misc]
    """One node of a diagram; subclasses say what a token does there.

    The library's hooks are used as they are meant: `_update` when a token arrives, `_run` when it
    takes its turn, `_on_complete` when it leaves. Prediction is left out: the children of a token
    are made when it leaves, so that a tree holds only what is there.
    """

    joins = False  # remembers by which flow a token came
    urgent = False  # takes its turn before everything else
    follows_events = False  # is attached to something and waits on its behalf
    watches = False  # waits on behalf of the whole process: no reason for it to stay open

    def __init__(self, spec: "ProcessSpec", name: str, element: "Element | None") -> None:
        super().__init__(spec, name)
        self.element = element
        self.origin: str | None = None  # the drawn element that a node without one belongs to
        self.flows: list[Flow] = []
        self.boundary: list[Node] = []
        self.undo: Node | None = None  # what compensates it

    @property
    def element_id(self) -> str:
        """The id of the element; of a node that normalising has added, the one it belongs to."""
        return self.element.id if self.element is not None else self.origin or self.name

    def lead_to(self, flow: Flow) -> None:
        """Connect a way out."""
        self.flows.append(flow)
        self.connect(flow.target)

    # --- the library's hooks ---------------------------------------------------------------

    def _predict(self, *_args: Any, **_named: Any) -> None:
        """Nothing is predicted."""

    def _update(self, token: Token) -> None:
        self.arrive(token)

    def _run(self, token: Token) -> bool | None:
        return self.act(token)

    def _on_ready(self, token: Token) -> None:
        queue(token)

    def _on_cancel(self, token: Token) -> None:
        """Nothing to undo."""

    def _on_complete(self, token: Token) -> None:
        workflow = token.workflow
        run = workflow.top_workflow.run
        run.note(token, "left")
        for child_id in token._children:
            child = workflow.tasks[child_id]
            if child.task_spec.follows_events:
                release(child)
        if self.undo is not None:
            remember(token, self.undo)
        if token.triggered:
            parent = token.parent
            if parent is not None and parent._state & LIVE:
                parent.task_spec.child_done(parent, token)
            return
        ways = self.ways(token)
        for flow in ways:
            spawn(token, flow.target, flow.id)
        ad_hoc = workflow.spec.ad_hoc
        if ad_hoc is not None:
            ad_hoc.inner_done(token)
        if not ways:
            check_end(token)

    # --- what a subclass says --------------------------------------------------------------

    def arrive(self, token: Token) -> None:
        """A token has come: by default it is ready at once."""
        self.enter(token)
        self.make_ready(token)

    def act(self, token: Token) -> bool | None:
        """The token's turn: True leaves, None stays until somebody else completes it."""
        return True

    def ways(self, token: Token) -> Sequence[Flow]:
        """Where a token goes on: every flow without conditions, else those that are true."""
        flows = self.flows
        if len(flows) == 1 and flows[0].condition is None:
            return flows
        if all(flow.condition is None for flow in flows):
            return flows
        return matching(self, token)

    def child_done(self, token: Token, child: Token) -> None:
        """A token that runs on behalf of this one is through."""
        raise NotImplementedError

    def part_done(self, token: Token, part: Part) -> None:
        """The part that this token carries has ended."""
        raise NotImplementedError

    # --- shared --------------------------------------------------------------------------------

    def enter(self, token: Token) -> None:
        """Note the arrival and start to listen to the attached events."""
        token.workflow.top_workflow.run.note(token, "entered", status=True)
        for event in self.boundary:
            spawn(token, event)

    def make_ready(self, token: Token) -> None:
        """The token may take its turn, if it still stands after its events were looked at."""
        if token._state & LIVE:
            token._state = READY
            self._on_ready(token)


def matching(node: Node, token: Token) -> list[Flow]:
    """Every flow whose condition is true, else the default; ProcessFault if there is none."""
    taken = [
        flow
        for flow in node.flows
        if not flow.default and (flow.condition is None or flow.condition.truth(token))
    ]
    if taken:
        return taken
    defaults = [flow for flow in node.flows if flow.default]
    if not defaults:
        raise ProcessFault("no-way-on", node.element_id)
    return defaults


def check_end(token: Token) -> None:
    """A token has ended: when it was the last of its process or part, that ends as well."""
    workflow = token.workflow
    if workflow.completed:
        return
    for other in workflow.tasks.values():
        if other._state & LIVE and not (other.task_spec.watches and other._state & WAITING):
            return
    finish(workflow)


def finish(workflow: Workflow) -> None:
    """Close a process or part of which no token is left; the element around it goes on."""
    workflow.completed = True
    for token in workflow.tasks.values():
        if token._state & LIVE:
            release(token)
    parent = workflow.parent_token
    if parent is not None:
        top = workflow.top_workflow
        top.subprocesses.pop(parent.id, None)
        if parent._state & LIVE:
            parent.task_spec.part_done(parent, workflow)


def remember(token: Token, handler: Node) -> None:
    """Note that an activity has been completed and what would undo it."""
    done = token.workflow.top_workflow.done_activities
    if len(done) >= MAX_UNDO:
        raise ProcessFault("too-many-tokens", token.task_spec.element_id, count=MAX_UNDO)
    # What was done inside is undone by the handler of the whole, or not at all.
    done[:] = [entry for entry in done if token.id not in entry[2]]
    carriers, specs = [], [token.workflow.spec.name]
    carrier = token.workflow.parent_token
    while carrier is not None:
        carriers.append(carrier.id)
        specs.append(carrier.task_spec.element_id)
        carrier = carrier.workflow.parent_token
    done.append([token.task_spec.element_id, handler.name, carriers, specs])


class Start(Node):
    """The finished task at the root of a tree."""

    def test(self) -> None:
        """Needs nothing."""


class Plain(Node):
    """A task without a doer, a none event, an end: passes at once."""


class Work(Node):
    """A user task or manual task: ready, and left to people."""

    def __init__(self, spec: "ProcessSpec", name: str, element: "Element | None") -> None:
        super().__init__(spec, name, element)
        self.manual = True

    def _on_ready(self, token: Token) -> None:
        """It is not queued: somebody completes it."""

    def ways(self, token: Token) -> Sequence[Flow]:
        """As drawn, or straight back to the step that has sent the token here."""
        nodes = token.workflow.spec.task_specs
        back = nodes.get(token.internal_data.get("back", ""))
        return [Flow(f"{back.name} [back]", back)] if back is not None else super().ways(token)


def again(start: str) -> str:
    """The name of the node where a token waits that was returned to this start event."""
    return f"{start} [again]"


class Again(Work):
    """Somebody starts anew what was returned to its start: goes on where the start event leads."""


class Script(Node):
    """A script task: lines of `name = FEEL`, one after the other."""

    lines: Sequence[tuple[str, Expression]] = ()

    def act(self, token: Token) -> bool:
        """Evaluate and assign line by line; a line sees what the lines above have set."""
        for name, expression in self.lines:
            assign(token, name, expression.value(token))
        return True


class Service(Node):
    """A service task: stays started until the job that does the work reports back."""

    operation: Value
    parameters: Sequence[tuple[str, Value]] = ()
    result: str | None = None

    def act(self, token: Token) -> None:
        """The parameters are evaluated once, when the work is handed out."""
        token.internal_data["operation"] = str(self.operation.of(token) or "")
        token.internal_data["parameters"] = {
            name: value.of(token) for name, value in self.parameters
        }
        return None

    def open(self, token: Token) -> OpenService | None:
        """The work to do, None when the token has not been handed out."""
        element = self.element
        if element is None or token._state != STARTED:
            return None
        return OpenService(
            token.id,
            element.id,
            element.name,
            token.internal_data.get("operation", ""),
            token.internal_data.get("parameters", {}),
            element.properties,
            element.process,
        )

    def finish(self, token: Token, result: dict[str, Any]) -> None:
        """The work is done: its result becomes one variable, or its keys become variables."""
        token.internal_data.pop("parameters", None)
        if self.result is not None:
            assign(token, self.result, result)
        else:
            merge(token, result)
        token.complete()


class Rule(Node):
    """A business rule task: asks a decision and keeps its outputs."""

    decision: str
    result: str | None = None

    def act(self, token: Token) -> bool:
        """Ask the host; outputs that are a context become variables unless `result` names one."""
        top = token.workflow.top_workflow
        decide = top.run.host.decide
        if decide is None:
            raise ProcessFault("decision-error", self.element_id, decision=self.decision)
        try:
            answer = decide(self.decision, Scope(token))
        except ProcessFault as fault:
            fault.element = fault.element or self.element_id
            raise
        except Exception as problem:
            raise ProcessFault(
                "decision-error", self.element_id, decision=self.decision, reason=str(problem)
            ) from problem
        decided = answer if isinstance(answer, Decided) else Decided(answer)
        outputs = decided.outputs
        if self.result is not None:
            assign(token, self.result, outputs)
        elif isinstance(outputs, dict):
            merge(token, outputs)
        else:
            assign(token, self.element_id, outputs)
        top.run.decisions.append(
            DecisionMade(self.element_id, self.decision, outputs, decided.trace)
        )
        return True
