"""Definitions: BPMN files made runnable once, and kept for those that ask again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from engine.processes.spiff.building import build_all
from engine.processes.spiff.reading import Document, ScopeSource
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
    processes: Sequence[bytes], main: str | None = None, names: Collection[str] = ()
) -> Definition:
    """Make BPMN files runnable: the first one has the main process, the others what it calls.

    `main` names the process when the file has several; `names` are names with spaces that
    expressions may use. Raises DefinitionRefused with a finding for each thing that cannot run.
    """
    found: dict[str, ScopeSource] = {}
    drawn: dict[str, dict[str, str]] = {}
    findings: list[Finding] = []
    for number, data in enumerate(processes):
        document = _read(data, number, findings)
        for scope in document.processes():
            if scope.id in found:
                findings.append(
                    Finding(
                        "error",
                        scope.id,
                        "process-twice",
                        element=scope.id,
                        params={"other": scope.id},
                    )
                )
            elif scope.nodes:  # a pool drawn without an inside runs nowhere
                found[scope.id] = scope
                drawn[scope.id] = document.drawn
    if main is None:
        main = next(iter(found), "")
    if main not in found:
        findings.append(Finding("error", main, "process-empty", element=main or None))
    count = sum(len(part.nodes) for scope in found.values() for part in _scopes(scope))
    if count > MAX_ELEMENTS:
        params = {"count": count, "limit": MAX_ELEMENTS}
        findings.append(Finding("error", main, "process-too-large", element=main, params=params))
    _refuse(findings)
    known = set(names)
    for scope in found.values():
        known |= _names(scope)
    built = build_all(found, Compiler(known), drawn)
    findings += built.findings
    _refuse(findings)
    return Definition(main, built.specs, built.elements, tuple(findings))


def _read(data: bytes, number: int, findings: list[Finding]) -> Document:
    """One file, normalised, with the kinds of what was drawn; scripts of other engines refused."""
    name = f"process {number + 1}"
    try:
        raw = read_xml(data)
        normalised = normalise(data)
    except DocumentError as problem:
        refused = Finding("error", name, problem.code, params=problem.params)
        raise DefinitionRefused([*findings, refused]) from problem
    drawn: dict[str, str] = {}
    for node in raw.iter(f"{{{BPMN}}}*"):
        identity = node.get("id")
        if identity in drawn:
            params = {"id": identity[:100]}
            findings.append(Finding("error", name, "duplicate-id", element=identity, params=params))
        if identity:
            drawn[identity] = local(node)
    for node in raw.iter(f"{{{SPIFF}}}preScript", f"{{{SPIFF}}}postScript"):
        holder = node.getparent()
        owner = None if holder is None else holder.getparent()
        if (node.text or "").strip() and owner is not None:
            params = {"language": "Python"}
            findings.append(
                Finding("error", name, "script-not-feel", element=owner.get("id"), params=params)
            )
    findings += normalised.changes
    return Document(normalised.xml, drawn)


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


class SpecCache:
    """Keeps the definitions used last; a key is built once, also when several threads ask."""

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._entries: OrderedDict[Hashable, Definition] = OrderedDict()
        self._lock = threading.Lock()
        self._building: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, builder: Callable[[], Definition]) -> Definition:
        """The definition of a key, built when it is not there."""
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
                return found
            building = self._building.setdefault(key, threading.Lock())
        with building:
            with self._lock:
                found = self._entries.get(key)
            if found is None:
                try:
                    found = builder()
                    with self._lock:
                        self._entries[key] = found
                        while len(self._entries) > self._size:
                            self._entries.popitem(last=False)
                finally:
                    with self._lock:
                        self._building.pop(key, None)
        return found
