"""What a file holds and what of it is run: processes, pools, choreographies, loose ends."""

from lxml import etree

from workflows.bpmn import ACTIVITIES, NODES, SUB_PROCESSES, is_true
from workflows.documents import BPMN, DocumentError, local, namespace
from workflows.importing.draft import Draft, drop, text_of, unset
from workflows.importing.events import definitions, give_message, is_event_sub_process
from workflows.normalise import names
from workflows.normalise.work import flows_of, nodes_of

_OLDER = ("http://schema.omg.org/spec/BPMN/2.0", "http://www.omg.org/bpmn20")
_SCOPES = ("process", *SUB_PROCESSES)
_DOUBLE = ("startQuantity", "completionQuantity")


def adopt(root: etree._Element) -> None:
    """Reads documents of the drafts of BPMN 2.0 as such; raises DocumentError for anything else."""
    space = namespace(root)
    if local(root) != "definitions":
        raise DocumentError("not-bpmn", found=local(root)[:60])
    if space in _OLDER:
        for node in root.iter():
            if namespace(node) == space:
                node.tag = f"{{{BPMN}}}{local(node)}"
    elif space != BPMN:
        raise DocumentError("not-bpmn", found=f"definitions ({space[:100]})")


def single_ids(draft: Draft) -> None:
    """Ids where there are none, and another one for the second of a double."""
    seen: set[str] = set()
    for node in draft.root.iter():
        identity = node.get("id")
        if identity is None or namespace(node) != BPMN:
            continue
        if identity in seen or not identity.strip():
            fresh = draft.work.new_id(f"{identity.strip() or local(node)}_2")
            node.set("id", fresh)
            draft.report.add("translated", "id-renamed", fresh, before=identity)
        seen.add(node.get("id", ""))
    names.give_ids(draft.work)
    for note in draft.work.changes:
        draft.report.add("translated", "ids-added", None, count=note.params.get("count", 0))
    draft.work.changes.clear()
    names.settle_references(draft.work)
    names.settle_booleans(draft.work)


def unfold_choreographies(draft: Draft) -> None:
    """A choreography becomes a process: each of its tasks is work for a person."""
    for node in list(
        draft.root.iter(f"{{{BPMN}}}choreography", f"{{{BPMN}}}globalChoreographyTask")
    ):
        if node.getparent() is not draft.root:
            continue
        tasks = list(
            node.iter(*(f"{{{BPMN}}}{one}" for one in ("choreographyTask", "callChoreography")))
        )
        for task in tasks:
            task.tag = f"{{{BPMN}}}userTask"
        for inner in list(node.iter(f"{{{BPMN}}}subChoreography")):
            inner.tag = f"{{{BPMN}}}subProcess"
        for part in list(node.iter(*(f"{{{BPMN}}}{one}" for one in _OF_CHOREOGRAPHIES))):
            drop(part)
        for part in node.iter():
            for name in (
                "initiatingParticipantRef",
                "calledChoreographyRef",
                "loopType",
                "isClosed",
            ):
                unset(part, name)
        node.tag = f"{{{BPMN}}}process"
        draft.by_hand = True
        draft.report.add("translated", "choreography-to-process", node.get("id"), count=len(tasks))


_OF_CHOREOGRAPHIES = (
    "participant",
    "participantRef",
    "messageFlow",
    "messageFlowRef",
    "participantAssociation",
    "correlationKey",
    "conversation",
    "participantMultiplicity",
)


def choose(draft: Draft) -> None:
    """Which processes run: the main one and those it calls; made where the file has none."""
    processes = draft.root.findall(f"{{{BPMN}}}process")
    filled = [one for one in processes if nodes_of(one)]
    if not filled:
        draft.run = [_made(draft, processes)]
        return
    stated = [one for one in filled if is_true(one.get("isExecutable"))]
    draft.by_hand = draft.by_hand or not stated
    called = _called(filled)
    candidates = (
        [one for one in stated or filled if one.get("id") not in called] or stated or filled
    )
    main = max(candidates, key=_weight)
    by_id = {str(one.get("id")): one for one in filled}
    run, todo = [main], [main]
    while todo:
        for call in todo.pop().iter(f"{{{BPMN}}}callActivity"):
            target = by_id.get(call.get("calledElement", ""))
            if target is not None and target not in run:
                run.append(target)
                todo.append(target)
    draft.run = run
    for process in processes:
        _mark(draft, process, main, filled)


