"""SpiffWorkflow's task tree and workflows, made lean: tokens, running processes, running parts.

A token is a library Task without logging, without copied data and without predicted children: the
children of a task are made when it completes. Variables live in the workflow, once, as in the BPMN
standard's process scope, never copied from task to task.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from os import urandom
from time import monotonic
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.processes.spiff.facts import (
    DecisionMade,
    ExpressionWarning,
    Host,
    ProcessFault,
    Step,
    Thrown,
)

if TYPE_CHECKING:
    from engine.processes.spiff.nodes import Node
    from engine.processes.spiff.specs import ProcessSpec

LIVE: int = TaskState.FUTURE | TaskState.WAITING | TaskState.READY | TaskState.STARTED
FUTURE: int = TaskState.FUTURE
WAITING: int = TaskState.WAITING
READY: int = TaskState.READY
STARTED: int = TaskState.STARTED
COMPLETED: int = TaskState.COMPLETED
CANCELLED: int = TaskState.CANCELLED

MAX_TOKENS = 5000
MAX_WARNINGS = 50
MAX_DEPTH = 20


class Token(Task):  # type: ignore[misc]
    """A task of the library's tree: where a token is, in which state, with which local values."""

    task_spec: "Node"
    workflow: "Workflow"
    internal_data: dict[str, Any]
    _state: int
    _children: list[str]
    _parent: str | None

    def __init__(
        self,
        workflow: "Workflow",
        spec: "Node",
        parent: "Token | None" = None,
        state: int = TaskState.FUTURE,
        id: str | None = None,
    ) -> None:
        # The library's own constructor draws the time and logs; neither is wanted here.
        self.id: str = id or urandom(16).hex()
        self.workflow = workflow
        self.task_spec = spec
        self._state = state
        self._children = []
        self._parent = None
        self.triggered = False
        self.thread_id = 0
        self.data: dict[str, Any] = {}
        self.internal_data = {}
        self.last_state_change = 0.0
        workflow.tasks[self.id] = self
        if parent is not None:
            self._parent = parent.id
            parent._children.append(self.id)

    def _set_state(self, value: int) -> None:
        self._state = value

    def run(self) -> bool | None:
        """Take the step; a step that ended its own token (an error thrown) leaves it ended."""
        result = self.task_spec._run(self)
        if self._state & LIVE:
            if result is None:
                self._state = STARTED
            else:
                self.complete()
        return bool(result) if result is not None else None

    @property
    def live(self) -> bool:
        """Whether the token still stands somewhere."""
        return bool(self._state & LIVE)

    @property
    def local(self) -> dict[str, Any] | None:
        """Values that only this token sees: a loop's item and counter."""
        return self.internal_data.get("local")


