"""Names that nothing in a draft sets: they become fields of the form before they are needed."""

import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from lxml import etree

from workflows import feel
from workflows.bpmn import properties_of
from workflows.checks import names as names_of
from workflows.documents import BPMN, local
from workflows.importing.draft import Draft, drop, get_property, label, set_property, slug, text_of
from workflows.importing.fields import choice, field, field_key
from workflows.packages import Package

_EXPRESSIONS = (
    "conditionExpression",
    "condition",
    "loopCondition",
    "loopCardinality",
    "completionCondition",
)
_GIVEN = frozenset(
    {
        "ticket",
        "loopCounter",
        "numberOfInstances",
        "numberOfCompletedInstances",
        "numberOfActiveInstances",
        "numberOfTerminatedInstances",
        "item",
    }
)
_WORK = ("userTask", "manualTask")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
MAX_FIELDS = 100  # made for one draft


def bring(draft: Draft, package: Package) -> None:
    """A field for each name that a condition needs and nothing sets; each is a question."""
    known = set(names_of(package)) | _GIVEN
    made: set[str] = set()
    count = 0
    for place, holder, text in list(_texts(draft)):
        flat = _flattened(draft, holder, text, known)
        for name in sorted(_unknown(flat, known)):
            if count < MAX_FIELDS:
                count += 1
                made.add(name)
                _ask_for(draft, place, name, flat)
    known |= made
    _collections(draft, known)
    for node in draft.nodes():
        for setting, text in properties_of(node).items():
            if text.startswith("=") and not setting.startswith("todo"):
                for name in sorted(_unknown(text[1:].strip(), known) - made):
                    draft.ask(node, "name-not-set", name=name, text=text)


def _texts(draft: Draft) -> Iterator[tuple[etree._Element, etree._Element, str]]:
    """Every expression that stops a process when it has no value: where, in which element."""
    for node in draft.elements(*_EXPRESSIONS):
        owner = node
        while local(owner) not in ("sequenceFlow", "process") and owner.get("id") is None:
            parent = owner.getparent()
            if parent is None:
                break
            owner = parent
        place: etree._Element | None = owner
        if local(owner) == "sequenceFlow":
            place = draft.node(owner.get("sourceRef", ""))
        while place is not None and draft.owner(place) != place.get("id"):
            place = place.getparent()
        if place is not None and text_of(node):
            yield place, node, text_of(node).removeprefix("=").strip()
    for node in draft.elements("timeDate", "timeDuration", "timeCycle"):
        text = text_of(node)
        event = node.getparent()
        place = None if event is None else event.getparent()
        if text.startswith("=") and place is not None:
            yield place, node, text[1:].strip()


def _unknown(text: str, known: set[str]) -> set[str]:
    try:
        return set(feel.compile(text, known).names) - known
    except feel.FeelSyntaxError:
        return set()


def _flattened(draft: Draft, holder: etree._Element, text: str, known: set[str]) -> str:
    """`order.total` as `order_total`, where nothing sets an object `order`."""
    for name in sorted(_unknown(text, known)):
        pattern = re.compile(rf"(?<![\w.]){re.escape(name)}((?:\.[^\W\d]\w*)+)(?!\w|\()")
        parts = re.split(r'("(?:[^"\\]|\\.)*")', text)
        flat = "".join(
            part if part.startswith('"') else pattern.sub(_joined, part) for part in parts
        )
        if flat != text:
            draft.translated(holder, "path-flattened", before=text, after=flat)
            holder.text = f"={flat}" if text_of(holder).startswith("=") else flat
            text = flat
    return text


def _joined(path: re.Match[str]) -> str:
    return path[0].replace(".", "_")


def _ask_for(draft: Draft, place: etree._Element, name: str, text: str) -> None:
    if field_key(name) != name:
        draft.ask(place, "name-not-set", name=name, text=text)
        return
    made = _field(name, text)
    step = _step_before(draft, place)
    if step is None:
        if _add_to_intake(draft, made):
            draft.ask(place, "name-asked-at-start", name=name, text=text)
        return
    if _add_to_form(draft, step, made):
        draft.ask(step, "name-asked", name=name, text=text)


def _add_to_form(draft: Draft, step: etree._Element, made: dict[str, Any]) -> bool:
    """Whether it was not there yet."""
    form = get_property(step, "form")
    if form is None or form not in draft.forms:
        form = draft.form_key(slug(step.get("name") or "") or slug(step.get("id") or ""))
        draft.forms[form] = {"key": form, "title": label(step.get("name"), form), "fields": []}
        set_property(step, "form", form)
    fields: list[dict[str, Any]] = draft.forms[form]["fields"]
    if any(one["key"] == made["key"] for one in fields):
        return False
    fields.append(made)
    return True


