"""Running processes: the instance, its open and past user tasks, what it waits for, its history."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, BigId


class ProcessInstance(Base):
    """One process of one ticket; `state` is what engine.processes.state wrote."""

    __tablename__ = "process_instance"
    __table_args__ = (
        # Who runs on a version, to count and to move them; a process that has ended leaves it.
        Index(
            "ix_process_instance_running",
            "version_id",
            "ticket_id",
            sqlite_where=text("status = 'running'"),
            postgresql_where=text("status = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), unique=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    rev: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(12))  # running, ended, cancelled
    state: Mapped[bytes] = mapped_column(LargeBinary)
    visited: Mapped[dict[str, Any]]  # element -> how often a token entered it
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class UserTask(Base):
    """Work for a person; the id is the token's."""

    __tablename__ = "user_task"
    __table_args__ = (
        Index("ix_user_task_ticket", "ticket_id", "status"),
        Index("ix_user_task_assignee", "assignee", "status", "created_at"),
        # Open ones only, so that ending a task writes nothing here.
        Index(
            "ix_user_task_open",
            "created_at",
            "id",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        # What somebody holds is summed from this index alone; without the status in it SQLite would
        # rather read the rows.
        Index(
            "ix_user_task_held",
            "assignee",
            "status",
            "weight",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    element: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(12))  # user, manual, approval
    status: Mapped[str] = mapped_column(String(12))  # open, completed, cancelled
    assignee: Mapped[str | None] = mapped_column(String(64))
    due: Mapped[datetime | None]
    item: Mapped[dict[str, Any] | None]  # the element of a fan-out, when there is one
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    completed_by: Mapped[str | None] = mapped_column(String(64))
    action: Mapped[str | None] = mapped_column(String(64))
    answer_hash: Mapped[str | None] = mapped_column(
        String(64)
    )  # tells a repeat from another answer
    weight: Mapped[int] = mapped_column(SmallInteger, server_default="1")  # in its holder's load
    rev: Mapped[int] = mapped_column(default=1)


class TaskCandidate(Base):
    """Somebody who may take a task: a user, a group or a role."""

    __tablename__ = "task_candidate"
    __table_args__ = (Index("ix_task_candidate_who", "kind", "key", "task_id"),)

    task_id: Mapped[str] = mapped_column(
        ForeignKey("user_task.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)


class Wait(Base):
    """What a token waits for: a time, a message, a signal or a condition."""

    __tablename__ = "wait"
    __table_args__ = (Index("ix_wait_event", "kind", "name", "correlation"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    element: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str | None] = mapped_column(String(200))
    correlation: Mapped[str | None] = mapped_column(String(200))
    due: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ProcessIncident(Base):
    """A step that could not be taken, kept until somebody retries it with success."""

    __tablename__ = "process_incident"
    __table_args__ = (Index("ix_process_incident_open", "resolved_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    element: Mapped[str | None] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(60))
    params: Mapped[dict[str, Any]]
    retry: Mapped[dict[str, Any]]  # what to do again: {"do": "run" | "timer" | "service" …, …}
    attempts: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(String(64))


class History(Base):
    """Every fact about a ticket, in order, never changed."""

    __tablename__ = "history"
    __table_args__ = (UniqueConstraint("ticket_id", "seq"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]  # 1, 2, 3 … without a gap
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    element: Mapped[str | None] = mapped_column(String(200))
    data: Mapped[dict[str, Any] | None]
