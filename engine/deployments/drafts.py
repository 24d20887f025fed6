"""Packages that are being edited, file by file, by people who are told of each other.

Every change gives the draft and the file it touches the next revision. Who says which revision he
has seen is refused with StaleVersion when there is a newer one; who says none wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select

from engine import clock
from engine.access.policy import Actor, require
from engine.db import db
from engine.deployments import commands, queries
from engine.deployments.models import Draft, DraftFile
from engine.deployments.rows import insert_missing
from engine.errors import (
    AlreadyExists,
    DefinitionInvalid,
    InvalidInput,
    NotFound,
    StaleVersion,
    TooLarge,
)
from engine.paging import Page, Window, cut, seek
from engine.uow import command
from workflows import packages
from workflows.diff import Change, diff
from workflows.documents import MAX_BYTES
from workflows.findings import Finding
from workflows.manifest_reader import is_identity
from workflows.package_files import (
    MAX_FILES,
    MAX_PATH,
    MAX_TOTAL,
    check_file,
    check_names,
    is_safe,
)
from workflows.packages import Package, PackageError

NEW = 0  # as the expected revision: there must be none yet
MAX_DRAFTS = 1_000
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One file of a draft without its content; `size` is in bytes."""

    path: str
    size: int
    rev: int
    updated_by: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DraftInfo:
    """A draft with its files by path; `base` is the number of the version that it began from."""

    key: str
    base: int | None
    rev: int
    updated_by: str
    updated_at: datetime
    files: tuple[FileInfo, ...] = ()


def listing(actor: Actor, window: Window = queries.EVERY) -> Page[DraftInfo]:
    """The drafts by key, without their files."""
    require(actor, "edit_drafts")
    found = db.session.scalars(seek(select(Draft), [Draft.key], window)).all()
    return cut([_info(draft, ()) for draft in found], window, lambda one: (one.key,))


def get(actor: Actor, key: str) -> DraftInfo:
    """A draft with the list of its files; raises NotFound."""
    require(actor, "edit_drafts")
    return _whole(_draft(key))


def read_file(actor: Actor, key: str, path: str) -> tuple[FileInfo, bytes]:
    """A file of a draft and its content; raises NotFound."""
    require(actor, "edit_drafts")
    file = _file(key, path)
    return _file_info(file), file.content


def content(actor: Actor, key: str) -> dict[str, bytes]:
    """All files of a draft, path -> bytes, by path; raises NotFound."""
    require(actor, "edit_drafts")
    _draft(key)
    return _content(key)


@command
def create(
    actor: Actor,
    key: str,
    files: Mapping[str, bytes] | None = None,
    *,
    version: int | None = None,
    expected: int | None = None,
) -> DraftInfo:
    """Begins a draft from files, from a version of the type, or empty.

    One that is there already is replaced, unless `expected` is NEW (AlreadyExists) or another
    revision than its own (StaleVersion). Raises InvalidInput, TooLarge, NotFound (the version).
    """
    require(actor, "edit_drafts")
    if not is_identity(key):
        raise InvalidInput.at("/key", "key-unreadable", value=key[:60])
    if version is not None:
        files = _files_of_version(actor, key, version)
    files = dict(files or {})
    for path, data in files.items():
        _check_file(path, data)
    _check_whole({path: len(data) for path, data in files.items()})
    now = clock.now()
    # Revisions begin at the second of creation: a draft made anew never repeats an old one's.
    first = {"key": key, "rev": int((now - _BEGINNING).total_seconds())}
    mine = {"base": version, "updated_by": actor.username, "updated_at": now}
    created = insert_missing(Draft, [first | mine]) == 1
    draft = _draft(key, lock=True)
    if not created:
        if expected == NEW:
            raise AlreadyExists(kind="draft", id=key)
        _expect(expected, draft.rev, "draft", key)
        _touch(draft, actor)
        draft.base = version
        db.session.execute(sql_delete(DraftFile).where(DraftFile.key == key))
    elif expected not in (None, NEW):
        raise StaleVersion(kind="draft", id=key, expected=expected, found=None)
    elif (db.session.scalar(select(func.count()).select_from(Draft)) or 0) > MAX_DRAFTS:
        raise TooLarge(what="drafts", limit=MAX_DRAFTS)
    db.session.add_all(
        DraftFile(
            key=key,
            path=path,
            rev=draft.rev,
            size=len(data),
            updated_by=actor.username,
            updated_at=now,
            content=data,
        )
        for path, data in files.items()
    )
    db.session.flush()
    return _whole(draft)


@command
def put_file(
    actor: Actor, key: str, path: str, data: bytes, expected: int | None = None
) -> tuple[FileInfo, bool]:
    """Writes a file of a draft; gives it back, and whether it is new.

    `expected` is the revision that the writer has seen, NEW when he believes that there is none.
    The same bytes again change nothing. Raises NotFound (the draft), StaleVersion, InvalidInput
    (the path), TooLarge.
    """
    require(actor, "edit_drafts")
    _check_file(path, data)
    draft = _draft(key, lock=True)
    file = db.session.get(DraftFile, (key, path))
    if file is not None and file.content == data and expected != NEW:
        return _file_info(file), False
    _expect(expected, file.rev if file else NEW, "file", f"{key}/{path}")
    sizes = {one.path: one.size for one in _file_infos(key)}
    sizes[path] = len(data)
    _check_whole(sizes)
    _touch(draft, actor)
    created = file is None
    if file is None:
        file = DraftFile(key=key, path=path)
        db.session.add(file)
    file.content, file.size, file.rev = data, len(data), draft.rev
    file.updated_by, file.updated_at = draft.updated_by, draft.updated_at
    db.session.flush()
    return _file_info(file), created


