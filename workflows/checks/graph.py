"""How a process hangs together: starts, ends, gateways, ways that lead nowhere or go round."""

from collections.abc import Iterable, Mapping

from workflows.bpmn import ACTIVITIES, SUB_PROCESSES, Element, Process
from workflows.checks.context import Context, Loaded
from workflows.constructs import MAX_SUB_PROCESS_DEPTH

_WAITS = frozenset(
    {
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "intermediateCatchEvent",
        "eventBasedGateway",
        "callActivity",
    }
)
_DOES = frozenset({"scriptTask", "businessRuleTask"})
_WAITED_FOR = frozenset({"timer", "message", "signal", "conditional"})


def check(context: Context, loaded: Loaded, process: Process) -> None:
    """Structure of one process; a broken one is not looked at any further."""
    if not _references(context, loaded, process):
        loaded.is_broken = True
        return
    for scope in _scopes(process):
        _starts(context, loaded.path, process, scope)
    for element in process.elements.values():
        _ways(context, loaded.path, process, element)
    _reach(context, loaded.path, process)
    _loops(context, loaded.path, process)


def _references(context: Context, loaded: Loaded, process: Process) -> bool:
    path, before = loaded.path, len(context.findings)
    elements = process.elements
    for flow in process.flows.values():
        for end in (flow.source, flow.target):
            if end not in elements:
                context.error(path, "flow-end-unknown", flow.id, end=end[:100])
            elif elements[end].parent != flow.parent:
                context.error(path, "flow-crosses-sub-process", flow.id, end=end[:100])
    for element in elements.values():
        if element.kind == "boundaryEvent":
            host = elements.get(element.attached_to or "")
            if host is None or host.kind not in ACTIVITIES or host.parent != element.parent:
                attached = (element.attached_to or "")[:100]
                context.error(path, "boundary-without-activity", element.id, attached=attached)
        if element.default and element.default not in element.outgoing:
            context.error(path, "default-unknown", element.id, flow=element.default[:100])
        if _depth(process, element) > MAX_SUB_PROCESS_DEPTH:
            context.error(path, "sub-process-too-deep", element.id, limit=MAX_SUB_PROCESS_DEPTH)
    return len(context.findings) == before


def _starts(context: Context, path: str, process: Process, scope: Element | None) -> None:
    place = process.id if scope is None else scope.id
    inside = process.inside(None if scope is None else scope.id)
    starts = [element for element in inside if element.kind == "startEvent"]
    if scope is not None and scope.kind == "adHocSubProcess":
        if not any(not one.incoming for one in inside):
            context.error(path, "no-start", place)
        return
    if scope is not None and scope.triggered_by_event:
        if len(starts) != 1 or not starts[0].events:
            context.error(path, "event-sub-process-start", place)
    elif not starts:
        context.error(path, "no-start", place)
    elif len(starts) > 1:
        plain = [element for element in starts if not element.events]
        if len(plain) != 1 or scope is not None:
            context.error(path, "several-starts", place, count=len(starts))


def _ways(context: Context, path: str, process: Process, element: Element) -> None:
    kind = element.kind
    if element.incoming and kind in ("startEvent", "boundaryEvent"):
        context.error(path, "start-with-incoming", element.id)
    if element.outgoing and kind == "endEvent":
        context.error(path, "end-with-outgoing", element.id)
    if element.triggered_by_event and (element.incoming or element.outgoing):
        context.error(path, "event-sub-process-with-flow", element.id)
    flows = [process.flows[identity] for identity in element.outgoing]
    if kind in ("parallelGateway", "eventBasedGateway"):
        for flow in flows:
            if flow.condition is not None:
                context.error(path, "condition-not-looked-at", flow.id)
    if kind == "exclusiveGateway" and len(flows) > 1:
        bare = [one for one in flows if one.condition is None and one.id != element.default]
        for flow in bare:
            context.error(path, "flow-without-condition", flow.id, gateway=element.id)
    if kind in ("exclusiveGateway", "inclusiveGateway"):
        asks = any(flow.condition is not None for flow in flows)
        always = any(flow.condition == "true" for flow in flows)
        if asks and not always and element.default is None:
            context.warn(path, "gateway-without-default", element.id)
    if kind == "eventBasedGateway":
        _event_gateway(context, path, process, element)


def _event_gateway(context: Context, path: str, process: Process, element: Element) -> None:
    for identity in element.outgoing:
        target = process.elements[process.flows[identity].target]
        catches = target.kind in ("intermediateCatchEvent", "receiveTask")
        if not catches or len(target.incoming) > 1:
            context.error(path, "event-gateway-target", element.id, target=target.id)


