"""Accounts, groups, departments and roles: who may see and change what."""

import pytest
from flask import Flask

from tests import builders
from tests.builders import PASSWORD
from tests.clients import Client
from tests.conftest import AsUser

STRANGERS = ["sunli", "lina", "zhaoyun", "chenjing"]  # every role but the administrator's

WRITES = [
    ("POST", "/api/v1/users", {"username": "new", "name": "新人"}),
    ("PATCH", "/api/v1/users/zhoumin", {"name": "别人"}),
    ("PATCH", "/api/v1/users/zhoumin", {"roles": ["administrator"]}),
    ("PATCH", "/api/v1/users/zhoumin", {"password": "taken over now"}),
    ("PATCH", "/api/v1/users/zhoumin", {"language": "en"}),
    ("DELETE", "/api/v1/users/zhoumin", None),
    ("POST", "/api/v1/groups", {"key": "new", "name": "新组"}),
    ("PATCH", "/api/v1/groups/it-desk", {"members": []}),
    ("DELETE", "/api/v1/groups/it-desk", None),
    ("POST", "/api/v1/departments", {"key": "new", "name": "新部门"}),
    ("PATCH", "/api/v1/departments/sales", {"head": "sunli"}),
    ("DELETE", "/api/v1/departments/sales", None),
    ("POST", "/api/v1/tokens", {"user": "zhoumin", "name": "theirs"}),
]


@pytest.fixture
def company(app: Flask) -> None:
    builders.department("sales", name="销售部")
    builders.person("zhoumin", department="sales")
    builders.group("it-desk")


@pytest.mark.parametrize("username", STRANGERS)
@pytest.mark.parametrize(("method", "path", "body"), WRITES)
@pytest.mark.usefixtures("company")
def test_only_administrators_change_people(
    as_user: AsUser, username: str, method: str, path: str, body: object
) -> None:
    answer = as_user(username).open(path, method=method, json=body)

    assert answer.status_code == 403
    assert answer.json["code"] == "not-allowed"


@pytest.mark.parametrize("username", STRANGERS)
@pytest.mark.usefixtures("company")
def test_people_see_of_others_only_name_and_department(as_user: AsUser, username: str) -> None:
    client = as_user(username)
    seen = {"username", "name", "names", "department"}

    listed = client.get("/api/v1/users").json["items"]
    single = client.get("/api/v1/users/zhoumin").json
    own = client.get(f"/api/v1/users/{username}").json

    assert {item["username"] for item in listed} >= {"zhoumin", username}
    assert all(set(item) == seen for item in listed if item["username"] != username)
    assert set(single) == seen
    assert own["groups"] is not None
    assert "email" in own


@pytest.mark.usefixtures("company")
def test_an_administrator_keeps_accounts(as_user: AsUser) -> None:
    admin = as_user("admin")

    made = admin.post(
        "/api/v1/users",
        json={
            "username": "wuhan",
            "names": {"zh-CN": "吴涵", "en": "Wu Han"},
            "email": "wuhan@example.com",
            "roles": ["agent"],
            "groups": ["it-desk"],
            "department": "sales",
            "manager": "zhoumin",
            "password": PASSWORD,
        },
    )
    english = admin.get("/api/v1/users/wuhan", headers={"Accept-Language": "en"})
    changed = admin.patch("/api/v1/users/wuhan", json={"name": "吴晗", "groups": [], "phone": None})

    assert made.status_code == 201, made.json
    assert made.headers["Location"] == "/api/v1/users/wuhan"
    assert made.json["name"] == "吴涵"
    assert made.json["groups"] == ["it-desk"]
    assert made.json["has_password"] is True
    assert "password" not in made.json
    assert english.json["name"] == "Wu Han"
    assert changed.json["names"] == {"zh-CN": "吴晗", "en": "Wu Han"}
    assert changed.json["groups"] == []
    assert admin.get("/api/v1/groups/it-desk").json["members"] == []


