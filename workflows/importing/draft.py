"""The document under import: its tree, drawing, forms and groups, and the notes of what changed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from workflows.bpmn import NODES, properties_of
from workflows.documents import BPMN, SPIFF, local, namespace
from workflows.importing.drawing import Drawing
from workflows.importing.notes import Report
from workflows.normalise.work import Work

TODO = "todo"
MAX_TODO = 1_500  # characters of the questions on one element
_SLUG = re.compile(r"[^a-z0-9_]+")
_Index = tuple[dict[str, list[etree._Element]], dict[str, list[etree._Element]]]


class Draft:
    """One import. `run` are the process elements that the draft runs, the main one first."""

    def __init__(self, root: etree._Element, beside: Mapping[str, bytes]) -> None:
        self.root = root
        self.beside = beside
        self.report = Report()
        self.work = Work(root, "process.bpmn")
        self.drawing = Drawing(root)
        self.run: list[etree._Element] = []
        self.by_hand = False  # drawn for readers, not written for execution
        self.forms: dict[str, dict[str, Any]] = {}
        self.decisions: dict[str, bytes] = {}
        self.groups: dict[str, str] = {}  # key -> name
        self.intake: str | None = None
        self.stand_ins: set[str] = set()  # steps that a person does for want of anything better
        self._flows: _Index | None = None
        self._nodes: dict[str, etree._Element] | None = None
        self._group_keys: dict[str, str] = {}

    # --- notes ------------------------------------------------------------------------------

    def translated(self, node: etree._Element | None, code: str, /, **params: Any) -> None:
        """Say that something was brought over."""
        self.report.add("translated", code, self.owner(node), **params)

    def lost(self, node: etree._Element | None, code: str, /, **params: Any) -> None:
        """Say that something was left out."""
        self.report.add("lost", code, self.owner(node), **params)

    def ask(self, node: etree._Element, code: str, /, **params: Any) -> None:
        """Ask a person; the question stays on the element until somebody answers it."""
        note = self.report.add("question", code, self.owner(node), **params)
        if note is None:
            return
        for name, language in ((TODO, "zh-CN"), (f"{TODO}.en", "en")):
            before = get_property(node, name)
            text = note.text(language)
            if len(before or "") + len(text) <= MAX_TODO:
                set_property(node, name, f"{before}\n{text}" if before else text)

    def owner(self, node: etree._Element | None) -> str | None:
        """The id of the nearest node, flow or process around an element."""
        current = node
        while current is not None:
            if namespace(current) == BPMN and (
                local(current) in NODES or local(current) in ("sequenceFlow", "process")
            ):
                return current.get("id")
            current = current.getparent()
        return None

    # --- looking ----------------------------------------------------------------------------

    def nodes(self, *kinds: str) -> Iterator[etree._Element]:
        """The flow nodes of the processes that run, in the order of the file."""
        for process in self.run:
            for node in list(process.iter()):
                if namespace(node) != BPMN or local(node) not in NODES:
                    continue
                if (not kinds or local(node) in kinds) and node.getparent() is not None:
                    yield node

    def elements(self, *names: str) -> Iterator[etree._Element]:
        """Any BPMN elements of these names inside the processes that run."""
        for process in self.run:
            yield from list(process.iter(*(f"{{{BPMN}}}{name}" for name in names)))

    def outgoing(self, identity: str) -> list[etree._Element]:
        """The flows that leave an element."""
        return self._index()[0].get(identity, [])

    def incoming(self, identity: str) -> list[etree._Element]:
        """The flows that come to an element."""
        return self._index()[1].get(identity, [])

    def node(self, identity: str) -> etree._Element | None:
        """The flow node of an id among the processes that run."""
        if self._nodes is None:
            self._nodes = {one.get("id", ""): one for one in self.nodes()}
        return self._nodes.get(identity)

    def _index(self) -> "_Index":
        if self._flows is None:
            out: dict[str, list[etree._Element]] = {}
            into: dict[str, list[etree._Element]] = {}
            for flow in self.elements("sequenceFlow"):
                out.setdefault(flow.get("sourceRef", ""), []).append(flow)
                into.setdefault(flow.get("targetRef", ""), []).append(flow)
            self._flows = out, into
        return self._flows

    # --- changing ---------------------------------------------------------------------------

    def changed(self) -> None:
        """Flows were added, taken away or turned: look at them again."""
        self._flows = self._nodes = None

    def remove(self, node: etree._Element) -> None:
        """Take an element out, off the drawing too."""
        for inner in node.iter():
            if inner.get("id"):
                self.drawing.remove(str(inner.get("id")))
        drop(node)
        self.changed()

    def add_flow(self, scope: etree._Element, source: str, target: str) -> etree._Element:
        """A new flow, drawn as a straight line."""
        flow = self.work.add_flow(scope, source, target)
        self.drawing.add_flow(flow.get("id", ""), source, target)
        self.changed()
        return flow

    def make_work(self, node: etree._Element, kind: str = "userTask") -> None:
        """Turn a node into work for a person, without what only its old kind understands."""
        self.stand_ins.add(node.get("id", ""))
        node.tag = f"{{{BPMN}}}{kind}"
        for attribute in (
            "implementation",
            "operationRef",
            "messageRef",
            "scriptFormat",
            "calledElement",
            "instantiate",
            "isInterrupting",
            "parallelMultiple",
            "triggeredByEvent",
        ):
            unset(node, attribute)
        for child in list(node):
            keeps = ("extensionElements", "documentation", "incoming", "outgoing")
            loops = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
            if namespace(child) == BPMN and local(child) not in (*keeps, *loops):
                node.remove(child)
        for name in ("operation", "decision", "result", "retries", "correlation", "variable"):
            remove_property(node, name)
        self.drawing.make_task(node.get("id", ""))

    def group(self, name: str) -> str:
        """The key of a group of this name, declared with the draft."""
        name = name.strip()[:100]
        if name in self._group_keys:
            return self._group_keys[name]
        key = name if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name) else slug(name)
        key = key or "group"
        wanted, number = key, 2
        while key in self.groups:
            key, number = f"{wanted[:58]}_{number}", number + 1
        if len(self.groups) < 200:  # what a manifest may declare
            self.groups[key] = name
        self._group_keys[name] = key
        return key

    def form_key(self, wanted: str) -> str:
        """A free key for a form."""
        key = slug(wanted) or "form"
        key = key if key[0].isalpha() else f"form_{key}"
        base, number = key[:50], 2
        key = base
        while key in self.forms:
            key, number = f"{base}_{number}", number + 1
        return key


def slug(text: str) -> str:
    """A text as a key of a-z, 0-9 and _; empty when nothing of it can stay."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text[:200])
    return _SLUG.sub("_", spaced.lower()).strip("_")[:60].strip("_")


