"""Ways that nothing chooses between: a person does, with a button for each way."""

from dataclasses import dataclass
from typing import Any

from lxml import etree

from workflows.documents import BPMN, local
from workflows.importing.draft import (
    Draft,
    drop,
    get_property,
    label,
    set_property,
    slug,
    text_of,
    unset,
)
from workflows.importing.events import definitions
from workflows.importing.expressions import condition as as_condition
from workflows.importing.fields import choice, field

_CHOOSING = ("exclusiveGateway", "inclusiveGateway", "complexGateway")
_AGREED = ("通过", "同意", "批准", "approve", "accept", "yes", "是", "ok", "genehmig", "agree")
_REFUSED = ("不", "驳回", "拒绝", "reject", "den", "declin", "no", "否", "refus", "ablehn")
MAX_LABEL = 60


@dataclass(frozen=True, slots=True)
class Way:
    """One way on: its flow, the key of its button and what the button says."""

    flow: etree._Element
    key: str
    name: str


def bring(draft: Draft) -> None:
    """Every condition as FEEL, and buttons where there is none."""
    draft.changed()
    for flow in draft.elements("sequenceFlow"):
        _empty_condition(flow)
    for node in list(draft.nodes()):
        identity = node.get("id", "")
        flows = list(draft.outgoing(identity))
        kind = local(node)
        if not flows:
            if kind == "eventBasedGateway":
                _no_race(draft, node)
            continue
        if kind == "eventBasedGateway":
            _race(draft, node, flows)
            kind = local(node)
        if kind in ("parallelGateway", "eventBasedGateway"):
            for flow in flows:
                _drop_condition(draft, flow)
        elif kind in _CHOOSING:
            _gateway(draft, node, flows)
        else:
            _conditional(draft, node, flows)


def _empty_condition(flow: etree._Element) -> None:
    condition = flow.find(f"{{{BPMN}}}conditionExpression")
    if condition is not None and not text_of(condition):
        drop(condition)


def _drop_condition(draft: Draft, flow: etree._Element) -> None:
    condition = flow.find(f"{{{BPMN}}}conditionExpression")
    if condition is not None:
        draft.lost(flow, "condition-not-looked-at", text=text_of(condition))
        drop(condition)


def _translate(draft: Draft, flow: etree._Element) -> bool:
    """A condition in FEEL; False when there is none or it has no counterpart."""
    condition = flow.find(f"{{{BPMN}}}conditionExpression")
    if condition is None:
        return False
    text = text_of(condition)
    resource = [name for name in condition.attrib if str(name).endswith("}resource")]
    found = None if resource else as_condition(text)
    if found is None:
        return False
    for name in ("language", "evaluatesToTypeRef"):
        unset(condition, name)
    for child in list(condition):
        condition.remove(child)
    condition.text = found
    if found != text.removeprefix("=").strip():
        draft.translated(flow, "condition-translated", before=text, after=found)
    return True


def _gateway(draft: Draft, node: etree._Element, flows: list[etree._Element]) -> None:
    default = node.get("default")
    if len(flows) == 1:
        _only_way(draft, node, flows[0])
        return
    asked: list[etree._Element] = []
    bare: list[etree._Element] = []
    known = 0
    for flow in flows:
        if flow.get("id") == default:
            _drop_condition(draft, flow)
        elif flow.find(f"{{{BPMN}}}conditionExpression") is None:
            bare.append(flow)
        elif _translate(draft, flow):
            known += 1
        else:
            asked.append(flow)
    if local(node) == "complexGateway" and not asked and not known:
        return  # every way is taken: that is what such a gateway does
    one_left = len(bare) == 1 and known and not asked and default is None
    if one_left and local(node) == "exclusiveGateway":
        node.set("default", bare[0].get("id", ""))
        draft.translated(bare[0], "default-chosen")
        return
    if local(node) == "complexGateway":
        node.tag = f"{{{BPMN}}}inclusiveGateway"
    if not asked and not bare:
        return
    if local(node) == "exclusiveGateway":
        _buttons(draft, node, [*asked, *bare], flows)
    else:
        _several(draft, node, [*asked, *bare])


