"""Starts, ends, splits and default flows that a diagram leaves unsaid."""

from lxml import etree

from workflows.bpmn import GATEWAYS
from workflows.documents import local
from workflows.normalise.work import (
    Work,
    condition_of,
    flows_of,
    is_bpmn,
    is_compensation,
    is_event_sub_process,
    nodes_of,
    set_condition,
)


def add_start(work: Work, scope: etree._Element) -> None:
    """A start before every node that no flow reaches, where a scope has no start of its own."""
    nodes = nodes_of(scope)
    if is_bpmn(scope, "adHocSubProcess") or is_event_sub_process(scope):
        return
    if not nodes:
        if not is_bpmn(scope, "process"):
            _fill_empty(work, scope)
        return
    if any(is_bpmn(node, "startEvent") for node in nodes.values()):
        return
    reached = {flow.get("targetRef") for flow in flows_of(scope)}
    first = [
        identity
        for identity, node in nodes.items()
        if identity not in reached
        and not is_bpmn(node, "boundaryEvent")
        and not is_event_sub_process(node)
        and not is_compensation(node)
    ]
    if not first:
        return
    start = work.add_node(scope, "startEvent", f"{scope.get('id')}_start")
    source = start.get("id", "")
    if len(first) > 1:
        split = work.add_node(scope, "parallelGateway", f"{scope.get('id')}_start_split")
        work.add_flow(scope, source, split.get("id", ""))
        source = split.get("id", "")
    for target in first:
        work.add_flow(scope, source, target)
        work.note("implicit-start", target)


def add_ends(work: Work, scope: etree._Element) -> None:
    """An end event behind every node that no flow leaves: else its token would wait for ever."""
    if is_bpmn(scope, "adHocSubProcess"):
        return
    left = {flow.get("sourceRef") for flow in flows_of(scope)}
    for identity, node in nodes_of(scope).items():
        if identity in left or is_bpmn(node, "endEvent"):
            continue
        if is_event_sub_process(node) or is_compensation(node):
            continue
        end = work.add_node(scope, "endEvent", f"{identity}_end")
        work.add_flow(scope, identity, end.get("id", ""))
        work.note("implicit-end", identity)


def split_at_gateways(work: Work, scope: etree._Element) -> None:
    """Gateways for the tasks and events that have several ways on, or one with a condition."""
    outgoing = _outgoing(scope)
    for identity, node in nodes_of(scope).items():
        flows = outgoing.get(identity, [])
        if local(node) in GATEWAYS or is_bpmn(node, "endEvent"):
            continue
        default = node.get("default")
        chosen = [flow for flow in flows if flow.get("id") == default]
        asked = [flow for flow in flows if condition_of(flow) is not None and flow not in chosen]
        always = [flow for flow in flows if flow not in chosen and flow not in asked]
        if not asked and len(flows) < 2:
            continue
        if chosen:  # a default that is no way out stays, for the checks to name
            del node.attrib["default"]
        if not asked:
            # Without a condition, a default flow is one more way that is always taken.
            _behind(work, scope, identity, "parallelGateway", "split", flows)
        elif chosen and always:
            inner = _behind(work, scope, identity, "inclusiveGateway", "choice", asked + chosen)
            inner.set("default", chosen[0].get("id", ""))
            first = flows_of(scope)[-1]  # the flow to the gateway just made
            _behind(work, scope, identity, "parallelGateway", "split", [*always, first])
        else:
            kind = "inclusiveGateway" if len(flows) > 1 else "exclusiveGateway"
            gateway = _behind(work, scope, identity, kind, "choice", flows)
            if chosen:
                gateway.set("default", chosen[0].get("id", ""))
            for flow in always:
                set_condition(flow, "true")
        work.note("split-made-explicit", identity, ways=len(flows))


def settle_gateways(work: Work, scope: etree._Element) -> None:
    """Default flows of choosing gateways: the one without a condition; a condition on it goes."""
    outgoing = _outgoing(scope)
    for identity, node in nodes_of(scope).items():
        if not is_bpmn(node, "exclusiveGateway", "inclusiveGateway"):
            continue
        flows = outgoing.get(identity, [])
        default = node.get("default")
        for flow in flows:
            condition = condition_of(flow)
            if flow.get("id") == default and condition is not None and len(flows) > 1:
                for one in flow.findall(condition.tag):  # a careless tool wrote it twice
                    flow.remove(one)
                work.note("default-flow-condition-ignored", flow.get("id"))
        bare = [flow for flow in flows if condition_of(flow) is None and flow.get("id") != default]
        if len(flows) < 2 or not bare:
            continue
        if is_bpmn(node, "inclusiveGateway"):
            for flow in bare:
                set_condition(flow, "true")
                work.note("flow-always-taken", flow.get("id"))
        elif [flow.get("id") for flow in flows].count(bare[0].get("id")) > 1:
            continue  # two flows of one id: a finding, and no name for a default
        elif len(bare) == 1 and default is None:
            node.set("default", bare[0].get("id", ""))
            work.note("default-flow-chosen", bare[0].get("id"))


def _fill_empty(work: Work, scope: etree._Element) -> None:
    identity = scope.get("id", "")
    start = work.add_node(scope, "startEvent", f"{identity}_start")
    end = work.add_node(scope, "endEvent", f"{identity}_finish")
    work.add_flow(scope, start.get("id", ""), end.get("id", ""))
    work.note("empty-sub-process", identity)


def _outgoing(scope: etree._Element) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for flow in flows_of(scope):
        found.setdefault(flow.get("sourceRef", ""), []).append(flow)
    return found


def _behind(
    work: Work,
    scope: etree._Element,
    identity: str,
    kind: str,
    suffix: str,
    flows: list[etree._Element],
) -> etree._Element:
    """A new gateway between a node and these flows of it."""
    gateway = work.add_node(scope, kind, f"{identity}_{suffix}")
    for flow in flows:
        flow.set("sourceRef", gateway.get("id", ""))
    work.add_flow(scope, identity, gateway.get("id", ""))
    return gateway
