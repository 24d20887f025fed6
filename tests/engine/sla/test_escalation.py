"""Steps of an escalation: planned with the clock, taken once by the job runner, told in history."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from engine import clock
from engine.access.policy import SYSTEM
from engine.db import Base, db
from engine.deployments import commands as deployments
from engine.jobs import runner
from engine.sla import escalation
from engine.sla.clock_models import SlaStep
from engine.tickets import escalating
from engine.uow import command
from tests import builders, packages, tickets
from tests.conftest import AsUser
from tests.engine.sla.clockwork import CN, Clockwork, cn, shown

_steps = Base.metadata.tables[SlaStep.__tablename__]

STEPS = """
[[policy]]
metric = "resolution"
pause_on = ["waiting"]
goals = [ { when = 'priority = "P1"', target = "PT2H" }, { target = "PT8H" } ]
steps = [
  { at = "50%", notify = ["assignee"] },
  { at = "75%", notify = ["assignee", "lead"] },
  { at = "-PT30M", time = "calendar", notify = ["lead"] },
  { at = "100%", notify = ["manager"], repeat = "PT30M", max = 3 },
  { at = "+PT1H", notify = ["manager"] },
]
"""


def fired(ticket: Clockwork, at: str) -> list[tuple[int, int]]:
    return [(one.number, one.round) for one in ticket.work(at)]


def test_steps_fire_at_their_points_and_once() -> None:
    ticket = Clockwork(STEPS).at("03-02 09:00")
    assert ticket.next() == "03-02 14:30"  # 4 hours, over lunch
    assert fired(ticket, "03-02 14:29") == []
    assert fired(ticket, "03-02 14:30") == [(1, 1)]
    assert fired(ticket, "03-02 14:30") == []
    assert ticket.next() == "03-02 16:30"
    assert fired(ticket, "03-02 16:30") == [(2, 1)]
    assert fired(ticket, "03-03 09:00") == [(3, 1)]  # half an hour before 09:30 by the wall clock
    assert fired(ticket, "03-03 09:30") == [(4, 1)]
    assert fired(ticket, "03-03 10:00") == [(4, 2)]
    assert fired(ticket, "03-03 10:30") == [(4, 3), (5, 1)]
    assert ticket.next() is None


def test_nothing_fires_while_paused_and_the_plan_moves_with_the_pause() -> None:
    ticket = Clockwork(STEPS).at("03-02 09:00").at("03-02 10:00", "waiting")
    assert (ticket.next(), fired(ticket, "03-05 10:00")) == (None, [])
    ticket.at("03-03 09:00", "open")
    assert ticket.next() == "03-03 12:00"


@pytest.mark.parametrize("category", ["resolved", "cancelled"])
def test_nothing_fires_when_the_clock_is_over(category: str) -> None:
    ticket = Clockwork(STEPS).at("03-02 09:00").at("03-02 10:00", category)
    assert (ticket.next(), fired(ticket, "03-09 10:00")) == (None, [])


@pytest.mark.parametrize(
    ("catch_up", "taken"), [("highest", [3]), ("all", [1, 2, 3]), ("none", [])]
)
def test_steps_that_are_past_when_terms_change_are_caught_up(
    catch_up: str, taken: list[int]
) -> None:
    steps = STEPS.replace("pause_on", f'catch_up = "{catch_up}"\npause_on')
    ticket = Clockwork(steps).at("03-02 09:00")
    clock_ = ticket.clock("resolution")
    ticket.at("03-02 10:36", scope={"priority": "P1"})
    escalation.catch_up(clock_, ticket.book, cn("03-02 10:36"), CN)
    assert sorted(number for number, _ in fired(ticket, "03-02 10:36")) == taken


def test_a_late_worker_fires_once_and_says_how_late() -> None:
    ticket = Clockwork(STEPS).at("03-02 09:00")
    [one] = ticket.work("03-02 15:30")
    assert (one.number, one.late, shown(one.planned)) == (1, 3600, "03-02 14:30")
    assert ticket.work("03-02 15:30") == []


ALARM = """
calendar = "always"
[[policy]]
metric = "acknowledge"
when = 'priority = "P0"'
goals = [ { target = "PT5M", calendar = "always" } ]
steps = [ { at = "100%", notify = ["lead"], repeat = "PT5M", until = "ack", max = 3 } ]
[[policy]]
metric = "resolution"
goals = [ { target = "PT8H" } ]
steps = [
  { at = "50%", raise_priority = true, assign = "group:second-line" },
  { at = "100%", message = "overdue" },
]
"""

HOLIDAY_NIGHT = datetime(2027, 2, 6, 19, 0, tzinfo=UTC)  # Spring Festival, 03:00 in Shanghai


def deploy(key: str = "alarm", sla: str = ALARM, process: bytes | None = None) -> None:
    builders.group("it-desk")
    builders.group("second-line")
    content = {
        "package.toml": tickets.manifest(key),
        "process.bpmn": process or tickets.loop(groups="it-desk"),
        "sla.toml": sla.encode(),
    }
    deployments.deploy(SYSTEM, packages.packages.from_files(content))


def history(client: Any, number: str, kind: str) -> list[dict[str, Any]]:
    facts = client.get(f"/api/v1/tickets/{number}/history?limit=200").get_json()["items"]
    return [fact for fact in facts if fact["kind"] == kind]


def pass_time(**duration: float) -> None:
    clock.advance(timedelta(**duration))
    while runner.run_due():
        pass


def test_an_unacknowledged_p0_alarms_within_five_minutes_in_a_holiday_night(
    app: Flask, as_user: AsUser
) -> None:
    deploy()
    clock.advance(HOLIDAY_NIGHT - clock.now())
    lina = as_user("lina")
    number = tickets.create(lina, "alarm", priority="P0")["number"]

    pass_time(minutes=4, seconds=55)
    assert history(lina, number, "sla_step_fired") == []
    pass_time(seconds=6)
    [alarm] = history(lina, number, "sla_step_fired")
    assert (alarm["data"]["notify"], alarm["data"]["clock"]) == (["lead"], "acknowledge")
    assert alarm["actor"] == "system"

    pass_time(minutes=5, seconds=1)
    assert [one["data"]["round"] for one in history(lina, number, "sla_step_fired")] == [1, 2]
    assert len(history(lina, number, "sla_breached")) == 1

    assert lina.post(f"/api/v1/tickets/{number}/acknowledge").status_code == 204
    pass_time(minutes=30)
    assert len(history(lina, number, "sla_step_fired")) == 2


def test_the_alarm_of_a_p0_goes_before_everything_else(app: Flask, as_user: AsUser) -> None:
    deploy()
    lina = as_user("lina")
    tickets.create(lina, "alarm", priority="P0")
    tickets.create(lina, "alarm")
    lanes = db.session.execute(text("SELECT lane FROM job WHERE kind = 'sla' ORDER BY id")).all()
    assert [lane for (lane,) in lanes] == [0, 5]


def test_a_ticket_has_one_job_that_moves_with_its_clocks(app: Flask, as_user: AsUser) -> None:
    deploy()
    lina = as_user("lina")
    ticket = tickets.create(lina, "alarm")
    for _ in range(3):
        lina.patch(f"/api/v1/tickets/{ticket['number']}", json={"priority": "P0"})
        lina.patch(f"/api/v1/tickets/{ticket['number']}", json={"priority": "P2"})
    jobs = db.session.execute(text("SELECT due, lane FROM job WHERE kind = 'sla'")).all()
    assert [lane for _, lane in jobs] == [5]
    db.session.rollback()
    tickets.complete(lina, ticket["tasks"][0], "solve")
    assert db.session.execute(text("SELECT 1 FROM job WHERE kind = 'sla'")).all() == []


def test_a_step_raises_the_priority_and_hands_the_ticket_on(app: Flask, as_user: AsUser) -> None:
    deploy()
    lina = as_user("lina")
    number = tickets.create(lina, "alarm")["number"]
    pass_time(hours=4, seconds=1)
    ticket = lina.get(f"/api/v1/tickets/{number}").get_json()
    assert (ticket["priority"], ticket["group"], ticket["assignee"]) == ("P2", "second-line", None)
    pass_time(hours=1)
    assert len(history(lina, number, "sla_step_fired")) == 1


def test_a_message_of_a_step_reaches_the_process(app: Flask, as_user: AsUser) -> None:
    head = packages.HEAD + '<bpmn:message id="m" name="overdue"/>'
    process = packages.bpmn(
        '<bpmn:startEvent id="begin"/>'
        + packages.user_task("handle", "处理", status="handling")
        + '<bpmn:boundaryEvent id="late" attachedToRef="handle" cancelActivity="true">'
        '<bpmn:messageEventDefinition messageRef="m"/></bpmn:boundaryEvent>'
        + packages.user_task("hurry", "加急", status="handling")
        + '<bpmn:endEvent id="finish"/><bpmn:endEvent id="finish2"/>'
        + packages.flow("begin", "handle")
        + packages.flow("handle", "finish")
        + packages.flow("late", "hurry")
        + packages.flow("hurry", "finish2"),
        head=head,
    )
    deploy(process=process)
    lina = as_user("lina")
    number = tickets.create(lina, "alarm")["number"]
    pass_time(hours=8, seconds=1)
    open_ = lina.get(f"/api/v1/tickets/{number}").get_json()["tasks"]
    assert [one["element"] for one in open_] == ["hurry"]


def test_a_step_is_taken_once_whatever_a_worker_thinks(app: Flask, as_user: AsUser) -> None:
    deploy()
    number = tickets.create(as_user("lina"), "alarm", priority="P0")["number"]
    pass_time(minutes=6)
    ticket_id = db.session.execute(
        text("SELECT id FROM ticket WHERE number = :n"), {"n": number}
    ).scalar_one()
    db.session.rollback()
    command(escalating.escalate)(0, {"ticket": ticket_id})  # a job that came twice
    assert db.session.scalar(select(func.count()).select_from(_steps)) == 1
