"""Tickets over the interface: created, read, listed, talked about."""

import pytest

from tests import packages, tickets
from tests.conftest import AsUser


@pytest.fixture
def desk(app: object) -> None:
    tickets.deploy("desk", tickets.loop(groups="it-desk"), report=packages.form())


def test_creates_a_ticket_with_its_first_task(desk: None, as_user: AsUser) -> None:
    agent = as_user("lina")
    requester = as_user("zhoumin")

    ticket = tickets.create(requester, "desk", values={"place": "三号厂房"})

    assert ticket["number"].startswith("DESK-")
    assert ticket["status"] == {"key": "handling", "category": "open", "label": "处理中"}
    assert ticket["requester"] == "zhoumin"
    assert ticket["group"] == "it-desk"
    [task] = ticket["tasks"]
    assert (task["element"], task["candidates"], task["may"]) == ("handle", ["group:it-desk"], [])
    seen = agent.get(f"/api/v1/tickets/{ticket['number']}").get_json()
    assert seen["values"] == {"place": "三号厂房"}
    assert set(seen["tasks"][0]["may"]) == {"claim", "assign", "complete"}
    assert [one["key"] for one in seen["tasks"][0]["actions"]] == ["solve", "again", "ask"]


def test_speaks_the_readers_language(desk: None, as_user: AsUser) -> None:
    ticket = tickets.create(as_user("zhoumin"), "desk", values={"place": "x"})

    seen = as_user("lina").get(
        f"/api/v1/tickets/{ticket['number']}", headers={"Accept-Language": "en"}
    )

    assert seen.get_json()["status"]["label"] == "In progress"


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"type": "nothing", "title": "x"}, 404, "not-found", None),
        ({"type": "desk", "title": " "}, 422, "invalid-input", "/title"),
        ({"type": "desk", "title": "x" * 301}, 422, "invalid-input", "/title"),
        ({"type": "desk"}, 422, "invalid-input", "/title"),
        ({"type": "desk", "title": "x"}, 422, "invalid-input", "/values/place"),
        (
            {"type": "desk", "title": "x", "values": {"place": 7}},
            422,
            "invalid-input",
            "/values/place",
        ),
        (
            {"type": "desk", "title": "x", "values": {"place": "x", "other": 1}},
            422,
            "invalid-input",
            "/values/other",
        ),
        ({"type": "desk", "title": "x", "priority": "P9"}, 422, "invalid-input", "/priority"),
        (
            {"type": "desk", "title": "x", "values": {"place": "x"}, "priority": "P0"},
            403,
            "not-allowed",
            None,
        ),
    ],
)
def test_refuses_what_is_wrong_and_creates_nothing(
    desk: None,
    as_user: AsUser,
    body: dict[str, object],
    status: int,
    code: str,
    pointer: str | None,
) -> None:
    requester = as_user("zhoumin")

    response = requester.post("/api/v1/tickets", json=body)

    problem = response.get_json()
    assert (response.status_code, problem["code"]) == (status, code)
    assert response.mimetype == "application/problem+json"
    if pointer:
        assert pointer in [error["pointer"] for error in problem["errors"]]
        assert all(error["detail"] for error in problem["errors"])
    assert requester.get("/api/v1/tickets").get_json()["items"] == []


def test_the_same_key_creates_one_ticket(desk: None, as_user: AsUser) -> None:
    requester = as_user("zhoumin")
    body = {"type": "desk", "title": "停机", "values": {"place": "x"}}

    first = requester.once("/api/v1/tickets", body, key="k-1")
    second = requester.once("/api/v1/tickets", body, key="k-1")

    assert first.status_code == second.status_code == 201
    assert first.get_json() == second.get_json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(requester.get("/api/v1/tickets").get_json()["items"]) == 1


def test_a_stranger_sees_nothing_of_a_ticket(desk: None, as_user: AsUser) -> None:
    number = tickets.create(as_user("zhoumin"), "desk", values={"place": "x"})["number"]
    stranger = as_user("sunli")

    for path in ("", "/history", "/diagram", "/comments", "/attachments"):
        assert stranger.get(f"/api/v1/tickets/{number}{path}").status_code == 404, path
    assert stranger.get("/api/v1/tickets").get_json()["items"] == []
    assert stranger.get("/api/v1/tasks").get_json()["items"] == []
    assert stranger.patch(f"/api/v1/tickets/{number}", json={"title": "y"}).status_code == 404
    said = stranger.post(f"/api/v1/tickets/{number}/comments", json={"body": "hi"})
    assert said.status_code == 404


