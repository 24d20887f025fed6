"""Claiming due work under a lease; ending it, putting it back, giving it up under that lease."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Interval,
    Table,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from engine import clock
from engine.db import UTCDateTime, db, reading
from engine.jobs import handlers, times
from engine.jobs.models import BULK, NORMAL, URGENT, Job
from engine.uow import command

LANES = (URGENT, NORMAL, BULK)
LEASE = timedelta(seconds=60)
_LONGEST_REASON = 2000  # characters, the size of the column

assert isinstance(Job.__table__, Table)  # noqa: S101  told to the type checker
_job: Table = Job.__table__


class LeaseLost(Exception):
    """The job belongs to another runner by now, or is gone; what was done for it is undone."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job and the lease under which it may be done: owner and attempt fence its effects."""

    id: int
    kind: str
    payload: dict[str, Any]
    lane: int
    due: datetime
    wait_id: str | None
    attempts: int
    owner: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the table holds for a runner: the lanes with due work, and how far the next due is."""

    lanes: tuple[int, ...]
    expired: bool
    next_in: timedelta | None


def outlook(kinds: Collection[str] | None = None) -> Outlook:
    """One cheap look at what is due, for these kinds or for all."""
    with reading() as connection:
        dues = [
            select(func.min(_job.c.due))
            .where(_job.c.state == "ready", _job.c.lane == lane, *_of(kinds))
            .scalar_subquery()
            for lane in LANES
        ]
        machine = times.machine_now(connection)
        row = connection.execute(
            select(
                times.due_now(connection).label("now"),
                exists().where(_expired(machine)).label("expired"),
                *dues,
            )
        ).one()
    now, expired = row[0], bool(row[1])
    found = dict(zip(LANES, row[2:], strict=True))
    return Outlook(
        lanes=tuple(lane for lane, due in found.items() if due is not None and due <= now),
        expired=expired,
        next_in=min(
            (due - now for due in found.values() if due is not None and due > now), default=None
        ),
    )


@command
def claim(
    owner: str,
    limit: int,
    *,
    kinds: Collection[str] | None = None,
    lanes: Sequence[int] = LANES,
) -> list[Claimed]:
    """Takes up to `limit` jobs that are due, urgent lanes first, and leases them to the owner.

    A job with an order key is left alone while an older one of the key is due or being retried,
    and while any other of the key is leased. Leases that are over are freed on the way.
    """
    connection = db.session.connection()
    on_postgresql = connection.dialect.name == "postgresql"
    wanted = None if kinds is None else tuple(sorted(kinds))
    here = datetime.now(UTC)
    values: dict[str, Any] = {
        "machine": here,
        "machine_lease": here + LEASE,
        "machine_two_leases": here + 2 * LEASE,
        "due_now": clock.now(),
        "offset": clock.offset(),
    }
    connection.execute(_freeing(on_postgresql), values)
    claimed: list[Claimed] = []
    for lane in lanes:
        if len(claimed) < limit:
            values |= {"in_lane": lane, "most": limit - len(claimed), "for_owner": owner}
            rows = connection.execute(_claiming(on_postgresql, wanted), values)
            found = [Claimed(**row, owner=owner) for row in rows.mappings()]
            claimed += sorted(found, key=lambda job: (job.due, job.id))
    return claimed


# Built once: what a claim costs beyond its running would be paid again and again while much is due.
@lru_cache
def _freeing(on_postgresql: bool) -> Update:
    if on_postgresql:
        over = _expired(times.database_now())
    else:
        over = _out_of(times.given("machine"), times.given("machine_two_leases"))
    return update(_job).where(over).values(state="ready", owner=None, lease_until=None)


@lru_cache(maxsize=64)
def _claiming(on_postgresql: bool, kinds: tuple[str, ...] | None) -> ReturningUpdate[Any]:
    due_now, until = times.given("due_now"), times.given("machine_lease")
    if on_postgresql:
        machine = times.database_now()
        until = times.later(machine, LEASE)
        due_now = type_coerce(machine + bindparam("offset", type_=Interval), UTCDateTime)
    other = _job.alias("other")
    before = exists().where(
        other.c.order_key == _job.c.order_key,
        or_(
            other.c.state == "leased",
            and_(
                other.c.id < _job.c.id,
                other.c.state == "ready",
                or_(other.c.due <= due_now, other.c.attempts > 0),
            ),
        ),
    )
    free = (
        select(_job.c.id)
        .where(
            _job.c.state == "ready",
            _job.c.lane == bindparam("in_lane"),
            _job.c.due <= due_now,
            or_(_job.c.order_key.is_(None), ~before),
            *_of(kinds),
        )
        .order_by(_job.c.due, _job.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)  # SQLite has one writer and leaves this out
    )
    return (
        update(_job)
        .where(_job.c.id.in_(free.cte("free").select()))
        .values(
            state="leased",
            owner=bindparam("for_owner"),
            lease_until=until,
            attempts=_job.c.attempts + 1,
        )
        .returning(
            _job.c.id, _job.c.kind, _job.c.payload, _job.c.lane, _job.c.due, _job.c.wait_id,
            _job.c.attempts,
        )
    )  # fmt: skip


def _of(kinds: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if kinds is None else [_job.c.kind.in_(sorted(kinds))]


@command
def renew(jobs: Sequence[Claimed]) -> set[int]:
    """Begins the leases anew, and says which jobs are still held."""
    connection = db.session.connection()
    kept: set[int] = set()
    for job in jobs:
        held = connection.execute(
            update(_job)
            .where(_held(job))
            .values(lease_until=times.later(times.machine_now(connection), LEASE))
            .returning(_job.c.id)
        ).scalar()
        if held is not None:
            kept.add(held)
    return kept


# -- ending (inside the command that does the work, or one of its own) -----------------------

_end = delete(_job).where(
    _job.c.id == bindparam("of"),
    _job.c.owner == bindparam("by"),
    _job.c.attempts == bindparam("at"),
)
_still_there = select(_job.c.id).where(_job.c.id == bindparam("of"))
_end_all = (
    delete(_job)
    .where(
        tuple_(_job.c.id, _job.c.owner, _job.c.attempts).in_(bindparam("leased", expanding=True))
    )
    .returning(_job.c.id)
)
_still_some = select(_job.c.id).where(_job.c.id.in_(bindparam("ids", expanding=True)))


def end(job: Claimed, every: timedelta | None = None) -> None:
    """Ends a job in the current command; raises LeaseLost when the lease is not ours any more.

    A schedule is due again after `every`. A job tied to a wait may have gone with its wait, in
    this very command; then the wait, read under the lock of its process, was the fence.
    """
    connection = db.session.connection()
    if every is not None:
        ended = connection.execute(
            update(_job)
            .where(_held(job))
            .values(
                state="ready",
                owner=None,
                lease_until=None,
                attempts=0,
                last_error=None,
                due=times.later(times.due_now(connection), every),
            )
        )
    else:
        ended = connection.execute(_end, {"of": job.id, "by": job.owner, "at": job.attempts})
    if ended.rowcount == 1:
        return
    if job.wait_id is not None and connection.scalar(_still_there, {"of": job.id}) is None:
        return
    raise LeaseLost(f"job {job.id}, attempt {job.attempts}")


def end_all(jobs: Sequence[Claimed]) -> None:
    """Ends jobs that no schedule brings again, as `end` does, in two statements at most."""
    connection = db.session.connection()
    leased = [(job.id, job.owner, job.attempts) for job in jobs]
    ended = set(connection.scalars(_end_all, {"leased": leased}))
    gone = {job.id for job in jobs if job.wait_id is not None and job.id not in ended}
    if gone:
        gone -= set(connection.scalars(_still_some, {"ids": sorted(gone)}))
    lost = [job for job in jobs if job.id not in ended and job.id not in gone]
    if lost:
        raise LeaseLost(", ".join(f"job {job.id}, attempt {job.attempts}" for job in lost))


def wait_for_locks_no_longer_than(seconds: float) -> None:
    """Lets the current command fail rather than wait for others, who may wait for it."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(seconds * 1000)}")


