"""A decision table as it should be, written over the one in a document; the rest stays as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from xml.sax.saxutils import escape, quoteattr

from workflows.dmn import drawing
from workflows.dmn.drawing import Drawn, DrawnInput, DrawnNote, DrawnOutput, DrawnRule
from workflows.dmn.outline import Outline, Spot
from workflows.dmn.splicing import Edit, Ids, append, applied, set_attribute, set_text, tag_of
from workflows.documents import DocumentError

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SECTIONS = ("input", "output", "annotation", "rule")
_NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


_Write = Callable[[Any, Any, Spot | None, str], tuple[list[Edit], str]]
"""Writes one element: the edits of one that is there, or the text of a new one."""


class _Placed(Protocol):
    @property
    def source(self) -> int | None: ...


def blank(identity: str, name: str, namespace: str) -> bytes:
    """A document with one decision whose table has nothing in it yet."""
    return (
        f'{_HEAD}<definitions xmlns="{_NAMESPACE}" id={quoteattr(f"{identity}_definitions")} '
        f"name={quoteattr(name)} namespace={quoteattr(namespace)}>\n"
        f"  <decision id={quoteattr(identity)} name={quoteattr(name)}>\n"
        f'    <decisionTable id={quoteattr(f"{identity}_table")} hitPolicy="FIRST">\n'
        "    </decisionTable>\n  </decision>\n</definitions>\n"
    ).encode()


def write_table(data: bytes, decision: str, wanted: Drawn) -> bytes:
    """The document with the table of a decision as wanted, byte for byte the same elsewhere.

    Columns and rows say which one of the document they are; what moves takes its comments along.
    Raises DocumentError for what cannot be read, has no such table, or speaks of a place that the
    document does not have.
    """
    before = drawing.drawn(data, decision)
    if before is None:
        raise DocumentError("place-unknown", what="decisionTable", number=1, name=decision[:80])
    _check(before, wanted, decision)
    if before == wanted:
        return data
    return _Writer(Outline(data), decision, before, wanted).run()


def _check(before: Drawn, wanted: Drawn, decision: str) -> None:
    """Every place exists and is taken once, and every row has a cell for every column."""
    sections: list[tuple[str, Sequence[_Placed], Sequence[_Placed]]] = [
        ("column", before.inputs, wanted.inputs),
        ("column", before.outputs, wanted.outputs),
        ("column", before.notes, wanted.notes),
        ("rule", before.rules, wanted.rules),
    ]
    for what, there, given in sections:
        seen: set[int] = set()
        for one in given:
            if one.source is None:
                continue
            if not 0 <= one.source < len(there) or one.source in seen:
                number = one.source + 1
                raise DocumentError("place-unknown", what=what, number=number, name=decision[:80])
            seen.add(one.source)
    counts = (len(wanted.inputs), len(wanted.outputs), len(wanted.notes))
    for number, rule in enumerate(wanted.rules, 1):
        if (len(rule.tests), len(rule.results), len(rule.notes)) != counts:
            raise DocumentError("rule-cells-missing", rule=number)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a row, with the place that it has in the document."""

    source: int | None
    text: str


