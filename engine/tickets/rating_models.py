"""What requesters say of how their tickets were handled."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base


class TicketRating(Base):
    """One to five for a ticket that is done, given once."""

    __tablename__ = "ticket_rating"
    __table_args__ = (Index("ix_ticket_rating_at", "at", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    score: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str | None] = mapped_column(Text)
    by_link: Mapped[bool]  # without a sign-in, by whoever was sent the link
    at: Mapped[datetime]
