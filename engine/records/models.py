"""The fields that an installation adds to its records."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base


class RecordForm(Base):
    """The own fields of a kind of record, as a form document."""

    __tablename__ = "record_form"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    form: Mapped[dict[str, Any]]
    rev: Mapped[int] = mapped_column(default=1)