INPUTS = [
    ({"username": "a"}, "/name", "required"),
    ({"name": "a"}, "/username", "required"),
    ({"username": "Wu Han", "name": "a"}, "/username", "username-form"),
    ({"username": "system", "name": "a"}, "/username", "reserved"),
    ({"username": "x" * 65, "name": "a"}, "/username", "length-between"),
    ({"username": "a", "name": ""}, "/name", "length-between"),
    ({"username": "a", "name": "x" * 101}, "/name", "length-between"),
    ({"username": "a", "name": "a\x00"}, "/name", "null-character"),
    ({"username": "a", "names": {"klingon!": "x"}}, "/names/klingon!", "unknown-language"),
    ({"username": "a", "names": {"en": 7}}, "/names/en", "not-text"),
    ({"username": "a", "name": "a", "email": "no"}, "/email", "wrong-format"),
    ({"username": "a", "name": "a", "roles": ["king"]}, "/roles", "unknown-role"),
    ({"username": "a", "name": "a", "roles": "agent"}, "/roles", "not-a-list"),
    ({"username": "a", "name": "a", "groups": ["nix"]}, "/groups", "unknown-group"),
    ({"username": "a", "name": "a", "department": "nix"}, "/department", "unknown-department"),
    ({"username": "a", "name": "a", "manager": "nix"}, "/manager", "unknown-user"),
    ({"username": "a", "name": "a", "manager": "a"}, "/manager", "own-manager"),
    ({"username": "a", "name": "a", "language": "fr"}, "/language", "unknown-language"),
    ({"username": "a", "name": "a", "time_zone": "Mars"}, "/time_zone", "unknown-time-zone"),
    ({"username": "a", "name": "a", "password": "short"}, "/password", "password-too-short"),
    ({"username": "a", "name": "a", "password": "88888888"}, "/password", "password-well-known"),
    ({"username": "a", "name": "a", "rank": 1}, "/rank", "unknown-field"),
]


@pytest.mark.parametrize(("body", "pointer", "code"), INPUTS)
def test_names_the_place_of_wrong_input(
    as_user: AsUser, body: dict[str, object], pointer: str, code: str
) -> None:
    admin = as_user("admin")

    answer = admin.post("/api/v1/users", json=body)

    assert answer.status_code == 422
    assert (pointer, code) in [(each["pointer"], each["code"]) for each in answer.json["errors"]]
    assert all(each["detail"] != each["code"] for each in answer.json["errors"])
    assert admin.get("/api/v1/users").json["items"][0]["username"] == "admin"


def test_a_name_is_taken_once(as_user: AsUser) -> None:
    admin = as_user("admin")
    assert admin.post("/api/v1/users", json={"username": "a", "name": "a"}).status_code == 201

    again = admin.post("/api/v1/users", json={"username": "a", "name": "b"})

    assert again.status_code == 409
    assert again.json["code"] == "already-exists"
    assert again.json["detail"] == "用户 a 已经存在。"


def test_the_last_administrator_stays(as_user: AsUser) -> None:
    admin = as_user("admin")

    for answer in (
        admin.delete("/api/v1/users/admin"),
        admin.patch("/api/v1/users/admin", json={"roles": ["agent"]}),
    ):
        assert answer.status_code == 409
        assert answer.json["code"] == "last-administrator"
    assert admin.get("/api/v1/users/admin").json["roles"] == ["administrator"]


def test_changes_his_own_language_and_password_only(as_user: AsUser) -> None:
    builders.person("zhoumin", password=PASSWORD)
    own = as_user("zhoumin")
    address = "/api/v1/users/zhoumin"
    password = {"password": "a new and long one"}

    assert own.patch(address, json={"language": "en"}).json["language"] == "en"
    assert own.patch(address, json={"time_zone": "Europe/Berlin"}).status_code == 200
    assert own.patch(address, json=password).json["errors"][0]["code"] == "wrong-password"
    right = {**password, "current_password": PASSWORD}
    assert own.patch(address, json=right).status_code == 200
    for other in ({"roles": ["administrator"]}, {"groups": []}, {"name": "x"}, {"active": True}):
        assert own.patch(address, json=other).status_code == 403


def test_a_stale_version_is_refused_and_changes_nothing(as_user: AsUser) -> None:
    builders.person("zhoumin")
    admin = as_user("admin")
    address = "/api/v1/users/zhoumin"
    seen = admin.get(address).headers["ETag"]
    assert admin.patch(address, json={"phone": "1"}, headers={"If-Match": seen}).status_code == 200

    for tag in (seen, '"x"', '"1", "2"', "W/" + seen):
        stale = admin.patch(address, json={"phone": "2"}, headers={"If-Match": tag})
        assert stale.status_code == 412
        assert stale.json["code"] == "stale-version"
    assert admin.get(address).json["phone"] == "1"
    assert admin.patch(address, json={"phone": "3"}, headers={"If-Match": "*"}).status_code == 200


def test_an_unchanged_thing_is_not_sent_again(as_user: AsUser) -> None:
    builders.person("zhoumin")
    admin = as_user("admin")
    seen = admin.get("/api/v1/users/zhoumin").headers["ETag"]

    answer = admin.get("/api/v1/users/zhoumin", headers={"If-None-Match": seen})

    assert answer.status_code == 304
    assert answer.data == b""


