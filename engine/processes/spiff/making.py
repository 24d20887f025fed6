"""Makes the nodes of a scope: activities, gateways and loop markers."""

from typing import TYPE_CHECKING

from engine.processes.spiff import compensation, gateways, loops, making_events, nodes, scopes
from engine.processes.spiff.building import Inside, Work, resolve
from engine.processes.spiff.reading import ACTIVITIES, EVENTS, NodeSource
from engine.processes.spiff.scripting import Value
from engine.processes.spiff.specs import Element, ProcessSpec
from workflows.scripts import ScriptError, read_script

if TYPE_CHECKING:
    from engine.processes.spiff.nodes import Node

# Properties of a service task that are not parameters of its operation.
NOT_PARAMETERS = frozenset(("operation", "result", "status", "description", "retries", "todo"))


def make_nodes(work: Work) -> None:
    """Every node of the scope, unconnected."""
    work.spec.start = nodes.Start(work.spec, "[start]", None)
    compensation.Revived(work.spec, compensation.REVIVAL, None)
    for kind, identity in work.source.strange:
        work.refuse("element-not-supported", identity or None, kind=kind)
    for source in work.source.nodes.values():
        if not source.id or source.id in work.spec.task_specs:
            work.refuse("duplicate-id", source.id, id=source.id)
            continue
        element = work.element(source)
        looped = source.loop is not None and source.kind in ACTIVITIES
        node = _make(work, source, f"{source.id} [child]" if looped else source.id, element)
        if element is None:
            node.origin = _origin(work, source.id)
        work.nodes[source.id] = _loop(work, source, node, element) if looped else node


def _origin(work: Work, identity: str) -> str | None:
    """The drawn element before a node that normalising has added."""
    seen: set[str] = set()
    while identity not in work.drawn:
        before = [flow.source for flow in work.incoming[identity] if flow.source not in seen]
        if not before:
            return None
        seen.add(identity)
        identity = before[0]
    return identity


def _make(work: Work, source: NodeSource, name: str, element: Element | None) -> "Node":
    kind = source.kind
    if kind == "serviceTask" or (kind == "sendTask" and source.properties.get("operation")):
        return _service(work, source, name, element)
    if kind in EVENTS or kind in ("sendTask", "receiveTask"):
        return making_events.make(work, source, name, element)
    if kind in ("userTask", "manualTask"):
        return nodes.Work(work.spec, name, element)
    if kind == "scriptTask":
        return _script(work, source, name, element)
    if kind == "businessRuleTask":
        return _rule(work, source, name, element)
    if kind == "callActivity":
        return _call(work, source, name, element)
    if source.inner is not None:
        return _subprocess(work, source, name, element)
    if kind == "task":
        return nodes.Plain(work.spec, name, element)
    return _gateway(work, source, name, element)


def _gateway(work: Work, source: NodeSource, name: str, element: Element | None) -> "Node":
    if source.kind == "exclusiveGateway":
        return gateways.Exclusive(work.spec, name, element)
    if source.kind == "parallelGateway":
        return gateways.Parallel(work.spec, name, element)
    if source.kind == "eventBasedGateway":
        return gateways.EventGateway(work.spec, name, element)
    join: gateways.Inclusive
    if source.kind == "inclusiveGateway":
        join = gateways.Inclusive(work.spec, name, element)
    else:
        join = complex_join = gateways.Complex(work.spec, name, element)
        if source.condition:
            complex_join.condition = work.expression(source.condition, source.id)
    if len(work.incoming[source.id]) > 1:
        work.spec.joins.append(join)
    return join


def _script(work: Work, source: NodeSource, name: str, element: Element | None) -> "Node":
    node = nodes.Script(work.spec, name, element)
    language = source.attributes.get("scriptFormat", "").lower()
    if source.script and language and "feel" not in language:
        work.refuse("script-not-feel", source.id, language=language)
        return node
    try:
        lines = read_script(source.script or "")
    except ScriptError as problem:
        work.refuse(problem.code, source.id, line=problem.line)
        return node
    compiled = [(line.name, work.expression(line.expression, source.id)) for line in lines]
    node.lines = [(key, expression) for key, expression in compiled if expression is not None]
    return node


def _service(work: Work, source: NodeSource, name: str, element: Element | None) -> "Node":
    node = nodes.Service(work.spec, name, element)
    properties = source.properties
    if not properties.get("operation"):
        work.refuse("operation-missing", source.id)
    node.operation = work.value(properties.get("operation", ""), source.id)
    node.result = properties.get("result") or None
    node.parameters = [
        (key, work.value(text, source.id))
        for key, text in properties.items()
        if key not in NOT_PARAMETERS and not key.startswith(("name.", "description.", "todo."))
    ]
    return node


