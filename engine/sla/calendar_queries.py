"""What may be known about calendars: their rows, and what single dates have open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from engine.access.policy import Actor, require
from engine.db import db
from engine.errors import InvalidInput, NotFound
from engine.paging import Page, Window, cut, seek
from engine.sla import calendar_store
from engine.sla.calendars import Calendar, CalendarError
from engine.sla.models import BusinessCalendar
from engine.sla.open_time import Window as OpenWindow

MAX_DAYS = 400
MAX_SECONDS = 100 * 366 * 86_400
FIRST, LAST = 1970, 2200


@dataclass(frozen=True, slots=True)
class Day:
    """A local date of a calendar: what it has open, and why."""

    date: date
    kind: str  # weekly, closed, makeup, custom
    windows: tuple[OpenWindow, ...]
    names: Mapping[str, str]
    is_provisional: bool


def calendars(actor: Actor, window: Window, q: str | None = None) -> Page[BusinessCalendar]:
    """Calendars by key."""
    require(actor, "see_calendars")
    statement = select(BusinessCalendar)
    if q:
        term = q.lower()
        statement = statement.where(
            or_(
                func.lower(BusinessCalendar.key).contains(term, autoescape=True),
                func.lower(BusinessCalendar.name).contains(term, autoescape=True),
            )
        )
    statement = seek(statement, [BusinessCalendar.key], window)
    return cut(db.session.scalars(statement).all(), window, lambda row: (row.key,))


def calendar(actor: Actor, key: str) -> BusinessCalendar:
    """One calendar; raises NotFound."""
    require(actor, "see_calendars")
    row = db.session.get(BusinessCalendar, key)
    if row is None:
        raise NotFound(kind="calendar", id=key)
    return row


def add(actor: Actor, key: str, start: datetime, seconds: int) -> datetime:
    """When so many open seconds have passed."""
    require(actor, "see_calendars")
    found = calendar_store.calendar(key, fresh=True)
    _check_instant("/start", start)
    try:
        return found.add(start, seconds)
    except CalendarError as error:
        raise InvalidInput.at("/seconds", error.code) from None


def between(actor: Actor, key: str, start: datetime, end: datetime) -> int:
    """The open seconds between two instants."""
    require(actor, "see_calendars")
    found = calendar_store.calendar(key, fresh=True)
    _check_instant("/start", start)
    _check_instant("/end", end)
    return found.between(start, end)


def days(actor: Actor, key: str, first: date, last: date) -> list[Day]:
    """The dates from the first to the last."""
    require(actor, "see_calendars")
    found = calendar_store.calendar(key, fresh=True)
    if last < first:
        raise InvalidInput.at("?to", "calendar-ends-before")
    if (last - first).days >= MAX_DAYS:
        raise InvalidInput.at("?to", "calendar-too-many-days", max=MAX_DAYS)
    if not FIRST <= first.year <= last.year <= LAST:
        raise InvalidInput.at("?from", "calendar-too-far")
    return list(_days(found, first, last))


def _days(found: Calendar, first: date, last: date) -> Iterator[Day]:
    until = found.official_until
    for count in range((last - first).days + 1):
        day = first + timedelta(days=count)
        rule = found.exceptions.get(day)
        yield Day(
            day,
            "weekly" if rule is None else rule.kind,
            found.windows_on(day),
            {} if rule is None else rule.names,
            until is not None and day.year > until,
        )


def _check_instant(pointer: str, at: datetime) -> None:
    if not FIRST <= at.year <= LAST:
        raise InvalidInput.at(pointer, "calendar-too-far")
