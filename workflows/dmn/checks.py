"""What a decision document must satisfy, each finding with decision, rule and column."""

from collections.abc import Iterator
from typing import Any

from workflows.dmn import model
from workflows.dmn.logic_checks import Place, check_logic
from workflows.dmn.program import Program
from workflows.dmn.reader import read
from workflows.documents import DocumentError
from workflows.findings import Finding

MAX_FINDINGS = 200
"""Findings of one document; the rest would not be read."""


def check(document: str, data: bytes) -> list[Finding]:
    """What is wrong with a DMN document; `document` is its name in the package."""
    try:
        program = Program(read(data))
    except DocumentError as error:
        return [Finding("error", document, error.code, params=error.params)]
    found: list[Finding] = []
    for finding in _all(program, document):
        found.append(finding)
        if len(found) >= MAX_FINDINGS:
            break
    return found


def _all(program: Program, document: str) -> Iterator[Finding]:
    yield from _requirements(program.document, document)
    yield from _circles(program.document, document)
    for node in program.document.nodes.values():
        if node.variable.type and program.types.find(node.variable.type) is None:
            params = {"type": node.variable.type[:80], "name": node.name}
            yield Finding("error", document, "unknown-type", node.id, params=params)
        if node.kind == "input":
            continue
        if node.logic is None:
            params = {"name": node.name}
            yield Finding("warning", document, "logic-missing", node.id, params=params)
            continue
        place = Place(program, document, node.id, node.name, known_names(program.document, node))
        yield from check_logic(place, node.logic)


def known_names(document: model.Model, node: model.Node) -> frozenset[str] | None:
    """The names that the logic of a node may use; None when it may use the caller's variables.

    A document without any input data leaves its inputs to the process that asks.
    """
    if not any(one.kind == "input" for one in document.nodes.values()):
        return None
    known = {one.name for one in document.imports}
    for identity in (*node.inputs, *node.decisions, *node.knowledge):
        found: Any = document.nodes.get(identity) or document.services.get(identity)
        if found is not None:
            known.add(found.variable.name or found.name)
    return frozenset(known | {node.name, node.variable.name})


def _requirements(found: model.Model, document: str) -> Iterator[Finding]:
    for node in found.nodes.values():
        for identity in (*node.inputs, *node.decisions, *node.knowledge):
            if identity not in found.nodes and identity not in found.services:
                params = {"name": identity[:80]}
                yield Finding("error", document, "requirement-unknown", node.id, params=params)
    for service in found.services.values():
        for identity in (*service.outputs, *service.input_decisions, *service.input_data):
            if identity not in found.nodes:
                params = {"name": identity[:80]}
                yield Finding("error", document, "requirement-unknown", service.id, params=params)


def _circles(found: model.Model, document: str) -> Iterator[Finding]:
    """Decisions that need themselves, found without recursion."""
    done: set[str] = set()
    for first in found.nodes:
        path: list[str] = []
        pending = [(first, False)]
        while pending:
            identity, leaving = pending.pop()
            if leaving:
                path.pop()
                done.add(identity)
                continue
            node = found.nodes.get(identity)
            if node is None or identity in done:
                continue
            if identity in path:
                yield Finding(
                    "error", document, "requirement-circle", identity, params={"name": node.name}
                )
                continue
            path.append(identity)
            pending.append((identity, True))
            pending.extend((one, False) for one in node.decisions)
