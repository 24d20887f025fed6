"""Work that another engine did by code: delegates, topics, connectors, scripts, mappings.

Nothing of it can run here before a person has said what does it. Until then a person does the work:
the step becomes a user task that carries the foreign setting as documentation, and a question.
"""

import re

from lxml import etree

from workflows.documents import BPMN, SPIFF, DocumentError, local, read_xml
from workflows.importing.dialects import ENGINES, attribute, extensions, local_name, take
from workflows.importing.draft import Draft, document, drop, get_property, set_property, text_of
from workflows.importing.expressions import expression
from workflows.packages import decision_ids
from workflows.scripts import ScriptError, read_script

_IMPLEMENTATIONS = (
    "class",
    "expression",
    "delegateExpression",
    "topic",
    "type",
    "decisionRef",
    "caseRef",
    "resultVariable",
    "resultVariableName",
    "mapDecisionResult",
    "errorCodeVariable",
    "taskPriority",
)
_LISTENERS = ("executionListener", "taskListener", "executionListeners", "taskListeners")
_ASSIGNMENT = re.compile(
    r"\s*(?:(?:var|let|const|def)\s+)?([^\W\d]\w{0,63})\s*=(?!=)\s*(.+?);?\s*\Z"
)
_SET = re.compile(
    r"\s*(?:execution|task)\.setVariable\(\s*[\"']([^\W\d]\w{0,63})[\"']\s*,\s*(.+)\)\s*;?\s*\Z"
)
_EXPRESSION_ONLY = re.compile(r"[^\n;]+\Z")
_FEEL_FORMATS = frozenset({"", "feel", "text/feel", "text/x-feel", "application/feel"})


def bring(draft: Draft) -> None:
    """Every step that is not work for a person, and what hangs on those that are."""
    for node in draft.nodes():
        kind = local(node)
        if kind == "scriptTask":
            _script(draft, node)
        elif kind == "businessRuleTask":
            _decision(draft, node)
        elif kind in ("serviceTask", "sendTask"):
            _service(draft, node)
        elif kind in ("endEvent", "intermediateThrowEvent"):
            _thrown_by_code(draft, node)
        elif kind == "task" and draft.by_hand:
            draft.make_work(node)
            draft.ask(node, "task-is-work")
        elif kind == "task":
            draft.ask(node, "task-passes")
        _listeners(draft, node)
        _instructions(draft, node)
        if kind != "callActivity":
            _mappings(draft, node)
    for process in draft.run:
        _listeners(draft, process)
    _python(draft)
    for flow in draft.elements("sequenceFlow"):
        _listeners(draft, flow)


def _foreign(node: etree._Element) -> str:
    """What an engine's modeler said of how a step is done, as text."""
    parts = []
    for name in _IMPLEMENTATIONS:
        found = attribute(node, name)
        if found:
            parts.append(f"{name}: {found}")
    for definition in take(node, "taskDefinition"):
        parts.append(f"type: {definition.get('type') or '—'}")
    for headers in take(node, "taskHeaders"):
        parts += [
            f"{one.get('key')}: {one.get('value')}"
            for one in headers
            if one.get("value") is not None
        ]
    for part in take(node, "field", "connector", "inputOutput"):
        parts += _lines(part)
    for part in node.findall(f"{{{BPMN}}}extensionElements/{{{SPIFF}}}serviceTaskOperator"):
        parts.append(f"operator: {part.get('id') or '—'}")
        parts += [
            f"{one.get('id')}: {one.get('value')}" for one in part.iter(f"{{{SPIFF}}}parameter")
        ]
        drop(part)
    return "\n".join(parts)[:10_000]


def _lines(part: etree._Element) -> list[str]:
    """A nested setting, a line a value."""
    found = []
    for one in part.iter():
        text = (one.text or "").strip() or " ".join(
            f"{local_name(key)}={value!s}" for key, value in one.attrib.items() if key != "name"
        )
        if text:
            found.append(f"{one.get('name') or local(one)}: {text}"[:500])
    return found[:60]


