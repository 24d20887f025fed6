"""Who there is: people, their groups, their sessions and their API tokens."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base


class User(Base):
    """A person (or a program) that may sign in; the username never changes."""

    __tablename__ = "user_account"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    names: Mapped[dict[str, Any]]  # language -> name
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(16), default="zh-CN")
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    department: Mapped[str | None] = mapped_column(ForeignKey("department.key"), index=True)
    manager: Mapped[str | None] = mapped_column(ForeignKey("user_account.username"), index=True)
    roles: Mapped[list[str]]
    skills: Mapped[dict[str, Any]] = mapped_column(default=dict)  # skill -> level, 1 to 5
    capacity: Mapped[int | None]  # open tasks at most; None: no limit
    place: Mapped[str | None] = mapped_column(ForeignKey("place.key"), index=True)
    customer: Mapped[str | None] = mapped_column(ForeignKey("customer.key"), index=True)
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)


class Group(Base):
    """People who take work together."""

    __tablename__ = "user_group"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    names: Mapped[dict[str, Any]]
    lead: Mapped[str | None] = mapped_column(ForeignKey("user_account.username"))
    calendar: Mapped[str | None] = mapped_column(String(64))  # of working time, by its key
    weight: Mapped[int] = mapped_column(default=1)  # its share where several groups may take work
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)


class GroupMember(Base):
    """A person in a group."""

    __tablename__ = "group_member"
    __table_args__ = (Index("ix_group_member_username", "username", "group_key"),)

    group_key: Mapped[str] = mapped_column(
        ForeignKey("user_group.key", ondelete="CASCADE"), primary_key=True
    )
    username: Mapped[str] = mapped_column(
        ForeignKey("user_account.username", ondelete="CASCADE"), primary_key=True
    )


class WebSession(Base):
    """A browser that is signed in; only the hash of its cookie is kept."""

    __tablename__ = "web_session"

    id_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    username: Mapped[str] = mapped_column(
        ForeignKey("user_account.username", ondelete="CASCADE"), index=True
    )
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A key for programs; only its hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    username: Mapped[str] = mapped_column(
        ForeignKey("user_account.username", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    prefix: Mapped[str] = mapped_column(String(16))
    scopes: Mapped[list[str] | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
