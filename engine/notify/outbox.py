"""What waits to go out: taken at a channel's pace, tried again later, given up after a day.

Each channel has at most one job that is on its way or planned. Whoever adds a delivery and the job
that ends both hold the channel's row of pace, so that nothing waits without a job to come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, or_, select, update

from engine import clock
from engine.db import Base, db
from engine.jobs import queue, times
from engine.jobs.models import NORMAL, URGENT
from engine.notify import secrets
from engine.notify.channels import KINDS
from engine.notify.models import Channel, ChannelPace, Delivery
from engine.uow import command

JOB = "send-notices"
KEPT_TRYING = timedelta(days=1)
_LOOKED_AT = 200  # waiting deliveries of one target that may share a message

_channel = Base.metadata.tables[Channel.__tablename__]
_pace = Base.metadata.tables[ChannelPace.__tablename__]
_delivery = Base.metadata.tables[Delivery.__tablename__]
_earlier = _delivery.alias("earlier")

_locked = (
    select(_pace.c.sent, _pace.c.next_at, _pace.c.resting_until, _pace.c.turn)
    .where(_pace.c.channel == bindparam("key"))
    .with_for_update()
)
_planned = (
    update(_pace)
    .where(_pace.c.channel == bindparam("key"))
    .values(next_at=bindparam("at"), turn=bindparam("new"))
)
# Behind one that is tried again, the others of its target wait: order is kept for each target.
_held_up = exists().where(
    _earlier.c.channel == _delivery.c.channel,
    _earlier.c.target == _delivery.c.target,
    _earlier.c.state == "waiting",
    _earlier.c.id < _delivery.c.id,
    _earlier.c.attempts > 0,
    _earlier.c.due > bindparam("now"),
)
_free = (_delivery.c.channel == bindparam("key"), _delivery.c.state == "waiting", ~_held_up)
_first = (
    select(_delivery)
    .where(*_free, _delivery.c.due <= bindparam("now"))
    .order_by(_delivery.c.id)
    .limit(1)
)
_like_it = (
    select(_delivery)
    .where(
        _delivery.c.channel == bindparam("key"),
        _delivery.c.target == bindparam("target"),
        _delivery.c.state == "waiting",
        _delivery.c.due <= bindparam("now"),
        _delivery.c.id >= bindparam("first"),
    )
    .order_by(_delivery.c.id)
    .limit(_LOOKED_AT)
)
_earliest = select(func.min(_delivery.c.due)).where(*_free)
_taken = (
    update(_delivery)
    .where(_delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(attempts=_delivery.c.attempts + 1)
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Deliveries that go out as one message, and the settings of their channel."""

    channel: str
    kind: str
    values: Mapping[str, Any]
    target: str
    rows: Sequence[Any]
    at: datetime

    @property
    def id(self) -> str:
        """A name for the message, the same at every try with the same deliveries."""
        first, last = self.rows[0].id, self.rows[-1].id
        return f"notice.{first}" if first == last else f"notice.{first}-{last}"


def plan(connection: Connection, channel: str, at: datetime, *, urgent: bool = False) -> None:
    """Has a channel looked at by this time at the latest."""
    row = connection.execute(_locked, {"key": channel}).first()
    if row is None:
        return
    if row.resting_until is not None:
        at = max(at, row.resting_until)
    if row.next_at is None or row.next_at > at:
        _put_job(connection, channel, at, row.turn + 1, urgent)


def wake(connection: Connection, channel: str) -> None:
    """Has a channel tried at once, even one that rests because it was away."""
    connection.execute(update(_pace).where(_pace.c.channel == channel).values(resting_until=None))
    plan(connection, channel, clock.now())


def _put_job(connection: Connection, channel: str, at: datetime, turn: int, urgent: bool) -> None:
    connection.execute(_planned, {"key": channel, "at": at, "new": turn})
    queue.enqueue(
        connection,
        JOB,
        {"channel": channel, "turn": turn},
        due=at if at > clock.now() else None,
        lane=URGENT if urgent else NORMAL,
        order_key=f"channel:{channel}",
    )


