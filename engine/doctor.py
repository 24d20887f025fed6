"""Whether an installation is sound: the invariants that hold whatever was killed or went away.

Each check is one question to the database; what it finds is a list of sentences, empty when all is
well. Nothing is changed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, literal, or_, select, text
from sqlalchemy.sql import Select

from engine import clock, schema, settings
from engine.access.policy import SYSTEM
from engine.db import Base, db
from engine.deployments import catalogue
from engine.jobs.leases import LEASE
from engine.jobs.models import Job
from engine.processes.models import History, ProcessIncident, ProcessInstance, UserTask, Wait
from engine.sla import board as boards
from engine.sla import keeping, recalculating
from engine.sla.clock_models import SlaEvent
from engine.tickets import files, running
from engine.tickets.change import Change
from engine.tickets.models import Ticket

_SHOWN = 10  # complaints of one kind that are told in full
_LATE = 2 * LEASE
_ENDED = ("resolved", "closed", "cancelled")

_tables = Base.metadata.tables
ticket, history = _tables[Ticket.__tablename__], _tables[History.__tablename__]
instance, task = _tables[ProcessInstance.__tablename__], _tables[UserTask.__tablename__]
wait, job = _tables[Wait.__tablename__], _tables[Job.__tablename__]
incident = _tables[ProcessIncident.__tablename__]
sla_event = _tables[SlaEvent.__tablename__]

Complaints = Iterator[str]


@dataclass(frozen=True, slots=True)
class Result:
    """What one check came to."""

    name: str
    complaints: tuple[str, ...]
    more: int = 0

    @property
    def ok(self) -> bool:
        """Whether there was nothing to complain of."""
        return not self.complaints

    @property
    def said(self) -> str:
        """The result as a line."""
        if self.ok:
            return "as it must be"
        return "; ".join(self.complaints) + (f"; and {self.more} more" if self.more else "")


def examine(*, deep: bool = False) -> list[Result]:
    """Runs every check; `deep` also reads the state of each running process."""
    results = [_result("schema", schema_is_current())]
    if not results[0].ok:
        return results  # the questions below are asked of the present tables
    checks = CHECKS + (DEEP if deep else [])
    with db.engine.connect() as connection:
        results += [_result(name, check(connection)) for name, check in checks]
    return results


def _result(name: str, found: Complaints) -> Result:
    shown = tuple(islice(found, _SHOWN))
    return Result(name, shown, sum(1 for _ in found))


def schema_is_current() -> Complaints:
    """The database has the shape that this version expects."""
    current = schema.current()
    if current != schema.head():
        yield f"the database is at {current}, this version expects {schema.head()}"


def _each(connection: Connection, statement: Select[Any], say: Callable[[Any], str]) -> Complaints:
    row: Row[Any]
    for row in connection.execute(statement):
        yield say(row)


def every_ticket_is_whole(connection: Connection) -> Complaints:
    """A ticket has a number of its own and begins with its creation."""
    yield from _each(
        connection,
        select(ticket.c.number).group_by(ticket.c.number).having(func.count() > 1),
        lambda row: f"{row.number} was given twice",
    )
    created = exists().where(
        history.c.ticket_id == ticket.c.id, history.c.seq == 1, history.c.kind == "ticket_created"
    )
    yield from _each(
        connection,
        select(ticket.c.number).where(~created),
        lambda row: f"{row.number} has no beginning",
    )


def nothing_is_there_for_no_ticket(connection: Connection) -> Complaints:
    """No job speaks of a ticket that was never committed."""
    for key in ("ticket", "from"):
        of = job.c.payload[key].as_integer()
        yield from _each(
            connection,
            select(job.c.id, of.label("ticket"))
            .where(of.is_not(None))
            .where(~exists().where(ticket.c.id == of)),
            lambda row: f"job {row.id} is of ticket {row.ticket}, which is not there",
        )


def each_ticket_has_one_process(connection: Connection) -> Complaints:
    """The process, the ticket's status and the open tasks tell the same story."""
    yield from _each(
        connection,
        select(ticket.c.number).where(~exists().where(instance.c.ticket_id == ticket.c.id)),
        lambda row: f"{row.number} has no process",
    )
    both = instance.join(ticket, ticket.c.id == instance.c.ticket_id)
    ended = select(ticket.c.number).select_from(both).where(instance.c.status != "running")
    open_task = exists().where(task.c.ticket_id == instance.c.ticket_id, task.c.status == "open")
    a_wait = exists().where(wait.c.ticket_id == instance.c.ticket_id)
    yield from _each(
        connection,
        ended.where(or_(open_task, a_wait)),
        lambda row: f"{row.number} has ended and still waits for something",
    )
    yield from _each(
        connection,
        ended.where(instance.c.status == "ended", ticket.c.category.not_in(_ENDED)),
        lambda row: f"{row.number} has ended and is still open",
    )
    a_job = exists().where(job.c.payload["ticket"].as_integer() == instance.c.ticket_id)
    an_incident = exists().where(
        incident.c.ticket_id == instance.c.ticket_id, incident.c.resolved_at.is_(None)
    )
    yield from _each(
        connection,
        select(ticket.c.number)
        .select_from(both)
        .where(instance.c.status == "running", ~open_task, ~a_wait)
        .where(~or_(a_job, an_incident)),
        lambda row: f"{row.number} runs and waits for nothing",
    )


