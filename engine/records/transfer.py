"""Records come in from tables and go out to tables, by the same commands as one by one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.access.policy import Actor, require
from engine.db import db
from engine.errors import AlreadyExists, InputError, InvalidInput, NotAllowed, NotFound
from engine.records import commands, sheets
from engine.records.fields import Field, Names
from engine.records.kinds import Kind
from engine.uow import command

LANGUAGES = ("zh-CN", "en")
MAX_ERRORS = 500


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong with a table: where, and what."""

    row: int
    column: str | None
    error: InputError


@dataclass(slots=True)
class Report:
    """What came of an import; with errors nothing was kept."""

    created: int = 0
    changed: int = 0
    same: int = 0
    errors: list[RowError] = field(default_factory=list)


class _Undo(Exception):
    """Takes a whole import back."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__()


def columns(kind: Kind, custom: Iterable[str] = ()) -> list[str]:
    """The columns of a kind's table, in order."""
    found = [kind.key]
    for each in kind.fields:
        if isinstance(each, Names):
            found += [f"names.{language}" for language in LANGUAGES]
        else:
            found.append(each.name)
    return found + [f"custom.{key}" for key in custom]


def load(actor: Actor, kind: Kind, data: bytes, *, dry_run: bool) -> Report:
    """Imports a table: rows whose key is there change a record, others make one.

    A cell that is empty leaves a field as it is, one with a single dash empties it. All rows or
    none: with an error in any of them, or `dry_run`, nothing is kept.
    """
    require(actor, "manage_records")
    rows = sheets.read(data)
    try:
        return _load(actor, kind, rows, dry_run)
    except _Undo as undo:
        return undo.report


@command
def _load(actor: Actor, kind: Kind, rows: Sequence[tuple[int, list[str]]], dry_run: bool) -> Report:
    (head, header), *body = rows
    report = Report()
    known = _readers(kind)
    for place, column in enumerate(header):
        if not (column in known or column.startswith("custom.")):
            error = InputError("/file", "unknown-column", {"value": column[:60]})
            report.errors.append(RowError(head, column[:60], error))
        elif column in header[:place]:
            error = InputError("/file", "column-twice", {"value": column})
            report.errors.append(RowError(head, column, error))
    if not report.errors and not body:
        report.errors.append(RowError(head, None, InputError("/file", "table-empty")))
    seen: dict[str, int] = {}
    for number, cells in body if not report.errors else ():
        _load_row(actor, kind, number, dict(zip(header, cells, strict=False)), seen, report)
        if len(report.errors) >= MAX_ERRORS:
            break
    if dry_run or report.errors:
        raise _Undo(report)
    return report


def _load_row(
    actor: Actor,
    kind: Kind,
    number: int,
    cells: Mapping[str, str],
    seen: dict[str, int],
    report: Report,
) -> None:
    key = cells.get(kind.key, "")
    if key and key in seen:
        error = InputError(f"/{kind.key}", "row-again", {"row": seen[key]})
        report.errors.append(RowError(number, kind.key, error))
        return
    if key:
        seen[key] = number
    try:
        values = _values(kind, cells)
        row: Any = db.session.get(kind.model, key) if key else None
        if row is None:
            if kind.keyed is not None:
                values[kind.key] = key
            elif key:
                raise NotFound(kind=kind.name, id=key)
            commands.create(actor, kind, values)
            report.created += 1
        elif _is_same(row, values):
            report.same += 1
        else:
            if "names" in values:
                values["some_names"] = values.pop("names")
            if "custom" in values:
                values["custom"] = {**row.custom, **values["custom"]}
            commands.change(actor, kind, key, values)
            report.changed += 1
    except InvalidInput as invalid:
        for error in invalid.errors:
            report.errors.append(RowError(number, _column(error.pointer), error))
    except (AlreadyExists, NotFound, NotAllowed) as refused:
        error = InputError(f"/{kind.key}", refused.code, refused.params)
        report.errors.append(RowError(number, kind.key, error))


def _is_same(row: Any, values: Mapping[str, Any]) -> bool:
    """Whether a row says nothing new."""
    return all(
        {**(getattr(row, name) or {}), **value} == getattr(row, name)
        if isinstance(value, dict)
        else getattr(row, name) == value
        for name, value in values.items()
    )


def _readers(kind: Kind) -> dict[str, Field | None]:
    found: dict[str, Field | None] = dict.fromkeys(columns(kind))
    return found | {each.name: each for each in kind.fields if not isinstance(each, Names)}


def _values(kind: Kind, cells: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    readers = _readers(kind)
    for column, cell in cells.items():
        outer, _, inner = column.partition(".")
        if not cell or column == kind.key:
            continue
        if inner:
            values.setdefault(outer, {})[inner] = None if cell == "-" else cell
        else:
            reader = readers[column]
            if reader is not None:
                values[column] = None if cell == "-" else reader.read(cell)
    return values


def _column(pointer: str) -> str:
    """The column that an error is about."""
    parts = pointer.lstrip("/").split("/")
    return ".".join(parts[:2]) if parts[0] in ("names", "custom") else parts[0]


def table(kind: Kind, custom: Sequence[str], rows: Iterable[Any]) -> Iterator[list[str]]:
    """Records as a table that an import takes again."""
    head = columns(kind, custom)
    yield head
    readers = _readers(kind)
    for row in rows:
        yield [_cell(row, column, readers.get(column)) for column in head]


def _cell(row: Any, column: str, field_: Field | None) -> str:
    outer, _, inner = column.partition(".")
    value = getattr(row, outer)
    if inner:
        value = (value or {}).get(inner)
    if value is None:
        return ""
    return field_.write(value) if field_ is not None else str(value)
