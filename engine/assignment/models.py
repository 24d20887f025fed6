"""What is kept of choosing people: each choice with its reasons, whose turn it was, new tables."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, BigId


class Assignment(Base):
    """One answer to "who does it": what was asked, who was chosen, and why nobody else was."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index("ix_assignment_ticket", "ticket_id", "id"),
        Index("ix_assignment_task", "task_id"),
        Index(
            "ix_assignment_differs",
            "type",
            "id",
            sqlite_where=text("differs"),
            postgresql_where=text("differs"),
        ),
        # Only those that wait for an owner, which are few.
        Index(
            "ix_assignment_unowned",
            "unowned_at",
            sqlite_where=text("unowned_at IS NOT NULL"),
            postgresql_where=text("unowned_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    type: Mapped[str] = mapped_column(String(64))
    task_id: Mapped[str] = mapped_column(String(40))
    element: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    chosen: Mapped[str | None] = mapped_column(String(64))
    fallback: Mapped[str | None] = mapped_column(String(80))  # "user:…", "group:…", "role:…"
    explanation: Mapped[dict[str, Any]]
    shadow: Mapped[dict[str, Any] | None]  # what the new table would have done, and why
    differs: Mapped[bool] = mapped_column(default=False)  # the new table chose somebody else
    unowned_at: Mapped[datetime | None]  # when somebody has to be made owner at the latest


class AgentTurn(Base):
    """When somebody was last chosen, on a clock that ticks with each choice among his fellows."""

    __tablename__ = "agent_turn"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class ShadowTable(Base):
    """A new routing table of a type that runs silently beside the one in force."""

    __tablename__ = "assignment_shadow"

    type: Mapped[str] = mapped_column(
        ForeignKey("process_definition.key", ondelete="CASCADE"), primary_key=True
    )
    decision: Mapped[str] = mapped_column(String(200))
    dmn: Mapped[bytes] = mapped_column(LargeBinary)
    rev: Mapped[int] = mapped_column(BigInteger)
    set_by: Mapped[str] = mapped_column(String(64))
    set_at: Mapped[datetime]
