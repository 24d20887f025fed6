"""A DMN document with cells, rules or an expression changed, byte for byte the same elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from workflows.dmn.outline import Outline, Spot
from workflows.dmn.splicing import Edit, Ids, indent_of, set_text, tag_of
from workflows.documents import DocumentError


@dataclass(frozen=True, slots=True)
class SetCell:
    """Another text for a cell; rules and columns count from 1, outputs after inputs."""

    decision: str
    rule: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class SetLiteral:
    """Another text for the literal expression of a decision."""

    decision: str
    text: str


@dataclass(frozen=True, slots=True)
class AddRule:
    """A new rule before the rule of that number; after the last one for a greater number."""

    decision: str
    before: int
    tests: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveRule:
    """A rule taken out."""

    decision: str
    rule: int


Change = SetCell | SetLiteral | AddRule | RemoveRule


def rewrite(data: bytes, changes: Sequence[Change]) -> bytes:
    """The document with the changes, which all speak of the document as it was given.

    DocumentError when the document cannot be read or has no such place.
    """
    outline = Outline(data)
    edits = [_edit(outline, change) for change in changes]
    return outline.spliced(edits) if edits else data


def _edit(outline: Outline, change: Change) -> Edit:
    decision = _decision(outline.root, change.decision)
    if isinstance(change, SetLiteral):
        literal = _inside(decision, "literalExpression", change.decision)
        return set_text(outline, literal, change.text)
    table = _inside(decision, "decisionTable", change.decision)
    rules = table.find("rule")
    if isinstance(change, AddRule):
        return _add(outline, table, rules, change)
    rule = _at(rules, change.rule, "rule", change.decision)
    if isinstance(change, RemoveRule):
        return _whole_lines(outline.source, rule)
    cells = [*rule.find("inputEntry"), *rule.find("outputEntry")]
    return set_text(outline, _at(cells, change.column, "column", change.decision), change.text)


def _decision(root: Spot, wanted: str) -> Spot:
    decisions = root.find("decision")
    for key in ("id", "name"):
        for one in decisions:
            if one.attributes.get(key) == wanted:
                return one
    raise DocumentError("decision-unknown", name=wanted[:80])


def _inside(spot: Spot, name: str, decision: str) -> Spot:
    found = spot.first(name)
    if found is None:
        raise DocumentError("place-unknown", what=name, number=1, name=decision[:80])
    return found


def _at(spots: list[Spot], number: int, what: str, decision: str) -> Spot:
    if not 1 <= number <= len(spots):
        raise DocumentError("place-unknown", what=what, number=number, name=decision[:80])
    return spots[number - 1]


def _add(outline: Outline, table: Spot, rules: list[Spot], change: AddRule) -> Edit:
    inputs, outputs = table.find("input"), table.find("output")
    if len(change.tests) != len(inputs) or len(change.results) != len(outputs):
        raise DocumentError(
            "place-unknown", what="column", number=len(change.tests), name=change.decision[:80]
        )
    prefix = tag_of(outline, table).rpartition(":")[0]
    start = f"{prefix}:" if prefix else ""
    ids = Ids(outline.root)
    indent = indent_of(outline.source, (rules or inputs or outputs)[0])

    def entry(name: str, text: str) -> str:
        return (
            f'{indent}  <{start}{name} id="{ids.fresh(name)}">'
            f"<{start}text>{escape(text)}</{start}text></{start}{name}>\n"
        )

    cells = [entry("inputEntry", text) for text in change.tests]
    cells += [entry("outputEntry", text) for text in change.results]
    head = f'<{start}rule id="{ids.fresh("rule")}">'
    made = f"{indent}{head}\n{''.join(cells)}{indent}</{start}rule>\n"
    if 1 <= change.before <= len(rules):
        place = rules[change.before - 1].start
    else:
        last = (rules or [*inputs, *outputs])[-1]
        place = last.end
        return place, place, "\n" + made.rstrip("\n")
    return place, place, made.lstrip(" \t") + indent


def _whole_lines(source: bytes, spot: Spot) -> Edit:
    """A spot with its line, when it stands alone on it."""
    line = source.rfind(b"\n", 0, spot.start) + 1
    after = source.find(b"\n", spot.end)
    alone = not source[line : spot.start].strip() and not source[spot.end : max(after, 0)].strip()
    return (line, after + 1, "") if alone and after >= 0 else (spot.start, spot.end, "")
