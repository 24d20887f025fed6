"""The clock machine: the worked examples, every metric, and faults that are known of others."""

import random
from datetime import timedelta
from typing import Any

import pytest

from engine.sla import board as boards
from engine.sla import clocks, recalculating
from engine.sla.calendars import ALWAYS
from engine.sla.clocks import Terms
from tests.engine.sla.clockwork import CN, Clockwork, cn, shown


def resolution(target: str = "PT8H", more: str = "") -> str:
    return (
        f'[[policy]]\nmetric = "resolution"\npause_on = ["waiting"]\n{more}\n'
        f'goals = [ {{ target = "{target}" }} ]\n'
    )


def by_priority(how: str) -> str:
    return (
        f'[[policy]]\nmetric = "resolution"\non_change = "{how}"\n'
        'goals = [ { when = \'priority = "P1"\', target = "PT4H" }, { target = "PT16H" } ]\n'
    )


def test_a_pause_moves_the_due_time_and_shows_what_is_left() -> None:  # example 5
    ticket = Clockwork(resolution()).at("03-02 09:00").at("03-02 10:00", "waiting")

    clock = ticket.clock("resolution")
    assert (clock.state, clock.due, clock.pause_reason) == ("paused", None, "waiting")
    assert clock.limit - clock.elapsed == 7 * 3600

    ticket.at("03-04 10:00", "open")
    assert shown(ticket.clock("resolution").due) == "03-05 09:30"
    assert ticket.elapsed("resolution", "03-04 15:00") == 4.5


def test_a_pause_outside_opening_hours_changes_nothing() -> None:  # example 6
    ticket = Clockwork(resolution("PT3H")).at("03-06 17:00")
    ticket.at("03-06 19:00", "waiting").at("03-09 08:00", "open")

    assert shown(ticket.clock("resolution").due) == "03-09 11:00"
    unpaused = Clockwork(resolution("PT3H")).at("03-06 17:00")
    assert unpaused.clock("resolution").due == ticket.clock("resolution").due


@pytest.mark.parametrize(
    ("how", "when", "due", "breached", "crossed"),
    [
        ("retarget", "03-02 11:00", "03-02 14:30", None, None),
        ("restart", "03-02 11:00", "03-02 16:30", None, None),
        ("retarget", "03-02 15:30", "03-02 15:30", "03-02 15:30", "03-02 14:30"),
    ],
)
def test_a_change_of_priority(
    how: str, when: str, due: str, breached: str | None, crossed: str | None
) -> None:  # example 7
    ticket = Clockwork(by_priority(how)).at("03-02 09:00").at(when, scope={"priority": "P1"})

    clock = ticket.clock("resolution")
    assert (shown(clock.due), shown(clock.breached_at)) == (due, breached)
    assert shown(clock.crossed_at) == crossed
    assert clock.by_retarget is (breached is not None)
    if breached:
        assert clock.elapsed == 5 * 3600


@pytest.mark.parametrize(
    ("how", "due", "breached"),
    [("retarget", "03-07 13:00", None), ("retroactive", "03-07 10:00", "03-07 10:00")],
)
def test_another_calendar_from_now_or_from_the_beginning(
    how: str, due: str, breached: str | None
) -> None:  # example 8
    policies = (
        f'[[policy]]\nmetric = "resolution"\non_change = "{how}"\ngoals = [ {{ when = '
        '\'priority = "P1"\', target = "PT4H", calendar = "always" }, { target = "PT16H" } ]\n'
    )
    ticket = Clockwork(policies).at("03-06 17:00").at("03-07 10:00", scope={"priority": "P1"})

    clock = ticket.clock("resolution")
    assert (shown(clock.due), shown(clock.breached_at)) == (due, breached)
    assert clock.elapsed == (17 * 3600 if breached else 3600)


CONVERSATION = """
[[policy]]
metric = "next_response"
goals = [ { target = "PT1H" } ]
[[policy]]
metric = "periodic_update"
goals = [ { target = "PT4H" } ]
[[policy]]
metric = "acknowledge"
when = 'priority = "P0"'
goals = [ { target = "PT5M", calendar = "always" } ]
steps = [ { at = "100%", notify = ["lead"], repeat = "PT5M", until = "ack", max = 3 } ]
"""