def _reach(context: Context, path: str, process: Process) -> None:
    """Elements that no token can come to, and elements from which no end can be reached."""
    onwards = _edges(process)
    back: dict[str, list[str]] = {}
    for source, targets in onwards.items():
        for target in targets:
            back.setdefault(target, []).append(source)
    first = [one.id for one in process.of_kind("startEvent") if one.parent is None]
    event_driven = [one.id for one in process.elements.values() if one.triggered_by_event]
    reached = _walk([*first, *event_driven], onwards)
    ends = [one.id for one in process.of_kind("endEvent")] + event_driven
    ends += [one.id for one in _in_ad_hoc(process) if not one.outgoing]
    finishing = _walk(ends, back)
    for element in process.elements.values():
        if element.id not in reached:
            if not element.for_compensation:
                context.warn(path, "element-unreachable", element.id)
        elif element.id not in finishing and element.kind != "endEvent":
            context.warn(path, "no-way-to-an-end", element.id)


def _loops(context: Context, path: str, process: Process) -> None:
    """Circles in which nothing waits: suspect with a script in them, endless without one."""
    waiting = _waiting(process)
    edges = {
        source: [target for target in targets if target not in waiting]
        for source, targets in _edges(process, into=False).items()
        if source not in waiting
    }
    for circle in _circles(edges):
        does = any(process.elements[one].kind in _DOES for one in circle)
        first = next(identity for identity in process.elements if identity in circle)
        listed = ", ".join(sorted(circle)[:10])
        if does:
            context.warn(path, "loop-without-wait", first, elements=listed)
        else:
            context.error(path, "loop-endless", first, elements=listed)


def _waiting(process: Process) -> set[str]:
    """The elements at which a token waits, sub-processes with such an element included."""
    found: set[str] = set()
    for element in process.elements.values():
        if element.kind == "boundaryEvent":
            if not any(event.kind in _WAITED_FOR for event in element.events):
                continue
        elif element.kind not in _WAITS:
            continue
        here: str | None = element.id
        while here is not None and here not in found:
            found.add(here)
            here = process.elements[here].parent
    return found


def _edges(process: Process, into: bool = True) -> dict[str, list[str]]:
    """Element → those that its token can come to next: by flow, by boundary, into a sub-process."""
    edges: dict[str, list[str]] = {identity: [] for identity in process.elements}
    for flow in process.flows.values():
        edges[flow.source].append(flow.target)
    for element in process.elements.values():
        if element.kind == "boundaryEvent" and element.attached_to:
            edges[element.attached_to].append(element.id)
        if into and element.parent and element.kind == "startEvent":
            edges[element.parent].append(element.id)
        if into and element.parent and element.kind == "endEvent":
            edges[element.id].append(element.parent)
    for element in _in_ad_hoc(process):
        if into and element.parent and not element.incoming:
            edges[element.parent].append(element.id)
    return edges


def _in_ad_hoc(process: Process) -> list[Element]:
    """The elements of ad-hoc sub-processes, which need neither start nor end."""
    return [
        one
        for one in process.elements.values()
        if one.parent and process.elements[one.parent].kind == "adHocSubProcess"
    ]


def _walk(first: Iterable[str], edges: Mapping[str, list[str]]) -> set[str]:
    todo = list(first)
    seen = set(todo)
    while todo:
        for target in edges.get(todo.pop(), ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def _circles(edges: Mapping[str, list[str]]) -> list[set[str]]:
    """The strongly connected parts with a circle in them (Tarjan, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found = []
    for root in edges:
        if root in index:
            continue
        work = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(edges.get(target, ()))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    outer = work[-1][0]
                    low[outer] = min(low[outer], low[node])
                if low[node] == index[node]:
                    part = _popped(stack, on_stack, node)
                    if len(part) > 1 or node in edges.get(node, ()):
                        found.append(part)
    return found


def _popped(stack: list[str], on_stack: set[str], until: str) -> set[str]:
    part = set()
    while True:
        node = stack.pop()
        on_stack.discard(node)
        part.add(node)
        if node == until:
            return part


def _scopes(process: Process) -> list[Element | None]:
    return [None, *(one for one in process.elements.values() if one.kind in SUB_PROCESSES)]


def _depth(process: Process, element: Element) -> int:
    depth, parent = 0, element.parent
    while parent is not None and depth <= MAX_SUB_PROCESS_DEPTH:
        depth += 1
        parent = process.elements[parent].parent if parent in process.elements else None
    return depth
