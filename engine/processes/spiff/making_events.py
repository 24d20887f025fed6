"""Makes the nodes of events, and the watch that starts an event sub-process."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.processes.spiff import compensation, events, nodes, scopes, throwing
from engine.processes.spiff.building import Work
from engine.processes.spiff.reading import EventSource, NodeSource
from engine.processes.spiff.scripting import Value
from engine.processes.spiff.specs import Element
from engine.processes.spiff.timers import TimerInvalid, schedule

# Which kinds of events may stand where.
CATCHES = frozenset(("timer", "message", "signal", "conditional"))
THROWS = frozenset(("message", "signal", "escalation", "compensate"))
ENDS = THROWS | {"error", "terminate", "cancel"}
BOUNDARIES = CATCHES | {"error", "escalation", "cancel", "compensate"}
_WAYS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
WATCHES = CATCHES | {"error", "escalation"}


def make(work: Work, source: NodeSource, name: str, element: Element | None) -> nodes.Node:
    """The node of an event, a send task or a receive task."""
    kind = source.kind
    if kind == "startEvent":
        return _start(work, source, name, element)
    if kind in ("intermediateCatchEvent", "receiveTask"):
        catch = events.Catch(work.spec, name, element)
        catch.definitions = _definitions(work, source, CATCHES)
        catch.parallel = _parallel(source)
        if not source.events:
            work.refuse("event-without-definition", source.id)
        return catch
    if kind == "boundaryEvent":
        return _boundary(work, source, name, element)
    definitions = _definitions(work, source, ENDS if kind == "endEvent" else THROWS)
    thrower: throwing.Throw
    if any(definition.kind == "compensate" for definition in definitions):
        thrower = compensation.ThrowCompensation(work.spec, name, element)
        if len(definitions) > 1:
            work.refuse("event-multiple", source.id)
    else:
        thrower = throwing.Throw(work.spec, name, element)
    thrower.definitions = definitions
    return thrower


def watch(work: Work, source: NodeSource, node: scopes.SubProcess) -> None:
    """What listens for the start event of an event sub-process while its surroundings run."""
    inner = source.inner
    starts = [] if inner is None else [n for n in inner.nodes.values() if n.kind == "startEvent"]
    if len(starts) != 1 or not starts[0].events:
        work.refuse("event-sub-process-start", source.id)
        return
    if undoes(source):
        if work.owner is None or len(starts[0].events) > 1:
            _misplaced(work, starts[0], "compensate")
        return  # nobody waits for it: it is run when its surroundings are undone
    start = starts[0]
    element = work.element(start, enclosing=(*work.enclosing, source.id), attached_to=source.id)
    watcher = events.Watch(work.spec, f"{source.id} [watch]", element)
    watcher.definitions = _definitions(work, start, WATCHES)
    watcher.parallel = _parallel(start)
    watcher.interrupting = start.attributes.get("isInterrupting") != "false" or any(
        definition.kind == "error" for definition in watcher.definitions
    )
    watcher.lead_to(nodes.Flow(f"{source.id} [begin]", node))
    work.spec.watchers.append(watcher)


def undoes(source: NodeSource) -> bool:
    """Whether an event sub-process is started by compensation."""
    inner = [] if source.inner is None else source.inner.nodes.values()
    return any(
        event.kind == "compensate"
        for node in inner
        if node.kind == "startEvent"
        for event in node.events
    )


def thrown_by_loop(
    work: Work, source: NodeSource, event: EventSource
) -> events.EventDefinition | None:
    """What a multi-instance activity throws when an instance completes."""
    if event.kind not in ("signal", "message", "escalation"):
        work.refuse("element-not-supported", source.id, kind=f"behavior event {event.kind}")
        return None
    return _definition(work, source, event, {})


def _start(work: Work, source: NodeSource, name: str, element: Element | None) -> nodes.Node:
    """Whoever starts a process has decided that its start event has come: it passes."""
    owner = work.owner
    if owner is None:
        _definitions(work, source, CATCHES)
    elif source.events and not owner.event_subprocess:
        _misplaced(work, source, source.events[0].kind)
    return nodes.Plain(work.spec, name, element)


def _boundary(work: Work, source: NodeSource, name: str, element: Element | None) -> nodes.Node:
    boundary = events.Boundary(work.spec, name, element)
    boundary.definitions = definitions = _definitions(work, source, BOUNDARIES)
    boundary.parallel = _parallel(source)
    boundary.interrupting = source.attributes.get("cancelActivity") != "false" or any(
        definition.kind in ("error", "cancel") for definition in definitions
    )
    if not source.events:
        work.refuse("event-without-definition", source.id)
    if len(definitions) > 1 and any(definition.kind == "compensate" for definition in definitions):
        work.refuse("event-multiple", source.id)
    return boundary


def _misplaced(work: Work, source: NodeSource, kind: str) -> None:
    work.refuse("element-not-supported", source.id, kind=f"{source.kind}: {kind}")


def _parallel(source: NodeSource) -> bool:
    return source.attributes.get("parallelMultiple") in ("true", "1") and len(source.events) > 1


def _definitions(
    work: Work, source: NodeSource, allowed: frozenset[str]
) -> tuple[events.EventDefinition, ...]:
    found = []
    for event in source.events:
        if event.kind == "link":
            work.refuse("link-without-partner", source.id, link=event.name)
        elif event.kind not in allowed:
            _misplaced(work, source, event.kind)
        else:
            found.append(_definition(work, source, event, source.properties))
    return tuple(found)


def _definition(
    work: Work, source: NodeSource, event: EventSource, properties: Mapping[str, str]
) -> events.EventDefinition:
    timer = condition = None
    if event.kind == "timer":
        timer = _timer(work, source, event)
    elif event.kind == "conditional":
        if event.text:
            condition = work.expression(event.text, source.id)
        else:
            work.refuse("event-without-definition", source.id)
    elif event.kind in ("message", "signal") and not event.name:
        work.refuse("event-without-definition", source.id)

    def value(name: str) -> Value | None:
        text = properties.get(name)
        return work.value(text, source.id) if text else None

    return events.EventDefinition(
        event.kind,
        event.name,
        event.code,
        timer,
        event.timer,
        condition,
        event.activity,
        value("correlation"),
        value("payload"),
        properties.get("variable") or None,
    )


def _timer(work: Work, source: NodeSource, event: EventSource) -> Value:
    """A timer's text is FEEL by now; a plain string is looked at before anything runs."""
    if not event.text:
        work.refuse("timer-empty", source.id)
        return Value("", None)
    literal = _quoted(event.text)
    if literal is None:
        return Value(None, work.expression(event.text, source.id))
    try:
        schedule(literal, event.timer, datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))
    except TimerInvalid as problem:
        way = _WAYS.get(event.timer or "", "date")
        work.refuse(f"timer-{way}-unreadable", source.id, text=literal, reason=str(problem))
    return Value(literal, None)


def _quoted(text: str) -> str | None:
    """The text in a FEEL string literal, None when it is another expression."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return None
    inner = text[1:-1]
    if '"' in inner.replace("\\\\", "").replace('\\"', ""):
        return None
    return inner.replace('\\"', '"').replace("\\\\", "\\")
