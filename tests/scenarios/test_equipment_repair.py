"""A broken machine: dispatched, repaired with ordered parts, escalated, accepted."""

import pytest
from flask import Flask

from engine import clock
from tests.conftest import AsUser
from tests.scenarios.walking import Walk, people


@pytest.fixture
def walk(app: Flask, as_user: AsUser) -> Walk:
    found = Walk(as_user, "equipment_repair")
    people(
        ("fangting", ("agent",), ("equipment_dispatch",)),
        ("chenli", ("agent",), ("equipment_team",)),
        ("leader", ("agent",), ("equipment_leads",)),
        ("keeper", ("agent",), ("spare_parts",)),
        ("zhoumin", ("requester",), ()),
    )
    found.report(
        "zhoumin",
        "三号产线贴片机 E07 报警停机",
        machine="EQ-0307",
        standstill="slow",
        fault=["smt", "alarm"],
        symptom="开机十分钟后报警",
        place={"lat": 31.2, "lng": 121.5, "accuracy": 12},
    )
    return found


def _dispatched(walk: Walk) -> None:
    walk.do("fangting", "dispatch", "send", standstill="slow", priority="P1", engineer="chenli")


def test_parts_are_ordered_by_the_called_process(walk: Walk) -> None:
    _dispatched(walk)
    at = clock.now().isoformat(timespec="seconds")
    parts = [{"part": "吸嘴滤芯", "quantity": 2, "price": 35.5}]
    walk.do("chenli", "repair", "need_parts", arrived_at=at, parts=parts)
    assert (walk.status(), walk.open()) == ("waiting_parts", ["check_stock"])

    walk.do("keeper", "check_stock", "buy", parts=parts)
    walk.do("keeper", "buy", "ordered", supplier="华东备件", expected_on="2026-12-01")
    walk.do("keeper", "receive", "received", complete=True)

    assert (walk.status(), walk.open()) == ("repairing", ["repair"])
    walk.do("chenli", "repair", "fixed", arrived_at=at, root_cause="wear", work_done="更换吸嘴滤芯")
    walk.do("zhoumin", "accept", "accept", test_run="good")
    assert (walk.status(), walk.open()) == ("done", [])


def test_after_four_hours_the_lead_is_asked_while_the_repair_goes_on(walk: Walk) -> None:
    _dispatched(walk)

    walk.wait(hours=4, minutes=1)

    assert sorted(walk.open()) == ["escalate", "repair"]
    walk.do("leader", "escalate", "arranged", measure="people")
    assert walk.open() == ["repair"]


def test_what_nobody_accepts_is_accepted_after_three_days(walk: Walk) -> None:
    _dispatched(walk)
    walk.wait(hours=5)
    at = clock.now().isoformat(timespec="seconds")
    walk.do("chenli", "repair", "fixed", arrived_at=at, root_cause="wear", work_done="已更换")
    assert "escalate" in walk.open()

    walk.wait(days=3, minutes=1)

    assert (walk.status(), walk.open()) == ("done", [])
