"""Decisions that a process asks for, answered by the tables of its own package version."""

from collections.abc import Mapping
from typing import Any

from engine.deployments.catalogue import Loaded
from engine.processes.runtime import Decide, Decided, ProcessFault
from workflows import dmn


def decider(version: Loaded) -> Decide:
    """What answers a business rule task of this version."""

    def decide(decision: str, scope: Mapping[str, Any]) -> Decided:
        found = version.package.decisions.get(decision)
        if found is None:
            raise ProcessFault("decision-error", None, decision=decision, reason="unknown")
        answer = dmn.evaluate_decision(found[1], decision, scope)
        return Decided(answer.outputs, answer.trace)

    return decide
