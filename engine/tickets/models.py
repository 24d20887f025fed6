"""Tickets and what belongs to them: conversation, files, followers, links, numbers."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, BigId, Json


class Ticket(Base):
    """One matter on its way through its process."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_created", "created_at", "id"),
        Index("ix_ticket_updated", "updated_at", "id"),
        Index("ix_ticket_type", "type", "created_at", "id"),
        Index("ix_ticket_status", "status", "created_at", "id"),
        Index("ix_ticket_category", "category", "created_at", "id"),
        Index("ix_ticket_priority", "priority", "created_at", "id"),
        Index("ix_ticket_assignee", "assignee", "created_at", "id"),
        Index("ix_ticket_group", "group_key", "created_at", "id"),
        Index("ix_ticket_requester", "requester", "created_at", "id"),
        # The queues that people work from hold open tickets only, a small part of all.
        *(
            Index(
                name,
                *columns,
                sqlite_where=text("closed_at IS NULL"),
                postgresql_where=text("closed_at IS NULL"),
            )
            for name, columns in (
                ("ix_ticket_open_assignee", ("assignee", "updated_at", "id")),
                ("ix_ticket_open_group", ("group_key", "updated_at", "id")),
                ("ix_ticket_open_due", ("sla_due", "id")),
            )
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    type: Mapped[str] = mapped_column(ForeignKey("process_definition.key"))
    version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(10))  # new open waiting resolved closed cancelled
    priority: Mapped[str] = mapped_column(String(2), default="P3")
    requester: Mapped[str] = mapped_column(ForeignKey("user_account.username"))
    created_by: Mapped[str] = mapped_column(String(64))
    assignee: Mapped[str | None] = mapped_column(String(64))
    group_key: Mapped[str | None] = mapped_column(String(64))
    values: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    rev: Mapped[int] = mapped_column(default=1)
    history_seq: Mapped[int] = mapped_column(default=0)
    # As engine.sla has them: the current clocks, and what queues ask of them.
    clocks: Mapped[dict[str, Any] | None] = mapped_column(Json)
    sla_due: Mapped[datetime | None]
    sla_state: Mapped[str | None] = mapped_column(String(8))
    sla_at_risk: Mapped[datetime | None]


class TicketWord(Base):
    """The words of a ticket for search, as engine.tickets.search cuts them."""

    __tablename__ = "ticket_search"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)


class NumberCounter(Base):
    """The last number given in one series (a type and a day)."""

    __tablename__ = "number_counter"

    series: Mapped[str] = mapped_column(String(120), primary_key=True)
    last: Mapped[int]


class Comment(Base):
    """Something said on a ticket, to everybody on it or among those who work it."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_ticket", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    author: Mapped[str] = mapped_column(String(64))
    visibility: Mapped[str] = mapped_column(String(8))  # public, internal
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class StoredFile(Base):
    """A file under the data folder; without a ticket it is removed after a day."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_unclaimed", "ticket_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    visibility: Mapped[str] = mapped_column(String(8), default="public")
    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Watcher(Base):
    """Somebody who follows a ticket."""

    __tablename__ = "watcher"
    __table_args__ = (Index("ix_watcher_username", "username", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("user_account.username"), primary_key=True)


class TicketLink(Base):
    """Two tickets that have to do with each other."""

    __tablename__ = "ticket_link"
    __table_args__ = (Index("ix_ticket_link_other", "other_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)  # relates, duplicates, blocks …
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