class Run:
    """What one command gathers while it steps: facts in order, and what is left of its limits."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.steps: list[Step] = []
        self.thrown: list[Thrown] = []
        self.decisions: list[DecisionMade] = []
        self.warnings: list[ExpressionWarning] = []
        self.count = 0
        self._until = monotonic() + host.limits.seconds

    def clock(self) -> datetime:
        """What FEEL's now() says."""
        return self.host.now.astimezone(self.host.zone)

    def warn(self, element: str, text: str, warning: Any) -> None:
        """Keep why an expression came to null, as far as it helps."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(ExpressionWarning(element, text, warning.code, warning.params))

    def tick(self, element: str | None) -> None:
        """Count one engine step; raises ProcessFault when the command has done too much."""
        self.count += 1
        limits = self.host.limits
        if self.count > limits.steps:
            raise ProcessFault("step-limit", element, steps=limits.steps)
        if self.count & 31 == 0 and monotonic() > self._until:
            raise ProcessFault("step-limit", element, seconds=limits.seconds)

    def note(self, token: Token, event: Any, status: bool = False) -> None:
        """Write down that something happened to the element under the token."""
        element = token.task_spec.element
        if element is not None:
            self.steps.append(
                Step(
                    element.id,
                    element.kind,
                    event,
                    element.name,
                    element.process,
                    token.id,
                    element.properties.get("status") if status else None,
                )
            )


class Process(BpmnWorkflow):  # type: ignore[misc]
    """The whole running process with everything it has called."""

    spec: "ProcessSpec"
    subprocesses: "dict[str, Part]"
    tasks: dict[str, Token]
    task_tree: Token
    data: dict[str, Any]

    def __init__(
        self, spec: "ProcessSpec", specs: "dict[str, ProcessSpec]", engine: Any, run: Run
    ) -> None:
        super().__init__(spec, specs, script_engine=engine, deserializing=True)
        self.run = run
        self.ready: deque[Token] = deque()
        self.urgent: deque[Token] = deque()
        self.failure: str | None = None
        self.done_activities: list[list[Any]] = []  # what compensation may undo, oldest first
        self.gates: dict[str, list[str]] = {}  # flows that fired complex gateways have had
        self.parent_token: Token | None = None
        self.isolated = True

    def _task_completed_notify(self, task: Task) -> None:
        self.last_task = task

    def parts(self) -> "Iterator[Workflow]":
        """This process and every running part of it."""
        yield self
        yield from self.subprocesses.values()

    def find(self, token_id: str) -> Token | None:
        """The token with this id, wherever it is."""
        for part in self.parts():
            token = part.tasks.get(token_id)
            if token is not None:
                return token
        return None


class Part(BpmnSubWorkflow):  # type: ignore[misc]
    """A running sub-process or called process; it ends when its last token does."""

    spec: "ProcessSpec"
    tasks: dict[str, Token]
    task_tree: Token
    data: dict[str, Any]
    top_workflow: Process

    def __init__(self, spec: "ProcessSpec", parent: Token, isolated: bool) -> None:
        self.parent_token = parent
        self.isolated = isolated
        self.gates: dict[str, list[str]] = {}
        self._depth: int = parent.workflow.depth + 1
        super().__init__(spec, parent.id, parent.workflow.top_workflow, deserializing=True)
        self.top_workflow.subprocesses[parent.id] = self

    def _calculate_depth(self) -> int:
        return self._depth

    @property
    def parent_workflow(self) -> "Workflow":
        """The process or part that this one runs in."""
        return self.parent_token.workflow

    def _task_completed_notify(self, task: Task) -> None:
        self.last_task = task


Workflow = Process | Part


def spawn(
    parent: Token,
    spec: "Node",
    flow: str | None = None,
    *,
    behalf: bool = False,
    **internal: Any,
) -> Token:
    """Put a new token on an element, under `parent`; it starts to do what the element does.

    `behalf` marks a token that `parent` waits for (an instance of a loop, a compensation);
    `internal` is what the token remembers from the start.
    """
    workflow = parent.workflow
    if len(workflow.tasks) > MAX_TOKENS:
        raise ProcessFault("too-many-tokens", spec.element_id, count=MAX_TOKENS)
    token = Token(workflow, spec, parent)
    token.triggered = behalf
    if internal:
        token.internal_data = internal
    if flow is not None and spec.joins:
        token.internal_data["flow"] = flow
    spec._update(token)
    return token


def root(workflow: Workflow) -> Token:
    """The finished task that every token of the workflow hangs from."""
    token = Token(workflow, workflow.spec.start, state=COMPLETED)
    workflow.task_tree = token
    return token


def queue(token: Token) -> None:
    """A ready token takes its turn; events that have been caught go first."""
    top = token.workflow.top_workflow
    (top.urgent if token.task_spec.urgent else top.ready).append(token)


def cancel(token: Token) -> None:
    """End a token without completing it, and with it everything that runs on its behalf."""
    stack = [token]
    while stack:
        current = stack.pop()
        if not current.live:
            continue
        if current.task_spec.follows_events and current._state & WAITING:
            current._state = CANCELLED
            continue
        workflow = current.workflow
        current._state = CANCELLED
        current.task_spec._on_cancel(current)
        workflow.top_workflow.run.note(current, "cancelled")
        part = workflow.top_workflow.subprocesses.pop(current.id, None)
        if part is not None:
            stack.extend(part.tasks.values())
            part.completed = True
        for child_id in current._children:
            child = workflow.tasks[child_id]
            if child.task_spec.follows_events:
                release(child)
            else:
                stack.append(child)


def release(catcher: Token) -> None:
    """An attached event is no longer waited for; what it has started goes on."""
    if catcher._state & (WAITING | FUTURE):
        catcher._state = CANCELLED