def test_replies_in_a_conversation() -> None:  # example 12
    ticket = Clockwork(CONVERSATION).at("03-02 09:00")
    ticket.at("03-02 10:00", requester_spoke=True).at("03-02 10:40", requester_spoke=True)
    assert shown(ticket.clock("next_response").due) == "03-02 11:00"

    ticket.at("03-02 11:10", agent_spoke=True)

    answered, update = ticket.clock("next_response"), ticket.clock("periodic_update")
    assert (answered.state, answered.elapsed) == ("missed", 70 * 60)
    assert shown(answered.breached_at) == "03-02 11:00"
    assert (update.cycle, shown(update.due)) == (2, "03-02 16:40")


def test_the_alarm_rings_in_a_holiday_night() -> None:  # example 12
    ticket = Clockwork(CONVERSATION, priority="P0").at("02-21 03:00")
    assert shown(ticket.clock("acknowledge").due) == "02-21 03:05"
    assert shown(CN.add(cn("02-21 03:00"), 300)) == "02-24 09:05"

    [alarm] = ticket.work("02-21 03:05")
    assert (alarm.step.notify, alarm.round, alarm.late) == (("lead",), 1, 0)
    assert ticket.next() == "02-21 03:05"  # the breach, one second after
    ticket.at("02-21 03:07", acknowledged=True)
    assert ticket.clock("acknowledge").state == "missed"
    assert ticket.work("02-21 04:00") == []


def both(metric: str, more: str = "") -> Clockwork:
    return Clockwork(
        f'[[policy]]\nmetric = "{metric}"\n{more}\ngoals = [ {{ target = "PT1H" }} ]\n'
    )


# metric, settings, changes (time, category, what happened), states after each (None: no clock)
TABLE: list[tuple[str, str, list[tuple[Any, ...]], list[str | None]]] = [
    (
        "first_response",
        "",
        [
            ("09:00", None, {}),
            ("09:10", None, {}),
            ("09:20", None, {"agent_spoke": True}),
            ("09:30", None, {"requester_spoke": True}),
        ],
        ["running", "running", "met", "met"],
    ),
    (
        "next_response",
        "",
        [
            ("09:00", None, {}),
            ("09:10", None, {"requester_spoke": True}),
            ("09:20", None, {"agent_spoke": True}),
            ("09:30", None, {"requester_spoke": True}),
        ],
        [None, "running", "met", "running"],
    ),
    (
        "periodic_update",
        'pause_on = ["waiting"]',
        [
            ("09:00", None, {}),
            ("09:10", "waiting", {}),
            ("09:20", "open", {}),
            ("09:30", "resolved", {}),
        ],
        ["running", "paused", "running", "met"],
    ),
    (
        "requester_wait",
        "",
        [
            ("09:00", None, {}),
            ("09:10", "waiting", {}),
            ("09:20", "open", {}),
            ("09:30", "resolved", {}),
            ("09:40", "open", {}),
        ],
        ["running", "paused", "running", "met", "running"],
    ),
    (
        "agent_work",
        "",
        [("09:00", None, {}), ("09:10", "waiting", {}), ("09:20", None, {"requester_spoke": True})],
        ["running", "paused", "running"],
    ),
    (
        "resolution",
        "",
        [("09:00", None, {}), ("09:10", "waiting", {}), ("09:30", "cancelled", {})],
        ["running", "running", "cancelled"],
    ),
    (
        "assignment",
        "",
        [
            ("09:00", None, {"queued": True, "group": "it"}),
            ("09:20", None, {"owner": "lina"}),
            ("09:30", None, {"queued": True, "group": "net"}),
        ],
        ["running", "met", "running"],
    ),
    (
        "acknowledge",
        "",
        [
            ("09:00", None, {}),
            ("09:02", None, {"owner": "li"}),
            ("09:03", None, {"owner": "li", "acknowledged": True}),
        ],
        ["running", "running", "met"],
    ),
    (
        "stage",
        'elements = ["check", "test"]',
        [
            ("09:00", None, {}),
            ("09:10", None, {"opened": {"a": "check", "x": "other"}}),
            ("09:20", None, {"opened": {"b": "test"}}),
            ("09:30", None, {"ended": frozenset("a")}),
            ("09:40", None, {"ended": frozenset("b")}),
            ("09:50", None, {"opened": {"c": "test"}}),
        ],
        [None, "running", "running", "running", "met", "running"],
    ),
    (
        "approval",
        "",
        [
            ("09:00", None, {}),
            ("09:10", None, {"rounds_opened": ("r1",)}),
            ("09:20", None, {"rounds_decided": ("r1",), "rounds_opened": ("r2",)}),
            ("09:40", None, {"rounds_decided": ("r2",)}),
        ],
        [None, "running", "running", "met"],
    ),
    (
        "ola",
        'group = "network"',
        [
            ("09:00", None, {"group": "it"}),
            ("09:10", None, {"group": "network"}),
            ("09:20", None, {"group": "it"}),
            ("09:30", None, {"group": "network"}),
        ],
        [None, "running", "met", "running"],
    ),
    (
        "supplier",
        'group = "vendor"',
        [
            ("09:00", None, {}),
            ("09:10", None, {"group": "vendor"}),
            ("09:20", "resolved", {"group": "vendor"}),
        ],
        [None, "running", "met"],
    ),
]


