"""Sent back over a parallel part: what stands after the target is gone, its timers too."""

from flask import Flask
from sqlalchemy import select

from engine.db import db
from engine.jobs.models import Job
from engine.processes.models import UserTask, Wait
from tests import approvals, builders, packages, tickets
from tests.conftest import AsUser


def process() -> bytes:
    """prepare -> (approve | other with a timer | second, an approval with a time limit) -> end."""
    approval = {"approval": "all", "when_empty": "admin", "status": "handling"}
    parts = ("approve", "other", "second")
    return packages.bpmn(
        '<bpmn:startEvent id="begin"/>'
        + packages.user_task("prepare", "准备", assignee="=ticket.requester", status="fresh")
        + '<bpmn:parallelGateway id="split"/>'
        + packages.user_task("approve", "审批", approvers="users:zhang", **approval)
        + packages.user_task("other", "别的", status="handling")
        + packages.user_task(
            "second", "另一审批", approvers="users:li", time_limit="PT4H", **approval
        )
        + '<bpmn:boundaryEvent id="late" attachedToRef="other"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        '<bpmn:endEvent id="expired"/>'
        '<bpmn:parallelGateway id="join"/><bpmn:endEvent id="finish"/>'
        + packages.flow("begin", "prepare")
        + packages.flow("prepare", "split")
        + "".join(packages.flow("split", one) + packages.flow(one, "join") for one in parts)
        + packages.flow("late", "expired")
        + packages.flow("join", "finish")
    )


def test_parallel_branches_and_their_timers_are_cancelled(app: Flask, as_user: AsUser) -> None:
    for name in ("zhang", "li"):
        builders.person(name)
    tickets.deploy("wide", process(), approvals.CLOSING)
    requester, zhang, li = as_user("req"), as_user("zhang"), as_user("li")
    ticket = tickets.create(requester, "wide")
    tickets.complete(requester, ticket["tasks"][0])
    [mine] = zhang.get("/api/v1/tasks?assignee=me").get_json()["items"]
    [theirs] = li.get("/api/v1/tasks?assignee=me").get_json()["items"]
    assert db.session.scalars(select(Wait.element)).all() == ["late"]

    answer = approvals.act(zhang, mine["id"], "return", target="prepare", comment="重来")

    assert answer.status_code == 200, answer.get_json()
    open_tasks = db.session.scalars(select(UserTask.element).where(UserTask.status == "open")).all()
    assert open_tasks == ["prepare"]
    assert db.session.scalars(select(Wait.element)).all() == []
    kinds = db.session.scalars(select(Job.kind).where(Job.kind.in_(("timer", "approval_time"))))
    assert kinds.all() == []
    found = approvals.ledger(li, theirs["id"])
    assert (found["outcome"], approvals.states(found)) == ("withdrawn", {"li": "skipped"})
    assert approvals.act(li, theirs["id"], "agree").get_json()["code"] == "round-ended"
