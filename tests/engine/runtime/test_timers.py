"""When timers are due: literals as the standard writes them, cron lines and FEEL values."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.processes.runtime import DefinitionRefused, ProcessFault
from engine.processes.spiff.timers import TimerInvalid, schedule
from tests.engine.runtime.diagrams import Diagram, timer
from tests.engine.runtime.walking import Walk

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 1, 30, 10, 0, tzinfo=UTC)  # Friday, 18:00 in Shanghai


def at(*parts: int) -> datetime:
    """A moment of UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT4H", at(2026, 1, 30, 14, 0)),
        ("pt4h", at(2026, 1, 30, 14, 0)),
        ("PT1.5S", NOW + timedelta(seconds=1.5)),
        ("P1DT12H", at(2026, 1, 31, 22, 0)),
        ("P2W", at(2026, 2, 13, 10, 0)),
        ("P1M", at(2026, 2, 28, 10, 0)),
        ("P1Y", at(2027, 1, 30, 10, 0)),
        ("PT0S", NOW),
        ("2026-12-01T09:00:00", at(2026, 12, 1, 1, 0)),
        ("2026-12-01T09:00", at(2026, 12, 1, 1, 0)),
        ("2026-12-01", at(2026, 11, 30, 16, 0)),
        ("2026-12-01T09:00:00Z", at(2026, 12, 1, 9, 0)),
        ("2026-12-01T09:00:00+02:00", at(2026, 12, 1, 7, 0)),
        ("2020-01-01T00:00:00Z", at(2020, 1, 1, 0, 0)),
        (timedelta(hours=2), at(2026, 1, 30, 12, 0)),
        (datetime(2026, 2, 1, 9, 0), at(2026, 2, 1, 1, 0)),  # noqa: DTZ001
        (datetime(2026, 2, 1, 9, 0, tzinfo=UTC), at(2026, 2, 1, 9, 0)),
        (date(2026, 2, 1), at(2026, 1, 31, 16, 0)),
    ],
)
def test_a_timer_that_fires_once(text: Any, due: datetime) -> None:
    plan = schedule(text, None, NOW, SHANGHAI)

    assert plan.due == due
    assert plan.next(SHANGHAI) is None


