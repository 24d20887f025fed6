"""A leave of absence: level by level, by a deputy, sent back, late."""

from datetime import timedelta

import pytest
from flask import Flask

from engine import clock
from engine.db import db
from engine.directory.models import Absence
from engine.uow import command
from tests import builders
from tests.approvals import act, ledger, states
from tests.conftest import AsUser
from tests.scenarios.walking import Walk, people


@pytest.fixture
def walk(app: Flask, as_user: AsUser) -> Walk:
    found = Walk(as_user, "leave_request")
    for username, manager in (("ceo", None), ("director", "ceo"), ("lead", "director")):
        builders.person(username, manager=manager)
    builders.person("staff", manager="lead")
    people(("hr", ("agent",), ("leave_hr",)), ("stand_in", (), ()))
    return found


def ask(walk: Walk, days: float) -> str:
    walk.report(
        "staff",
        "年假",
        leave_kind="annual",
        leave_from="2026-12-01",
        leave_to="2026-12-20",
        days=days,
    )
    return task(walk)


def task(walk: Walk) -> str:
    [found] = [one for one in walk.ticket()["tasks"] if one["element"] == "approve"]
    return str(found["id"])


def test_the_days_decide_the_levels(walk: Walk) -> None:
    found = ask(walk, 8)
    assert states(ledger(walk.person("staff"), found)) == {"lead": "open", "director": "waiting"}
    act(walk.person("lead"), found, "agree")
    act(walk.person("director"), found, "agree")
    assert walk.status() == "recording"
    walk.do("hr", "record", "recorded", days_left=4)
    assert walk.status() == "done"


def test_a_deputy_stands_in_for_a_manager_who_is_away(walk: Walk) -> None:
    absent("lead", "stand_in")
    found = ask(walk, 2)
    [seat] = ledger(walk.person("stand_in"), found)["rounds"][0]["seats"]
    assert (seat["person"], seat["principal"]) == ("stand_in", "lead")
    timeline = act(walk.person("stand_in"), found, "agree").get_json()["timeline"]
    assert timeline[-1]["data"]["principal"] == "lead"
    assert walk.status() == "recording"


@command
def absent(username: str, deputy: str) -> None:
    """Somebody is away, and somebody stands in for him."""
    now = clock.now()
    db.session.add(
        Absence(
            id="away",
            username=username,
            kind="leave",
            starts_at=now - timedelta(days=1),
            ends_at=now + timedelta(days=5),
            deputy=deputy,
            created_at=now,
        )
    )


def test_nobody_answers_and_it_goes_one_level_up(walk: Walk) -> None:
    found = ask(walk, 2)
    walk.wait(days=2, minutes=1)
    assert states(ledger(walk.person("staff"), found)) == {
        "lead": "transferred",
        "director": "open",
    }
    assert act(walk.person("lead"), found, "agree").get_json()["code"] == "seat-closed"
    act(walk.person("director"), found, "agree")
    assert walk.status() == "recording"


def test_sent_back_it_comes_straight_back_to_who_has_sent_it(walk: Walk) -> None:
    found = ask(walk, 8)
    act(walk.person("lead"), found, "agree")
    act(walk.person("director"), found, "return", comment="写明交接")
    assert (walk.status(), walk.open()) == ("revising", ["submitted"])
    walk.do("staff", "submitted")
    assert states(ledger(walk.person("staff"), task(walk))) == {
        "lead": "agreed",
        "director": "open",
    }
