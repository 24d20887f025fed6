"""What is written of a calendar is read again as the same."""

from datetime import datetime

from hypothesis import given, settings

from engine.sla.calendar_documents import read_calendar, write_calendar
from engine.sla.calendars import ALWAYS, Calendar
from tests.engine.sla.test_calendars import calendars_and_starts


@settings(max_examples=100, deadline=None)
@given(calendars_and_starts())
def test_a_calendar_comes_back_as_it_was(drawn: tuple[Calendar, datetime]) -> None:
    calendar, _ = drawn

    again = read_calendar(write_calendar(calendar))

    assert (again.zone, again.weekly) == (calendar.zone, calendar.weekly)
    assert again.exceptions == calendar.exceptions
    assert write_calendar(again) == write_calendar(calendar)


def test_the_end_of_a_day_is_written_as_twenty_four() -> None:
    assert write_calendar(ALWAYS)["weekly"][0] == [["00:00", "24:00"]]
