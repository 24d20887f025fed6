"""Clocks over the interface: shown, filtered, counted, extended, waived, tried out."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from engine import clock, doctor
from engine.access.policy import SYSTEM
from engine.db import db
from engine.deployments import commands as deployments
from engine.jobs import runner
from engine.tickets.locking import ticket as table
from engine.uow import command
from tests import builders, packages, tickets
from tests.clients import Client
from tests.conftest import AsUser

SLA = """
at_risk = 50
[[policy]]
metric = "resolution"
pause_on = ["waiting"]
reasons = { waiting = { zh-CN = "等客户", en = "Waiting for the customer" } }
goals = [ { when = 'priority = "P1"', target = "PT2H" }, { target = "PT8H" } ]
steps = [ { at = "75%", notify = ["assignee"] } ]
[[policy]]
metric = "first_response"
name = { zh-CN = "首次响应", en = "First response" }
goals = [ { target = "PT1H" } ]
"""


@pytest.fixture
def lina(app: Flask, as_user: AsUser) -> Client:
    builders.group("it-desk")
    content = {
        "package.toml": tickets.manifest("desk"),
        "process.bpmn": tickets.loop(groups="it-desk"),
        "sla.toml": SLA.encode(),
    }
    deployments.deploy(SYSTEM, packages.packages.from_files(content))
    as_user("zhoumin")
    return as_user("lina")


def create(lina: Client, **more: Any) -> dict[str, Any]:
    return tickets.create(lina, "desk", on_behalf_of="zhoumin", **more)


def clocks(client: Client, number: str) -> dict[str, dict[str, Any]]:
    found = client.get(f"/api/v1/tickets/{number}").get_json()["clocks"]
    return {one["key"]: one for one in found}


def pass_time(**duration: float) -> None:
    clock.advance(timedelta(**duration))
    while runner.run_due():
        pass


def numbers(client: Client, query: str) -> list[str]:
    found = client.get(f"/api/v1/tickets?{query}").get_json()["items"]
    return [one["number"] for one in found]


def test_a_ticket_shows_its_clocks(lina: Client) -> None:
    ticket = create(lina)
    [resolution] = ticket["clocks"]  # an agent made it: the first response waits for the requester
    assert (resolution["metric"], resolution["state"]) == ("resolution", "running")
    assert (resolution["target"], resolution["remaining"]) == (28800, 28800)
    assert resolution["next"]["notify"] == ["assignee"]
    assert (resolution["policy"], resolution["rule"]) == ("resolution", 2)

    clock.advance(timedelta(hours=2))
    shown = clocks(lina, ticket["number"])["resolution"]
    assert abs(shown["elapsed"] - 7200) <= 2
    [row] = lina.get("/api/v1/tickets").get_json()["items"]
    assert row["clocks"][0]["key"] == "resolution"


def test_a_pause_has_a_reason_and_no_due_time(lina: Client, as_user: AsUser) -> None:
    ticket = create(lina)
    tickets.complete(lina, ticket["tasks"][0], "ask")
    shown = clocks(lina, ticket["number"])["resolution"]
    assert (shown["state"], shown["due"]) == ("paused", None)
    assert (shown["pause_reason"], shown["pause_label"]) == ("waiting", "等客户")
    assert numbers(lina, "sla=paused") == [ticket["number"]]

    zhoumin = as_user("zhoumin")
    zhoumin.post(f"/api/v1/tickets/{ticket['number']}/comments", json={"body": "补充说明"})
    shown = clocks(lina, ticket["number"])
    assert shown["resolution"]["state"] == "running"  # what was waited for has come
    assert shown["first_response"]["name"] == "首次响应"


def test_a_change_of_priority_moves_the_due_time(lina: Client) -> None:
    number = create(lina)["number"]
    lina.patch(f"/api/v1/tickets/{number}", json={"priority": "P1"})
    assert clocks(lina, number)["resolution"]["target"] == 7200
    events = lina.get(f"/api/v1/tickets/{number}/clocks/resolution/events").get_json()["items"]
    assert [(one["kind"], one["target"]) for one in events] == [
        ("started", 28800),
        ("retargeted", 7200),
    ]


def test_the_queues_at_risk_overdue_and_due_today(lina: Client) -> None:
    late = create(lina, priority="P1")["number"]
    risky = create(lina)["number"]
    clock.advance(timedelta(hours=4, seconds=5))  # no worker has come: the clock alone judges
    fresh = create(lina)["number"]

    assert numbers(lina, "sla=breached") == [late]
    assert numbers(lina, "sla=at_risk") == [risky]
    assert set(numbers(lina, "sla=at_risk,breached")) == {late, risky}
    assert numbers(lina, "sort=due") == [late, risky, fresh]
    assert numbers(lina, "sort=-due&limit=1") == [fresh]
    soon = (clock.now() + timedelta(hours=5)).isoformat().replace("+00:00", "Z")
    assert set(numbers(lina, f"due_before={soon}")) == {late, risky}
    counts = lina.get("/api/v1/tickets/counts").get_json()
    assert (counts["at_risk"], counts["overdue"]) == (1, 1)
    assert clocks(lina, late)["resolution"]["state"] == "breached"
    assert clocks(lina, risky)["resolution"]["at_risk"] is True

    pass_time()
    assert numbers(lina, "sla=breached") == [late]


def test_the_pages_of_a_list_by_due_time_have_no_gap(lina: Client) -> None:
    made = [create(lina)["number"] for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = lina.get(f"/api/v1/tickets?sort=due&limit=2{cursor}").get_json()
        seen += [one["number"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == made


def test_more_time_needs_a_manager_and_a_reason(lina: Client, as_user: AsUser) -> None:
    number = create(lina)["number"]
    path = f"/api/v1/tickets/{number}/clocks/resolution/extend"
    body = {"seconds": 3600, "reason": "等厂家备件"}
    assert lina.post(path, json=body).status_code == 403
    manager = as_user("zhaoyun")
    assert manager.post(path, json={**body, "reason": " "}).status_code == 422
    assert manager.post(path, json={**body, "seconds": 0}).status_code == 422

    assert manager.post(path, json=body).status_code == 204

    shown = clocks(lina, number)["resolution"]
    assert (shown["target"], shown["extended"], shown["remaining"]) == (28800, 3600, 32400)
    [*_, event] = lina.get(f"/api/v1/tickets/{number}/clocks/resolution/events").get_json()["items"]
    assert (event["kind"], event["reason"], event["actor"]) == ("extended", "等厂家备件", "zhaoyun")


def test_a_waived_clock_is_out_and_stays_out(lina: Client, as_user: AsUser) -> None:
    number = create(lina)["number"]
    manager = as_user("zhaoyun")
    path = f"/api/v1/tickets/{number}/clocks/resolution/waive"
    assert manager.post(path, json={"reason": "供电局停电"}).status_code == 204
    assert clocks(lina, number)["resolution"]["state"] == "waived"
    assert manager.post(path, json={"reason": "再来"}).status_code == 409
    unknown = path.replace("resolution", "nothing")
    assert manager.post(unknown, json={"reason": "x"}).status_code == 404
    pass_time(hours=20)
    assert numbers(lina, "sla=breached") == []


def test_a_stranger_sees_no_clock_and_moves_none(lina: Client, as_user: AsUser) -> None:
    number = create(lina)["number"]
    stranger = as_user("sunli")
    for path in ("acknowledge", "clocks/resolution/extend", "clocks/resolution/waive"):
        body = {"seconds": 60, "reason": "x"} if path.endswith("extend") else {"reason": "x"}
        answer = stranger.post(
            f"/api/v1/tickets/{number}/{path}", json=None if path == "acknowledge" else body
        )
        assert answer.status_code == 404, path
    assert stranger.get(f"/api/v1/tickets/{number}/clocks/resolution/events").status_code == 404


def test_a_policy_is_tried_out_before_it_is_saved(lina: Client, as_user: AsUser) -> None:
    owner = as_user("chenjing")
    policy = SLA.replace("at_risk = 50", 'at_risk = 50\ncalendar = "always"')
    events = [
        {"at": "2026-03-02T09:00:00+08:00", "kind": "created"},
        {"at": "2026-03-02T10:00:00+08:00", "kind": "status", "category": "waiting"},
        {"at": "2026-03-02T12:00:00+08:00", "kind": "status", "category": "open"},
        {"at": "2026-03-02T13:00:00+08:00", "kind": "values", "values": {"priority": "P1"}},
    ]
    wanted = {"policy": policy, "events": events}
    answer = owner.post("/api/v1/sla/preview", json=wanted)
    assert answer.status_code == 200, answer.get_json()
    after = answer.get_json()["events"]
    states = [{one["key"]: one for one in each["clocks"]}["resolution"] for each in after]
    assert [one["state"] for one in states] == ["running", "paused", "running", "breached"]
    assert states[0]["due"] == "2026-03-02T09:00:00.000Z"
    assert states[2]["due"] == "2026-03-02T11:00:00.000Z"
    assert after[0]["steps"][0]["at"] == "2026-03-02T07:00:00.000Z"

    assert (
        lina.post("/api/v1/sla/preview", json={"policy": policy, "events": events}).status_code
        == 403
    )
    assert owner.post("/api/v1/sla/preview", json={"events": events}).status_code == 422
    broken = {"policy": '[[policy]]\nmetric = "speed"', "events": events}
    assert owner.post("/api/v1/sla/preview", json=broken).get_json()["findings"]


def test_open_clocks_are_measured_again_after_a_look(lina: Client, as_user: AsUser) -> None:
    number = create(lina)["number"]
    tickets.complete(lina, create(lina)["tasks"][0], "solve")
    owner = as_user("chenjing")
    path = "/api/v1/sla/recalculations"
    assert owner.post(path, json={}).get_json()["affected"] == 0
    _age_calendar(number)

    found = owner.post(path, json={"type": "desk"}).get_json()
    assert (found["affected"], found["applied"]) == (1, False)
    assert found["clocks"][0]["ticket"] == number
    assert owner.post(path, json={"apply": True}).get_json()["applied"] is True
    pass_time()
    assert owner.post(path, json={}).get_json()["affected"] == 0
    assert lina.post(path, json={}).status_code == 403


@command
def _age_calendar(number: str) -> None:
    """As if the clock had been started by an older version of its calendar."""
    connection = db.session.connection()
    found = connection.execute(table.select().where(table.c.number == number)).one()
    found.clocks["clocks"]["resolution"]["calendar_version"] = -1
    connection.execute(update(table).where(table.c.number == number).values(clocks=found.clocks))


def test_the_doctor_finds_clocks_that_their_log_does_not_tell(lina: Client) -> None:
    ticket = create(lina)
    number = ticket["number"]
    tickets.complete(lina, ticket["tasks"][0], "ask")
    lina.patch(f"/api/v1/tickets/{number}", json={"priority": "P1"})
    pass_time(hours=3)
    assert {one.name: one.said for one in doctor.examine(deep=True)}["clocks"] == "as it must be"

    _bend(number)
    said = {one.name: one.said for one in doctor.examine(deep=True)}["clocks"]
    assert number in said
    assert "resolution.elapsed" in said


@command
def _bend(number: str) -> None:
    connection = db.session.connection()
    found = connection.execute(table.select().where(table.c.number == number)).one()
    found.clocks["clocks"]["resolution"]["elapsed"] = 7
    connection.execute(update(table).where(table.c.number == number).values(clocks=found.clocks))


def test_a_type_without_policies_has_no_clock(lina: Client) -> None:
    tickets.deploy("plain", tickets.loop(groups="it-desk"))
    assert tickets.create(lina, "plain")["clocks"] == []