def _only_way(draft: Draft, node: etree._Element, flow: etree._Element) -> None:
    """A gateway that joins: a condition on its only way would stop the process when it is false."""
    if flow.find(f"{{{BPMN}}}conditionExpression") is None:
        return
    if len(draft.incoming(node.get("id", ""))) > 1 or not _translate(draft, flow):
        condition = flow.find(f"{{{BPMN}}}conditionExpression")
        draft.ask(flow, "condition-on-only-way", text=text_of(condition))
        if condition is not None:
            drop(condition)


def _conditional(draft: Draft, node: etree._Element, flows: list[etree._Element]) -> None:
    """Conditions on the flows of a step itself."""
    unknown = []
    for flow in flows:
        if flow.find(f"{{{BPMN}}}conditionExpression") is None:
            continue
        if flow.get("id") == node.get("default"):
            _drop_condition(draft, flow)
        elif not _translate(draft, flow):
            unknown.append(flow)
    if not unknown:
        return
    if len(flows) == 1:
        draft.ask(flows[0], "condition-on-only-way", text=text_of(unknown[0]))
        for condition in unknown[0].findall(f"{{{BPMN}}}conditionExpression"):
            drop(condition)
        return
    step = node if _has_buttons_free(node) else _behind(draft, node, flows)
    _choose(draft, step, unknown, flows)


def _buttons(
    draft: Draft, gateway: etree._Element, ways: list[etree._Element], flows: list[etree._Element]
) -> None:
    """Buttons on the step right before an exclusive gateway, or on a new one there."""
    before = _step_before(draft, gateway)
    if before is not None and get_property(before, "approval") is not None:
        if _outcome(draft, before, gateway, ways, flows):
            return
        before = None
    if before is None or not _has_buttons_free(before):
        before = decide_before(draft, gateway)
    _choose(draft, before, ways, flows)


def _outcome(
    draft: Draft,
    step: etree._Element,
    gateway: etree._Element,
    ways: list[etree._Element],
    flows: list[etree._Element],
) -> bool:
    """Behind an approval the outcome chooses, where the names of the ways say which is which."""
    if len(flows) != 2 or not step.get("id", "").isidentifier():
        return False
    sides = [_side(flow.get("name") or "") for flow in flows]
    if set(sides) == {"approved", None}:
        sides = [side or "rejected" for side in sides]
    if set(sides) != {"approved", "rejected"}:
        return False
    variable = f"{step.get('id')}_outcome"
    unset(gateway, "default")
    for flow, side in zip(flows, sides, strict=True):
        condition = flow.find(f"{{{BPMN}}}conditionExpression")
        if condition is not None:
            drop(condition)
        if side == "approved":
            _set_condition(flow, f'{variable} = "approved"')
        else:
            gateway.set("default", flow.get("id", ""))
    draft.ask(gateway, "ways-by-outcome", step=step.get("name") or step.get("id"))
    return True


def _side(name: str) -> str | None:
    lowered = name.strip().lower()
    if any(lowered.startswith(word) for word in _REFUSED):
        return "rejected"
    return "approved" if any(word in lowered for word in _AGREED) else None


def _step_before(draft: Draft, gateway: etree._Element) -> etree._Element | None:
    """The step whose only way on leads to this gateway alone."""
    incoming = draft.incoming(gateway.get("id", ""))
    if len(incoming) != 1:
        return None
    step = draft.node(incoming[0].get("sourceRef", ""))
    if step is None or local(step) not in ("userTask", "manualTask"):
        return None
    return step if len(draft.outgoing(step.get("id", ""))) == 1 else None


def _has_buttons_free(step: etree._Element) -> bool:
    looped = any(local(child).endswith("LoopCharacteristics") for child in step)
    return (
        local(step) in ("userTask", "manualTask")
        and not looped
        and step.get("id", "").isidentifier()
        and get_property(step, "actions") is None
        and get_property(step, "approval") is None
    )


