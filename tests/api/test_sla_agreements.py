"""What was promised, as a ticket shows it: contracts, calendars in use, years without holidays."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from engine import clock
from engine.access import commands as access
from engine.access.policy import SYSTEM
from engine.deployments import commands as deployments
from engine.directory.kinds import CONTRACT, CUSTOMER
from engine.errors import InUse
from engine.records import commands as records
from engine.sla import calendar_commands
from tests import builders, packages, tickets
from tests.clients import Client
from tests.conftest import AsUser

SLA = """
calendar = "{calendar}"
[[policy]]
key = "usual"
metric = "resolution"
goals = [ {{ when = "vip", target = "PT1H" }}, {{ target = "PT80H" }} ]
[[policy]]
key = "gold"
metric = "resolution"
goals = [ {{ when = 'department = "plant"', target = "PT2H" }}, {{ target = "PT4H" }} ]
"""
NAMES = {"zh-CN": "岳麟", "en": "Yuelin"}


def deploy(calendar: str) -> None:
    content = {
        "package.toml": tickets.manifest("desk"),
        "process.bpmn": tickets.loop(groups="it-desk"),
        "sla.toml": SLA.format(calendar=calendar).encode(),
    }
    deployments.deploy(SYSTEM, packages.packages.from_files(content))


@pytest.fixture
def lina(app: Flask, as_user: AsUser) -> Client:
    builders.group("it-desk")
    deploy("cn_office")
    clock.advance(datetime(2026, 12, 28, 2, tzinfo=UTC) - clock.now())
    return as_user("lina")


@pytest.mark.parametrize(
    ("vip", "policy", "department", "expected"),
    [
        pytest.param(None, None, None, ("usual", 80, None), id="nobody's customer"),
        pytest.param(False, None, None, ("usual", 80, None), id="without a contract"),
        pytest.param(True, None, None, ("usual", 1, None), id="a VIP"),
        pytest.param(False, "gold", None, ("gold", 4, "c1"), id="gold"),
        pytest.param(True, "gold", "plant", ("gold", 2, "c1"), id="gold in the plant"),
    ],
)
def test_a_clock_shows_the_contract_that_chose_its_policy(
    lina: Client,
    vip: bool | None,
    policy: str | None,
    department: str | None,
    expected: tuple[str, int, str | None],
) -> None:
    if department is not None:
        builders.department(department)
        access.update_user(SYSTEM, "lina", {"department": department})
    if vip is not None:
        records.create(SYSTEM, CUSTOMER, {"key": "yuelin", "names": NAMES, "vip": vip})
        access.update_user(SYSTEM, "lina", {"customer": "yuelin"})
    if policy is not None:
        told = {"key": "c1", "names": NAMES, "customer": "yuelin", "sla_policy": policy}
        records.create(SYSTEM, CONTRACT, {**told, "valid_from": date(2026, 1, 1)})

    [found] = tickets.create(lina, "desk")["clocks"]

    shown = (found["policy"], found["target"] // 3600, found.get("contract"))
    assert shown == expected


def test_a_due_time_among_holidays_to_be_published_is_marked(lina: Client) -> None:
    [found] = tickets.create(lina, "desk")["clocks"]
    assert found["due"].startswith("2027-01")
    assert found["holidays_unpublished"] == 30


def test_a_calendar_stays_while_an_open_clock_of_an_older_version_runs_by_it(
    lina: Client,
) -> None:
    given = {"name": "夜班", "tz": "Asia/Shanghai", "weekly": [[["20:00", "24:00"]]] * 7}
    calendar_commands.put_calendar(SYSTEM, "night", {**given, "exceptions": {}, "holidays": None})
    deploy("night")
    ticket = tickets.create(lina, "desk")
    deploy("always")

    with pytest.raises(InUse):
        calendar_commands.delete_calendar(SYSTEM, "night")
    tickets.complete(lina, ticket["tasks"][0], "solve")
    calendar_commands.delete_calendar(SYSTEM, "night")
