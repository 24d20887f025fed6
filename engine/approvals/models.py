"""The ledger of approvals: rounds, the seats in them, what was done, and who got a copy."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, BigId


class ApprovalRound(Base):
    """People who are asked together: those of the step, or those whom one of them has added.

    `task_id` is the token's, as in user_task; a round that was decided the moment it was opened
    never had a row there.
    """

    __tablename__ = "approval_round"
    __table_args__ = (
        Index("ix_approval_round_task", "task_id"),
        Index("ix_approval_round_ticket", "ticket_id", "element"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    task_id: Mapped[str] = mapped_column(String(40))
    element: Mapped[str] = mapped_column(String(200))
    parent_seat: Mapped[str | None] = mapped_column(String(32))
    placement: Mapped[str | None] = mapped_column(String(8))  # before, after its parent seat
    state: Mapped[str] = mapped_column(String(8))  # open, ended
    outcome: Mapped[str | None] = mapped_column(String(12))
    setting: Mapped[dict[str, Any]]  # as it was when the round was opened
    actions: Mapped[int] = mapped_column(default=0)  # how many the step's ledger has
    urges: Mapped[int] = mapped_column(default=0)
    urged_at: Mapped[datetime | None]
    target: Mapped[str | None] = mapped_column(String(200))  # where it was returned to
    resubmit: Mapped[str | None] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ApprovalSeat(Base):
    """One person's part in a round."""

    __tablename__ = "approval_seat"
    __table_args__ = (
        Index("ix_approval_seat_round", "round_id"),
        Index("ix_approval_seat_person", "person", "acted_at", "id"),
        Index("ix_approval_seat_ticket", "ticket_id", "person"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    round_id: Mapped[str] = mapped_column(String(32))
    place: Mapped[int]
    person: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))  # approver, delegate, consult
    state: Mapped[str] = mapped_column(String(12))
    weight: Mapped[int] = mapped_column(default=1)
    principal: Mapped[str | None] = mapped_column(String(64))  # the absent one he stands in for
    added_by: Mapped[str | None] = mapped_column(String(64))
    for_seat: Mapped[str | None] = mapped_column(String(32))  # whose delegate or adviser it is
    replaced_by: Mapped[str | None] = mapped_column(String(32))
    mark: Mapped[str | None] = mapped_column(String(12))  # why nobody had to act
    comment: Mapped[str | None] = mapped_column(Text)
    signature: Mapped[str | None] = mapped_column(String(64))
    draft: Mapped[dict[str, Any] | None]
    form_hash: Mapped[str | None] = mapped_column(String(64))
    deadline: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]


class ApprovalAction(Base):
    """One thing that somebody did in the ledger of a step, never changed."""

    __tablename__ = "approval_action"
    __table_args__ = (
        Index("ix_approval_action_task", "task_id", "seq"),
        Index("ix_approval_action_ticket", "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    task_id: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(20))
    seat_id: Mapped[str | None] = mapped_column(String(32))
    comment: Mapped[str | None] = mapped_column(Text)
    data: Mapped[dict[str, Any] | None]


class ApprovalCopy(Base):
    """A ticket shown to somebody at an approval (抄送): he may read it, and when he did is kept."""

    __tablename__ = "approval_copy"
    __table_args__ = (Index("ix_approval_copy_person", "person", "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    task_id: Mapped[str] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(String(64))
    sent_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
