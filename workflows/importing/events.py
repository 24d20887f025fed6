"""Events: timers, conditions, messages and their keys, errors, and events that wait for nothing."""

from lxml import etree

from workflows.bpmn import is_true
from workflows.constructs import ALONE, RUNS, WARNED, verdict_on_event
from workflows.documents import BPMN, local, namespace
from workflows.importing.code import quoted
from workflows.importing.dialects import attribute, take
from workflows.importing.draft import Draft, document, drop, get_property, set_property, text_of
from workflows.importing.expressions import condition as as_condition
from workflows.importing.expressions import expression
from workflows.timers import problem, seconds

_TIMES = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
_SHARED = {"message": "message", "signal": "signal", "error": "error", "escalation": "escalation"}
_CATCHING = ("intermediateCatchEvent", "boundaryEvent")
_EVENTS = ("startEvent", "endEvent", "intermediateThrowEvent", *_CATCHING)


def bring(draft: Draft) -> None:
    """Every event of the processes that run."""
    for node in draft.nodes(*_EVENTS):
        for definition in definitions(node):
            _texts(draft, node, definition)
            _reference(draft, node, definition)
        if local(node) not in _EVENTS:
            continue  # a person does the waiting now
        _one_alone(draft, node)
        _supported(draft, node)
        _waits_for_nothing(draft, node)
    for task in draft.nodes("sendTask", "receiveTask"):
        _reference(draft, task, task)
    _keys(draft)


def definitions(node: etree._Element) -> list[etree._Element]:
    """The event definitions directly in an event."""
    return [
        child
        for child in node
        if namespace(child) == BPMN and local(child).endswith("EventDefinition")
    ]


def inline(draft: Draft) -> None:
    """References to event definitions that are not there."""
    known = {str(one.get("id")) for one in draft.root if one.get("id")}
    for reference in draft.elements("eventDefinitionRef"):
        wanted = text_of(reference).rpartition(":")[2]
        if wanted not in known:
            draft.ask(_owner(reference), "event-definition-missing", text=wanted)
            drop(reference)


def _owner(node: etree._Element) -> etree._Element:
    parent = node.getparent()
    return node if parent is None else parent


def _texts(draft: Draft, node: etree._Element, definition: etree._Element) -> None:
    kind = local(definition)
    for name in (
        "errorCodeVariable",
        "errorMessageVariable",
        "escalationCodeVariable",
        "variableName",
    ):
        found = attribute(definition, name)
        if found:
            draft.lost(node, "mapping-dropped", text=f"{name}: {found}")
    if kind == "conditionalEventDefinition":
        condition = definition.find(f"{{{BPMN}}}condition")
        text = text_of(condition)
        found = as_condition(text) if text else None
        if condition is None or found is None:
            _wait_for_a_person(draft, node, definition, "condition-unknown", text)
            return
        # Not known yet is not true yet: an unset variable must not stop the process.
        safe = found if found in ("true", "false") else f"({found}) = true"
        condition.text = safe
        if safe != text:
            draft.translated(node, "setting-translated", name="condition", before=text, after=safe)
    if kind == "timerEventDefinition":
        _timer(draft, node, definition)


def _timer(draft: Draft, node: etree._Element, definition: etree._Element) -> None:
    time = next((child for child in definition if local(child) in _TIMES), None)
    text = text_of(time)
    for name in ("businessCalendarName", "endDate"):
        for holder in (definition, *([] if time is None else [time])):
            found = attribute(holder, name)
            if found:
                draft.lost(node, "mapping-dropped", text=f"{name}: {found}")
    if time is None or not text:
        _wait_for_a_person(draft, node, definition, "timer-unknown", "—")
        return
    if text[0] in "=$#" or "${" in text or "#{" in text:
        found = expression(text)
        if found is None:
            _wait_for_a_person(draft, node, definition, "timer-unknown", text)
        elif text != f"={found}":
            time.text = f"={found}"
            draft.translated(node, "setting-translated", name="timer", before=text, after=found)
        return
    bare = text.strip("\"'").strip()
    wrong = problem(_TIMES[local(time)], bare)
    if wrong is None:
        if bare != text:
            time.text = bare
            draft.translated(node, "setting-translated", name="timer", before=text, after=bare)
        return
    for name, kind in _TIMES.items():  # a duration in the place of a date, and the like
        if problem(kind, bare) is None and not (kind == "date" and seconds(bare) is not None):
            time.tag = f"{{{BPMN}}}{name}"
            time.text = bare
            draft.translated(node, "setting-translated", name="timer", before=text, after=bare)
            return
    _wait_for_a_person(draft, node, definition, "timer-unknown", text)


def _wait_for_a_person(
    draft: Draft, node: etree._Element, definition: etree._Element, code: str, text: str
) -> None:
    """What cannot be waited for by itself is waited for by a person; never passed over."""
    kind = local(node)
    if text and text != "—":
        document(node, text)
    drop(definition)
    draft.ask(node, code, text=text or "—")
    if kind == "startEvent" and not is_event_sub_process(node.getparent()):
        return  # whoever opens the ticket starts it
    if kind == "intermediateCatchEvent" and not definitions(node) and not _after_race(draft, node):
        draft.make_work(node)
        return
    give_message(node)


def _after_race(draft: Draft, node: etree._Element) -> bool:
    races = {one.get("id") for one in draft.nodes("eventBasedGateway")}
    return any(flow.get("sourceRef") in races for flow in draft.incoming(node.get("id", "")))


