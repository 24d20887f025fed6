"""The diagram interchange of a file: shapes and edges, kept in step with what an import changes."""

from lxml import etree

from workflows.documents import DIAGRAM

_DI, _DC, _DD = DIAGRAM
_TASK = (100, 80)


class Drawing:
    """Where the elements of a document are drawn."""

    def __init__(self, root: etree._Element) -> None:
        self._by_element: dict[str, list[etree._Element]] = {}
        for node in root.iter(f"{{{_DI}}}BPMNShape", f"{{{_DI}}}BPMNEdge"):
            self._by_element.setdefault(_plain(node.get("bpmnElement", "")), []).append(node)

    def remove(self, identity: str) -> None:
        """Take an element off the drawing."""
        for node in self._by_element.pop(identity, ()):
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)

    def make_task(self, identity: str) -> None:
        """Give the shape of an element that has become a task the size of one."""
        for node in self._by_element.get(identity, ()):
            bounds = _bounds(node)
            if bounds is not None:
                x, y, width, height = _numbers(bounds)
                if (width, height) < _TASK:
                    _place(bounds, x + width / 2 - 50, y + height / 2 - 40, *_TASK)

    def add_task(self, identity: str, near: str) -> None:
        """Draw a new task above an element, if that one is drawn."""
        for node in self._by_element.get(near, ())[:1]:
            bounds, plane = _bounds(node), node.getparent()
            if bounds is None or plane is None:
                continue
            x, y, width, _ = _numbers(bounds)
            attributes = {"id": f"{identity}_di", "bpmnElement": identity}
            shape = etree.SubElement(plane, f"{{{_DI}}}BPMNShape", attributes)
            _place(etree.SubElement(shape, f"{{{_DC}}}Bounds"), x + width / 2 - 50, y - 110, *_TASK)
            self._by_element[identity] = [shape]

    def add_event(self, identity: str, near: str) -> None:
        """Draw a new event left of an element, if that one is drawn."""
        for node in self._by_element.get(near, ())[:1]:
            bounds, plane = _bounds(node), node.getparent()
            if bounds is None or plane is None:
                continue
            x, y, _, height = _numbers(bounds)
            attributes = {"id": f"{identity}_di", "bpmnElement": identity}
            shape = etree.SubElement(plane, f"{{{_DI}}}BPMNShape", attributes)
            _place(etree.SubElement(shape, f"{{{_DC}}}Bounds"), x - 70, y + height / 2 - 18, 36, 36)
            self._by_element[identity] = [shape]

    def add_flow(self, identity: str, source: str, target: str) -> None:
        """Draw a new flow as a straight line between two drawn elements."""
        ends = [self._centre(source), self._centre(target)]
        shapes = self._by_element.get(source, ())
        plane = shapes[0].getparent() if shapes else None
        if plane is None or ends[0] is None or ends[1] is None:
            return
        attributes = {"id": f"{identity}_di", "bpmnElement": identity}
        edge = etree.SubElement(plane, f"{{{_DI}}}BPMNEdge", attributes)
        for end in ends:
            if end is not None:
                etree.SubElement(
                    edge, f"{{{_DD}}}waypoint", {"x": _text(end[0]), "y": _text(end[1])}
                )
        self._by_element[identity] = [edge]

    def _centre(self, identity: str) -> tuple[float, float] | None:
        for node in self._by_element.get(identity, ()):
            bounds = _bounds(node)
            if bounds is not None:
                x, y, width, height = _numbers(bounds)
                return x + width / 2, y + height / 2
        return None


def _bounds(node: etree._Element) -> etree._Element | None:
    return node.find(f"{{{_DC}}}Bounds")


def _numbers(bounds: etree._Element) -> tuple[float, float, float, float]:
    def number(name: str) -> float:
        try:
            value = float(bounds.get(name) or 0)
        except ValueError:
            return 0.0
        return value if abs(value) < 1e7 else 0.0

    return number("x"), number("y"), number("width"), number("height")


def _place(bounds: etree._Element, x: float, y: float, width: float, height: float) -> None:
    for name, value in (("x", x), ("y", y), ("width", width), ("height", height)):
        bounds.set(name, _text(value))


def _text(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e5 else str(int(value))


def _plain(reference: str) -> str:
    return reference.rpartition(":")[2]
