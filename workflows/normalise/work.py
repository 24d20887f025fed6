"""The tree under work: fresh ids, new nodes and flows, and the notes of what was changed."""

from typing import Any

from lxml import etree

from workflows.bpmn import NODES, SUB_PROCESSES
from workflows.documents import BPMN, local, namespace
from workflows.findings import Finding


class Work:
    """One document being normalised."""

    def __init__(self, root: etree._Element, document: str) -> None:
        self.root = root
        self.document = document
        self.changes: list[Finding] = []
        self._next: dict[str, int] = {}  # where the search for a free number goes on
        self._ids = {str(node.get("id")) for node in root.iter() if node.get("id")}

    def note(self, code: str, element: str | None = None, **params: Any) -> None:
        """Remember a change."""
        self.changes.append(Finding("warning", self.document, code, element, params=params))

    def new_id(self, wanted: str) -> str:
        """`wanted`, or the first `wanted_2`, `wanted_3` … that is free."""
        candidate, number = wanted, self._next.get(wanted, 2)
        while candidate in self._ids:
            candidate, number = f"{wanted}_{number}", number + 1
        self._next[wanted] = number
        self._ids.add(candidate)
        return candidate

    def all(self, *names: str) -> list[etree._Element]:
        """The BPMN elements of these names, in the order of the file."""
        return list(self.root.iter(*(f"{{{BPMN}}}{name}" for name in names)))

    def processes(self) -> list[etree._Element]:
        """The processes of the document."""
        return self.root.findall(f"{{{BPMN}}}process")

    def scopes(self) -> list[etree._Element]:
        """Every process and every sub-process, outer ones first."""
        found: list[etree._Element] = []
        for process in self.processes():
            found.append(process)
            found.extend(node for node in process.iter() if is_bpmn(node, *SUB_PROCESSES))
        return found

    def shared(self) -> dict[str, etree._Element]:
        """The definitions beside the processes, by id."""
        return {str(node.get("id")): node for node in self.root if node.get("id")}

    def add_node(self, scope: etree._Element, kind: str, wanted: str) -> etree._Element:
        """A new node at the end of a scope."""
        return etree.SubElement(scope, f"{{{BPMN}}}{kind}", {"id": self.new_id(wanted)})

    def add_flow(self, scope: etree._Element, source: str, target: str) -> etree._Element:
        """A new sequence flow at the end of a scope."""
        identity = self.new_id(f"{source}_to_{target}")
        return etree.SubElement(
            scope,
            f"{{{BPMN}}}sequenceFlow",
            {"id": identity, "sourceRef": source, "targetRef": target},
        )


def is_bpmn(node: etree._Element, *names: str) -> bool:
    """Whether this is a BPMN element of one of these names."""
    return namespace(node) == BPMN and local(node) in names


def nodes_of(scope: etree._Element) -> dict[str, etree._Element]:
    """The flow nodes directly in a scope, by id; the first of a double id counts."""
    found: dict[str, etree._Element] = {}
    for node in scope:
        if namespace(node) == BPMN and local(node) in NODES:
            found.setdefault(node.get("id", ""), node)
    return found


def flows_of(scope: etree._Element) -> list[etree._Element]:
    """The sequence flows directly in a scope, in the order of the file."""
    return scope.findall(f"{{{BPMN}}}sequenceFlow")


def condition_of(flow: etree._Element) -> etree._Element | None:
    """The condition element of a flow."""
    return flow.find(f"{{{BPMN}}}conditionExpression")


def set_condition(flow: etree._Element, text: str) -> None:
    """Give a flow a condition."""
    etree.SubElement(flow, f"{{{BPMN}}}conditionExpression").text = text


def is_event_sub_process(node: etree._Element) -> bool:
    """Whether a node is started by an event and not by a flow."""
    return is_bpmn(node, *SUB_PROCESSES) and node.get("triggeredByEvent") == "true"


def is_compensation(node: etree._Element) -> bool:
    """Whether a node is reached by compensation and not by a flow."""
    if node.get("isForCompensation") == "true":
        return True
    return node.find(f"{{{BPMN}}}compensateEventDefinition") is not None and is_bpmn(
        node, "boundaryEvent"
    )
