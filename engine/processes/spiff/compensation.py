"""Undoing what has been done: compensation handlers run in the reverse order of completion."""

from engine.processes.spiff.facts import ProcessFault
from engine.processes.spiff.nodes import Node, check_end
from engine.processes.spiff.throwing import Throw
from engine.processes.spiff.tokens import LIVE, STARTED, Part, Token, root, spawn

REVIVAL = "[revived]"


class ThrowCompensation(Throw):
    """Runs the handlers of what its scope has completed, one at a time, and then goes on."""

    @property
    def wanted(self) -> str | None:
        """The one activity to undo, None for all."""
        return self.definitions[0].activity if self.definitions else None

    def act(self, token: Token) -> bool | None:
        """Start with the latest; True when there is nothing to undo."""
        token.workflow.top_workflow.run.note(token, "thrown")
        token._state = STARTED
        return None if undo_next(token, self.wanted) else True

    def child_done(self, token: Token, child: Token) -> None:
        """One is undone; the one before it comes next."""
        if token._state & LIVE and not undo_next(token, self.wanted):
            token.complete()


class Revived(Node):
    """Opens an ended sub-process once more, only to run a compensation handler in it."""

    def arrive(self, token: Token) -> None:
        """`part` and `handler` say what to open and what to run."""
        token._state = STARTED
        top = token.workflow.top_workflow
        part = Part(top.subprocess_specs[token.internal_data["part"]], token, False)
        spawn(root(part), part.spec.task_specs[token.internal_data["handler"]])
        if not part.completed:
            check_end(part.task_tree)

    def part_done(self, token: Token, part: Part) -> None:
        """The handler is through."""
        self.make_ready(token)


def undo_next(token: Token, wanted: str | None) -> bool:
    """Run the handler of the latest completed activity of a token's scope on its behalf.

    Activities of sub-processes that have ended inside the scope belong to it; those of called
    processes do not. False when there is nothing left to undo.
    """
    workflow = token.workflow
    done = workflow.top_workflow.done_activities
    carrier = workflow.parent_token
    scope = None if carrier is None else carrier.id
    for index in range(len(done) - 1, -1, -1):
        activity, handler, carriers, specs = done[index]
        depth = len(carriers) if scope is None else _position(carriers, scope)
        if depth is None or (
            wanted is not None and wanted not in (activity, *specs[1 : depth + 1])
        ):
            continue
        home = workflow.top_workflow.subprocess_specs.get(specs[0]) if depth else workflow.spec
        if home is None or handler not in home.task_specs:  # gone with another version
            raise ProcessFault("compensation-invalid", activity)
        del done[index]
        if depth == 0:
            spawn(token, home.task_specs[handler], behalf=True)
        else:
            revival = workflow.spec.task_specs[REVIVAL]
            spawn(token, revival, behalf=True, part=specs[0], handler=handler)
        return True
    return False


def _position(carriers: list[str], scope: str) -> int | None:
    return carriers.index(scope) if scope in carriers else None
