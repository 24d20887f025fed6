"""What changed between two versions of a ticket type, said element by element."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any, Literal

from lxml import etree

from workflows import bpmn
from workflows.documents import DocumentError, local, read_xml
from workflows.manifest import FILE
from workflows.manifest_reader import read_toml
from workflows.packages import Package, kind_of, read_json

MAX_CHANGES = 2_000
MAX_SHOWN = 500

# Facts of an element that follow from its flows, which are compared by themselves.
_DERIVED = frozenset({"id", "incoming", "outgoing", "elements", "flows", "associations"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    `document` is the path, `element` the id of an element or flow, the key of a field or a place
    of the manifest; `what` names the fact ("name", "condition", "property groups", "rule 3");
    before and after are short texts, None where there was or is nothing.
    """

    document: str
    element: str | None
    kind: Literal["added", "removed", "changed"]
    what: str
    before: str | None = None
    after: str | None = None


def diff(before: Package, after: Package) -> list[Change]:
    """The differences from one package to another, in the order of the paths."""
    changes: list[Change] = []
    for path in sorted({*before.files, *after.files}):
        old, new = before.files.get(path), after.files.get(path)
        if old == new:
            continue
        if old is None or new is None:
            kind: Literal["added", "removed"] = "added" if old is None else "removed"
            changes.append(Change(path, None, kind, "file"))
        else:
            changes.extend(_document(path, old, new))
        if len(changes) >= MAX_CHANGES:
            return changes[:MAX_CHANGES]
    return changes


def _document(path: str, old: bytes, new: bytes) -> list[Change]:
    """The differences in one file; where nothing can be told in detail, that it changed."""
    kind = kind_of(path)
    try:
        if path == FILE:
            found = _manifest(path, old, new)
        elif kind == "process":
            found = _process(path, old, new)
        elif kind == "decision":
            found = _decisions(path, old, new)
        elif path.endswith(".json"):
            found = _json(path, old, new)
        else:
            found = []
    except (DocumentError, ValueError):
        found = []
    return found or [Change(path, None, "changed", "layout" if kind == "process" else "text")]


def _manifest(path: str, old: bytes, new: bytes) -> list[Change]:
    one, other = read_toml(old), read_toml(new)
    flat_one, flat_other = dict(_flat(one)), dict(_flat(other))
    found = [
        Change(path, key, *_kind(flat_one.get(key), flat_other.get(key), "value"))
        for key in dict.fromkeys([*flat_one, *flat_other])
        if flat_one.get(key) != flat_other.get(key)
    ]
    statuses = [list(document.get("statuses", {})) for document in (one, other)]
    if statuses[0] != statuses[1] and sorted(statuses[0]) == sorted(statuses[1]):
        before, after = (", ".join(keys) for keys in statuses)
        found.append(Change(path, "statuses", "changed", "order", before, after))
    return found


def _process(path: str, old: bytes, new: bytes) -> list[Change]:
    facts = [dict(_facts(bpmn.read(data))) for data in (old, new)]
    return _compare(path, facts[0], facts[1])


def _facts(document: bpmn.Document) -> Iterable[tuple[str, dict[str, str]]]:
    for process in document.processes:
        yield process.id, _plain(process)
        for element in process.elements.values():
            yield element.id, _plain(element)
        for flow in process.flows.values():
            yield flow.id, _plain(flow)


def _plain(thing: Any) -> dict[str, str]:
    """The facts of a process, element or flow as texts by name, without what is not said."""
    found: dict[str, str] = {"kind": getattr(thing, "kind", type(thing).__name__.lower())}
    for one in fields(thing):
        value = getattr(thing, one.name)
        if one.name in _DERIVED or value is None or value == () or value is False:
            continue
        if one.name == "properties":
            found.update({f"property {name}": text for name, text in value.items()})
        elif isinstance(value, tuple):
            found[one.name] = "; ".join(_shown(item) for item in value)
        else:
            found[one.name] = _shown(value)
    return found


def _shown(value: Any) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        parts = {key: part for key, part in asdict(value).items() if part not in (None, False)}
        return ", ".join(f"{key} {part}" for key, part in parts.items())
    return str(value)


