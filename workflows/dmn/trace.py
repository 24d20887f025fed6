"""The trace of a decision: plain data that explains the outcome to a person."""

from typing import TYPE_CHECKING, Any

from workflows.dmn.results import DecisionState
from workflows.feel.expression import STOPPED
from workflows.feel.literals import text_of
from workflows.feel.scope import EMPTY, Root, Scope

if TYPE_CHECKING:
    from workflows.dmn.tables import CompiledTable

MAX_RULES = 200
"""Rules of one table that a trace spells out; those that match come in any case."""
_MAX_TEXT = 500


def shown(value: Any) -> str:
    """A value as a person reads it, cut to a bearable length."""
    try:
        text = text_of(value, room=10_000)
    except STOPPED:
        return "…"
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "…"


def table_step(
    table: "CompiledTable", values: list[Any], matched: list[int], scope: Scope
) -> dict[str, Any]:
    """The trace of a table: its inputs and each cell of its rules."""
    hit = set(matched)
    places = [*range(min(len(table.rows), MAX_RULES)), *(at for at in matched if at >= MAX_RULES)]
    return {
        "kind": "decision table",
        "decision": table.name,
        "element": table.table.element,
        "hit_policy": table.policy,
        "inputs": [
            {"input": column.label, "value": shown(value)}
            for column, value in zip(table.table.inputs, values, strict=True)
        ],
        "matched": [place + 1 for place in matched],
        "rules": [
            {
                "rule": place + 1,
                "element": table.table.rules[place].element,
                "hit": place in hit,
                "cells": _cells(table, place, values, scope),
                "outputs": _outputs(table, place, scope) if place in hit else {},
            }
            for place in places
        ],
        "rules_left_out": len(table.rows) - len(places),
    }


def _fresh(scope: Scope) -> Scope:
    """The same scope with a state of its own: explaining must not use up or warn anything."""
    state = DecisionState()
    made: Scope = Root(EMPTY, state)
    made.update(scope)
    if isinstance(made, Root):
        made.host = scope
    return made


def _cells(
    table: "CompiledTable", place: int, values: list[Any], scope: Scope
) -> list[dict[str, Any]]:
    made = []
    inside = _fresh(scope)
    for at, (cell, value) in enumerate(zip(table.rows[place], values, strict=True), 1):
        try:
            fits = cell.test is None or cell.test(value, inside) is True
        except STOPPED:
            fits = False
        made.append(
            {
                "column": at,
                "input": table.table.inputs[at - 1].label,
                "test": cell.text or "-",
                "value": shown(value),
                "hit": fits,
            }
        )
    return made


def _outputs(table: "CompiledTable", place: int, scope: Scope) -> dict[str, str]:
    try:
        row = table.row_of(place, _fresh(scope))
    except STOPPED:
        return {}
    return {name: shown(value) for name, value in row.items()}
