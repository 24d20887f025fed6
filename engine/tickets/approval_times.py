"""Time limits of approvals: one job for a step's next deadline, doing what its setting says."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine import clock
from engine.access.models import User
from engine.access.policy import SYSTEM
from engine.approvals import records, timing
from engine.approvals.ledger import Ledger
from engine.db import Base, db
from engine.deployments import catalogue
from engine.errors import NotFound
from engine.jobs import handlers
from engine.tickets import approving, locking, rounds
from engine.tickets.change import Change

_user = Base.metadata.tables[User.__tablename__]
_boss = _user.alias("boss")
_managers = (
    select(_user.c.username, _user.c.manager)
    .join(_boss, _boss.c.username == _user.c.manager)
    .where(_user.c.username.in_(bindparam("names", expanding=True)), _boss.c.active)
)


@handlers.register(records.JOB)
def run_out(job_id: int, payload: dict[str, Any]) -> None:
    """Looks whose time is up; a seat that was closed in the meantime is left alone."""
    connection = db.session.connection()
    try:
        row = locking.by_task(connection, payload["task"])
    except NotFound:
        return
    ledger = rounds.load(connection, row)
    if ledger is None or ledger.ended or row.task_status != "open":
        return
    at = clock.now()
    before = ledger.copy()
    change = Change(SYSTEM, row, catalogue.version(row.version_id), at)
    for what, seat in timing.expire(ledger, at, _managers_of(connection, ledger)):
        change.fact(
            "approval_reminded" if what == "remind" else "approval_expired",
            ledger.element,
            task=ledger.task_id,
            seat=seat.id,
            person=seat.person,
            action=what,
            notify=[seat.person],
        )
    rounds.note_seats(change, before, ledger)
    approving.write(connection, change, before, ledger)


def _managers_of(connection: Connection, ledger: Ledger) -> dict[str, str]:
    names = [seat.person for seat in ledger.open_seats()]
    return {row.username: row.manager for row in connection.execute(_managers, {"names": names})}
