"""Whether a running process fits another definition, and its state written for that one.

Every live token is put on the node of the same id, or of the id that the mapping names; what it
remembers (due times, answers, counts) goes with it. Elements that would change their kind, joins
that could never open and undo handlers that are gone are named, each with its element. Pure: no
database and no clock; what is newly listened to is armed by `listen`, which needs the host's time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.processes.runtime import Definition, Host, Instance
from engine.processes.spiff.compensation import Revived
from engine.processes.spiff.events import Boundary, Catch
from engine.processes.spiff.gateways import Join, Parallel
from engine.processes.spiff.loops import Loop
from engine.processes.spiff.nodes import Node
from engine.processes.spiff.scopes import SubProcess
from engine.processes.spiff.specs import ProcessSpec
from engine.processes.spiff.tokens import CANCELLED, LIVE, WAITING, Run, Token, Workflow, spawn
from engine.processes.spiff.wiring import reach
from engine.processes.state import decode, encode, prune

# What a mapping can heal; anything else blocks, whatever is mapped.
MAPPABLE = frozenset({"element-missing", "element-kind-differs", "status-missing"})

Elements = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a process does not fit: a live element and what is wrong about its new home."""

    code: str
    element: str
    name: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A listener that the new definition has and the old one had not.

    `holder` is the token of the activity that it is attached to; of one that `watches` a process,
    the token that carries it, None for the main process.
    """

    holder: str | None
    name: str
    watches: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """What a look at one state came to; `state` is None when there are problems."""

    state: bytes | None
    problems: Sequence[Problem]
    fresh: Sequence[Fresh] = ()


def fit(old: Definition, new: Definition, state: bytes, elements: Elements) -> Fit:
    """The state of a process of `old` as one of `new`, or what stands against it.

    `elements` maps ids of `old` to ids of `new`; what it does not name keeps its id. None says
    that an attached event is no longer waited for. Raises StateUnreadable.
    """
    return _Move(old, new, elements).of(state)


def listen(instance: Instance, fresh: Sequence[Fresh]) -> None:
    """Begins to listen to the events that only the new definition has; raises ProcessFault."""
    process = instance._process
    for one in fresh:
        if one.watches:
            part = process if one.holder is None else process.subprocesses[one.holder]
            spawn(part.task_tree, part.spec.task_specs[one.name])
            continue
        token = process.find(one.holder or "")
        if token is not None and token.live:
            spawn(token, token.workflow.spec.task_specs[one.name])


def reversed_map(elements: Elements, known: frozenset[str]) -> dict[str, str | None]:
    """The mapping that leads back; `known` are the ids of the old definition.

    Where several elements became one, the one that kept its id is meant, else the first.
    """
    back: dict[str, str | None] = {}
    for old, new in elements.items():
        if new is None or new in back or (new in known and new not in elements):
            continue
        back[new] = old
    return back


class _Move:
    """One state on its way from one definition to another."""

    def __init__(self, old: Definition, new: Definition, elements: Elements) -> None:
        self.old, self.new, self.elements = old, new, elements
        self.problems: list[Problem] = []
        self.fresh: list[Fresh] = []

    def of(self, state: bytes) -> Fit:
        process = decode(state, self.old.specs, Run(Host()))
        prune(process)
        places: list[tuple[Token, Node]] = []
        scopes: list[tuple[Workflow, ProcessSpec]] = []
        landed: dict[str, Node] = {}
        for part in process.parts():
            scope = self._scope(part, landed)
            if scope is not None:
                scopes.append((part, scope))
                self._watchers(part, scope)
            for token in list(part.tasks.values()):
                node = self._place(token, part, scope, landed)
                if node is not None:
                    places.append((token, node))
                    landed[token.id] = node
        if not self.problems:
            for part, scope in scopes:
                self._starved(part, scope, landed)
            self._undo(process.done_activities)
        if self.problems:
            return Fit(None, self._told())
        for part, scope in scopes:
            part.gates = {
                home: [self._flow(part.spec, flow, scope.task_specs.get(home)) for flow in flows]
                for home, flows in ((self._home(n) or n, f) for n, f in part.gates.items())
            }
        for token, node in places:
            self._settle(token, node)
        for part, scope in scopes:
            part.spec = scope
        prune(process)
        return Fit(encode(process), (), self.fresh)

    # --- where things go ----------------------------------------------------------------------

    def _home(self, name: str) -> str | None:
        """The name of a node in the new definition; what we add to an id goes along."""
        identity, blank, mark = name.partition(" ")
        target = self.elements.get(identity, identity)
        return None if target is None else f"{target}{blank}{mark}"

    def _scope(self, part: Workflow, landed: Mapping[str, Node]) -> ProcessSpec | None:
        carrier = part.parent_token
        if carrier is None:
            return self.new.specs[self.new.main]
        node = landed.get(carrier.id)
        if isinstance(node, SubProcess):
            return node.inside
        if isinstance(node, Revived):
            return self.new.specs.get(self._spec(carrier.internal_data["part"]))
        return None

    def _spec(self, name: str) -> str:
        """The name that a process or sub-process has in the new definition."""
        process = self.old.specs[name].process if name in self.old.specs else name
        home = self.new.main if process == self.old.main else self._home(process) or process
        inner = name[len(process) + 1 :]
        return f"{home}:{self._home(inner)}" if inner else home

    def _place(
        self, token: Token, part: Workflow, scope: ProcessSpec | None, landed: Mapping[str, Node]
    ) -> Node | None:
        """The new node of a token; None when it has none, which is then among the problems."""
        node: Node = token.task_spec
        if scope is not None and token is part.task_tree:
            return scope.start  # type: ignore[no-any-return]
        if not token._state & LIVE:
            return None
        home = self._home(node.name)
        if home is None:
            if isinstance(node, Boundary) and token._state == WAITING:
                token._state = CANCELLED
                return None
            self._say("element-missing", node)
            return None
        target = scope.task_specs.get(home) if scope is not None else None
        if target is None:
            there = scope is not None and home.partition(" ")[0] in scope.task_specs
            self._say("element-kind-differs" if there else "element-missing", node)
            return None
        if not _same_kind(node, target):
            self._say("element-kind-differs", node, to=target.element_id)
            return None
        self._check(token, node, target, landed)
        self._edges(token, node, target)
        return target

    def _check(self, token: Token, node: Node, target: Node, landed: Mapping[str, Node]) -> None:
        """What must hold beside the kind: events of the same kinds, on the same activity."""
        if isinstance(node, Catch) and isinstance(target, Catch):
            for index in token.internal_data.get("wait", {}):
                kinds = [definition.kind for definition in target.definitions]
                if index >= len(kinds) or kinds[index] != node.definitions[index].kind:
                    self._say("event-differs", node, to=target.element_id)
                    return
        if isinstance(target, Boundary) and not target.watches and token.parent is not None:
            holder = landed.get(token.parent.id)
            if holder is not None and holder is not target and target not in holder.boundary:
                self._say("attached-elsewhere", node, to=target.element_id)
        flow = token.internal_data.get("flow")
        if (
            isinstance(target, Join)
            and token._state == WAITING
            and flow is not None
            and self._flow(token.workflow.spec, flow, target) not in target.incoming
        ):
            self._say("flow-missing", node, flow=flow)

    def _flow(self, spec: ProcessSpec, flow: str, target: Node | None = None) -> str:
        """The flow into a join in the new definition: by its id, or by where it comes from."""
        named = self.elements.get(flow, flow) or flow
        if not isinstance(target, Join) or named in target.incoming:
            return named
        sources = {
            self._home(node.name)
            for node in spec.task_specs.values()
            if any(way.id == flow for way in node.flows)
        }
        found = [
            way.id
            for node in target._wf_spec.task_specs.values()
            if node.name in sources
            for way in node.flows
            if way.target is target
        ]
        return found[0] if len(found) == 1 else named

    # --- what is new to listen to ---------------------------------------------------------------

    def _edges(self, token: Token, node: Node, target: Node) -> None:
        known = {self._home(event.name) for event in node.boundary}
        self.fresh += [
            Fresh(token.id, event.name) for event in target.boundary if event.name not in known
        ]

    def _watchers(self, part: Workflow, scope: ProcessSpec) -> None:
        known = {self._home(watch.name) for watch in part.spec.watchers}
        carrier = part.parent_token.id if part.parent_token is not None else None
        self.fresh += [
            Fresh(carrier, watch.name, watches=True)
            for watch in scope.watchers
            if watch.name not in known
        ]

    # --- what could never go on -----------------------------------------------------------------

    def _starved(self, part: Workflow, scope: ProcessSpec, landed: Mapping[str, Node]) -> None:
        """Parallel joins that some tokens can reach and others, which they wait for, never will."""
        tokens = [token for token in part.tasks.values() if token._state & LIVE]
        before = {
            self._home(join.name)
            for join in _waiting_for(part.spec, [(t, t.task_spec) for t in tokens], None)
        }
        stand = [(token, landed[token.id]) for token in tokens if token.id in landed]
        for join in _waiting_for(scope, stand, self):
            if join.name not in before:
                self._say("join-never-opens", join)

    def _undo(self, done: list[list[Any]]) -> None:
        """What has been done and may have to be undone keeps the handler that undoes it."""
        for entry in done:
            activity, handler, _, specs = entry
            spec = self._spec(specs[0])
            home = self._home(handler)
            if spec not in self.new.specs or home not in self.new.specs[spec].task_specs:
                self.problems.append(Problem("undo-missing", activity))
                continue
            entry[0] = self._home(activity) or activity
            entry[1] = home
            entry[3] = [spec, *(self._home(name) or name for name in specs[1:])]

    # --- putting ----------------------------------------------------------------------------------

    def _settle(self, token: Token, node: Node) -> None:
        remembered = token.internal_data
        if isinstance(node, Join) and "flow" in remembered:
            remembered["flow"] = self._flow(token.workflow.spec, remembered["flow"], node)
        if isinstance(node, Revived):
            remembered["part"] = self._spec(remembered["part"])
            remembered["handler"] = self._home(remembered["handler"])
        token.task_spec = node

    def _say(self, code: str, node: Node, **params: Any) -> None:
        name = node.element.name if node.element is not None else None
        kind = {"kind": node.element.kind} if node.element is not None else {}
        self.problems.append(Problem(code, node.element_id, name, {**kind, **params}))

    def _told(self) -> list[Problem]:
        """Each problem of an element once: a fan-out of forty is one step to the reader."""
        return list({(one.code, one.element): one for one in self.problems}.values())


def _same_kind(node: Node, target: Node) -> bool:
    if type(node) is not type(target):
        return False
    if isinstance(node, Loop) and isinstance(target, Loop):
        return (node.parallel, node.standard) == (target.parallel, target.standard) and _same_kind(
            node.inner, target.inner
        )
    return _is_approval(node) == _is_approval(target)


def _is_approval(node: Node) -> bool:
    return node.element is not None and bool(node.element.properties.get("approval"))


def _waiting_for(
    spec: ProcessSpec, stand: Sequence[tuple[Token, Node]], move: _Move | None
) -> Iterator[Parallel]:
    """The parallel joins that tokens on these nodes lead to without being able to fill them."""
    for join in spec.task_specs.values():
        if not isinstance(join, Parallel) or len(join.incoming) < 2:
            continue
        ways = reach(spec, join)
        possible: set[str] = set()
        for token, node in stand:
            possible |= ways.get(node.name, frozenset())
            flow = token.internal_data.get("flow")
            if node is join and token._state == WAITING and flow is not None:
                possible.add(flow if move is None else move._flow(token.workflow.spec, flow, join))
        if possible and not possible >= set(join.incoming):
            yield join
