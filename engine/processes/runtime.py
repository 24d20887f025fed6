"""Running a process: the only code that drives SpiffWorkflow, with state.py and the package spiff.

A `Definition` is built once from BPMN bytes and shared by threads; an `Instance` is one running
process for the length of one command. Nothing here knows a database, a person or a clock: time
and values are lent by the `Host`.
"""

from collections.abc import Callable, Iterator
from typing import Any

from engine.processes.spiff import moving
from engine.processes.spiff.definition import Definition, DefinitionRefused, build
from engine.processes.spiff.events import Catch, Listener, listeners, listening
from engine.processes.spiff.facts import (
    Decide,
    Decided,
    DecisionMade,
    ExpressionWarning,
    Host,
    Limits,
    LoopPlace,
    OpenService,
    OpenTask,
    ProcessFault,
    Step,
    Thrown,
    Wait,
)
from engine.processes.spiff.gateways import Join
from engine.processes.spiff.loops import Loop
from engine.processes.spiff.nodes import Service, Work, check_end
from engine.processes.spiff.scripting import merge
from engine.processes.spiff.specs import Element
from engine.processes.spiff.throwing import raise_error
from engine.processes.spiff.tokens import (
    LIVE,
    READY,
    STARTED,
    WAITING,
    Process,
    Run,
    Token,
    cancel,
    root,
    spawn,
)
from engine.processes.state import ENGINE, StateUnreadable, decode, encode, prune

__all__ = [
    "Decide",
    "Decided",
    "DecisionMade",
    "Definition",
    "DefinitionRefused",
    "Element",
    "ExpressionWarning",
    "Host",
    "Instance",
    "Limits",
    "LoopPlace",
    "OpenService",
    "OpenTask",
    "ProcessFault",
    "StateUnreadable",
    "Step",
    "TaskNotThere",
    "Thrown",
    "Wait",
    "build",
]

PRUNE_EVERY = 200


class TaskNotThere(LookupError):
    """The token is no longer, or not yet, where this could be done with it."""


