"""Where the elements of a document stand in its bytes, so that one can be changed and no other."""

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from workflows.documents import DocumentError, decode, read_xml

MAX_NODES = 1_000_000


@dataclass(slots=True)
class Spot:
    """An element: `start` and `end` of all of it, `inner` and `inner_end` of what is inside."""

    name: str
    attributes: dict[str, str]
    start: int
    inner: int = 0
    inner_end: int = 0
    end: int = 0
    children: list["Spot"] = field(default_factory=list)

    def find(self, *names: str) -> list["Spot"]:
        """The children of these names."""
        return [child for child in self.children if child.name in names]

    def first(self, name: str) -> "Spot | None":
        """The first child of a name."""
        return next((child for child in self.children if child.name == name), None)


class Outline:
    """A document as UTF-8 bytes with the places of its elements."""

    def __init__(self, data: bytes) -> None:
        # Bounds, encoding and the refusal of a DTD are those of every document.
        read_xml(data, max_nodes=MAX_NODES, max_seconds=10.0)
        text, self.encoding, _ = decode(data)
        self.source = text.encode("utf-8")
        self.root = _read(self.source)

    def spliced(self, changes: list[tuple[int, int, str]]) -> bytes:
        """The document with stretches replaced, in its own encoding."""
        made, last = [], 0
        for start, end, text in sorted(changes):
            made += [self.source[last:start], text.encode("utf-8")]
            last = end
        made.append(self.source[last:])
        joined = b"".join(made)
        return joined if self.encoding == "utf-8" else joined.decode("utf-8").encode(self.encoding)


def _read(source: bytes) -> Spot:
    parser = expat.ParserCreate("utf-8")
    top = Spot("", {}, 0)
    open_spots = [top]

    def begin(name: str, attributes: dict[str, Any]) -> None:
        spot = Spot(name.rpartition(":")[2], attributes, parser.CurrentByteIndex)
        open_spots[-1].children.append(spot)
        open_spots.append(spot)

    def finish(name: str) -> None:
        spot = open_spots.pop()
        spot.inner = spot.inner_end = spot.end = _after_tag(source, spot.start)
        if source[spot.inner - 2] != ord("/"):
            spot.inner_end = parser.CurrentByteIndex
            spot.end = source.index(b">", spot.inner_end) + 1

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    try:
        parser.Parse(source, True)
    except expat.ExpatError as error:
        raise DocumentError(
            "xml-not-well-formed", line=error.lineno, reason=expat.ErrorString(error.code)
        ) from None
    return top.children[0]


def _after_tag(source: bytes, start: int) -> int:
    """The place after the start tag that begins at `start`; a quoted value may hold a ">"."""
    at, quote = start, 0
    while True:
        char = source[at]
        if quote:
            quote = 0 if char == quote else quote
        elif char in b"\"'":
            quote = char
        elif char == ord(">"):
            return at + 1
        at += 1
