"""What is kept of SLA clocks: the log that is never changed, and facts for reports."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, BigId


class SlaEvent(Base):
    """Something that happened to a clock; the measure at that instant stands beside it.

    From these rows alone the clocks of a ticket are rebuilt.
    """

    __tablename__ = "sla_event"
    __table_args__ = (Index("ix_sla_event_ticket", "ticket_id", "seq", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    clock: Mapped[str] = mapped_column(String(200))
    cycle: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(500))
    version_id: Mapped[int]
    calendar: Mapped[str] = mapped_column(String(64))
    calendar_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    elapsed: Mapped[int]
    target: Mapped[int]
    due: Mapped[datetime | None]
    data: Mapped[dict[str, Any]]


class SlaCycle(Base):
    """A cycle that is over or breached, as reports count it."""

    __tablename__ = "sla_cycle"
    __table_args__ = (
        Index("ix_sla_cycle_stopped", "stopped_at"),
        Index("ix_sla_cycle_breached", "breached_at"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    clock: Mapped[str] = mapped_column(String(200), primary_key=True)
    cycle: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(String(20))
    version_id: Mapped[int]
    policy: Mapped[str] = mapped_column(String(64))
    rule: Mapped[int]
    calendar: Mapped[str] = mapped_column(String(64))
    target: Mapped[int]
    extended: Mapped[int]
    elapsed: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    contract: Mapped[str | None] = mapped_column(String(64))
    started_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    by_retarget: Mapped[bool]
    crossed_at: Mapped[datetime | None]


class SlaStep(Base):
    """A step of an escalation that was taken: once for each clock, cycle, step and round."""

    __tablename__ = "sla_step"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    clock: Mapped[str] = mapped_column(String(200), primary_key=True)
    cycle: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    planned_at: Mapped[datetime]
    fired_at: Mapped[datetime]
    late: Mapped[int]
