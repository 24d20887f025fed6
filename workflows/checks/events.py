"""Each activity, gateway and event of a process against the table of what runs."""

from collections import Counter

from lxml import etree

from workflows.bpmn import ACTIVITIES, EVENTS, GATEWAYS, Element, EventDefinition, Process
from workflows.checks.context import Context, Loaded
from workflows.constructs import (
    ALONE,
    RUNS,
    WARNED,
    verdict_on_event,
    verdict_on_kind,
    verdict_on_loop,
)
from workflows.documents import BPMN, local
from workflows.timers import problem

_POSITIONS = {
    "endEvent": "end",
    "intermediateCatchEvent": "catch",
    "intermediateThrowEvent": "throw",
    "boundaryEvent": "boundary",
}
MAX_LOOP = 1_000


def check(context: Context, loaded: Loaded, process: Process) -> None:
    """What of this process does not run, with its place."""
    for element in process.elements.values():
        if element.kind in ACTIVITIES | GATEWAYS:
            _activity(context, loaded.path, element)
        elif element.kind in EVENTS:
            _event(context, loaded.path, process, element)
    _handlers(context, loaded.path, process)
    _links(context, loaded)


def timer_text(definition: EventDefinition) -> tuple[str, bool]:
    """The text of a normalised timer, and whether it is an expression; a literal is unquoted."""
    text = definition.text or ""
    if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]:
        return text[1:-1], False
    return text, True


def _activity(context: Context, path: str, element: Element) -> None:
    kind = element.kind
    if kind == "subProcess" and element.triggered_by_event:
        kind = "event subProcess"
    verdict = verdict_on_kind(kind)
    if verdict != RUNS:
        context.error(path, verdict, element.id, kind=kind)
    if element.for_compensation and element.incoming:
        context.error(path, "compensation-with-flows", element.id)
    loop = element.loop
    if loop is None:
        return
    verdict = verdict_on_loop(loop.kind, loop.completion is not None)
    if verdict != RUNS:
        context.error(path, verdict, element.id)
    if loop.kind == "standard":
        if loop.maximum is None and loop.condition is None:
            context.error(path, "loop-without-bound", element.id)
        elif loop.maximum is not None and not _is_count(loop.maximum):
            context.error(path, "loop-count-unreadable", element.id, count=loop.maximum[:40])
    elif loop.cardinality is None and loop.collection is None:
        context.error(path, "loop-without-bound", element.id)
    elif loop.cardinality is not None and loop.collection is not None:
        context.error(path, "loop-two-bounds", element.id)
    elif loop.cardinality is not None and _is_bad_count(loop.cardinality):
        context.error(path, "loop-count-unreadable", element.id, count=loop.cardinality[:40])


def _event(context: Context, path: str, process: Process, element: Element) -> None:
    position = _POSITIONS.get(element.kind) or _start_position(process, element)
    if not element.events and position in ("catch", "boundary"):
        context.error(path, "event-without-definition", element.id)
    if len(element.events) > 1 and any(one.kind in ALONE for one in element.events):
        context.error(path, "event-multiple", element.id)
        return
    interrupting = element.interrupting or position not in ("boundary", "event-sub-start")
    for definition in element.events or (EventDefinition("none"),):
        if definition.kind == "none" and position in ("catch", "boundary"):
            continue
        verdict = verdict_on_event(position, definition.kind, interrupting)
        if verdict in WARNED:
            _typed_start(context, path, process, element, verdict)
        elif verdict != RUNS:
            context.error(path, verdict, element.id, kind=f"{element.kind}: {definition.kind}")
        else:
            _definition(context, path, process, element, definition)


def _handlers(context: Context, path: str, process: Process) -> None:
    """Behind each compensation boundary event a dotted line leads to what undoes the activity."""
    served = set()
    for line in process.associations:
        for one, other in (line, line[::-1]):
            target = process.elements.get(other)
            if target is not None and target.for_compensation:
                served.add(one)
    for element in process.of_kind("boundaryEvent"):
        kinds = {definition.kind for definition in element.events}
        if "compensate" in kinds and element.id not in served:
            context.error(path, "compensation-without-handler", element.id)


def _typed_start(
    context: Context, path: str, process: Process, element: Element, verdict: str
) -> None:
    """A start event that waits for something: beside another one it would never be the one."""
    starts = [one for one in process.inside(None) if one.kind == "startEvent"]
    if len(starts) > 1:
        context.error(path, "start-event-not-supported", element.id)
    else:
        context.warn(path, verdict, element.id)


def _definition(
    context: Context, path: str, process: Process, element: Element, definition: EventDefinition
) -> None:
    if definition.ref is not None and definition.name is None:
        context.error(path, "event-reference-unknown", element.id, reference=definition.ref[:100])
    if definition.kind == "timer":
        _timer(context, path, element, definition)
    if definition.kind == "conditional" and not definition.text:
        context.error(path, "event-without-definition", element.id)
    if definition.kind == "error" and element.kind == "endEvent" and not definition.code:
        context.warn(path, "error-without-code", element.id)
    if definition.kind == "compensate" and element.kind == "startEvent":
        started = process.elements.get(element.parent or "")
        if started is not None and started.parent is None:
            context.error(path, "compensation-start-misplaced", element.id)
    if definition.kind == "cancel":
        place = element.attached_to if element.kind == "boundaryEvent" else element.parent
        owner = process.elements.get(place or "")
        if owner is None or owner.kind != "transaction":
            context.error(path, "cancel-outside-transaction", element.id)


def _timer(context: Context, path: str, element: Element, definition: EventDefinition) -> None:
    text, is_expression = timer_text(definition)
    if definition.time_kind is None or not text.strip():
        context.error(path, "timer-empty", element.id)
        return
    if is_expression:
        return  # the expressions are looked at together
    wrong = problem(definition.time_kind, text)
    if wrong is not None:
        context.error(path, wrong, element.id, text=text[:100])
    elif definition.time_kind == "cycle" and element.kind == "intermediateCatchEvent":
        context.warn(path, "timer-cycle-once", element.id, text=text[:100])


def _start_position(process: Process, element: Element) -> str:
    if element.parent is None:
        return "start"
    return "event-sub-start" if process.elements[element.parent].triggered_by_event else "sub-start"


def _links(context: Context, loaded: Loaded) -> None:
    """Links stand in pairs inside one scope; what was paired is gone from the normalised form."""
    for process in loaded.run:
        for element in process.elements.values():
            if any(event.kind == "link" for event in element.events):
                name = element.events[0].name or element.name or ""
                context.error(loaded.path, "link-without-partner", element.id, link=name[:100])
    for scope in loaded.root.iter(f"{{{BPMN}}}process", f"{{{BPMN}}}subProcess"):
        names = Counter(
            link.get("name") or event.get("name") or ""
            for event in scope.iterchildren(f"{{{BPMN}}}intermediateCatchEvent")
            for link in event.iterchildren(f"{{{BPMN}}}linkEventDefinition")
        )
        for name, count in names.items():
            if count > 1:
                context.error(loaded.path, "link-twice", _identity(scope), link=name[:100])


def _identity(node: etree._Element) -> str:
    return node.get("id") or local(node)


def _is_bad_count(text: str) -> bool:
    """Whether a text is a number, but not one that a loop may have; an expression is neither."""
    return text.strip("-").isdigit() and not _is_count(text)


def _is_count(text: str) -> bool:
    return text.strip().isdigit() and 1 <= int(text.strip()[:9]) <= MAX_LOOP
