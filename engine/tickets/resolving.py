"""For whom a new task is: its assignee, candidates and due time, from the step's properties."""

from collections import ChainMap
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from engine.access.models import User
from engine.db import Base
from engine.processes.runtime import OpenTask
from engine.processes.waiting import Opening
from engine.tickets import dispatching
from engine.tickets.dispatching import Dispatcher
from engine.tickets.scope import names_in, value_of
from workflows import feel

_user = Base.metadata.tables[User.__tablename__]
_active_users = select(_user.c.username).where(
    _user.c.username.in_(bindparam("names", expanding=True)), _user.c.active
)

ANY_AGENT = "role:agent"
FALLBACK = "role:administrator"


class Resolver:
    """Turns tokens at user tasks into openings; one a command.

    `known` are people certain to exist, so that naming them asks the database nothing. A person
    who is not there (any more) is left out; a step whose named people are all gone falls to the
    administrators rather than to nobody.
    """

    def __init__(
        self,
        connection: Connection,
        scope: Mapping[str, Any],
        variables: dict[str, Any],
        known: frozenset[str],
        now: datetime,
        zone: ZoneInfo,
        dispatch: Dispatcher,
    ) -> None:
        self._connection = connection
        self._scope = ChainMap(variables, scope)  # type: ignore[arg-type]  # it is only read
        self._known = known
        self._now = now
        self._zone = zone
        self._dispatch = dispatch

    def __call__(self, task: OpenTask) -> Opening:
        properties = task.properties
        scope: Mapping[str, Any] = self._scope
        if task.loop is not None:
            scope = ChainMap({"item": task.loop.item, "loopCounter": task.loop.index}, self._scope)
        assignees = names_in(properties.get("assignee"), scope)
        users = names_in(properties.get("users"), scope)
        groups = names_in(properties.get("groups"), scope)
        there = self._there(assignees + users)
        assignee = next((name for name in assignees if name in there), None)
        if assignee is None and dispatching.asks(properties):
            routed = self._dispatch(task, scope)
            return Opening(task, routed.assignee, routed.candidates, self._due(properties, scope))
        candidates = [f"user:{name}" for name in users if name in there]
        candidates += [f"group:{key}" for key in groups]
        if not candidates and assignee is None:
            named = assignees or users or properties.get("groups")
            candidates = [FALLBACK if named else ANY_AGENT]
        return Opening(
            task, assignee, tuple(dict.fromkeys(candidates)), self._due(properties, scope)
        )

    def _there(self, names: list[str]) -> set[str]:
        unknown = [name for name in names if name not in self._known]
        found = {name for name in names if name in self._known}
        if unknown:
            found.update(self._connection.scalars(_active_users, {"names": unknown}))
        return found

    def _due(self, properties: Mapping[str, str], scope: Mapping[str, Any]) -> datetime | None:
        text = properties.get("due")
        if not text:
            return None
        value = value_of(text, scope)
        if isinstance(value, str):
            value = feel.evaluate(
                'if starts with(t, "P") then duration(t) else date and time(t)', {"t": value}
            )
        if isinstance(value, timedelta):
            return self._now + value
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=self._zone)
        return None
