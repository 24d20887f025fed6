"""What a run is given, what it tells and how it fails: plain values without a database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

TaskKind = Literal["user", "manual", "approval"]
WaitKind = Literal["timer", "message", "signal", "condition"]
StepEvent = Literal["entered", "left", "cancelled", "caught", "thrown"]


class ProcessFault(Exception):
    """The process cannot go on; `code` says why, `element` where, `params` fill the sentence.

    Codes: condition-not-boolean, no-way-on, expression-error, step-limit, stuck, timer-invalid,
    loop-invalid, decision-error, call-too-deep, too-many-tokens, compensation-invalid,
    state-too-large, value-not-storable.
    """

    def __init__(self, code: str, element: str | None = None, **params: Any) -> None:
        self.code = code
        self.element = element
        self.params = params
        super().__init__(f"{code} at {element}: {params}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one command may do: engine steps and seconds of wall time."""

    steps: int = 2000
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to: its outputs and, for the history, how it came to them."""

    outputs: Any
    trace: Any = None


Decide = Callable[[str, Mapping[str, Any]], "Decided | Any"]


@dataclass(frozen=True, slots=True)
class Host:
    """What the engine lends to a run: names that expressions may use, the time and the decisions.

    `scope` is asked lazily and only for names that no process variable has. `now` is aware;
    `zone` reads times that name none. `decide` gets the decision's id and the whole scope.
    """

    scope: Mapping[str, Any] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime(1970, 1, 1, tzinfo=UTC))
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    limits: Limits = field(default_factory=Limits)
    decide: Decide | None = None


@dataclass(frozen=True, slots=True)
class LoopPlace:
    """Which of a multi-instance element's instances this is; `index` counts from 1."""

    index: int
    count: int | None
    item: Any = None


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A token that waits for a person; `id` is the token's id (32 hex digits).

    `enclosing` are the ids of the sub-processes and call activities around it, outermost first;
    `process` is the id of the process whose diagram has the element.
    """

    id: str
    element: str
    name: str | None
    kind: TaskKind
    properties: Mapping[str, str]
    enclosing: tuple[str, ...]
    process: str
    loop: LoopPlace | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """A token that waits for an event; the id stays the same as long as the token waits.

    A timer that repeats keeps its id and gets a later `due`. `correlation` is the text a message
    has to bring, None when any message of the name will do. `interrupting` is False for events
    that leave the activity they are attached to running.
    """

    id: str
    element: str
    kind: WaitKind
    name: str | None
    correlation: str | None
    due: datetime | None
    interrupting: bool
    repeats: bool
    attached_to: str | None
    process: str


@dataclass(frozen=True, slots=True)
class OpenService:
    """Work for the outside: what is to be done, with which evaluated parameters."""

    id: str
    element: str
    name: str | None
    operation: str
    parameters: Mapping[str, Any]
    properties: Mapping[str, str]
    process: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to an element of a diagram, in the order in which it happened.

    `status` is the element's property of that name when the token enters, else None; `token` is
    the id that the element's open task, wait or service has, if it has one.
    """

    element: str
    kind: str
    event: StepEvent
    name: str | None
    process: str
    token: str
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or signal for other instances; escalations and errors that nobody caught."""

    kind: Literal["message", "signal", "error", "escalation"]
    name: str | None
    payload: Mapping[str, Any]
    correlation: str | None
    element: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A decision that a business rule task asked for."""

    element: str
    decision: str
    outputs: Any
    trace: Any


@dataclass(frozen=True, slots=True)
class ExpressionWarning:
    """Why (a part of) an expression came to null; the code is one of workflows.feel."""

    element: str
    expression: str
    code: str
    params: Mapping[str, Any]
