"""A change through risk, approval, its window, the work and the review, or back out of it."""

from datetime import timedelta

import pytest
from flask import Flask

from engine import clock
from tests.conftest import AsUser
from tests.scenarios.walking import Walk, people


@pytest.fixture
def walk(app: Flask, as_user: AsUser) -> Walk:
    found = Walk(as_user, "change_approval")
    people(
        ("huangjie", ("agent",), ("change_coordinators",)),
        ("zhaoyun", ("manager",), ("change_managers",)),
        ("sunqian", ("agent",), ("change_implementers",)),
        ("zhoumin", ("agent",), ()),
    )
    start = clock.now() + timedelta(days=2)
    found.report(
        "zhoumin",
        "核心交换机升级固件",
        change_kind="normal",
        systems=["network"],
        reason="修复安全漏洞",
        plan="夜间逐台升级",
        backout_plan="刷回旧固件",
        planned_start=start.isoformat(timespec="seconds"),
        planned_end=(start + timedelta(hours=2)).isoformat(timespec="seconds"),
        downtime=False,
    )
    return found


def _approved(walk: Walk) -> None:
    walk.do("huangjie", "assess", "submit", probability="low", damage="medium", tested=True)
    walk.do("zhaoyun", "approve", "approve")


def test_waits_for_its_window_and_is_reviewed(walk: Walk) -> None:
    _approved(walk)
    assert (walk.status(), walk.open()) == ("scheduled", [])
    walk.wait(days=1, hours=23)
    assert walk.open() == []

    walk.wait(hours=1, minutes=1)

    assert (walk.status(), walk.open()) == ("implementing", ["implement"])
    now = clock.now().isoformat(timespec="seconds")
    walk.do("sunqian", "implement", "succeed", started_at=now, ended_at=now, result="已升级")
    walk.do("huangjie", "review", "close", outcome="success")
    assert walk.status() == "done"


def test_is_backed_out_when_the_work_fails(walk: Walk) -> None:
    _approved(walk)
    walk.wait(days=3)
    now = clock.now().isoformat(timespec="seconds")

    walk.do("sunqian", "implement", "back_out", started_at=now, ended_at=now, result="起不来")

    assert walk.open() == ["back_out"]
    walk.do("sunqian", "back_out", "restored", backout_reason="固件不兼容", restored_at=now)
    assert walk.open() == ["review"]


def test_a_rejection_ends_it_and_a_return_asks_the_requester(walk: Walk) -> None:
    walk.do("huangjie", "assess", "submit", probability="low", damage="medium", tested=True)
    walk.do("zhaoyun", "approve", "return", opinion="请补充回退步骤")
    assert walk.open() == ["revise"]
    walk.do("zhoumin", "revise", "resubmit", backout_plan="刷回旧固件，逐台验证")
    walk.do("huangjie", "assess", "submit", probability="low", damage="medium", tested=True)

    walk.do("zhaoyun", "approve", "reject", opinion="窗口不合适")

    assert (walk.status(), walk.open()) == ("rejected", [])
