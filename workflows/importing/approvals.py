"""Loops: user tasks for several people become approvals, other fan-out keeps its loop."""

import re

from lxml import etree

from workflows.documents import BPMN, local
from workflows.importing.dialects import attribute, take
from workflows.importing.draft import (
    Draft,
    drop,
    get_property,
    remove_property,
    set_property,
    text_of,
)
from workflows.importing.expressions import condition as as_condition
from workflows.importing.expressions import expression

_MULTIPLE = f"{{{BPMN}}}multiInstanceLoopCharacteristics"
_STANDARD = f"{{{BPMN}}}standardLoopCharacteristics"
_DONE, _ALL = "numberOfCompletedInstances", "numberOfInstances"
_RATIO = re.compile(rf"\(?{_DONE} / {_ALL}\)? >=? (\d*\.?\d+)\Z")
_COUNT = re.compile(rf"{_DONE} (>=|>|=) (\d{{1,3}})\Z")
_NAME = re.compile(r"[^\W\d]\w{0,63}\Z")


def bring(draft: Draft) -> None:
    """Every loop marker of the processes that run."""
    for node in draft.nodes():
        for marker in node.findall(_MULTIPLE):
            if local(node) == "userTask" and node.get("id") not in draft.stand_ins:
                _approval(draft, node, marker)
            else:
                _fan_out(draft, node, marker)
        for marker in node.findall(_STANDARD):
            _standard(draft, node, marker)


def _approval(draft: Draft, node: etree._Element, marker: etree._Element) -> None:
    if get_property(node, "approval"):
        drop(marker)  # written beside our own settings by workflows.exporting
        return
    sequential = (marker.get("isSequential") or "").strip() in ("true", "1")
    collection, item, _ = _source(draft, node, marker)
    completion = text_of(marker.find(f"{{{BPMN}}}completionCondition"))
    cardinality = text_of(marker.find(f"{{{BPMN}}}loopCardinality"))
    mode = "sequential" if sequential else "all"
    if completion:
        translated = _mode(expression(completion))
        if translated is None:
            draft.ask(node, "approval-completion-unknown", text=completion, mode=mode)
        else:
            mode = translated
    drop(marker)
    set_property(node, "approval", mode)
    set_property(node, "when_empty", "admin")
    _approvers(draft, node, collection, item, cardinality)
    draft.translated(node, "loop-to-approval", mode=mode)


def _mode(completion: str | None) -> str | None:
    """The approval mode that a completion condition means."""
    if completion is None:
        return None
    bare = completion.strip("()") if completion.count("(") == 1 else completion
    ratio = _RATIO.search(bare)
    if ratio:
        percent = round(float(ratio[1]) * 100)
        return "all" if percent >= 100 else f"percent:{max(1, percent)}"
    count = _COUNT.search(bare)
    if count:
        need = int(count[2]) + (count[1] == ">")
        return "any" if need <= 1 else f"count:{need}"
    return "all" if bare == f"{_DONE} = {_ALL}" else None


def _approvers(
    draft: Draft, node: etree._Element, collection: str | None, item: str | None, cardinality: str
) -> None:
    """From the collection when its items are the assignees, else from the groups of the step."""
    groups, users = get_property(node, "groups"), get_property(node, "users")
    assignee = get_property(node, "assignee")
    for name in ("groups", "users", "assignee"):
        remove_property(node, name)
    own = assignee is not None and item is not None and assignee.removeprefix("=").strip() == item
    if collection and (own or not (groups or users)):
        set_property(node, "approvers", f"={collection}")
        draft.translated(node, "approvers-from-list", collection=collection)
        return
    if groups and not groups.startswith("="):
        first, *more = groups.split(",")
        set_property(node, "approvers", f"group:{first}")
        if more:
            draft.ask(node, "approvers-more", groups=", ".join(more))
        return
    named = users or assignee
    if named:
        set_property(node, "approvers", named if named.startswith("=") else f"users:{named}")
        return
    set_property(node, "approvers", "manager:1")
    draft.ask(node, "approvers-unknown", text=cardinality or collection or "—")


def _source(
    draft: Draft, node: etree._Element, marker: etree._Element
) -> tuple[str | None, str | None, str | None]:
    """What a loop goes over: the list as FEEL, the name of its item, the name of its result."""
    collection = attribute(marker, "collection")
    item = attribute(marker, "elementVariable")
    result = None
    for extension in take(marker, "loopCharacteristics"):
        collection = extension.get("inputCollection") or collection
        item = extension.get("inputElement") or item
        result = extension.get("outputCollection")
        if result:
            draft.lost(node, "loop-result-dropped", name=result)
    for extension in take(marker, "collection"):
        draft.lost(node, "setting-dropped", engine="Flowable", name="collection", value="")
        drop(extension)
    reference = text_of(marker.find(f"{{{BPMN}}}loopDataInputRef"))
    if collection is None and reference:
        collection = _data_name(draft, reference)
        data_item = marker.find(f"{{{BPMN}}}inputDataItem")
        if data_item is not None:
            item = data_item.get("name") or data_item.get("id") or item
    found = None
    if collection:
        found = expression(collection)
        if found is None:
            draft.ask(node, "loop-list-unknown", text=collection)
    return found, item if item and _NAME.match(item) else None, result