def _mark(
    draft: Draft, process: etree._Element, main: etree._Element, filled: list[etree._Element]
) -> None:
    runs = process in draft.run
    before = process.get("isExecutable")
    process.set("isExecutable", "true" if runs else "false")
    if runs and before != "true":
        draft.translated(process, "process-made-executable")
    if not runs:
        for call in list(process.iter(f"{{{BPMN}}}callActivity")):
            call.tag = f"{{{BPMN}}}task"
            unset(call, "calledElement")
            draft.translated(call, "call-not-run")
    if not runs and process in filled:
        draft.ask(main, "pool-not-run", process=process.get("name") or process.get("id"))


def _called(processes: list[etree._Element]) -> set[str]:
    return {
        str(call.get("calledElement"))
        for process in processes
        for call in process.iter(f"{{{BPMN}}}callActivity")
        if call.get("calledElement") != process.get("id")
    }


def _weight(process: etree._Element) -> tuple[bool, int, int]:
    """How much a process looks like the one that a ticket runs."""
    nodes = nodes_of(process)
    starts = [one for one in nodes.values() if local(one) == "startEvent"]
    plain = any(not definitions(one) for one in starts)
    work = sum(1 for one in process.iter() if local(one) in ("userTask", "manualTask", "task"))
    return plain, work, len(nodes)


def _made(draft: Draft, processes: list[etree._Element]) -> etree._Element:
    """A start, one step for a person and an end, where a file draws no process at all."""
    process = processes[0] if processes else None
    if process is None:
        process = etree.Element(f"{{{BPMN}}}process", {"id": draft.work.new_id("process")})
        diagram = next((one for one in draft.root if local(one) == "BPMNDiagram"), None)
        draft.root.insert(
            len(draft.root) if diagram is None else draft.root.index(diagram), process
        )
    process.set("isExecutable", "true")
    for other in processes[1:]:
        other.set("isExecutable", "false")
    start = draft.work.add_node(process, "startEvent", "start").get("id", "")
    step = draft.work.add_node(process, "userTask", "handle")
    end = draft.work.add_node(process, "endEvent", "done").get("id", "")
    step.set("name", "处理 / Handle")
    draft.work.add_flow(process, start, step.get("id", ""))
    draft.work.add_flow(process, step.get("id", ""), end)
    draft.by_hand = True
    draft.ask(step, "process-made")
    return process


# --- loose ends ------------------------------------------------------------------------------


def tie_up(draft: Draft) -> None:
    """Flows without ends, events at the wrong place, several starts: scope by scope."""
    for process in draft.run:
        for node in process.iter(*(f"{{{BPMN}}}{name}" for name in NODES)):
            if local(node) != "subProcess":
                unset(node, "triggeredByEvent")
        for scope in list(process.iter(*(f"{{{BPMN}}}{name}" for name in _SCOPES))):
            _flows(draft, scope)
            _boundaries(draft, scope)
            _ends(draft, scope)
            _compensation(draft, scope)
            _event_sub_process(draft, scope)
            _instantiating(draft, scope)
            _starts(draft, scope)
            _links(draft, scope)
        for node in process.iter():
            for name in _DOUBLE:
                if namespace(node) == BPMN and (node.get(name) or "1").strip() != "1":
                    draft.lost(node, "quantity-dropped", name=name, value=node.get(name))
                    del node.attrib[name]


def _flows(draft: Draft, scope: etree._Element) -> None:
    nodes = nodes_of(scope)
    for flow in flows_of(scope):
        for end in ("sourceRef", "targetRef"):
            if flow.get(end, "") not in nodes:
                told = flow.get(end) or "—"
                owner = nodes.get(flow.get("sourceRef", ""), scope)
                draft.ask(owner, "flow-loose", flow=flow.get("name") or flow.get("id"), end=told)
                draft.remove(flow)
                break
    for node in nodes.values():
        default = node.get("default")
        if default and all(
            flow.get("id") != default for flow in draft.outgoing(node.get("id", ""))
        ):
            del node.attrib["default"]
            draft.lost(node, "default-dropped", flow=default)


