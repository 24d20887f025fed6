"""Ids that are missing, references with prefixes, booleans as 0 and 1, and which process is run."""

from lxml import etree

from workflows.bpmn import NODES, is_true
from workflows.documents import BPMN, local, namespace
from workflows.normalise.work import Work, nodes_of

_SHARED = frozenset({"process", "message", "signal", "error", "escalation", "participant"})
_REFERENCES = frozenset(
    {
        "sourceRef",
        "targetRef",
        "attachedToRef",
        "default",
        "messageRef",
        "signalRef",
        "errorRef",
        "escalationRef",
        "processRef",
        "calledElement",
    }
)
_BOOLEANS = frozenset(
    {
        "isExecutable",
        "cancelActivity",
        "isInterrupting",
        "isSequential",
        "testBefore",
        "parallelMultiple",
        "triggeredByEvent",
        "isForCompensation",
        "instantiate",
    }
)


def give_ids(work: Work) -> None:
    """Ids for the nodes, flows and shared definitions that have none."""
    given = 0
    for node in work.root.iter():
        name = local(node)
        if namespace(node) != BPMN or (name not in NODES | _SHARED and name != "sequenceFlow"):
            continue
        identity = (node.get("id") or "").strip()
        if not identity:
            wanted = f"{name}_1"
            if name == "sequenceFlow":
                wanted = f"{node.get('sourceRef', '')}_to_{node.get('targetRef', '')}"
            identity = work.new_id(wanted)
            given += 1
        node.set("id", identity)
    if given:
        work.note("ids-added", count=given)


def settle_references(work: Work) -> None:
    """References without the prefix of a qualified name, where only so they mean something here."""
    ids = {str(node.get("id")) for node in work.root.iter() if node.get("id")}
    for node in work.root.iter():
        if namespace(node) != BPMN:
            continue
        for attribute in _REFERENCES.intersection(node.attrib):
            value = node.get(attribute, "").strip()
            prefix, colon, rest = value.partition(":")
            # `calledElement="package:process"` is a call of another package unless the prefix is
            # one of XML: then it is a qualified name of this document.
            is_name = attribute != "calledElement" or prefix in node.nsmap
            if colon and is_name and value not in ids and rest in ids:
                value = rest
            node.set(attribute, value)


def settle_booleans(work: Work) -> None:
    """`1` and `0` as `true` and `false`."""
    for node in work.root.iter():
        if namespace(node) != BPMN:
            continue
        for attribute in _BOOLEANS.intersection(node.attrib):
            node.set(attribute, "true" if is_true(node.get(attribute)) else "false")
        if node.get("triggeredByEvent") == "false":
            del node.attrib["triggeredByEvent"]


def choose_executable(work: Work) -> None:
    """Say of each process whether it is run.

    Where any process says that it is executable, those that say so are. Otherwise every process
    with nodes that says nothing is; where all say no (bpmn.io writes that by default), they are.
    """
    with_nodes = [process for process in work.processes() if nodes_of(process)]
    if any(process.get("isExecutable") == "true" for process in with_nodes):
        chosen: list[etree._Element] = []
    else:
        silent = [process for process in with_nodes if process.get("isExecutable") is None]
        chosen = silent or with_nodes
    for process in work.processes():
        if process in chosen:
            process.set("isExecutable", "true")
            work.note("executable-set", process.get("id"))
        elif process.get("isExecutable") is None or process not in with_nodes:
            process.set("isExecutable", "false")