def is_event_sub_process(scope: etree._Element | None) -> bool:
    """Whether a scope is started by an event."""
    return scope is not None and is_true(scope.get("triggeredByEvent"))


def give_message(node: etree._Element) -> None:
    """Lets an event wait for a message, which is named after it when the draft is run."""
    if not definitions(node):
        etree.SubElement(node, f"{{{BPMN}}}messageEventDefinition")
        if not node.get("name"):
            node.set("name", node.get("id", ""))


def _reference(draft: Draft, node: etree._Element, holder: etree._Element) -> None:
    """A message, signal, error or escalation that nobody has defined."""
    for kind, tag in _SHARED.items():
        reference = holder.get(f"{kind}Ref")
        if not reference:
            continue
        wanted = reference.strip().rpartition(":")[2]
        known = draft.root.findall(f"{{{BPMN}}}{tag}")
        target = next((one for one in known if one.get("id") == wanted), None)
        if target is None and any(str(one.get("name")) == wanted for one in known):
            target = next(one for one in known if one.get("name") == wanted)
        if target is None:
            target = etree.Element(
                f"{{{BPMN}}}{tag}", {"id": draft.work.new_id(f"{tag}_{wanted}"), "name": wanted}
            )
            if kind in ("error", "escalation"):
                target.set(f"{kind}Code", wanted)
            draft.root.insert(0, target)
            draft.translated(node, "reference-made", kind=kind, name=wanted)
        _shared_name(draft, node, target, kind)
        holder.set(f"{kind}Ref", target.get("id", ""))


def _shared_name(draft: Draft, node: etree._Element, target: etree._Element, kind: str) -> None:
    """A name with an expression in it cannot be waited for."""
    name = target.get("name") or ""
    if "${" in name or "#{" in name or name.startswith("="):
        bare = name.strip("=").strip().strip('"')
        plain = bare if expression(name) == quoted(bare) else (target.get("id") or bare)
        target.set("name", plain)
        if plain != bare:
            draft.ask(node, "message-name-unknown", text=name, name=plain)
    if kind in ("error", "escalation") and target.get(f"{kind}Code", "").startswith("="):
        target.set(f"{kind}Code", target.get(f"{kind}Code", "").strip("= ").strip('"'))


def _one_alone(draft: Draft, node: etree._Element) -> None:
    found = definitions(node)
    kinds = [local(one).removesuffix("EventDefinition") for one in found]
    if len(found) > 1 and any(kind in ALONE for kind in kinds):
        for one in found[1:]:
            node.remove(one)
        draft.ask(node, "event-several", kinds=", ".join(kinds))


def position_of(node: etree._Element) -> str:
    """Where an event stands, in the words of the table of constructs."""
    kind = local(node)
    if kind != "startEvent":
        return {
            "endEvent": "end",
            "intermediateCatchEvent": "catch",
            "intermediateThrowEvent": "throw",
            "boundaryEvent": "boundary",
        }[kind]
    scope = node.getparent()
    if scope is None or local(scope) == "process":
        return "start"
    return "event-sub-start" if is_event_sub_process(scope) else "sub-start"


def _supported(draft: Draft, node: etree._Element) -> None:
    """Definitions that nothing runs at this place."""
    position = position_of(node)
    flag = "cancelActivity" if position == "boundary" else "isInterrupting"
    matters = position in ("boundary", "event-sub-start")
    interrupting = is_true(node.get(flag), default=True) or not matters
    for definition in definitions(node):
        kind = local(definition).removesuffix("EventDefinition")
        verdict = verdict_on_event(position, kind, interrupting)
        may_interrupt = verdict_on_event(position, kind, True) == RUNS
        if verdict != RUNS and not interrupting and may_interrupt:
            node.set(flag, "true")
            draft.ask(node, "event-made-interrupting", kind=kind)
            continue
        if kind == "cancel" and not _on_transaction(draft, node):
            verdict = "cancel-outside-transaction"
        if verdict != RUNS and verdict not in WARNED:
            node.remove(definition)
            draft.ask(node, "event-kind-dropped", kind=kind, position=position)


def _on_transaction(draft: Draft, node: etree._Element) -> bool:
    if local(node) == "boundaryEvent":
        host = draft.node(node.get("attachedToRef", ""))
        return host is not None and local(host) == "transaction"
    scope = node.getparent()
    return scope is not None and local(scope) == "transaction"


def _waits_for_nothing(draft: Draft, node: etree._Element) -> None:
    """Catching events that do not say what they wait for."""
    has_reference = node.find(f"{{{BPMN}}}eventDefinitionRef") is not None
    if definitions(node) or has_reference:
        return
    position = position_of(node)
    if position in ("boundary", "event-sub-start"):
        give_message(node)
        draft.ask(node, "event-untyped")
    elif position == "catch":
        if _after_race(draft, node):
            give_message(node)
        else:
            draft.make_work(node)
        draft.ask(node, "event-untyped")


def _keys(draft: Draft) -> None:
    """Camunda 8: the correlation key of a message belongs to the events that wait for it."""
    keys = {
        one.get("id"): found.get("correlationKey")
        for one in draft.root.findall(f"{{{BPMN}}}message")
        for found in take(one, "subscription")
    }
    for node in draft.nodes("receiveTask", *_CATCHING):
        holders = [node] if local(node) == "receiveTask" else definitions(node)
        for holder in holders:
            key = keys.get(holder.get("messageRef", ""))
            found = expression(key) if key else None
            if found is not None and get_property(node, "correlation") is None:
                set_property(node, "correlation", f"={found}")
                draft.translated(
                    node, "setting-translated", name="correlation", before=key, after=found
                )
