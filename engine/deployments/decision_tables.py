"""The decision tables of a draft, edited as tables; what is written changes what changed."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from engine.access.policy import Actor, require
from engine.deployments import drafts
from engine.errors import AlreadyExists, InvalidInput, NotFound, StaleVersion
from workflows import dmn
from workflows.dmn import checks, drawing, model, table_writer
from workflows.dmn.drawing import Drawn
from workflows.documents import DocumentError
from workflows.findings import Finding
from workflows.manifest_reader import is_identity
from workflows.packages import kind_of


@dataclass(frozen=True, slots=True)
class DecisionInfo:
    """A decision of a draft: where it stands, and whether its logic is a table, a text or else."""

    id: str
    name: str
    path: str
    logic: str  # table, text, other


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """A decision of a draft with all that its editor shows; `table` is None for other logic."""

    info: DecisionInfo
    rev: int
    updated_by: str
    table: Drawn | None
    text: str | None
    types: dict[str, str]
    """Allowed values (FEEL) of the document's own types, by name."""
    findings: list[Finding]


def listing(actor: Actor, key: str) -> list[DecisionInfo]:
    """The decisions of a draft by file; a file that cannot be read has none. Raises NotFound."""
    return [info for info, _ in _all(actor, key)]


def get(actor: Actor, key: str, decision: str) -> DecisionFile:
    """A decision of a draft; raises NotFound."""
    info, _ = _find(actor, key, decision)
    file, data = drafts.read_file(actor, key, info.path)
    return _file(info, file, data)


def write(
    actor: Actor, key: str, decision: str, table: Drawn, expected: int | None = None
) -> DecisionFile:
    """Writes the table of a decision; with NEW as `expected` a file of its own is made for it.

    Raises NotFound, StaleVersion, AlreadyExists, InvalidInput (/table).
    """
    require(actor, "edit_drafts")
    if expected == drafts.NEW:
        path, data = _fresh(actor, key, decision, table.name), b""
        data = table_writer.blank(decision, table.name, f"urn:banjie:{key}")
    else:
        info, _ = _find(actor, key, decision)
        seen, data = drafts.read_file(actor, key, info.path)
        path, expected = info.path, seen.rev if expected is None else expected
        if seen.rev != expected:  # the places that the table speaks of are those of another text
            raise StaleVersion(kind="file", id=f"{key}/{path}", expected=expected, found=seen.rev)
    try:
        made = table_writer.write_table(data, decision, table)
    except DocumentError as error:
        raise InvalidInput.at("/table", error.code, **error.params) from None
    file, _ = drafts.put_file(actor, key, path, made, expected)
    node = drawing.node_of(dmn.compiled(made).document, decision)
    return _file(_info(node, path), file, made)


def _fresh(actor: Actor, key: str, decision: str, name: str) -> str:
    if not is_identity(decision):
        raise InvalidInput.at("/decision", "key-unreadable", value=decision[:60])
    path = f"decisions/{decision}.dmn"
    if any(info.id == decision or info.path == path for info in listing(actor, key)):
        raise AlreadyExists(kind="decision", id=decision)
    return path


def _find(actor: Actor, key: str, decision: str) -> tuple[DecisionInfo, model.Node]:
    for info, node in _all(actor, key):
        if info.id == decision:
            return info, node
    raise NotFound(kind="decision", id=decision[:80])


def _all(actor: Actor, key: str) -> Iterator[tuple[DecisionInfo, model.Node]]:
    require(actor, "edit_drafts")
    for path, data in drafts.content(actor, key).items():
        if kind_of(path) != "decision":
            continue
        with suppress(DocumentError):  # one that is not right yet hides no other
            for node in dmn.compiled(data).document.nodes.values():
                if node.kind == "decision":
                    yield _info(node, path), node


def _info(node: model.Node, path: str) -> DecisionInfo:
    logic = node.logic
    kind = "other"
    if isinstance(logic, model.Table):
        kind = "table"
    elif isinstance(logic, model.Literal_):
        kind = "text"
    return DecisionInfo(node.id, node.name, path, kind)


def _file(info: DecisionInfo, file: drafts.FileInfo, data: bytes) -> DecisionFile:
    document = dmn.compiled(data).document
    logic = drawing.node_of(document, info.id).logic
    return DecisionFile(
        info,
        file.rev,
        file.updated_by,
        drawing.of_table(logic, info.name) if isinstance(logic, model.Table) else None,
        logic.text.text if isinstance(logic, model.Literal_) else None,
        {item.name: item.allowed.text for item in document.items if item.allowed},
        [each for each in checks.check(info.path, data) if each.element in (info.id, None)],
    )