def history_has_no_gap(connection: Connection) -> Complaints:
    """The facts of a ticket are numbered from 1 without a gap; a task is completed once."""
    counted = (
        select(
            history.c.ticket_id,
            func.count().label("facts"),
            func.min(history.c.seq).label("first"),
            func.max(history.c.seq).label("last"),
        )
        .group_by(history.c.ticket_id)
        .subquery()
    )
    yield from _each(
        connection,
        select(ticket.c.number, ticket.c.history_seq, counted)
        .join(counted, counted.c.ticket_id == ticket.c.id)
        .where(
            or_(
                counted.c.facts != ticket.c.history_seq,
                counted.c.last != ticket.c.history_seq,
                counted.c.first != 1,
            )
        ),
        lambda row: f"{row.number} has {row.facts} facts up to {row.last}, not {row.history_seq}",
    )
    named = history.c.data["task"].as_string()
    told = (
        select(named.label("task"), func.count().label("times"))
        .where(history.c.kind == "task_completed")
        .group_by(named)
        .subquery()
    )
    yield from _each(
        connection,
        select(task.c.id, func.coalesce(told.c.times, 0).label("times"))
        .select_from(task.outerjoin(told, told.c.task == task.c.id))
        .where(
            or_(
                and_(task.c.status == "completed", func.coalesce(told.c.times, 0) != 1),
                and_(task.c.status != "completed", told.c.times.is_not(None)),
            )
        ),
        lambda row: f"task {row.id} was completed {row.times} times in history",
    )


def jobs_are_done(connection: Connection) -> Complaints:
    """No job outlives its lease, runs without an owner, or waits without anybody coming."""
    machine = datetime.now(UTC)
    yield from _each(
        connection,
        select(job.c.id).where(job.c.state == "leased", job.c.owner.is_(None)),
        lambda row: f"job {row.id} runs without an owner",
    )
    yield from _each(
        connection,
        select(job.c.id, job.c.lease_until).where(
            job.c.state == "leased", job.c.lease_until < machine - LEASE
        ),
        lambda row: f"job {row.id} has outlived its lease of {row.lease_until:%F %T} twice",
    )
    late = clock.now() - _LATE
    yield from _each(
        connection,
        select(job.c.id, job.c.kind, job.c.due).where(
            job.c.state == "ready", job.c.due < late, job.c.created_at < late, job.c.attempts == 0
        ),
        lambda row: f"job {row.id} ({row.kind}) is due and nobody does it; is a runner at work?",
    )


def what_was_given_up_is_told(connection: Connection) -> Complaints:
    """A job of a ticket that was given up has a process incident."""
    of = job.c.payload["ticket"].as_integer()
    yield from _each(
        connection,
        select(job.c.id, job.c.kind, job.c.last_error)
        .where(job.c.state == "dead", of.is_not(None))
        .where(~exists().where(incident.c.ticket_id == of)),
        lambda row: f"job {row.id} ({row.kind}) was given up and nobody was told: {row.last_error}",
    )


