"""Elements with an inside: sub-processes, transactions, called processes, ad-hoc sub-processes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.processes.spiff.events import listeners
from engine.processes.spiff.facts import ProcessFault
from engine.processes.spiff.nodes import Node, check_end, finish
from engine.processes.spiff.scripting import Expression, Scope, Value, assign, merge
from engine.processes.spiff.tokens import (
    LIVE,
    MAX_DEPTH,
    STARTED,
    Part,
    Token,
    cancel,
    root,
    spawn,
)

if TYPE_CHECKING:
    from engine.processes.spiff.specs import ProcessSpec


class SubProcess(Node):
    """Runs its inside in the variables of the process around it."""

    inside: "ProcessSpec"
    isolated = False

    def arrive(self, token: Token) -> None:
        """The inside begins at once, after the attached events have begun to listen."""
        self.enter(token)
        if token._state & LIVE:
            token._state = STARTED
            self.begin(token)

    def begin(self, token: Token) -> None:
        """Start the inside."""
        if token.workflow.depth >= MAX_DEPTH:
            raise ProcessFault("call-too-deep", self.element_id, depth=MAX_DEPTH)
        part = Part(self.inside, token, self.isolated)
        self.give(token, part)
        origin = root(part)
        for watch in self.inside.watchers:
            spawn(origin, watch)
        for start in self.starts():
            if part.completed:
                return
            spawn(origin, start)
        if not part.completed:
            check_end(origin)

    def starts(self) -> Sequence[Node]:
        """What gets a token at the beginning."""
        return self.inside.starts

    def give(self, token: Token, part: Part) -> None:
        """What the inside knows at the beginning: here it sees everything anyway."""

    def take(self, token: Token, part: Part) -> None:
        """What the inside leaves behind."""

    def part_done(self, token: Token, part: Part) -> None:
        """The inside has ended: the token may go on."""
        self.take(token, part)
        self.make_ready(token)


class Transaction(SubProcess):
    """A sub-process that can be cancelled: it is undone first, then its cancel event goes on."""

    def part_done(self, token: Token, part: Part) -> None:
        """Cancelled and undone: leave by the cancel event; else as a sub-process does."""
        if token.internal_data.pop("cancelled", False):
            owners = (token.id, token._parent if token.triggered else None)
            for listener in listeners(token.workflow, "cancel"):
                if listener.token._parent in owners:
                    listener.fire({})
                    return
        super().part_done(token, part)


class Call(SubProcess):
    """Runs another process with variables of its own.

    Without mappings the caller's variables are copied in and the called process's copied back;
    with mappings only what they name, each evaluated where it comes from.
    """

    isolated = True
    given: Sequence[tuple[str, Value]] | None = None
    taken: Sequence[tuple[str, Value]] | None = None

    def give(self, token: Token, part: Part) -> None:
        """Copy in."""
        if self.given is None:
            scope = Scope(token)
            part.data = scope.variables()
        else:
            part.data = {name: value.of(token) for name, value in self.given}

    def take(self, token: Token, part: Part) -> None:
        """Copy back."""
        if self.taken is None:
            merge(token, part.data)
            return
        results = [(name, value.of(part.task_tree)) for name, value in self.taken]
        for name, value in results:
            assign(token, name, value)


class AdHoc(SubProcess):
    """Activities in any order: all may begin at once, or one after the other; ends by condition."""

    condition: Expression | None = None
    sequential = False
    cancel_rest = True

    def starts(self) -> Sequence[Node]:
        """In sequence the first one begins, the others follow."""
        return self.inside.starts[:1] if self.sequential else self.inside.starts

    def inner_done(self, token: Token) -> None:
        """An activity inside has ended: is the whole done, or does the next one begin?"""
        part = token.workflow
        if part.completed or not isinstance(part, Part):
            return
        carrier = part.parent_token
        if self.condition is not None and self.condition.truth(token):
            carrier.internal_data["enough"] = True
            if self.cancel_rest:
                for other in list(part.tasks.values()):
                    cancel(other)
                finish(part)
            return
        if not self.sequential or carrier.internal_data.get("enough"):
            return
        if any(t._state & LIVE and not t.task_spec.watches for t in part.tasks.values()):
            return
        done = carrier.internal_data.get("begun", 1)
        if done < len(self.inside.starts):
            carrier.internal_data["begun"] = done + 1
            spawn(part.task_tree, self.inside.starts[done])
