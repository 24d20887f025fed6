"""A customer's complaint, measured by what the customer's contract promises."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from engine.access import commands as access
from engine.access.policy import SYSTEM
from engine.directory.kinds import CONTRACT, CUSTOMER
from engine.records import commands as records
from tests.conftest import AsUser
from tests.scenarios.walking import Walk, people

COMPLAINT = {
    "kind": "product",
    "order": "SO-20260211-17",
    "quantity": 2,
    "description": "抽检发现两块不通电",
}
ACCEPT = {"kind": "product", "severity": "batch"}


@pytest.fixture
def walk(app: Flask, as_user: AsUser) -> Walk:
    found = Walk(as_user, "customer_complaint")
    people(
        ("hejing", ("agent",), ("complaint_desk",)),
        ("linqing", ("agent",), ("complaint_quality",)),
        ("duxin", ("agent",), ("complaint_delivery",)),
        ("chenyu", ("requester",), ()),
    )
    found.set_time("2027-03-01 09:00")  # a Monday
    return found


def belongs_to(customer: str, *, vip: bool = False, **contract: Any) -> None:
    """The customer that complains, with a contract if anything is said of one."""
    names = {"zh-CN": customer, "en": customer}
    records.create(SYSTEM, CUSTOMER, {"key": customer, "names": names, "vip": vip})
    access.update_user(SYSTEM, "chenyu", {"customer": customer})
    if contract:
        told = {"key": f"{customer}-1", "names": names, "customer": customer, **contract}
        records.create(SYSTEM, CONTRACT, told)


def complain(walk: Walk) -> None:
    walk.report("chenyu", "板卡有两块不通电", **COMPLAINT)


def test_from_the_complaint_to_the_call_back(walk: Walk) -> None:
    complain(walk)
    walk.do("hejing", "accept", "accept", **ACCEPT)
    ticket = walk.ticket()
    assert (ticket["priority"], ticket["assignee"]) == ("P2", "linqing")

    walk.do("linqing", "investigate", "reply", cause="material", remedy="整批换货")
    walk.do("chenyu", "confirm", "confirm", rating=2, feedback="太慢")
    assert (walk.status(), walk.open()) == ("calling_back", ["call_back"])

    walk.do("hejing", "call_back", "finish", call_result="已道歉")
    assert (walk.status(), walk.open()) == ("done", [])


def test_a_content_customer_is_not_called(walk: Walk) -> None:
    complain(walk)
    walk.do("hejing", "accept", "accept", kind="delivery", severity="single")
    assert walk.ticket()["assignee"] == "duxin"
    walk.do("duxin", "investigate", "reply", cause="handling", remedy="补发")
    walk.do("chenyu", "confirm", "confirm", rating=5)
    assert walk.status() == "done"


def test_the_answer_comes_back_and_silence_closes(walk: Walk) -> None:
    complain(walk)
    walk.do("hejing", "accept", "accept", **ACCEPT)
    walk.do("linqing", "investigate", "reply", cause="material", remedy="换两块")
    walk.do("chenyu", "confirm", "return", feedback="整批都不敢用")
    assert (walk.status(), walk.open()) == ("handling", ["investigate"])

    walk.do("linqing", "investigate", "reply", cause="material", remedy="整批换货")
    walk.wait(days=7, seconds=1)
    assert (walk.status(), walk.open()) == ("done", [])


CONTRACTS = {
    "nobody's customer": (None, {}, "standard", "03-08 11:30"),
    "a customer without a contract": ({}, {}, "standard", "03-08 11:30"),
    "a VIP without a contract": ({"vip": True}, {}, "gold", "03-04 10:30"),
    "gold": ({}, {"sla_policy": "gold"}, "gold", "03-04 10:30"),
    "gold, day and night": (
        {},
        {"sla_policy": "gold", "calendar": "always"},
        "gold",
        "03-02 09:00",
    ),
    "a VIP with a standard contract": (
        {"vip": True},
        {"sla_policy": "standard"},
        "standard",
        "03-08 11:30",
    ),
    "gold that is over": (
        {},
        {"sla_policy": "gold", "valid_to": date(2027, 2, 28)},
        "standard",
        "03-08 11:30",
    ),
}


@pytest.mark.parametrize(
    ("customer", "contract", "policy", "due"), CONTRACTS.values(), ids=CONTRACTS
)
def test_the_contract_picks_target_and_calendar(
    walk: Walk,
    customer: dict[str, Any] | None,
    contract: dict[str, Any],
    policy: str,
    due: str,
) -> None:
    if customer is not None:
        told = {"valid_from": date(2026, 1, 1), **contract} if contract else {}
        belongs_to("yuelin", **customer, **told)

    complain(walk)

    clock = walk.clock("resolution")
    assert (clock["policy"], clock["due"]) == (policy, due)


def test_the_clock_waits_while_the_customer_is_asked(walk: Walk) -> None:
    belongs_to("yuelin", valid_from=date(2026, 1, 1), sla_policy="gold", calendar="always")
    complain(walk)
    walk.do("hejing", "accept", "accept", **ACCEPT)
    walk.do("linqing", "investigate", "ask", question="批号是多少？")
    paused = walk.clock("resolution")
    assert (paused["state"], paused["pause_label"]) == ("paused", "等客户补充")

    walk.wait(days=2)
    walk.do("chenyu", "wait_customer", "send", answer="B20260208")
    assert walk.clock("resolution")["due"] == "03-04 09:00"


def test_without_an_answer_it_is_investigated_further(walk: Walk) -> None:
    complain(walk)
    walk.do("hejing", "accept", "accept", **ACCEPT)
    walk.do("linqing", "investigate", "ask", question="批号是多少？")
    walk.wait(days=5, seconds=1)
    assert (walk.status(), walk.open()) == ("handling", ["investigate"])


def test_a_late_answer_alarms_and_raises_the_priority(walk: Walk) -> None:
    belongs_to("yuelin", valid_from=date(2026, 1, 1), sla_policy="gold", calendar="always")
    complain(walk)
    walk.do("hejing", "accept", "accept", kind="product", severity="single")
    assert walk.ticket()["priority"] == "P3"
    walk.wait(hours=24, seconds=1)
    assert walk.clock("resolution")["state"] == "breached"
    assert walk.ticket()["priority"] == "P2"


def test_a_stranger_sees_nothing_of_it(walk: Walk) -> None:
    complain(walk)
    stranger = walk.person("somebody", "requester")
    assert stranger.get(f"/api/v1/tickets/{walk.number}").status_code == 404