@command
def delete_file(actor: Actor, key: str, path: str, expected: int | None = None) -> None:
    """Takes a file out of a draft; raises NotFound, StaleVersion."""
    require(actor, "edit_drafts")
    draft = _draft(key, lock=True)
    file = _file(key, path)
    _expect(expected, file.rev, "file", f"{key}/{path}")
    _touch(draft, actor)
    db.session.delete(file)


@command
def delete(actor: Actor, key: str, expected: int | None = None) -> None:
    """Throws a draft away; raises NotFound, StaleVersion."""
    require(actor, "edit_drafts")
    draft = _draft(key, lock=True)
    _expect(expected, draft.rev, "draft", key)
    db.session.execute(sql_delete(DraftFile).where(DraftFile.key == key))
    db.session.delete(draft)


def package(actor: Actor, key: str) -> Package:
    """A draft as a package; raises NotFound, DefinitionInvalid when it cannot be read as one."""
    files = content(actor, key)
    try:
        found = packages.from_files(files)
    except PackageError as error:
        raise DefinitionInvalid(error.findings) from None
    if found.key != key:
        params = {"expected": key, "found": found.key}
        raise DefinitionInvalid([Finding("error", "package.toml", "key-of-draft", params=params)])
    return found


def check(actor: Actor, key: str) -> list[Finding]:
    """What would be said of a draft at its deployment; raises NotFound."""
    try:
        found = package(actor, key)
    except DefinitionInvalid as invalid:
        return invalid.findings
    return commands.check(actor, found)


def changes(actor: Actor, key: str) -> tuple[int, list[Change]]:
    """The newest version of a type, and what its draft changes; raises NotFound, DefinitionInvalid.

    Where there is no version yet it is NotFound too.
    """
    drafted = package(actor, key)
    newest = queries.definition(actor, key).latest
    return newest, diff(queries.loaded(actor, key, newest).package, drafted)


def deploy(actor: Actor, key: str, expected: int | None = None) -> commands.Deployed:
    """Deploys a draft as it is; the draft stays, and counts as begun from the new version.

    Raises NotFound, StaleVersion, DefinitionInvalid, NotAllowed.
    """
    info = get(actor, key)
    _expect(expected, info.rev, "draft", key)
    deployed = commands.deploy(actor, package(actor, key))
    _rebase(key, deployed.version)
    return deployed


@command
def _rebase(key: str, version: int) -> None:
    draft = db.session.get(Draft, key, with_for_update=True)
    if draft is not None:
        draft.base = version


def _draft(key: str, *, lock: bool = False) -> Draft:
    draft = None
    if is_identity(key):
        draft = db.session.get(Draft, key, with_for_update=lock, populate_existing=True)
    if draft is None:
        raise NotFound(kind="draft", id=key)
    return draft


def _file(key: str, path: str) -> DraftFile:
    file = db.session.get(DraftFile, (key, path)) if is_identity(key) and is_safe(path) else None
    if file is None:
        raise NotFound(kind="file", id=f"{key}/{path}"[:300])
    return file


def _touch(draft: Draft, actor: Actor) -> None:
    draft.rev += 1
    draft.updated_by, draft.updated_at = actor.username, clock.now()


def _expect(expected: int | None, found: int, kind: str, id: str) -> None:
    if expected is not None and expected != found:
        raise StaleVersion(kind=kind, id=id, expected=expected, found=found)


def _files_of_version(actor: Actor, key: str, number: int) -> dict[str, bytes]:
    return dict(queries.loaded(actor, key, number).package.files)


def _check_file(path: str, data: bytes) -> None:
    """Refuses what no package may hold; what is merely not right yet may stand in a draft."""
    if not is_safe(path):
        raise InvalidInput.at("/path", "path-unsafe", path=path[:MAX_PATH])
    if len(data) > MAX_BYTES:
        raise TooLarge(what="file", limit=MAX_BYTES)
    for finding in check_file(path, data):
        raise InvalidInput.at("/content", finding.code, **finding.params)


def _check_whole(sizes: Mapping[str, int]) -> None:
    if len(sizes) > MAX_FILES:
        raise TooLarge(what="files", limit=MAX_FILES)
    if sum(sizes.values()) > MAX_TOTAL:
        raise TooLarge(what="draft", limit=MAX_TOTAL)
    for finding in check_names(sizes):
        raise InvalidInput.at("/path", finding.code, path=finding.document, **finding.params)


def _content(key: str) -> dict[str, bytes]:
    rows = db.session.execute(
        select(DraftFile.path, DraftFile.content)
        .where(DraftFile.key == key)
        .order_by(DraftFile.path)
    )
    return {path: data for path, data in rows}


def _file_infos(key: str) -> tuple[FileInfo, ...]:
    rows = db.session.execute(
        select(
            DraftFile.path,
            DraftFile.size,
            DraftFile.rev,
            DraftFile.updated_by,
            DraftFile.updated_at,
        )
        .where(DraftFile.key == key)
        .order_by(DraftFile.path)
    )
    return tuple(FileInfo(*row) for row in rows)


def _file_info(file: DraftFile) -> FileInfo:
    return FileInfo(file.path, file.size, file.rev, file.updated_by, file.updated_at)


def _info(draft: Draft, files: tuple[FileInfo, ...]) -> DraftInfo:
    return DraftInfo(draft.key, draft.base, draft.rev, draft.updated_by, draft.updated_at, files)


def _whole(draft: Draft) -> DraftInfo:
    return _info(draft, _file_infos(draft.key))