def _rule(work: Work, source: NodeSource, name: str, element: Element | None) -> "Node":
    node = nodes.Rule(work.spec, name, element)
    node.decision = source.properties.get("decision", "")
    node.result = source.properties.get("result") or None
    if not node.decision:
        work.refuse("decision-missing", source.id)
    return node


def _call(work: Work, source: NodeSource, name: str, element: Element | None) -> "Node":
    node = scopes.Call(work.spec, name, element)
    called = source.attributes.get("calledElement", "")
    target = resolve(called, work.source.process, work.processes)
    if target is None:
        work.refuse("call-unknown", source.id, process=called)
    else:
        node.inside = work.built.specs[target]
    node.given = _mappings(work, source, "in.")
    node.taken = _mappings(work, source, "out.")
    return node


def _mappings(work: Work, source: NodeSource, prefix: str) -> list[tuple[str, Value]] | None:
    found = [
        (key.removeprefix(prefix), work.value(text, source.id))
        for key, text in source.properties.items()
        if key.startswith(prefix)
    ]
    return found or None


def _subprocess(work: Work, source: NodeSource, name: str, element: Element | None) -> "Node":
    inside = ProcessSpec(f"{work.source.process}:{source.id}", work.source.process)
    work.built.specs[inside.name] = inside
    if source.inner is not None:
        enclosing = (*work.enclosing, source.id)
        work.to_build.append(Inside(source.inner, inside, enclosing, source))
    node: scopes.SubProcess
    if source.kind == "adHocSubProcess":
        node = ad_hoc = scopes.AdHoc(work.spec, name, element)
        ad_hoc.sequential = source.attributes.get("ordering") == "Sequential"
        ad_hoc.cancel_rest = source.attributes.get("cancelRemainingInstances") != "false"
        if source.condition:
            ad_hoc.condition = work.expression(source.condition, source.id)
        inside.ad_hoc = ad_hoc
    elif source.kind == "transaction":
        node = scopes.Transaction(work.spec, name, element)
        inside.undo = compensation.ThrowCompensation(inside, "[undo]", None)
    else:
        node = scopes.SubProcess(work.spec, name, element)
    node.inside = inside
    if source.event_subprocess:
        making_events.watch(work, source, node)
    else:
        node.undo = _own_undo(work, source, inside)
    return node


def _own_undo(work: Work, source: NodeSource, inside: ProcessSpec) -> "Node | None":
    """A compensation event sub-process inside is what undoes the sub-process around it."""
    inner = [] if source.inner is None else source.inner.nodes.values()
    for node in inner:
        if node.event_subprocess and making_events.undoes(node):
            element = work.element(node, enclosing=(*work.enclosing, source.id))
            undo = scopes.SubProcess(work.spec, f"{node.id} [undo]", element)
            work.later.append((undo, f"{work.source.process}:{node.id}"))
            return undo
    return None


def _loop(work: Work, source: NodeSource, inner: "Node", element: Element | None) -> "Node":
    loop = loops.Loop(work.spec, source.id, element)
    loop.inner = inner
    marker = source.loop
    if marker is None:
        return loop
    loop.parallel = marker.kind == "parallel"
    loop.standard = marker.kind == "standard"
    if marker.condition:
        loop.condition = work.expression(marker.condition, source.id)
    if loop.standard:
        loop.test_before = marker.test_before
        if marker.maximum is not None:
            if marker.maximum.isdigit() and len(marker.maximum) < 10:
                loop.maximum = int(marker.maximum)
            else:
                work.refuse("loop-count-unreadable", source.id, count=marker.maximum[:40])
        elif not marker.condition:
            work.refuse("loop-without-bound", source.id)
        return loop
    loop.first_throws = marker.behavior == "One"
    for text, event in marker.throws:
        thrown = making_events.thrown_by_loop(work, source, event)
        condition = work.expression(text, source.id) if text else None
        if thrown is not None:
            loop.throws.append((condition, thrown))
    if marker.behavior != "All" and not marker.throws:
        work.refuse("element-not-supported", source.id, kind=f"behavior {marker.behavior}")
    if marker.cardinality:
        loop.cardinality = work.expression(marker.cardinality, source.id)
    loop.collection, loop.item = marker.data_input, marker.input_item
    loop.output, loop.output_item = marker.data_output, marker.output_item
    if not marker.cardinality and not marker.data_input:
        work.refuse("loop-without-bound", source.id)
    elif marker.cardinality and marker.data_input:
        work.refuse("loop-two-bounds", source.id)
    if bool(loop.output) != bool(loop.output_item):
        work.refuse("loop-output-incomplete", source.id)
    return loop
