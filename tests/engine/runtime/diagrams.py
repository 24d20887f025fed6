"""A tiny builder of BPMN diagrams for tests: nodes, flows and events as plain calls."""

from html import escape
from itertools import pairwise

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'targetNamespace="http://banjie/test" id="definitions">'
)


def properties(values: dict[str, str]) -> str:
    """The extension element that holds a step's settings."""
    if not values:
        return ""
    rows = "".join(
        f'<spiffworkflow:property name="{escape(name)}" value="{escape(value)}"/>'
        for name, value in values.items()
    )
    return (
        "<bpmn:extensionElements><spiffworkflow:properties>"
        f"{rows}</spiffworkflow:properties></bpmn:extensionElements>"
    )


class Scope:
    """The inside of a process or sub-process."""

    def __init__(self, document: "Diagram") -> None:
        self.document = document
        self.parts: list[str] = []

    def node(
        self,
        kind: str,
        identity: str,
        body: str = "",
        props: dict[str, str] | None = None,
        **attributes: str,
    ) -> str:
        """Any flow node; gives its id."""
        extra = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        self.parts.append(
            f'<bpmn:{kind} id="{identity}"{extra}>{properties(props or {})}{body}</bpmn:{kind}>'
        )
        return identity

    def start(self, identity: str = "start", body: str = "", **attributes: str) -> str:
        """A start event."""
        return self.node("startEvent", identity, body, **attributes)

    def end(self, identity: str = "end", body: str = "", **attributes: str) -> str:
        """An end event."""
        return self.node("endEvent", identity, body, **attributes)

    def user(
        self, identity: str, body: str = "", props: dict[str, str] | None = None, **attributes: str
    ) -> str:
        """A user task."""
        return self.node("userTask", identity, body, props, **attributes)

    def script(self, identity: str, text: str, body: str = "", **attributes: str) -> str:
        """A script task."""
        return self.node(
            "scriptTask", identity, f"{body}<bpmn:script>{escape(text)}</bpmn:script>", **attributes
        )

    def flow(
        self, source: str, target: str, condition: str | None = None, identity: str | None = None
    ) -> str:
        """A sequence flow; gives its id."""
        name = identity or f"f_{source}_{target}"
        inner = (
            ""
            if condition is None
            else '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
            f"{escape(condition)}</bpmn:conditionExpression>"
        )
        self.parts.append(
            f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">'
            f"{inner}</bpmn:sequenceFlow>"
        )
        return name

    def line(self, *identities: str) -> None:
        """Flows from each node to the next."""
        for source, target in pairwise(identities):
            self.flow(source, target)

    def boundary(
        self, identity: str, host: str, body: str, interrupting: bool = True, **attributes: str
    ) -> str:
        """An event on the edge of an activity."""
        if not interrupting:
            attributes["cancelActivity"] = "false"
        return self.node("boundaryEvent", identity, body, attachedToRef=host, **attributes)

    def inside(
        self, kind: str, identity: str, inner: "Scope", body: str = "", **attributes: str
    ) -> str:
        """A sub-process with its inside."""
        return self.node(kind, identity, body + "".join(inner.parts), **attributes)

    def scope(self) -> "Scope":
        """A new inside."""
        return Scope(self.document)

    def raw(self, text: str) -> None:
        """XML as it stands."""
        self.parts.append(text)


class Diagram(Scope):
    """One BPMN file with one process."""

    def __init__(self, process: str = "main") -> None:
        super().__init__(self)
        self.process = process
        self.roots: list[str] = []

    def root(self, kind: str, identity: str, **attributes: str) -> str:
        """A message, signal, error or escalation."""
        extra = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        self.roots.append(f'<bpmn:{kind} id="{identity}"{extra}/>')
        return identity

    def xml(self) -> bytes:
        """The file."""
        return (
            f'{HEAD}{"".join(self.roots)}<bpmn:process id="{self.process}" isExecutable="true">'
            f"{''.join(self.parts)}</bpmn:process></bpmn:definitions>"
        ).encode()


def timer(text: str, way: str = "timeDuration") -> str:
    """A timer event definition."""
    return (
        f"<bpmn:timerEventDefinition><bpmn:{way}>{escape(text)}</bpmn:{way}>"
        "</bpmn:timerEventDefinition>"
    )


def event(kind: str, reference: str | None = None) -> str:
    """An event definition that names a message, signal, error or escalation."""
    attribute = f' {kind}Ref="{reference}"' if reference else ""
    return f"<bpmn:{kind}EventDefinition{attribute}/>"


def condition(text: str) -> str:
    """A conditional event definition."""
    return (
        "<bpmn:conditionalEventDefinition><bpmn:condition>"
        f"{escape(text)}</bpmn:condition></bpmn:conditionalEventDefinition>"
    )


def link(name: str) -> str:
    """A link event definition."""
    return f'<bpmn:linkEventDefinition name="{name}"/>'


def many(
    cardinality: str | None = None,
    collection: str | None = None,
    item: str | None = None,
    output: str | None = None,
    output_item: str | None = None,
    until: str | None = None,
    sequential: bool = False,
) -> str:
    """A multi-instance marker."""
    body = ""
    if cardinality:
        body += f"<bpmn:loopCardinality>{escape(cardinality)}</bpmn:loopCardinality>"
    if collection:
        body += f"<bpmn:loopDataInputRef>{collection}</bpmn:loopDataInputRef>"
    if output:
        body += f"<bpmn:loopDataOutputRef>{output}</bpmn:loopDataOutputRef>"
    if item:
        body += f'<bpmn:inputDataItem id="{item}" name="{item}"/>'
    if output_item:
        body += f'<bpmn:outputDataItem id="{output_item}" name="{output_item}"/>'
    if until:
        body += f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>"
    flag = ' isSequential="true"' if sequential else ""
    return (
        f"<bpmn:multiInstanceLoopCharacteristics{flag}>{body}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def loop(text: str | None, test_before: bool = False, maximum: int | None = None) -> str:
    """A standard loop marker."""
    extra = ' testBefore="true"' if test_before else ""
    extra += f' loopMaximum="{maximum}"' if maximum is not None else ""
    body = "" if text is None else f"<bpmn:loopCondition>{escape(text)}</bpmn:loopCondition>"
    return f"<bpmn:standardLoopCharacteristics{extra}>{body}</bpmn:standardLoopCharacteristics>"
