"""BPMN files of any modeler and engine brought in as a draft, with a report of what was changed.

Plain BPMN, Camunda 7 and 8, Flowable and Activiti, SpiffWorkflow, and files drawn for readers. The
original stays the draft's diagram: only what cannot run here is changed. Each thing translated,
each thing left out and each question for a person is a note of the report; questions also stand on
their element (property `todo`), where the checks find them until somebody has answered.

Where an answer is missing the draft still runs, and a person stands in for it: what code did is a
step to work on, a way without a condition is a button, a value that nobody sets is asked for in the
form before it. Nothing is assumed to be true.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.bpmn import size
from workflows.checks import check
from workflows.constructs import MAX_ELEMENTS, MAX_FLOWS, MAX_PARTS, is_too_large
from workflows.documents import DocumentError, as_text, read_xml
from workflows.findings import errors
from workflows.importing import (
    approvals,
    calls,
    choices,
    dialects,
    events,
    forms,
    missing,
    people,
    repair,
    services,
    structure,
    writing,
)
from workflows.importing.draft import Draft
from workflows.importing.notes import Note
from workflows.manifest_reader import is_identity
from workflows.packages import from_files

__all__ = ["Imported", "Note", "import_bpmn"]

ROUNDS = 6  # of repairs; each takes something away, so this ends anyway


@dataclass(frozen=True, slots=True)
class Imported:
    """A draft: the key of the ticket type, its files by path, and the report."""

    key: str
    files: dict[str, bytes]
    report: list[Note]


def import_bpmn(
    data: bytes, *, key: str | None = None, beside: Mapping[str, bytes] | None = None
) -> Imported:
    """The draft of a BPMN file; raises DocumentError for what is no BPMN or cannot be read safely.

    `key` is the key of the ticket type, made from the process when left out; `beside` are the
    other files that belong to the process (`.dmn`, `.form`, `.json`), by path.
    """
    if key is not None and not is_identity(key):
        raise DocumentError("key-unreadable", value=key[:60], place="key")
    root = read_xml(data)
    structure.adopt(root)
    nodes, flows, parts = size(root)
    if is_too_large(nodes, flows, parts):
        found = {"count": nodes, "limit": MAX_ELEMENTS, "flows": flows, "flow_limit": MAX_FLOWS}
        raise DocumentError("process-too-large", **found, parts=parts, part_limit=MAX_PARTS)
    original = as_text(data)
    draft = Draft(root, dict(beside or {}))
    draft.report.add("translated", "came-from", None, engine=dialects.engine_of(root))
    if "<!--" in original:
        draft.report.add("lost", "comments-dropped", None)
    _translate(draft)
    key = key or writing.key_of(draft)
    return _written(draft, key, original)


def _translate(draft: Draft) -> None:
    """All steps, in the order in which they need each other."""
    structure.single_ids(draft)
    structure.unfold_choreographies(draft)
    calls.settle_targets(draft)
    structure.choose(draft)
    structure.tie_up(draft)
    events.inline(draft)
    calls.bring(draft, frozenset(str(one.get("id")) for one in draft.run))
    services.bring(draft)
    events.bring(draft)
    people.bring(draft)
    forms.bring(draft)
    approvals.bring(draft)
    dialects.strip(draft)
    choices.bring(draft)
    people.lanes(draft)


def _written(draft: Draft, key: str, original: str) -> Imported:
    package = from_files(writing.files(draft, key, original, []))
    missing.bring(draft, package)
    for _ in range(ROUNDS):
        structure.tidy_references(draft)
        package = from_files(writing.files(draft, key, original, []))
        if not repair.mend(draft, check(package)):
            break
    for left in errors(check(package)):
        draft.report.add("question", "check-says", left.element, **_said(left.code, left.params))
    notes = draft.report.finish()
    return Imported(key, writing.files(draft, key, original, notes), notes)


def _said(code: str, params: Mapping[str, object]) -> dict[str, str]:
    """The sentence of a check in both languages, for the report."""
    from workflows.texts import sentence

    said = {
        f"reason_{short}": sentence("workflows", language, code, params)
        for short, language in (("zh", "zh-CN"), ("en", "en"))
    }
    return {"finding": code, **said}
