"""An IT incident from the report to its closure, by every way that the process has."""

import pytest
from flask import Flask

from tests.conftest import AsUser
from tests.scenarios.walking import Walk, people

REPORT = {
    "category": ["network", "vpn"],
    "impact": "team",
    "description": "早上开始 VPN 连不上，提示证书过期",
}
TRIAGE = {"category": ["network", "vpn"], "impact": "team", "urgency": "high"}


@pytest.fixture
def walk(app: Flask, as_user: AsUser) -> Walk:
    found = Walk(as_user, "it_incident")
    people(
        ("lina", ("agent",), ("it_service_desk",)),
        ("wangqiang", ("agent",), ("it_support",)),
        ("zhoumin", ("requester",), ()),
    )
    found.report("zhoumin", "VPN 连不上", **REPORT)
    return found


def test_from_report_to_confirmation(walk: Walk) -> None:
    assert (walk.status(), walk.open()) == ("new", ["triage"])

    walk.do("lina", "triage", "accept", **TRIAGE, priority="P1", handler="wangqiang")
    ticket = walk.ticket()
    assert (ticket["priority"], ticket["assignee"]) == ("P1", "wangqiang")
    assert (walk.status(), walk.open()) == ("handling", ["handle"])

    walk.do("wangqiang", "handle", "solve", cause="configuration", solution="换了证书")
    assert (walk.status(), walk.open()) == ("resolved", ["confirm"])

    walk.do("zhoumin", "confirm", "confirm", rating=5)
    ticket = walk.ticket()
    assert (ticket["status"]["key"], ticket["tasks"]) == ("done", [])
    assert all(step["state"] == "done" for step in ticket["progress"])
    assert walk.kinds().count("task_completed") == 3


def test_the_requester_is_asked_and_answers(walk: Walk) -> None:
    walk.do("lina", "triage", "accept", **TRIAGE, handler="wangqiang")
    walk.do("wangqiang", "handle", "need_info", question="用的是哪个网络？")
    assert (walk.status(), walk.open()) == ("waiting", ["wait_requester"])
    assert walk.ticket()["assignee"] == "wangqiang"

    walk.do("zhoumin", "wait_requester", answer="家里的宽带")

    assert (walk.status(), walk.open()) == ("handling", ["handle"])
    walk.wait(days=10)
    assert walk.open() == ["handle"]


def test_without_an_answer_the_ticket_comes_back_after_three_days(walk: Walk) -> None:
    walk.do("lina", "triage", "accept", **TRIAGE, handler="wangqiang")
    walk.do("wangqiang", "handle", "need_info", question="用的是哪个网络？")

    walk.wait(days=2, hours=23)
    assert walk.open() == ["wait_requester"]
    walk.wait(hours=1, seconds=1)

    assert (walk.status(), walk.open()) == ("handling", ["handle"])
    assert walk.kinds().count("timer_fired") == 1


def test_closes_by_itself_three_days_after_the_solution(walk: Walk) -> None:
    walk.do("lina", "triage", "accept", **TRIAGE, handler="wangqiang")
    walk.do("wangqiang", "handle", "solve", cause="configuration", solution="换了证书")

    walk.wait(days=3, seconds=1)

    assert (walk.status(), walk.open()) == ("done", [])


def test_not_fixed_yet_goes_back_and_the_old_timer_is_gone(walk: Walk) -> None:
    walk.do("lina", "triage", "accept", **TRIAGE, handler="wangqiang")
    for _ in range(3):
        walk.do("wangqiang", "handle", "solve", cause="configuration", solution="换了证书")
        walk.wait(days=2)
        walk.do("zhoumin", "confirm", "reopen", feedback="还是不行")
        assert walk.open() == ["handle"]

    walk.wait(days=30)

    assert (walk.status(), walk.open()) == ("handling", ["handle"])
    assert walk.kinds().count("timer_fired") == 0


def test_a_declined_report_is_cancelled(walk: Walk) -> None:
    walk.do("lina", "triage", "cancel", **TRIAGE)

    ticket = walk.ticket()
    assert (ticket["status"]["category"], ticket["tasks"]) == ("cancelled", [])
