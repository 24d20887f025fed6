"""BPMN XML read into plain nodes and flows, scope by scope, without recursion."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"

SCOPES = frozenset(("subProcess", "transaction", "adHocSubProcess"))
ACTIVITIES = SCOPES | {
    "task",
    "userTask",
    "manualTask",
    "scriptTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
    "callActivity",
}
GATEWAYS = frozenset(
    ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
) | {"complexGateway"}
EVENTS = frozenset(
    ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent")
) | {"boundaryEvent"}
NODES = ACTIVITIES | GATEWAYS | EVENTS
# What a scope may hold beside nodes and flows, and what is there for the reader alone.
SILENT = frozenset(
    (
        "extensionElements",
        "documentation",
        "laneSet",
        "group",
        "textAnnotation",
        "auditing",
        "monitoring",
        "supports",
        "category",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "resourceRole",
        "standardLoopCharacteristics",
        "multiInstanceLoopCharacteristics",
        "completionCondition",
        "correlationSubscription",
        "ioBinding",
        "incoming",
        "outgoing",
    )
)


@dataclass(frozen=True, slots=True)
class EventSource:
    """One event definition: its kind and the texts that belong to it."""

    kind: str  # timer message signal error escalation conditional terminate cancel compensate link
    name: str | None = None
    code: str | None = None
    text: str | None = None  # the condition, or the timer's text
    timer: str | None = None  # timeDate, timeDuration or timeCycle
    activity: str | None = None  # what a compensation event names


@dataclass(frozen=True, slots=True)
class FlowSource:
    """One sequence flow."""

    id: str
    source: str
    target: str
    condition: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class LoopSource:
    """A loop marker and its texts."""

    kind: str  # standard, parallel or sequential
    condition: str | None = None
    test_before: bool = False
    maximum: str | None = None
    cardinality: str | None = None
    data_input: str | None = None
    input_item: str | None = None
    data_output: str | None = None
    output_item: str | None = None
    behavior: str = "All"
    # What is thrown when instances complete, each with the condition of a complex behaviour.
    throws: tuple[tuple[str | None, EventSource], ...] = ()


@dataclass(slots=True)
class NodeSource:
    """One flow node."""

    id: str
    kind: str
    name: str | None
    attributes: dict[str, str]
    properties: dict[str, str]
    events: list[EventSource] = field(default_factory=list)
    loop: LoopSource | None = None
    inner: "ScopeSource | None" = None
    script: str | None = None
    condition: str | None = None  # of an ad-hoc sub-process or a complex gateway

    @property
    def event_subprocess(self) -> bool:
        """Whether it is a sub-process that an event starts."""
        return self.attributes.get("triggeredByEvent") in ("true", "1")

    @property
    def for_compensation(self) -> bool:
        """Whether it runs only to undo another activity."""
        return self.attributes.get("isForCompensation") in ("true", "1")


@dataclass(slots=True)
class ScopeSource:
    """A process or sub-process: its nodes by id and its flows, in document order."""

    id: str
    name: str | None
    process: str
    nodes: dict[str, NodeSource] = field(default_factory=dict)
    flows: list[FlowSource] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)  # associations
    executable: bool = True
    strange: list[tuple[str, str]] = field(default_factory=list)  # (kind, id) nobody knows


class Document:
    """One normalised BPMN file: what its references mean, and its processes.

    `drawn` gives the kind of every element of the file as it was before it was normalised.
    """

    def __init__(self, xml: bytes, drawn: dict[str, str], prefix: str = "") -> None:
        self.prefix = prefix
        self.drawn = drawn
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        self.root = etree.fromstring(xml, parser)
        self._by_id: dict[str, Any] = {}
        for element in self.root.iterchildren(tag=etree.Element):
            identity = element.get("id")
            if identity:
                self._by_id[identity] = element

    def processes(self) -> Iterator[ScopeSource]:
        """Every process with all its scopes read."""
        for element in self.root.iterchildren(f"{{{BPMN}}}process"):
            identity = self.prefix + (element.get("id") or "")
            top = ScopeSource(identity, element.get("name"), identity)
            top.executable = element.get("isExecutable") == "true"
            stack = [(top, element)]
            while stack:
                scope, node = stack.pop()
                stack.extend(self._scope(scope, node))
            yield top

    def _scope(self, scope: ScopeSource, parent: Any) -> list[tuple[ScopeSource, Any]]:
        inner: list[tuple[ScopeSource, Any]] = []
        for element in parent.iterchildren(tag=etree.Element):
            tag = etree.QName(element)
            if tag.namespace != BPMN:
                continue
            kind = tag.localname
            if kind == "sequenceFlow":
                scope.flows.append(_flow(element))
            elif kind in NODES:
                node = self._node(element, kind)
                scope.nodes[node.id] = node
                if kind in SCOPES:
                    node.inner = ScopeSource(node.id, node.name, scope.process)
                    inner.append((node.inner, element))
            elif kind == "association":
                scope.links.append((element.get("sourceRef", ""), element.get("targetRef", "")))
            elif kind not in SILENT and not kind.endswith("EventDefinition"):
                scope.strange.append((kind, element.get("id") or ""))
        return inner

    def _node(self, element: Any, kind: str) -> NodeSource:
        node = NodeSource(
            id=element.get("id") or "",
            kind=kind,
            name=element.get("name") or None,
            attributes=dict(element.attrib),
            properties={},
        )
        for child in element.iterchildren(tag=etree.Element):
            tag = etree.QName(child)
            local = tag.localname
            if tag.namespace != BPMN:
                continue
            if local == "extensionElements":
                _extensions(node, child)
            elif local.endswith("EventDefinition"):
                node.events.append(self._event(child))
            elif local == "standardLoopCharacteristics":
                node.loop = LoopSource(
                    "standard",
                    condition=_text(child.find(f"{{{BPMN}}}loopCondition")),
                    test_before=child.get("testBefore") in ("true", "1"),
                    maximum=child.get("loopMaximum"),
                )
            elif local == "multiInstanceLoopCharacteristics":
                node.loop = self._loop(child)
            elif local == "script":
                node.script = _text(child)
            elif local in ("completionCondition", "activationCondition"):
                node.condition = _text(child)
        if kind in ("sendTask", "receiveTask") and not node.events:
            reference = element.get("messageRef")
            name = self._name(reference) if reference else node.name
            node.events.append(EventSource("message", name=name))
        return node

    def _event(self, element: Any) -> EventSource:
        kind = etree.QName(element).localname.removesuffix("EventDefinition")
        owner = element.getparent().get("name") or None
        if kind == "timer":
            for way in ("timeDate", "timeDuration", "timeCycle"):
                found = element.find(f"{{{BPMN}}}{way}")
                if found is not None:
                    return EventSource(kind, name=owner, text=_text(found), timer=way)
            return EventSource(kind, name=owner)
        if kind == "conditional":
            condition = _text(element.find(f"{{{BPMN}}}condition"))
            return EventSource(kind, name=owner, text=condition)
        if kind == "link":
            return EventSource(kind, name=element.get("name") or owner)
        if kind == "compensate":
            activity = element.get("activityRef")
            return EventSource(kind, name=owner, activity=_local(activity) if activity else None)
        reference = element.get(f"{kind}Ref")
        if not reference:
            return EventSource(kind, name=owner)
        target = self._by_id.get(_local(reference))
        code = None if target is None else target.get(f"{kind}Code")
        return EventSource(kind, name=self._name(reference), code=code or None)

    def _loop(self, element: Any) -> LoopSource:
        def text(name: str) -> str | None:
            return _text(element.find(f"{{{BPMN}}}{name}"))

        def item(name: str) -> str | None:
            found = element.find(f"{{{BPMN}}}{name}")
            return None if found is None else found.get("name") or found.get("id")

        source, target = text("loopDataInputRef"), text("loopDataOutputRef")
        behavior = element.get("behavior") or "All"
        return LoopSource(
            "sequential" if element.get("isSequential") in ("true", "1") else "parallel",
            condition=text("completionCondition"),
            cardinality=text("loopCardinality"),
            data_input=source,
            input_item=item("inputDataItem"),
            data_output=target,
            output_item=item("outputDataItem"),
            behavior=behavior,
            throws=tuple(self._thrown_by_loop(element, behavior)),
        )

    def _thrown_by_loop(
        self, element: Any, behavior: str
    ) -> Iterator[tuple[str | None, EventSource]]:
        if behavior == "Complex":
            for choice in element.findall(f"{{{BPMN}}}complexBehaviorDefinition"):
                condition = _text(choice.find(f"{{{BPMN}}}condition"))
                event = choice.find(f"{{{BPMN}}}event")
                for definition in () if event is None else event:
                    if etree.QName(definition).localname.endswith("EventDefinition"):
                        yield condition, self._event(definition)
            return
        thrown = self._by_id.get(_local(element.get(f"{behavior.lower()}BehaviorEventRef") or ""))
        if thrown is not None:
            yield None, self._event(thrown)

    def _name(self, reference: str) -> str:
        target = self._by_id.get(_local(reference))
        return (None if target is None else target.get("name")) or _local(reference)


def _flow(element: Any) -> FlowSource:
    condition = element.find(f"{{{BPMN}}}conditionExpression")
    return FlowSource(
        element.get("id") or f"{element.get('sourceRef')}-{element.get('targetRef')}",
        element.get("sourceRef", ""),
        element.get("targetRef", ""),
        _text(condition),
        None if condition is None else condition.get("language"),
    )


def _extensions(node: NodeSource, element: Any) -> None:
    for child in element.iterchildren(tag=etree.Element):
        tag = etree.QName(child)
        if tag.namespace != SPIFF:
            continue
        if tag.localname == "properties":
            for found in child.iterchildren(f"{{{SPIFF}}}property"):
                name = found.get("name")
                if name:
                    node.properties[name] = found.get("value", "")


def _text(element: Any) -> str | None:
    if element is None:
        return None
    text = "".join(element.itertext()).strip()
    return text or None


def _local(reference: str) -> str:
    """A reference without its namespace prefix."""
    return reference.rpartition(":")[2].strip()
