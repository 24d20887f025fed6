"""A purchase through its managers, countersigning, the board and the order, and back from each."""

import pytest
from flask import Flask

from tests import builders
from tests.approvals import act, ledger, states
from tests.conftest import AsUser
from tests.scenarios.walking import Walk, people


@pytest.fixture
def walk(app: Flask, as_user: AsUser) -> Walk:
    found = Walk(as_user, "purchase_request")
    for username, manager in (("ceo", None), ("director", "ceo"), ("lead", "director")):
        builders.person(username, manager=manager)
    builders.person("buyer", manager="lead")
    people(
        ("fin", (), ("purchase_finance",)),
        ("law", (), ("purchase_legal",)),
        ("b1", (), ("purchase_board",)),
        ("b2", (), ("purchase_board",)),
        ("b3", (), ("purchase_board",)),
        ("audit", (), ("purchase_audit",)),
        ("pat", ("agent",), ("purchasing",)),
    )
    return found


def ask(walk: Walk, amount: int) -> None:
    walk.report(
        "buyer", "研发部笔记本", kind="equipment", items="笔记本", amount=amount, reason="入职"
    )


def task(walk: Walk, element: str) -> str:
    [found] = [one for one in walk.ticket()["tasks"] if one["element"] == element]
    assert found["kind"] == "approval"
    return str(found["id"])


def agree(walk: Walk, element: str, *names: str) -> None:
    for name in names:
        answer = act(walk.person(name), task(walk, element), "agree", comment="同意")
        assert answer.status_code == 200, answer.get_json()


def order(walk: Walk) -> None:
    walk.do(
        "pat",
        "order",
        "ordered",
        order_number="PO-1",
        order_amount=3000,
        delivery_on="2026-12-01",
    )


def test_a_small_one_needs_one_manager_finance_and_legal(walk: Walk) -> None:
    ask(walk, 3000)
    assert states(ledger(walk.person("buyer"), task(walk, "approve_managers"))) == {"lead": "open"}

    agree(walk, "approve_managers", "lead")
    assert walk.status() == "countersigning"
    agree(walk, "countersign", "fin", "law")

    assert walk.status() == "ordering"
    order(walk)
    assert walk.status() == "done"
    assert walk.person("audit").get("/api/v1/approvals?box=copied").get_json()["items"] == []


def test_a_large_one_climbs_the_levels_and_two_of_three_of_the_board_decide(walk: Walk) -> None:
    ask(walk, 200_000)
    agree(walk, "approve_managers", "lead", "director", "ceo")
    agree(walk, "countersign", "law", "fin")
    [copy] = walk.person("audit").get("/api/v1/approvals?box=copied").get_json()["items"]
    assert copy["ticket"] == walk.number
    assert walk.person("audit").get(f"/api/v1/tickets/{walk.number}").status_code == 200

    board = task(walk, "board")
    assert act(walk.person("b1"), board, "reject").status_code == 422  # an opinion is asked for
    act(walk.person("b1"), board, "reject", comment="太贵")
    agree(walk, "board", "b2", "b3")

    assert walk.status() == "ordering"
    assert {"approval_opened", "approval_acted", "approval_decided", "approval_copied"} <= set(
        walk.kinds()
    )


def test_legal_sends_it_back_and_gets_it_straight_back(walk: Walk) -> None:
    ask(walk, 3000)
    agree(walk, "approve_managers", "lead")
    agree(walk, "countersign", "fin")
    answer = act(
        walk.person("law"), task(walk, "countersign"), "return", target="start", comment="补合同"
    )
    assert answer.status_code == 200, answer.get_json()
    assert (walk.status(), walk.open()) == ("revising", ["submitted"])

    walk.do("buyer", "submitted", supplier="联想")

    assert walk.status() == "countersigning"
    found = states(ledger(walk.person("law"), task(walk, "countersign")))
    assert found == {"fin": "open", "law": "open"}  # the form has changed: everybody looks again


def test_without_a_change_who_has_agreed_is_not_asked_again(walk: Walk) -> None:
    ask(walk, 3000)
    agree(walk, "approve_managers", "lead")
    agree(walk, "countersign", "fin")
    act(walk.person("law"), task(walk, "countersign"), "return", target="start", comment="确认")
    walk.do("buyer", "submitted")
    found = states(ledger(walk.person("law"), task(walk, "countersign")))
    assert found == {"fin": "agreed", "law": "open"}
    agree(walk, "countersign", "law")
    assert walk.status() == "ordering"


def test_a_manager_rejects_and_the_requester_may_withdraw(walk: Walk) -> None:
    ask(walk, 3000)
    act(walk.person("lead"), task(walk, "approve_managers"), "reject", comment="不需要")
    assert (walk.status(), walk.open()) == ("rejected", [])

    ask(walk, 3000)
    act(walk.person("buyer"), task(walk, "approve_managers"), "withdraw")
    assert (walk.status(), walk.open()) == ("withdrawn", [])