def _add_to_intake(draft: Draft, made: dict[str, Any]) -> bool:
    """Whether it was not there yet."""
    if draft.intake is None:
        draft.intake = draft.form_key("intake")
        draft.forms[draft.intake] = {
            "key": draft.intake,
            "title": {"zh-CN": "提交", "en": "Submit"},
            "fields": [],
        }
    fields: list[dict[str, Any]] = draft.forms[draft.intake]["fields"]
    if any(one["key"] == made["key"] for one in fields):
        return False
    fields.append(made)
    return True


def _field(name: str, text: str) -> dict[str, Any]:
    """The kind of a field from how an expression uses it."""
    escaped = re.escape(name)
    compared = re.findall(rf'(?<![\w.]){escaped}(?:\))?\s*!?=\s*("(?:[^"\\]|\\.)*")', text)
    bare = _STRING.sub('""', text)
    if compared:
        made = field(name, "choice", name)
        values = list(dict.fromkeys(value[1:-1] for value in compared))
        options = [choice(value, value) for value in values if value.strip()]
        made["options"] = [*options, {"value": "_other", "label": {"zh-CN": "其他", "en": "Other"}}]
        if not options:
            made = field(name, "text", name)
    elif re.search(rf"count\({escaped}\)|list contains\({escaped}|{escaped}\[", bare):
        made = field(name, "choices", name)
        made["options"] = [
            choice(value[1:-1], None)
            for value in dict.fromkeys(_STRING.findall(text))
            if value[1:-1].strip()
        ] or [choice("1", "1")]
    elif re.search(
        rf"(?<![\w.]){escaped}\)?\s*(?:[<>]=?|[-+*/]|!?=\s*-?\d)|[\d\w)]\s*(?:[<>]=?|[-*/])\s*\(?{escaped}(?!\w)"
        rf"|-?\d\s*!?=\s*{escaped}|modulo\({escaped}",
        bare,
    ):
        made = field(name, "number", name)
    elif re.search(
        rf"(?:\A|\(|not\(|\band |\bor |\bif )\s*{escaped}\s*"
        r"(?:\Z|\)|and\b|or\b|then\b|!?=\s*(?:true|false))",
        bare,
    ):
        made = field(name, "boolean", name)
        made["default"] = False
    else:
        made = field(name, "text", name)
    made["required"] = True
    return made


def _step_before(draft: Draft, place: etree._Element) -> etree._Element | None:
    """The nearest step for a person on the way to an element, itself included; scopes outwards."""
    current: etree._Element | None = place
    while current is not None and local(current) != "process":
        queue, seen = deque([current.get("id", "")]), {current.get("id", "")}
        first = True
        while queue:
            identity = queue.popleft()
            node = draft.node(identity)
            if node is None:
                continue
            itself = first and node is current and _looped(node)
            first = False
            if local(node) in _WORK and not itself and get_property(node, "approval") is None:
                return node
            before = [flow.get("sourceRef", "") for flow in draft.incoming(identity)]
            if local(node) == "boundaryEvent":
                before.append(node.get("attachedToRef", ""))
            for one in before:
                if one not in seen:
                    seen.add(one)
                    queue.append(one)
        current = current.getparent()
    return None


def _looped(node: etree._Element) -> bool:
    return any(local(child).endswith("LoopCharacteristics") for child in node)


def _collections(draft: Draft, known: set[str]) -> None:
    """Lists to go over that nothing fills: a person says how often instead."""
    for reference in draft.elements("loopDataInputRef"):
        name, marker = text_of(reference), reference.getparent()
        activity = None if marker is None else marker.getparent()
        if marker is None or activity is None or name in known:
            continue
        item = marker.find(f"{{{BPMN}}}inputDataItem")
        for one in (reference, item):
            if one is not None:
                drop(one)
        count = field_key(f"{slug(name) or 'list'}_count")
        cardinality = etree.Element(f"{{{BPMN}}}loopCardinality")
        cardinality.text = count
        marker.insert(0, cardinality)
        made = field(count, "number", f"{name} ×")
        made.update({"required": True, "min": 0, "max": 100})
        known.add(count)
        step = _step_before(draft, activity)
        if step is None or step is activity:
            _add_to_intake(draft, made)
        else:
            _add_to_form(draft, step, made)
        draft.ask(activity, "list-not-set", name=name, count=count)
