"""How the organisation is cut: departments."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base


class Department(Base):
    """A part of the organisation, with a head and a place in the tree."""

    __tablename__ = "department"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    names: Mapped[dict[str, Any]]
    parent: Mapped[str | None] = mapped_column(ForeignKey("department.key"), index=True)
    # Plain names, not foreign keys: people point at departments already, and a circle of keys
    # cannot be created in one go. Accounts are never deleted, so a name stays good.
    head: Mapped[str | None] = mapped_column(String(64))
    deputy: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)
