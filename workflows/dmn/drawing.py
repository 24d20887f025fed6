"""A decision table as an editor holds it: columns and rows that remember where they came from."""

from dataclasses import dataclass

from workflows.dmn import model
from workflows.dmn.reader import read
from workflows.documents import DocumentError

Source = int | None
"""The place (from 0) that a column or row has in the document; None for a new one."""


@dataclass(frozen=True, slots=True)
class DrawnInput:
    """An input column; the texts are FEEL."""

    source: Source
    expression: str
    label: str
    type: str = ""
    values: str = ""


@dataclass(frozen=True, slots=True)
class DrawnOutput:
    """An output column; the texts are FEEL."""

    source: Source
    name: str
    label: str = ""
    type: str = ""
    values: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class DrawnNote:
    """A column of remarks."""

    source: Source
    name: str


@dataclass(frozen=True, slots=True)
class DrawnRule:
    """A row with a cell for every column."""

    source: Source
    tests: tuple[str, ...]
    results: tuple[str, ...]
    notes: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A whole table."""

    name: str
    hit_policy: str
    aggregation: str
    inputs: tuple[DrawnInput, ...]
    outputs: tuple[DrawnOutput, ...]
    notes: tuple[DrawnNote, ...]
    rules: tuple[DrawnRule, ...]


def node_of(document: model.Model, decision: str) -> model.Node:
    """A decision by its id or name; raises DocumentError."""
    found = document.nodes.get(decision)
    if found is None or found.kind != "decision":
        nodes = (node for node in document.nodes.values() if node.kind == "decision")
        found = next((node for node in nodes if node.name == decision), None)
    if found is None:
        raise DocumentError("decision-unknown", name=decision[:80])
    return found


def drawn(data: bytes, decision: str) -> Drawn | None:
    """The table of a decision; None when its logic is no table. Raises DocumentError."""
    node = node_of(read(data), decision)
    return of_table(node.logic, node.name) if isinstance(node.logic, model.Table) else None


def of_table(table: model.Table, name: str) -> Drawn:
    """A table as the document has it; a cell that is missing is empty."""

    def cells(texts: tuple[model.Text, ...], count: int) -> tuple[str, ...]:
        return _filled(tuple(text.text for text in texts), count)

    return Drawn(
        name,
        table.hit_policy,
        table.aggregation,
        tuple(
            DrawnInput(at, one.expression.text, one.label, one.type, _text(one.values))
            for at, one in enumerate(table.inputs)
        ),
        tuple(
            DrawnOutput(at, one.name, one.label, one.type, _text(one.values), _text(one.default))
            for at, one in enumerate(table.outputs)
        ),
        tuple(DrawnNote(at, name) for at, name in enumerate(table.annotations)),
        tuple(
            DrawnRule(
                at,
                cells(rule.tests, len(table.inputs)),
                cells(rule.results, len(table.outputs)),
                _filled(rule.annotations, len(table.annotations)),
                rule.description,
            )
            for at, rule in enumerate(table.rules)
        ),
    )


def _text(text: model.Text | None) -> str:
    return "" if text is None else text.text


def _filled(texts: tuple[str, ...], count: int) -> tuple[str, ...]:
    return (*texts[:count], *("" for _ in range(count - len(texts))))
