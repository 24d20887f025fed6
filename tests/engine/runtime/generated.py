"""Random diagrams, built of blocks, for the round-trip tests."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.engine.runtime.diagrams import Diagram, Scope, condition, event, loop, many, timer

# Blocks that the library runs rightly as it is shipped, and those that it does not.
# (Shipped, the library's parallel join loses count of rounds when its fork is run again.)
STOCK = ("task", "choice", "fork", "sub", "edge", "again plain")
PLAIN = ("task", "choice", "edge")
OURS = (
    "task",
    "choice",
    "fork",
    "sub",
    "edge",
    "again",
    "inclusive",
    "side_timer",
    "side_message",
    "many",
    "loop",
    "race",
    "signal",
    "error",
    "escalation",
    "condition",
    "undo",
    "script",
)

Block = tuple[str, list["list[Block]"]]


@st.composite
def blocks(draw: st.DrawFn, kinds: tuple[str, ...], depth: int = 3) -> list[Block]:
    """A sequence of blocks; those with branches hold sequences again."""
    found: list[Block] = []
    for _ in range(draw(st.integers(1, 3 if depth == 3 else 2))):
        kind = draw(st.sampled_from(kinds if depth else ("task",)))
        branches = {"choice": 2, "fork": 2, "inclusive": 2, "sub": 1, "again": 1, "error": 1}
        kind, _, plain = kind.partition(" ")
        count = branches.get(kind, 0)
        inner = PLAIN if plain else kinds
        found.append((kind, [draw(blocks(inner, depth - 1)) for _ in range(count)]))
    return found


@dataclass
class Maker:
    """Turns blocks into a diagram; every user task `uN` sets the variable `vN`."""

    diagram: Diagram = field(default_factory=Diagram)
    count: int = 0

    def make(self, sequence: list[Block]) -> Diagram:
        """The whole diagram, with an event sub-process where the blocks ask for signals."""
        d = self.diagram
        d.start()
        last = self.sequence(d, sequence, "start")
        d.end()
        d.line(last, "end")
        return d

    def name(self, prefix: str) -> str:
        """A new id."""
        self.count += 1
        return f"{prefix}{self.count}"

    def task(self, scope: Scope, before: str, body: str = "") -> str:
        """A user task behind a node."""
        name = scope.user(self.name("u"), body)
        scope.line(before, name)
        return name

    def sequence(self, scope: Scope, blocks: list[Block], before: str) -> str:
        """Blocks one after the other; gives the node at the end."""
        for kind, inner in blocks:
            before = getattr(self, f"_{kind}")(scope, before, inner)
        return before

    def _task(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        return self.task(scope, before)

    def _script(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        name = self.name("s")
        scope.script(name, f"{name} = 1 + 1")
        scope.line(before, name)
        return name

    def _choice(self, scope: Scope, before: str, inner: list[list[Block]]) -> str:
        asked = self.task(scope, before)
        split, merge = self.name("x"), self.name("x")
        scope.node("exclusiveGateway", split, default=f"{split}_default")
        scope.node("exclusiveGateway", merge)
        scope.line(asked, split)
        for number, branch in enumerate(inner):
            first = self.name("u")
            scope.user(first)
            if number:
                scope.flow(split, first, None, f"{split}_default")
            else:
                scope.flow(split, first, f"v{asked[1:]} > 3", f"{split}_asked")
            scope.line(self.sequence(scope, branch, first), merge)
        return merge

    def _fork(self, scope: Scope, before: str, inner: list[list[Block]]) -> str:
        return self._split(scope, before, inner, "parallelGateway")

    def _inclusive(self, scope: Scope, before: str, inner: list[list[Block]]) -> str:
        return self._split(scope, self.task(scope, before), inner, "inclusiveGateway")

    def _split(self, scope: Scope, before: str, inner: list[list[Block]], kind: str) -> str:
        split, join = self.name("g"), self.name("g")
        asking = kind == "inclusiveGateway"
        extra = {"default": f"{split}_0"} if asking else {}
        scope.node(kind, split, **extra)
        scope.node(kind, join)
        scope.line(before, split)
        for number, branch in enumerate(inner):
            first = self.name("u")
            scope.user(first)
            text = f"v{before[1:]} > {number * 2}" if asking and number else None
            scope.flow(split, first, text, f"{split}_{number}")
            scope.line(self.sequence(scope, branch, first), join)
        return join

    def _again(self, scope: Scope, before: str, inner: list[list[Block]]) -> str:
        merge, gate = self.name("x"), self.name("x")
        scope.node("exclusiveGateway", merge)
        scope.line(before, merge)
        last = self.task(scope, self.sequence(scope, inner[0], merge))
        scope.node("exclusiveGateway", gate, default=f"{gate}_out")
        scope.line(last, gate)
        scope.flow(gate, merge, f"v{last[1:]} > 6", f"{gate}_back")
        after = self.name("u")
        scope.user(after)
        scope.flow(gate, after, None, f"{gate}_out")
        return after

    def _sub(self, scope: Scope, before: str, inner: list[list[Block]]) -> str:
        name = self.name("p")
        inside = scope.scope()
        inside.start(f"{name}_start")
        last = self.sequence(inside, inner[0], f"{name}_start")
        inside.end(f"{name}_end")
        inside.line(last, f"{name}_end")
        scope.inside("subProcess", name, inside)
        scope.line(before, name)
        return name

    def _edge(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        """An interrupting message on a task; both ways come together again."""
        return self._attached(scope, before, self._message(), True)

    def _side_message(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        return self._attached(scope, before, self._message(), False)

    def _side_timer(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        return self._attached(scope, before, timer("R3/PT1H", "timeCycle"), False)

    def _condition(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        asked = self.task(scope, before)
        return self._attached(scope, asked, condition(f"v{asked[1:]} > 5"), True)

    def _message(self) -> str:
        name = self.name("m")
        self.diagram.root("message", name, name=name)
        return event("message", name)

    def _attached(self, scope: Scope, before: str, body: str, interrupting: bool) -> str:
        work = self.task(scope, before)
        edge = scope.boundary(self.name("b"), work, body, interrupting)
        other = self.task(scope, edge)
        merge = self.name("x")
        scope.node("exclusiveGateway", merge)
        scope.line(work, merge)
        if interrupting:
            scope.line(other, merge)
        return merge

    def _many(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        marker = many("3", sequential=self.count % 2 == 0)
        return self.task(scope, before, marker)

    def _loop(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        return self.task(scope, before, loop(f"v{self.count + 1} > 4", maximum=3))

    def _race(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        gate, merge = self.name("g"), self.name("x")
        scope.node("eventBasedGateway", gate)
        scope.node("exclusiveGateway", merge)
        scope.line(before, gate)
        for body in (timer("PT1H"), self._message()):
            caught = scope.node("intermediateCatchEvent", self.name("c"), body)
            scope.line(gate, caught, merge)
        return merge

    def _signal(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        """One branch waits for what the other throws."""
        name = self.name("a")
        self.diagram.root("signal", name, name=name)
        split, join = self.name("g"), self.name("g")
        scope.node("parallelGateway", split)
        scope.node("parallelGateway", join)
        caught = scope.node("intermediateCatchEvent", self.name("c"), event("signal", name))
        scope.line(before, split, caught, join)
        pressed = self.task(scope, split)
        thrown = scope.node("intermediateThrowEvent", self.name("t"), event("signal", name))
        scope.line(pressed, thrown, join)
        return join

    def _error(self, scope: Scope, before: str, inner: list[list[Block]]) -> str:
        return self._thrown(scope, before, inner[0], "error", True)

    def _escalation(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        return self._thrown(scope, before, [], "escalation", self.count % 2 == 0)

    def _thrown(
        self, scope: Scope, before: str, inner: list[Block], kind: str, interrupting: bool
    ) -> str:
        """A sub-process that may throw to the event on its edge, with work open beside it."""
        code, name = self.name("e"), self.name("p")
        self.diagram.root(kind, code, name=code, **{f"{kind}Code": code})
        inside = scope.scope()
        inside.start(f"{name}_start")
        split = self.name("g")
        inside.node("parallelGateway", split)
        inside.line(f"{name}_start", split)
        self.sequence(inside, inner, self.task(inside, split))
        asked = self.task(inside, split)
        gate = self.name("x")
        inside.node("exclusiveGateway", gate, default=f"{gate}_out")
        inside.line(asked, gate)
        thrown = inside.end(self.name("t"), event(kind, code))
        inside.flow(gate, thrown, f"v{asked[1:]} > 4")
        inside.end(f"{name}_end")
        inside.flow(gate, f"{name}_end", None, f"{gate}_out")
        scope.inside("subProcess", name, inside)
        scope.line(before, name)
        edge = scope.boundary(self.name("b"), name, event(kind, code), interrupting)
        other = self.task(scope, edge)
        merge = self.name("x")
        scope.node("exclusiveGateway", merge)
        scope.line(name, merge)
        if interrupting:
            scope.line(other, merge)
        return merge

    def _undo(self, scope: Scope, before: str, _: list[list[Block]]) -> str:
        done = self.task(scope, before)
        edge = scope.boundary(self.name("b"), done, "<bpmn:compensateEventDefinition/>")
        handler = self.name("u")
        scope.user(handler, isForCompensation="true")
        scope.raw(
            f'<bpmn:association id="{self.name("l")}" sourceRef="{edge}" targetRef="{handler}"/>'
        )
        thrown = scope.node(
            "intermediateThrowEvent", self.name("t"), "<bpmn:compensateEventDefinition/>"
        )
        scope.line(done, thrown)
        return thrown
