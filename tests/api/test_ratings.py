"""Ratings: given once when a ticket is done, by its requester or by a signed link."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from api import limits
from engine import clock
from tests import packages, tickets
from tests.clients import Client
from tests.conftest import AsUser

API = "/api/v1"


@pytest.fixture(autouse=True)
def _fresh_counts(app: Flask) -> None:
    limits.attempts(limits.SIGNED_LINK).forget()
    tickets.deploy("desk", tickets.loop(groups="it-desk"), report=packages.form())


def done(as_user: AsUser, title: str = "停机") -> str:
    """A ticket of zhoumin's that lina has closed; its number."""
    ticket = tickets.create(as_user("zhoumin"), "desk", title, values={"place": "x"})
    assert tickets.complete(as_user("lina"), ticket["tasks"][0], "solve").status_code == 200
    return str(ticket["number"])


def link_of(as_user: AsUser, number: str) -> str:
    """Where the interface answers the link that lina gives out."""
    told = as_user("lina").get(f"{API}/tickets/{number}/rating-link").get_json()
    return f"{API}/rating-links/{told['url'].rpartition('/rate/')[2]}"


def test_a_requester_rates_once(as_user: AsUser) -> None:
    number = done(as_user)
    zhoumin = as_user("zhoumin")
    path = f"{API}/tickets/{number}/rating"
    assert zhoumin.get(path).get_json() == {
        "score": None, "comment": None, "at": None, "may_rate": True
    }  # fmt: skip

    given = zhoumin.post(path, json={"score": 5, "comment": " 很快 "})

    assert given.status_code == 201
    assert (
        given.get_json()["score"],
        given.get_json()["comment"],
        given.get_json()["may_rate"],
    ) == (
        5,
        "很快",
        False,
    )
    again = zhoumin.post(path, json={"score": 1})
    assert (again.status_code, again.get_json()["code"]) == (409, "already-rated")
    assert as_user("lina").get(path).get_json()["score"] == 5
    history = zhoumin.get(f"{API}/tickets/{number}/history").get_json()["items"]
    assert [fact["data"] for fact in history if fact["kind"] == "ticket_rated"] == [{"score": 5}]


@pytest.mark.parametrize(
    ("who", "status"), [("sunli", 404), ("lina", 403), ("zhaoyun", 403), ("admin", 403)]
)
def test_nobody_else_rates(as_user: AsUser, who: str, status: int) -> None:
    number = done(as_user)
    answer = as_user(who).post(f"{API}/tickets/{number}/rating", json={"score": 3})
    assert answer.status_code == status


@pytest.mark.parametrize("body", [{}, {"score": 0}, {"score": 6}, {"score": "5"}, {"score": True}])
def test_a_score_is_one_to_five(as_user: AsUser, body: dict[str, Any]) -> None:
    number = done(as_user)
    answer = as_user("zhoumin").post(f"{API}/tickets/{number}/rating", json=body)
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/score")


def test_a_comment_has_an_end(as_user: AsUser) -> None:
    number = done(as_user)
    body = {"score": 5, "comment": "长" * 2001}
    answer = as_user("zhoumin").post(f"{API}/tickets/{number}/rating", json=body)
    assert answer.get_json()["errors"][0]["pointer"] == "/comment"


def test_only_what_is_done_and_not_long_ago_is_rated(as_user: AsUser) -> None:
    zhoumin = as_user("zhoumin")
    number = tickets.create(zhoumin, "desk", values={"place": "x"})["number"]
    early = zhoumin.post(f"{API}/tickets/{number}/rating", json={"score": 5})
    assert (early.status_code, early.get_json()["code"]) == (409, "not-ratable")
    assert as_user("lina").get(f"{API}/tickets/{number}/rating-link").status_code == 409

    number = done(as_user)
    clock.advance(timedelta(days=31))
    late = zhoumin.post(f"{API}/tickets/{number}/rating", json={"score": 5})
    assert (late.status_code, late.get_json()["code"]) == (409, "not-ratable")
    assert zhoumin.get(f"{API}/tickets/{number}/rating").get_json()["may_rate"] is False


