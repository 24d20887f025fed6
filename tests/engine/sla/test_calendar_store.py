"""Calendars in the database: versions, public holidays, and what a change leads to."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from engine.access.policy import SYSTEM
from engine.deployments import checks, commands
from engine.errors import DefinitionInvalid, InUse, NotFound
from engine.sla import calendar_store, holidays
from engine.sla.calendar_commands import (
    delete_calendar,
    ensure_calendars,
    import_holidays,
    put_calendar,
)
from engine.sla.calendars import DayRule
from engine.uow import command
from tests.engine import jobs
from tests.packages import package

pytestmark = pytest.mark.usefixtures("app")

DAY = [["09:00", "17:00"]]
OFFICE: dict[str, Any] = {
    "name": "办公",
    "tz": "Asia/Shanghai",
    "weekly": [DAY, DAY, DAY, DAY, DAY, [], []],
    "exceptions": {},
    "holidays": "CN",
}
MONDAY = datetime(2027, 1, 4, 1, tzinfo=UTC)


def published(*days: str, source: str = "paper 1") -> holidays.Published:
    rules = {date.fromisoformat(day): DayRule("closed", names={"en": "Off"}) for day in days}
    return holidays.Published("CN", source, tuple(sorted({day.year for day in rules})), rules)


def test_the_shipped_calendars_are_there_before_anything_is_written() -> None:
    office = calendar_store.calendar("cn_office")

    assert (office.version, office.official_until) == (0, 2026)
    assert calendar_store.calendar("always").version == 0
    assert "cn_office" in calendar_store.Known()
    assert "mars" not in calendar_store.Known()
    with pytest.raises(NotFound):
        calendar_store.calendar("mars")


def test_written_down_they_are_the_same() -> None:
    before = calendar_store.calendar("cn_office")

    ensure_calendars()

    after = calendar_store.calendar("cn_office", fresh=True)
    assert after.version > 0
    assert after.exceptions == before.exceptions
    assert (after.weekly, after.official_until) == (before.weekly, before.official_until)


def test_a_clock_keeps_the_version_it_began_with() -> None:
    put_calendar(SYSTEM, "office", OFFICE)
    first = calendar_store.calendar("office")

    put_calendar(SYSTEM, "office", {**OFFICE, "tz": "UTC"})

    assert calendar_store.calendar("office").zone.key == "UTC"
    assert calendar_store.calendar("office", first.version) is first


def test_what_is_rolled_back_is_not_remembered() -> None:
    @command
    def fail() -> None:
        put_calendar(SYSTEM, "office", OFFICE)
        assert calendar_store.calendar("office").version == 1
        raise LookupError("nobody there")

    with pytest.raises(LookupError):
        fail()

    with pytest.raises(NotFound):
        calendar_store.calendar("office")
    put_calendar(SYSTEM, "office", {**OFFICE, "tz": "UTC"})
    assert calendar_store.calendar("office").zone.key == "UTC"


def test_newly_published_holidays_make_a_new_version_of_the_calendars_that_keep_them() -> None:
    import_holidays(SYSTEM, published("2026-01-01"))
    put_calendar(SYSTEM, "office", OFFICE)
    put_calendar(SYSTEM, "plain", {**OFFICE, "holidays": None})
    before = calendar_store.calendar("office")
    assert before.is_provisional(MONDAY)

    taken = import_holidays(SYSTEM, published("2026-01-01", "2027-01-04", source="paper 2"))

    after, plain = calendar_store.calendar("office"), calendar_store.calendar("plain")
    assert taken == [2027]
    assert [job.kind for job in jobs.rows()] == ["holidays_arrived"]  # the open clocks follow
    assert (before.version, after.version, plain.version) == (1, 2, 1)
    assert not after.is_provisional(MONDAY)
    assert not plain.is_provisional(MONDAY)
    assert (before.is_open(MONDAY), after.is_open(MONDAY)) == (True, False)


def test_the_same_holidays_again_change_nothing() -> None:
    import_holidays(SYSTEM, published("2026-01-01"))
    put_calendar(SYSTEM, "office", OFFICE)

    assert import_holidays(SYSTEM, published("2026-01-01")) == []
    assert import_holidays(SYSTEM, published("2026-01-01", source="paper 1a")) == []
    assert calendar_store.calendar("office").version == 1


def test_a_calendar_that_a_package_names_stays() -> None:
    text = b'calendar = "office"\n[[policy]]\nmetric = "resolution"\ngoals = [{target = "PT1H"}]\n'
    with_sla = package(replaced={"sla.toml": text})
    with pytest.raises(DefinitionInvalid) as refused:
        commands.deploy(SYSTEM, with_sla)
    said = [one.code for one in refused.value.findings if one.severity == "error"]
    assert said == ["calendar-unknown"]

    put_calendar(SYSTEM, "office", OFFICE)
    commands.deploy(SYSTEM, with_sla)

    with pytest.raises(InUse):
        delete_calendar(SYSTEM, "office")


def test_a_package_is_checked_alone_without_asking_for_calendars(app: Flask) -> None:
    text = b'calendar = "mars"\n[[policy]]\nmetric = "resolution"\ngoals = [{target = "PT1H"}]\n'

    said = [one.code for one in checks.look_alone(package(replaced={"sla.toml": text}))]

    assert "calendar-unknown" not in said
