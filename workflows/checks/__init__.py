"""What a package must satisfy before it can be deployed, said in findings a person can follow."""

from workflows.checks.context import Context, Known
from workflows.findings import Finding
from workflows.packages import Package

__all__ = ["Known", "check", "names"]


def check(package: Package, known: Known | None = None) -> list[Finding]:
    """Every finding on a package: its documents one by one, and what they say of each other.

    `known` is what the installation has (groups, people, other types); without it only the package
    itself is judged. Errors stop a deployment, warnings do not. Never raises for what a document
    says, and never runs any of it.
    """
    # Only who checks pays for the checks: starting the product does not.
    from workflows.checks import (
        calls,
        events,
        expressions,
        files,
        graph,
        joins,
        levels,
        questions,
        raw,
        steps,
    )

    context = Context(package, known)
    context.load()
    files.check(context)
    for loaded in context.loaded:
        raw.check(context, loaded)
        questions.check(context, loaded)
        if loaded.is_broken:
            continue
        for process in loaded.run:
            graph.check(context, loaded, process)
            if loaded.is_broken:
                break
            joins.check(context, loaded, process)
            events.check(context, loaded, process)
            steps.check(context, loaded, process)
            expressions.check(context, loaded, process)
    levels.check(context)
    calls.check(context)
    return context.findings


def names(package: Package) -> frozenset[str]:
    """The names that the expressions of a package can speak of: `ticket`, fields, variables."""
    context = Context(package, None)
    context.load()
    return context.names
