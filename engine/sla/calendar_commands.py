"""Changes to business calendars; each change of working time is a new version."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from engine import clock
from engine.access import names
from engine.access.policy import SYSTEM, Actor, require
from engine.db import db
from engine.deployments import catalogue
from engine.directory.models import Contract
from engine.errors import BuiltIn, InputError, InUse, InvalidInput, NotFound, StaleVersion
from engine.jobs import queue
from engine.jobs.models import BULK
from engine.sla import calendar_store, holidays
from engine.sla.calendar_documents import read_calendar, write_calendar, write_rule
from engine.sla.calendars import ALWAYS, Calendar, DayRule
from engine.sla.models import BusinessCalendar, BusinessCalendarVersion
from engine.sla.shipped import SHIPPED
from engine.uow import command

MAX_NAME = 200
# The job that follows when holidays were published: the layer above measures its clocks again.
HOLIDAYS_ARRIVED = "holidays_arrived"
# Whether something of a layer above still runs by a calendar.
_users: list[Callable[[str], bool]] = []


def install_use(is_used: Callable[[str], bool]) -> None:
    """Adds somebody who may still need a calendar."""
    if is_used not in _users:
        _users.append(is_used)


@command
def put_calendar(
    actor: Actor, key: str, given: Mapping[str, Any], *, version: int | None = None
) -> tuple[BusinessCalendar, bool]:
    """Writes a calendar as a whole, new or not; says whether it is new.

    `given` has name, tz, weekly, exceptions and holidays (a region, or None).
    """
    require(actor, "manage_calendars")
    names.check_key(key)
    if key == ALWAYS.key:
        raise BuiltIn(kind="calendar", id=key)
    _check(given)
    row = _locked(key, version)
    made = row is None
    if row is None:
        row = BusinessCalendar(key=key, created_at=clock.now(), version=0, rev=0)
        row.version = _last_version(key)
        db.session.add(row)
    own = read_calendar(given)
    row.name = given["name"]
    row.holidays = given.get("holidays")
    row.tz, row.weekly, row.exceptions = write_calendar(own).values()
    row.rev += 1
    row.changed_at, row.changed_by = clock.now(), actor.username
    _write_version(actor, row)
    return row, made


@command
def merge_exceptions(
    actor: Actor, key: str, rules: Mapping[date, DayRule], *, version: int | None = None
) -> BusinessCalendar:
    """Adds rules for single dates to a calendar; what it said of those dates goes."""
    row = _there(key, version)
    written = {day.isoformat(): write_rule(rule) for day, rule in rules.items()}
    given = {
        "name": row.name,
        "tz": row.tz,
        "weekly": row.weekly,
        "exceptions": {**row.exceptions, **written},
        "holidays": row.holidays,
    }
    return put_calendar(actor, key, given)[0]


@command
def delete_calendar(actor: Actor, key: str, *, version: int | None = None) -> None:
    """Removes a calendar that nothing names; its versions stay for the clocks that ran by it."""
    require(actor, "manage_calendars")
    row = _there(key, version)
    if key in SHIPPED:
        raise BuiltIn(kind="calendar", id=key)
    if _is_used(key):
        raise InUse(kind="calendar", id=key)
    db.session.delete(row)
    calendar_store.changed(key)


@command
def import_holidays(actor: Actor, published: holidays.Published) -> list[int]:
    """Takes over the published years of a region; its calendars get new versions."""
    require(actor, "manage_calendars")
    years = holidays.take_over(published)
    if not years:
        return []
    rows = db.session.scalars(
        select(BusinessCalendar)
        .where(BusinessCalendar.holidays == published.region)
        .order_by(BusinessCalendar.key)
        .with_for_update()
    ).all()
    for row in rows:
        row.rev += 1
        row.changed_at, row.changed_by = clock.now(), actor.username
        _write_version(actor, row)
    if rows:
        payload = {"region": published.region, "years": years}
        queue.enqueue(db.session.connection(), HOLIDAYS_ARRIVED, payload, lane=BULK)
    return years


@command
def ensure_calendars() -> None:
    """Brings the calendars that every installation has, and the holidays that are published."""
    import_holidays(SYSTEM, holidays.china())
    for key, given in SHIPPED.items():
        if db.session.get(BusinessCalendar, key) is None:
            at = clock.now()
            row = BusinessCalendar(
                key=key, created_at=at, changed_at=at, changed_by=SYSTEM.username, version=0, rev=1
            )
            row.name, row.holidays = given["name"], given["holidays"]
            row.tz, row.weekly, row.exceptions = write_calendar(read_calendar(given)).values()
            row.version = _last_version(key)
            db.session.add(row)
            _write_version(SYSTEM, row)


def _check(given: Mapping[str, Any]) -> None:
    wrong = []
    name = given.get("name")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= MAX_NAME:
        wrong.append(InputError("/name", "length-between", {"min": 1, "max": MAX_NAME}))
    region = given.get("holidays")
    if region is not None and region not in holidays.REGIONS:
        choices = ", ".join(holidays.REGIONS)
        wrong.append(InputError("/holidays", "not-a-choice", {"choices": choices}))
    try:
        read_calendar(given, now=clock.now())
    except InvalidInput as error:
        wrong += error.errors
    if wrong:
        raise InvalidInput(wrong)


def _write_version(actor: Actor, row: BusinessCalendar) -> None:
    """A new version, when the working time is another than before."""
    calendar = _effective(row)
    document, until = write_calendar(calendar), calendar.official_until
    before = db.session.get(BusinessCalendarVersion, (row.key, row.version))
    if before is not None and (before.document, before.official_until) == (document, until):
        return
    row.version += 1
    db.session.add(
        BusinessCalendarVersion(
            key=row.key,
            version=row.version,
            document=document,
            official_until=until,
            at=clock.now(),
            by=actor.username,
        )
    )
    db.session.flush()
    calendar_store.changed(row.key)


def _effective(row: BusinessCalendar) -> Calendar:
    """The working time of a calendar, public holidays included."""
    document = {"tz": row.tz, "weekly": row.weekly, "exceptions": row.exceptions}
    own = read_calendar(document, key=row.key)
    if row.holidays is None:
        return own
    joined = holidays.joined(own.exceptions, holidays.rules(row.holidays))
    until = holidays.official_until(row.holidays)
    return Calendar(own.zone, own.weekly, joined, row.key, row.version, until)


def _there(key: str, version: int | None) -> BusinessCalendar:
    row = _locked(key, version)
    if row is None:
        raise NotFound(kind="calendar", id=key)
    return row


def _locked(key: str, version: int | None) -> BusinessCalendar | None:
    row = db.session.get(BusinessCalendar, key, with_for_update=True, populate_existing=True)
    if row is not None and version is not None and row.rev != version:
        raise StaleVersion(expected=version, found=row.rev)
    return row


def _last_version(key: str) -> int:
    """The newest version that a removed calendar of this key had; a new one counts on."""
    newest = select(func.max(BusinessCalendarVersion.version))
    return db.session.scalar(newest.where(BusinessCalendarVersion.key == key)) or 0


def _is_used(key: str) -> bool:
    contract = select(Contract.key).where(Contract.calendar == key).limit(1)
    return (
        db.session.scalar(contract) is not None
        or any(key in loaded.package.sla.calendars() for loaded in catalogue.types())
        or any(is_used(key) for is_used in _users)
    )
