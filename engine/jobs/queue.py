"""Putting work in: jobs that are written in the transaction that asks for them."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, Integer, String, TextClause, bindparam, text

from engine import changes, clock, uow
from engine.db import Json, UTCDateTime, db
from engine.jobs import handlers
from engine.jobs.models import BULK, NORMAL
from engine.rows import Sender
from engine.uow import command

IMMEDIATELY = datetime(1970, 1, 1, tzinfo=UTC)  # no clock, however wrong, holds such a job back

_COLUMNS = "kind, state, lane, due, order_key, wait_id, payload, attempts, created_at"


@dataclass(frozen=True, slots=True)
class Entry:
    """A job to put in: due None means at once; the same order key means one after the other."""

    kind: str
    payload: Mapping[str, Any]
    due: datetime | None = None
    lane: int = NORMAL
    order_key: str | None = None
    wait_id: str | None = None


def enqueue(
    connection: Connection,
    kind: str,
    payload: Mapping[str, Any],
    *,
    due: datetime | None = None,
    lane: int = NORMAL,
    order_key: str | None = None,
    wait_id: str | None = None,
) -> None:
    """Puts one job in, in the transaction of the current command."""
    enqueue_many(connection, [Entry(kind, payload, due, lane, order_key, wait_id)])


def enqueue_many(sender: Sender, entries: Sequence[Entry]) -> None:
    """Puts jobs in with one statement; runners are woken after the commit when one is due now."""
    if not entries:
        return
    now = clock.now()
    values: dict[str, Any] = {"now": now}
    for n, entry in enumerate(entries):
        values[f"kind_{n}"] = entry.kind
        values[f"lane_{n}"] = entry.lane
        values[f"due_{n}"] = entry.due or IMMEDIATELY
        values[f"key_{n}"] = entry.order_key
        values[f"wait_{n}"] = entry.wait_id
        values[f"payload_{n}"] = entry.payload
    sender.execute(_insertion(len(entries)), values)
    due = {entry.kind for entry in entries if entry.due is None or entry.due <= now}
    if due:
        uow.after_commit(partial(changes.wake_jobs, due))


@lru_cache(maxsize=64)
def _insertion(count: int) -> TextClause:
    # A text that is built once for each count: several rows in one statement without compiling it
    # on every request.
    rows = ", ".join(
        f"(:kind_{n}, 'ready', :lane_{n}, :due_{n}, :key_{n}, :wait_{n}, :payload_{n}, 0, :now)"
        for n in range(count)
    )
    types: dict[str, Any] = {"now": UTCDateTime}
    for n in range(count):
        types |= {f"kind_{n}": String, f"lane_{n}": Integer, f"due_{n}": UTCDateTime}
        types |= {f"key_{n}": String, f"wait_{n}": String, f"payload_{n}": Json}
    return text(f"INSERT INTO job ({_COLUMNS}) VALUES {rows}").bindparams(  # noqa: S608
        *(bindparam(name, type_=kind) for name, kind in types.items())
    )


@command
def ensure_schedules() -> None:
    """Puts in the one row of every schedule that has none yet."""
    connection = db.session.connection()
    for kind in handlers.kinds().values():
        if kind.every is None:
            continue
        # The row's id comes from the name, so that processes starting together agree on it.
        connection.execute(
            text(
                f"INSERT INTO job (id, {_COLUMNS}) VALUES"  # noqa: S608
                " (:id, :kind, 'ready', :lane, :due, NULL, NULL, :payload, 0, :now)"
                " ON CONFLICT (id) DO NOTHING"
            ).bindparams(
                bindparam("due", type_=UTCDateTime),
                bindparam("now", type_=UTCDateTime),
                bindparam("payload", type_=Json),
            ),
            {
                "id": -1 - zlib.crc32(kind.name.encode()),
                "kind": kind.name,
                "lane": BULK,
                "due": IMMEDIATELY,
                "payload": {},
                "now": clock.now(),
            },
        )
