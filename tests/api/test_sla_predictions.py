"""Breaches are foreseen from how long clocks like them ran; over the interface, on real rows."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from engine import clock
from engine.access.policy import SYSTEM
from engine.db import Base, db
from engine.deployments import commands as deployments
from engine.jobs import runner
from engine.sla import forecasts
from engine.sla.clock_models import SlaCycle
from engine.tickets import forecasting
from engine.tickets.locking import ticket as table
from engine.uow import command
from tests import builders, packages, tickets
from tests.clients import Client
from tests.conftest import AsUser

HOUR = 3600
SLA = b"""
at_risk = 75
[[policy]]
metric = "resolution"
goals = [ { target = "PT4H" } ]
"""


@pytest.fixture
def lina(app: Flask, as_user: AsUser) -> Client:
    forecasts.forget()
    builders.group("it-desk")
    content = {
        "package.toml": tickets.manifest("desk"),
        "process.bpmn": tickets.loop(groups="it-desk"),
        "sla.toml": SLA,
    }
    deployments.deploy(SYSTEM, packages.packages.from_files(content))
    as_user("zhoumin")
    return as_user("lina")


@command
def ended(number: str, hours: list[float], ago: timedelta = timedelta(days=60)) -> None:
    """Cycles of one ticket that ran so long: together they are what is known of its like."""
    connection = db.session.connection()
    row = connection.execute(table.select().where(table.c.number == number)).one()
    at = clock.now() - ago
    rows: list[dict[str, Any]] = [
        {
            "ticket_id": row.id,
            "clock": "resolution",
            "cycle": 1000 + int(ago.total_seconds()) + n,
            "metric": "resolution",
            "version_id": row.version_id,
            "policy": "resolution",
            "rule": 1,
            "calendar": "always",
            "target": 4 * HOUR,
            "extended": 0,
            "elapsed": int(each * HOUR),
            "state": "met" if each <= 4 else "missed",
            "started_at": at,
            "stopped_at": at + timedelta(hours=each),
            "by_retarget": False,
        }
        for n, each in enumerate(hours)
    ]
    connection.execute(insert(Base.metadata.tables[SlaCycle.__tablename__]), rows)


@command
def learn() -> None:
    forecasting.learn(0, {})


def foresee() -> None:
    learn()
    while runner.run_due():
        pass
    forecasts.forget()


def resolution(client: Client, number: str) -> dict[str, Any]:
    [found] = [
        one
        for one in client.get(f"/api/v1/tickets/{number}").get_json()["clocks"]
        if one["key"] == "resolution"
    ]
    return dict(found)


def at_risk(client: Client) -> list[str]:
    found = client.get("/api/v1/tickets?sla=at_risk").get_json()["items"]
    return [one["number"] for one in found]


def test_a_likely_breach_puts_a_ticket_at_risk_before_its_time(lina: Client) -> None:
    # The example of the design: S(2 h) = 0.8 and S(4 h) = 0.4, so at two hours the chance is 0.5.
    number = tickets.create(lina, "desk", on_behalf_of="zhoumin")["number"]
    ended(number, [1.0] * 20 + [3.0] * 40 + [6.0] * 40)
    foresee()

    shown = resolution(lina, number)
    assert shown["breach_chance"] == pytest.approx(0.4)
    assert shown["at_risk"] is False
    assert at_risk(lina) == []

    clock.advance(timedelta(hours=2))
    shown = resolution(lina, number)
    assert shown["breach_chance"] == pytest.approx(0.5)
    assert shown["at_risk"] is True  # at half of the target: 75 % would be an hour from now
    assert at_risk(lina) == [number]
    assert lina.get("/api/v1/tickets/counts").get_json()["at_risk"] == 1


def test_a_new_ticket_is_rated_by_what_was_learned_before(lina: Client) -> None:
    first = tickets.create(lina, "desk", on_behalf_of="zhoumin")["number"]
    ended(first, [1.0] * 10 + [6.0] * 40)
    foresee()
    second = tickets.create(lina, "desk", on_behalf_of="zhoumin")["number"]
    assert second in at_risk(lina)


def test_too_few_clocks_say_nothing(lina: Client) -> None:
    number = tickets.create(lina, "desk", on_behalf_of="zhoumin")["number"]
    ended(number, [6.0] * 28)
    foresee()
    assert "breach_chance" not in resolution(lina, number)
    assert at_risk(lina) == []


def test_the_report_says_how_good_the_forecast_is(lina: Client, as_user: AsUser) -> None:
    number = tickets.create(lina, "desk", on_behalf_of="zhoumin")["number"]
    ended(number, [3.0] * 60 + [6.0] * 40)
    # Since then half of those that ran for two hours were late, where two of five were foretold.
    ended(number, [1.0] * 5 + [3.0] * 20 + [6.0] * 20, ago=timedelta(days=10))
    foresee()

    owner = as_user("wangfang", "process_owner")
    found = owner.get("/api/v1/sla/predictions").get_json()
    assert found["likely"] == pytest.approx(0.5)
    by_type = {one["type"]: one for one in found["types"]}
    assert set(by_type) == {"*", "desk"}
    groups = {one["name"]: one for one in by_type["desk"]["groups"]}
    assert groups["resolution"]["samples"] == 146
    assert groups["resolution"]["median"] == 3 * HOUR
    calibration = by_type["desk"]["calibration"]
    assert calibration["count"] == 40
    [band] = calibration["bands"]
    assert band["predicted"] == pytest.approx(0.4, abs=0.01)
    assert band["observed"] == pytest.approx(0.5)
    assert lina.get("/api/v1/sla/predictions").status_code == 403
