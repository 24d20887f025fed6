"""Approvals over the interface: seats, actions, going back, lists, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from engine import clock, doctor
from engine.db import db
from engine.jobs import runner
from tests import approvals, builders, packages, tickets
from tests.approvals import act, ledger, states
from tests.clients import Client
from tests.conftest import AsUser

PEOPLE = ("zhang", "li", "wang", "zhao")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture
def cast(app: Flask, as_user: AsUser) -> dict[str, Client]:
    """Four approvers, a requester and an administrator."""
    found = {name: as_user(name) for name in PEOPLE}
    return {**found, "req": as_user("req"), "admin": as_user("admin"), "out": as_user("out")}


def start(cast: dict[str, Client], **properties: str) -> tuple[dict[str, Any], str]:
    approvals.deploy(**{"approvers": "users:zhang,li,wang", **properties})
    return approvals.waiting(cast["req"])


def status(cast: dict[str, Client], ticket: dict[str, Any]) -> str:
    found = cast["admin"].get(f"/api/v1/tickets/{ticket['number']}").get_json()
    return str(found["status"]["key"])


def open_tasks(cast: dict[str, Client], ticket: dict[str, Any]) -> list[str]:
    found = cast["admin"].get(f"/api/v1/tickets/{ticket['number']}").get_json()
    return [one["element"] for one in found["tasks"]]


def test_countersigning_passes_when_all_have_agreed(cast: dict[str, Client]) -> None:
    ticket, task = start(cast)
    mine = cast["li"].get("/api/v1/tasks?assignee=me").get_json()["items"]
    assert [(one["id"], one["kind"]) for one in mine] == [(task, "approval")]
    assert [one["key"] for one in mine[0]["actions"]] == ["agree", "reject"]

    for name in ("zhang", "li"):
        answer = act(cast[name], task, "agree", comment="可以")
        assert answer.status_code == 200, answer.get_json()
        assert answer.get_json()["rounds"][0]["outcome"] is None
        assert cast[name].get("/api/v1/tasks?assignee=me").get_json()["items"] == []
    found = act(cast["wang"], task, "agree").get_json()

    assert (found["rounds"][0]["state"], found["outcome"]) == ("ended", "approved")
    assert open_tasks(cast, ticket) == ["finish_up"]
    assert [one["action"] for one in found["timeline"]] == ["open", "agree", "agree", "agree"]


def test_completing_the_task_acts_on_the_own_seat(cast: dict[str, Client]) -> None:
    _ticket, task = start(cast, approval="count:2")
    answer = tickets.complete(cast["zhang"], {"id": task}, "agree")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "open")
    assert (
        tickets.complete(cast["zhang"], {"id": task}, "agree").get_json()["code"] == "seat-closed"
    )
    assert tickets.complete(cast["li"], {"id": task}).status_code == 422

    answer = tickets.complete(cast["li"], {"id": task}, "agree").get_json()

    assert answer["status"] == "completed"
    assert [one["element"] for one in answer["tasks"]] == ["finish_up"]
    assert states(ledger(cast["wang"], task))["wang"] == "skipped"


@pytest.mark.parametrize(
    ("mode", "said", "outcome"),
    [
        ("all", "zhang:reject", "rejected"),
        ("any", "li:agree", "approved"),
        ("any", "li:reject", "rejected"),
        ("count:2", "zhang:agree li:reject wang:agree", "approved"),
        ("count:2", "zhang:reject li:reject", "rejected"),
        ("percent:60", "zhang:agree li:agree", "approved"),
        ("sequential", "zhang:agree li:agree wang:agree", "approved"),
        ("sequential", "zhang:agree li:reject", "rejected"),
    ],
)
def test_each_mode_comes_to_its_outcome(
    cast: dict[str, Client], mode: str, said: str, outcome: str
) -> None:
    ticket, task = start(cast, approval=mode)
    for one in said.split():
        name, action = one.split(":")
        assert ledger(cast[name], task)["outcome"] is None
        assert act(cast[name], task, action).status_code == 200
    assert ledger(cast["req"], task)["outcome"] == outcome
    assert status(cast, ticket) == ("handling" if outcome == "approved" else "rejected")


def test_in_a_sequence_only_the_one_whose_turn_it_is_may_act(cast: dict[str, Client]) -> None:
    _, task = start(cast, approval="sequential")
    refused = act(cast["li"], task, "agree")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "not-your-turn")
    assert cast["li"].get("/api/v1/tasks?assignee=me").get_json()["items"] == []

    act(cast["zhang"], task, "agree")

    assert len(cast["li"].get("/api/v1/tasks?assignee=me").get_json()["items"]) == 1
    assert states(ledger(cast["li"], task)) == {"zhang": "agreed", "li": "open", "wang": "waiting"}


def test_what_is_refused_says_why_and_changes_nothing(cast: dict[str, Client]) -> None:
    _, task = start(cast, approval="all", approvers="users:zhang,li")
    before = ledger(cast["req"], task)
    cases: list[tuple[str, dict[str, Any], int, str]] = [
        ("out", {"action": "agree"}, 404, "not-found"),
        ("req", {"action": "agree"}, 403, "no-seat"),
        ("admin", {"action": "agree"}, 403, "no-seat"),
        ("zhang", {"action": "add_parallel", "users": ["zhang"]}, 422, "already-there"),
        ("zhang", {"action": "add_before", "users": ["li"]}, 422, "already-there"),
        ("zhang", {"action": "transfer", "users": ["li"]}, 422, "already-there"),
        ("zhang", {"action": "transfer", "users": ["nobody"]}, 422, "unknown-user"),
        ("zhang", {"action": "transfer", "users": []}, 422, "required"),
        ("zhang", {"action": "return", "target": "finish_up"}, 422, "no-return-target"),
        ("zhang", {"action": "return", "target": "approve"}, 422, "no-return-target"),
        ("zhang", {"action": "remove", "users": ["li"]}, 403, "no-seat"),
        ("admin", {"action": "remove", "users": ["zhang", "li"]}, 409, "last-seat"),
        ("zhang", {"action": "dance"}, 422, "invalid-input"),
        ("zhang", {"action": "urge"}, 403, "no-seat"),
    ]
    for name, body, expected, code in cases:
        answer = cast[name].post(f"/api/v1/approvals/{task}/actions", json=body)
        said = answer.get_json()
        codes = {said["code"], *(one["code"] for one in said.get("errors", ()))}
        assert (answer.status_code, code in codes) == (expected, True), (name, body, said)
        assert said["detail"]
    stale = cast["zhang"].post(
        f"/api/v1/approvals/{task}/actions", json={"action": "agree"}, headers={"If-Match": '"99"'}
    )
    assert stale.status_code == 412
    assert ledger(cast["req"], task) == before

    act(cast["zhang"], task, "reject")

    assert act(cast["zhang"], task, "agree").get_json()["code"] == "seat-closed"
    assert act(cast["li"], task, "agree").get_json()["code"] == "round-ended"


def test_added_before_comes_back_and_added_after_holds_the_flow(cast: dict[str, Client]) -> None:
    ticket, task = start(cast, approvers="users:zhang")
    act(cast["zhang"], task, "add_before", users=["li"])
    assert act(cast["zhang"], task, "agree").get_json()["code"] == "not-your-turn"
    act(cast["li"], task, "agree")
    assert states(ledger(cast["zhang"], task))["zhang"] == "open"

    act(cast["zhang"], task, "add_after", users=["wang"])

    assert open_tasks(cast, ticket) == ["approve"]
    found = act(cast["wang"], task, "agree").get_json()
    assert found["outcome"] == "approved"
    assert open_tasks(cast, ticket) == ["finish_up"]


def test_added_beside_counts_and_may_be_removed_by_who_added(cast: dict[str, Client]) -> None:
    _, task = start(cast, approvers="users:zhang,li")
    found = act(cast["zhang"], task, "add_parallel", users=["wang", "zhao"]).get_json()
    assert found["rounds"][0]["need"] == 4
    assert act(cast["li"], task, "remove", users=["wang"]).status_code == 403

    found = act(cast["zhang"], task, "remove", users=["wang"]).get_json()

    assert found["rounds"][0]["need"] == 3
    act(cast["zhang"], task, "agree")
    act(cast["li"], task, "agree")
    found = act(cast["admin"], task, "remove", users=["zhao"]).get_json()
    assert found["outcome"] == "approved"


def test_transfer_is_for_good_and_a_delegate_gives_it_back(cast: dict[str, Client]) -> None:
    _, task = start(cast, approvers="users:zhang")
    act(cast["zhang"], task, "transfer", users=["li"])
    assert act(cast["zhang"], task, "agree").get_json()["code"] == "seat-closed"
    act(cast["li"], task, "delegate", users=["wang"])
    assert act(cast["li"], task, "agree").get_json()["code"] == "not-your-turn"
    assert act(cast["wang"], task, "transfer", users=["zhao"]).status_code == 409

    found = act(cast["wang"], task, "reject", comment="不妥").get_json()

    assert found["outcome"] is None
    assert states(found)["li"] == "open"
    assert act(cast["li"], task, "agree").get_json()["outcome"] == "approved"


def test_returned_it_walks_again_from_the_target(cast: dict[str, Client]) -> None:
    ticket, task = start(cast)
    act(cast["zhang"], task, "agree")
    found = act(cast["li"], task, "return", target="prepare", comment="请补充")
    assert found.status_code == 200, found.get_json()
    assert found.get_json()["outcome"] == "returned"
    assert (open_tasks(cast, ticket), status(cast, ticket)) == (["prepare"], "fresh")
    assert act(cast["wang"], task, "agree").get_json()["code"] == "round-ended"

    [again] = cast["req"].get("/api/v1/tasks?assignee=me").get_json()["items"]
    tickets.complete(cast["req"], again)

    [new] = cast["zhang"].get("/api/v1/tasks?assignee=me").get_json()["items"]
    assert set(states(ledger(cast["zhang"], new["id"])).values()) == {"open"}


def test_straight_back_keeps_who_has_agreed(cast: dict[str, Client]) -> None:
    _ticket, task = start(cast)
    act(cast["zhang"], task, "agree")
    act(cast["li"], task, "return", target="start", resubmit="straight_back", comment="金额不对")
    [again] = cast["req"].get("/api/v1/tasks?assignee=me").get_json()["items"]
    assert again["element"] == "begin"

    answer = tickets.complete(cast["req"], again)

    assert answer.status_code == 200, answer.get_json()
    [new] = answer.get_json()["tasks"]
    assert new["element"] == "approve"
    assert states(ledger(cast["req"], new["id"])) == {
        "zhang": "agreed",
        "li": "open",
        "wang": "open",
    }


def test_the_requester_withdraws_and_an_approver_takes_his_vote_back(
    cast: dict[str, Client],
) -> None:
    ticket, task = start(cast)
    act(cast["zhang"], task, "agree")
    found = act(cast["zhang"], task, "withdraw").get_json()
    assert states(found)["zhang"] == "open"

    found = act(cast["req"], task, "withdraw").get_json()

    assert found["outcome"] == "withdrawn"
    assert (status(cast, ticket), open_tasks(cast, ticket)) == ("withdrawn", [])


def test_urging_is_counted_and_limited(cast: dict[str, Client]) -> None:
    _, task = start(cast)
    assert act(cast["req"], task, "urge").get_json()["urges"]["count"] == 1
    again = act(cast["req"], task, "urge")
    assert (again.status_code, "Retry-After" in again.headers) == (429, True)
    clock.advance(timedelta(minutes=31))
    assert act(cast["req"], task, "urge").get_json()["urges"]["count"] == 2


def test_a_copy_grants_reading_and_keeps_when_it_was_read(cast: dict[str, Client]) -> None:
    ticket, task = start(cast)
    assert cast["out"].get(f"/api/v1/approvals/{task}").status_code == 404
    act(cast["zhang"], task, "cc", users=["out"])
    [row] = cast["out"].get("/api/v1/approvals?box=copied").get_json()["items"]
    assert (row["task"], row["read_at"]) == (task, None)

    cast["out"].post(f"/api/v1/approvals/{task}/read", json={})

    [row] = cast["out"].get("/api/v1/approvals?box=copied").get_json()["items"]
    assert row["read_at"] is not None
    assert ledger(cast["zhang"], task)["copies"][0]["read_at"] is not None
    assert cast["out"].get(f"/api/v1/tickets/{ticket['number']}").status_code == 200


def test_everybody_has_his_boxes(cast: dict[str, Client]) -> None:
    _, task = start(cast)

    def box(name: str, which: str) -> list[str]:
        answer = cast[name].get(f"/api/v1/approvals?box={which}")
        assert answer.status_code == 200, answer.get_json()
        return [one["task"] for one in answer.get_json()["items"]]

    assert (box("zhang", "todo"), box("zhang", "done")) == ([task], [])
    act(cast["zhang"], task, "agree")
    assert (box("zhang", "todo"), box("zhang", "done")) == ([], [task])
    assert (box("req", "sent"), box("li", "sent")) == ([task], [])
    timeline = cast["req"].get(f"/api/v1/tickets/{ledger(cast['req'], task)['ticket']}/approvals")
    assert [one["action"] for one in timeline.get_json()["items"]] == ["open", "agree"]


def test_a_batch_decides_what_it_may_and_says_what_it_may_not(cast: dict[str, Client]) -> None:
    _, task = start(cast)
    other = approvals.waiting(cast["req"])[1]
    act(cast["zhang"], other, "agree")

    answer = cast["zhang"].post(
        "/api/v1/approvals/batch", json={"tasks": [task, other, "x"], "action": "agree"}
    )

    found = [(one["status"], one.get("code")) for one in answer.get_json()["results"]]
    assert found == [(200, None), (409, "seat-closed"), (404, "not-found")]


def test_the_actions_of_the_task_come_from_the_ledger(cast: dict[str, Client]) -> None:
    _, task = start(cast)

    def may(name: str) -> set[str]:
        return set(cast[name].get(f"/api/v1/tasks/{task}").get_json()["may"])

    assert {"complete", "agree", "reject", "return", "transfer"} <= may("zhang")
    assert may("req") == {"withdraw", "urge", "cc"}
    assert {"claim", "assign", "complete", "agree"} & may("admin") == set()
    act(cast["zhang"], task, "agree")
    assert "agree" not in may("zhang")
    assert "withdraw" in may("zhang")


def test_nobody_found_goes_to_the_administrators_and_is_said(cast: dict[str, Client]) -> None:
    _, task = start(cast, approvers="manager:1")
    found = ledger(cast["admin"], task)
    assert list(states(found)) == ["admin"]
    assert [one["action"] for one in found["timeline"]] == ["open", "empty"]


@pytest.mark.parametrize(("policy", "where"), [("pass", ["finish_up"]), ("reject", [])])
def test_a_step_that_nobody_decides_says_so_in_the_history(
    cast: dict[str, Client], policy: str, where: list[str]
) -> None:
    approvals.deploy(approvers="manager:1", when_empty=policy)
    ticket = tickets.create(cast["req"], "buy")
    tickets.complete(cast["req"], ticket["tasks"][0])

    assert open_tasks(cast, ticket) == where
    timeline = cast["req"].get(f"/api/v1/tickets/{ticket['number']}/approvals").get_json()["items"]
    assert [one["action"] for one in timeline] == ["open", "empty"]


def test_the_chain_of_managers_is_resolved_at_entry(app: Flask, cast: dict[str, Client]) -> None:
    builders.person("boss")
    builders.person("head", manager="boss")
    builders.person("junior", manager="head")
    approvals.deploy(approvers="manager:1-3", approval="sequential")
    junior = builders.program_of(app, "junior")
    _, task = approvals.waiting(junior)
    assert states(ledger(junior, task)) == {"head": "open", "boss": "waiting"}


@pytest.mark.parametrize(
    ("on_timeout", "outcome"),
    [("agree", "approved"), ("reject", "rejected"), ("expire", "expired"), ("remind", None)],
)
def test_a_time_limit_does_what_the_step_says(
    cast: dict[str, Client], on_timeout: str, outcome: str | None
) -> None:
    _, task = start(cast, time_limit="PT2H", on_timeout=on_timeout)
    clock.advance(timedelta(hours=2, minutes=1))
    while runner.run_due():
        pass
    found = ledger(cast["req"], task)
    assert found["outcome"] == outcome
    if outcome is None:
        assert "remind" in [one["action"] for one in found["timeline"]]


def test_opinion_required_is_required(cast: dict[str, Client]) -> None:
    _, task = start(cast, opinion="required")
    assert act(cast["zhang"], task, "agree").status_code == 422
    assert act(cast["zhang"], task, "agree", comment="同意").status_code == 200


def test_who_has_agreed_before_need_not_again(
    app: Flask, cast: dict[str, Client], as_user: Callable[..., Client]
) -> None:
    _ticket, task = start(cast, approvers="users:zhang,req", when_initiator="pass")
    assert states(ledger(cast["zhang"], task)) == {"zhang": "open", "req": "agreed"}
    assert act(cast["zhang"], task, "agree").get_json()["outcome"] == "approved"


def test_a_saved_draft_is_seen_by_its_writer_alone(cast: dict[str, Client]) -> None:
    _, task = start(cast)
    act(cast["zhang"], task, "save", comment="再想想")
    assert ledger(cast["zhang"], task)["draft"]["comment"] == "再想想"
    assert ledger(cast["li"], task)["draft"] is None


def test_a_box_can_be_searched_and_what_is_new_is_counted(cast: dict[str, Client]) -> None:
    ticket, task = start(cast, opinion="required")
    act(cast["zhang"], task, "cc", comment="知悉", users=["out"])

    def found(query: str) -> list[dict[str, Any]]:
        items = cast["zhang"].get(f"/api/v1/approvals?{query}").get_json()["items"]
        return [one for one in items if one["task"] == task]

    [row] = found(f"q={ticket['number'][-6:]}&type=buy")
    assert row["asks"] == {"opinion": True, "signature": False, "form": False}
    assert found("q=%25") == [] == found("type=other")
    assert cast["zhang"].get("/api/v1/approvals/counts").get_json() == {"todo": 1, "copied": 0}
    assert cast["out"].get("/api/v1/approvals/counts").get_json() == {"todo": 0, "copied": 1}
    cast["out"].post(f"/api/v1/approvals/{task}/read", json={})
    assert cast["out"].get("/api/v1/approvals/counts").get_json()["copied"] == 0


def test_a_decided_vote_is_taken_back_until_the_next_step_has_acted(
    cast: dict[str, Client],
) -> None:
    ticket, task = start(cast)
    for name in ("zhang", "li", "wang"):
        act(cast[name], task, "agree", comment=f"{name}同意")
    assert open_tasks(cast, ticket) == ["finish_up"]
    assert ledger(cast["li"], task)["may"] == ["withdraw"]
    assert "withdraw" not in ledger(cast["req"], task)["may"]

    answer = act(cast["li"], task, "withdraw")

    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["outcome"] == "withdrawn"
    assert open_tasks(cast, ticket) == ["approve"]
    [again] = cast["li"].get("/api/v1/tasks?assignee=me").get_json()["items"]
    assert states(ledger(cast["li"], again["id"])) == {
        "zhang": "agreed",
        "li": "open",
        "wang": "agreed",
    }
    assert act(cast["li"], again["id"], "reject").get_json()["outcome"] == "rejected"
    assert status(cast, ticket) == "rejected"
    # the ticket is closed: there is nothing to come back from
    refused = act(cast["li"], again["id"], "withdraw")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "withdrawal-refused")


def test_who_takes_his_vote_back_is_asked_again_even_where_a_repeated_one_is_not(
    cast: dict[str, Client],
) -> None:
    ticket, task = start(cast, approvers="users:zhang", when_repeated="adjacent")
    act(cast["zhang"], task, "agree")
    act(cast["zhang"], task, "withdraw")
    assert open_tasks(cast, ticket) == ["approve"]
    [again] = cast["zhang"].get("/api/v1/tasks?assignee=me").get_json()["items"]
    assert states(ledger(cast["zhang"], again["id"])) == {"zhang": "open"}


def test_a_vote_stands_when_the_next_step_has_acted(cast: dict[str, Client]) -> None:
    ticket, task = start(cast, approvers="users:zhang")
    act(cast["zhang"], task, "agree")
    [after] = cast["req"].get("/api/v1/tasks?assignee=me").get_json()["items"]
    assert after["element"] == "finish_up"
    tickets.complete(cast["req"], after)

    refused = act(cast["zhang"], task, "withdraw")

    assert (refused.status_code, refused.get_json()["code"]) == (409, "withdrawal-refused")
    assert ledger(cast["zhang"], task)["may"] == []
    assert open_tasks(cast, ticket) == []


def test_a_signature_is_asked_for_and_kept(cast: dict[str, Client]) -> None:
    _, task = start(cast, approvers="users:zhang,li", signature="required")
    missing = act(cast["zhang"], task, "agree").get_json()
    assert [one["pointer"] for one in missing["errors"]] == ["/signature"]
    theirs = _picture(cast["li"])
    stolen = act(cast["zhang"], task, "agree", signature=theirs).get_json()
    assert [(one["pointer"], one["code"]) for one in stolen["errors"]] == [
        ("/signature", "unknown-file")
    ]

    mine = _picture(cast["zhang"])
    found = act(cast["zhang"], task, "agree", signature=mine).get_json()

    assert [seat["signature"] for seat in found["rounds"][0]["seats"]] == [mine, None]
    batch = cast["li"].post("/api/v1/approvals/batch", json={"tasks": [task], "action": "agree"})
    assert batch.get_json()["results"][0]["code"] == "form-needed"
    assert ledger(cast["li"], task)["outcome"] is None


def _picture(client: Client) -> str:
    response = client.post(
        "/api/v1/files",
        data={"file": (BytesIO(PNG), "signature.png", "image/png")},
        content_type="multipart/form-data",
    )
    assert response.status_code == 201, response.get_json()
    return str(response.get_json()["id"])


def test_a_batch_refuses_where_a_form_must_be_filled(cast: dict[str, Client]) -> None:
    process = approvals.process(approvers="users:zhang", form="ask")
    forms = {
        "ask": packages.form("ask", line={"kind": "text", "required": True}),
        "report": packages.form("report", why={"kind": "text"}),
    }
    tickets.deploy("filled", process, approvals.CLOSING, **forms)
    _, task = approvals.waiting(cast["req"], "filled")
    [listed] = cast["zhang"].get("/api/v1/approvals").get_json()["items"]
    assert listed["asks"]["form"] is True

    answer = cast["zhang"].post(
        "/api/v1/approvals/batch", json={"tasks": [task], "action": "agree"}
    )

    assert [one["code"] for one in answer.get_json()["results"]] == ["form-needed"]
    assert ledger(cast["zhang"], task)["outcome"] is None


def test_the_doctor_finds_nothing_after_rounds_were_decided(cast: dict[str, Client]) -> None:
    for action in ("agree", "reject", "return"):
        _, task = start(cast, approvers="users:zhang", approval="any", return_to="start")
        assert act(cast["zhang"], task, action).status_code == 200
    _, task = start(cast)
    act(cast["req"], task, "withdraw")
    db.session.remove()
    assert [one for one in doctor.examine(deep=True) if not one.ok] == []