def _data_name(draft: Draft, reference: str) -> str:
    for node in draft.root.iter():
        if node.get("id") == reference and node.get("name"):
            return str(node.get("name"))
    return reference


def _fan_out(draft: Draft, node: etree._Element, marker: etree._Element) -> None:
    """A loop that stays one: its list becomes the name of a variable, its counts FEEL."""
    if (marker.get("behavior") or "All") != "All":
        draft.lost(node, "loop-behaviour-dropped", behaviour=marker.get("behavior"))
        del marker.attrib["behavior"]
    had_reference = marker.find(f"{{{BPMN}}}loopDataInputRef") is not None
    foreign = not had_reference
    collection, item, _ = _source(draft, node, marker)
    cardinality = marker.find(f"{{{BPMN}}}loopCardinality")
    if foreign and collection and _NAME.match(collection):
        if cardinality is not None:
            drop(cardinality)
        _child(marker, "loopDataInputRef").text = collection
        if item:
            _child(marker, "inputDataItem").set("id", draft.work.new_id(f"{node.get('id')}_item"))
            marker.find(f"{{{BPMN}}}inputDataItem").set("name", item)  # type: ignore[union-attr]
        draft.translated(node, "loop-over-list", collection=collection)
    elif foreign and collection:
        if cardinality is None:
            cardinality = _child(marker, "loopCardinality")
        cardinality.text = f"count({collection})"
        draft.ask(node, "loop-list-counted", text=collection, item=item or "—")
    elif cardinality is not None:
        found = expression(text_of(cardinality))
        if found is None:
            _once(draft, node, marker, text_of(cardinality))
            return
        cardinality.text = found
        for name in ("loopDataInputRef", "inputDataItem"):
            for double in marker.findall(f"{{{BPMN}}}{name}"):
                drop(double)
                draft.lost(node, "loop-two-bounds-one-kept", name=name)
    elif not had_reference:
        _once(draft, node, marker, "")
        return
    _output(draft, node, marker)
    _completion(draft, node, marker)
    _in_order(marker)


def _output(draft: Draft, node: etree._Element, marker: etree._Element) -> None:
    """A result needs both the list and the item."""
    both = [marker.find(f"{{{BPMN}}}{name}") for name in ("loopDataOutputRef", "outputDataItem")]
    if any(one is None for one in both):
        for one in both:
            if one is not None:
                draft.lost(node, "loop-result-dropped", name=text_of(one) or one.get("name") or "—")
                drop(one)


def _completion(draft: Draft, node: etree._Element, marker: etree._Element) -> None:
    completion = marker.find(f"{{{BPMN}}}completionCondition")
    if completion is None or not text_of(completion):
        return
    found = as_condition(text_of(completion))
    if found is None:
        draft.ask(node, "loop-completion-unknown", text=text_of(completion))
        drop(completion)
    elif found != text_of(completion):
        completion.text = found


def _once(draft: Draft, node: etree._Element, marker: etree._Element, text: str) -> None:
    """Nothing says how often: it runs once, and a person is asked."""
    draft.ask(node, "loop-unbounded", text=text or "—")
    drop(marker)


def _standard(draft: Draft, node: etree._Element, marker: etree._Element) -> None:
    condition = marker.find(f"{{{BPMN}}}loopCondition")
    text = text_of(condition)
    maximum = (marker.get("loopMaximum") or "").strip()
    if maximum and not (maximum.isdigit() and 1 <= int(maximum[:9]) <= 1_000):
        draft.ask(node, "loop-maximum-unknown", text=maximum)
        del marker.attrib["loopMaximum"]
        maximum = ""
    if condition is not None:
        found = as_condition(text) if text else None
        if found is None:
            if text:
                draft.ask(node, "loop-condition-unknown", text=text)
            drop(condition)
            condition = None
        elif found != text:
            condition.text = found
    if condition is None and not maximum:
        _once(draft, node, marker, text)


_ORDER = (
    "loopCardinality",
    "loopDataInputRef",
    "loopDataOutputRef",
    "inputDataItem",
    "outputDataItem",
    "completionCondition",
)


def _child(marker: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(marker, f"{{{BPMN}}}{name}")


def _in_order(marker: etree._Element) -> None:
    """The children as the schema orders them."""
    rank = {name: place for place, name in enumerate(_ORDER)}
    marker[:] = sorted(marker, key=lambda child: rank.get(local(child), -1))