@command
def put_back(job: Claimed, reason: str, limit: int, every: timedelta | None) -> bool:
    """Plans another try after a failure, later each time; True when this was the last one.

    After the last one the job is `dead`, and those who asked to hear of it are told in the same
    transaction. A schedule is never dead: it is tried again when it is due next.
    """
    connection = db.session.connection()
    last = job.attempts >= limit and every is None
    delay = times.backoff(job.attempts)
    if every is not None:
        delay = min(delay, every)
    values: dict[str, Any] = {"owner": None, "lease_until": None, "last_error": _cut(reason)}
    if last:
        values["state"] = "dead"
    else:
        values |= {"state": "ready", "due": times.later(times.due_now(connection), delay)}
    changed = connection.execute(update(_job).where(_held(job)).values(values))
    if changed.rowcount == 0:
        return False
    if last:
        handlers.tell_retries_ended(job.id, job.kind, job.payload, _cut(reason))
    return last


@command
def give_back(jobs: Sequence[Claimed]) -> None:
    """Frees claimed jobs that were not begun, as at the end of a runner."""
    connection = db.session.connection()
    for job in jobs:
        connection.execute(
            update(_job)
            .where(_held(job))
            .values(state="ready", owner=None, lease_until=None, attempts=_job.c.attempts - 1)
        )


@command
def free_all() -> None:
    """Ends every lease: for a database that only this process uses, after it was killed."""
    db.session.connection().execute(
        update(_job)
        .where(_job.c.state == "leased")
        .values(state="ready", owner=None, lease_until=None)
    )


def _held(job: Claimed) -> ColumnElement[bool]:
    return and_(
        _job.c.id == job.id,
        _job.c.state == "leased",
        _job.c.owner == job.owner,
        _job.c.attempts == job.attempts,
    )


def _cut(reason: str) -> str:
    # PostgreSQL has no character NUL in a text.
    return reason.replace("\0", "")[:_LONGEST_REASON]


def _expired(machine: ColumnElement[datetime]) -> ColumnElement[bool]:
    return _out_of(machine, times.later(machine, 2 * LEASE))


def _out_of(
    machine: ColumnElement[datetime], too_far: ColumnElement[datetime]
) -> ColumnElement[bool]:
    # A lease that ends further ahead than any lease can was given before the clock was set back.
    return and_(
        _job.c.state == "leased",
        or_(_job.c.lease_until <= machine, _job.c.lease_until > too_far),
    )
