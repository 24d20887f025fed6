"""How the organisation is cut, when its people work, and the organisations it works for."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, Json


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


class Skill(Base):
    """Something that people can do, at a level of one to five."""

    __tablename__ = "skill"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    names: Mapped[dict[str, Any]]
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)


class Shift(Base):
    """When somebody works: every week on some days, or once between two instants."""

    __tablename__ = "shift"
    __table_args__ = (Index("ix_shift_username", "username", "ends_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("user_account.username"))
    kind: Mapped[str] = mapped_column(String(16))  # work, on_call, off
    # Weekly: days (0 is Monday) and times of the person's own clock; an end that is not after its
    # start is on the next day.
    weekdays: Mapped[list[int] | None] = mapped_column(Json)
    starts: Mapped[str | None] = mapped_column(String(5))
    ends: Mapped[str | None] = mapped_column(String(5))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    # Once:
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)


class Absence(Base):
    """When somebody is away, and who stands in for which ticket types (None: for all)."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_username", "username", "ends_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("user_account.username"))
    kind: Mapped[str] = mapped_column(String(16))  # leave, sick, trip; delegation: not away
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    deputy: Mapped[str | None] = mapped_column(ForeignKey("user_account.username"), index=True)
    types: Mapped[list[str] | None]
    note: Mapped[str | None] = mapped_column(String(500))
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)


class Customer(Base):
    """An organisation that tickets come from; its contacts are the people who point at it."""

    __tablename__ = "customer"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    names: Mapped[dict[str, Any]]
    domains: Mapped[list[str]] = mapped_column(default=list)  # of their mail addresses
    vip: Mapped[bool] = mapped_column(default=False)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)


class Contract(Base):
    """What a customer was promised, from a day up to and including another."""

    __tablename__ = "contract"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    names: Mapped[dict[str, Any]]
    customer: Mapped[str] = mapped_column(ForeignKey("customer.key"), index=True)
    types: Mapped[list[str] | None]  # of tickets; None: all
    sla_policy: Mapped[str | None] = mapped_column(String(64))
    calendar: Mapped[str | None] = mapped_column(String(64))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    hours: Mapped[float | None]  # of work that are included
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)