def test_groups_come_and_go(as_user: AsUser) -> None:
    for username in ("lina", "wangqiang"):
        builders.person(username)
    admin = as_user("admin")

    made = admin.post("/api/v1/groups", json={"key": "net", "name": "网络组", "members": ["lina"]})
    changed = admin.patch(
        "/api/v1/groups/net", json={"members": ["wangqiang"], "lead": "wangqiang"}
    )
    listed = admin.get("/api/v1/groups?q=网络").json["items"]

    assert made.status_code == 201
    assert changed.json["members"] == ["wangqiang"]
    assert changed.json["lead"] == "wangqiang"
    assert [item["key"] for item in listed] == ["net"]
    assert admin.get("/api/v1/users/wangqiang").json["groups"] == ["it-desk", "net"]
    assert admin.delete("/api/v1/groups/net").status_code == 204
    assert admin.get("/api/v1/groups/net").status_code == 404
    assert admin.get("/api/v1/users/wangqiang").json["groups"] == ["it-desk"]


def test_members_are_shown_to_staff_and_to_members(as_user: AsUser) -> None:
    builders.group("net")
    builders.person("sunli", groups=("net",))

    assert as_user("lina").get("/api/v1/groups/net").json["members"] == ["sunli"]
    assert as_user("sunli").get("/api/v1/groups/net").json["members"] == ["sunli"]
    assert "members" not in as_user("zhoumin").get("/api/v1/groups/net").json
    assert as_user("zhoumin").get("/api/v1/users?group=net").status_code == 403
    found = as_user("lina").get("/api/v1/users?group=net").json["items"]
    assert [item["username"] for item in found] == ["sunli"]


def test_departments_make_a_tree_without_circles(as_user: AsUser) -> None:
    builders.person("zhaoyun")
    admin = as_user("admin")
    for key, parent in (("hq", None), ("it", "hq"), ("desk", "it")):
        made = admin.post("/api/v1/departments", json={"key": key, "name": key, "parent": parent})
        assert made.status_code == 201, made.json

    circle = admin.patch("/api/v1/departments/hq", json={"parent": "desk"})
    own = admin.patch("/api/v1/departments/hq", json={"parent": "hq"})
    unknown = admin.patch("/api/v1/departments/hq", json={"head": "nobody"})
    headed = admin.patch("/api/v1/departments/hq", json={"head": "zhaoyun"})

    assert circle.json["errors"][0]["code"] == "department-circle"
    assert own.json["errors"][0]["code"] == "department-circle"
    assert unknown.json["errors"][0]["pointer"] == "/head"
    assert headed.json["head"] == "zhaoyun"
    assert admin.delete("/api/v1/departments/it").json["code"] == "in-use"
    assert admin.delete("/api/v1/departments/desk").status_code == 204
    below = as_user("lina").get("/api/v1/departments?parent=hq").json["items"]
    assert [item["key"] for item in below] == ["it"]


def test_a_department_with_people_stays(as_user: AsUser) -> None:
    builders.department("sales")
    builders.person("zhoumin", department="sales")

    assert as_user("admin").delete("/api/v1/departments/sales").status_code == 409


def test_people_are_found_by_part_of_their_name(as_user: AsUser) -> None:
    for username in ("zhoumin", "sunli", "lina"):
        builders.person(username)
    admin = as_user("admin")

    def found(query: str) -> list[str]:
        items = admin.get("/api/v1/users", query_string=query).json["items"]
        return [item["username"] for item in items]

    assert found("q=周敏") == ["zhoumin"]
    assert found("q=敏") == ["zhoumin"]
    assert found("q=LI") == ["lina", "sunli"]
    assert found("q=%25") == []
    assert found("q=_") == []
    assert found("usernames=lina,sunli,nobody") == ["lina", "sunli"]
    assert found("usernames=") == []


def test_those_who_left_are_found_by_name_only(as_user: AsUser) -> None:
    builders.person("zhoumin")
    admin, lina = as_user("admin"), as_user("lina")
    admin.delete("/api/v1/users/zhoumin")

    def usernames(client: Client, query: str) -> list[str]:
        return [item["username"] for item in client.get(f"/api/v1/users?{query}").json["items"]]

    assert "zhoumin" not in usernames(lina, "")
    assert "zhoumin" not in usernames(lina, "active=false")
    assert usernames(lina, "usernames=zhoumin") == ["zhoumin"]
    assert lina.get("/api/v1/users/zhoumin").status_code == 404
    assert "zhoumin" in usernames(admin, "")
    assert usernames(admin, "active=false") == ["zhoumin"]


def test_roles_have_names_in_both_languages(as_user: AsUser) -> None:
    lina = as_user("lina")

    chinese = lina.get("/api/v1/roles").json["items"]
    english = lina.get("/api/v1/roles", headers={"Accept-Language": "en-GB,en;q=0.8"}).json["items"]

    assert chinese[0] == {"key": "requester", "name": "提单人"}
    assert english[-1] == {"key": "administrator", "name": "Administrator"}
