"""What any modeler writes, brought into the one shape that the runtime runs.

The diagram that people see stays the original; only the way to the runtime is normalised. Ids of
the original are kept, so that a token can be shown on it; ids that had to be made are the same for
the same bytes. In the result every flow, node and shared definition has an id; each scope has its
start and its ends; only gateways split; references carry no prefix; conditions and timer texts are
FEEL (a timer literal `PT4H` becomes the string `"PT4H"`); events are defined in place; link events
are sequence flows; extensions are `spiffworkflow:properties` alone; the drawing is gone.
"""

from dataclasses import dataclass

from lxml import etree

from workflows.documents import BPMN, DocumentError, decode, local, read_xml, write_xml
from workflows.findings import Finding
from workflows.normalise import data, events, expressions, names, scopes
from workflows.normalise.work import Work

__all__ = ["Normalised", "normalise", "normalise_tree"]


@dataclass(frozen=True, slots=True)
class Normalised:
    """The document as it is run, and a remark for each thing that had to be made explicit."""

    xml: bytes
    changes: list[Finding]


def normalise(data: bytes, document: str = "process.bpmn") -> Normalised:
    """The runnable form of a BPMN file; raises DocumentError (not-bpmn, or as `read_xml`)."""
    root = read_xml(data)
    changes = normalise_tree(root, document)
    _, encoding, guessed = decode(data)
    if guessed:
        guess = Finding("warning", document, "encoding-guessed", params={"encoding": encoding})
        changes.insert(0, guess)
    return Normalised(write_xml(root), changes)


def normalise_tree(root: etree._Element, document: str = "process.bpmn") -> list[Finding]:
    """Normalise a parsed document in place; the remarks are warnings, in the order of the steps."""
    if root.tag != f"{{{BPMN}}}definitions":
        raise DocumentError("not-bpmn", found=local(root))
    work = Work(root, document)
    data.drop_drawing(work)
    names.give_ids(work)
    names.settle_references(work)
    names.settle_booleans(work)
    names.choose_executable(work)
    data.keep_only_properties(work)
    data.drop_data_flow(work)
    events.inline_definitions(work)
    events.name_what_is_thrown(work)
    expressions.settle(work)
    events.join_links(work)
    events.split_signal_ends(work)
    for scope in work.scopes():
        scopes.add_start(work, scope)
        scopes.add_ends(work, scope)
        scopes.split_at_gateways(work, scope)
        scopes.settle_gateways(work, scope)
    return work.changes
