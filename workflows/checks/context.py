"""What every check needs: the package, the installation's facts, the documents, the findings."""

import contextlib
import copy
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from lxml import etree

from workflows import bpmn
from workflows.constructs import (
    MAX_ELEMENTS,
    MAX_EXPRESSIONS,
    MAX_FLOWS,
    MAX_PARTS,
    is_too_large,
)
from workflows.documents import BPMN, DocumentError, decode, local
from workflows.extensions import Settings, settings_of
from workflows.findings import Finding, Severity
from workflows.normalise import normalise_tree
from workflows.packages import Package, main_process, xml_roots
from workflows.scripts import ScriptError, read_script

MAX_FINDINGS = 200  # of each severity; nobody reads more

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
    skills: Container[str] | None = None
    calendars: Container[str] | None = None


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
        self._count: Counter[str] = Counter()
        self._said: set[tuple[Any, ...]] = set()
        self._settings: dict[int, Settings] = {}
        self._nodes = self._flows = self._parts = self._characters = 0

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

    @property
    def is_full(self) -> bool:
        """Whether no further error would be kept."""
        return self._count["error"] >= MAX_FINDINGS

    def load(self) -> list[Loaded]:
        """The readable BPMN files, the main one first; what cannot be read becomes a finding."""
        for path, root in xml_roots(self.package.files, self.package.bpmn_paths()):
            if isinstance(root, DocumentError):
                self.error(path, root.code, **root.params)
                continue
            try:
                loaded = self._load(path, root)
            except DocumentError as error:
                self.error(path, error.code, **error.params)
                continue
            if loaded is not None:
                self.loaded.append(loaded)
        return self.loaded

    def _load(self, path: str, root: etree._Element) -> Loaded | None:
        _, encoding, guessed = decode(self.package.files[path])
        if guessed:
            self.warn(path, "encoding-guessed", encoding=encoding)
        if self._is_too_large(path, root):
            return None
        runnable = copy.deepcopy(root)
        changes = normalise_tree(runnable, path)
        self.add(change for change in changes if change.code not in _QUIET)
        document = replace(bpmn.from_root(runnable), has_diagram=bpmn.has_diagram(root))
        return Loaded(path, root, document)

    def _is_too_large(self, path: str, root: etree._Element) -> bool:
        """Counts the nodes and flows of the whole package: one run takes them all."""
        nodes, flows, parts = bpmn.size(root)
        self._nodes, self._flows = self._nodes + nodes, self._flows + flows
        self._parts += parts
        if not is_too_large(self._nodes, self._flows, self._parts):
            return False
        self.error(
            path,
            "process-too-large",
            count=self._nodes,
            limit=MAX_ELEMENTS,
            flows=self._flows,
            flow_limit=MAX_FLOWS,
            parts=self._parts,
            part_limit=MAX_PARTS,
        )
        return True

    def settings(self, element: bpmn.Element) -> Settings:
        """The settings of an element, read once."""
        found = self._settings.get(id(element))
        if found is None:
            found = self._settings[id(element)] = settings_of(element)
        return found

    def spend(self, path: str, element: str, text: str) -> bool:
        """Whether there is room for one more expression; says it once when there is none."""
        before, self._characters = self._characters, self._characters + len(text)
        if self._characters <= MAX_EXPRESSIONS:
            return True
        if before <= MAX_EXPRESSIONS:
            self.error(path, "expressions-too-long", element, limit=MAX_EXPRESSIONS)
        return False

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
                    found.update(_written(element, self.settings(element)))
                    if element.decision in self._outputs and not self.settings(element).result:
                        found.update(self._outputs[element.decision])
        return frozenset(found)

    @cached_property
    def brings_unknown_names(self) -> bool:
        """Whether something from outside may set variables under names that no document says."""
        return any(
            (element.kind == "serviceTask" and not self.settings(element).result)
            or (_receives(element) and not self.settings(element).variable)
            for loaded in self.loaded
            for process in loaded.document.processes
            for element in process.elements.values()
        )

    @cached_property
    def _outputs(self) -> dict[str | None, list[str]]:
        """The names of the outputs of each decision table."""
        paths = sorted({path for path, _ in self.package.decisions.values()})
        found: dict[str | None, list[str]] = {}
        for _, root in xml_roots(self.package.files, paths):
            for decision in () if isinstance(root, DocumentError) else root:
                outputs = (node for node in decision.iter() if local(node) == "output")
                names = [node.get("name") or "" for node in outputs]
                found[decision.get("id")] = [name for name in names if name]
        return found

    @cached_property
    def main(self) -> tuple[str, bpmn.Process] | None:
        """The path and the runnable form of the main process."""
        for loaded in self.loaded:
            if loaded.path == self.package.manifest.process:
                identity = main_process(loaded.document, self.package.key)
                process = loaded.document.process(identity) if identity else None
                return None if process is None else (loaded.path, process)
        return None

    def add(self, findings: Iterable[Finding]) -> None:
        """Take over what another check found."""
        for finding in findings:
            self._keep(finding)

    def _keep(self, finding: Finding) -> None:
        # Counted apart: however many warnings there are, they must not push an error out.
        if self._count[finding.severity] < MAX_FINDINGS:
            self._count[finding.severity] += 1
            self.findings.append(finding)

    def _say(
        self,
        severity: Severity,
        document: str,
        code: str,
        element: str | None,
        cell: str | None,
        params: dict[str, Any],
    ) -> None:
        if self._count[severity] >= MAX_FINDINGS:
            return
        short = None if element is None else element[:200]
        said = (severity, document, code, short, cell, *params.values())
        if said not in self._said:
            self._said.add(said)
            self._keep(Finding(severity, document, code, short, cell, params))


def processes_of(root: etree._Element) -> list[etree._Element]:
    """The process elements of a document."""
    return root.findall(f"{{{BPMN}}}process")


def _receives(element: bpmn.Element) -> bool:
    """Whether a message comes in here."""
    if element.kind == "receiveTask":
        return True
    catches = element.kind in ("intermediateCatchEvent", "boundaryEvent", "startEvent")
    return catches and any(event.kind == "message" for event in element.events)


def _written(element: bpmn.Element, settings: Settings) -> set[str]:
    """The process variables that an element sets."""
    found = {name for name in (settings.result, settings.variable, *settings.taken) if name}
    if element.is_work:
        found.add(f"{element.id}_action")
        found.add(f"{element.id}_outcome")
    if element.script:
        with contextlib.suppress(ScriptError):
            found.update(line.name for line in read_script(element.script))
    if element.decision and not settings.result:
        found.add(element.id)
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