def label(text: str | None, default: str = "") -> dict[str, str]:
    """One foreign text in both languages: nobody has translated it yet."""
    shown = "".join(char for char in (text or default) if char.isprintable()).strip()[:200]
    return {"zh-CN": shown or default, "en": shown or default}


def unset(node: etree._Element, name: str) -> str | None:
    """Take an attribute away, if it is there; its value."""
    return str(node.attrib.pop(name)) if name in node.attrib else None


def drop(node: etree._Element) -> None:
    """Take an element out; the text behind it stays."""
    parent = node.getparent()
    if parent is not None:
        node.tail = None
        parent.remove(node)


def get_property(node: etree._Element, name: str) -> str | None:
    """A setting of an element."""
    return properties_of(node).get(name)


def set_property(node: etree._Element, name: str, value: str) -> None:
    """Write a setting of an element."""
    holder = node.find(f"{{{BPMN}}}extensionElements")
    if holder is None:
        holder = etree.Element(f"{{{BPMN}}}extensionElements")
        place = sum(1 for child in node if local(child) == "documentation")
        node.insert(place, holder)
    properties = holder.find(f"{{{SPIFF}}}properties")
    if properties is None:
        properties = etree.SubElement(
            holder, f"{{{SPIFF}}}properties", nsmap={"spiffworkflow": SPIFF}
        )
    for item in properties.iterchildren(f"{{{SPIFF}}}property"):
        if (item.get("name") or "").strip() == name:
            item.set("value", clean(value))
            return
    etree.SubElement(properties, f"{{{SPIFF}}}property", {"name": name, "value": clean(value)})


def remove_property(node: etree._Element, name: str) -> None:
    """Take a setting of an element away."""
    for item in list(node.iterfind(f"{{{BPMN}}}extensionElements/{{{SPIFF}}}properties/*")):
        if (item.get("name") or "").strip() == name:
            drop(item)


def document(node: etree._Element, text: str) -> None:
    """Add to what an element says to its readers."""
    element = etree.Element(f"{{{BPMN}}}documentation")
    element.text = clean(text)[:20_000]
    node.insert(sum(1 for child in node if local(child) == "documentation"), element)


def clean(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return "".join(
        char
        for char in text
        if char in "\t\n\r"
        or " " <= char < "\ud800"
        or "\udfff" < char < "\ufffe"
        or char > "\uffff"
    )


def text_of(node: etree._Element | None) -> str:
    """All text inside an element."""
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()
