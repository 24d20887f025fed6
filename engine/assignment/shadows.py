"""New routing tables that run silently beside those in force: set, read, taken away."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection, bindparam, select

from engine import clock
from engine.access.policy import Actor, require
from engine.assignment.models import ShadowTable
from engine.db import Base, db
from engine.deployments import evaluation
from engine.deployments.models import ProcessDefinition
from engine.errors import InvalidInput, NotFound
from engine.uow import command
from workflows import dmn
from workflows.documents import DocumentError

_table = Base.metadata.tables[ShadowTable.__tablename__]
_select = select(_table.c.rev, _table.c.decision, _table.c.dmn).where(
    _table.c.type == bindparam("type")
)
_KEPT = 100


@dataclass(frozen=True, slots=True)
class Shadow:
    """A new table of a type: its decision in a document."""

    rev: int
    decision: str
    dmn: bytes


_known: OrderedDict[str, Shadow] = OrderedDict()
_lock = Lock()


def current(connection: Connection, type_key: str, rev: int) -> Shadow | None:
    """The new table of a type, from memory while it is still the one with this rev."""
    with _lock:
        known = _known.get(type_key)
    if known is not None and known.rev == rev:
        return known
    row = connection.execute(_select, {"type": type_key}).first()
    if row is None:
        return None
    found = Shadow(row.rev, row.decision, bytes(row.dmn))
    with _lock:
        _known[type_key] = found
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return found


@command
def set_shadow(actor: Actor, type_key: str, decision: str, document: bytes | None) -> ShadowTable:
    """Lets a new table run beside the old; without a document the one in the draft is taken."""
    require(actor, "edit_drafts")
    if db.session.get(ProcessDefinition, type_key) is None:
        raise NotFound(kind="ticket-type", id=type_key)
    if document is None:
        document = evaluation.of_draft(actor, type_key, decision)
    try:
        nodes = dmn.compiled(document).document.nodes
    except DocumentError as error:
        raise InvalidInput.at("/dmn", error.code, **error.params) from None
    if decision not in nodes:
        raise InvalidInput.at("/decision", "decision-not-there", decision=decision[:80])
    found = db.session.get(ShadowTable, type_key, with_for_update=True)
    at = clock.now()
    if found is None:
        # Revs never repeat for a type, whatever was set and taken away before.
        found = ShadowTable(type=type_key, rev=int(at.timestamp() * 1000))
        db.session.add(found)
    else:
        found.rev += 1
    found.decision, found.dmn, found.set_by, found.set_at = decision, document, actor.username, at
    return found


@command
def drop_shadow(actor: Actor, type_key: str) -> None:
    """Ends the trial; what it gave so far is kept."""
    require(actor, "edit_drafts")
    found = db.session.get(ShadowTable, type_key)
    if found is None:
        raise NotFound(kind="shadow-table", id=type_key)
    db.session.delete(found)


def shadow(actor: Actor, type_key: str) -> ShadowTable:
    """The new table of a type; raises NotFound."""
    require(actor, "edit_drafts")
    found = db.session.get(ShadowTable, type_key)
    if found is None:
        raise NotFound(kind="shadow-table", id=type_key)
    return found
