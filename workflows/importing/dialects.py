"""Which modeler wrote a file, and how to ask for its attributes and extensions."""

from collections.abc import Iterator

from lxml import etree

from workflows.documents import BPMN, SPIFF, local, namespace
from workflows.importing.draft import Draft, drop, get_property, remove_property, unset

CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
FLOWABLE = "http://flowable.org/bpmn"
ACTIVITI = "http://activiti.org/bpmn"
DESIGNER = "http://flowable.org/design"
MODELER = "http://activiti.com/modeler"
DROOLS = "http://www.jboss.org/drools"
ENGINES = {
    CAMUNDA: "Camunda 7",
    ZEEBE: "Camunda 8",
    FLOWABLE: "Flowable",
    ACTIVITI: "Activiti",
    DESIGNER: "Flowable",
    MODELER: "Activiti",
    DROOLS: "jBPM",
    "http://operaton.org/schema/1.0/bpmn": "Operaton",
}
_SEVEN = (CAMUNDA, FLOWABLE, ACTIVITI, "http://operaton.org/schema/1.0/bpmn")
# Settings of how an engine stores and retries: nothing that a person would miss.
_TECHNICAL = frozenset(
    {
        "asyncAfter",
        "asyncBefore",
        "async",
        "asynchronous",
        "exclusive",
        "isExclusive",
        "triggerable",
        "candidateStarterGroups",
        "candidateStarterUsers",
        "diagramRelationId",
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
        "failedJobRetryTimeCycle",
        "formFieldValidation",
        "initiator",
        "initiator-can-complete",
        "modelerVersion",
        "designerVersion",
        "dashboard",
        "stencilid",
        "stencilsuperid",
    }
)


def engine_of(root: etree._Element) -> str:
    """Whose dialect a document is written in, for the report: a product's name or `BPMN`."""
    used = {namespace(node) for node in root.iter()}
    for node in root.iter():
        used.update(name[1:].partition("}")[0] for name in map(str, node.attrib) if name[0] == "{")
    for space, name in ENGINES.items():
        if space in used:
            return name
    if SPIFF in used:
        return "SpiffWorkflow"
    return "BPMN"


def attribute(node: etree._Element, name: str) -> str | None:
    """An attribute of the Camunda 7 family, taken out of the file."""
    for space in _SEVEN:
        value = unset(node, f"{{{space}}}{name}")
        if value is not None and value.strip():
            return str(value).strip()
    return None


def extensions(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The extension elements of an engine with these names, in any engine's namespace."""
    for holder in node.iterchildren(f"{{{BPMN}}}extensionElements"):
        for child in list(holder):
            if namespace(child) in ENGINES and local(child) in names:
                yield child


def take(node: etree._Element, *names: str) -> list[etree._Element]:
    """The same, taken out of the file."""
    found = list(extensions(node, *names))
    for child in found:
        drop(child)
    return found


def strip(draft: Draft) -> None:
    """Leave out what no other step has read; each thing is said."""
    for process in draft.run:
        for node in list(process.iter()):
            if namespace(node) != BPMN:
                continue
            _strip_attributes(draft, node)
            if local(node) == "extensionElements":
                _strip_extensions(draft, node)
            _strip_spiff(draft, node)
            for child in list(node):
                foreign = namespace(child) not in (BPMN, "")
                if foreign and local(node) != "extensionElements":
                    draft.lost(node, "extension-dropped", name=local(child)[:60])
                    drop(child)


def _strip_attributes(draft: Draft, node: etree._Element) -> None:
    for written in [str(name) for name in node.attrib]:
        space, _, name = written[1:].rpartition("}") if written[0] == "{" else ("", "", written)
        if space in ENGINES and name not in _TECHNICAL:
            value = str(node.attrib.pop(written))
            draft.lost(node, "setting-dropped", engine=ENGINES[space], name=name, value=value)
        elif space in ENGINES:
            del node.attrib[written]


def _strip_extensions(draft: Draft, holder: etree._Element) -> None:
    for child in list(holder):
        space, name = namespace(child), local(child)
        if space not in ENGINES:
            continue
        if name not in _TECHNICAL and name not in ("in", "out"):
            text = ", ".join(f"{local_name(key)}={value!s}" for key, value in child.attrib.items())
            said = (text or "".join(map(str, child.itertext())).strip())[:200]
            draft.lost(holder, "setting-dropped", engine=ENGINES[space], name=name, value=said)
        drop(child)
    if len(holder) == 0:
        drop(holder)


_SPIFF_READ = frozenset({"properties", "calledDecisionId", "unitTests"})


def _strip_spiff(draft: Draft, node: etree._Element) -> None:
    for child in list(node):
        if local(node) == "extensionElements" and namespace(child) == SPIFF:
            name = local(child)
            if name not in _SPIFF_READ:
                said = " ".join("".join(map(str, child.itertext())).split())[:200]
                draft.lost(node, "setting-dropped", engine="SpiffWorkflow", name=name, value=said)
                drop(child)
    for name in ("formJsonSchemaFilename", "formUiSchemaFilename"):
        if local(node) == "extensionElements":
            owner = node.getparent()
            if owner is not None and get_property(owner, name) is not None:
                remove_property(owner, name)


def local_name(name: object) -> str:
    """The name of an attribute without its namespace."""
    return str(name).rpartition("}")[2]