def test_a_follower_sees_the_ticket(desk: None, as_user: AsUser) -> None:
    number = tickets.create(as_user("zhoumin"), "desk", values={"place": "x"})["number"]
    follower = as_user("sunli")
    agent = as_user("lina")

    added = agent.post(f"/api/v1/tickets/{number}/watchers", json={"username": "sunli"})

    assert added.status_code == 204
    assert follower.get(f"/api/v1/tickets/{number}").get_json()["watchers"] == ["sunli"]
    assert [one["number"] for one in follower.get("/api/v1/tickets").get_json()["items"]] == [
        number
    ]
    agent.delete(f"/api/v1/tickets/{number}/watchers/sunli")
    assert follower.get(f"/api/v1/tickets/{number}").status_code == 404


def test_a_list_is_narrowed_and_paged(desk: None, as_user: AsUser) -> None:
    agent, requester = as_user("lina"), as_user("zhoumin")
    made = [
        tickets.create(agent, "desk", f"第 {i} 件", values={"place": "x"}, priority=f"P{i % 2 + 1}")
        for i in range(7)
    ]
    other = tickets.create(requester, "desk", "别的", values={"place": "x"})

    first = agent.get("/api/v1/tickets?limit=3&requester=me").get_json()
    second = agent.get(f"/api/v1/tickets?limit=3&requester=me&cursor={first['next']}").get_json()
    third = agent.get(f"/api/v1/tickets?limit=3&requester=me&cursor={second['next']}").get_json()

    seen = [one["number"] for page in (first, second, third) for one in page["items"]]
    assert seen == [one["number"] for one in reversed(made)]
    assert third["next"] is None
    p1 = agent.get("/api/v1/tickets?priority=P1&sort=created_at").get_json()["items"]
    assert [one["number"] for one in p1] == [one["number"] for one in made[::2]]
    assert [
        one["number"] for one in agent.get("/api/v1/tickets?requester=zhoumin").get_json()["items"]
    ] == [other["number"]]
    assert agent.get("/api/v1/tickets?limit=201").status_code == 422
    assert agent.get("/api/v1/tickets?sort=title").status_code == 422
    assert agent.get("/api/v1/tickets?cursor=zzz").status_code == 422


@pytest.mark.parametrize(
    "sort", ["created_at", "-created_at", "updated_at", "priority", "-priority"]
)
def test_every_order_pages_through_all_tickets_once(desk: None, as_user: AsUser, sort: str) -> None:
    agent = as_user("lina")
    made = {
        tickets.create(agent, "desk", values={"place": "x"}, priority=f"P{i % 3}")["number"]
        for i in range(6)
    }
    seen: list[str] = []
    cursor = ""
    while True:
        page = agent.get(f"/api/v1/tickets?limit=4&sort={sort}{cursor}").get_json()
        seen += [one["number"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert len(seen) == len(made)
    assert set(seen) == made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("打印", True),
        ("印机", True),
        ("卡纸", True),
        ("机卡", False),
        ("canon", True),
        ("CANON LBP", True),
        ("can", True),
        ("打印 canon", True),
        ("扫描", False),
        ("三楼", True),
        ("打", True),
        ("机", True),
        ("纸", True),
        ("扫", False),
        ("“打印机”", True),
        ("' OR 1=1 --", False),
    ],
)
def test_search_finds_two_character_words(
    desk: None, as_user: AsUser, query: str, found: bool
) -> None:
    agent = as_user("lina")
    number = tickets.create(
        agent, "desk", "打印机总是卡纸 Canon LBP2900", values={"place": "三楼东"}
    )["number"]
    tickets.create(agent, "desk", "会议室投屏", values={"place": "一楼"})

    items = agent.get("/api/v1/tickets", query_string={"q": query}).get_json()["items"]

    assert [one["number"] for one in items] == ([number] if found else [])


def test_internal_notes_stay_among_colleagues(desk: None, as_user: AsUser) -> None:
    agent, requester = as_user("lina"), as_user("zhoumin")
    number = tickets.create(requester, "desk", values={"place": "x"})["number"]

    agent.post(f"/api/v1/tickets/{number}/comments", json={"body": "马上到"})
    agent.post(
        f"/api/v1/tickets/{number}/comments",
        json={"body": "又是他", "visibility": "internal"},
    )
    refused = requester.post(
        f"/api/v1/tickets/{number}/comments", json={"body": "x", "visibility": "internal"}
    )

    assert refused.status_code == 403
    mine = requester.get(f"/api/v1/tickets/{number}/comments").get_json()["items"]
    assert [one["body"] for one in mine] == ["马上到"]
    theirs = agent.get(f"/api/v1/tickets/{number}/comments").get_json()["items"]
    assert [one["body"] for one in theirs] == ["马上到", "又是他"]
    facts = requester.get(f"/api/v1/tickets/{number}/history").get_json()["items"]
    assert [one["kind"] for one in facts].count("comment_added") == 1
    found = requester.get("/api/v1/tickets", query_string={"q": "又是"}).get_json()["items"]
    assert found == []