def every_timer_has_its_job(connection: Connection) -> Complaints:
    """A timer that is waited for has one job, due when the timer is."""
    timers = (
        select(
            wait.c.id,
            wait.c.due,
            func.count(job.c.id).label("jobs"),
            func.min(job.c.due).label("at"),
        )
        .select_from(wait.outerjoin(job, job.c.wait_id == wait.c.id))
        .where(wait.c.kind == "timer")
        .group_by(wait.c.id, wait.c.due)
    )
    # A try that failed is planned anew, later than the timer is due; earlier is never right.
    yield from _each(
        connection,
        timers.having(func.count(job.c.id) != 1),
        lambda row: f"timer {row.id} has {row.jobs} jobs",
    )
    yield from _each(
        connection,
        timers.having(func.min(job.c.due) < wait.c.due),
        lambda row: f"timer {row.id} of {row.due:%F %T} is to fire too early, {row.at:%F %T}",
    )


def the_database_is_sound(connection: Connection) -> Complaints:
    """The file is whole, and every reference leads somewhere (PostgreSQL sees to that itself)."""
    if connection.dialect.name != "sqlite":
        connection.execute(select(literal(1)))
        return
    for (said,) in connection.execute(text("PRAGMA quick_check(10)")):
        if said != "ok":
            yield str(said)
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there"


def files_are_there(connection: Connection) -> Complaints:
    """Every file of a ticket is on disk; a file without a row is left over after a day."""
    known = set(connection.scalars(select(files.file.c.id)))
    for each in sorted(known):
        if not files.path_of(each).is_file():
            yield f"file {each} is missing on disk"
    folder = settings.current().data_dir / "files"
    if not folder.is_dir():
        return
    old = (datetime.now(UTC) - timedelta(days=1)).timestamp()
    for path in folder.rglob("*"):
        if path.is_file() and path.stem not in known and path.stat().st_mtime < old:
            yield f"{path} belongs to nothing"


def processes_agree_with_their_rows(connection: Connection) -> Complaints:
    """The saved state of each running process has exactly the tasks and waits of the tables."""
    statement = (
        select(*ticket.c, instance.c.state, instance.c.visited)
        .join(instance, instance.c.ticket_id == ticket.c.id)
        .where(instance.c.status == "running")
        .order_by(ticket.c.id)
    )
    for row in connection.execute(statement):
        version = catalogue.version(row.version_id)
        try:
            execution = running.resume(Change(SYSTEM, row, version, clock.now()))
        except Exception as error:  # whatever is wrong with one process, the others are looked at
            yield f"{row.number}: its state cannot be read: {error}"
            continue
        tasks = set(
            connection.scalars(
                select(task.c.id).where(task.c.ticket_id == row.id, task.c.status == "open")
            )
        )
        if tasks != set(execution.tasks):
            yield f"{row.number}: open tasks are {sorted(tasks)}, not {sorted(execution.tasks)}"
        waits = set(connection.scalars(select(wait.c.id).where(wait.c.ticket_id == row.id)))
        if waits != set(execution.waits):
            yield f"{row.number}: waits are {sorted(waits)}, not {sorted(execution.waits)}"


def clocks_agree_with_their_log(connection: Connection) -> Complaints:
    """The clocks on a ticket are what the log tells, and its next step or breach has a job."""
    statement = select(ticket.c.id, ticket.c.number, ticket.c.clocks).where(
        ticket.c.clocks.is_not(None)
    )
    for row in connection.execute(statement.order_by(ticket.c.id)):
        log = connection.execute(
            select(sla_event).where(sla_event.c.ticket_id == row.id).order_by(sla_event.c.seq)
        )
        board = boards.unpacked(row.clocks)
        for said in recalculating.differences(board, log):
            yield f"{row.number}: {said}"
        jobs = connection.scalar(
            select(func.count()).where(job.c.order_key == keeping.order_key(row.id))
        )
        if (board.planned is not None) != (jobs == 1):
            yield f"{row.number}: its clocks have {jobs} jobs"


CHECKS: list[tuple[str, Callable[[Connection], Complaints]]] = [
    ("tickets", every_ticket_is_whole),
    ("leftovers", nothing_is_there_for_no_ticket),
    ("processes", each_ticket_has_one_process),
    ("history", history_has_no_gap),
    ("jobs", jobs_are_done),
    ("given up", what_was_given_up_is_told),
    ("timers", every_timer_has_its_job),
    ("database", the_database_is_sound),
    ("files", files_are_there),
]
DEEP = [
    ("states", processes_agree_with_their_rows),
    ("clocks", clocks_agree_with_their_log),
]