def _boundaries(draft: Draft, scope: etree._Element) -> None:
    nodes = nodes_of(scope)
    for identity, node in nodes.items():
        if local(node) != "boundaryEvent":
            continue
        host = nodes.get(node.get("attachedToRef", ""))
        for flow in list(draft.incoming(identity)):
            draft.ask(node, "flow-loose", flow=flow.get("name") or flow.get("id"), end=identity)
            draft.remove(flow)
        if host is None or local(host) not in ACTIVITIES:
            for name in ("attachedToRef", "cancelActivity"):
                unset(node, name)
            node.tag = f"{{{BPMN}}}intermediateCatchEvent"
            draft.ask(node, "boundary-loose")


def _ends(draft: Draft, scope: etree._Element) -> None:
    for identity, node in nodes_of(scope).items():
        if local(node) == "endEvent" and draft.outgoing(identity):
            node.tag = f"{{{BPMN}}}intermediateThrowEvent"
            draft.ask(node, "end-goes-on")
        elif local(node) == "startEvent" and draft.incoming(identity):
            for definition in definitions(node):
                node.remove(definition)
            node.tag = f"{{{BPMN}}}intermediateThrowEvent"
            start = draft.work.add_node(scope, "startEvent", f"{identity}_begin").get("id", "")
            draft.drawing.add_event(start, identity)
            draft.add_flow(scope, start, identity)
            draft.translated(node, "start-was-reached")


def _compensation(draft: Draft, scope: etree._Element) -> None:
    """What undoes an activity hangs on it by an association, and on no flow."""
    linked = {
        one.get(end)
        for one in scope.iterchildren(f"{{{BPMN}}}association")
        for end in ("sourceRef", "targetRef")
    }
    for identity, node in nodes_of(scope).items():
        flows = [*draft.incoming(identity), *draft.outgoing(identity)]
        if is_true(node.get("isForCompensation")) and (flows or identity not in linked):
            unset(node, "isForCompensation")
            draft.ask(node, "compensation-plain")
    handlers = {
        identity
        for identity, node in nodes_of(scope).items()
        if is_true(node.get("isForCompensation"))
    }
    pairs = [
        {one.get("sourceRef"), one.get("targetRef")}
        for one in scope.iterchildren(f"{{{BPMN}}}association")
    ]
    for identity, node in nodes_of(scope).items():
        definition = node.find(f"{{{BPMN}}}compensateEventDefinition")
        if local(node) == "boundaryEvent" and definition is not None:
            if not any(identity in pair and pair & handlers for pair in pairs):
                node.remove(definition)
                draft.ask(node, "compensation-without-handler")
            for flow in list(draft.outgoing(identity)):
                draft.ask(node, "flow-loose", flow=flow.get("name") or flow.get("id"), end="")
                draft.remove(flow)


def _event_sub_process(draft: Draft, scope: etree._Element) -> None:
    if not is_event_sub_process(scope):
        return
    flows = [*draft.incoming(scope.get("id", "")), *draft.outgoing(scope.get("id", ""))]
    starts = [one for one in nodes_of(scope).values() if local(one) == "startEvent"]
    if flows and not any(definitions(one) for one in starts):
        unset(scope, "triggeredByEvent")
        draft.translated(scope, "sub-process-is-plain")
        return
    for flow in flows:
        draft.ask(scope, "flow-loose", flow=flow.get("name") or flow.get("id"), end="")
        draft.remove(flow)
    if not starts:
        first = [one for key, one in nodes_of(scope).items() if not draft.incoming(key)]
        start = draft.work.add_node(scope, "startEvent", f"{scope.get('id')}_begin")
        give_message(start)
        draft.ask(start, "event-untyped")
        for one in first[:1]:
            draft.add_flow(scope, start.get("id", ""), one.get("id", ""))
    for other in starts[1:]:
        _pass_through(draft, other)


def _pass_through(draft: Draft, node: etree._Element) -> None:
    """A start that cannot be one any more: nothing comes to it until a person connects it."""
    for definition in definitions(node):
        node.remove(definition)
    node.tag = f"{{{BPMN}}}intermediateThrowEvent"
    for name in ("isInterrupting", "parallelMultiple"):
        unset(node, name)
    draft.ask(node, "start-not-used")