class Instance:
    """One running process, for one command and one thread.

    Changes are made by the methods and seen in the properties; `run` takes the engine's steps
    until every token waits. A ProcessFault leaves the object unusable: load the state again.
    """

    def __init__(self, definition: Definition, process: Process) -> None:
        self.definition = definition
        self._process = process
        self._run = process.run

    @classmethod
    def start(cls, definition: Definition, *, variables: dict[str, Any], host: Host) -> "Instance":
        """A new instance with its tokens on the start events; it has not run yet."""
        run = Run(host)
        spec = definition.specs[definition.main]
        process = Process(spec, definition.specs, ENGINE, run)
        process.data = dict(variables)
        origin = root(process)
        for watch in spec.watchers:
            spawn(origin, watch)
        for begin in spec.starts:
            if not process.completed:
                spawn(origin, begin)
        return cls(definition, process)

    @classmethod
    def load(
        cls,
        definition: Definition,
        blob: bytes,
        *,
        host: Host,
        rename: Callable[[str], str] = str,
    ) -> "Instance":
        """An instance back from its bytes; raises StateUnreadable."""
        process = decode(blob, definition.specs, Run(host), rename)
        instance = cls(definition, process)
        for token in instance._tokens():
            if token._state == READY and not token.task_spec.manual:
                token.task_spec._on_ready(token)
        return instance

    # --- doing ------------------------------------------------------------------------------

    def run(self) -> None:
        """Take steps until every token waits; raises ProcessFault when it cannot go on."""
        process, run = self._process, self._run
        urgent, ready = process.urgent, process.ready
        since = 0
        while True:
            if urgent:
                token = urgent.popleft()
            elif ready:
                token = ready.popleft()
            elif self._look_again():
                continue
            else:
                break
            if token._state != READY:
                continue
            run.tick(token.task_spec.element_id)
            token.run()
            since += 1
            if since >= PRUNE_EVERY:
                since = 0
                prune(process)
        self._refuse_to_be_stuck()

    def complete_task(self, task_id: str, variables: dict[str, Any]) -> None:
        """A person has done a user or manual task; raises TaskNotThere when it is not open."""
        token = self._token(task_id)
        if token is None or token._state != READY or not isinstance(token.task_spec, Work):
            raise TaskNotThere(task_id)
        merge(token, variables)
        token.run()

    def fire_timer(self, wait_id: str) -> bool:
        """The time has come; False if nobody waits for it any longer."""
        listener = self._waiting(wait_id)
        if listener is None or listener.definition.kind != "timer":
            return False
        listener.fire({})
        return True

    def deliver(self, wait_id: str, payload: dict[str, Any]) -> bool:
        """Bring a message or signal, or ask a condition again; False if nobody waits any longer.

        The payload becomes the variable that the element's property `variable` names, or its keys
        become variables. A condition fires only when it is true.
        """
        listener = self._waiting(wait_id)
        if listener is None or listener.definition.kind == "timer":
            return False
        if listener.definition.kind == "conditional":
            return listener.look()
        listener.fire(payload)
        return True

    def complete_service(self, task_id: str, result: dict[str, Any]) -> None:
        """The work of a service task is done; raises TaskNotThere when it is not asked for."""
        token, service = self._service(task_id)
        service.finish(token, result)

    def fail_service(self, task_id: str, error_code: str | None) -> bool:
        """The work has failed with an error of the process; False if no event catches it."""
        return raise_error(self._service(task_id)[0], error_code)

    def move(self, task_id: str, target: str, *, back: bool = False, alone: bool = False) -> None:
        """Take an open task's token to an earlier element; raises TaskNotThere, ProcessFault.

        What stands after the target is cancelled, unless the token goes `alone`. With `back` it
        comes straight back from there, instead of walking the way again.
        """
        token = self._token(task_id)
        if token is None or token._state != READY or not isinstance(token.task_spec, Work):
            raise TaskNotThere(task_id)
        moving.move(token, target, back=back, alone=alone)

    def cancel(self) -> None:
        """End everything; nothing is left to wait for."""
        process = self._process
        for token in list(process.tasks.values()):
            cancel(token)
        process.completed = True

    def dump(self) -> bytes:
        """The state as bytes, without what is finished; the first byte is the format."""
        prune(self._process)
        return encode(self._process)

    # --- seeing -----------------------------------------------------------------------------

    @property
    def tasks(self) -> list[OpenTask]:
        """What people can do now."""
        return [
            task
            for token in self._tokens()
            if token._state == READY and isinstance(token.task_spec, Work)
            for task in self._open_task(token)
        ]

    @property
    def waits(self) -> list[Wait]:
        """What tokens wait for."""
        return [
            wait
            for token in self._tokens()
            if token._state == WAITING and isinstance(token.task_spec, Catch)
            for wait in token.task_spec.waits(token)
        ]

    @property
    def services(self) -> list[OpenService]:
        """What is to be done outside."""
        return [
            service
            for token in self._tokens()
            if token._state == STARTED and isinstance(token.task_spec, Service)
            for service in (token.task_spec.open(token),)
            if service is not None
        ]

    @property
    def steps(self) -> list[Step]:
        """What has happened in this command, in order."""
        return self._run.steps

    @property
    def thrown(self) -> list[Thrown]:
        """Messages and signals of this command for others."""
        return self._run.thrown

    @property
    def decisions(self) -> list[DecisionMade]:
        """Decisions of this command."""
        return self._run.decisions

    @property
    def warnings(self) -> list[ExpressionWarning]:
        """Expressions of this command that came to null for a reason worth knowing."""
        return self._run.warnings

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the main process now."""
        return self._process.data

    @property
    def ended(self) -> bool:
        """Whether no token is left."""
        return bool(self._process.completed)

    @property
    def failure(self) -> str | None:
        """The code of the error that ended the process, None when it ended otherwise."""
        return self._process.failure

    @property
    def active(self) -> list[str]:
        """The ids of the elements that hold a token, of sub-processes as well."""
        found = {
            token.task_spec.element.id: None
            for token in self._tokens()
            if token._state & LIVE
            and token.task_spec.element is not None
            and not (token.task_spec.follows_events and token._state == WAITING)
        }
        return list(found)

    # --- inside -------------------------------------------------------------------------------

    def _tokens(self) -> Iterator[Token]:
        for part in self._process.parts():
            yield from part.tasks.values()

    def _token(self, identity: str) -> Token | None:
        return self._process.find(identity)

    def _service(self, task_id: str) -> tuple[Token, Service]:
        token = self._token(task_id)
        if token is not None and token._state == STARTED and isinstance(token.task_spec, Service):
            return token, token.task_spec
        raise TaskNotThere(task_id)

    def _open_task(self, token: Token) -> Iterator[OpenTask]:
        element = token.task_spec.element
        if element is None:
            return
        place = None
        if token.triggered and token.parent is not None:
            marker = token.parent.task_spec
            if isinstance(marker, Loop):
                place = marker.place(token, token.parent)
        enclosing = []
        carrier = token.workflow.parent_token
        while carrier is not None:
            enclosing.append(carrier.task_spec.element_id)
            if place is None and carrier.triggered and carrier.parent is not None:
                marker = carrier.parent.task_spec
                if isinstance(marker, Loop):
                    place = marker.place(carrier, carrier.parent)
            carrier = carrier.workflow.parent_token
        yield OpenTask(
            token.id,
            element.id,
            element.name,
            "user" if element.kind == "userTask" else "manual",
            element.properties,
            tuple(reversed(enclosing)),
            element.process,
            place,
        )

    def _waiting(self, wait_id: str) -> Listener | None:
        """Who waits under this id: a token, or one of several events of a token."""
        identity, _, number = wait_id.partition(":")
        token = self._token(identity)
        if token is None:
            return None
        index = int(number) if number.isdigit() else 0
        return next((one for one in listening(token) if one.index == index), None)

    def _look_again(self) -> bool:
        """Nothing is ready: do conditions hold now, can joins that waited for more go on?"""
        for part in list(self._process.parts()):
            for listener in listeners(part, "conditional"):
                if listener.look():
                    return True
        for part in list(self._process.parts()):
            for join in part.spec.joins:
                if join.settle(part):
                    return True
        return False

    def _refuse_to_be_stuck(self) -> None:
        """A process that is not through and waits for nobody is a fault, never a closed ticket."""
        process = self._process
        if process.completed:
            return
        held = None
        for token in self._tokens():
            spec = token.task_spec
            if token._state == WAITING and isinstance(spec, Join):
                held = spec.element_id
            elif token._state == WAITING and isinstance(spec, Catch):
                # What goes on beside an activity does not help the activity.
                if any(wait.interrupting for wait in spec.waits(token)):
                    return
            elif token._state & LIVE and isinstance(spec, Work | Service):
                return
        if held is None:
            check_end(process.task_tree)
            if process.completed:
                return
        raise ProcessFault("stuck", held)