def test_an_edit_on_an_old_version_changes_nothing(desk: None, as_user: AsUser) -> None:
    agent = as_user("lina")
    ticket = tickets.create(agent, "desk", values={"place": "x"})
    path = f"/api/v1/tickets/{ticket['number']}"
    etag = agent.get(path).headers["ETag"]
    assert agent.patch(path, json={"priority": "P1"}, headers={"If-Match": etag}).status_code == 200

    late = agent.patch(path, json={"priority": "P4"}, headers={"If-Match": etag})

    assert (late.status_code, late.get_json()["code"]) == (412, "stale-version")
    assert agent.get(path).get_json()["priority"] == "P1"
    kinds = [one["kind"] for one in agent.get(f"{path}/history").get_json()["items"]]
    assert kinds.count("priority_changed") == 1


def test_a_closed_ticket_is_no_longer_edited_but_still_talked_about(
    desk: None, as_user: AsUser
) -> None:
    agent = as_user("lina")
    ticket = tickets.create(agent, "desk", values={"place": "x"})
    tickets.complete(agent, ticket["tasks"][0], "solve")
    path = f"/api/v1/tickets/{ticket['number']}"

    refused = agent.patch(path, json={"title": "改名"})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "ticket-closed")
    assert agent.post(f"{path}/comments", json={"body": "谢谢"}).status_code == 201


def test_history_is_contiguous_and_names_who_did_what(desk: None, as_user: AsUser) -> None:
    agent, requester = as_user("lina"), as_user("zhoumin")
    ticket = tickets.create(requester, "desk", values={"place": "x"})
    tickets.complete(agent, ticket["tasks"][0], "solve")

    facts = agent.get(f"/api/v1/tickets/{ticket['number']}/history").get_json()["items"]

    assert [one["seq"] for one in facts] == list(range(1, len(facts) + 1))
    assert [(one["kind"], one["actor"]) for one in facts] == [
        ("ticket_created", "zhoumin"),
        ("task_opened", "zhoumin"),
        ("status_changed", "zhoumin"),
        ("task_completed", "lina"),
        ("status_changed", "lina"),
    ]


def test_links_show_on_both_tickets_but_not_to_strangers(desk: None, as_user: AsUser) -> None:
    agent, requester = as_user("lina"), as_user("zhoumin")
    mine = tickets.create(requester, "desk", "我的", values={"place": "x"})["number"]
    other = tickets.create(agent, "desk", "别人的", values={"place": "x"})["number"]

    agent.post(f"/api/v1/tickets/{mine}/links", json={"number": other, "kind": "duplicates"})

    assert agent.get(f"/api/v1/tickets/{other}").get_json()["links"] == [
        {
            "number": mine,
            "kind": "duplicates",
            "title": "我的",
            "category": "open",
            "outgoing": False,
        }
    ]
    assert requester.get(f"/api/v1/tickets/{mine}").get_json()["links"] == []
    itself = agent.post(f"/api/v1/tickets/{mine}/links", json={"number": mine, "kind": "relates"})
    assert itself.status_code == 422


def test_counts_match_the_lists(desk: None, as_user: AsUser) -> None:
    agent = as_user("lina")
    for _ in range(3):
        tickets.create(agent, "desk", values={"place": "x"})
    ticket = tickets.create(agent, "desk", values={"place": "x"})
    agent.post(f"/api/v1/tasks/{ticket['tasks'][0]['id']}/assign", json={"user": "lina"})

    counts = agent.get("/api/v1/tickets/counts").get_json()

    assert counts["all"] == 4
    assert counts["unassigned"] == 3
    assert counts["groups"] == {"it-desk": 4}
    assert counts["categories"]["open"] == 4


def test_attachments_are_judged_by_content(desk: None, as_user: AsUser) -> None:
    import io

    agent, requester = as_user("lina"), as_user("zhoumin")
    number = tickets.create(requester, "desk", values={"place": "x"})["number"]
    path = f"/api/v1/tickets/{number}/attachments"
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40

    def send(name: str, data: bytes) -> int:
        return requester.post(path, data={"file": (io.BytesIO(data), name)}).status_code

    assert send("照片.png", png) == 201
    assert send("page.png", b"<html><script>alert(1)</script>") == 422
    assert send("x.txt", b"MZ\x90\x00program") == 422
    assert send("empty.txt", b"") == 422
    [stored] = agent.get(path).get_json()["items"]
    got = agent.get(f"/api/v1/files/{stored['id']}")
    assert (got.data, got.mimetype) == (png, "image/png")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    got.close()
    assert as_user("sunli").get(f"/api/v1/files/{stored['id']}").status_code == 404
