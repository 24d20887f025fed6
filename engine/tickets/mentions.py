"""Colleagues named in a comment with @username: they follow the ticket from then on."""

import re

from sqlalchemy import Connection, insert, select

from engine.access.models import User
from engine.db import Base
from engine.tickets.change import Change
from engine.tickets.models import Watcher

MOST = 20
_NAMED = re.compile(r"(?<![\w@.])@([A-Za-z0-9][A-Za-z0-9._-]{0,63})")
_user = Base.metadata.tables[User.__tablename__]
_watcher = Base.metadata.tables[Watcher.__tablename__]


def take(connection: Connection, change: Change, body: str) -> None:
    """Makes those who are named followers, and notes whom the comment calls."""
    named = {name.rstrip(".-").lower() for name in _NAMED.findall(body)} - {change.actor.username}
    if not named:
        return
    people = set(
        connection.scalars(
            select(_user.c.username)
            .where(_user.c.username.in_(sorted(named)[:MOST]), _user.c.active)
            .order_by(_user.c.username)
        )
    )
    if not people:
        return
    there = set(
        connection.scalars(
            select(_watcher.c.username).where(
                _watcher.c.ticket_id == change.row.id, _watcher.c.username.in_(people)
            )
        )
    )
    for username in sorted(people - there):
        connection.execute(insert(_watcher), {"ticket_id": change.row.id, "username": username})
        change.fact("watcher_added", username=username)
    change.fact("person_mentioned", people=sorted(people))
