"""What is not part of the run: the drawing, foreign extensions, data objects and their arrows."""

from lxml import etree

from workflows.documents import BPMN, DIAGRAM, SPIFF, local, namespace
from workflows.normalise.work import Work, is_bpmn

_DATA = frozenset(
    {
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "dataInputAssociation",
        "dataOutputAssociation",
        "ioSpecification",
        "property",
    }
)


def drop_drawing(work: Work) -> None:
    """Leave the diagram interchange out: its coordinates would decide the order of branches."""
    for node in list(work.root):
        if namespace(node) in DIAGRAM:
            work.root.remove(node)


def keep_only_properties(work: Work) -> None:
    """Leave out foreign attributes and every extension but `spiffworkflow:properties`."""
    for node in list(work.root.iter()):
        if namespace(node) != BPMN:
            continue
        for attribute in [str(name) for name in node.attrib]:
            if attribute.startswith("{"):
                del node.attrib[attribute]
        if is_bpmn(node, "extensionElements"):
            _keep_properties(node)
        elif is_bpmn(node, "incoming", "outgoing"):
            _remove(node)  # they repeat what the flows say, and may contradict them


def drop_data_flow(work: Work) -> None:
    """Leave data objects and stores out; a loop over a data object becomes one over its name."""
    _name_loop_collections(work)
    noted: set[str] = set()
    for node in list(work.root.iter()):
        if namespace(node) != BPMN or local(node) not in _DATA:
            continue
        parent = node.getparent()
        if parent is None:
            continue
        if local(node).endswith("Association"):
            owner = parent.get("id") or ""
            if owner not in noted:
                noted.add(owner)
                work.note("data-flow-ignored", owner)
        _remove(node)


def _name_loop_collections(work: Work) -> None:
    by_id = {str(node.get("id")): node for node in work.root.iter() if node.get("id")}
    for tag, association, near, far in (
        ("loopDataInputRef", "dataInputAssociation", "targetRef", "sourceRef"),
        ("loopDataOutputRef", "dataOutputAssociation", "sourceRef", "targetRef"),
    ):
        for reference in work.all(tag):
            wanted = (reference.text or "").strip()
            loop = reference.getparent()
            activity = None if loop is None else loop.getparent()
            if activity is None:
                continue
            for arrow in activity.findall(f"{{{BPMN}}}{association}"):
                if (arrow.findtext(f"{{{BPMN}}}{near}") or "").strip() == wanted:
                    wanted = (arrow.findtext(f"{{{BPMN}}}{far}") or "").strip() or wanted
            target = by_id.get(wanted)
            reference.text = wanted if target is None else target.get("name") or wanted


def _keep_properties(holder: etree._Element) -> None:
    decision = next(holder.iter(f"{{{SPIFF}}}calledDecisionId"), None)
    for child in list(holder):
        if child.tag != f"{{{SPIFF}}}properties":
            holder.remove(child)
    for item in list(holder.iter(f"{{{SPIFF}}}property")):
        if not item.get("name") or item.get("value") is None:
            _remove(item)
    if decision is not None and (decision.text or "").strip():
        properties = holder.find(f"{{{SPIFF}}}properties")
        if properties is None:
            properties = etree.SubElement(holder, f"{{{SPIFF}}}properties")
        if not any(item.get("name") == "decision" for item in properties):
            value = {"name": "decision", "value": (decision.text or "").strip()}
            etree.SubElement(properties, f"{{{SPIFF}}}property", value)
    if len(holder) == 0:
        _remove(holder)


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)
