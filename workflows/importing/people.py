"""Who works on a step and until when: assignees, candidates, due dates, lanes."""

import re

from lxml import etree

from workflows.documents import BPMN, local
from workflows.extensions import split
from workflows.importing.code import quoted
from workflows.importing.dialects import attribute, take
from workflows.importing.draft import Draft, drop, get_property, set_property, text_of
from workflows.importing.expressions import Value, value
from workflows.timers import is_date, seconds

_OWNER = re.compile(r"\s*(user|group)\s*\(([^()]*)\)\s*")
_NAME = re.compile(r"[\w.@-]{1,64}\Z")
_RESOURCES = ("potentialOwner", "humanPerformer", "performer", "resourceRole")
_WORK = ("userTask", "manualTask")


def bring(draft: Draft) -> None:
    """The people of every step."""
    for node in draft.nodes(*_WORK):
        _assignee(draft, node, attribute(node, "assignee"))
        _candidates(draft, node, "users", attribute(node, "candidateUsers"))
        _candidates(draft, node, "groups", attribute(node, "candidateGroups"))
        _due(draft, node, attribute(node, "dueDate"))
        for definition in take(node, "assignmentDefinition"):
            _assignee(draft, node, definition.get("assignee"))
            _candidates(draft, node, "users", definition.get("candidateUsers"))
            _candidates(draft, node, "groups", definition.get("candidateGroups"))
        for schedule in take(node, "taskSchedule"):
            _due(draft, node, schedule.get("dueDate"))
            if schedule.get("followUpDate"):
                draft.lost(
                    node,
                    "setting-dropped",
                    engine="Camunda 8",
                    name="followUpDate",
                    value=schedule.get("followUpDate"),
                )
    for process in draft.run:
        for node in list(process.iter(*(f"{{{BPMN}}}{name}" for name in _RESOURCES))):
            _resource(draft, node)


def lanes(draft: Draft) -> None:
    """The lane around a step that names nobody is the group that works on it."""
    for process in draft.run:
        named: dict[str, str] = {}
        for lane in process.iter(f"{{{BPMN}}}lane"):
            name = " ".join((lane.get("name") or "").split())
            for reference in lane.iterchildren(f"{{{BPMN}}}flowNodeRef"):
                if name:
                    named[text_of(reference)] = name  # the innermost lane comes last
        for node in list(process.iter(*(f"{{{BPMN}}}{kind}" for kind in _WORK))):
            lane_name = named.get(node.get("id", ""))
            people = [
                get_property(node, one) for one in ("groups", "users", "assignee", "approval")
            ]
            if lane_name and not any(people):
                key = draft.group(lane_name)
                set_property(node, "groups", key)
                draft.translated(node, "lane-to-group", lane=lane_name, group=key)


def _assignee(draft: Draft, node: etree._Element, text: str | None) -> None:
    if not text:
        return
    found = value(text)
    if found.literal is not None:
        # As an expression: the person may not be here yet, and then the administrators get it.
        set_property(node, "assignee", f"= {quoted(found.literal[:64])}")
        draft.translated(node, "assignee-named", user=found.literal)
    elif found.feel is not None:
        set_property(node, "assignee", f"={found.feel}")
        draft.translated(node, "setting-translated", name="assignee", before=text, after=found.feel)
    else:
        draft.ask(node, "people-unknown", name="assignee", text=text)


def _candidates(draft: Draft, node: etree._Element, name: str, text: str | None) -> None:
    if not text:
        return
    found = value(text)
    if found.literal is None and "," in text and not text.startswith("="):
        found = _several(text)
    if found.feel is not None:
        add(node, name, Value(feel=found.feel))
        draft.translated(node, "setting-translated", name=name, before=text, after=found.feel)
    elif found.literal is not None:
        names = [one for one in split(found.literal) if one]
        if name == "groups":
            keys = [draft.group(one) for one in names]
            add(node, name, Value(literal=",".join(keys)))
            draft.translated(node, "groups-named", groups=", ".join(keys))
        else:
            listed = ", ".join(quoted(one[:64]) for one in names)
            add(node, name, Value(feel=f" [{listed}]"))
            draft.translated(node, "users-named", users=", ".join(names))
    else:
        draft.ask(node, "people-unknown", name=name, text=text)


def _several(text: str) -> Value:
    """`${a}, kermit` as a list of expressions."""
    parts = []
    for part in text.split(","):
        one = value(part)
        inner = quoted(one.literal) if one.literal is not None else one.feel
        if inner is None:
            return Value()
        parts.append(inner)
    return Value(feel=f"[{', '.join(parts)}]")


def add(node: etree._Element, name: str, more: Value) -> None:
    """Add people to those that a step names already; lists of keys are joined."""
    before = get_property(node, name)
    if before and more.literal is not None and not before.startswith("="):
        set_property(node, name, f"{before},{more.literal}")
    elif not before and more.setting is not None:
        set_property(node, name, more.setting)
    elif before and more.feel is not None and before.startswith("="):
        set_property(node, name, f"=flatten([{before[1:]}, {more.feel}])")


def _due(draft: Draft, node: etree._Element, text: str | None) -> None:
    if not text:
        return
    found = value(text)
    if found.feel is not None:
        set_property(node, "due", f"={found.feel}")
        draft.translated(node, "setting-translated", name="due", before=text, after=found.feel)
    elif found.literal is not None and seconds(found.literal) is not None:
        set_property(node, "due", found.literal)
        draft.translated(node, "setting-kept", name="due", value=found.literal)
    elif found.literal is not None and is_date(found.literal):
        moment = f"date and time({quoted(found.literal)})"
        set_property(node, "due", f"= {moment}")
        draft.translated(node, "setting-translated", name="due", before=text, after=moment)
    else:
        draft.ask(node, "due-unknown", text=text)


def _resource(draft: Draft, node: etree._Element) -> None:
    """`potentialOwner` and its like: `user(kermit), group(sales)`, or a name alone."""
    owner = node.getparent()
    if owner is None:
        return
    text = text_of(node.find(f".//{{{BPMN}}}formalExpression"))
    drop(node)
    if not text or local(owner) not in _WORK:
        draft.lost(owner, "people-dropped", text=text or node.get("name") or local(node))
        return
    if local(node) == "humanPerformer" and not _OWNER.match(text):
        _assignee(draft, owner, text)
        return
    for part in text.split(","):
        match = _OWNER.fullmatch(part)
        kind, name = (match[1], match[2].strip()) if match else ("group", part.strip())
        if _NAME.match(name):
            _candidates(draft, owner, f"{kind}s", name)
        else:
            _candidates(draft, owner, f"{kind}s", name if "{" in name else None)
