"""Named things that a person keeps for himself, for a group or for all who work tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, delete, func, insert, or_, select, update

from engine import clock
from engine.access import policy
from engine.access.policy import Actor
from engine.db import db
from engine.errors import InvalidInput, NotFound, StaleVersion
from engine.uow import command

MOST_OF_ONE = 200  # what one person may keep on a shelf
MOST_SHOWN = 1000
ALL = "all"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A table of such things; `kind` names them in refusals."""

    table: Table
    kind: str

    def listed(self, actor: Actor) -> Sequence[Row[Any]]:
        """His own and what is shared with him, by name."""
        policy.require(actor, "work_in_workspace")
        held = self.table
        shared = [ALL, *(f"group:{key}" for key in sorted(actor.groups))]
        return (
            db.session.connection()
            .execute(
                select(held)
                .where(or_(held.c.owner == actor.username, held.c.shared.in_(shared)))
                .order_by(held.c.name, held.c.id)
                .limit(MOST_SHOWN)
            )
            .all()
        )


@command
def put_on(shelf: Shelf, actor: Actor, values: Mapping[str, Any]) -> Row[Any]:
    """Keeps a new thing; raises InvalidInput when the shelf is full."""
    policy.require(actor, "work_in_workspace")
    _require_share(actor, values.get("shared"))
    connection = db.session.connection()
    held = shelf.table
    kept = connection.scalar(
        select(func.count()).select_from(held).where(held.c.owner == actor.username)
    )
    if kept is not None and kept >= MOST_OF_ONE:
        raise InvalidInput.at("/name", "shelf-full", max=MOST_OF_ONE)
    row = {**values, "owner": actor.username, "created_at": clock.now(), "rev": 1}
    return connection.execute(insert(held).values(row).returning(*held.c)).one()


@command
def change_on(
    shelf: Shelf, actor: Actor, thing_id: int, values: Mapping[str, Any], rev: int | None
) -> Row[Any]:
    """Changes a thing of the actor's own, or as an administrator a shared one."""
    found = _own(shelf, actor, thing_id)
    if rev is not None and rev != found.rev:
        raise StaleVersion(kind=shelf.kind, id=thing_id, expected=rev, found=found.rev)
    if "shared" in values:
        _require_share(actor, values["shared"])
    held = shelf.table
    statement = update(held).where(held.c.id == thing_id).values({**values, "rev": found.rev + 1})
    return db.session.connection().execute(statement.returning(*held.c)).one()


@command
def take_off(shelf: Shelf, actor: Actor, thing_id: int) -> None:
    """Throws a thing away."""
    _own(shelf, actor, thing_id)
    held = shelf.table
    db.session.connection().execute(delete(held).where(held.c.id == thing_id))


def may_change(actor: Actor, row: Any) -> bool:
    """Whether a thing is his to change."""
    return bool(row.owner == actor.username) or (
        row.shared is not None and policy.may(actor, "tidy_workspace")
    )


def _own(shelf: Shelf, actor: Actor, thing_id: int) -> Row[Any]:
    """A thing that may be changed; what is not even shared with somebody is not there."""
    policy.require(actor, "work_in_workspace")
    held = shelf.table
    found = db.session.connection().execute(select(held).where(held.c.id == thing_id)).first()
    tidies = policy.may(actor, "tidy_workspace")
    shared = found is not None and (
        found.shared == ALL
        or (found.shared is not None and (tidies or found.shared[6:] in actor.groups))
    )
    if found is None or (found.owner != actor.username and not shared):
        raise NotFound(kind=shelf.kind, id=thing_id)
    if found.owner != actor.username:
        policy.require(actor, "tidy_workspace")
    return found


def _require_share(actor: Actor, shared: str | None) -> None:
    """With one's own group anybody shares, with all only who answers for others."""
    if shared is None or (shared.startswith("group:") and shared[6:] in actor.groups):
        return
    if shared != ALL and not shared.startswith("group:"):
        raise InvalidInput.at("/shared", "not-a-choice", choices=f"{ALL}, group:…")
    policy.require(actor, "share_with_all")