@pytest.mark.parametrize(
    ("text", "dues"),
    [
        ("R3/PT1H", [at(2026, 1, 30, 11, 0), at(2026, 1, 30, 12, 0), at(2026, 1, 30, 13, 0)]),
        ("R1/PT1H", [at(2026, 1, 30, 11, 0)]),
        (
            "R2/2026-02-01T09:00:00/P1D",
            [at(2026, 2, 1, 1, 0), at(2026, 2, 2, 1, 0)],
        ),
        (
            "R2/PT1H/2026-02-01T09:00:00Z",
            [at(2026, 2, 1, 8, 0), at(2026, 2, 1, 9, 0)],
        ),
    ],
)
def test_a_timer_that_repeats(text: str, dues: list[datetime]) -> None:
    plan = schedule(text, "timeCycle", NOW, SHANGHAI)
    found = []
    following: Any = plan
    while following is not None:
        found.append(following.due)
        following = following.next(SHANGHAI)

    assert found == dues


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("R/PT1H", at(2026, 1, 30, 11, 0), at(2026, 1, 30, 12, 0)),
        ("PT1H", at(2026, 1, 30, 11, 0), at(2026, 1, 30, 12, 0)),
        ("R/P1M", at(2026, 2, 28, 10, 0), at(2026, 3, 28, 10, 0)),
        ("0 9 * * 1-5", at(2026, 2, 2, 1, 0), at(2026, 2, 3, 1, 0)),
        ("*/15 * * * *", at(2026, 1, 30, 10, 15), at(2026, 1, 30, 10, 30)),
        ("0 9 1 * *", at(2026, 2, 1, 1, 0), at(2026, 3, 1, 1, 0)),
        ("0 0 9 ? * MON-FRI", at(2026, 2, 2, 1, 0), at(2026, 2, 3, 1, 0)),
        ("0 0 9 ? * 2", at(2026, 2, 2, 1, 0), at(2026, 2, 9, 1, 0)),
        ("30 18 * * SUN", at(2026, 2, 1, 10, 30), at(2026, 2, 8, 10, 30)),
        ("0 0 29 2 *", at(2028, 2, 28, 16, 0), at(2032, 2, 28, 16, 0)),
    ],
)
def test_a_timer_without_end(text: str, first: datetime, second: datetime) -> None:
    plan = schedule(text, "timeCycle", NOW, SHANGHAI)
    following = plan.next(SHANGHAI)

    assert plan.due == first
    assert following is not None
    assert following.due == second
    assert following.left is None


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("R/PT1H", at(2026, 2, 6, 11, 0)),
        ("R/P1M", at(2026, 3, 28, 10, 0)),
        ("0 9 * * 1-5", at(2026, 2, 9, 1, 0)),
        ("R5/PT1H", at(2026, 1, 30, 12, 0)),
    ],
)
def test_a_timer_without_end_does_not_make_up_for_what_was_missed(text: str, due: datetime) -> None:
    later = NOW + timedelta(days=7)

    following = schedule(text, "timeCycle", NOW, SHANGHAI).next(SHANGHAI, later)

    assert following is not None
    assert following.due == due


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "tomorrow",
        "-PT4H",
        "PT4H PT4H",
        "P99999999999Y",
        "P1000000Y",
        "PT999999999999999S",
        "2026-13-01",
        "9999-12-31T23:59:59-12:00",
        "R0/PT1H",
        "R9999999/PT1H",
        "R/PT0S",
        "R3/PT1H/PT1H/PT1H",
        "R/PT1H/2026-01-01",
        "Rx/PT1H",
        "* * * *",
        "61 * * * *",
        "0 0 31 2 *",
        "30 0 9 ? * MON",
        "x" * 1000,
        None,
        17,
        True,
        ["PT4H"],
        timedelta(seconds=-1),
    ],
)
def test_what_is_no_time_is_refused(text: Any) -> None:
    with pytest.raises(TimerInvalid):
        schedule(text, "timeCycle", NOW, SHANGHAI)


def waiting(text: str, way: str = "timeDuration") -> Diagram:
    """start -> wait -> after."""
    d = Diagram()
    d.start()
    d.node("intermediateCatchEvent", "wait", timer(text, way))
    d.user("after")
    d.line("start", "wait", "after")
    return d


def test_an_expression_gives_the_time_where_the_token_arrives() -> None:
    walk = Walk(waiting("=pause"), variables={"pause": timedelta(hours=2)})
    assert walk.waits[0].due == walk.now + timedelta(hours=2)

    assert walk.fire("wait")

    assert walk.open == ["after"]


def test_an_expression_may_give_a_text() -> None:
    assert Walk(waiting("=pause"), variables={"pause": "PT2H"}).waits[0].due is not None


@pytest.mark.parametrize("value", [None, "soon", 5])
def test_an_expression_that_gives_no_time_is_a_fault(value: Any) -> None:
    with pytest.raises(ProcessFault) as fault:
        Walk(waiting("=pause"), variables={"pause": value})

    assert (fault.value.code, fault.value.element) == ("timer-invalid", "wait")


@pytest.mark.parametrize(
    ("text", "way", "code"),
    [
        ("4 hours", "timeDuration", "timer-duration-unreadable"),
        ("tomorrow", "timeDate", "timer-date-unreadable"),
        ("R/PT0S", "timeCycle", "timer-cycle-unreadable"),
    ],
)
def test_a_literal_that_is_no_time_is_refused_before_it_runs(
    text: str, way: str, code: str
) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        Walk(waiting(text, way))

    assert [(f.code, f.element) for f in refused.value.findings] == [(code, "wait")]


def test_a_message_does_not_fire_a_timer() -> None:
    walk = Walk(waiting("PT1H"))
    instance = walk._load()

    assert not instance.deliver(instance.waits[0].id, {})
    assert instance.fire_timer(instance.waits[0].id)
    assert not instance.fire_timer(instance.waits[0].id if instance.waits else "0" * 32)
