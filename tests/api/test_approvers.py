"""Who is asked at an approval: what the settings name, and who comes in the place of whom."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from engine import clock
from tests import approvals, builders, packages, tickets
from tests.approvals import act, ledger, states
from tests.clients import Client
from tests.conftest import AsUser

PEOPLE = ("zhang", "li", "wang", "zhao")
REPORT = packages.form("report", who={"kind": "user"}, approve_approvers={"kind": "user"})


@pytest.fixture
def cast(app: Flask, as_user: AsUser) -> dict[str, Client]:
    """Four approvers, a requester in the department of wang, and one who has left."""
    found = {name: as_user(name) for name in (*PEOPLE, "admin", "req")}
    builders.department("works", head="wang")
    builders.person("left", manager="zhao")
    for name, change in (("req", {"department": "works"}), ("left", {"active": False})):
        answer = found["admin"].patch(f"/api/v1/users/{name}", json=change)
        assert answer.status_code == 200, answer.get_json()
    return found


@pytest.mark.parametrize(
    ("approvers", "values", "asked"),
    [
        ("field:who", {"who": "li"}, ["li"]),
        ("field:who", {}, ["admin"]),  # nobody: when_empty
        ("choose:users:zhang,li", {"approve_approvers": "li"}, ["li"]),
        ("choose:users:zhang,li", {"approve_approvers": "zhao"}, ["admin"]),  # out of range
        ("choose:users:zhang,li", {}, ["admin"]),
        ("department_head", {}, ["wang"]),
        ("department_head; users:li", {}, ["wang", "li"]),
    ],
)
def test_the_setting_leads_to_people(
    cast: dict[str, Client], approvers: str, values: dict[str, Any], asked: list[str]
) -> None:
    process = approvals.process(approvers=approvers)
    tickets.deploy("asks", process, approvals.CLOSING, report=REPORT)
    _, task = approvals.waiting(cast["req"], "asks", values=values)
    assert list(states(ledger(cast["admin"], task))) == asked


@pytest.mark.parametrize(
    ("when_left", "asked"),
    [("manager", ["zhao", "li"]), ("admin", ["admin", "li"]), ("skip", ["li"])],
)
def test_somebody_who_has_left_is_never_asked(
    cast: dict[str, Client], when_left: str, asked: list[str]
) -> None:
    approvals.deploy(approvers="users:left,li", when_left=when_left)
    _, task = approvals.waiting(cast["req"])
    assert list(states(ledger(cast["admin"], task))) == asked


@pytest.mark.parametrize(
    ("setting", "repeated", "found"),
    [
        ("users:zhang,wang", "ask", {"zhang": "open", "wang": "open"}),
        ("users:zhang,wang", "adjacent", {"zhang": "agreed", "wang": "open"}),
        ("users:li,wang", "adjacent", {"li": "open", "wang": "open"}),
        ("users:li,wang", "any", {"li": "agreed", "wang": "open"}),
        ("previous", "ask", {"zhang": "open"}),
    ],
)
def test_who_has_agreed_at_an_earlier_step_is_asked_again_as_the_step_says(
    cast: dict[str, Client], setting: str, repeated: str, found: dict[str, str]
) -> None:
    tickets.deploy("thrice", _in_a_row(setting, repeated), approvals.CLOSING)
    tickets.create(cast["req"], "thrice")
    for name in ("li", "zhang"):
        [mine] = cast[name].get("/api/v1/tasks?assignee=me").get_json()["items"]
        act(cast[name], mine["id"], "agree")
        clock.advance(timedelta(minutes=1))
    [last] = cast["admin"].get("/api/v1/tasks").get_json()["items"]
    assert states(ledger(cast["admin"], last["id"])) == found


def _in_a_row(setting: str, repeated: str) -> bytes:
    """li -> zhang -> the step in question -> the end."""
    usual = {"approval": "all", "when_empty": "admin", "status": "handling"}
    last = {**usual, "approvers": setting, "when_repeated": repeated}
    return packages.bpmn(
        '<bpmn:startEvent id="begin"/><bpmn:endEvent id="done"/>'
        + packages.user_task("first", "先审", **usual, approvers="users:li")
        + packages.user_task("second", "再审", **usual, approvers="users:zhang")
        + packages.user_task("last", "终审", **last)
        + packages.flow("begin", "first")
        + packages.flow("first", "second")
        + packages.flow("second", "last")
        + packages.flow("last", "done")
    )
