"""Who is on duty."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, String, and_, bindparam, cast, exists, or_, select

from engine.access.models import User
from engine.db import Base, UTCDateTime
from engine.directory.absences import AWAY
from engine.directory.absences import covers as absence_covers
from engine.directory.models import Absence, Shift

KINDS = ("work", "on_call", "off")
_ROSTER = timedelta(days=31)  # a roster of single shifts counts while it has one this near

_user = Base.metadata.tables[User.__tablename__]
_shift = Base.metadata.tables[Shift.__tablename__]
_absence = Base.metadata.tables[Absence.__tablename__]
_instant = partial(bindparam, type_=UTCDateTime())


def _statement() -> Any:
    covering = and_(_shift.c.starts_at <= _instant("at"), _shift.c.ends_at > _instant("at"))
    other = _shift.alias("other")
    rostered = exists().where(
        other.c.username == _user.c.username,
        other.c.kind != "off",
        other.c.ends_at > _instant("since"),
        other.c.starts_at < _instant("until"),
    )
    away = exists().where(
        _absence.c.username == _user.c.username, _absence.c.kind.in_(AWAY), *absence_covers
    )
    columns = (
        _user.c.username,
        _user.c.time_zone,
        rostered,
        _shift.c.kind,
        _shift.c.ends_at.is_not(None),
        # As text: the digits are all that is looked at, and reading JSON would cost more.
        cast(_shift.c.weekdays, String),
        *(_shift.c[name] for name in ("starts", "ends", "valid_from", "valid_to")),
    )
    return (
        select(*columns)
        .join(
            _shift,
            and_(
                _shift.c.username == _user.c.username,
                or_(_shift.c.ends_at.is_(None), covering),
            ),
            isouter=True,
        )
        .where(_user.c.username.in_(bindparam("usernames", expanding=True)), _user.c.active, ~away)
    )


_ON_DUTY = _statement()


def on_duty(connection: Connection, usernames: Iterable[str], at: datetime) -> set[str]:
    """Which of these people work at an instant.

    Nobody does who is away or whose account is inactive. Who has no working shifts at all is
    always on duty; a shift of kind `off` that covers the instant outweighs the others.
    """
    asked = list(dict.fromkeys(usernames))
    if not asked:
        return set()
    values = {"usernames": asked, "at": at, "since": at - _ROSTER, "until": at + _ROSTER}
    local: dict[str, datetime] = {}
    free: set[str] = set()
    bound: set[str] = set()
    working: set[str] = set()
    off: set[str] = set()
    for username, zone, rostered, kind, once, *weekly in connection.execute(_ON_DUTY, values):
        free.add(username)
        if rostered or (kind is not None and kind != "off"):
            bound.add(username)
        if kind is None:
            continue
        here = local.get(zone)
        if here is None:
            here = local[zone] = at.astimezone(ZoneInfo(zone))
        if once or _covers(here, *weekly):
            (off if kind == "off" else working).add(username)
    return ((free - bound) | working) - off


def _covers(
    here: datetime, weekdays: str, starts: str, ends: str, valid_from: Any, valid_to: Any
) -> bool:
    """Whether a weekly shift covers a time of the person's own clock."""
    clock = here.strftime("%H:%M")
    if starts < ends:
        day = here if starts <= clock < ends else None
    elif clock >= starts:  # it runs past midnight, or around the clock
        day = here
    else:
        day = here - timedelta(days=1) if clock < ends else None
    if day is None or str(day.weekday()) not in weekdays:
        return False
    date = day.date()
    return (valid_from is None or valid_from <= date) and (valid_to is None or date <= valid_to)
