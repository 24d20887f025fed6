"""Tasks over the interface: claimed, released, assigned, completed, once each."""

import pytest

from tests import packages, tickets
from tests.conftest import AsUser


@pytest.fixture
def desk(app: object) -> None:
    tickets.deploy("desk", tickets.loop(groups="it-desk"))


def test_a_task_goes_from_hand_to_hand(desk: None, as_user: AsUser) -> None:
    lina, wang = as_user("lina"), as_user("wangqiang")
    task = tickets.create(as_user("zhoumin"), "desk")["tasks"][0]
    path = f"/api/v1/tasks/{task['id']}"

    claimed = lina.post(f"{path}/claim").get_json()
    assert (claimed["assignee"], set(claimed["may"])) == (
        "lina",
        {"release", "assign", "complete"},
    )
    assert lina.post(f"{path}/claim").status_code == 200
    taken = wang.post(f"{path}/claim")
    assert (taken.status_code, taken.get_json()["code"]) == (409, "task-taken")
    done = tickets.complete(wang, task, "solve")
    assert (done.status_code, done.get_json()["code"]) == (409, "task-taken")
    assert wang.post(f"{path}/release").status_code == 403
    assert lina.post(f"{path}/assign", json={"user": "wangqiang"}).status_code == 200
    assert wang.get("/api/v1/tasks?assignee=me").get_json()["items"][0]["id"] == task["id"]
    assert lina.get("/api/v1/tasks?assignee=me").get_json()["items"] == []
    assert wang.post(f"{path}/release").get_json()["assignee"] is None
    assert lina.post(f"{path}/assign", json={"user": "nobody"}).status_code == 422


def test_completing_moves_the_ticket_on(desk: None, as_user: AsUser) -> None:
    lina, requester = as_user("lina"), as_user("zhoumin")
    ticket = tickets.create(requester, "desk")

    asked = tickets.complete(lina, ticket["tasks"][0], "ask").get_json()

    assert asked["status"] == "completed"
    assert asked["ticket_status"]["key"] == "asking"
    [reply] = asked["tasks"]
    assert (reply["element"], reply["assignee"]) == ("reply", "zhoumin")
    mine = requester.get("/api/v1/tasks?assignee=me").get_json()["items"]
    assert [one["id"] for one in mine] == [reply["id"]]
    assert tickets.complete(lina, reply).status_code == 409
    back = tickets.complete(requester, reply).get_json()
    assert [one["element"] for one in back["tasks"]] == ["handle"]
    closed = tickets.complete(lina, back["tasks"][0], "solve").get_json()
    assert closed["tasks"] == []
    seen = lina.get(f"/api/v1/tickets/{ticket['number']}").get_json()
    assert (seen["status"]["key"], seen["tasks"]) == ("done", [])
    assert seen["closed_at"] is not None


def test_a_repeat_gets_the_first_answer_and_another_answer_is_refused(
    desk: None, as_user: AsUser
) -> None:
    lina = as_user("lina")
    ticket = tickets.create(lina, "desk")
    task = ticket["tasks"][0]
    first = tickets.complete(lina, task, "again")

    again = tickets.complete(lina, task, "again")
    other = tickets.complete(lina, task, "solve")
    wang = tickets.complete(as_user("wangqiang"), task, "again")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.get_json()["tasks"][0]["id"] == first.get_json()["tasks"][0]["id"]
    assert (other.status_code, other.get_json()["code"]) == (409, "task-not-open")
    assert (wang.status_code, wang.get_json()["code"]) == (409, "task-not-open")
    history = lina.get(f"/api/v1/tickets/{ticket['number']}/history").get_json()["items"]
    assert [one["kind"] for one in history].count("task_completed") == 1


@pytest.mark.parametrize(
    ("action", "values", "pointer"),
    [
        (None, {}, "/action"),
        ("explode", {}, "/action"),
        ("solve", {"x": 1}, "/values/x"),
    ],
)
def test_refuses_answers_that_the_step_does_not_take(
    desk: None,
    as_user: AsUser,
    action: str | None,
    values: dict[str, object],
    pointer: str,
) -> None:
    lina = as_user("lina")
    task = tickets.create(lina, "desk")["tasks"][0]

    response = tickets.complete(lina, task, action, **values)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.get_json()["errors"]] == [pointer]
    assert lina.get(f"/api/v1/tasks/{task['id']}").get_json()["status"] == "open"


def test_somebody_elses_task_is_not_there_for_strangers(desk: None, as_user: AsUser) -> None:
    task = tickets.create(as_user("zhoumin"), "desk")["tasks"][0]
    stranger = as_user("sunli")

    assert stranger.get(f"/api/v1/tasks/{task['id']}").status_code == 404
    for doing in ("claim", "release", "complete"):
        response = stranger.post(f"/api/v1/tasks/{task['id']}/{doing}", json={})
        assert response.status_code == 404, doing
    assert as_user("zhoumin").post(f"/api/v1/tasks/{task['id']}/claim").status_code == 403


def test_a_stale_version_completes_nothing(desk: None, as_user: AsUser) -> None:
    lina = as_user("lina")
    task = tickets.create(lina, "desk")["tasks"][0]
    path = f"/api/v1/tasks/{task['id']}"
    etag = lina.get(path).headers["ETag"]
    lina.post(f"{path}/claim")

    late = lina.post(f"{path}/complete", json={"action": "solve"}, headers={"If-Match": etag})

    assert (late.status_code, late.get_json()["code"]) == (412, "stale-version")


def test_an_administrator_in_anothers_place_is_marked(desk: None, as_user: AsUser) -> None:
    admin = as_user("admin")
    ticket = tickets.create(as_user("zhoumin"), "desk")

    tickets.complete(admin, ticket["tasks"][0], "solve")

    facts = admin.get(f"/api/v1/tickets/{ticket['number']}/history").get_json()["items"]
    done = next(one for one in facts if one["kind"] == "task_completed")
    assert done["data"]["substitute"] is True


def test_a_steps_form_obeys_its_access(app: object, as_user: AsUser) -> None:
    form = packages.form(
        "report",
        place={"kind": "text"},
        cost={"kind": "number"},
        secret={"kind": "text"},
    )
    process = tickets.loop(form="report", access="place:read,secret:hide")
    tickets.deploy("desk", process, report=form)
    lina = as_user("lina")
    ticket = tickets.create(lina, "desk", values={"place": "三楼", "secret": "s"})
    task = lina.get(f"/api/v1/tasks/{ticket['tasks'][0]['id']}").get_json()

    assert task["values"] == {"place": "三楼"}
    assert "secret" not in [field["key"] for field in task["form"]["fields"]]
    tickets.complete(lina, task, "again", place="改了", cost=5)
    seen = lina.get(f"/api/v1/tickets/{ticket['number']}").get_json()
    assert seen["values"] == {"place": "三楼", "cost": 5, "secret": "s"}
