"""Going back: a token leaves its place for an earlier one, and with it all that came after that."""

from collections.abc import Mapping

from engine.processes.spiff.facts import ProcessFault
from engine.processes.spiff.nodes import Node, again
from engine.processes.spiff.tokens import Token, cancel, spawn


def move(token: Token, target: str, *, back: bool, alone: bool = False) -> None:
    """Cancels what stands after the target, and puts a token on it.

    With `alone` only the token itself leaves its place: it has not met others since the target.
    A start event is waited on by its requester. With `back` whoever completes the target sends
    the token straight back to where it came from. Raises ProcessFault for a target that is not in
    the token's own part of the process, and for a token of a loop.
    """
    workflow = token.workflow
    nodes: Mapping[str, Node] = workflow.spec.task_specs
    goal = nodes.get(again(target)) or nodes.get(target)
    if goal is None or token.triggered:
        raise ProcessFault("move-impossible", token.task_spec.element_id, target=target)
    after = set() if alone else reachable(goal)
    origin = token.task_spec.name
    for other in list(workflow.tasks.values()):
        if other is token or (other.task_spec.name in after and other is not workflow.task_tree):
            cancel(other)
    remembered = {"back": origin} if back else {}
    spawn(workflow.task_tree, goal, **remembered)


def reachable(goal: Node) -> set[str]:
    """The names of the nodes that a token on a node can come to, itself included."""
    found: dict[str, Node] = {}
    todo = [goal]
    while todo:
        node = todo.pop()
        if node.name in found:
            continue
        found[node.name] = node
        todo += [flow.target for flow in node.flows]
        todo += node.boundary
    return set(found)