def _instantiating(draft: Draft, scope: etree._Element) -> None:
    for identity, node in nodes_of(scope).items():
        if not is_true(node.get("instantiate")):
            unset(node, "instantiate")
            continue
        del node.attrib["instantiate"]
        if local(node) == "receiveTask" and not draft.incoming(identity):
            reference = unset(node, "messageRef")
            node.tag = f"{{{BPMN}}}startEvent"
            definition = etree.SubElement(node, f"{{{BPMN}}}messageEventDefinition")
            if reference:
                definition.set("messageRef", str(reference))
            draft.translated(node, "receive-to-start")
        else:
            draft.translated(node, "instantiate-dropped")


def _starts(draft: Draft, scope: etree._Element) -> None:
    """One start: the one that waits for nothing; others lead on from it by a person's choice."""
    from workflows.importing.choices import offer_starts

    nodes = nodes_of(scope)
    starts = [one for one in nodes.values() if local(one) == "startEvent"]
    if is_event_sub_process(scope):
        return
    if local(scope) == "adHocSubProcess":
        if any(not draft.incoming(key) for key in nodes):
            return
        scope.tag = f"{{{BPMN}}}subProcess"  # nothing in it could be the first
        for one in scope.findall(f"{{{BPMN}}}completionCondition"):
            drop(one)
        draft.ask(scope, "ad-hoc-plain")
    if len(starts) > 1:
        offer_starts(draft, scope, starts)
    elif starts and local(scope) != "process":
        for definition in definitions(starts[0]):
            starts[0].remove(definition)
            kind = local(definition).removesuffix("EventDefinition")
            draft.ask(starts[0], "event-kind-dropped", kind=kind, position="sub-start")
    elif not starts and nodes:
        free = [
            key
            for key, one in nodes.items()
            if not draft.incoming(key)
            and local(one) != "boundaryEvent"
            and not is_event_sub_process(one)
            and not is_true(one.get("isForCompensation"))
        ]
        if not free:
            first = next(iter(nodes))
            start = draft.work.add_node(scope, "startEvent", f"{scope.get('id')}_begin")
            draft.drawing.add_event(start.get("id", ""), first)
            draft.add_flow(scope, start.get("id", ""), first)
            draft.ask(start, "start-made")


def _links(draft: Draft, scope: etree._Element) -> None:
    """Links in pairs; one without a partner is an end, or a beginning that nobody comes to."""
    seen: dict[tuple[str, str], etree._Element] = {}
    loose: list[tuple[str, str, etree._Element, etree._Element]] = []
    for node in nodes_of(scope).values():
        link = node.find(f"{{{BPMN}}}linkEventDefinition")
        if link is None or local(node) not in ("intermediateThrowEvent", "intermediateCatchEvent"):
            continue
        way = local(node)
        name = (link.get("name") or node.get("name") or "").strip()
        if not link.get("name"):
            link.set("name", name)
        if way == "intermediateCatchEvent" and (way, name) in seen:
            loose.append((way, "", node, link))
        else:
            seen.setdefault((way, name), node)
            loose.append((way, name, node, link))
    for way, name, node, link in loose:
        catches = way == "intermediateCatchEvent"
        partner = "intermediateThrowEvent" if catches else "intermediateCatchEvent"
        if (partner, name) not in seen:
            node.remove(link)
            node.tag = f"{{{BPMN}}}intermediateThrowEvent"
            draft.ask(node, "link-without-partner", name=name or text_of(node)[:60] or "—")


def tidy_references(draft: Draft) -> None:
    """`incoming`, `outgoing` and lanes that speak of what is no longer there."""
    here = {str(one.get("id")): one for one in draft.root.iter() if one.get("id")}
    ends = {"incoming": "targetRef", "outgoing": "sourceRef"}
    for node in list(draft.root.iter(f"{{{BPMN}}}incoming", f"{{{BPMN}}}outgoing")):
        owner, flow = node.getparent(), here.get(text_of(node).rpartition(":")[2])
        if owner is None or local(owner) not in NODES:
            continue
        if flow is None or flow.get(ends[local(node)]) != owner.get("id"):
            drop(node)
    for node in list(draft.root.iter(f"{{{BPMN}}}flowNodeRef")):
        if text_of(node).rpartition(":")[2] not in here:
            drop(node)