def _service(draft: Draft, node: etree._Element) -> None:
    if any(node.get(f"{{{space}}}type") == "dmn" for space in ENGINES):  # Flowable
        node.tag = f"{{{BPMN}}}businessRuleTask"
        for one in extensions(node, "field"):
            if one.get("name") == "decisionTableReferenceKey":
                key = text_of(one) or one.get("stringValue") or ""
                set_property(node, "decision", key)
        _decision(draft, node)
        return
    if get_property(node, "operation"):
        return
    had = _foreign(node)
    if local(node) == "sendTask" and not had:
        _give_message(draft, node)
        return
    interface = node.get("operationRef") or node.get("implementation") or ""
    told = had or (interface if "##" not in interface else "")
    draft.make_work(node)
    if told:
        document(node, told)
        draft.ask(node, "operation-unknown", text=" · ".join(told.splitlines())[:250])
    else:
        draft.ask(node, "operation-unsaid")


def _give_message(draft: Draft, node: etree._Element) -> None:
    """A send task throws its message; one without gets a message of its own name."""
    if node.get("messageRef") and any(
        one.get("id") == node.get("messageRef").rpartition(":")[2]  # type: ignore[union-attr]
        for one in draft.root.findall(f"{{{BPMN}}}message")
    ):
        return
    name = (node.get("name") or node.get("id") or "").strip()
    identity = draft.work.new_id(f"{node.get('id')}_message")
    message = etree.Element(f"{{{BPMN}}}message", {"id": identity, "name": name})
    draft.root.insert(0, message)
    node.set("messageRef", identity)
    draft.translated(node, "message-made", name=name)


def _thrown_by_code(draft: Draft, node: etree._Element) -> None:
    """A message event with a delegate: the message is thrown, the code does not run."""
    for definition in node.findall(f"{{{BPMN}}}messageEventDefinition"):
        had = "\n".join(text for text in (_foreign(definition), _foreign(node)) if text)
        if had:
            document(node, had)
            draft.ask(node, "event-code-unknown", text=" · ".join(had.splitlines())[:250])


def _script(draft: Draft, node: etree._Element) -> None:
    for script in take(node, "script"):  # Camunda 8: a FEEL expression and its variable
        name, text = script.get("resultVariable") or "result", script.get("expression") or ""
        found = expression(text)
        if found is not None and name.isidentifier():
            _write_script(draft, node, f"{name} = {found}", text)
            return
    script_format = (node.get("scriptFormat") or "").strip()
    text = text_of(node.find(f"{{{BPMN}}}script"))
    if script_format.lower() in _FEEL_FORMATS and text and _is_ours(text):
        return
    result = attribute(node, "resultVariable")
    found = _assignments(text, result)
    if found:
        _write_script(draft, node, found, text)
        return
    had = _foreign(node)
    draft.make_work(node, "manualTask")
    if text or had:
        document(node, f"{script_format}\n{text or had}".strip())
        draft.ask(node, "script-unknown", language=script_format or "—")
    else:
        draft.ask(node, "script-empty")


def _write_script(draft: Draft, node: etree._Element, lines: str, before: str) -> None:
    script = node.find(f"{{{BPMN}}}script")
    if script is None:
        script = etree.SubElement(node, f"{{{BPMN}}}script")
    for child in list(script):
        script.remove(child)
    script.text = lines
    node.set("scriptFormat", "text/x-feel")
    if lines != before:
        draft.translated(node, "script-translated", before=before, after=lines)


def _is_ours(text: str) -> bool:
    """Whether a script is a list of `name = FEEL` already."""
    try:
        lines = read_script(text)
    except ScriptError:
        return False
    return bool(lines) and all(expression(f"={line.expression}") for line in lines)


