"""Why a step went to whom it went, as plain data that is kept with the ticket and shown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.assignment.routing import Found
from engine.assignment.strategies import Demand, Verdict
from workflows.routing import Terms

SPELT_OUT = 50  # candidates with all their figures; the others by name, under why they lost


def explanation(
    terms: Terms | None,
    found: Found | None,
    rule: Mapping[str, Any] | None,
    problem: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The rule that hit, what was asked for, each candidate's figures, and what went wrong."""
    said: dict[str, Any] = {"rule": rule, "problem": problem}
    if terms is not None:
        said["demand"] = _demand(terms, found.demand if found else None)
    verdicts: Sequence[Verdict] = found.choice.verdicts if found else ()
    said["candidates"] = [_candidate(verdict) for verdict in verdicts[:SPELT_OUT]]
    others: dict[str, list[str]] = {}
    for verdict in verdicts[SPELT_OUT:]:
        others.setdefault(verdict.outcome, []).append(verdict.candidate.username)
    said["others"] = others
    return said


def rule_of(decision: str, trace: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The rules of each table that hit, with the cells that made them hit."""
    tables = [
        {
            "table": step["decision"],
            "matched": step["matched"],
            "rules": [
                {
                    "rule": rule["rule"],
                    "cells": [
                        {name: cell[name] for name in ("input", "test", "value")}
                        for cell in rule["cells"]
                    ],
                    "outputs": rule["outputs"],
                }
                for rule in step["rules"]
                if rule["hit"]
            ],
        }
        for step in trace
        if step.get("kind") == "decision table"
    ]
    return {"decision": decision, "tables": tables}


def _demand(terms: Terms, demand: Demand | None) -> dict[str, Any]:
    return {
        "groups": list(terms.groups),
        "users": list(terms.users),
        "skills": dict(terms.skills),
        "strategy": terms.strategy,
        "weights": dict(terms.weights),
        "place": terms.place,
        "point": list(demand.point) if demand and demand.point else None,
        "language": demand.language if demand else terms.language,
        "last_owner": demand.last_owner if demand else None,
    }


def _candidate(verdict: Verdict) -> dict[str, Any]:
    one = verdict.candidate
    said: dict[str, Any] = {
        "username": one.username,
        "outcome": verdict.outcome,
        "params": dict(verdict.params),
        "score": verdict.score,
        "parts": {name: round(value, 3) for name, value in verdict.parts.items()},
        "load": one.load,
        "open": one.open,
        "capacity": one.capacity,
    }
    if one.stands_in_for is not None:
        said["stands_in_for"] = one.stands_in_for
    return said
