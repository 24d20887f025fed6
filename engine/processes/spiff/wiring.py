"""Connects the nodes of a scope: flows, attached events, beginnings, and what reaches a join."""

from collections import defaultdict
from dataclasses import replace

from engine.processes.spiff import events, gateways, nodes
from engine.processes.spiff.building import Work
from engine.processes.spiff.reading import FlowSource, NodeSource
from engine.processes.spiff.scripting import Expression
from engine.processes.spiff.specs import ProcessSpec

LANGUAGES = ("feel", "xpath")  # what modelers write by default says nothing about the text


def connect(work: Work) -> None:
    """Everything between the nodes."""
    for source in work.source.nodes.values():
        if source.kind == "boundaryEvent":
            _attach(work, source)
        if source.for_compensation and work.incoming[source.id]:
            work.refuse("compensation-with-flows", source.id)
    for flow in work.source.flows:
        _flow(work, flow)
    for source in work.source.nodes.values():
        if source.kind == "eventBasedGateway":
            _check_race(work, source)
    _begin(work)
    for join in work.spec.joins:
        join.reach = reach(work.spec, join)


def _attach(work: Work, source: NodeSource) -> None:
    node = work.nodes.get(source.id)
    hosted = work.source.nodes.get(source.attributes.get("attachedToRef", ""))
    host = None if hosted is None else work.nodes.get(hosted.id)
    if hosted is None or host is None or not isinstance(node, events.Boundary):
        work.refuse(
            "boundary-without-activity",
            source.id,
            attached=source.attributes.get("attachedToRef", ""),
        )
        return
    kinds = {definition.kind for definition in node.definitions}
    if "compensate" in kinds:
        handler = _handler(work, source)
        if handler is None:
            work.refuse("compensation-without-handler", source.id)
        else:
            host.undo = handler
        return
    if "cancel" in kinds and hosted.kind != "transaction":
        work.refuse("element-not-supported", source.id, kind="boundaryEvent: cancel")
    host.boundary.append(node)


def _handler(work: Work, source: NodeSource) -> nodes.Node | None:
    for start, end in work.source.links:
        other = end if start == source.id else start if end == source.id else ""
        described = work.source.nodes.get(other)
        if described is not None and described.for_compensation:
            return work.nodes.get(other)
    return None


def _flow(work: Work, flow: FlowSource) -> None:
    described = work.source.nodes.get(flow.source)
    source, target = work.nodes.get(flow.source), work.nodes.get(flow.target)
    if described is None or source is None or target is None:
        end = flow.target if target is None else flow.source
        work.refuse("flow-end-unknown", flow.id, end=end)
        return
    default = described.attributes.get("default") == flow.id
    condition = None
    if flow.condition is not None and not default:
        condition = _condition(work, described, flow)
    elif (
        described.kind == "exclusiveGateway" and not default and len(work.outgoing[flow.source]) > 1
    ):
        work.refuse("flow-without-condition", flow.id, gateway=flow.source)
    source.lead_to(nodes.Flow(flow.id, target, condition, default))
    if isinstance(target, gateways.Join):
        target.incoming.append(flow.id)


def _condition(work: Work, source: NodeSource, flow: FlowSource) -> Expression | None:
    if source.kind in ("parallelGateway", "eventBasedGateway"):
        work.refuse("condition-not-looked-at", flow.id)
        return None
    language = (flow.language or "").lower()
    if language and not any(word in language for word in LANGUAGES):
        work.refuse("expression-is-code", flow.id, text=(flow.condition or "")[:100])
        return None
    return work.expression(flow.condition or "", flow.id)


def _check_race(work: Work, source: NodeSource) -> None:
    """An event-based gateway leads to events that are waited for, and to nothing else."""
    node = work.nodes[source.id]
    for flow in node.flows:
        if not isinstance(flow.target, events.Catch):
            work.refuse("event-gateway-target", flow.id, target=flow.target.name)
    if not node.flows:
        work.refuse("event-gateway-target", source.id, target=None)


def _begin(work: Work) -> None:
    """Where tokens begin: start events, or whatever no flow leads to."""
    sources = work.source.nodes.values()
    starts = [node for node in sources if node.kind == "startEvent"]
    if starts and work.owner is None:
        # A process with several start events is started at the one that waits for nothing.
        starts = [node for node in starts if not node.events] or starts[:1]
    if not starts:
        starts = [
            node
            for node in sources
            if not work.incoming[node.id]
            and node.kind != "boundaryEvent"
            and not node.event_subprocess
            and not node.for_compensation
        ]
    work.spec.starts = [work.nodes[node.id] for node in starts if node.id in work.nodes]
    if not work.spec.starts:
        work.refuse("no-start", work.source.id)
    if work.owner is None:
        for start in work.spec.starts:
            _again(work, start)


def _again(work: Work, start: nodes.Node) -> None:
    """What was returned to its start waits there for its requester."""
    if start.element is None:
        return
    properties = {**start.element.properties, "assignee": "=ticket.requester"}
    element = replace(start.element, kind="userTask", properties=properties)
    again = nodes.Again(work.spec, nodes.again(start.element_id), element)
    for flow in start.flows:
        again.lead_to(flow)


def reach(spec: ProcessSpec, join: gateways.Join) -> dict[str, frozenset[str]]:
    """For each node, which incoming flows of a join a token there can still fill.

    A way that goes through the join itself does not count.
    """
    before: dict[str, list[str]] = defaultdict(list)
    for node in spec.task_specs.values():
        for flow in node.flows:
            before[flow.target.name].append(node.name)
        for event in node.boundary:
            before[event.name].append(node.name)
    found: dict[str, set[str]] = defaultdict(set)
    for node in spec.task_specs.values():
        for flow in node.flows:
            if flow.target is not join:
                continue
            stack, seen = [node.name], {join.name}
            while stack:
                name = stack.pop()
                if name not in seen:
                    seen.add(name)
                    found[name].add(flow.id)
                    stack.extend(before[name])
    return {name: frozenset(flows) for name, flows in found.items()}
