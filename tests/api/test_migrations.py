"""Running tickets moved to another version through the interface: preview, bulk, pause, undo."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine import clock, doctor
from engine.jobs import runner
from engine.tickets.migrating import working
from tests import approvals, builders, packages, tickets
from tests.clients import Client
from tests.conftest import AsUser


def sound() -> None:
    """The invariants of an installation hold, states and rows included."""
    assert [result.said for result in doctor.examine(deep=True) if not result.ok] == []


def work() -> None:
    """What is due is done."""
    while runner.run_due():
        pass


def handling(step: str, timer: str = "", **properties: str) -> bytes:
    """One task of an id of its own, perhaps with a timer that ends the ticket."""
    process = tickets.timed(timer) if timer else packages.one_task(**properties)
    return process.replace(b"handle", step.encode()).replace(b"handling", b"handling")


@pytest.fixture
def owner(as_user: AsUser) -> Client:
    """Who owns the processes."""
    return as_user("chenjing")


Begin = Callable[..., Any]


@pytest.fixture
def migrate(owner: Client) -> Begin:
    """`migrate(map, tickets=…, dry_run=…)`: from version 1 to version 2 of `fix`."""

    def post(elements: dict[str, Any] | None = None, **more: Any) -> Any:
        body = {"key": "fix", "from": 1, "to": 2, "map": elements or {}, **more}
        return owner.post("/api/v1/migrations", json=body)

    return post


def test_a_preview_says_what_becomes_of_each_ticket(
    as_user: AsUser, owner: Client, migrate: Begin
) -> None:
    requester = as_user("zhoumin")
    tickets.deploy("fix", tickets.loop())
    one, two = tickets.create(requester, "fix"), tickets.create(requester, "fix")
    tickets.complete(as_user("lina"), two["tasks"][0], "ask")
    tickets.deploy("fix", packages.one_task())

    answer = migrate(dry_run=True)

    assert answer.status_code == 200
    assert answer.json["total"] == 2
    assert answer.json["verdicts"] == {"fits": 1, "needs_mapping": 1, "blocked": 0}
    assert answer.json["elements"] == {"handle": 1, "reply": 1}
    first, second = answer.json["items"]
    assert (first["number"], first["verdict"], first["problems"]) == (one["number"], "fits", [])
    [problem] = second["problems"]
    assert (problem["code"], problem["element"]) == ("element-missing", "reply")
    assert "补充" in problem["text"]
    assert owner.get("/api/v1/migrations").json["items"] == []
    paged = owner.post(
        "/api/v1/migrations?limit=1",
        json={"key": "fix", "from": 1, "to": 2, "dry_run": True, "map": {"reply": "handle"}},
    ).json
    assert (len(paged["items"]), paged["next"] is not None) == (1, True)


def test_tickets_move_with_their_tasks_timers_and_answers(
    as_user: AsUser, owner: Client, migrate: Begin
) -> None:
    requester, agent = as_user("zhoumin"), as_user("lina")
    tickets.deploy("fix", handling("handle", "PT2H"))
    ticket = tickets.create(requester, "fix")
    task = ticket["tasks"][0]
    agent.post(f"/api/v1/tasks/{task['id']}/claim")
    clock.advance(timedelta(hours=1))
    tickets.deploy("fix", handling("work", "PT9H"))

    answer = migrate({"handle": "work"})

    assert answer.status_code == 201
    assert (answer.json["state"], answer.json["total"]) == ("running", 1)
    work()
    shown = owner.get(answer.headers["Location"]).json
    assert (shown["state"], shown["counts"]) == ("done", {"migrated": 1})
    moved = agent.get(f"/api/v1/tickets/{ticket['number']}").json
    [now] = moved["tasks"]
    assert (moved["version"], now["id"], now["element"]) == (2, task["id"], "work")
    assert (now["assignee"], moved["assignee"]) == ("lina", "lina")
    facts = agent.get(f"/api/v1/tickets/{ticket['number']}/history").json["items"]
    assert facts[-1]["kind"] == "ticket_migrated"
    assert facts[-1]["data"] == {"before": 1, "after": 2, "elements": {"handle": "work"}}
    sound()
    clock.advance(timedelta(minutes=59))
    work()
    assert agent.get(f"/api/v1/tickets/{ticket['number']}").json["tasks"]
    clock.advance(timedelta(minutes=2))
    work()
    assert agent.get(f"/api/v1/tickets/{ticket['number']}").json["tasks"] == []
    sound()


def test_an_open_task_takes_the_form_of_the_new_version(as_user: AsUser, migrate: Begin) -> None:
    agent = as_user("lina")
    old = {"cause": {"kind": "text"}}
    new = {"cause": {"kind": "text"}, "effect": {"kind": "text", "required": True}}
    for fields in (old, new):
        tickets.deploy(
            "fix",
            packages.one_task(form="work"),
            work=packages.form("work", **fields),
            report=packages.form("report", place={"kind": "text"}),
        )
        if fields is old:
            ticket = tickets.create(as_user("zhoumin"), "fix", values={"place": "三号线"})

    migrate()
    work()

    task = agent.get(f"/api/v1/tasks/{ticket['tasks'][0]['id']}").json
    assert [field["key"] for field in task["form"]["fields"]] == ["cause", "effect"]
    assert tickets.complete(agent, task, cause="雷击").status_code == 422
    assert tickets.complete(agent, task, cause="雷击", effect="停机").status_code == 200
    shown = agent.get(f"/api/v1/tickets/{ticket['number']}").json
    assert shown["values"] == {"place": "三号线", "cause": "雷击", "effect": "停机"}
    sound()


def test_what_does_not_fit_stays_and_says_why(
    as_user: AsUser, owner: Client, migrate: Begin
) -> None:
    requester = as_user("zhoumin")
    tickets.deploy("fix", packages.one_task())
    ticket = tickets.create(requester, "fix")
    tickets.deploy("fix", handling("work"))

    location = migrate().headers["Location"]
    work()

    assert owner.get(location).json["counts"] == {"refused": 1}
    [result] = owner.get(f"{location}/tickets").json["items"]
    assert (result["number"], result["status"]) == (ticket["number"], "refused")
    assert (result["verdict"], result["problems"][0]["element"]) == ("needs_mapping", "handle")
    assert requester.get(f"/api/v1/tickets/{ticket['number']}").json["version"] == 1
    assert owner.get(f"{location}/tickets?status=migrated").json["items"] == []
    sound()


def test_a_status_that_is_gone_is_mapped_or_taken_from_the_step(
    as_user: AsUser, migrate: Begin
) -> None:
    requester = as_user("zhoumin")
    tickets.deploy("fix", packages.one_task())
    ticket = tickets.create(requester, "fix")
    other = packages.files("fix", {"process.bpmn": packages.one_task(status="busy")})
    other["package.toml"] = tickets.manifest("fix").replace(b"handling", b"busy")
    other.pop("forms/report.json")
    from engine.access.policy import SYSTEM
    from engine.deployments import commands

    commands.deploy(SYSTEM, packages.packages.from_files(other))

    migrate()
    work()

    shown = requester.get(f"/api/v1/tickets/{ticket['number']}").json
    assert (shown["version"], shown["status"]["key"]) == (2, "busy")
    sound()


def test_a_migration_rests_and_goes_on(
    as_user: AsUser, owner: Client, migrate: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "CHUNK", 2)
    requester = as_user("zhoumin")
    tickets.deploy("fix", packages.one_task())
    for _ in range(5):
        tickets.create(requester, "fix")
    tickets.deploy("fix", packages.one_task("新"))
    location = migrate().headers["Location"]
    while "migrated" not in owner.get(location).json["counts"]:
        runner.run_due(1)

    paused = owner.post(f"{location}/pause").json

    assert (paused["state"], paused["counts"]) == ("paused", {"migrated": 2, "pending": 3})
    work()
    assert owner.get(location).json["counts"] == {"migrated": 2, "pending": 3}
    assert owner.post(f"{location}/resume").json["state"] == "running"
    work()
    shown = owner.get(location).json
    assert (shown["state"], shown["counts"]) == ("done", {"migrated": 5})
    assert owner.post(f"{location}/resume").status_code == 409
    assert owner.post(f"{location}/pause").status_code == 409


def test_an_undone_migration_leaves_everything_as_it_was(
    as_user: AsUser, owner: Client, migrate: Begin
) -> None:
    requester = as_user("zhoumin")
    tickets.deploy("fix", handling("handle", "PT2H"))
    ticket = tickets.create(requester, "fix")
    tickets.deploy("fix", handling("work"))
    location = migrate({"handle": "work", "late": None}).headers["Location"]
    work()
    sound()

    owner.post(f"{location}/undo")
    work()

    shown = owner.get(location).json
    assert (shown["phase"], shown["state"], shown["counts"]) == ("back", "done", {"undone": 1})
    back = requester.get(f"/api/v1/tickets/{ticket['number']}").json
    assert (back["version"], back["tasks"][0]["element"]) == (1, "handle")
    assert back["tasks"][0]["id"] == ticket["tasks"][0]["id"]
    assert owner.post(f"{location}/undo").status_code == 409
    sound()
    clock.advance(timedelta(hours=3))
    work()
    assert requester.get(f"/api/v1/tickets/{ticket['number']}").json["tasks"] == []


def test_a_ticket_that_went_on_goes_back_by_the_mapping(
    as_user: AsUser, owner: Client, migrate: Begin
) -> None:
    requester, agent = as_user("zhoumin"), as_user("lina")
    tickets.deploy("fix", tickets.loop())
    one, two = tickets.create(requester, "fix"), tickets.create(requester, "fix")
    tickets.deploy(
        "fix",
        tickets.loop()
        .replace(b'"handle', b'"work')
        .replace(b'="choice_handle', b'="choice_work')
        .replace(b"handle_action", b"work_action")
        .replace(b'"choice_handle"', b'"choice_work"')
        .replace(b'"reply_handle"', b'"reply_work"'),
    )
    location = migrate({"handle": "work"}).headers["Location"]
    work()
    tickets.complete(agent, one["tasks"][0], "ask")
    tickets.complete(agent, two["tasks"][0], "solve")

    owner.post(f"{location}/undo")
    work()

    assert owner.get(location).json["counts"] == {"undone": 1, "stays": 1}
    back = requester.get(f"/api/v1/tickets/{one['number']}").json
    assert (back["version"], [task["element"] for task in back["tasks"]]) == (1, ["reply"])
    [stayed] = owner.get(f"{location}/tickets?status=stays").json["items"]
    assert (stayed["number"], stayed["problems"][0]["code"]) == (two["number"], "ticket-closed")
    sound()


def test_a_ticket_that_moved_on_before_its_turn_is_judged_where_it_stands(
    as_user: AsUser, owner: Client, migrate: Begin
) -> None:
    requester, agent = as_user("zhoumin"), as_user("lina")
    tickets.deploy("fix", tickets.loop())
    one, two = tickets.create(requester, "fix"), tickets.create(requester, "fix")
    tickets.deploy("fix", packages.one_task())
    location = migrate().headers["Location"]

    tickets.complete(agent, one["tasks"][0], "ask")
    tickets.complete(agent, two["tasks"][0], "solve")
    work()

    assert owner.get(location).json["counts"] == {"refused": 1, "skipped": 1}
    sound()


def test_a_stuck_process_is_healed_by_a_version_that_can_go_on(
    as_user: AsUser, owner: Client, migrate: Begin
) -> None:
    def choice(condition: str) -> bytes:
        return packages.bpmn(
            '<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="which"/>'
            + packages.user_task("handle", status="handling")
            + packages.user_task("other", status="handling")
            + '<bpmn:endEvent id="finish"/>'
            + packages.flow("begin", "which")
            + tickets.condition("which", "handle", condition)
            + tickets.condition("which", "other", "1 = 2")
            + packages.flow("handle", "finish")
            + packages.flow("other", "finish")
        )

    requester = as_user("zhoumin")
    tickets.deploy("fix", choice("1 = 3"))
    ticket = tickets.create(requester, "fix")
    assert ticket["tasks"] == []
    tickets.deploy("fix", choice("1 = 1"))

    location = migrate().headers["Location"]
    work()

    assert owner.get(location).json["counts"] == {"migrated": 1}
    shown = requester.get(f"/api/v1/tickets/{ticket['number']}").json
    assert [task["element"] for task in shown["tasks"]] == ["handle"]
    sound()


def test_tickets_may_be_picked_by_number(as_user: AsUser, owner: Client, migrate: Begin) -> None:
    requester = as_user("zhoumin")
    tickets.deploy("fix", packages.one_task())
    one, two = tickets.create(requester, "fix"), tickets.create(requester, "fix")
    tickets.deploy("fix", packages.one_task("新"))

    assert migrate(tickets=["NO-1"]).json["errors"][0]["pointer"] == "/tickets/0"
    assert migrate(tickets=[one["number"]]).json["total"] == 1
    work()

    versions = [
        requester.get(f"/api/v1/tickets/{ticket['number']}").json["version"]
        for ticket in (one, two)
    ]
    assert versions == [2, 1]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"to": 1}, "/to"),
        ({"map": {"handle": "nowhere"}}, "/map/handle"),
        ({"map": {"nowhere": "handle"}}, "/map/nowhere"),
        ({"statuses": {"handling": "nowhere"}}, "/statuses/handling"),
        ({"tickets": []}, "/tickets"),
        ({"from": "1"}, "/from"),
    ],
)
def test_a_plan_that_means_nothing_is_refused(
    migrate: Begin, change: dict[str, Any], pointer: str
) -> None:
    tickets.deploy("fix", packages.one_task())
    tickets.deploy("fix", packages.one_task("新"))

    answer = migrate(**change) if "map" not in change else migrate(change["map"])

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize("username", ["zhoumin", "lina", "zhaoyun"])
def test_only_owners_migrate(as_user: AsUser, username: str) -> None:
    tickets.deploy("fix", packages.one_task())
    tickets.deploy("fix", packages.one_task("新"))
    person = as_user(username)
    body = {"key": "fix", "from": 1, "to": 2}

    answers = [
        person.post("/api/v1/migrations", json=body),
        person.post("/api/v1/migrations", json={**body, "dry_run": True}),
        person.get("/api/v1/migrations"),
        person.get("/api/v1/migrations/1"),
        person.get("/api/v1/migrations/1/tickets"),
        *(person.post(f"/api/v1/migrations/1/{what}") for what in ("pause", "resume", "undo")),
    ]

    assert {answer.status_code for answer in answers} == {403}


def test_what_is_not_there_is_not_found(owner: Client) -> None:
    builders.group("it-desk")
    assert owner.get("/api/v1/migrations/77").status_code == 404
    assert owner.post("/api/v1/migrations/x/undo").status_code == 404
    body = {"key": "nothing", "from": 1, "to": 2}
    assert owner.post("/api/v1/migrations", json=body).status_code == 404


def test_what_was_kept_is_forgotten_when_the_ticket_closes(
    as_user: AsUser, owner: Client, migrate: Begin
) -> None:
    requester, agent = as_user("zhoumin"), as_user("lina")
    tickets.deploy("fix", packages.one_task())
    ticket = tickets.create(requester, "fix")
    tickets.deploy("fix", packages.one_task("新"))
    location = migrate().headers["Location"]
    work()
    tickets.complete(agent, ticket["tasks"][0])
    from engine.uow import command

    command(working.forget)(0, {})
    owner.post(f"{location}/undo")
    work()

    assert owner.get(location).json["counts"] == {"stays": 1}


def test_a_waiting_approval_keeps_its_round_and_its_seats(as_user: AsUser, owner: Client) -> None:
    requester, zhang, li = as_user("req"), as_user("zhang"), as_user("li")
    approvals.deploy("fix", approvers="users:zhang,li")
    ticket, task = approvals.waiting(requester, "fix")
    assert approvals.act(zhang, task, "agree").status_code == 200
    other = approvals.process(approvers="users:zhang,li").replace(b'"approve"', b'"sign"')
    other = other.replace(b"approve_outcome", b"sign_outcome")
    tickets.deploy("fix", other, approvals.CLOSING)
    body = {"key": "fix", "from": 1, "to": 2, "map": {"approve": "sign"}}

    location = owner.post("/api/v1/migrations", json=body).headers["Location"]
    work()

    assert owner.get(location).json["counts"] == {"migrated": 1}
    assert approvals.states(approvals.ledger(li, task)) == {"zhang": "agreed", "li": "open"}
    sound()
    assert approvals.act(li, task, "agree").status_code == 200
    shown = requester.get(f"/api/v1/tickets/{ticket['number']}").json
    assert (shown["version"], [one["element"] for one in shown["tasks"]]) == (2, ["finish_up"])
