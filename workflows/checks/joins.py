"""Parallel joins that can never be filled: their branches come from a choice."""

from workflows.bpmn import Process
from workflows.checks.context import Context, Loaded
from workflows.dominators import immediate_dominators

_CHOICES = frozenset({"exclusiveGateway", "eventBasedGateway"})


def check(context: Context, loaded: Loaded, process: Process) -> None:
    """A parallel gateway that waits for several branches of which a choice takes only one.

    The last element that every way to the join goes through (its immediate dominator) says where
    its branches part; when that is a choosing gateway, the join waits for ever.
    """
    joins = [one for one in process.of_kind("parallelGateway") if len(one.incoming) > 1]
    if not joins:
        return
    dominators = immediate_dominators(process)
    for join in joins:
        parting = process.elements.get(dominators.get(join.id, ""))
        if parting is not None and parting.kind in _CHOICES:
            context.warn(loaded.path, "join-never-filled", join.id, gateway=parting.id)
