"""Work that is due: one row a job, written in the transaction that asks for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, BigId

URGENT, NORMAL, BULK = 0, 5, 9  # lanes: a lower number is claimed first


class Job(Base):
    """Something to do at or after `due`, by whoever holds the lease.

    Jobs with the same `order_key` run one after the other, oldest first; `wait_id` ties a timer's
    job to its wait, so that both go together. A job that is done is deleted; `dead` ones stay.
    """

    __tablename__ = "job"
    __table_args__ = (
        # With the id, so that thousands that are due at one instant need no sorting to be claimed.
        Index("ix_job_claim", "state", "lane", "due", "id"),
        Index("ix_job_order", "order_key", "id"),
        # An id is never given twice: the outside world knows a job by it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(8), default="ready")  # ready, leased, dead
    lane: Mapped[int] = mapped_column(default=NORMAL)
    due: Mapped[datetime]
    order_key: Mapped[str | None] = mapped_column(String(80))
    wait_id: Mapped[str | None] = mapped_column(
        ForeignKey("wait.id", ondelete="CASCADE"), index=True
    )
    payload: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[datetime]
