"""Notices in people's inboxes, what is sent out over channels, and what people want to hear."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, BigId


class Notice(Base):
    """One thing that one person is told, in his inbox.

    `seq` is the fact of the ticket's history, 0 for what is told once a ticket.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("ticket_id", "rule", "username", "seq"),
        Index("ix_notice_inbox", "username", "id"),
        Index(
            "ix_notice_unread",
            "username",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    number: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int]
    rule: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    username: Mapped[str] = mapped_column(ForeignKey("user_account.username"))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Channel(Base):
    """A way out: a mail server, a robot in a chat, an address that takes webhooks.

    `settings` are what its kind describes, `secrets` the same encrypted and never shown again.
    """

    __tablename__ = "channel"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    names: Mapped[dict[str, Any]]
    active: Mapped[bool] = mapped_column(default=True)
    settings: Mapped[dict[str, Any]]
    secrets: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)


class ChannelPace(Base):
    """How fast a channel may send: when its last messages went, and when it is looked at next.

    `turn` numbers the jobs of a channel; only the job with the newest number acts.
    """

    __tablename__ = "channel_pace"

    channel: Mapped[str] = mapped_column(
        ForeignKey("channel.key", ondelete="CASCADE"), primary_key=True
    )
    sent: Mapped[list[str]]  # instants in seconds since 1970, oldest first
    next_at: Mapped[datetime | None]
    resting_until: Mapped[datetime | None]  # the other side is away
    turn: Mapped[int] = mapped_column(default=0)


class Delivery(Base):
    """One text on its way to one target over one channel; `key` makes it go out once."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_waiting", "channel", "state", "due", "id"),
        Index("ix_delivery_target", "channel", "target", "state", "id"),
        Index("ix_delivery_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(250), unique=True)
    channel: Mapped[str] = mapped_column(ForeignKey("channel.key", ondelete="CASCADE"))
    target: Mapped[str] = mapped_column(String(254))  # an e-mail address; "" for a robot
    username: Mapped[str | None] = mapped_column(String(64))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    content: Mapped[dict[str, Any]]  # subject, text, html, and what the channel's kind needs
    digest: Mapped[bool] = mapped_column(default=False)  # may share a message with others
    state: Mapped[str] = mapped_column(String(8), default="waiting")  # waiting, sent, dead
    due: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class NotificationPreference(Base):
    """What somebody wants to hear, and when; who has no row hears everything at once."""

    __tablename__ = "notification_preference"

    username: Mapped[str] = mapped_column(
        ForeignKey("user_account.username", ondelete="CASCADE"), primary_key=True
    )
    muted: Mapped[list[str]]  # kinds of facts
    muted_channels: Mapped[list[str]]  # kinds of channels that reach the person alone
    digest: Mapped[str] = mapped_column(String(8), default="none")  # none, hourly, daily
    quiet_from: Mapped[str | None] = mapped_column(String(5))  # 22:00
    quiet_to: Mapped[str | None] = mapped_column(String(5))
    language: Mapped[str | None] = mapped_column(String(16))
    rev: Mapped[int] = mapped_column(default=1)
