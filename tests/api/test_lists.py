"""Pages of a list: complete, without repetition, with cursors that cannot be made up."""

import pytest
from flask import Flask

from tests import builders
from tests.conftest import AsUser


@pytest.fixture
def many(app: Flask) -> list[str]:
    names = [f"person-{n:02}" for n in range(23)]
    for name in names:
        builders.person(name)
    return names


@pytest.mark.parametrize("limit", [1, 5, 7, 23, 200])
def test_pages_hold_every_item_once_in_order(as_user: AsUser, many: list[str], limit: int) -> None:
    client = as_user("person-00")
    seen: list[str] = []
    cursor, pages = None, 0

    while pages == 0 or cursor:
        query = {"limit": limit, "q": "person-", **({"cursor": cursor} if cursor else {})}
        page = client.get("/api/v1/users", query_string=query).json
        assert len(page["items"]) <= limit
        seen += [item["username"] for item in page["items"]]
        cursor, pages = page["next"], pages + 1

    assert seen == many


def test_a_row_added_before_the_cursor_does_not_shift_the_page(
    as_user: AsUser, many: list[str]
) -> None:
    client = as_user("person-00")
    first = client.get("/api/v1/users?limit=10&q=person-").json
    builders.person("person-00a")

    second = client.get(f"/api/v1/users?limit=10&q=person-&cursor={first['next']}").json

    assert second["items"][0]["username"] == "person-10"


def test_newest_first_pages_run_backwards(as_user: AsUser) -> None:
    client = as_user("lina")
    made = [client.post("/api/v1/tokens", json={"name": f"t{n}"}).json["id"] for n in range(5)]
    seen, cursor = [], ""

    while True:
        page = client.get(f"/api/v1/tokens?limit=2{cursor}").json
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert [token for token in seen if token in made] == made[::-1]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=many",
        "limit=1e2",
        "limit=",
        "cursor=",
        "cursor=%00",
        "cursor=字",
        "cursor=AAAA",
        "cursor=" + "A" * 5000,
        "colour=red",
    ],
)
def test_refuses_what_is_no_page(as_user: AsUser, query: str) -> None:
    answer = as_user("lina").get(f"/api/v1/users?{query}")

    assert answer.status_code == 422
    (error,) = answer.json["errors"]
    assert error["pointer"] == "?" + query.partition("=")[0]


def test_a_cursor_fits_its_own_list_only(as_user: AsUser, many: list[str]) -> None:
    client = as_user("person-00")
    cursor = client.get("/api/v1/users?limit=1").json["next"]
    forged = ("B" if cursor[0] == "A" else "A") + cursor[1:]

    for address in (f"/api/v1/groups?cursor={cursor}", f"/api/v1/users?cursor={forged}"):
        answer = client.get(address)
        assert answer.status_code == 422
        assert answer.json["errors"][0]["code"] == "bad-cursor"
