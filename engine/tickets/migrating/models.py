"""Migrations of running tickets: what was asked for, and what became of each ticket."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, BigId


class Migration(Base):
    """Tickets of one version on their way to another; `phase` back undoes what forward did."""

    __tablename__ = "migration"
    __table_args__ = (Index("ix_migration_key", "key", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(ForeignKey("process_definition.key"))
    from_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    from_version: Mapped[int]
    to_version: Mapped[int]
    elements: Mapped[dict[str, Any]]  # id in the old version -> id in the new one, or null
    statuses: Mapped[dict[str, Any]]
    phase: Mapped[str] = mapped_column(String(8))  # forward, back
    state: Mapped[str] = mapped_column(String(8))  # running, paused, done, failed
    reason: Mapped[str | None] = mapped_column(String(500))
    total: Mapped[int]
    actor: Mapped[str] = mapped_column(String(64))  # who asked for the present phase
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class MigrationTicket(Base):
    """One ticket of a migration; what is kept of it is forgotten when the ticket closes."""

    __tablename__ = "migration_ticket"
    __table_args__ = (Index("ix_migration_ticket_status", "migration_id", "status", "ticket_id"),)

    migration_id: Mapped[int] = mapped_column(ForeignKey("migration.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    # pending, migrated, refused, skipped (it had ended or moved), undoing, undone, stays
    status: Mapped[str] = mapped_column(String(8))
    problems: Mapped[dict[str, Any] | None]  # {"verdict": …, "problems": […]} of one refused
    kept: Mapped[dict[str, Any] | None]  # visited and status before, status and hash after
    state: Mapped[bytes | None] = mapped_column(LargeBinary)  # of the process before
    at: Mapped[datetime | None]
