"""Where running tickets stand: figures of each step, and the tickets on it."""

from datetime import timedelta

import pytest

from engine import clock
from engine.jobs import runner
from tests import packages, tickets
from tests.conftest import AsUser

RUNNING = "/api/v1/processes/fix/running"


def test_each_step_says_how_many_stand_on_it_and_for_how_long(as_user: AsUser) -> None:
    requester = as_user("zhoumin")
    tickets.deploy("fix", packages.one_task("甲"))
    for _ in range(3):
        tickets.create(requester, "fix")
        clock.advance(timedelta(hours=1))
    done = tickets.create(requester, "fix")
    tickets.complete(as_user("lina"), done["tasks"][0])

    found = as_user("chenjing").get(RUNNING).json

    assert (found["key"], found["running"], found["incidents"]) == ("fix", 3, {})
    (step,) = found["steps"]
    assert (step["element"], step["tickets"], step["breached"]) == ("handle", 3, 0)
    assert step["median_seconds"] == pytest.approx(2 * 3600, abs=60)


def test_a_timer_at_a_step_is_no_place_to_stand(as_user: AsUser) -> None:
    tickets.deploy("fix", tickets.timed("PT4H"))
    tickets.create(as_user("zhoumin"), "fix")
    while runner.run_due():
        pass

    found = as_user("chenjing").get(RUNNING).json

    assert [step["element"] for step in found["steps"]] == ["handle"]


def test_tickets_are_listed_by_step_and_version_the_longest_first(as_user: AsUser) -> None:
    requester, owner = as_user("zhoumin"), as_user("chenjing")
    tickets.deploy("fix", packages.one_task("甲"))
    old = [tickets.create(requester, "fix")["number"] for _ in range(2)]
    tickets.deploy("fix", packages.one_task("乙").replace(b"handle", b"check"))
    clock.advance(timedelta(minutes=5))
    new = tickets.create(requester, "fix")["number"]

    first = owner.get(f"{RUNNING}/tickets?limit=2").json
    rest = owner.get(f"{RUNNING}/tickets?limit=2&cursor={first['next']}").json

    assert [one["number"] for one in first["items"] + rest["items"]] == [*old, new]
    assert rest["next"] is None
    (only,) = owner.get(f"{RUNNING}/tickets?element=check").json["items"]
    assert (only["number"], only["element_name"], only["version"]) == (new, "乙", 2)
    of_first = owner.get(f"{RUNNING}/tickets?version=1").json["items"]
    assert [one["number"] for one in of_first] == old
    assert owner.get(f"{RUNNING}?version=1").json["running"] == 2


def test_a_version_nobody_runs_on_has_nothing_to_say(as_user: AsUser) -> None:
    tickets.deploy("fix", packages.one_task("甲"))

    found = as_user("chenjing").get(RUNNING).json

    assert (found["running"], found["steps"]) == (0, [])
    assert as_user("chenjing").get(f"{RUNNING}/tickets").json == {"items": [], "next": None}


@pytest.mark.parametrize("path", ["running", "running/tickets"])
def test_only_the_working_side_sees_where_tickets_stand(as_user: AsUser, path: str) -> None:
    tickets.deploy("fix", packages.one_task("甲"))

    assert as_user("zhoumin").get(f"/api/v1/processes/fix/{path}").status_code == 403
    assert as_user("chenjing").get(f"/api/v1/processes/nothing/{path}").status_code == 404
    assert as_user("chenjing").get(f"/api/v1/processes/fix/{path}?version=9").status_code == 404