@pytest.mark.parametrize(
    ("metric", "more", "changes", "states"),
    TABLE,
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_metric_starts_and_stops_as_the_table_says(
    metric: str, more: str, changes: list[tuple[Any, ...]], states: list[str | None]
) -> None:
    ticket = both(metric, more)
    seen: list[str | None] = []
    for time, category, what in changes:
        ticket.at(f"03-02 {time}", category, **what)
        [clock] = list(ticket.board.clocks.values()) or [None]
        seen.append(clock.state if clock else None)
    assert seen == states


def test_overlapping_steps_of_a_stage_are_counted_once() -> None:
    ticket = both("stage", 'elements = ["check", "test"]').at("03-02 09:00")
    ticket.at("03-02 09:10", opened={"a": "check"}).at("03-02 09:20", opened={"b": "test"})
    ticket.at("03-02 09:40", ended=frozenset("a")).at("03-02 09:50", ended=frozenset("b"))
    assert ticket.elapsed("stage:check+test", "03-02 12:00") == pytest.approx(40 / 60)


def test_the_time_between_resolved_and_reopened_is_not_counted() -> None:
    ticket = Clockwork(resolution()).at("03-02 09:00").at("03-02 10:00", "resolved")
    assert ticket.clock("resolution").state == "met"
    ticket.at("03-02 15:00", "open")
    assert (ticket.clock("resolution").cycle, ticket.elapsed("resolution", "03-02 16:00")) == (1, 2)


@pytest.mark.parametrize(("more", "cycle"), [('reopen = "new"', 2), ('reopen_within = "PT1H"', 2)])
def test_a_policy_may_want_a_new_cycle_at_the_reopening(more: str, cycle: int) -> None:
    ticket = Clockwork(resolution(more=more)).at("03-02 09:00").at("03-02 10:00", "resolved")
    ticket.at("03-02 15:00", "open")
    assert ticket.clock("resolution").cycle == cycle
    assert ticket.elapsed("resolution", "03-02 16:00") == 1


def test_stopping_at_the_due_time_is_in_time_and_a_second_later_is_not() -> None:
    for when, state in (("03-02 17:00", "met"), ("03-02 17:00:01", "missed")):
        ticket = Clockwork(resolution("PT6H30M")).at("03-02 09:00").at(when, "resolved")
        assert ticket.clock("resolution").state == state


def test_a_lower_priority_never_takes_a_breach_back() -> None:
    ticket = Clockwork(by_priority("retarget"), priority="P1").at("03-02 09:00")
    ticket.at("03-02 16:00", scope={"priority": "P3"})
    clock = ticket.clock("resolution")
    assert (shown(clock.breached_at), clock.target) == ("03-02 14:30", 16 * 3600)
    ticket.at("03-02 16:30", "resolved")
    assert ticket.clock("resolution").state == "missed"


def test_an_extension_keeps_the_original_target() -> None:
    ticket = Clockwork(resolution("PT2H")).at("03-02 09:00")
    clock = ticket.clock("resolution")
    clock.extend(cn("03-02 10:00"), 3600, CN, "等备件", "zhaoyun")
    assert (clock.target, clock.limit, shown(clock.due)) == (7200, 10800, "03-02 12:00")


def test_a_waived_cycle_keeps_its_breach() -> None:
    ticket = Clockwork(resolution("PT1H")).at("03-02 09:00")
    clock = ticket.clock("resolution")
    clock.waive(cn("03-02 11:00"), CN, "供电局停电", "zhaoyun")
    assert (clock.state, shown(clock.breached_at)) == ("waived", "03-02 10:00")


# Known faults of other products.


def test_a_lunch_break_and_a_second_shift_are_two_windows() -> None:  # Frappe set_hold_time
    ticket = Clockwork(resolution("PT4H")).at("03-02 11:30")
    assert shown(ticket.clock("resolution").due) == "03-02 17:00"


def test_a_new_policy_counts_what_was_waited_before() -> None:  # GLPI #15605
    policies = resolution("PT4H", "when = 'priority = \"P1\"'")
    ticket = Clockwork(policies).at("03-02 09:00").at("03-02 10:00", "waiting")
    ticket.at("03-02 11:00", "open").at("03-02 11:30", scope={"priority": "P1"})
    assert ticket.elapsed("resolution", "03-02 11:30") == 1.5
    assert shown(ticket.clock("resolution").due) == "03-02 15:30"


def test_the_update_target_does_not_override_the_first_response() -> None:  # Zammad #5177
    policies = CONVERSATION + '[[policy]]\nmetric = "first_response"\ngoals = [{target="PT30M"}]\n'
    ticket = Clockwork(policies).at("03-02 09:00")
    assert shown(ticket.clock("first_response").due) == "03-02 09:30"
    assert shown(ticket.clock("periodic_update").due) == "03-02 14:30"


# Properties.


def test_elapsed_time_is_a_walk_over_the_minutes() -> None:
    rng = random.Random(20260302)  # noqa: S311  a walk, not a secret
    for _ in range(60):
        ticket = Clockwork(resolution("PT20H")).at("03-02 09:00")
        start, minute, open_minutes, running = cn("03-02 09:00"), 0, 0, True
        for _ in range(rng.randint(1, 12)):
            step = rng.randint(1, 900)
            open_minutes += sum(
                running and CN.is_open(start + timedelta(minutes=minute + one))
                for one in range(step)
            )
            minute += step
            running = not running
            at = (start + timedelta(minutes=minute)).astimezone(CN.zone)
            ticket.at(f"{at:%m-%d %H:%M}", "open" if running else "waiting")
        assert ticket.clock("resolution").elapsed == open_minutes * 60


def test_a_board_comes_back_from_the_row_as_it_was() -> None:
    ticket = Clockwork(resolution() + CONVERSATION, priority="P0").at("03-02 09:00")
    ticket.at("03-02 10:00", "waiting", requester_spoke=True).at("03-02 10:30", "open")
    ticket.work("03-02 12:00")
    packed = boards.packed(ticket.board)
    again = boards.unpacked(packed)
    assert again.clocks == ticket.board.clocks
    assert boards.packed(again) == packed


def test_many_pauses_are_kept_as_a_sum() -> None:
    clock, _ = clocks.start(
        "resolution", "resolution", Terms("p", 1, 900_000, ALWAYS), cn("03-02 09:00")
    )
    at = cn("03-02 09:00")
    for _ in range(200):
        at += timedelta(minutes=1)
        clock.pause(at, "waiting", ALWAYS)
        at += timedelta(minutes=1)
        clock.resume(at, ALWAYS)
    assert clock.elapsed == 200 * 60
    assert len(clock.runs) == clocks.MAX_RUNS
    clock.retarget(at, Terms("p", 1, 900_000, ALWAYS), ALWAYS, retroactive=True)
    assert clock.elapsed == 200 * 60


def test_the_log_alone_gives_the_clocks_back() -> None:
    rng = random.Random(7)  # noqa: S311  a walk, not a secret
    happenings: list[dict[str, Any]] = [
        {"requester_spoke": True},
        {"agent_spoke": True},
        {"scope": {"priority": "P1"}},
        {"scope": {"priority": "P3"}},
        {"category": "waiting"},
        {"category": "open"},
        {"category": "resolved"},
        {"acknowledged": True},
    ]
    for how in ("retarget", "restart", "retroactive"):
        for _ in range(40):
            ticket = Clockwork(
                by_priority(how).replace("goals", 'pause_on = ["waiting"]\ngoals', 1) + CONVERSATION
            ).at("03-02 09:00")
            at = cn("03-02 09:00")
            for _ in range(rng.randint(1, 15)):
                at += timedelta(seconds=rng.randint(1, 40_000))
                what = dict(rng.choice(happenings))
                text = f"{at.astimezone(CN.zone):%m-%d %H:%M:%S}"
                ticket.at(text, what.pop("category", None), **what)
                ticket.work(text)
            assert recalculating.differences(ticket.board, ticket.board.events) == []
