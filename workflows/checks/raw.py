"""A BPMN file as written: double ids, what we do not read, code where only FEEL may stand."""

import re

from lxml import etree

from workflows.bpmn import MAX_PROPERTIES, NODES, SUB_PROCESSES, is_true
from workflows.checks.context import Context, Loaded, processes_of
from workflows.documents import BPMN, SPIFF, local, namespace

# Execution meaning, and read.
_READ = NODES | {
    "sequenceFlow",
    "conditionExpression",
    "script",
    "standardLoopCharacteristics",
    "loopCondition",
    "multiInstanceLoopCharacteristics",
    "loopCardinality",
    "loopDataInputRef",
    "loopDataOutputRef",
    "inputDataItem",
    "outputDataItem",
    "completionCondition",
    "complexBehaviorDefinition",
    "event",
    "eventDefinitionRef",
    "messageEventDefinition",
    "signalEventDefinition",
    "errorEventDefinition",
    "escalationEventDefinition",
    "timerEventDefinition",
    "timeDate",
    "timeDuration",
    "timeCycle",
    "conditionalEventDefinition",
    "condition",
    "activationCondition",
    "linkEventDefinition",
    "terminateEventDefinition",
    "cancelEventDefinition",
    "compensateEventDefinition",
}
# For the reader of the diagram; nothing is lost when they are not run.
_FOR_READERS = frozenset(
    {
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "laneSet",
        "childLaneSet",
        "lane",
        "flowNodeRef",
        "partitionElement",
        "textAnnotation",
        "text",
        "association",
        "group",
        "categoryValueRef",
        "auditing",
        "monitoring",
        "supports",
        "source",
        "target",
    }
)
# Where data flows in a drawing; the process reads variables by name instead.
_DATA = frozenset(
    {
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataState",
        "dataInputAssociation",
        "dataOutputAssociation",
        "ioSpecification",
        "property",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
        "dataInputRefs",
        "dataOutputRefs",
        "sourceRef",
        "targetRef",
        "assignment",
        "from",
        "to",
        "transformation",
    }
)
_PEOPLE = frozenset({"potentialOwner", "humanPerformer", "performer", "resourceRole"})
# Modelers whose attributes say who works, what is called and when: brought in by an import.
_VENDORS = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://camunda.org/schema/zeebe/1.0": "Camunda 8",
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
    "http://activiti.com/modeler": "Activiti",
    "http://www.jboss.org/drools": "jBPM",
    "http://bpmn.io/schema/bpmn/biocolor/1.0": "",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0": "",
    "http://camunda.org/schema/modeler/1.0": "",
}
# What vendors write that changes nothing about who does what, when.
_VENDOR_HARMLESS = frozenset(
    {
        "asyncAfter",
        "asyncBefore",
        "async",
        "candidateStarterGroups",
        "candidateStarterUsers",
        "diagramRelationId",
        "exclusive",
        "historyTimeToLive",
        "isStartableInTasklist",
        "jobPriority",
        "modelerTemplate",
        "modelerTemplateIcon",
        "modelerTemplateVersion",
        "properties",
        "property",
        "executionPlatform",
        "executionPlatformVersion",
        "userTask",
        "versionTag",
    }
)
_SPIFF_READ = frozenset({"property", "calledDecisionId", "unitTests"})
_SCRIPT_FORMATS = frozenset({"", "feel", "text/feel", "text/x-feel", "application/feel"})


def check(context: Context, loaded: Loaded) -> None:
    """Double ids in the whole file, then every element of the processes that are run."""
    _double_ids(context, loaded)
    for node in loaded.root.iter(f"{{{BPMN}}}correlationProperty"):
        context.warn(loaded.path, "correlation-elsewhere", node.get("id"))
    run = {process.id for process in loaded.run}
    for process, normal in zip(processes_of(loaded.root), loaded.document.processes, strict=False):
        if loaded.is_broken or normal.id in run:
            for node in process.iter():
                if context.is_full:
                    return
                _look(context, loaded.path, node)


def _double_ids(context: Context, loaded: Loaded) -> None:
    seen: set[str] = set()
    for node in loaded.root.iter():
        identity = node.get("id")
        if identity is None or namespace(node) != BPMN:
            continue
        if identity in seen:
            context.error(loaded.path, "duplicate-id", identity, id=identity[:100])
            loaded.is_broken = True
        seen.add(identity)


def _look(context: Context, path: str, node: etree._Element) -> None:
    space, name = namespace(node), local(node)
    if space == BPMN:
        _known_element(context, path, node, name)
        if node.attrib:
            _attributes(context, path, node, name)
    elif space == SPIFF:
        _spiff(context, path, node, name)
    else:
        _foreign(context, path, node, space, name)


