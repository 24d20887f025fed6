"""Files of tickets: stored under the data folder, judged by their content, claimed by a ticket."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Row, delete, insert, select

from engine import clock, settings
from engine.access import policy
from engine.access.policy import Actor
from engine.db import Base, db
from engine.deployments import catalogue
from engine.errors import InvalidInput, NotFound, TooLarge
from engine.jobs import handlers
from engine.tickets import content, locking, rights
from engine.tickets.change import Change
from engine.tickets.locking import ticket
from engine.tickets.models import StoredFile
from engine.uow import after_commit, after_rollback, command

MAX_NAME = 200
UNCLAIMED = timedelta(days=1)
_CHUNK = 256 * 1024
_PURGE_AT_ONCE = 500

file = Base.metadata.tables[StoredFile.__tablename__]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as the interface speaks of it; `size` in bytes, `type` as its content says."""

    id: str
    name: str
    size: int
    type: str


@command
def store(actor: Actor, name: str, stream: BinaryIO) -> Stored:
    """Keeps an upload that belongs to no ticket yet; it is removed after a day without one.

    Raises TooLarge, and InvalidInput for a content that is not taken.
    """
    return _store(actor, name, stream, None, "public")


@command
def attach(
    actor: Actor, number: str, name: str, stream: BinaryIO, visibility: str = "public"
) -> Stored:
    """Keeps an upload as an attachment of a ticket."""
    connection = db.session.connection()
    row = locking.by_number(connection, number)
    version = catalogue.version(row.version_id)
    on = rights.require_visible(connection, actor, row, version)
    policy.require(actor, "attach" if visibility == "public" else "comment_internally", on)
    stored = _store(actor, name, stream, row.id, visibility)
    change = Change(actor, row, version, clock.now())
    change.fact("attachment_added", file=stored.id, name=stored.name, visibility=visibility)
    change.save(connection)
    return stored


def open_file(actor: Actor, file_id: str) -> tuple[Row[Any], Path]:
    """A file somebody may read: his own upload, or one of a ticket that he may see."""
    connection = db.session.connection()
    row = connection.execute(select(file).where(file.c.id == file_id)).first()
    if row is None:
        raise NotFound(kind="file", id=file_id)
    if row.ticket_id is None:
        if row.uploaded_by != actor.username:
            raise NotFound(kind="file", id=file_id)
    else:
        its = connection.execute(select(ticket).where(ticket.c.id == row.ticket_id)).one()
        version = catalogue.version(its.version_id)
        on = rights.on_ticket(connection, actor, its, version)
        needed = "see_ticket" if row.visibility == "public" else "see_internal"
        if not policy.may(actor, needed, on):
            raise NotFound(kind="file", id=file_id)
    return row, path_of(file_id)


def path_of(file_id: str) -> Path:
    """Where a file's bytes are."""
    return settings.current().data_dir / "files" / file_id[:2] / file_id


@handlers.register("purge-files", every=timedelta(hours=1))
def purge(job_id: int, payload: dict[str, Any]) -> None:
    """Removes uploads that no ticket claimed within a day."""
    connection = db.session.connection()
    old = (file.c.ticket_id.is_(None)) & (file.c.created_at < clock.now() - UNCLAIMED)
    gone = connection.scalars(select(file.c.id).where(old).limit(_PURGE_AT_ONCE)).all()
    if gone:
        connection.execute(delete(file).where(file.c.id.in_(gone)))
        after_commit(lambda: _unlink(*(path_of(one) for one in gone)))


def _store(
    actor: Actor, name: str, stream: BinaryIO, ticket_id: int | None, visibility: str
) -> Stored:
    file_id = uuid.uuid4().hex
    path = path_of(file_id)
    after_rollback(lambda: _unlink(path))
    digest, size, head = _write(path, stream)
    kind = content.kind_of(head, path)
    if kind is None:
        _unlink(path)
        raise InvalidInput.at("/file", "file-kind-refused", name=_clean(name))
    stored = Stored(file_id, _clean(name), size, kind)
    db.session.connection().execute(
        insert(file),
        {
            "id": file_id,
            "ticket_id": ticket_id,
            "visibility": visibility,
            "name": stored.name,
            "type": kind,
            "size": size,
            "sha256": digest,
            "uploaded_by": actor.username,
            "created_at": clock.now(),
        },
    )
    return stored


def _write(path: Path, stream: BinaryIO) -> tuple[str, int, bytes]:
    """Copies a stream to a file, at most the largest size; digest, size and first bytes."""
    most = settings.current().max_file_size
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size, head = hashlib.sha256(), 0, b""
    with path.open("wb") as target:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                target.close()
                _unlink(path)
                raise TooLarge(max=most)
            digest.update(chunk)
            head = head or chunk[: content.HEAD]
            target.write(chunk)
    if size == 0:
        _unlink(path)
        raise InvalidInput.at("/file", "file-empty")
    return digest.hexdigest(), size, head


def _clean(name: str) -> str:
    """A file name without folders and control characters, cut to a sensible length."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(char for char in last if char.isprintable()).strip()
    if len(shown) <= MAX_NAME:
        return shown or "file"
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 12:
        return shown[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"


def _unlink(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