def _json(path: str, old: bytes, new: bytes) -> list[Change]:
    one, other = read_json(old), read_json(new)
    if not isinstance(one, dict) or not isinstance(other, dict):
        return []
    if kind_of(path) != "form":
        return _flat_changes(path, None, one, other)
    found = _compare(path, _fields(one), _fields(other))
    rest = [{key: part for key, part in form.items() if key != "fields"} for form in (one, other)]
    found += _flat_changes(path, None, rest[0], rest[1])
    keys = [list(_fields(form)) for form in (one, other)]
    kept = [[key for key in side if key in keys[0] and key in keys[1]] for side in keys]
    if kept[0] != kept[1]:
        before, after = (", ".join(side) for side in kept)
        found.append(Change(path, "fields", "changed", "order", _cut(before), _cut(after)))
    return found


def _fields(form: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    listed = form.get("fields")
    return {
        str(field["key"]): dict(_flat({key: part for key, part in field.items() if key != "key"}))
        for field in (listed if isinstance(listed, list) else ())
        if isinstance(field, dict) and "key" in field
    }


def _decisions(path: str, old: bytes, new: bytes) -> list[Change]:
    one, other = (dict(_rules(read_xml(data))) for data in (old, new))
    return _compare(path, one, other)


def _rules(root: etree._Element) -> Iterable[tuple[str, dict[str, str]]]:
    """Decision → its facts: columns, hit policy and each rule by its number, as written."""
    for decision in root:
        if local(decision) != "decision":
            continue
        found = {"kind": "decision", "name": decision.get("name") or ""}
        number = 0
        for node in decision.iter():
            name = local(node)
            if name == "decisionTable":
                found["hit policy"] = node.get("hitPolicy") or "UNIQUE"
            elif name == "rule":
                number += 1
                found[f"rule {number}"] = " | ".join(_text(cell) for cell in _cells(node))
            elif name in ("inputExpression", "literalExpression"):
                found[f"{name} {node.get('id') or ''}".strip()] = _text(node)
            elif name == "output":
                label = node.get("name") or node.get("label") or ""
                found[f"output {label}".strip()] = label
        yield decision.get("id") or "", found


def _cells(rule: etree._Element) -> list[etree._Element]:
    return [cell for cell in rule if local(cell) in ("inputEntry", "outputEntry")]


def _text(node: etree._Element) -> str:
    return "".join(str(part) for part in node.itertext()).strip()


def _compare(
    path: str, one: Mapping[str, Mapping[str, str]], other: Mapping[str, Mapping[str, str]]
) -> list[Change]:
    """Things by id: those gone, those new, and the facts that differ of those in both."""
    found: list[Change] = []
    for identity in dict.fromkeys([*one, *other]):
        before, after = one.get(identity), other.get(identity)
        if before is None or after is None:
            facts = before or after or {}
            kind: Literal["added", "removed"] = "added" if before is None else "removed"
            title = _cut(facts.get("name") or identity)
            sides = (None, title) if before is None else (title, None)
            found.append(Change(path, identity, kind, facts.get("kind", "field"), *sides))
            continue
        for what in dict.fromkeys([*before, *after]):
            if before.get(what) != after.get(what):
                found.append(
                    Change(path, identity, *_kind(before.get(what), after.get(what), what))
                )
    return found


def _flat_changes(path: str, element: str | None, one: Any, other: Any) -> list[Change]:
    before, after = dict(_flat(one)), dict(_flat(other))
    return [
        Change(path, element, *_kind(before.get(what), after.get(what), what))
        for what in dict.fromkeys([*before, *after])
        if before.get(what) != after.get(what)
    ]


def _kind(
    before: str | None, after: str | None, what: str
) -> tuple[Literal["added", "removed", "changed"], str, str | None, str | None]:
    kind: Literal["added", "removed", "changed"] = "changed"
    if before is None:
        kind = "added"
    elif after is None:
        kind = "removed"
    return kind, what, _cut(before), _cut(after)


def _flat(value: Any, place: str = "", depth: int = 0) -> Iterable[tuple[str, str]]:
    """The leaves of a document by their place: `statuses.done.category`, `options[2].label.en`."""
    if depth < 8 and isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(part, f"{place}.{key}".strip("."), depth + 1)
    elif depth < 8 and isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for number, part in enumerate(value, start=1):
            yield from _flat(part, f"{place}[{number}]", depth + 1)
    else:
        yield place, str(value)


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