def _known_element(context: Context, path: str, node: etree._Element, name: str) -> None:
    if name in NODES:
        if not _is_scope(node.getparent()):
            context.error(path, "element-misplaced", owner_of(node), kind=name)
    elif name == "process" or name in _FOR_READERS or name in _DATA or name in _READ:
        return
    elif name in _PEOPLE:
        context.error(path, "people-as-resource", owner_of(node))
    elif not _inside(node, _PEOPLE) and not _inside(node, _DATA):
        context.error(path, "element-not-supported", owner_of(node), kind=name)


def _attributes(context: Context, path: str, node: etree._Element, name: str) -> None:
    for attribute in ("startQuantity", "completionQuantity"):
        if (node.get(attribute) or "1").strip() != "1":
            context.error(path, "quantity-not-supported", owner_of(node), attribute=attribute)
    if is_true(node.get("instantiate")):
        context.error(path, "start-event-not-supported", owner_of(node))
    if name == "multiInstanceLoopCharacteristics" and not _behaves(node):
        context.error(path, "element-not-supported", owner_of(node), kind="behavior")
    if name == "scriptTask":
        script_format = (node.get("scriptFormat") or "").strip()
        if script_format.lower() not in _SCRIPT_FORMATS:
            language = script_format[:60]
            context.error(path, "script-not-feel", owner_of(node), language=language)
    for written in node.attrib:
        vendor_space, _, bare = str(written).removeprefix("{").rpartition("}")
        vendor = _VENDORS.get(vendor_space)
        if vendor and bare not in _VENDOR_HARMLESS:
            context.error(path, "vendor-setting", owner_of(node), vendor=vendor, setting=bare)


def _behaves(marker: etree._Element) -> bool:
    """Whether a multi-instance marker that throws when instances complete says what (13.3.7)."""
    behavior = marker.get("behavior") or "All"
    if behavior == "Complex":
        return any(local(child) == "complexBehaviorDefinition" for child in marker)
    return behavior == "All" or bool(marker.get(f"{behavior.lower()}BehaviorEventRef"))


def _spiff(context: Context, path: str, node: etree._Element, name: str) -> None:
    owner = owner_of(node)
    if name in ("preScript", "postScript"):
        context.error(path, "script-not-feel", owner, language="Python")
    elif name == "properties":
        _properties(context, path, node, owner)
    elif name not in _SPIFF_READ and not _inside_spiff(node):
        context.error(path, "vendor-setting", owner, vendor="Spiff Arena", setting=name)


def _foreign(context: Context, path: str, node: etree._Element, space: str, name: str) -> None:
    vendor = _VENDORS.get(space)
    parent = node.getparent()
    nested = parent is not None and namespace(parent) == space
    if vendor and not nested and name not in _VENDOR_HARMLESS:
        context.error(path, "vendor-setting", owner_of(node), vendor=vendor, setting=name)
    elif (
        vendor is None
        and not nested
        and local(parent if parent is not None else node) != ("extensionElements")
    ):
        context.error(path, "element-not-supported", owner_of(node), kind=name[:60])


def owner_of(node: etree._Element) -> str | None:
    """The id of the nearest node, flow or process around an element."""
    current: etree._Element | None = node
    while current is not None:
        is_owner = local(current) in NODES or local(current) in ("sequenceFlow", "process")
        if is_owner and namespace(current) == BPMN:
            return current.get("id")
        current = current.getparent()
    return None


def _is_scope(node: etree._Element | None) -> bool:
    return node is not None and local(node) in {"process", *SUB_PROCESSES}


def _inside(node: etree._Element, names: frozenset[str]) -> bool:
    return any(local(outer) in names for outer in node.iterancestors())


def _inside_spiff(node: etree._Element) -> bool:
    parent = node.getparent()
    return parent is not None and namespace(parent) == SPIFF


def _properties(context: Context, path: str, holder: etree._Element, owner: str | None) -> None:
    """Names and values of settings: each complete, each once, and not too many."""
    seen: set[str] = set()
    for number, item in enumerate(holder.iterchildren(f"{{{SPIFF}}}property")):
        name = (item.get("name") or "").strip()
        if number == MAX_PROPERTIES:
            context.error(path, "properties-too-many", owner, limit=MAX_PROPERTIES)
            return
        if not name or item.get("value") is None:
            context.error(path, "property-incomplete", owner)
        elif name in seen:
            context.error(path, "property-twice", owner, property=name[:60])
        seen.add(name)


_CODE = re.compile(
    r"[$#]\{|\b__\w+__\b|\blambda\b[^=<>\n]*:|\A\s*(?:import|from)\s+[\w.]+\s*(?:\Z|import\b)"
    r"|&&|\|\||[^<>=!]==[^=]|;\s*\Z"
)


def looks_like_code(text: str) -> bool:
    """Whether a text is written in another language than FEEL: `${…}`, `==`, `&&`, Python."""
    without_strings = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    return bool(_CODE.search(without_strings))
