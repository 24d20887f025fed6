"""Call activities: which process is called, and which variables go in and come back."""

from lxml import etree

from workflows.bpmn import is_true
from workflows.documents import BPMN, local
from workflows.importing.dialects import attribute, take
from workflows.importing.draft import Draft, document, get_property, set_property, unset
from workflows.importing.expressions import expression

_TECHNICAL = (
    "calledElementBinding",
    "calledElementVersion",
    "calledElementTenantId",
    "calledElementType",
    "variableMappingClass",
    "variableMappingDelegateExpression",
    "inheritVariables",
    "inheritBusinessKey",
    "businessKey",
    "sameDeployment",
    "fallbackToDefaultTenant",
)
_GLOBAL = {
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
    "globalTask": "task",
}


def settle_targets(draft: Draft) -> None:
    """Says of every call which process it means: read before it is known what runs."""
    globals_ = {one.get("id"): one for one in draft.root if local(one) in _GLOBAL}
    for node in list(draft.root.iter(f"{{{BPMN}}}callActivity")):
        for called in take(node, "calledElement"):
            node.set("calledElement", called.get("processId") or "")
        target = (node.get("calledElement") or "").strip()
        bare = target.rpartition(":")[2]
        if bare in globals_:
            _inline(node, globals_[bare])
            draft.translated(node, "global-task-inlined", task=bare)
        elif target:
            node.set("calledElement", target)


def _inline(node: etree._Element, task: etree._Element) -> None:
    node.tag = f"{{{BPMN}}}{_GLOBAL[local(task)]}"
    unset(node, "calledElement")
    if not node.get("name") and task.get("name"):
        node.set("name", str(task.get("name")))
    for name in ("scriptLanguage", "scriptFormat"):
        if task.get(name):
            node.set("scriptFormat", str(task.get(name)))
    for child in list(task):
        if local(child) in ("script", "extensionElements"):
            node.append(child)


def bring(draft: Draft, processes: frozenset[str]) -> None:
    """Every call; one whose process is not here becomes work for a person, and a question."""
    for node in draft.nodes("callActivity"):
        target = (node.get("calledElement") or "").strip()
        if target not in processes or any(one.get("id") == target for one in node.iterancestors()):
            draft.make_work(node)
            if target:
                document(node, f"calledElement: {target}")
                draft.ask(node, "callee-not-here", process=target)
            else:
                draft.ask(node, "callee-unsaid")
            for name in _TECHNICAL:
                attribute(node, name)
            take(node, "in", "out", "inputOutput", "ioMapping")
            continue
        for name in _TECHNICAL:
            found = attribute(node, name)
            if found and name in ("variableMappingClass", "variableMappingDelegateExpression"):
                draft.ask(node, "operation-unknown", text=f"{name}: {found}")
        _in_and_out(draft, node)
        for mapping in take(node, "ioMapping"):
            for one in mapping:
                where = "in" if local(one) == "input" else "out"
                _map(draft, node, where, one.get("target"), one.get("source"))


def _in_and_out(draft: Draft, node: etree._Element) -> None:
    """`<in source= target=/>`: `variables="all"` is what happens here without any mapping."""
    found = take(node, "in", "out")
    for where in ("in", "out"):
        mine = [one for one in found if local(one) == where]
        if any(one.get("variables") == "all" for one in mine):
            for one in mine:
                if one.get("target"):
                    draft.lost(node, "mapping-dropped", text=f"{where}: {one.get('target')}")
            continue
        for one in mine:
            if one.get("businessKey") or is_true(one.get("local")):
                continue
            source = one.get("source") or one.get("sourceExpression")
            _map(draft, node, where, one.get("target"), source)


def _map(
    draft: Draft, node: etree._Element, where: str, target: str | None, source: str | None
) -> None:
    if not target or not source:
        return
    found = expression(source)
    if found is None or not target.isidentifier():
        draft.ask(node, "mapping-unknown", text=f"{where}: {target} = {source}")
        return
    if get_property(node, f"{where}.{target}") is None:
        set_property(node, f"{where}.{target}", f"={found}")
        draft.translated(node, "mapping-translated", where=where, name=target, after=found)
