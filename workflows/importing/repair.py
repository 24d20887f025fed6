"""What the checks still refuse after an import: simplified where that is possible, and asked."""

from collections.abc import Callable

from lxml import etree

from workflows.bpmn import ACTIVITIES, NODES
from workflows.documents import BPMN, local, namespace
from workflows.findings import Finding
from workflows.importing.choices import decide_before
from workflows.importing.draft import Draft, drop, get_property, remove_property, unset
from workflows.importing.events import definitions

_READ_ONLY = frozenset({"extensionElements", "documentation", "incoming", "outgoing"})


def mend(draft: Draft, findings: list[Finding]) -> bool:
    """Takes out what keeps a draft from running, one thing a finding; whether anything was."""
    changed = False
    for finding in findings:
        if finding.severity != "error" or finding.document != "process.bpmn":
            continue
        repair = _REPAIRS.get(finding.code)
        element = _element(draft, finding.element)
        if repair is not None and element is not None:
            changed = repair(draft, element, finding) or changed
    return changed


def _element(draft: Draft, identity: str | None) -> etree._Element | None:
    for process in draft.run:
        if process.get("id") == identity:
            return process
        for node in process.iter():
            if namespace(node) == BPMN and node.get("id") == identity:
                return node
    return None


def _drop_kind(draft: Draft, node: etree._Element, finding: Finding) -> bool:
    """An element of a kind that nobody knows, or an attribute that changes how another one runs."""
    kind = str(finding.params.get("kind") or "")
    if kind.startswith("behavior"):
        for marker in node.iter(f"{{{BPMN}}}multiInstanceLoopCharacteristics"):
            unset(marker, "behavior")
        draft.lost(node, "loop-behaviour-dropped", behaviour=kind)
        return True
    if ":" in kind:
        return _drop_definitions(draft, node, finding)
    unknown = [one for one in node.iter() if one is not node and local(one) == kind]
    for one in unknown:
        draft.lost(node, "element-dropped", kind=kind)
        drop(one)
    draft.changed()
    return bool(unknown)


def _drop_definitions(draft: Draft, node: etree._Element, finding: Finding) -> bool:
    found = definitions(node)
    for definition in found:
        draft.ask(node, "event-kind-dropped", kind=local(definition)[:-15], position=local(node))
        node.remove(definition)
    return bool(found)


def _drop_link(draft: Draft, node: etree._Element, finding: Finding) -> bool:
    found = node.findall(f"{{{BPMN}}}linkEventDefinition")
    for link in found:
        node.remove(link)
        name = str(finding.params.get("link") or "—")
        draft.ask(node, "link-without-partner", name=name)
    if found and local(node) == "intermediateCatchEvent" and not definitions(node):
        node.tag = f"{{{BPMN}}}intermediateThrowEvent"
    return bool(found)


def _to_work(draft: Draft, node: etree._Element, finding: Finding) -> bool:
    """A step that cannot run as it is: a person does it."""
    if local(node) not in ACTIVITIES or local(node) == "userTask":
        return False
    draft.make_work(node)
    for marker in ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics"):
        for one in node.findall(f"{{{BPMN}}}{marker}"):
            node.remove(one)
    for child in list(node):
        if local(child) not in _READ_ONLY:
            draft.remove(child)
    draft.changed()
    draft.ask(node, "step-simplified", reason=finding.code)
    return True


def _drop_loop(draft: Draft, node: etree._Element, finding: Finding) -> bool:
    found = [one for one in node if local(one).endswith("LoopCharacteristics")]
    for one in found:
        node.remove(one)
        draft.ask(node, "loop-unbounded", text="—")
    return bool(found)


def _drop_flow(draft: Draft, node: etree._Element, finding: Finding) -> bool:
    if local(node) != "sequenceFlow":
        return False
    owner = draft.node(node.get("sourceRef", ""))
    told = node.get("name") or node.get("id")
    draft.remove(node)
    draft.ask(owner if owner is not None else draft.run[0], "flow-loose", flow=told, end="")
    return True


def _loop_endless(draft: Draft, node: etree._Element, finding: Finding) -> bool:
    """A circle in which nothing waits: one of its plain tasks is taken for work."""
    for identity in str(finding.params.get("elements") or "").split(", "):
        task = draft.node(identity)
        if task is not None and local(task) in ("task", "scriptTask", "businessRuleTask"):
            draft.make_work(task)
            draft.ask(task, "task-is-work")
            return True
    step = decide_before(draft, node)
    draft.ask(step, "circle-made-wait")
    return True


def _property(draft: Draft, node: etree._Element, finding: Finding) -> bool:
    name = str(finding.params.get("property") or "")
    value = get_property(node, name) if name else None
    if value is None:
        return False
    remove_property(node, name)
    draft.lost(node, "setting-dropped", engine="BPMN", name=name, value=value)
    return True


def _misplaced(draft: Draft, node: etree._Element, finding: Finding) -> bool:
    done = False
    for name in str(finding.params.get("properties") or "").split(", "):
        value = get_property(node, name)
        if value is not None:
            remove_property(node, name)
            draft.lost(node, "setting-dropped", engine="BPMN", name=name, value=value)
            done = True
    return done


def _out_of_place(draft: Draft, node: etree._Element, finding: Finding) -> bool:
    parent = node.getparent()
    if local(node) not in NODES or parent is None:
        return False
    draft.lost(parent, "element-dropped", kind=local(node))
    draft.remove(node)
    return True


_REPAIRS: dict[str, Callable[[Draft, etree._Element, Finding], bool]] = {
    "element-not-supported": _drop_kind,
    "event-multiple": _drop_definitions,
    "cancel-outside-transaction": _drop_definitions,
    "event-reference-unknown": _drop_definitions,
    "compensation-start-not-supported": _drop_definitions,
    "link-without-partner": _drop_link,
    "call-circle": _to_work,
    "call-unknown": _to_work,
    "call-empty": _to_work,
    "call-package-unknown": _to_work,
    "operation-missing": _to_work,
    "decision-missing": _to_work,
    "decision-unknown": _to_work,
    "script-not-feel": _to_work,
    "script-empty": _to_work,
    "script-line-unreadable": _to_work,
    "script-too-long": _to_work,
    "message-missing": _to_work,
    "loop-without-bound": _drop_loop,
    "loop-two-bounds": _drop_loop,
    "loop-count-unreadable": _drop_loop,
    "flow-end-unknown": _drop_flow,
    "flow-crosses-sub-process": _drop_flow,
    "end-with-outgoing": _drop_flow,
    "start-with-incoming": _drop_flow,
    "loop-endless": _loop_endless,
    "property-unknown": _property,
    "property-misplaced": _misplaced,
    "property-twice": _property,
    "element-misplaced": _out_of_place,
}
