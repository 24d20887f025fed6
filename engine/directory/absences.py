"""Who is away, and who stands in for whom."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from engine.access.models import User
from engine.db import Base, UTCDateTime
from engine.directory.models import Absence

# A delegation hands work over while the person is there.
KINDS = ("leave", "sick", "trip", "delegation")
AWAY = ("leave", "sick", "trip")

_absence = Base.metadata.tables[Absence.__tablename__]
_user = Base.metadata.tables[User.__tablename__]
_at = bindparam("at", type_=UTCDateTime())

covers = (_absence.c.starts_at <= _at, _absence.c.ends_at > _at)


def _statement() -> Any:
    """The absences of these people and, as far as deputies lead, of those who stand in."""
    reached = (
        select(_user.c.username)
        .where(_user.c.username.in_(bindparam("usernames", expanding=True)))
        .cte("reached", recursive=True)
    )
    reached = reached.union(  # a name comes once, so a circle of deputies ends
        select(_absence.c.deputy)
        .join(reached, _absence.c.username == reached.c.username)
        .where(*covers, _absence.c.deputy.is_not(None))
    )
    deputy = _user.alias("deputy")
    columns = [_absence.c[name] for name in ("username", "kind", "deputy", "types")]
    return (
        select(*columns)
        .join(reached, _absence.c.username == reached.c.username)
        .join(deputy, deputy.c.username == _absence.c.deputy, isouter=True)
        .where(*covers, or_(_absence.c.deputy.is_(None), deputy.c.active))
        .order_by(_absence.c.starts_at.desc(), _absence.c.id)
    )


_ABSENCES = _statement()


def deputies_of(
    connection: Connection, usernames: Iterable[str], type_key: str, at: datetime
) -> dict[str, str]:
    """Who stands in for these people in tickets of a type: the end of each chain of deputies.

    Left out is who is there, and whose chain ends with somebody who is away without a deputy or
    comes back to where it began. Of several absences at once the one that began last counts.
    """
    asked = list(dict.fromkeys(usernames))
    if not asked:
        return {}
    found = connection.execute(_ABSENCES, {"usernames": asked, "at": at}).all()
    deputy: dict[str, str] = {}
    for row in found:
        if row.deputy is not None and (row.types is None or type_key in row.types):
            deputy.setdefault(row.username, row.deputy)
    away = {row.username for row in found if row.kind in AWAY}
    ends = {username: _end(username, deputy) for username in asked if username in deputy}
    return {username: end for username, end in ends.items() if end is not None and end not in away}


def _end(username: str, deputy: Mapping[str, str]) -> str | None:
    """The last of a chain; None for a circle."""
    seen = {username}
    while (following := deputy.get(username)) is not None:
        if following in seen:
            return None
        seen.add(following)
        username = following
    return username
