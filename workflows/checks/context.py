"""What every check needs: the package, the installation's facts, the documents, the findings."""

import contextlib
import copy
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from workflows import bpmn
from workflows.constructs import MAX_ELEMENTS
from workflows.documents import BPMN, DocumentError, decode, read_xml
from workflows.extensions import settings_of
from workflows.findings import Finding, Severity
from workflows.normalise import normalise_tree
from workflows.packages import Package, main_process
from workflows.scripts import ScriptError, read_script

MAX_FINDINGS = 500

# Changes that mean nothing for the run; saying them would only hide the others.
_QUIET = frozenset({"ids-added", "event-definition-inlined"})


@dataclass(frozen=True, slots=True)
class Known:
    """What the installation knows; None means that it cannot be said.

    `processes` maps the key of every other package to the ids of its processes, `numbers` to its
    number pattern; `operations` are the registered service operations.
    """

    groups: Container[str] | None = None
    users: Container[str] | None = None
    departments: Container[str] | None = None
    processes: Mapping[str, Container[str]] | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    operations: Container[str] | None = None


@dataclass(slots=True)
class Loaded:
    """One BPMN file: as written (`root`) and as it will run (`document`)."""

    path: str
    root: etree._Element
    document: bpmn.Document
    is_broken: bool = False

    @property
    def run(self) -> list[bpmn.Process]:
        """The processes that are run."""
        return [process for process in self.document.processes if process.executable]


class Context:
    """One check of one package."""

    def __init__(self, package: Package, known: Known | None) -> None:
        self.package = package
        self.known = known or Known()
        self.findings: list[Finding] = []
        self.loaded: list[Loaded] = []

    def error(self, document: str, code: str, element: str | None = None, **params: Any) -> None:
        """Remember what stops a deployment."""
        self._say("error", document, code, element, None, params)

    def warn(self, document: str, code: str, element: str | None = None, **params: Any) -> None:
        """Remember what does not."""
        self._say("warning", document, code, element, None, params)

    def at(
        self,
        severity: Severity,
        document: str,
        code: str,
        element: str | None,
        cell: str,
        **params: Any,
    ) -> None:
        """Remember something about a place inside an element."""
        self._say(severity, document, code, element, cell, params)

    def load(self) -> list[Loaded]:
        """The readable BPMN files, the main one first; what cannot be read becomes a finding."""
        for path in self.package.bpmn_paths():
            try:
                self.loaded.append(self._load(path))
            except DocumentError as error:
                self.error(path, error.code, **error.params)
        return self.loaded

    def _load(self, path: str) -> Loaded:
        data = self.package.files[path]
        root = read_xml(data)
        _, encoding, guessed = decode(data)
        if guessed:
            self.warn(path, "encoding-guessed", encoding=encoding)
        drawn = bpmn.from_root(root)
        for process in drawn.processes:
            if len(process.elements) > MAX_ELEMENTS:
                count = len(process.elements)
                self.error(path, "process-too-large", process.id, count=count, limit=MAX_ELEMENTS)
                return Loaded(path, root, drawn, is_broken=True)
        runnable = copy.deepcopy(root)
        changes = normalise_tree(runnable, path)
        self._add(change for change in changes if change.code not in _QUIET)
        return Loaded(path, root, bpmn.from_root(runnable))

    @cached_property
    def forms(self) -> dict[str, frozenset[str]]:
        """The keys of the fields of each form; columns of a table as `table.column`."""
        return {key: _field_keys(form) for key, form in self.package.forms.items()}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that an expression of this package can speak of."""
        found = {"ticket"}
        for keys in self.forms.values():
            found.update(key for key in keys if "." not in key)
        for loaded in self.loaded:
            for process in loaded.document.processes:
                for element in process.elements.values():
                    found.update(_written(element))
        return frozenset(found)

    @cached_property
    def main(self) -> tuple[str, bpmn.Process] | None:
        """The path and the runnable form of the main process."""
        for loaded in self.loaded:
            if loaded.path == self.package.manifest.process:
                identity = main_process(loaded.document, self.package.key)
                process = loaded.document.process(identity) if identity else None
                return None if process is None else (loaded.path, process)
        return None

    def _add(self, findings: Any) -> None:
        for finding in findings:
            if len(self.findings) < MAX_FINDINGS:
                self.findings.append(finding)

    def add(self, findings: list[Finding]) -> None:
        """Take over what another check found."""
        self._add(findings)

    def _say(
        self,
        severity: Severity,
        document: str,
        code: str,
        element: str | None,
        cell: str | None,
        params: dict[str, Any],
    ) -> None:
        short = None if element is None else element[:200]
        finding = Finding(severity, document, code, short, cell, params)
        if finding not in self.findings:
            self._add([finding])


def processes_of(root: etree._Element) -> list[etree._Element]:
    """The process elements of a document."""
    return root.findall(f"{{{BPMN}}}process")


def _written(element: bpmn.Element) -> set[str]:
    """The process variables that an element sets."""
    settings = settings_of(element)
    found = {name for name in (settings.result, settings.variable, *settings.taken) if name}
    if element.is_work:
        found.add(f"{element.id}_action")
        found.add(f"{element.id}_outcome")
    if element.script:
        with contextlib.suppress(ScriptError):
            found.update(line.name for line in read_script(element.script))
    if element.decision:
        found.add(element.decision)
    if element.loop:
        parts = (element.loop.item, element.loop.output, element.loop.output_item)
        found.update(name for name in parts if name)
    return found


def _field_keys(form: Mapping[str, Any]) -> frozenset[str]:
    found: set[str] = set()
    fields = form.get("fields")
    for item in fields[:1_000] if isinstance(fields, list) else ():
        if not isinstance(item, dict) or not isinstance(item.get("key"), str):
            continue
        found.add(item["key"])
        columns = item.get("columns")
        for column in columns[:200] if isinstance(columns, list) else ():
            if isinstance(column, dict) and isinstance(column.get("key"), str):
                found.add(f"{item['key']}.{column['key']}")
    return frozenset(found)
