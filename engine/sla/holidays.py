"""Public holidays: a region's published years, kept in a table of our own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from engine import clock
from engine.db import Base, db
from engine.sla.calendar_documents import stronger
from engine.sla.calendars import Calendar, DayRule
from engine.sla.models import HolidayYear, PublicHoliday

CHINA = "CN"
REGIONS = (CHINA,)
# Days before a due time in a year without published holidays on which somebody is told.
WARNINGS = (60, 30, 7)

_holiday = Base.metadata.tables[PublicHoliday.__tablename__]
_year = Base.metadata.tables[HolidayYear.__tablename__]


@dataclass(frozen=True, slots=True)
class Published:
    """What a source says of a region: its years, and the rules of single dates."""

    region: str
    source: str
    years: tuple[int, ...]
    rules: Mapping[date, DayRule]


def china() -> Published:
    """The days off and the make-up days of mainland China, as the State Council published them."""
    import chinese_calendar
    from chinese_calendar import constants

    names = {
        holiday.value: {"zh-CN": holiday.chinese, "en": holiday.value}
        for holiday in constants.Holiday
    }
    rules = {day: DayRule("closed", names=names[name]) for day, name in constants.holidays.items()}
    for day, name in constants.workdays.items():
        named = names[name]
        made_up = {"zh-CN": f"{named['zh-CN']}调休上班", "en": f"Make-up day, {named['en']}"}
        rules[day] = DayRule("makeup", as_weekday=0, names=made_up)
    years = tuple(sorted({day.year for day in rules}))
    return Published(CHINA, f"chinesecalendar {chinese_calendar.__version__}", years, rules)


def take_over(published: Published) -> list[int]:
    """Writes the years that are not there yet, or changed; gives those back."""
    sources = _sources(published.region)
    if all(sources.get(year) == published.source for year in published.years):
        return []
    before, now = _by_year(rules(published.region)), _by_year(published.rules)
    taken = []
    for year in published.years:
        if year not in sources or before.get(year) != now.get(year):
            taken.append(year)
        _write(published, year, now.get(year, {}))
    return taken


def _by_year(found: Mapping[date, DayRule]) -> dict[int, dict[date, DayRule]]:
    years: dict[int, dict[date, DayRule]] = {}
    for day, rule in found.items():
        years.setdefault(day.year, {})[day] = rule
    return years


def _write(published: Published, year: int, days: Mapping[date, DayRule]) -> None:
    region = published.region
    first, last = date(year, 1, 1), date(year, 12, 31)
    connection = db.session.connection()
    connection.execute(
        delete(_holiday).where(_holiday.c.region == region, _holiday.c.day.between(first, last))
    )
    connection.execute(delete(_year).where(_year.c.region == region, _year.c.year == year))
    if days:
        rows = [_row(region, day, rule) for day, rule in days.items()]
        connection.execute(insert(_holiday), rows)
    values = {"source": published.source, "imported_at": clock.now()}
    connection.execute(insert(_year).values(region=region, year=year, **values))


def _row(region: str, day: date, rule: DayRule) -> dict[str, Any]:
    weekday = rule.as_weekday if rule.kind == "makeup" else None
    return {
        "region": region,
        "day": day,
        "kind": rule.kind,
        "as_weekday": weekday,
        "names": dict(rule.names),
    }


def _sources(region: str) -> dict[int, str]:
    """The years of a region that are taken over, each with what it came from."""
    statement = select(_year.c.year, _year.c.source).where(_year.c.region == region)
    return {row.year: row.source for row in db.session.execute(statement)}


def official_until(region: str) -> int | None:
    """The last year of a region that is published and taken over."""
    newest = select(func.max(_year.c.year)).where(_year.c.region == region)
    found: int | None = db.session.scalar(newest)
    return found


def rules(region: str) -> dict[date, DayRule]:
    """What is said of the dates of a region."""
    rows = db.session.execute(select(_holiday).where(_holiday.c.region == region))
    return {row.day: DayRule(row.kind, row.as_weekday or 0, (), row.names) for row in rows}


def joined(own: Mapping[date, DayRule], public: Mapping[date, DayRule]) -> dict[date, DayRule]:
    """A calendar's own rules and the public ones; of two for one date the stronger holds."""
    found = dict(public)
    for day, rule in own.items():
        found[day] = stronger(rule, public[day]) if day in public else rule
    return found


def warning(calendar: Calendar, due: datetime, now: datetime) -> int | None:
    """Which warning a due time in an unpublished year is in: 60, 30 or 7 days before; else None."""
    if not calendar.is_provisional(due):
        return None
    left = (due - now).total_seconds() / 86_400
    return min((days for days in WARNINGS if left <= days), default=None)
