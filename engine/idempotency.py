"""The first answer to a repeated request, kept in the transaction of the request itself."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, delete, select, update
from sqlalchemy.dialects.postgresql import insert as _insert_postgresql
from sqlalchemy.dialects.sqlite import insert as _insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from engine import clock
from engine.db import Base, db
from engine.errors import KeyReused
from engine.uow import command


class FirstAnswer(Base):
    """What was answered to an Idempotency-Key of one caller."""

    __tablename__ = "first_answer"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int]
    etag: Mapped[str | None] = mapped_column(String(80))
    location: Mapped[str | None] = mapped_column(String(300))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)


_table = Base.metadata.tables[FirstAnswer.__tablename__]


def begin(username: str, key: str, request_hash: bytes) -> FirstAnswer | None:
    """Takes a key for the running command; the first answer when it was taken before.

    A parallel call with the same key waits here until the first one has ended. Raises KeyReused
    when the key was taken by another request.
    """
    row = {
        "username": username,
        "key": key,
        "request_hash": request_hash,
        "status": 0,
        "body": b"",
        "created_at": clock.now(),
    }
    insert = _insert_postgresql if db.engine.dialect.name == "postgresql" else _insert_sqlite
    statement = insert(_table).values(row).on_conflict_do_nothing().returning(_table.c.username)
    if db.session.connection().scalar(statement) is not None:
        return None
    first = db.session.execute(
        select(FirstAnswer).where(FirstAnswer.username == username, FirstAnswer.key == key)
    ).scalar_one()
    if first.request_hash != request_hash:
        raise KeyReused
    return first


def keep(
    username: str, key: str, *, status: int, body: bytes, etag: str | None, location: str | None
) -> None:
    """Keeps what was answered, in the command that `begin` took the key for."""
    db.session.execute(
        update(FirstAnswer)
        .where(FirstAnswer.username == username, FirstAnswer.key == key)
        .values(status=status, body=body, etag=etag, location=location)
        .execution_options(synchronize_session=False)
    )


@command
def forget(before: datetime) -> int:
    """Removes answers older than an instant; gives back how many."""
    gone = db.session.execute(delete(FirstAnswer).where(FirstAnswer.created_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]