def _assignments(text: str, result: str | None) -> str | None:
    """A script of nothing but assignments, as `name = FEEL` lines; None for anything more."""
    found: list[str] = []
    for line in re.split(r"[\n;]", text):
        bare = re.sub(r"(?://|#).*\Z", "", line).strip()
        if not bare:
            continue
        match = _SET.match(bare) or _ASSIGNMENT.match(bare)
        if match is None:
            break
        translated = expression(match[2].strip())
        if translated is None:
            return None
        found.append(f"{match[1]} = {translated}")
    else:
        return "\n".join(found) or None
    if result and result.isidentifier() and not found and _EXPRESSION_ONLY.match(text):
        translated = expression(text)
        return f"{result} = {translated}" if translated else None
    return None


def _decision(draft: Draft, node: etree._Element) -> None:
    key = attribute(node, "decisionRef") or get_property(node, "decision")
    result = attribute(node, "resultVariable") or get_property(node, "result")
    for called in take(node, "calledDecision"):
        key = called.get("decisionId") or key
        result = called.get("resultVariable") or result
    for called in list(node.iter(f"{{{SPIFF}}}calledDecisionId")):
        key = text_of(called) or key
        drop(called)
    had = _foreign(node)
    if key and key.lstrip("=").strip() and expression(key.lstrip("=")) is not None:
        key = key.lstrip("=").strip().strip('"')
        path = _decision_file(draft, key)
        if path is not None:
            draft.decisions[path] = draft.beside[path]
            set_property(node, "decision", key)
            if result and result.isidentifier():
                set_property(node, "result", result)
            draft.translated(node, "decision-kept", decision=key)
            return
        draft.make_work(node)
        document(node, f"decision: {key}\nresult: {result or key}\n{had}".strip())
        draft.ask(node, "decision-not-here", decision=key, result=result or key)
        return
    draft.make_work(node)
    if had:
        document(node, had)
    draft.ask(node, "decision-unsaid", text=had or "—")


def _decision_file(draft: Draft, key: str) -> str | None:
    """The path of the DMN file beside the process that has this decision."""
    for path, data in draft.beside.items():
        if path.endswith(".dmn"):
            try:
                if key in decision_ids(read_xml(data)):
                    return path
            except DocumentError:
                draft.lost(None, "file-not-readable", path=path)
    return None


def _listeners(draft: Draft, node: etree._Element) -> None:
    for listener in take(node, *_LISTENERS):
        inner = list(listener) if local(listener).endswith("s") and len(listener) else [listener]
        for one in inner:
            told = [
                f"{local_name(key)}={value!s}"
                for key, value in one.attrib.items()
                if local_name(key) not in ("event", "eventType")
            ]
            text = ", ".join(told) or text_of(one)
            event = one.get("event") or one.get("eventType") or "start"
            draft.ask(node, "listener-unknown", event=event, text=text or "—")


def _python(draft: Draft) -> None:
    """Scripts around a step, in Python: kept to read, and asked about; in pools not run as well."""
    for one in list(draft.root.iter(f"{{{SPIFF}}}preScript", f"{{{SPIFF}}}postScript")):
        text, name = text_of(one), local(one)
        holder = one.getparent()
        node = None if holder is None else holder.getparent()
        drop(one)
        if text and node is not None:
            document(node, f"{name}\n{text}")
            draft.ask(node, "script-around-unknown", name=name, text=text)


def _instructions(draft: Draft, node: etree._Element) -> None:
    """SpiffWorkflow's words for the person at a step are the step's description."""
    for one in node.findall(f"{{{BPMN}}}extensionElements/{{{SPIFF}}}instructionsForEndUser"):
        text = text_of(one)
        drop(one)
        if text and get_property(node, "description") is None:
            set_property(node, "description", text[:2_000])
            draft.translated(node, "setting-kept", name="description", value=text)


def _mappings(draft: Draft, node: etree._Element) -> None:
    for part in take(node, "ioMapping", "inputOutput"):
        for line in _lines(part):
            draft.lost(node, "mapping-dropped", text=line)
