"""The things and the places that tickets speak of."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base


class Place(Base):
    """Where people and things are: a site, a building, a room."""

    __tablename__ = "place"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    names: Mapped[dict[str, Any]]
    parent: Mapped[str | None] = mapped_column(ForeignKey("place.key"), index=True)
    address: Mapped[str | None] = mapped_column(String(500))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    radius: Mapped[int | None]  # metres around the point that still count as there
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)


class Asset(Base):
    """A thing with a number, such as a machine: where it is, whose it is, who supplied it."""

    __tablename__ = "asset"

    number: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64), index=True)
    names: Mapped[dict[str, Any]]
    place: Mapped[str | None] = mapped_column(ForeignKey("place.key"), index=True)
    owner: Mapped[str | None] = mapped_column(ForeignKey("user_account.username"), index=True)
    customer: Mapped[str | None] = mapped_column(ForeignKey("customer.key"), index=True)
    supplier: Mapped[str | None] = mapped_column(String(200))
    warranty: Mapped[date | None]  # its last day
    parent: Mapped[str | None] = mapped_column(ForeignKey("asset.number"), index=True)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)
