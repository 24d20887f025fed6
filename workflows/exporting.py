"""Our processes for other engines: an approval is written back as a multi-instance user task.

The properties of the step stay beside the marker, so that importing the file gives the same
approval again; an engine that does not know them sees one instance a person.
"""

from lxml import etree

from workflows.documents import BPMN, read_xml, write_xml

_SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_FEEL = "https://www.omg.org/spec/FEEL/"
_DONE, _ALL = "numberOfCompletedInstances", "numberOfInstances"
APPROVERS = "{element}_approver_list"  # the variable that another engine has to fill


def as_multi_instance(data: bytes) -> bytes:
    """A BPMN file whose approvals are multi-instance user tasks; raises DocumentError."""
    root = read_xml(data)
    for node in root.iter(f"{{{BPMN}}}userTask"):
        mode = _property(node, "approval")
        if mode and node.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics") is None:
            _mark(node, mode)
    return write_xml(root)


def _property(node: etree._Element, name: str) -> str | None:
    path = f"{{{BPMN}}}extensionElements/{{{_SPIFF}}}properties/{{{_SPIFF}}}property"
    return next((one.get("value") for one in node.findall(path) if one.get("name") == name), None)


def _mark(node: etree._Element, mode: str) -> None:
    """The marker, which the schema wants last."""
    marker = etree.SubElement(node, f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    marker.set("isSequential", "true" if mode == "sequential" else "false")
    element = node.get("id") or ""
    people = etree.SubElement(marker, f"{{{BPMN}}}loopDataInputRef")
    people.text = APPROVERS.format(element=element)
    item = etree.SubElement(marker, f"{{{BPMN}}}inputDataItem")
    item.set("id", f"{element}_approver")
    item.set("name", "approver")
    condition = completion(mode)
    if condition is not None:
        done = etree.SubElement(marker, f"{{{BPMN}}}completionCondition")
        done.set(f"{{{_XSI}}}type", "bpmn:tFormalExpression")
        done.set("language", _FEEL)
        done.text = condition


def completion(mode: str) -> str | None:
    """When a round of this mode is over; None: when all are done."""
    kind, _, number = mode.partition(":")
    if kind == "any":
        return f"{_DONE} >= 1"
    if kind == "count" and number.isdigit():
        return f"{_DONE} >= {int(number)}"
    if kind == "percent" and number.isdigit():
        return f"{_DONE} / {_ALL} >= {int(number) / 100:g}"
    return None
