"""Ticket types, their immutable versions, and the drafts that become versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base


class ProcessDefinition(Base):
    """A ticket type; what it is made of stands in its versions."""

    __tablename__ = "process_definition"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    names: Mapped[dict[str, Any]]
    number_patterns: Mapped[list[str]]  # of all its versions, the newest first
    latest: Mapped[int]  # the highest version number
    # Ids of versions, kept here so that a type is found by one look at a small row. Plain numbers:
    # versions point at their type already, and a circle of keys cannot be created in one go.
    latest_id: Mapped[int | None]
    open_id: Mapped[int | None]  # the version that new tickets take; None: the type is retired
    rollout: Mapped[dict[str, Any] | None]  # engine.deployments.rollout: who takes it, who another
    created_at: Mapped[datetime]


class ProcessVersion(Base):
    """One deployed state of a package, never changed afterwards."""

    __tablename__ = "process_version"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        # Not unique: taking a version up again makes a new one of the same content.
        Index("ix_process_version_content", "key", "content_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(ForeignKey("process_definition.key"))
    version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    pinned: Mapped[dict[str, Any]]  # key of a package that it calls -> version id
    deployed_by: Mapped[str] = mapped_column(String(64))
    deployed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    package: Mapped[bytes] = mapped_column(
        LargeBinary
    )  # the canonical zip; last, so that lists skip it


class Draft(Base):
    """A package that is being edited."""

    __tablename__ = "draft"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    base: Mapped[int | None]  # number of the version that it began from
    rev: Mapped[int] = mapped_column(BigInteger)
    updated_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime]


class DraftFile(Base):
    """One file of a draft; `rev` is that of the draft when the file last changed."""

    __tablename__ = "draft_file"

    key: Mapped[str] = mapped_column(ForeignKey("draft.key", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    rev: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int]
    updated_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime]
    content: Mapped[bytes] = mapped_column(LargeBinary)
