"""Events in one shape: defined in place, with a named message, and without links."""

import copy

from lxml import etree

from workflows.documents import BPMN, local
from workflows.normalise.work import Work, is_bpmn

_NAMED = {"messageEventDefinition": "message", "signalEventDefinition": "signal"}


def inline_definitions(work: Work) -> None:
    """Replace references to shared event definitions by a copy of what they refer to."""
    shared = work.shared()
    for reference in work.all("eventDefinitionRef"):
        event = reference.getparent()
        target = shared.get((reference.text or "").strip().rpartition(":")[2])
        if event is None or target is None or not local(target).endswith("EventDefinition"):
            continue
        inlined = copy.deepcopy(target)
        inlined.tail = None
        inlined.set("id", work.new_id(f"{event.get('id')}_definition"))
        event.replace(reference, inlined)
        work.note("event-definition-inlined", event.get("id"))


def name_what_is_thrown(work: Work) -> None:
    """A message or signal for each event without one, named as the event; names for the unnamed."""
    for shared in work.all("message", "signal", "error", "escalation"):
        if not (shared.get("name") or "").strip():
            shared.set("name", shared.get("id", ""))
    by_name = {
        (kind, shared.get("name", "")): shared.get("id", "")
        for kind in ("signal", "message")
        for shared in work.root.findall(f"{{{BPMN}}}{kind}")
    }
    for definition in work.all(*_NAMED):
        event = definition.getparent()
        if event is not None and event.get("id"):
            _refer(work, definition, event, _NAMED[local(definition)], by_name)
    for task in work.all("receiveTask"):
        _refer(work, task, task, "message", by_name)


def join_links(work: Work) -> None:
    """Pairs of link events become sequence flows between two plain events, scope by scope."""
    for scope in work.scopes():
        catches: dict[str, tuple[etree._Element, etree._Element]] = {}
        throws = []
        for event in scope:
            link = event.find(f"{{{BPMN}}}linkEventDefinition")
            if link is None or _definitions(event) != 1:
                continue
            name = (link.get("name") or event.get("name") or "").strip()
            if is_bpmn(event, "intermediateThrowEvent"):
                throws.append((name, event, link))
            elif is_bpmn(event, "intermediateCatchEvent"):
                catches.setdefault(name, (event, link))
        for name, event, link in throws:
            if name not in catches:
                continue
            event.remove(link)
            target = catches[name][0].get("id", "")
            work.add_flow(scope, event.get("id", ""), target)
        thrown = {name for name, _, _ in throws}
        for name, (event, link) in catches.items():
            if name in thrown:
                event.remove(link)
                event.tag = f"{{{BPMN}}}intermediateThrowEvent"


def split_signal_ends(work: Work) -> None:
    """A signal end event is a throw event and a plain end behind it."""
    for event in work.all("endEvent"):
        scope = event.getparent()
        signal = event.find(f"{{{BPMN}}}signalEventDefinition")
        if scope is None or signal is None or _definitions(event) != 1:
            continue
        event.tag = f"{{{BPMN}}}intermediateThrowEvent"
        identity = event.get("id", "")
        end = work.add_node(scope, "endEvent", f"{identity}_end")
        work.add_flow(scope, identity, end.get("id", ""))


def _refer(
    work: Work,
    holder: etree._Element,
    event: etree._Element,
    kind: str,
    by_name: dict[tuple[str, str], str],
) -> None:
    attribute = f"{kind}Ref"
    if holder.get(attribute):
        return
    name = (event.get("name") or event.get("id") or "").strip()
    if (kind, name) in by_name:
        holder.set(attribute, by_name[kind, name])
        return
    identity = work.new_id(f"{event.get('id')}_{kind}")
    created = etree.Element(f"{{{BPMN}}}{kind}", {"id": identity, "name": name})
    by_name[kind, name] = identity
    work.root.insert(0, created)
    holder.set(attribute, identity)
    work.note(f"{kind}-named-after-event", event.get("id"), name=name)


def _definitions(event: etree._Element) -> int:
    return sum(1 for child in event if local(child).endswith("EventDefinition"))