@command
def take(channel: str, turn: int) -> Parcel | None:
    """The next message of a channel, counted against its pace before it is sent.

    None when nothing may go now, or when a newer job looks after the channel.
    """
    connection = db.session.connection()
    pace = connection.execute(_locked, {"key": channel}).first()
    if pace is None or pace.turn != turn:
        return None
    now = clock.now()
    row = connection.execute(select(_channel).where(_channel.c.key == channel)).one()
    kind = KINDS[row.kind]
    resting = pace.resting_until is not None and pace.resting_until > now
    if not row.active or resting or _free_at(kind.pace, pace.sent, now) > now:
        return None
    first = connection.execute(_first, {"key": channel, "now": now}).first()
    if first is None:
        return None
    rows: list[Any] = [first]
    if kind.together > 1 and (first.digest or not kind.personal):
        found = connection.execute(
            _like_it, {"key": channel, "now": now, "target": first.target, "first": first.id}
        )
        rows = [each for each in found if each.digest or not kind.personal]
        rows = rows[: kind.fitting([each.content for each in rows])]
    connection.execute(_taken, {"ids": [each.id for each in rows]})
    longest = max((seconds for _, seconds in kind.pace), default=0)
    kept = [one for one in pace.sent if float(one) > now.timestamp() - longest]
    sent = [*kept, f"{now.timestamp():.3f}"] if kind.pace else []
    connection.execute(
        update(_pace).where(_pace.c.channel == channel).values(sent=sent, resting_until=None)
    )
    values = {**row.settings, **secrets.unseal(row.secrets, channel)}
    return Parcel(channel, row.kind, values, first.target, rows, now)


def _free_at(limits: Sequence[tuple[int, int]], sent: Sequence[str], now: datetime) -> datetime:
    """When the next message may go, by the limits (messages, seconds)."""
    free = now
    for count, seconds in limits:
        if len(sent) >= count:
            oldest = datetime.fromtimestamp(float(sent[-count]), UTC)
            free = max(free, oldest + timedelta(seconds=seconds))
    return free


@command
def settle(parcel: Parcel, error: str | None = None, *, final: bool, whole: bool = False) -> None:
    """Notes what became of a message: sent, to be tried again, or given up.

    `whole`: the channel itself is away, so that the others would fail too.
    """
    connection = db.session.connection()
    now = clock.now()
    attempts = max(row.attempts for row in parcel.rows) + 1
    later = now + times.backoff(attempts)
    for row in parcel.rows:
        values: dict[str, Any] = {"last_error": error[:500] if error else None}
        if error is None:
            values |= {"state": "sent", "sent_at": now}
        elif final or now - row.created_at > KEPT_TRYING:
            values["state"] = "dead"
        else:
            values["due"] = later
        connection.execute(
            update(_delivery)
            .where(
                _delivery.c.id == row.id,
                _delivery.c.state == "waiting",
                _delivery.c.attempts == row.attempts + 1,
            )
            .values(values)
        )
    if whole:
        connection.execute(
            update(_pace).where(_pace.c.channel == parcel.channel).values(resting_until=later)
        )


def rest(connection: Connection, channel: str, turn: int) -> None:
    """Plans the next look at a channel when a job has done its part; none when nothing waits."""
    pace = connection.execute(_locked, {"key": channel}).first()
    if pace is None or pace.turn != turn:
        return
    now = clock.now()
    row = connection.execute(
        select(_channel.c.kind, _channel.c.active).where(_channel.c.key == channel)
    ).one()
    due = connection.scalar(_earliest, {"key": channel, "now": now}) if row.active else None
    if due is None:
        connection.execute(_planned, {"key": channel, "at": None, "new": turn})
        return
    at = max(due, _free_at(KINDS[row.kind].pace, pace.sent, now), pace.resting_until or due)
    _put_job(connection, channel, at, turn + 1, False)


def plan_forgotten(connection: Connection) -> None:
    """Plans again what should have been looked at minutes ago: its job was given up."""
    late = clock.now() - timedelta(minutes=5)
    waiting = exists().where(
        _delivery.c.channel == _pace.c.channel,
        _delivery.c.state == "waiting",
        _delivery.c.due < late,
    )
    forgotten = connection.scalars(
        select(_pace.c.channel)
        .join(_channel, _channel.c.key == _pace.c.channel)
        .where(_channel.c.active, or_(_pace.c.next_at.is_(None), _pace.c.next_at < late), waiting)
    ).all()
    for channel in forgotten:
        row = connection.execute(_locked, {"key": channel}).one()
        _put_job(connection, channel, clock.now(), row.turn + 1, False)
