"""The samples' service levels: due times by the office calendar, pauses, alarms in the night."""

import pytest
from flask import Flask

from tests.conftest import AsUser
from tests.scenarios.walking import Walk, people

REPORT = {"category": ["network", "vpn"], "impact": "team", "description": "VPN 连不上"}
TRIAGE = {"category": ["network", "vpn"], "impact": "team", "urgency": "high"}


@pytest.fixture
def walk(app: Flask, as_user: AsUser) -> Walk:
    found = Walk(as_user, "it_incident")
    people(
        ("lina", ("agent",), ("it_service_desk",)),
        ("wangqiang", ("agent",), ("it_support",)),
        ("zhoumin", ("requester",), ()),
    )
    return found


def test_an_incident_is_measured_from_report_to_solution(walk: Walk) -> None:
    walk.set_time("2027-03-01 09:00")  # a Monday
    walk.report("zhoumin", "VPN 连不上", **REPORT)
    assert walk.clock("first_response")["due"] == "03-01 14:30"
    assert walk.clock("resolution")["due"] == "03-03 10:00"

    walk.wait(hours=1)
    walk.do("lina", "triage", "accept", **TRIAGE, priority="P1", handler="wangqiang")
    assert walk.clock("resolution")["due"] == "03-01 14:30"

    walk.wait(minutes=30)
    walk.do("wangqiang", "handle", "need_info", question="用的是哪个网络？")
    assert walk.clock("first_response")["state"] == "missed"  # P1: half an hour
    paused = walk.clock("resolution")
    assert (paused["state"], paused["due"], paused["pause_reason"]) == ("paused", None, "waiting")

    walk.wait(days=1)
    walk.do("zhoumin", "wait_requester", answer="家里的宽带")
    assert walk.clock("resolution")["due"] == "03-02 14:30"

    walk.do("wangqiang", "handle", "solve", cause="configuration", solution="换了证书")
    assert walk.clock("resolution")["state"] == "met"


def test_a_p0_rings_in_the_night_until_somebody_takes_note(walk: Walk) -> None:
    walk.set_time("2027-02-07 03:00")
    walk.report("zhoumin", "全厂断网", **REPORT)
    walk.person("lina").patch(f"/api/v1/tickets/{walk.number}", json={"priority": "P0"})

    walk.wait(minutes=5, seconds=1)
    alarms = walk.facts("sla_step_fired")
    assert alarms[-1]["data"]["clock"] == "acknowledge"
    assert "group:it_support" in alarms[-1]["data"]["notify"]

    walk.person("wangqiang").post(f"/api/v1/tickets/{walk.number}/acknowledge")
    rung = len([one for one in walk.facts("sla_step_fired") if "acknow" in one["data"]["clock"]])
    walk.wait(minutes=20)
    after = [one for one in walk.facts("sla_step_fired") if "acknow" in one["data"]["clock"]]
    assert len(after) == rung


def test_steps_of_a_change_have_clocks_of_their_own(app: Flask, as_user: AsUser) -> None:
    walk = Walk(as_user, "change_approval")
    people(
        ("huangjie", ("agent",), ("change_coordinators",)),
        ("zhaoyun", ("manager",), ("change_managers",)),
        ("zhoumin", ("agent",), ()),
    )
    walk.set_time("2027-03-01 09:00")
    walk.report(
        "zhoumin",
        "核心交换机升级固件",
        change_kind="normal",
        systems=["network"],
        reason="修复安全漏洞",
        plan="夜间逐台升级",
        backout_plan="刷回旧固件",
        planned_start="2027-03-03T20:00:00+08:00",
        planned_end="2027-03-03T22:00:00+08:00",
        downtime=False,
    )
    assert walk.clock("stage:assess")["due"] == "03-02 09:30"
    walk.wait(hours=2)
    walk.do("huangjie", "assess", "submit", probability="low", damage="medium", tested=True)
    assert walk.clock("stage:assess")["state"] == "met"
    assert walk.clock("stage:approve")["due"] == "03-03 12:00"


def test_a_repair_waits_for_parts_and_does_not_stop_at_night(app: Flask, as_user: AsUser) -> None:
    walk = Walk(as_user, "equipment_repair")
    people(
        ("fangting", ("agent",), ("equipment_dispatch",)),
        ("chenli", ("agent",), ("equipment_team",)),
        ("zhoumin", ("requester",), ()),
    )
    walk.set_time("2027-03-01 22:00")
    walk.report(
        "zhoumin",
        "贴片机报警停机",
        machine="EQ-0307",
        standstill="slow",
        fault=["smt", "alarm"],
        symptom="开机十分钟后报警",
        place={"lat": 31.2, "lng": 121.5, "accuracy": 12},
    )
    assert walk.clock("stage:dispatch")["due"] == "03-01 22:15"
    walk.wait(minutes=10)
    walk.do("fangting", "dispatch", "send", standstill="slow", priority="P1", engineer="chenli")
    assert walk.clock("resolution")["due"] == "03-02 02:00"
    parts = [{"part": "吸嘴滤芯", "quantity": 2, "price": 35.5}]
    walk.do("chenli", "repair", "need_parts", arrived_at="2027-03-01T22:10:00+08:00", parts=parts)
    assert walk.clock("resolution")["pause_label"] == "等备件"