class _Writer:
    """Writes one table."""

    def __init__(self, source: Outline, decision: str, before: Drawn, wanted: Drawn) -> None:
        self.outline = source
        self.before = before
        self.wanted = wanted
        self.ids = Ids(source.root)
        self.decision = next(
            one
            for key in ("id", "name")
            for one in source.root.find("decision")
            if one.attributes.get(key) == decision
        )
        table = self.decision.first("decisionTable")
        if table is None or table.inner == table.end:
            raise DocumentError("place-unknown", what="decisionTable", number=1, name=decision[:80])
        self.table = table
        prefix = tag_of(source, table).rpartition(":")[0]
        self.prefix = f"{prefix}:" if prefix else ""

    def run(self) -> bytes:
        before, wanted, table = self.before, self.wanted, self.table
        edits: list[Edit] = []
        if wanted.name != before.name:
            edits.append(set_attribute(self.outline, self.decision, "name", wanted.name))
        if wanted.hit_policy != before.hit_policy:
            edits.append(set_attribute(self.outline, table, "hitPolicy", wanted.hit_policy))
        if wanted.aggregation != before.aggregation:
            edits.append(set_attribute(self.outline, table, "aggregation", wanted.aggregation))
        known = [one for one in table.children if one.name not in _SECTIONS]
        at = known[-1].end if known and known[-1].start < self._first() else table.inner
        for name, there, given, one in (
            ("input", before.inputs, wanted.inputs, self._input),
            ("output", before.outputs, wanted.outputs, self._output),
            ("annotation", before.notes, wanted.notes, self._note),
            ("rule", before.rules, wanted.rules, self._rule),
        ):
            spots = table.find(name)
            edits += self._section(table, spots, there, given, one, at)
            at = spots[-1].end if spots else at
        return self.outline.spliced(_joined(edits))

    def _first(self) -> int:
        starts = [one.start for one in self.table.children if one.name in _SECTIONS]
        return min(starts, default=self.table.inner_end)

    def _section(
        self,
        parent: Spot,
        spots: list[Spot],
        there: Sequence[Any],
        given: Sequence[Any],
        one: _Write,
        at: int,
    ) -> list[Edit]:
        """The edits of a run of like elements; moved, added and removed ones write it anew."""
        places = [item.source for item in given]
        if places == list(range(len(spots))):
            return [
                edit
                for item, old, spot in zip(given, there, spots, strict=False)
                if item != old
                for edit in one(item, old, spot, "")[0]
            ]
        gap = self._gap(parent, spots)
        leads = self._leads(parent, spots)
        made = []
        for place, item in enumerate(given):
            if item.source is None:
                made.append((gap if place or not spots else "") + one(item, None, None, gap)[1])
                continue
            spot, old = spots[item.source], there[item.source]
            inner = one(item, old, spot, gap)[0] if item != old else []
            lead = leads[item.source]
            made.append((lead if place else lead.lstrip()) + applied(self.outline, spot, inner))
        if not spots:
            return [(at, at, "".join(made))] if made else []
        start = spots[0].start - len(leads[0].lstrip().encode())
        if not given:
            start -= len(self._before(start).encode())
        return [(start, spots[-1].end, "".join(made))]

    def _leads(self, parent: Spot, spots: list[Spot]) -> list[str]:
        """What stands before each element: blanks, and a comment that goes where it goes."""
        if not spots:
            return []
        ends = [one.end for one in parent.children if one.end <= spots[0].start]
        begins = [max(ends, default=parent.inner), *(spot.end for spot in spots)]
        source = self.outline.source
        return [
            source[begin : spot.start].decode("utf-8")
            for begin, spot in zip(begins, spots, strict=False)
        ]

    def _before(self, start: int) -> str:
        """The blanks before a place."""
        source = self.outline.source
        at = start
        while at and source[at - 1 : at].isspace():
            at -= 1
        return source[at:start].decode("utf-8")

    def _gap(self, parent: Spot, spots: list[Spot]) -> str:
        """What separates two elements here."""
        if spots:
            return self._before(spots[0].start)
        if parent.children:
            return self._before(parent.children[0].start)
        before = self._before(parent.start)
        return before + "  " if "\n" in before else ""

    # -- the elements

    def _element(self, name: str, attributes: str, inner: str) -> str:
        return f"<{self.prefix}{name}{attributes}>{inner}</{self.prefix}{name}>"

    def _held(self, name: str, text: str, type: str = "", with_id: bool = True) -> str:
        """An element with a text in it."""
        identity = f" id={quoteattr(self.ids.fresh(name))}" if with_id else ""
        typed = f" typeRef={quoteattr(type)}" if type else ""
        body = self._element("text", "", escape(text))
        return self._element(name, identity + typed, body)

    def _attributes(self, spot: Spot, pairs: Sequence[tuple[str, str, str]]) -> list[Edit]:
        """Edits for the attributes (name, before, after) that are different."""
        return [
            set_attribute(self.outline, spot, name, after)
            for name, before, after in pairs
            if before != after
        ]

    def _texts(self, spot: Spot, pairs: Sequence[tuple[str, str, str]]) -> list[Edit]:
        """Edits for the held texts (element, before, after) that are different."""
        edits, new = [], ""
        for name, before, after in pairs:
            if before == after:
                continue
            found = spot.first(name)
            if found is None:
                new += self._held(name, after)
            elif not after:
                edits.append((found.start - len(self._before(found.start).encode()), found.end, ""))
            else:
                edits.append(set_text(self.outline, found, after))
        if new:
            edits.append(append(self.outline, spot, new))
        return edits

    def _input(
        self, one: DrawnInput, old: DrawnInput | None, spot: Spot | None, gap: str
    ) -> tuple[list[Edit], str]:
        if spot is None or old is None:
            inner = self._held("inputExpression", one.expression, one.type)
            inner += self._held("inputValues", one.values) if one.values else ""
            head = f" id={quoteattr(self.ids.fresh('input'))} label={quoteattr(one.label)}"
            return [], self._element("input", head, inner)
        edits = self._attributes(spot, [("label", old.label, one.label)])
        expression = spot.first("inputExpression")
        if expression is not None:
            edits += self._attributes(expression, [("typeRef", old.type, one.type)])
        elif one.type != old.type and not one.expression:
            raise DocumentError("input-expression-missing", column=1)
        pairs = [
            ("inputExpression", old.expression, one.expression),
            ("inputValues", old.values, one.values),
        ]
        return edits + self._texts(spot, pairs), ""

    def _output(
        self, one: DrawnOutput, old: DrawnOutput | None, spot: Spot | None, gap: str
    ) -> tuple[list[Edit], str]:
        texts = [("outputValues", one.values), ("defaultOutputEntry", one.default)]
        if spot is None or old is None:
            head = f" id={quoteattr(self.ids.fresh('output'))}"
            for key, value in (("label", one.label), ("name", one.name), ("typeRef", one.type)):
                head += f" {key}={quoteattr(value)}" if value else ""
            inner = "".join(self._held(name, text) for name, text in texts if text)
            return [], self._element("output", head, inner)
        edits = self._attributes(
            spot,
            [
                ("name", old.name, one.name),
                ("label", old.label, one.label),
                ("typeRef", old.type, one.type),
            ],
        )
        pairs = [
            ("outputValues", old.values, one.values),
            ("defaultOutputEntry", old.default, one.default),
        ]
        return edits + self._texts(spot, pairs), ""

    def _note(
        self, one: DrawnNote, old: DrawnNote | None, spot: Spot | None, gap: str
    ) -> tuple[list[Edit], str]:
        if spot is None or old is None:
            return [], self._element("annotation", f" name={quoteattr(one.name)}", "")
        return self._attributes(spot, [("name", old.name, one.name)]), ""

    def _rule(
        self, one: DrawnRule, old: DrawnRule | None, spot: Spot | None, gap: str
    ) -> tuple[list[Edit], str]:
        wanted = self.wanted
        columns: list[tuple[str, Sequence[_Placed], tuple[str, ...], tuple[str, ...]]] = [
            ("inputEntry", wanted.inputs, one.tests, old.tests if old else ()),
            ("outputEntry", wanted.outputs, one.results, old.results if old else ()),
            ("annotationEntry", wanted.notes, one.notes, old.notes if old else ()),
        ]
        if spot is None or old is None:
            step = gap + "  " if "\n" in gap else ""
            cells = [
                step + self._held(name, text, with_id=name != "annotationEntry")
                for name, _, texts, _ in columns
                for text in texts
            ]
            if one.description:
                cells.insert(0, step + self._element("description", "", escape(one.description)))
            head = f" id={quoteattr(self.ids.fresh('rule'))}"
            return [], self._element("rule", head, "".join(cells) + gap)
        edits: list[Edit] = []
        if one.description != old.description:
            edits.append(self._description(spot, one.description))
        at = next((x.end for x in spot.children if x.name == "description"), spot.inner)
        for name, heads, texts, before in columns:
            spots = spot.find(name)
            cells_before = [_Cell(place, text) for place, text in enumerate(before[: len(spots)])]
            cells_now = [
                _Cell(head.source if _within(head.source, spots) else None, text)
                for head, text in zip(heads, texts, strict=True)
            ]
            # A row that lacks cells keeps its shape as long as nothing is said in them.
            while (
                cells_now
                and cells_now[-1].source is None
                and not cells_now[-1].text
                and (heads[len(cells_now) - 1].source is not None or name == "annotationEntry")
            ):
                cells_now.pop()
            edits += self._section(spot, spots, cells_before, cells_now, self._cell(name), at)
            at = spots[-1].end if spots else at
        return _joined(edits), ""

    def _description(self, spot: Spot, text: str) -> Edit:
        found = spot.first("description")
        if found is None:
            made = self._element("description", "", escape(text))
            gap = self._before(spot.children[0].start) if spot.children else ""
            return spot.inner, spot.inner, gap + made
        if not text:
            return found.start - len(self._before(found.start).encode()), found.end, ""
        if found.inner == found.end:
            return found.start, found.end, self._element("description", "", escape(text))
        return found.inner, found.inner_end, escape(text)

    def _cell(self, name: str) -> _Write:
        def write(
            one: _Cell, old: _Cell | None, spot: Spot | None, gap: str
        ) -> tuple[list[Edit], str]:
            if spot is None or old is None:
                return [], self._held(name, one.text, with_id=name != "annotationEntry")
            if one.text == old.text:
                return [], ""
            return [set_text(self.outline, spot, one.text)], ""

        return write


def _within(source: int | None, spots: list[Spot]) -> bool:
    return source is not None and source < len(spots)


def _joined(edits: list[Edit]) -> list[Edit]:
    """Insertions at one place in the order in which they were made."""
    found: dict[tuple[int, int], str] = {}
    for start, end, text in edits:
        found[(start, end)] = found.get((start, end), "") + text
    return [(start, end, text) for (start, end), text in found.items()]
