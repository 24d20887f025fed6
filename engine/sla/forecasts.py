"""How long clocks like one another ran, as last worked out: kept by type, read once a while."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import String, bindparam, delete, insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, Json, db, reading
from engine.sla import prediction
from engine.sla.clocks import Clock
from engine.sla.prediction import MIN_SAMPLES, Calibration, Prediction, Survival

LIKELY = 0.5  # the chance of a breach from which on a clock is at risk
ALL = "*"  # in the place of a type: clocks of all types, by metric
FRESH_SECONDS = 60.0  # how long a process may go on with the curves before


class SlaForecast(Base):
    """The curves of a type's clocks, and how well such curves foretold what came since."""

    __tablename__ = "sla_forecast"

    type: Mapped[str] = mapped_column(String(64), primary_key=True)
    made_at: Mapped[datetime]
    curves: Mapped[dict[str, Any]] = mapped_column(Json)
    calibration: Mapped[dict[str, Any]] = mapped_column(Json)


_forecast = Base.metadata.tables[SlaForecast.__tablename__]
_of_types = select(_forecast.c.type, _forecast.c.curves).where(
    _forecast.c.type.in_(bindparam("types", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What makes clocks alike besides their own key: the type, the priority and the group."""

    type: str
    priority: str | None
    group: str | None

    def levels(self, key: str, metric: str) -> tuple[tuple[str, str], ...]:
        """Names of groups of clocks, from the most like to the least: (type, name within it)."""
        narrow = f"{key}|{self.priority or ''}|{self.group or ''}"
        return ((self.type, narrow), (self.type, key), (ALL, metric))


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is foretold of the clocks of one ticket."""

    likeness: Likeness
    curves: Mapping[tuple[str, str], Survival]

    def chance(self, clock: Clock, elapsed: int) -> Prediction | None:
        """The chance that a clock is breached, having run for so many open seconds."""
        levels = self.likeness.levels(clock.key, clock.metric)
        return prediction.predict(levels, self.curves, elapsed, clock.limit)

    def likely_from(self, clock: Clock) -> int | None:
        """The open seconds from which on a breach is likely; None when it never is in time."""
        for level in self.likeness.levels(clock.key, clock.metric):
            curve = self.curves.get(level)
            if curve is not None and curve.samples >= MIN_SAMPLES:
                return prediction.likely_from(curve, clock.limit, LIKELY)
        return None


class _Cache:
    """The curves of types that were asked for in the last minute."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = 0.0
        self.types: set[str] = set()
        self.curves: dict[tuple[str, str], Survival] = {}


# One cache for each database.
_caches: WeakKeyDictionary[Engine, _Cache] = WeakKeyDictionary()


def of(type_key: str, priority: str | None, group: str | None) -> Forecast:
    """What is foretold of a ticket's clocks; from memory, at most a minute old."""
    cache = _caches.setdefault(db.engine, _Cache())
    with cache.lock:
        if time.monotonic() > cache.until:
            cache.types, cache.curves = set(), {}
            cache.until = time.monotonic() + FRESH_SECONDS
        if type_key not in cache.types:
            with reading() as connection:
                cache.curves |= _read(connection, {type_key, ALL} - cache.types)
            cache.types |= {type_key, ALL}
        return Forecast(Likeness(type_key, priority, group), cache.curves)


def forget() -> None:
    """Lets this process read the curves anew."""
    _caches.clear()


def _read(connection: Connection, types: set[str]) -> dict[tuple[str, str], Survival]:
    rows = connection.execute(_of_types, {"types": sorted(types)}).all()
    return {
        (row.type, name): Survival(tuple(one["times"]), tuple(one["shares"]), one["samples"])
        for row in rows
        for name, one in row.curves.items()
    }


@dataclass(slots=True)
class Made:
    """The forecast of one type, before it is kept."""

    curves: dict[str, Survival] = field(default_factory=dict)
    calibration: Calibration = field(default_factory=lambda: Calibration((), 0, None, None))


def keep(connection: Connection, made: Mapping[str, Made], at: datetime) -> None:
    """Puts new forecasts in the place of all that were there."""
    connection.execute(delete(_forecast))
    rows = [
        {
            "type": key,
            "made_at": at,
            "curves": {name: _packed(curve) for name, curve in sorted(one.curves.items())},
            "calibration": _as_json(one.calibration),
        }
        for key, one in sorted(made.items())
    ]
    if rows:
        connection.execute(insert(_forecast), rows)


def kept(connection: Connection) -> Sequence[Any]:
    """All forecasts as rows, by type."""
    return connection.execute(select(_forecast).order_by(_forecast.c.type)).all()


def _packed(curve: Survival) -> dict[str, Any]:
    return {
        "times": list(curve.times),
        "shares": [round(share, 6) for share in curve.shares],
        "samples": curve.samples,
    }


def _as_json(found: Calibration) -> dict[str, Any]:
    names = ("low", "high", "count", "predicted", "observed")
    return {
        "count": found.count,
        "brier": found.brier,
        "error": found.error,
        "bands": [{name: getattr(band, name) for name in names} for band in found.bands],
    }
