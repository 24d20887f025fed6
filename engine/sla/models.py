"""What is kept of business calendars: the calendars, each of their versions, public holidays."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base, Json


class BusinessCalendar(Base):
    """A calendar as it was last written; `version` is that of its working time."""

    __tablename__ = "business_calendar"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    tz: Mapped[str] = mapped_column(String(64))
    weekly: Mapped[list[Any]] = mapped_column(Json)
    exceptions: Mapped[dict[str, Any]]
    holidays: Mapped[str | None] = mapped_column(String(8))  # the region whose holidays it keeps
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    rev: Mapped[int] = mapped_column(default=1)


class BusinessCalendarVersion(Base):
    """The working time of a calendar at one version, public holidays included; never changed.

    It outlives its calendar: clocks that ran by it can still be read.
    """

    __tablename__ = "business_calendar_version"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]]
    official_until: Mapped[int | None]  # the last year whose public holidays are published
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))


class PublicHoliday(Base):
    """What the state says of one date of a region: a day off, or a day to make up for one."""

    __tablename__ = "public_holiday"

    region: Mapped[str] = mapped_column(String(8), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))  # closed, makeup
    as_weekday: Mapped[int | None]
    names: Mapped[dict[str, Any]]


class HolidayYear(Base):
    """A year of a region whose public holidays are published and taken over."""

    __tablename__ = "holiday_year"

    region: Mapped[str] = mapped_column(String(8), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(100))
    imported_at: Mapped[datetime]
