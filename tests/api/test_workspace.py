"""The agent's workspace over the interface: views, texts, moves, merging, parts, work, bulk."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from engine import clock
from engine.jobs import runner
from tests import packages, tickets
from tests.clients import Client
from tests.conftest import AsUser


@pytest.fixture
def desk(app: Flask) -> None:
    tickets.deploy("desk", tickets.loop(groups="it-desk"), report=packages.form())


@pytest.fixture
def agent(desk: None, as_user: AsUser) -> Client:
    return as_user("lina")


@pytest.fixture
def requester(desk: None, as_user: AsUser) -> Client:
    return as_user("zhoumin")


def ticket(client: Client, title: str = "三号产线停机") -> dict[str, Any]:
    return tickets.create(client, "desk", title, values={"place": "三号厂房"})


def seen(client: Client, number: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/tickets/{number}").get_json()
    return found


def facts(client: Client, number: str) -> list[str]:
    found = client.get(f"/api/v1/tickets/{number}/history?limit=200").get_json()
    return [one["kind"] for one in found["items"]]


def _run_jobs() -> None:
    while runner.run_due():
        pass


# views and canned texts


@pytest.mark.parametrize(
    ("path", "thing"),
    [("views", {"query": "queue=mine&sort=due"}), ("canned-texts", {"body": "您好，{requester}"})],
)
def test_what_is_private_stays_private_and_what_is_shared_is_seen_by_the_group(
    path: str, thing: dict[str, str], agent: Client, as_user: AsUser
) -> None:
    colleague, manager = as_user("wangqiang"), as_user("zhaoyun")
    made = agent.post(f"/api/v1/{path}", json={"name": "今天到期", **thing})
    assert made.status_code == 201
    one = f"/api/v1/{path}/{made.get_json()['id']}"

    assert colleague.get(f"/api/v1/{path}").get_json()["items"] == []
    assert colleague.patch(one, json={"name": "x"}).status_code == 404
    assert agent.patch(one, json={"shared": "group:it-desk"}).status_code == 200
    [shared] = colleague.get(f"/api/v1/{path}").get_json()["items"]
    assert (shared["owner_name"], shared["mine"]) == ("李娜", False)
    assert colleague.delete(one).status_code == 403
    assert manager.get(f"/api/v1/{path}").get_json()["items"] == []
    assert agent.patch(one, json={"shared": "group:managers"}).status_code == 403
    assert agent.patch(one, json={"shared": "all"}).status_code == 403
    assert agent.patch(one, json={"shared": "nobody"}).status_code == 422
    assert agent.patch(one, json={"name": "y"}, headers={"If-Match": '"1"'}).status_code == 412
    assert as_user("admin").delete(one).status_code == 204
    assert agent.get(f"/api/v1/{path}").get_json()["items"] == []


def test_a_requester_keeps_no_views(requester: Client) -> None:
    assert requester.get("/api/v1/views").status_code == 403
    assert requester.post("/api/v1/views", json={"name": "x", "query": ""}).status_code == 403


def test_a_view_with_an_address_that_is_none_is_refused(agent: Client) -> None:
    refused = agent.post("/api/v1/views", json={"name": "x", "query": "a&&=="})

    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/query")


def test_a_canned_text_is_filled_in_by_the_ticket(agent: Client, requester: Client) -> None:
    number = ticket(requester)["number"]
    body = "您好，{requester}：{number}（{title}）由 {agent} 处理，现在是{status}。{ status }"
    agent.post("/api/v1/canned-texts", json={"name": "收到", "body": body})

    [text] = agent.get(f"/api/v1/tickets/{number}/canned-texts").get_json()["texts"]

    expected = f"您好，周敏：{number}（三号产线停机）由 李娜 处理，现在是处理中。处理中"
    assert text["text"] == expected


def test_a_placeholder_that_nothing_fills_is_refused(agent: Client) -> None:
    refused = agent.post("/api/v1/canned-texts", json={"name": "x", "body": "{salary}"})

    [error] = refused.get_json()["errors"]
    assert (error["pointer"], error["code"]) == ("/body", "unknown-placeholder")


# the next ticket


def test_the_next_ticket_is_the_most_urgent_that_nobody_holds(
    agent: Client, requester: Client, as_user: AsUser
) -> None:
    first, urgent = ticket(requester)["number"], ticket(requester)["number"]
    agent.patch(f"/api/v1/tickets/{urgent}", json={"priority": "P1"})

    taken = [agent.post("/api/v1/tickets/next").get_json()["number"] for _ in range(3)]

    assert taken == [urgent, first, None]
    assert seen(agent, urgent)["assignee"] == "lina"
    assert requester.post("/api/v1/tickets/next").get_json() == {"number": None}


# moves and the board


def test_a_card_can_be_dropped_only_where_a_button_of_the_process_leads(
    agent: Client, requester: Client
) -> None:
    number = ticket(requester)["number"]
    path = f"/api/v1/tickets/{number}/moves"

    offered = agent.get(path).get_json()["moves"]

    assert {one["action"]: one["status"]["key"] for one in offered} == {
        "solve": "done",
        "again": "handling",
        "ask": "asking",
    }
    refused = agent.post(path, json={"status": "fresh"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "move-not-offered")
    assert "等客户" in refused.get_json()["detail"]
    assert seen(agent, number)["rev"] == 1
    assert requester.get(path).get_json()["moves"] == []
    assert requester.post(path, json={"status": "done"}).status_code == 409
    assert agent.post(path, json={"status": "asking"}).status_code == 204
    assert seen(agent, number)["status"]["key"] == "asking"
    assert agent.get(path).get_json()["moves"] == []  # it is the requester's turn


def test_the_board_has_the_columns_of_the_type_and_their_counts(
    agent: Client, requester: Client, as_user: AsUser
) -> None:
    asked, solved = ticket(requester)["number"], ticket(requester)["number"]
    agent.post(f"/api/v1/tickets/{asked}/moves", json={"status": "asking"})
    agent.post(f"/api/v1/tickets/{solved}/moves", json={"status": "done"})

    board = agent.get("/api/v1/board?type=desk").get_json()

    assert {one["key"]: one["count"] for one in board["columns"]} == {
        "fresh": 0,
        "handling": 0,
        "asking": 1,
        "done": 1,
    }
    assert {one["number"]: one["status"] for one in board["cards"]} == {
        asked: "asking",
        solved: "done",
    }
    clock.advance(timedelta(days=8))
    later = agent.get("/api/v1/board?type=desk").get_json()
    assert [one["number"] for one in later["cards"]] == [asked]
    assert agent.get("/api/v1/board?type=nothing").status_code == 404
    assert requester.get("/api/v1/board?type=desk").status_code == 403


# who else looks, what is unread


def test_two_agents_on_the_same_ticket_are_told_of_each_other(
    agent: Client, requester: Client, as_user: AsUser
) -> None:
    number = ticket(requester)["number"]
    path = f"/api/v1/tickets/{number}/presence"
    colleague = as_user("wangqiang")

    assert agent.post(path, json={"rev": 1}).get_json() == {"others": []}
    found = colleague.post(path, json={"rev": 1, "doing": "writing"}).get_json()["others"]
    assert found == [{"username": "lina", "name": "李娜", "doing": "reading"}]
    [other] = agent.post(path, json={"rev": 1}).get_json()["others"]
    assert (other["username"], other["doing"]) == ("wangqiang", "writing")
    assert requester.post(path, json={"rev": 1}).get_json() == {"others": []}
    colleague.post(path, json={"rev": 1, "doing": "gone"})
    assert [one["username"] for one in agent.post(path, json={"rev": 1}).get_json()["others"]] == [
        "zhoumin"
    ]
    clock.advance(timedelta(minutes=1))
    assert agent.post(path, json={"rev": 1}).get_json() == {"others": []}
    assert as_user("sunli").post(path, json={"rev": 1}).status_code == 404


def test_what_was_seen_is_known_by_its_version(
    agent: Client, requester: Client, as_user: AsUser
) -> None:
    number = ticket(requester)["number"]
    asked = f"/api/v1/tickets/seen?numbers={number},NOTHING-1"
    assert agent.get(asked).get_json() == {"revs": {}}

    agent.post(f"/api/v1/tickets/{number}/presence", json={"rev": 1})
    requester.post(f"/api/v1/tickets/{number}/comments", json={"body": "还在吗？"})

    assert agent.get(asked).get_json() == {"revs": {number: 1}}
    assert seen(agent, number)["rev"] == 2
    agent.post(f"/api/v1/tickets/{number}/presence", json={"rev": 900})
    assert agent.get(asked).get_json() == {"revs": {number: 2}}
    assert as_user("wangqiang").get(asked).get_json() == {"revs": {}}


# similar tickets and merging


def test_similar_open_tickets_are_found_while_a_title_is_typed(
    agent: Client, requester: Client, as_user: AsUser
) -> None:
    alike = ticket(requester, "三号产线贴片机停机")["number"]
    ticket(requester, "打印机没有墨了")
    closed = ticket(requester, "三号产线贴片机停机了")["number"]
    agent.post(f"/api/v1/tickets/{closed}/moves", json={"status": "done"})
    asked = "/api/v1/tickets/similar?title=三号产线的贴片机停机"

    found = agent.get(asked).get_json()["similar"]

    assert [(one["number"], one["why"]) for one in found] == [(alike, ["title"])]
    [own] = requester.get(asked).get_json()["similar"]
    assert own["why"] == ["title", "requester"]
    assert as_user("sunli").get(asked).get_json()["similar"] == []
    assert agent.get("/api/v1/tickets/similar?title=。。").get_json()["similar"] == []


def test_merging_moves_what_was_said_and_closes_the_duplicate(
    agent: Client, requester: Client, as_user: AsUser
) -> None:
    first = ticket(requester)["number"]
    second = ticket(as_user("sunli"))["number"]
    agent.post(f"/api/v1/tickets/{second}/comments", json={"body": "同一条产线，轴承坏了"})
    before = seen(agent, second)

    merged = agent.post(f"/api/v1/tickets/{second}/merge", json={"into": first})

    assert merged.status_code == 204
    duplicate, kept = seen(agent, second), seen(agent, first)
    assert (duplicate["status"]["category"], duplicate["tasks"]) == ("closed", [])
    assert [(one["kind"], one["number"]) for one in duplicate["links"]] == [("duplicates", first)]
    assert kept["watchers"] == ["sunli"]
    said = agent.get(f"/api/v1/tickets/{first}/comments").get_json()["items"]
    assert [one["body"] for one in said] == ["同一条产线，轴承坏了"]
    assert "merged_into" in facts(agent, second)
    assert "task_cancelled" in facts(agent, second)
    assert "merged_from" in facts(agent, first)
    assert agent.get("/api/v1/tickets?q=轴承").get_json()["items"]
    again = agent.post(f"/api/v1/tickets/{second}/merge", json={"into": first})
    assert again.get_json()["code"] == "ticket-closed"
    [task] = before["tasks"]
    assert tickets.complete(agent, task, "solve").status_code == 409


def test_merging_is_refused_where_it_makes_no_sense_or_is_not_allowed(
    agent: Client, requester: Client
) -> None:
    one, other = ticket(requester)["number"], ticket(requester)["number"]

    def merge(who: Client, number: str, into: str) -> tuple[int, str]:
        answer = who.post(f"/api/v1/tickets/{number}/merge", json={"into": into})
        return answer.status_code, answer.get_json()["code"]

    assert merge(agent, one, one) == (422, "invalid-input")
    assert merge(agent, one, "NOTHING-1") == (404, "not-found")
    assert merge(requester, one, other) == (403, "not-allowed")
    agent.post(f"/api/v1/tickets/{one}/links", json={"number": other, "kind": "parent"})
    assert merge(agent, one, other) == (409, "cannot-merge")
    assert seen(agent, one)["status"]["category"] == "open"


# parts, work, mentions


def test_a_part_of_a_ticket_goes_its_own_way_and_both_show_the_link(
    agent: Client, requester: Client
) -> None:
    parent = ticket(requester)["number"]
    body = {"type": "desk", "title": "换轴承", "values": {"place": "三号厂房"}}
    path = f"/api/v1/tickets/{parent}/children"

    child = agent.post(path, json=body).get_json()["number"]

    [link] = seen(agent, parent)["links"]
    assert (link["number"], link["kind"], link["outgoing"]) == (child, "parent", True)
    [back] = seen(agent, child)["links"]
    assert (back["number"], back["outgoing"]) == (parent, False)
    assert "link_added" in facts(agent, parent)
    assert requester.post(path, json=body).status_code == 403
    agent.post(f"/api/v1/tickets/{parent}/moves", json={"status": "done"})
    assert agent.post(path, json=body).get_json()["code"] == "ticket-closed"


def test_work_is_logged_and_summed_and_the_requester_does_not_see_it(
    agent: Client, requester: Client, as_user: AsUser
) -> None:
    number = ticket(requester)["number"]
    path = f"/api/v1/tickets/{number}/work-log"

    agent.post(path, json={"minutes": 25, "note": "查线路"})
    log = as_user("wangqiang").post(path, json={"minutes": 15}).get_json()

    assert (log["minutes"], [one["author"] for one in log["entries"]]) == (
        40,
        ["lina", "wangqiang"],
    )
    assert requester.get(path).status_code == 403
    assert requester.post(path, json={"minutes": 5}).status_code == 403
    assert "work_logged" in facts(agent, number)
    assert "work_logged" not in facts(requester, number)
    assert agent.delete(f"{path}/{log['entries'][1]['id']}").status_code == 403
    assert agent.delete(f"{path}/{log['entries'][0]['id']}").status_code == 204
    assert agent.get(path).get_json()["minutes"] == 15
    for wrong in (0, 1441, 1.5, "x"):
        assert agent.post(path, json={"minutes": wrong}).status_code == 422


def test_who_is_mentioned_follows_and_is_told(
    agent: Client, requester: Client, as_user: AsUser
) -> None:
    number = ticket(requester)["number"]
    colleague = as_user("wangqiang")
    as_user("sunli")
    path = f"/api/v1/tickets/{number}/comments"

    agent.post(
        path, json={"body": "@wangqiang 帮看一下 a@sunli.example @nobody", "visibility": "internal"}
    )
    requester.post(path, json={"body": "@sunli 你来看"})  # a requester opens nothing to others

    assert seen(agent, number)["watchers"] == ["wangqiang"]
    assert facts(agent, number).count("person_mentioned") == 1
    _run_jobs()
    told = colleague.get("/api/v1/notifications").get_json()["items"]
    assert "person_mentioned" in {one["kind"] for one in told}


# bulk acts


def test_one_act_on_several_tickets_says_of_each_what_became_of_it(
    agent: Client, requester: Client, as_user: AsUser
) -> None:
    one, other = ticket(requester)["number"], ticket(requester)["number"]
    as_user("wangqiang")

    def bulk(**asked: Any) -> dict[str, Any]:
        answer = agent.once("/api/v1/bulk-runs", asked)
        assert answer.status_code == 201, answer.get_json()
        found: dict[str, Any] = answer.get_json()
        return found

    ranked = bulk(tickets=[one, other, "NOTHING-1"], act="priority", priority="P1")
    assert (ranked["done"], ranked["refused"], ranked["pending"]) == (2, 1, 0)
    [refused] = [item for item in ranked["results"] if item["status"] == "refused"]
    assert (refused["number"], refused["code"]) == ("NOTHING-1", "not-found")
    assert refused["detail"]
    assert bulk(tickets=[one, other], act="assign", user="lina")["done"] == 2
    assert seen(agent, one)["assignee"] == "lina"
    assert bulk(tickets=[one], act="action", element="handle", action="ask")["done"] == 1
    closed = bulk(tickets=[one, other], act="close")
    assert {item["number"]: item["code"] for item in closed["results"]} == {
        one: "move-not-offered",
        other: None,
    }
    assert seen(agent, other)["status"]["key"] == "done"
    missing = agent.post("/api/v1/bulk-runs", json={"tickets": [one], "act": "assign"})
    assert missing.get_json()["errors"][0]["pointer"] == "/user"
    assert requester.get(f"/api/v1/bulk-runs/{closed['id']}").status_code == 404
    body = {"tickets": [one], "act": "close"}
    assert requester.post("/api/v1/bulk-runs", json=body).status_code == 403


def test_many_tickets_are_worked_off_in_the_background(agent: Client, requester: Client) -> None:
    numbers = [ticket(requester)["number"] for _ in range(45)]

    begun = agent.post(
        "/api/v1/bulk-runs", json={"tickets": numbers, "act": "priority", "priority": "P2"}
    ).get_json()

    assert (begun["total"], begun["pending"]) == (45, 45)
    _run_jobs()
    done = agent.get(f"/api/v1/bulk-runs/{begun['id']}").get_json()
    assert (done["pending"], done["done"]) == (0, 45)
    assert seen(agent, numbers[44])["priority"] == "P2"
