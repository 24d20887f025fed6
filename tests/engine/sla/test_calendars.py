"""Working time agrees with a minute-by-minute walk, in every zone and over every switch."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.sla.calendars import ALWAYS, Calendar, CalendarError, DayRule
from tests.engine.sla import minute_walk

# Zones with every kind of switch: at midnight, by half an hour, a day left out, none at all.
ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Havana",
    "America/Santiago",
    "Atlantic/Azores",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
]
# Stretches with switches in them: spring and autumn in the north and the south, Samoa's lost day.
NEAR = [
    datetime(2026, 3, 7, tzinfo=UTC),
    datetime(2026, 3, 28, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC),
    datetime(2026, 9, 5, tzinfo=UTC),
    datetime(2026, 10, 3, tzinfo=UTC),
    datetime(2026, 10, 24, tzinfo=UTC),
    datetime(2026, 10, 31, tzinfo=UTC),
    datetime(2011, 12, 29, tzinfo=UTC),
    datetime(2025, 12, 30, tzinfo=UTC),
]
HOURS = st.integers(0, 1439).map(lambda minute: minute - minute % 5)


@st.composite
def windows(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    found = set()
    for _ in range(draw(st.integers(0, 3))):
        start, end = draw(HOURS), draw(st.one_of(HOURS, st.just(1440)))
        if start != end:
            found.add((start, end if end > start else end + 1440))
    return tuple(sorted(found))


@st.composite
def rules(draw: st.DrawFn) -> DayRule:
    kind = draw(st.sampled_from(["closed", "makeup", "custom"]))
    if kind == "makeup":
        return DayRule("makeup", draw(st.integers(0, 6)))
    return DayRule("custom", windows=draw(windows())) if kind == "custom" else DayRule("closed")


@st.composite
def calendars_and_starts(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    near = draw(st.sampled_from(NEAR))
    days = st.integers(-2, 4).map(lambda count: near.date() + timedelta(days=count))
    calendar = Calendar(
        ZoneInfo(draw(st.sampled_from(ZONES))),
        tuple(draw(windows()) for _ in range(7)),
        draw(st.dictionaries(days, rules(), max_size=3)),
    )
    return calendar, near + timedelta(minutes=draw(st.integers(-600, 2_400)))


@settings(max_examples=150, deadline=None)
@given(calendars_and_starts(), st.integers(0, 2_400))
def test_between_agrees_with_a_minute_walk(drawn: tuple[Calendar, datetime], minutes: int) -> None:
    calendar, start = drawn
    end = start + timedelta(minutes=minutes)

    assert calendar.between(start, end) == minute_walk.opened(calendar, start, end)
    assert calendar.is_open(start) == minute_walk.is_open(calendar, start)


@settings(max_examples=300, deadline=None)
@given(calendars_and_starts(), st.integers(0, 400_000), st.integers(0, 400_000))
def test_add_is_the_least_instant_and_can_be_taken_in_parts(
    drawn: tuple[Calendar, datetime], first: int, second: int
) -> None:
    calendar, start = drawn
    assume(calendar.next_open(start) is not None and any(calendar.weekly))
    try:
        due = calendar.add(start, first + second)
    except CalendarError:
        assume(False)

    assert calendar.between(start, due) == first + second
    assert calendar.add(calendar.add(start, first), second) == due
    if due > start:
        assert calendar.between(start, due - timedelta(microseconds=1)) < first + second


@settings(max_examples=100, deadline=None)
@given(calendars_and_starts(), st.lists(st.integers(0, 500_000), min_size=1, max_size=4))
def test_open_time_of_parts_adds_up(drawn: tuple[Calendar, datetime], lengths: list[int]) -> None:
    calendar, start = drawn
    cuts = [start]
    for length in lengths:
        cuts.append(cuts[-1] + timedelta(seconds=length))

    parts = sum(calendar.between(a, b) for a, b in pairwise(cuts))
    shown = sum(
        (closed - opened).total_seconds() for opened, closed in calendar.intervals(start, cuts[-1])
    )

    assert parts == calendar.between(start, cuts[-1]) == shown


def test_the_always_open_calendar_is_plain_time() -> None:
    start = datetime(2026, 12, 31, 23, 59, 30, 250_000, tzinfo=UTC)

    assert ALWAYS.add(start, 86_400) == start + timedelta(days=1)
    assert ALWAYS.between(start, start + timedelta(days=400)) == 400 * 86_400


def test_nothing_lies_between_an_end_and_an_earlier_end() -> None:
    later = datetime(2026, 3, 2, tzinfo=UTC)

    assert ALWAYS.between(later, later - timedelta(hours=1)) == 0


def test_a_calendar_that_is_never_open_again_says_so() -> None:
    never = Calendar(
        ZoneInfo("UTC"), ((),) * 7, {date(2026, 3, 3): DayRule("custom", windows=((540, 600),))}
    )
    start = datetime(2026, 3, 2, tzinfo=UTC)

    assert never.add(start, 3_600) == datetime(2026, 3, 3, 10, tzinfo=UTC)
    with pytest.raises(CalendarError, match="calendar-no-open-time"):
        never.add(start, 3_601)
    assert never.next_open(datetime(2026, 3, 4, tzinfo=UTC)) is None


def test_an_instant_too_far_ahead_is_refused_soon() -> None:
    seldom = Calendar(ZoneInfo("UTC"), (((0, 1),), *((),) * 6))

    with pytest.raises(CalendarError, match="calendar-too-far"):
        seldom.add(datetime(2026, 3, 2, tzinfo=UTC), 10**9)
