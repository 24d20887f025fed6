"""The worked examples of working time: lunch, weekends, holidays, make-up days, summer time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.sla import holidays
from engine.sla.calendars import Calendar, DayRule

H, M = 3600, 60
OFFICE = ((540, 720), (810, 1080))
CN = Calendar(
    ZoneInfo("Asia/Shanghai"), (*(OFFICE,) * 5, (), ()), dict(holidays.china().rules), "cn_office"
)
NEW_YORK = ZoneInfo("America/New_York")
NY = Calendar(NEW_YORK, (*(((540, 1020),),) * 5, (), ()))
NY_ALWAYS = Calendar(NEW_YORK, (((0, 1440),),) * 7)
BERLIN = ZoneInfo("Europe/Berlin")
NIGHTS = Calendar(BERLIN, (((1320, 1800),),) * 7)
EARLY = Calendar(BERLIN, (((135, 165),),) * 7)


def local(calendar: Calendar, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("calendar", "start", "seconds", "due"),
    [
        pytest.param(CN, "2026-03-02 11:30", 2 * H, "2026-03-02 15:00", id="1 over lunch"),
        pytest.param(CN, "2026-03-02 11:30", 1 * H, "2026-03-02 14:00", id="1 half"),
        pytest.param(CN, "2026-03-02 11:30", 90 * M, "2026-03-02 14:30", id="1 three quarters"),
        pytest.param(CN, "2026-03-06 16:00", 2 * H, "2026-03-06 18:00", id="2a due at closing"),
        pytest.param(CN, "2026-03-06 18:00", 30 * M, "2026-03-09 09:30", id="2b from closing"),
        pytest.param(CN, "2026-03-06 18:00", 0, "2026-03-06 18:00", id="2c nothing to add"),
        pytest.param(CN, "2026-02-13 17:00", 8 * H, "2026-02-14 17:30", id="3a make-up Saturday"),
        pytest.param(CN, "2026-02-14 17:00", 4 * H, "2026-02-24 12:00", id="3b Spring Festival"),
        pytest.param(CN, "2026-02-28 17:00", 2 * H, "2026-03-02 10:00", id="3c make-up Saturday"),
        pytest.param(CN, "2025-12-31 17:00", 2 * H, "2026-01-04 10:00", id="4a work on Sunday"),
        pytest.param(CN, "2026-09-30 17:30", 8 * H, "2026-10-08 18:00", id="4b National Day"),
        pytest.param(CN, "2026-10-09 17:00", 8 * H, "2026-10-10 17:30", id="4c make-up Saturday"),
        pytest.param(CN, "2026-03-06 17:00", 3 * H, "2026-03-09 11:00", id="6 over the weekend"),
        pytest.param(NY_ALWAYS, "2026-03-08 00:30", 4 * H, "2026-03-08 05:30", id="9a spring"),
        pytest.param(NY, "2026-03-06 16:00", 2 * H, "2026-03-09 10:00", id="9b over the switch"),
        pytest.param(NIGHTS, "2026-10-24 22:00", 8 * H, "2026-10-25 05:00", id="10a long night"),
        pytest.param(NIGHTS, "2026-03-28 22:00", 8 * H, "2026-03-29 23:00", id="10b short night"),
        pytest.param(NY, "2026-10-30 08:00", 4 * H, "2026-10-30 13:00", id="11a from Shanghai"),
        pytest.param(NY, "2026-10-30 16:00", 2 * H, "2026-11-02 10:00", id="11b autumn"),
    ],
)
def test_worked_examples(calendar: Calendar, start: str, seconds: int, due: str) -> None:
    begun = local(calendar, start)

    assert calendar.add(begun, seconds) == local(calendar, due)
    assert calendar.between(begun, local(calendar, due)) == seconds


def test_example_6_a_pause_outside_opening_hours_changes_nothing() -> None:
    before = CN.between(local(CN, "2026-03-06 17:00"), local(CN, "2026-03-06 19:00"))

    due = CN.add(local(CN, "2026-03-09 08:00"), 3 * H - before)

    assert due == local(CN, "2026-03-09 11:00")


@pytest.mark.parametrize(
    ("calendar", "start", "end", "seconds"),
    [
        pytest.param(NY_ALWAYS, "2026-03-08 00:00", "2026-03-09 00:00", 23 * H, id="9c spring day"),
        pytest.param(NY_ALWAYS, "2026-11-01 00:00", "2026-11-02 00:00", 25 * H, id="9c autumn day"),
        pytest.param(EARLY, "2026-03-29 00:00", "2026-03-30 00:00", 0, id="10c never there"),
        pytest.param(EARLY, "2026-10-25 00:00", "2026-10-26 00:00", 60 * M, id="10c there twice"),
    ],
)
def test_days_with_a_switch(calendar: Calendar, start: str, end: str, seconds: int) -> None:
    assert calendar.between(local(calendar, start), local(calendar, end)) == seconds


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        pytest.param((135, 240), 165 * M, id="a start that comes twice is the first"),
        pytest.param((60, 150), 150 * M, id="an end that comes twice is the second"),
    ],
)
def test_a_window_that_reaches_into_the_repeated_hour(
    window: tuple[int, int], expected: int
) -> None:
    calendar = Calendar(BERLIN, ((window,),) * 7)
    day = local(calendar, "2026-10-25 00:00"), local(calendar, "2026-10-26 00:00")

    assert calendar.between(*day) == expected


def test_the_published_holidays_are_those_of_the_state_council() -> None:
    published = holidays.china()

    assert (published.years[0], published.years[-1]) >= (2004, 2026)
    off = [day for day in published.rules if str(day) in ("2026-02-15", "2026-02-23")]
    assert [published.rules[day].kind for day in off] == ["closed", "closed"]
    made_up = {str(day) for day, rule in published.rules.items() if rule.kind == "makeup"}
    assert {"2026-01-04", "2026-02-14", "2026-02-28", "2026-10-10"} <= made_up


@pytest.mark.parametrize(
    ("due", "now", "warned"),
    [
        ("2026-12-31 17:00", "2026-12-30 09:00", None),
        ("2027-01-04 17:00", "2026-10-30 09:00", None),
        ("2027-01-04 17:00", "2026-11-06 09:00", 60),
        ("2027-01-04 17:00", "2026-12-06 09:00", 30),
        ("2027-01-04 17:00", "2026-12-29 09:00", 7),
        ("2027-01-04 17:00", "2027-01-06 09:00", 7),
    ],
)
def test_a_due_time_in_an_unpublished_year_is_warned_of(
    due: str, now: str, warned: int | None
) -> None:
    until = Calendar(CN.zone, CN.weekly, CN.exceptions, "cn_office", 1, 2026)

    assert holidays.warning(until, local(until, due), local(until, now)) == warned


def test_of_two_rules_for_one_date_the_stronger_holds() -> None:
    day = next(day for day in CN.exceptions if str(day) == "2026-02-14")
    own = {day: DayRule("closed")}

    assert holidays.joined(own, CN.exceptions)[day].kind == "makeup"
    own = {day: DayRule("custom", windows=())}
    assert holidays.joined(own, CN.exceptions)[day].kind == "custom"
