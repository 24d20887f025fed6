"""Decisions that a process asks for, answered by the tables of its own package version."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.deployments.catalogue import Loaded
from engine.processes.runtime import Decide, Decided, ProcessFault
from workflows import dmn

# Who is told of every decision and how it came about: the sandbox, nobody in an installation.
_watchers: list[Callable[[str, Any, Any], None]] = []


def watch(watcher: Callable[[str, Any, Any], None]) -> None:
    """Tells somebody of every decision of this process: its id, its outputs, its trace."""
    _watchers.append(watcher)


def decider(version: Loaded) -> Decide:
    """What answers a business rule task of this version."""

    def decide(decision: str, scope: Mapping[str, Any]) -> Decided:
        found = version.package.decisions.get(decision)
        if found is None:
            raise ProcessFault("decision-error", None, decision=decision, reason="unknown")
        answer = dmn.evaluate_decision(found[1], decision, scope)
        for watcher in _watchers:
            watcher(decision, answer.outputs, answer.trace)
        return Decided(answer.outputs, answer.trace)

    return decide