def test_a_link_rates_without_a_sign_in(as_user: AsUser, client: Client) -> None:
    number = done(as_user, "打印机卡纸")
    path = link_of(as_user, number)
    seen = client.get(path).get_json()
    assert (seen["title"], seen["type_name"], seen["may_rate"]) == ("打印机卡纸", "类型 desk", True)
    assert number not in str(seen)

    given = client.post(path, json={"score": 2, "comment": "慢"})

    assert (given.status_code, given.get_json()["score"]) == (201, 2)
    again = client.post(path, json={"score": 5})
    assert (again.status_code, again.get_json()["code"]) == (409, "already-rated")
    assert client.get(path).get_json()["may_rate"] is False
    seen = as_user("zhoumin").get(f"{API}/tickets/{number}/rating").get_json()
    assert (seen["score"], seen["comment"]) == (2, "慢")


def test_colleagues_give_the_link_out(as_user: AsUser) -> None:
    number = done(as_user)
    assert as_user("zhoumin").get(f"{API}/tickets/{number}/rating-link").status_code == 403
    assert as_user("sunli").get(f"{API}/tickets/{number}/rating-link").status_code == 404


def test_every_bad_link_gets_the_same_answer(as_user: AsUser, client: Client) -> None:
    path = link_of(as_user, done(as_user))
    base, _, token = path.rpartition("/")
    key, until, signature = token.split(".")
    bad = [
        "1",
        "签名.签名.签名",
        f"{int(key) + 1}.{until}.{signature}",
        f"{key}.{int(until) + 1}.{signature}",
        f"{key}.{until}.{signature[:-1]}",
        f"{key}.{'9' * 400}.{signature}",
    ]
    answers = [client.get(f"{base}/{each}") for each in bad]
    clock.advance(timedelta(days=31))
    answers.append(client.get(path))

    said = [{**answer.get_json(), "instance": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert all(each == said[0] for each in said)


def test_guessing_links_is_slowed_down_and_good_ones_are_not(
    as_user: AsUser, client: Client
) -> None:
    path = link_of(as_user, done(as_user))
    for _ in range(30):
        assert client.get(path).status_code == 200
    found = [client.get(f"{API}/rating-links/1.2.3").status_code for _ in range(40)]
    assert found[0] == 404
    assert found[-1] == 429
    assert client.get(path).status_code == 429
    # signing in is counted apart
    assert limits.attempts().seconds_to_wait("127.0.0.1") == 0


def test_a_manager_reads_ratings_page_by_page_with_their_average(as_user: AsUser) -> None:
    zhoumin = as_user("zhoumin")
    numbers = [done(as_user, f"第 {n} 件") for n in range(5)]
    for number, score in zip(numbers, (5, 4, 4, 1, 5), strict=True):
        zhoumin.post(f"{API}/tickets/{number}/rating", json={"score": score})
    manager = as_user("zhaoyun")

    first = manager.get(f"{API}/ratings?limit=3").get_json()
    second = manager.get(f"{API}/ratings?limit=3&cursor={first['next']}").get_json()

    seen = [row["ticket"] for page in (first, second) for row in page["items"]]
    assert seen == numbers[::-1]
    assert second["next"] is None
    assert (first["count"], first["average"]) == (5, 3.8)
    low = manager.get(f"{API}/ratings?score=1&type=desk").get_json()
    assert [row["ticket"] for row in low["items"]] == [numbers[3]]
    assert manager.get(f"{API}/ratings?type=other").get_json()["average"] is None
    assert as_user("lina").get(f"{API}/ratings").status_code == 403
    assert zhoumin.get(f"{API}/ratings").status_code == 403


def test_two_at_once_leave_one_rating(as_user: AsUser) -> None:
    number = done(as_user)
    zhoumin = as_user("zhoumin")
    body = {"score": 4}
    first = zhoumin.once(f"{API}/tickets/{number}/rating", body, "same")
    second = zhoumin.once(f"{API}/tickets/{number}/rating", body, "same")
    assert first.status_code == second.status_code == 201
    assert first.get_json() == second.get_json()