def _choose(
    draft: Draft, step: etree._Element, ways: list[etree._Element], flows: list[etree._Element]
) -> None:
    """Gives a step a button for each way; a further one when other ways have their conditions."""
    buttons = _ways(draft, ways)
    keys = [way.key for way in buttons]
    if len(ways) < len(flows):
        keys.append(_free("other", keys))
        _label(step, keys[-1], {"zh-CN": "其他", "en": "Otherwise"})
    set_property(step, "actions", ",".join(keys))
    variable = f"{step.get('id')}_action"
    for way in buttons:
        before = way.flow.find(f"{{{BPMN}}}conditionExpression")
        text = text_of(before)
        if before is not None:
            drop(before)
        _set_condition(way.flow, f'{variable} = "{way.key}"')
        _label(step, way.key, label(way.name))
        if text:
            draft.ask(way.flow, "condition-to-button", text=text, button=way.name)
    draft.ask(step, "ways-by-button", ways=" / ".join(way.name for way in buttons))


def _label(step: etree._Element, key: str, names: dict[str, str]) -> None:
    for language, text in names.items():
        set_property(step, f"action.{key}.{language}", text[:MAX_LABEL])


def _ways(draft: Draft, flows: list[etree._Element]) -> list[Way]:
    found: list[Way] = []
    for number, flow in enumerate(flows, start=1):
        target = draft.node(flow.get("targetRef", ""))
        told = flow.get("name") or (target.get("name") if target is not None else None) or ""
        name = " ".join(told.split())[:MAX_LABEL] or f"{number}"
        key = slug(name)[:40]
        key = key if key and key[0].isalpha() else f"way_{number}"
        found.append(Way(flow, _free(key, [way.key for way in found]), name))
    return found


def _free(wanted: str, taken: list[str]) -> str:
    key, number = wanted, 2
    while key in taken:
        key, number = f"{wanted[:36]}_{number}", number + 1
    return key


def _set_condition(flow: etree._Element, text: str) -> None:
    condition = etree.SubElement(flow, f"{{{BPMN}}}conditionExpression")
    condition.text = text


def decide_before(draft: Draft, gateway: etree._Element) -> etree._Element:
    """A new step for a person right before a node."""
    identity = gateway.get("id", "")
    scope = gateway.getparent()
    assert scope is not None  # noqa: S101 - a node stands in a scope
    incoming = list(draft.incoming(identity))
    step = _new_step(draft, scope, f"{identity}_decide", gateway.get("name"))
    draft.drawing.add_task(step.get("id", ""), identity)
    for flow in incoming:
        flow.set("targetRef", step.get("id", ""))
    draft.add_flow(scope, step.get("id", ""), identity)
    draft.translated(step, "decision-step-added", gateway=gateway.get("name") or identity)
    return step


def _behind(draft: Draft, node: etree._Element, flows: list[etree._Element]) -> etree._Element:
    """A step for a person right behind a node, from which its flows go on."""
    identity = node.get("id", "")
    scope = node.getparent()
    assert scope is not None  # noqa: S101 - a node stands in a scope
    step = _new_step(draft, scope, f"{identity}_decide", node.get("name"))
    draft.drawing.add_task(step.get("id", ""), identity)
    for flow in flows:
        flow.set("sourceRef", step.get("id", ""))
    default = unset(node, "default")
    if default is not None:
        step.set("default", str(default))
    draft.add_flow(scope, identity, step.get("id", ""))
    draft.translated(step, "decision-step-added", gateway=node.get("name") or identity)
    return step


def _new_step(draft: Draft, scope: etree._Element, wanted: str, name: str | None) -> etree._Element:
    bare = "".join(char if char.isalnum() else "_" for char in wanted)
    bare = bare if bare[:1].isalpha() else f"step_{bare}"
    step = draft.work.add_node(scope, "userTask", bare)
    told = " ".join((name or "").split())[:100]
    step.set("name", told or "决定 / Decide")
    return step


