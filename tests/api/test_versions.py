"""Versions taken up again, rolled out to some, and counted."""

from collections import Counter

import pytest
from flask import Flask

from engine.access.policy import SYSTEM, Actor
from engine.deployments import catalogue, rollout
from tests import builders, packages, tickets
from tests.conftest import AsUser


def deploy(*names: str) -> None:
    """A version of the type `fix` for each name of its only step."""
    for name in names:
        tickets.deploy("fix", packages.one_task(name))


def test_a_rollback_is_a_new_version_of_the_old_content(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    deploy("甲", "乙")

    answer = owner.post("/api/v1/processes/fix/versions/1/restore")

    assert answer.status_code == 201
    assert (answer.json["version"], answer.json["created"]) == (3, True)
    assert answer.headers["Location"].endswith("/processes/fix/versions/3")
    shown = owner.get("/api/v1/processes/fix/versions").json["items"]
    assert [one["version"] for one in shown] == [3, 2, 1]
    assert shown[0]["content_hash"] == shown[2]["content_hash"]
    assert tickets.create(as_user("zhoumin"), "fix")["version"] == 3
    deploy("甲")
    assert owner.get("/api/v1/processes/fix").json["latest"] == 3


def test_the_newest_version_is_not_restored(as_user: AsUser) -> None:
    deploy("甲", "乙")

    answer = as_user("chenjing").post("/api/v1/processes/fix/versions/2/restore")

    assert (answer.status_code, answer.json["code"]) == (409, "invalid-state")


def test_running_tickets_are_counted_by_version(as_user: AsUser) -> None:
    requester, agent = as_user("zhoumin"), as_user("lina")
    deploy("甲")
    first, _ = tickets.create(requester, "fix"), tickets.create(requester, "fix")
    deploy("乙")
    tickets.create(requester, "fix")
    tickets.complete(agent, first["tasks"][0])

    shown = as_user("chenjing").get("/api/v1/processes/fix/versions").json["items"]

    assert {one["version"]: one["running"] for one in shown} == {2: 1, 1: 1}
    assert as_user("chenjing").get("/api/v1/processes/fix/versions/1").json["running"] == 1


@pytest.fixture
def piloted(as_user: AsUser) -> None:
    """Two versions, and people of two departments."""
    builders.department("it")
    builders.department("hr")
    builders.person("zhoumin", department="it")
    builders.person("sunli", department="hr")
    deploy("甲", "乙")


@pytest.mark.usefixtures("piloted")
def test_a_department_tries_the_newest_version_first(as_user: AsUser) -> None:
    owner = as_user("chenjing")

    answer = owner.put(
        "/api/v1/processes/fix/rollout", json={"otherwise": 1, "departments": ["it"]}
    )

    assert answer.status_code == 200
    assert answer.json == {"version": 2, "otherwise": 1, "departments": ["it"], "percent": 0}
    assert owner.get("/api/v1/processes/fix").json["rollout"] == answer.json
    for username, version in (("zhoumin", 2), ("sunli", 1)):
        person = as_user(username)
        assert person.get("/api/v1/ticket-types/fix").json["version"] == version
        assert tickets.create(person, "fix")["version"] == version
    assert owner.delete("/api/v1/processes/fix/rollout").status_code == 204
    assert tickets.create(as_user("sunli"), "fix")["version"] == 2


@pytest.mark.usefixtures("piloted")
def test_what_is_deployed_meanwhile_goes_to_the_same_people(as_user: AsUser) -> None:
    as_user("chenjing").put(
        "/api/v1/processes/fix/rollout", json={"otherwise": 1, "departments": ["it"]}
    )

    deploy("丙")

    assert tickets.create(as_user("zhoumin"), "fix")["version"] == 3
    assert tickets.create(as_user("sunli"), "fix")["version"] == 1


@pytest.mark.usefixtures("piloted")
@pytest.mark.parametrize("retired", [1, 2])
def test_a_rollout_ends_with_one_of_its_versions(as_user: AsUser, retired: int) -> None:
    owner = as_user("chenjing")
    owner.put("/api/v1/processes/fix/rollout", json={"otherwise": 1, "percent": 50})

    owner.post(f"/api/v1/processes/fix/versions/{retired}/retire")

    assert owner.get("/api/v1/processes/fix").json["rollout"] is None
    assert tickets.create(as_user("sunli"), "fix")["version"] == 3 - retired


@pytest.mark.usefixtures("piloted")
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"otherwise": 2}, "/otherwise"),
        ({"otherwise": 1, "departments": ["it", "nowhere"]}, "/departments/1"),
        ({"otherwise": 1, "percent": 101}, "/percent"),
        ({"percent": 10}, "/otherwise"),
    ],
)
def test_a_rollout_that_means_nothing_is_refused(
    as_user: AsUser, body: dict[str, object], pointer: str
) -> None:
    answer = as_user("chenjing").put("/api/v1/processes/fix/rollout", json=body)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_a_share_is_even_and_a_person_stays_in_it() -> None:
    names = [f"person{n}" for n in range(2000)]
    rule = rollout.rule(1, [], 30)

    got = Counter(rollout.pick(rule, 2, "fix", Actor(name)) for name in names)

    assert 500 < got[2] < 700
    early = {name for name in names if rollout.share("fix", name) < 10}
    assert early < {name for name in names if rollout.share("fix", name) < 50}


def test_a_rollout_asks_the_database_nothing_more(app: Flask) -> None:
    builders.department("it")
    deploy("甲", "乙")
    person = Actor("zhoumin", frozenset({"requester"}), department="it")
    from engine.deployments import commands

    commands.set_rollout(SYSTEM, "fix", 1, ["it"], 0)
    catalogue.newest("fix", person)
    assert catalogue.newest("fix", person).version == 2
    assert catalogue.newest("fix", Actor("sunli")).version == 1
    assert catalogue.newest("fix").version == 2


@pytest.mark.parametrize("username", ["zhoumin", "lina", "zhaoyun"])
def test_only_owners_change_versions(as_user: AsUser, username: str) -> None:
    deploy("甲", "乙")
    person = as_user(username)

    answers = [
        person.post("/api/v1/processes/fix/versions/1/restore"),
        person.put("/api/v1/processes/fix/rollout", json={"otherwise": 1}),
        person.delete("/api/v1/processes/fix/rollout"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3


@pytest.mark.parametrize("path", ["/processes/nothing/rollout", "/processes/NO/rollout"])
def test_a_type_that_is_not_there_has_no_rollout(as_user: AsUser, path: str) -> None:
    answer = as_user("chenjing").delete(f"/api/v1{path}")

    assert answer.status_code == 404
