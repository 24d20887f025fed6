"""Gateways: choosing ways, and joining tokens by the flows they came along."""

from collections.abc import Sequence

from engine.processes.spiff.events import Catch
from engine.processes.spiff.facts import ProcessFault
from engine.processes.spiff.nodes import Flow, Node, check_end, matching
from engine.processes.spiff.scripting import Expression
from engine.processes.spiff.tokens import (
    COMPLETED,
    LIVE,
    WAITING,
    Token,
    Workflow,
    spawn,
)


class Exclusive(Node):
    """The first flow whose condition is true, else the default."""

    def ways(self, token: Token) -> Sequence[Flow]:
        """Conditions are asked in the order of the diagram."""
        flows = self.flows
        if len(flows) <= 1 and not (flows and flows[0].condition):
            return flows
        default = None
        for flow in flows:
            if flow.default:
                default = flow
            elif flow.condition is None or flow.condition.truth(token):
                return [flow]
        if default is None:
            raise ProcessFault("no-way-on", self.element_id)
        return [default]


class Join(Node):
    """A node that may have to wait for tokens on several incoming flows."""

    joins = True

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.incoming: list[str] = []
        self.reach: dict[str, frozenset[str]] = {}  # node -> incoming flows it can still fill

    def waiting(self, workflow: Workflow) -> dict[str, list[Token]]:
        """The tokens that wait here by the flow they came along, oldest first."""
        found: dict[str, list[Token]] = {}
        for token in workflow.tasks.values():
            if token.task_spec is self and token._state == WAITING:
                found.setdefault(token.internal_data.get("flow", ""), []).append(token)
        return found

    def pass_on(self, tokens: Sequence[Token]) -> None:
        """One token goes on for all of them."""
        first, *others = tokens
        for token in others:
            token._state = COMPLETED
        self.enter(first)
        self.make_ready(first)


class Parallel(Join):
    """Waits for a token on every incoming flow; goes on along every outgoing one."""

    def arrive(self, token: Token) -> None:
        """Tokens beyond one a flow stay for the next round."""
        if len(self.incoming) <= 1:
            super().arrive(token)
            return
        token._state = WAITING
        waiting = self.waiting(token.workflow)
        if all(flow in waiting for flow in self.incoming):
            self.pass_on([waiting[flow][0] for flow in self.incoming])

    def ways(self, token: Token) -> Sequence[Flow]:
        """Conditions after a parallel gateway are refused at deploy."""
        return self.flows


class Inclusive(Join):
    """Waits for every token that can still come; goes on along every flow that is true."""

    def arrive(self, token: Token) -> None:
        """Whether more tokens can come is looked at when nothing else moves."""
        if len(self.incoming) <= 1:
            super().arrive(token)
        else:
            token._state = WAITING

    def ways(self, token: Token) -> Sequence[Flow]:
        """Every flow whose condition is true, else the default."""
        if len(self.flows) <= 1 and not (self.flows and self.flows[0].condition):
            return self.flows
        return matching(self, token)

    def settle(self, workflow: Workflow) -> bool:
        """Let the waiting tokens through when no other token can join them; True if it did."""
        waiting = self.waiting(workflow)
        if not waiting or self.more_to_come(workflow, set(waiting)):
            return False
        self.pass_on([tokens[0] for tokens in waiting.values()])
        return True

    def more_to_come(self, workflow: Workflow, filled: set[str]) -> bool:
        """Whether a live token can reach an empty incoming flow and none that is filled.

        BPMN 2.0, 13.4.3: a token that can also reach a filled flow does not hold the gateway.
        """
        for token in workflow.tasks.values():
            spec = token.task_spec
            if not token._state & LIVE or spec is self or _only_listens(token):
                continue
            reach = self.reach.get(spec.name)
            if reach and not reach <= filled and not reach & filled:
                return True
        return False


def _only_listens(token: Token) -> bool:
    return token.task_spec.follows_events and token._state == WAITING


class Complex(Inclusive):
    """Goes on when its activation condition holds; tokens that come later end here."""

    condition: Expression | None = None

    def arrive(self, token: Token) -> None:
        """`activationCount` is the number of tokens that wait."""
        if self.condition is None or len(self.incoming) <= 1:
            super().arrive(token)
            return
        token._state = WAITING
        workflow = token.workflow
        spent = workflow.gates.get(self.name)
        if spent is not None:
            spent.append(token.internal_data.get("flow", ""))
            token._state = COMPLETED
            if set(spent) >= set(self.incoming):
                del workflow.gates[self.name]
            check_end(token)
            return
        waiting = [t for tokens in self.waiting(workflow).values() for t in tokens]
        if self.condition.truth(token, {"activationCount": len(waiting)}):
            had = [t.internal_data.get("flow", "") for t in waiting]
            if not set(had) >= set(self.incoming):
                workflow.gates[self.name] = had
            self.pass_on(waiting)

    def settle(self, workflow: Workflow) -> bool:
        """With a condition: forget a finished round once no more of its tokens can come."""
        if self.condition is None:
            return super().settle(workflow)
        spent = workflow.gates.get(self.name)
        if spent is not None and not self._still_coming(workflow, set(spent)):
            del workflow.gates[self.name]
        return False

    def _still_coming(self, workflow: Workflow, had: set[str]) -> bool:
        missing = set(self.incoming) - had
        return any(
            token._state & LIVE
            and not _only_listens(token)
            and self.reach.get(token.task_spec.name, frozenset()) & missing
            for token in workflow.tasks.values()
        )


class EventGateway(Node):
    """Waits for the first of several events; the others are then no longer waited for."""

    def act(self, token: Token) -> bool:
        """Each event gets a token; they know each other by the gateway's token."""
        race = token.id
        for flow in self.flows:
            spec = flow.target
            child = spawn(token, spec, flow.id, race=race)
            if not (isinstance(spec, Catch) and child._state == WAITING):
                break
        return True

    def ways(self, token: Token) -> Sequence[Flow]:
        """The events have their tokens already."""
        return ()

    def _on_complete(self, token: Token) -> None:
        token.workflow.top_workflow.run.note(token, "left")
