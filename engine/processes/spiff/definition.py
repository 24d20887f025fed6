"""Definitions: BPMN files made runnable once, and kept for those that ask again."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from engine.processes.spiff.building import build_all, resolve
from engine.processes.spiff.reading import NODES, Document, ScopeSource
from engine.processes.spiff.scripting import Compiler
from engine.processes.spiff.specs import Element, ProcessSpec
from workflows.constructs import MAX_ELEMENTS
from workflows.documents import BPMN, SPIFF, DocumentError, local, read_xml
from workflows.findings import Finding
from workflows.normalise import normalise
from workflows.scripts import ScriptError, read_script


class DefinitionRefused(Exception):
    """The diagrams cannot run; `findings` name each element and reason."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__(", ".join(f"{f.code} at {f.element}" for f in self.findings[:5]))


@dataclass(frozen=True)
class Definition:
    """A package's processes ready to run; immutable and shared by threads.

    `main` is the process that starts; `elements` are those of the diagrams by (process, id);
    `warnings` are remarks that do not stop it from running.
    """

    main: str
    specs: dict[str, ProcessSpec] = field(repr=False)
    elements: Mapping[tuple[str, str], Element] = field(repr=False)
    warnings: Sequence[Finding] = ()

    def element(self, identity: str, process: str | None = None) -> Element | None:
        """An element by its id, of the main process unless another is named."""
        return self.elements.get((process or self.main, identity))


def build(
    processes: Sequence[bytes],
    main: str | None = None,
    names: Collection[str] = (),
    packages: Mapping[str, Sequence[bytes]] | None = None,
) -> Definition:
    """Make BPMN files runnable: the first one has the main process, the others what it calls.

    `main` names the process when the first file has several that say they are executable; `names`
    are names that expressions may use although they hold spaces or hide a function of FEEL.
    `packages` are the files of other packages by key: their processes are called
    `key:process_id`, and that is their id here. What nothing calls is not built. Raises
    DefinitionRefused with a finding for each thing that cannot run.
    """
    found = _Found()
    for data in processes:
        found.read(data, "")
    for key, files in (packages or {}).items():
        for data in files:
            found.read(data, f"{key}:")
    if main is None:
        main = found.first or ""
    if main not in found.scopes:
        found.refuse(main, "process-empty", element=main or None)
    _refuse(found.findings)
    used = _reached(found, main)
    _refuse(found.findings)
    count = sum(len(part.nodes) for scope in used.values() for part in _scopes(scope))
    if count > MAX_ELEMENTS:
        found.refuse(main, "process-too-large", element=main, count=count, limit=MAX_ELEMENTS)
        _refuse(found.findings)
    known = set(names)
    for scope in used.values():
        known |= _names(scope)
    built = build_all(used, Compiler(known), found.drawn)
    findings = [*found.findings, *built.findings]
    _refuse(findings)
    return Definition(main, built.specs, built.elements, tuple(findings))


class _Found:
    """The processes of all files by id, with what was drawn, and remarks."""

    def __init__(self) -> None:
        self.scopes: dict[str, ScopeSource] = {}
        self.drawn: dict[str, dict[str, str]] = {}
        self.twice: set[str] = set()
        self.findings: list[Finding] = []
        self.first: str | None = None
        self._files = 0

    def refuse(self, document: str, code: str, element: str | None = None, **params: Any) -> None:
        """Note that something cannot run."""
        self.findings.append(Finding("error", document, code, element=element, params=params))

    def read(self, data: bytes, prefix: str) -> None:
        """One file; the ids of its processes get the prefix of its package."""
        self._files += 1
        document = self._document(data, f"process {self._files}", prefix)
        for scope in document.processes():
            if not scope.nodes:  # a pool drawn without an inside runs nowhere
                continue
            if scope.id in self.scopes:
                self.twice.add(scope.id)
                continue
            self.scopes[scope.id] = scope
            self.drawn[scope.id] = document.drawn
            if self.first is None and scope.executable:
                self.first = scope.id

    def _document(self, data: bytes, name: str, prefix: str) -> Document:
        """Normalised, with the kinds of what was drawn; refuses doubles and Python scripts."""
        try:
            raw = read_xml(data)
            drawn = self._drawn(raw, name)
            normalised = normalise(data)
        except DocumentError as problem:
            self.refuse(name, problem.code, **problem.params)
            raise DefinitionRefused(self.findings) from problem
        for node in raw.iter(f"{{{SPIFF}}}preScript", f"{{{SPIFF}}}postScript"):
            holder = node.getparent()
            owner = None if holder is None else holder.getparent()
            if (node.text or "").strip() and owner is not None:
                self.refuse(name, "script-not-feel", owner.get("id"), language="Python")
        self.findings += normalised.changes
        return Document(normalised.xml, drawn, prefix)

    def _drawn(self, raw: Any, name: str) -> dict[str, str]:
        drawn: dict[str, str] = {}
        count = 0
        for node in raw.iter(f"{{{BPMN}}}*"):
            kind, identity = local(node), node.get("id")
            count += kind in NODES
            if identity in drawn:
                self.refuse(name, "duplicate-id", identity, id=identity[:100])
            if identity:
                drawn[identity] = kind
        if count > MAX_ELEMENTS:  # said before anything costly is done with it
            self.refuse(name, "process-too-large", count=count, limit=MAX_ELEMENTS)
            raise DefinitionRefused(self.findings)
        return drawn


def _reached(found: _Found, main: str) -> dict[str, ScopeSource]:
    """The main process and everything it calls; a call of nothing is left to the builder."""
    used: dict[str, ScopeSource] = {}
    stack = [main]
    while stack:
        identity = stack.pop()
        if identity in used:
            continue
        if identity in found.twice:
            found.refuse(identity, "process-twice", element=identity, other=identity)
        used[identity] = found.scopes[identity]
        for part in _scopes(used[identity]):
            for node in part.nodes.values():
                if node.kind == "callActivity":
                    called = node.attributes.get("calledElement", "")
                    target = resolve(called, identity, found.scopes)
                    if target is not None:
                        stack.append(target)
    return used


def _refuse(findings: Sequence[Finding]) -> None:
    if any(finding.severity == "error" for finding in findings):
        raise DefinitionRefused([f for f in findings if f.severity == "error"])


def _scopes(scope: ScopeSource) -> Iterator[ScopeSource]:
    stack = [scope]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(node.inner for node in current.nodes.values() if node.inner is not None)


def _names(scope: ScopeSource) -> set[str]:
    """The variables a process sets by itself: expressions may use them though they have spaces."""
    found: set[str] = set()
    for part in _scopes(scope):
        for node in part.nodes.values():
            if node.loop is not None:
                found |= {
                    name
                    for name in (node.loop.input_item, node.loop.output_item, node.loop.data_output)
                    if name
                }
            found |= {
                node.properties[key] for key in ("result", "variable") if key in node.properties
            }
            if node.kind == "scriptTask":
                with suppress(ScriptError):  # it is refused when the node is made
                    found |= {line.name for line in read_script(node.script or "")}
    return found
