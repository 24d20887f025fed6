"""What the workspace keeps beside the tickets: views, canned texts, work done, who looked, runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, BigId


class SavedView(Base):
    """A list of tickets under a name: the part of its address after the question mark."""

    __tablename__ = "saved_view"
    __table_args__ = (
        Index("ix_saved_view_owner", "owner"),
        Index("ix_saved_view_shared", "shared"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner: Mapped[str] = mapped_column(ForeignKey("user_account.username"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(2000))
    shared: Mapped[str | None] = mapped_column(String(80))  # "all" or "group:…"
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)


class CannedText(Base):
    """A text for replies, with placeholders such as {requester}."""

    __tablename__ = "canned_text"
    __table_args__ = (
        Index("ix_canned_text_owner", "owner"),
        Index("ix_canned_text_shared", "shared"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner: Mapped[str] = mapped_column(ForeignKey("user_account.username"))
    name: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    shared: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)


class WorkEntry(Base):
    """Time that somebody worked on a ticket."""

    __tablename__ = "work_entry"
    __table_args__ = (Index("ix_work_entry_ticket", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    author: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    note: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]


class TicketSeen(Base):
    """Which version of a ticket somebody saw last, and what he does there if that was just now."""

    __tablename__ = "ticket_seen"
    __table_args__ = (Index("ix_ticket_seen_at", "ticket_id", "at"),)

    username: Mapped[str] = mapped_column(ForeignKey("user_account.username"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    rev: Mapped[int]
    doing: Mapped[str] = mapped_column(String(8))  # reading, writing, gone
    at: Mapped[datetime]


class BulkRun(Base):
    """One act asked for on many tickets."""

    __tablename__ = "bulk_run"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    actor: Mapped[str] = mapped_column(ForeignKey("user_account.username"))
    act: Mapped[str] = mapped_column(String(16))
    params: Mapped[dict[str, Any]]
    total: Mapped[int]
    created_at: Mapped[datetime]


class BulkItem(Base):
    """One ticket of a run, and why it was refused if it was."""

    __tablename__ = "bulk_item"
    __table_args__ = (Index("ix_bulk_item_status", "run_id", "status"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("bulk_run.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(80), primary_key=True)
    status: Mapped[str] = mapped_column(String(8))  # pending, done, refused
    code: Mapped[str | None] = mapped_column(String(64))
    params: Mapped[dict[str, Any] | None]
