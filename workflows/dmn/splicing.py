"""Pieces of a DMN document written anew: texts, attributes, fresh ids, in the document's manner."""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from workflows.dmn.outline import Outline, Spot

Edit = tuple[int, int, str]
"""A stretch of the source and what stands there afterwards."""


class Ids:
    """The ids of a document, and new ones beside them."""

    def __init__(self, root: Spot) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}
        pending = [root]
        while pending:
            spot = pending.pop()
            self._taken.add(spot.attributes.get("id", ""))
            pending.extend(spot.children)

    def fresh(self, name: str) -> str:
        """An id that nothing has yet."""
        number = self._last.get(name, 0) + 1
        while f"{name}_{number}" in self._taken:
            number += 1
        self._last[name] = number
        self._taken.add(f"{name}_{number}")
        return f"{name}_{number}"


def tag_of(outline: Outline, spot: Spot) -> str:
    """The name of an element as it is written, with its prefix."""
    head = outline.source[spot.start + 1 : spot.start + 200].split(None, 1)[0]
    return head.split(b">")[0].split(b"/")[0].decode("utf-8")


def set_text(outline: Outline, spot: Spot, text: str) -> Edit:
    """Another text in the `text` of an element, made where there is none."""
    found = spot.first("text")
    prefix = tag_of(outline, spot).rpartition(":")[0]
    name = f"{prefix}:text" if prefix else "text"
    if found is not None and found.inner < found.end:
        return found.inner, found.inner_end, escape(text)
    written = f"<{name}>{escape(text)}</{name}>"
    if found is not None:
        return found.start, found.end, written
    if spot.inner < spot.end:
        return spot.inner, spot.inner, written
    whole = outline.source[spot.start : spot.end].decode("utf-8")
    opened = whole[:-2].rstrip() + ">"
    return spot.start, spot.end, f"{opened}{written}</{tag_of(outline, spot)}>"


def indent_of(source: bytes, spot: Spot) -> str:
    """The blanks before an element that begins its line."""
    line = source.rfind(b"\n", 0, spot.start) + 1
    before = source[line : spot.start]
    return before.decode("utf-8") if not before.strip() else ""


def set_attribute(outline: Outline, spot: Spot, name: str, value: str) -> Edit:
    """Another value of an attribute; an empty one takes it away."""
    tag_end = spot.inner if spot.inner else spot.end
    head = outline.source[spot.start : tag_end].decode("utf-8")
    found = re.search(rf"\s{name}\s*=\s*(\"[^\"]*\"|'[^']*')", head)
    written = f" {name}={quoteattr(value)}" if value else ""
    if found is not None:
        before = spot.start + len(head[: found.start()].encode())
        return before, before + len(found[0].encode()), written
    behind = tag_end - (2 if head.endswith("/>") else 1)
    return behind, behind, written


def append(outline: Outline, spot: Spot, pieces: str) -> Edit:
    """Elements added at the end of an element."""
    if spot.inner < spot.end:
        last = spot.children[-1].end if spot.children else spot.inner
        return last, last, pieces
    return spot.end - 2, spot.end, f">{pieces}</{tag_of(outline, spot)}>"


def applied(outline: Outline, spot: Spot, edits: Iterable[Edit]) -> str:
    """An element as it reads after edits inside it."""
    made, last = [], spot.start
    for start, end, text in sorted(edits):
        made += [outline.source[last:start].decode("utf-8"), text]
        last = end
    return "".join(made) + outline.source[last : spot.end].decode("utf-8")
