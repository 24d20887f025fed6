"""Learning once a day how long clocks run, so that a likely breach is seen before its time.

How good the forecast is, is measured too: curves of the clocks before a day foretell what became
of those that began after it, each looked at when half of its target was used up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from engine import clock
from engine.db import Base, db
from engine.deployments import catalogue
from engine.jobs import handlers, queue
from engine.jobs.models import BULK
from engine.sla import board as boards
from engine.sla import forecasts, prediction, rulebook
from engine.sla.clock_models import SlaCycle
from engine.sla.forecasts import ALL, Likeness, Made
from engine.sla.prediction import MIN_SAMPLES, Survival
from engine.tickets.locking import ticket

JOB = "sla-risk"
HISTORY = timedelta(days=365)
JUDGED = timedelta(days=30)  # the clocks that began since then are what the curves are judged by
MOST = 50_000  # cycles, and open tickets, the newest first
_PART = 200
_POINTS = 200  # steps that are kept of a curve

_cycle = Base.metadata.tables[SlaCycle.__tablename__]
_ended = (
    select(
        _cycle.c.clock,
        _cycle.c.metric,
        _cycle.c.state,
        _cycle.c.elapsed,
        (_cycle.c.target + _cycle.c.extended).label("target"),
        _cycle.c.started_at,
        _cycle.c.stopped_at,
        ticket.c.type,
        ticket.c.priority,
        ticket.c.group_key,
    )
    .join(ticket, ticket.c.id == _cycle.c.ticket_id)
    .where(_cycle.c.stopped_at >= bindparam("since"))
    .order_by(_cycle.c.stopped_at.desc())
    .limit(MOST)
)
_open = (
    select(ticket.c.id, ticket.c.type, ticket.c.priority, ticket.c.group_key, ticket.c.clocks)
    .where(ticket.c.sla_due.is_not(None))
    .order_by(ticket.c.id.desc())
    .limit(MOST)
)
_some = select(ticket).where(ticket.c.id.in_(bindparam("ids", expanding=True)))
_rate = (
    update(ticket)
    .where(ticket.c.id == bindparam("of"), ticket.c.rev == bindparam("at_rev"))
    .values(sla_at_risk=bindparam("risk"))
)


@dataclass(frozen=True, slots=True)
class _Run:
    """How long a clock ran, and whether it ended by what it measures."""

    like: Likeness
    clock: str
    metric: str
    elapsed: int
    ended: bool
    target: int
    started_at: datetime
    stopped_at: datetime | None

    @property
    def levels(self) -> tuple[tuple[str, str], ...]:
        return self.like.levels(self.clock, self.metric)


@handlers.register("sla-forecast", every=timedelta(days=1))
def learn(job_id: int, payload: dict[str, Any]) -> None:
    """Makes the forecasts anew, and lets open tickets be rated by them."""
    connection = db.session.connection()
    now = clock.now()
    since = now - HISTORY
    runs = [_run(row) for row in connection.execute(_ended, {"since": since})]
    still = connection.execute(_open).all()
    runs += [one for row in still for one in _running(row, now)]
    forecasts.keep(connection, made(runs, now), now)
    ids = [row.id for row in still]
    queue.enqueue_many(
        connection,
        [
            queue.Entry(JOB, {"tickets": ids[start : start + _PART]}, lane=BULK)
            for start in range(0, len(ids), _PART)
        ],
    )
    forecasts.forget()


@handlers.register(JOB)
def rate(job_id: int, payload: dict[str, Any]) -> None:
    """Writes from when on open tickets are at risk; one that changes meanwhile does it itself."""
    connection = db.session.connection()
    found = []
    for row in connection.execute(_some, {"ids": payload["tickets"]}):
        book = catalogue.version(row.version_id).derived(rulebook.of)
        foretold = forecasts.of(row.type, row.priority, row.group_key)
        board = boards.unpacked(row.clocks)
        standing = boards.standing(board, book.at_risk, rulebook.calendar, foretold.likely_from)
        if standing.at_risk != row.sla_at_risk:
            found.append({"of": row.id, "at_rev": row.rev, "risk": standing.at_risk})
    if found:
        connection.execute(_rate, found)


def made(runs: Iterable[_Run], now: datetime) -> dict[str, Made]:
    """Curves and their calibration for every type that has some."""
    known = list(runs)
    found: dict[str, Made] = {}
    for (type_key, name), curve in _curves(known).items():
        found.setdefault(type_key, Made()).curves[name] = curve
    day = now - JUDGED
    before = _curves([_seen_by(one, day) for one in known if one.started_at < day])
    judged: dict[str, list[tuple[float, bool]]] = {}
    for one in known:
        half = one.target // 2
        known_by_now = one.ended or one.elapsed > one.target
        if one.started_at < day or one.elapsed < half or not known_by_now:
            continue
        foretold = prediction.predict(one.levels, before, half, one.target)
        if foretold is not None:
            pair = (foretold.probability, one.elapsed > one.target)
            for type_key in (one.like.type, ALL):
                judged.setdefault(type_key, []).append(pair)
    for type_key, pairs in judged.items():
        found.setdefault(type_key, Made()).calibration = prediction.calibration(pairs)
    return found


def _curves(runs: Iterable[_Run]) -> dict[tuple[str, str], Survival]:
    """The curves of groups that are large enough to say something."""
    samples = ((one.levels, (one.elapsed, one.ended)) for one in runs)
    return {
        level: prediction.thinned(curve, _POINTS)
        for level, curve in prediction.curves(samples).items()
        if curve.samples >= MIN_SAMPLES
        if isinstance(level, tuple)
    }


def _seen_by(one: _Run, day: datetime) -> _Run:
    """A run as it looked on a day; one that went on is taken as long as it was seen, no longer."""
    if one.stopped_at is not None and one.stopped_at < day:
        return one
    seen = min(one.elapsed, int((day - one.started_at).total_seconds()))
    return _Run(
        one.like, one.clock, one.metric, seen, False, one.target, one.started_at, one.stopped_at
    )


def _run(row: Any) -> _Run:
    ended = row.state in ("met", "missed")
    like = Likeness(row.type, row.priority, row.group_key)
    return _Run(
        like, row.clock, row.metric, row.elapsed, ended, row.target, row.started_at, row.stopped_at
    )


def _running(row: Any, now: datetime) -> Iterator[_Run]:
    like = Likeness(row.type, row.priority, row.group_key)
    for one in boards.unpacked(row.clocks).clocks.values():
        if one.is_open:
            elapsed = one.elapsed_at(now, rulebook.calendar(one.calendar))
            yield _Run(like, one.key, one.metric, elapsed, False, one.limit, one.started_at, None)
