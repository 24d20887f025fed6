"""What runs beside routing: new tables tried in silence, steps that nobody takes, deploy checks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine import clock
from engine.access.policy import Actor
from engine.assignment import shadows
from engine.db import db
from engine.errors import DefinitionInvalid, InvalidInput, NotAllowed
from engine.jobs import queue, runner
from engine.processes.models import History, UserTask
from engine.tickets import commands, tasks
from tests import builders, routed
from tests.conftest import AsUser
from tests.engine.tickets.test_statements import counted

OLD = routed.table(["group", "strategy"], [("-", '"desk"', '"least_loaded"')])
NEW = routed.table(
    ["group", "strategy"],
    [('"vpn"', '"network"', '"least_loaded"'), ("-", '"desk"', '"least_loaded"')],
)


@pytest.fixture
def desk(app: Flask) -> None:
    routed.people("desk", ["a1", "a2"])
    routed.people("network", ["n1"])
    routed.lead("desk", "a1")
    builders.person("boss", "manager")
    routed.deploy("desk", OLD, routing="decision:routing", fallback="group:desk")


@pytest.mark.usefixtures("desk")
def test_a_new_table_runs_beside_the_old_and_decides_nothing(
    actor: Callable[..., Actor], as_user: AsUser
) -> None:
    lina, owner = actor("lina"), actor("chenjing")
    shadows.set_shadow(owner, "desk", "routing", NEW)

    same = commands.create(lina, "desk", "printer", {}).change.row.number
    other = commands.create(lina, "desk", "vpn", {}).change.row.number

    [kept] = routed.kept(same)
    assert (kept["chosen"], kept["shadow"]["chosen"], kept["differs"]) == ("a1", "a1", False)
    [kept] = routed.kept(other)
    assert (kept["chosen"], kept["shadow"]["chosen"], kept["differs"]) == ("a2", "n1", True)
    client = as_user("chenjing")
    [item] = client.get("/api/v1/assignments/shadow?type=desk").get_json()["items"]
    assert (item["ticket"], item["chosen"], item["shadow"]["chosen"]) == (other, "a2", "n1")
    assert item["shadow"]["rule"]["tables"][0]["matched"] == [1]
    assert client.delete("/api/v1/assignments/shadow/desk").status_code == 204
    number = commands.create(lina, "desk", "vpn", {}).change.row.number
    assert routed.kept(number)[0]["shadow"] is None


@pytest.mark.usefixtures("desk")
def test_a_new_table_that_makes_no_sense_hurts_nothing(actor: Callable[..., Actor]) -> None:
    broken = routed.table(["group"], [("-", "[1, 2]")])
    shadows.set_shadow(actor("chenjing"), "desk", "routing", broken)

    number = commands.create(actor("lina"), "desk", "x", {}).change.row.number

    [kept] = routed.kept(number)
    assert kept["chosen"] == "a1"
    assert kept["shadow"]["problem"]["code"] == "routing-unreadable"
    assert kept["differs"]


@pytest.mark.usefixtures("desk")
def test_only_owners_of_processes_try_new_tables(
    actor: Callable[..., Actor], as_user: AsUser
) -> None:
    with pytest.raises(NotAllowed):
        shadows.set_shadow(actor("lina"), "desk", "routing", NEW)
    assert as_user("lina").get("/api/v1/assignments/shadow?type=desk").status_code == 403
    with pytest.raises(InvalidInput):
        shadows.set_shadow(actor("chenjing"), "desk", "other", NEW)
    with pytest.raises(InvalidInput):
        shadows.set_shadow(actor("chenjing"), "desk", "routing", b"no xml")


@pytest.mark.usefixtures("desk")
def test_colleagues_read_why_and_requesters_do_not(as_user: AsUser) -> None:
    lina, requester = as_user("lina"), as_user("zhoumin")
    response = requester.post("/api/v1/tickets", json={"type": "desk", "title": "x"})
    number = response.get_json()["number"]
    path = f"/api/v1/tickets/{number}/assignments"

    [item] = lina.get(path).get_json()["items"]

    assert (item["chosen"], item["name"], item["names"]["a1"]) == ("a1", "处理", "a1")
    assert item["explanation"]["demand"]["strategy"] == "least_loaded"
    assert requester.get(path).status_code == 403
    assert as_user("sunli").get(path).status_code == 404


@pytest.mark.usefixtures("desk")
def test_a_step_that_nobody_takes_gets_an_owner_in_time(
    app: Flask, actor: Callable[..., Actor]
) -> None:
    for name in ("a1", "a2"):
        routed.change(name, capacity=0)
    number = commands.create(actor("lina"), "desk", "x", {}).change.row.number
    assert holder(number) is None

    elapse(minutes=14)
    assert holder(number) is None
    elapse(minutes=2)

    assert holder(number) == "a1"  # the lead of the fallback group
    assert kinds(number)[-3:] == ["assignment_failed", "fallback_used", "task_assigned"]
    assert routed.tickets_of(number).assignee == "a1"


@pytest.mark.usefixtures("desk")
def test_a_step_that_was_given_back_gets_an_owner_in_time(
    app: Flask, actor: Callable[..., Actor]
) -> None:
    number = commands.create(actor("lina"), "desk", "x", {}).change.row.number
    task = db.session.scalar(select(UserTask.id))
    assert task is not None
    tasks.release(actor("a1"), task)

    elapse(minutes=16)

    assert holder(number) == "a1"


@pytest.mark.parametrize(
    ("step", "code", "cell"),
    [
        ({"routing": "decision:other"}, "routing-decision-unknown", None),
        ({"routing": "routing"}, "routing-decision-unknown", None),
        ({"strategy": "fastest", "groups": "desk"}, "routing-unreadable", None),
        ({"strategy": "least_loaded"}, "routing-without-people", None),
        ({"strategy": "round_robin", "groups": "nowhere"}, "group-unknown", None),
        (
            {"strategy": "round_robin", "groups": "desk", "skills": "vpn:x"},
            "routing-unreadable",
            None,
        ),
        (
            {"strategy": "round_robin", "groups": "desk", "fallback": "li"},
            "routing-unreadable",
            None,
        ),
        (
            {"strategy": "round_robin", "groups": "desk", "fallback": "user:nobody"},
            "user-unknown",
            None,
        ),
        ({"fallback": "role:administrator"}, "routing-incomplete", None),
        (
            {"strategy": "best_match", "groups": "desk", "routing_weights": "luck:5"},
            "routing-unreadable",
            None,
        ),
    ],
)
def test_refuses_routing_that_cannot_work(
    app: Flask, step: dict[str, str], code: str, cell: str | None
) -> None:
    builders.group("desk")

    found = refused(None, **step)

    assert (found["code"], found["element"], found["cell"]) == (code, "handle", cell)


@pytest.mark.parametrize(
    ("outputs", "rule", "code", "cell"),
    [
        (["group", "who"], ("-", '"desk"', '"li"'), "routing-output-unknown", "column 3"),
        (["group"], ("-", '"nowhere"'), "group-unknown", "rule 1, group"),
        (
            ["group", "strategy"],
            ("-", '"desk"', '"fast"'),
            "routing-unreadable",
            "rule 1, strategy",
        ),
        (["strategy"], ("-", '"round_robin"'), "routing-without-people", None),
        (["group", "priority"], ("-", '"desk"', '"P9"'), "routing-unreadable", "rule 1, priority"),
    ],
)
def test_refuses_tables_that_cannot_route(
    app: Flask, outputs: list[str], rule: tuple[str, ...], code: str, cell: str | None
) -> None:
    builders.group("desk")

    found = refused(routed.table(outputs, [rule]), routing="decision:routing")

    assert (found["code"], found["cell"]) == (code, cell)


def refused(dmn: bytes | None, **step: str) -> dict[str, Any]:
    with pytest.raises(DefinitionInvalid) as caught:
        routed.deploy("desk", dmn, **step)
    [found] = [one for one in caught.value.findings if one.severity == "error"]
    return {"code": found.code, "element": found.element, "cell": found.cell}


def elapse(**duration: float) -> None:
    """Time passes, and what is due is done."""
    clock.advance(timedelta(**duration))
    queue.ensure_schedules()
    while runner.run_due():
        pass


def holder(number: str) -> str | None:
    ticket = routed.tickets_of(number)
    db.session.rollback()
    return db.session.scalar(
        select(UserTask.assignee).where(UserTask.ticket_id == ticket.id, UserTask.status == "open")
    )


def kinds(number: str) -> list[str]:
    ticket = routed.tickets_of(number)
    statement = select(History.kind).where(History.ticket_id == ticket.id).order_by(History.seq)
    return list(db.session.scalars(statement))


def test_routing_takes_at_most_three_statements_and_no_routing_none(
    app: Flask, actor: Callable[..., Actor]
) -> None:
    routed.people("desk", ["a1", "a2"])
    routed.deploy("plain", groups="desk")
    routed.deploy("desk", OLD, routing="decision:routing")
    lina = actor("lina")
    counts = {}
    for key in ("plain", "desk"):
        commands.create(lina, key, "x", {})  # what is kept in memory is there
        with counted() as seen:
            commands.create(lina, key, "x", {})
        routing = [one for one in seen if "assignment" in one or "agent_turn" in one]
        reads = [one for one in seen if one.startswith(("SELECT", "WITH members"))]
        counts[key] = (len(routing), len(reads))
        if key == "plain":
            assert routing == []

    assert counts["desk"][1] - counts["plain"][1] <= 3