def _several(draft: Draft, gateway: etree._Element, flows: list[etree._Element]) -> None:
    """At an inclusive gateway a person may choose several ways, in a form."""
    step = decide_before(draft, gateway)
    ways = _ways(draft, flows)
    key = f"{step.get('id')}_ways"
    made: dict[str, Any] = field(key[:64], "choices", gateway.get("name") or "")
    made["label"] = {"zh-CN": "走哪些分支", "en": "Which ways"}
    made["options"] = [choice(way.key, way.name) for way in ways]
    made["required"] = True
    form = draft.form_key(slug(step.get("id", "")) or "ways")
    draft.forms[form] = {"key": form, "title": label(step.get("name"), form), "fields": [made]}
    set_property(step, "form", form)
    for way in ways:
        before = way.flow.find(f"{{{BPMN}}}conditionExpression")
        text = text_of(before)
        if before is not None:
            drop(before)
        _set_condition(way.flow, f'list contains({made["key"]}, "{way.key}")')
        if text:
            draft.ask(way.flow, "condition-to-button", text=text, button=way.name)
    draft.ask(step, "ways-by-form", ways=" / ".join(way.name for way in ways))


def _race(draft: Draft, node: etree._Element, flows: list[etree._Element]) -> None:
    """A race between what is not waited for is a person's choice."""
    for flow in flows:
        target = draft.node(flow.get("targetRef", ""))
        waits = target is not None and local(target) in ("intermediateCatchEvent", "receiveTask")
        alone = len(draft.incoming(flow.get("targetRef", ""))) == 1
        if not waits or not alone:
            _no_race(draft, node)
            return


def _no_race(draft: Draft, node: etree._Element) -> None:
    node.tag = f"{{{BPMN}}}exclusiveGateway"
    for name in ("eventGatewayType", "instantiate"):
        unset(node, name)
    draft.ask(node, "race-to-choice")


def offer_starts(draft: Draft, scope: etree._Element, starts: list[etree._Element]) -> None:
    """Several starts: one is left, and a person says which way the ticket began."""
    plain = [one for one in starts if not definitions(one)]
    first = plain[0] if plain else starts[0]
    identity = first.get("id", "")
    for one in starts:
        for definition in definitions(one):
            one.remove(definition)
        for name in ("isInterrupting", "parallelMultiple"):
            unset(one, name)
        one.tag = f"{{{BPMN}}}intermediateThrowEvent"
    start = draft.work.add_node(scope, "startEvent", f"{identity}_begin").get("id", "")
    draft.drawing.add_event(start, identity)
    if _meet_in_parallel(draft, starts):
        for one in starts:
            draft.add_flow(scope, start, one.get("id", ""))
        draft.ask(first, "starts-together", count=len(starts))
        return
    step = _new_step(draft, scope, f"{identity}_how", None)
    step.set("name", "从哪里开始 / Where it begins")
    gateway = draft.work.add_node(scope, "exclusiveGateway", f"{identity}_choice").get("id", "")
    draft.add_flow(scope, start, step.get("id", ""))
    draft.add_flow(scope, step.get("id", ""), gateway)
    flows = []
    for one in starts:
        flow = draft.add_flow(scope, gateway, one.get("id", ""))
        if one.get("name"):
            flow.set("name", str(one.get("name")))
        flows.append(flow)
    _choose(draft, step, flows, flows)
    draft.ask(first, "starts-offered", count=len(starts))


def _meet_in_parallel(draft: Draft, starts: list[etree._Element]) -> bool:
    """Whether ways from different starts wait for each other."""
    reached: list[set[str]] = []
    for one in starts:
        seen: set[str] = set()
        todo = [one.get("id", "")]
        while todo:
            for flow in draft.outgoing(todo.pop()):
                target = flow.get("targetRef", "")
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        reached.append(seen)
    joins = {
        one.get("id")
        for one in draft.nodes("parallelGateway")
        if len(draft.incoming(one.get("id", ""))) > 1
    }
    return any(sum(join in seen for seen in reached) > 1 for join in joins)
