"""Ticket types, their immutable versions, and the drafts that become versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base


class ProcessDefinition(Base):
    """A ticket type; what it is made of stands in its versions."""

    __tablename__ = "process_definition"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    names: Mapped[dict[str, Any]]
    number_pattern: Mapped[str] = mapped_column(String(80))
    latest: Mapped[int]
    created_at: Mapped[datetime]


class ProcessVersion(Base):
    """One deployed state of a package, never changed afterwards."""

    __tablename__ = "process_version"
    __table_args__ = (UniqueConstraint("key", "version"), UniqueConstraint("key", "content_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(ForeignKey("process_definition.key"))
    version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    package: Mapped[bytes] = mapped_column(LargeBinary)  # the canonical zip
    pinned: Mapped[dict[str, Any]]  # called process of another package -> its version id
    deployed_by: Mapped[str] = mapped_column(String(64))
    deployed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Draft(Base):
    """A package that is being edited."""

    __tablename__ = "draft"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    rev: Mapped[int] = mapped_column(default=1)
    updated_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime]


class DraftFile(Base):
    """One file of a draft."""

    __tablename__ = "draft_file"

    key: Mapped[str] = mapped_column(ForeignKey("draft.key", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    rev: Mapped[int] = mapped_column(default=1)
    updated_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime]
