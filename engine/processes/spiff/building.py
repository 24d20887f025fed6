"""From the read diagrams to the library's specifications, scope by scope; says what cannot run."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.processes.spiff.nodes import Node
from engine.processes.spiff.reading import GATEWAYS, FlowSource, NodeSource, ScopeSource
from engine.processes.spiff.scopes import SubProcess
from engine.processes.spiff.scripting import Compiler, Expression, ExpressionRefused, Value
from engine.processes.spiff.specs import Element, ProcessSpec
from workflows.findings import Finding

ADDED = GATEWAYS | {"startEvent", "endEvent"}


@dataclass
class Built:
    """What came out: specifications by name, elements by process and id, and findings."""

    specs: dict[str, ProcessSpec] = field(default_factory=dict)
    elements: dict[tuple[str, str], Element] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    later: list[tuple[SubProcess, str]] = field(default_factory=list)  # insides built afterwards


@dataclass(frozen=True)
class Inside:
    """A sub-process that is still to be built."""

    source: ScopeSource
    spec: ProcessSpec
    enclosing: tuple[str, ...]
    owner: NodeSource | None


class Work:
    """One scope on the bench: what is read, what is made of it so far, and who to complain to.

    `drawn` gives the kinds of the original diagram by id. Starts, ends and gateways that are not
    among them were added by normalising and stay unknown to the outside; other nodes were drawn
    without an id.
    """

    def __init__(
        self,
        inside: Inside,
        built: Built,
        compiler: Compiler,
        drawn: Mapping[str, str],
        processes: Collection[str],
    ) -> None:
        self.source = inside.source
        self.spec = inside.spec
        self.enclosing = inside.enclosing
        self.owner = inside.owner
        self.built = built
        self.compiler = compiler
        self.drawn = drawn
        self.processes = processes
        self.nodes: dict[str, Node] = {}
        self.to_build: list[Inside] = []
        self.later = built.later
        self.incoming: dict[str, list[FlowSource]] = defaultdict(list)
        self.outgoing: dict[str, list[FlowSource]] = defaultdict(list)
        for flow in self.source.flows:
            self.incoming[flow.target].append(flow)
            self.outgoing[flow.source].append(flow)

    def refuse(self, code: str, element: str | None, **params: Any) -> None:
        """Note that something cannot run."""
        self.built.findings.append(
            Finding("error", self.source.process, code, element=element, params=params)
        )

    def expression(self, text: str, element: str) -> Expression | None:
        """Compile FEEL; a text that is none is refused."""
        try:
            return self.compiler.expression(text, element)
        except ExpressionRefused as refused:
            self.refuse("expression-unreadable", element, **refused.params)
            return None

    def value(self, text: str, element: str) -> Value:
        """Compile a property: text as it stands, or FEEL after `=`."""
        if text.lstrip().startswith("="):
            return Value(None, self.expression(text, element))
        return Value(text, None)

    def element(self, source: NodeSource, **changes: Any) -> Element | None:
        """What the outside knows of a node, None for one that normalising has added."""
        if source.id not in self.drawn and source.kind in ADDED:
            return None
        facts: dict[str, Any] = {
            "enclosing": self.enclosing,
            "properties": source.properties,
            "attached_to": source.attributes.get("attachedToRef"),
            **changes,
        }
        kind = self.drawn.get(source.id, source.kind)
        element = Element(source.id, kind, source.name, self.source.process, **facts)
        self.built.elements[self.source.process, source.id] = element
        return element


def resolve(called: str, caller: str, processes: Collection[str]) -> str | None:
    """The id of the process that a call means: in the caller's package first, then anywhere."""
    package = caller.rpartition(":")[0]
    for identity in (f"{package}:{called}" if package else called, called):
        if identity in processes:
            return identity
    bare = called.rpartition(":")[2]
    return bare if bare in processes else None


def build_all(
    processes: Mapping[str, ScopeSource],
    compiler: Compiler,
    drawn: Mapping[str, Mapping[str, str]],
) -> Built:
    """Specifications for processes by id and everything inside them."""
    from engine.processes.spiff import making, wiring

    built = Built()
    for identity in processes:
        built.specs[identity] = ProcessSpec(identity, identity)
    for identity, source in processes.items():
        stack = [Inside(source, built.specs[identity], (), None)]
        while stack:
            work = Work(stack.pop(), built, compiler, drawn[identity], processes)
            making.make_nodes(work)
            wiring.connect(work)
            stack.extend(work.to_build)
    for node, name in built.later:
        node.inside = built.specs[name]
    return built
