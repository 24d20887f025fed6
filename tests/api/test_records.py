"""Records over the interface: every kind alike, what is refused, who may what."""

from typing import Any

import pytest
from flask import Flask

from tests import builders
from tests.clients import Client
from tests.conftest import AsUser

CUSTOMER = {"key": "acme", "names": {"zh-CN": "安可", "en": "Acme"}, "domains": ["acme.example"]}
SPAN = {"starts_at": "2026-11-22T00:00:00Z", "ends_at": "2026-11-24T00:00:00Z"}

# One of each kind that can be made from nothing but the people lina and zhoumin.
EXAMPLES: dict[str, dict[str, Any]] = {
    "skills": {"key": "smt", "name": "贴片机"},
    "shifts": {
        "username": "lina",
        "kind": "work",
        "weekdays": [0, 1, 2, 3, 4],
        "starts": "09:00",
        "ends": "18:00",
    },
    "absences": {"username": "lina", "kind": "leave", "deputy": "zhoumin", **SPAN},
    "customers": CUSTOMER,
    "places": {"key": "hall-3", "name": "三号厂房", "lat": 22.5, "lng": 114.1, "radius": 200},
    "assets": {"number": "SMT-03", "kind": "smt", "name": "贴片机", "warranty": "2027-01-31"},
}
ID = {"shifts": "id", "absences": "id", "assets": "number"}


@pytest.fixture(autouse=True)
def people(app: Flask) -> None:
    builders.person("lina")
    builders.person("zhoumin")


@pytest.fixture
def admin(as_user: AsUser) -> Client:
    return as_user("admin")


def made(client: Client, plural: str, **more: Any) -> dict[str, Any]:
    answer = client.post(f"/api/v1/{plural}", json={**EXAMPLES[plural], **more})
    assert answer.status_code == 201, answer.json
    return answer.json


@pytest.mark.parametrize("plural", EXAMPLES)
def test_a_record_is_made_read_changed_and_removed(admin: Client, plural: str) -> None:
    record = made(admin, plural)
    key = record[ID.get(plural, "key")]
    path = f"/api/v1/{plural}/{key}"

    read = admin.get(path)
    assert read.json == record
    assert [each for each in admin.get(f"/api/v1/{plural}").json["items"]] == [record]

    field, value = {
        "shifts": ("ends", "17:00"),
        "absences": ("note", "年假"),
    }.get(plural, ("name", "新名字"))
    changed = admin.patch(path, json={field: value}, headers={"If-Match": read.headers["ETag"]})
    assert changed.status_code == 200, changed.json
    assert changed.json[field] == value
    stale = admin.patch(path, json={field: value}, headers={"If-Match": read.headers["ETag"]})
    assert stale.json["code"] == "stale-version"

    assert admin.delete(path).status_code == 204
    assert admin.get(path).status_code == 404
    query = f"kind={plural[:-1]}&record={key}"
    history = admin.get(f"/api/v1/record-history?{query}").json["items"]
    assert [each["action"] for each in history] == ["removed", "changed", "created"]
    assert history[0]["actor_name"] == "系统管理员"


@pytest.mark.parametrize("plural", EXAMPLES)
def test_a_requester_may_not_make_or_change_records(
    admin: Client, as_user: AsUser, plural: str
) -> None:
    record = made(admin, plural)
    path = f"/api/v1/{plural}/{record[ID.get(plural, 'key')]}"
    stranger = as_user("sunli")

    assert stranger.post(f"/api/v1/{plural}", json=EXAMPLES[plural]).status_code == 403
    assert stranger.patch(path, json={"custom": {}}).status_code == 403
    assert stranger.delete(path).status_code == 403
    assert stranger.get(path).status_code == (200 if plural == "skills" else 404)
    seen = stranger.get(f"/api/v1/{plural}").json["items"]
    assert seen == ([record] if plural == "skills" else [])
    assert stranger.get(f"/api/v1/exports/{plural}").status_code == 200
    assert "lina" not in stranger.get(f"/api/v1/exports/{plural}").text


@pytest.mark.parametrize(
    ("plural", "given", "pointer", "code"),
    [
        ("customers", {"key": "a b"}, "/key", "key-form"),
        ("customers", {"domains": ["nodot"]}, "/domains", "not-a-domain"),
        ("customers", {"domains": "acme.example"}, "/domains", "not-a-list"),
        ("customers", {"names": {"zh-CN": " "}}, "/names/zh-CN", "required"),
        ("customers", {"vip": "maybe"}, "/vip", "not-true-or-false"),
        ("customers", {"strange": 1}, "/strange", "unknown-field"),
        ("customers", {"custom": {"size": 1}}, "/custom/size", "unknown-field"),
        ("shifts", {"username": "nobody"}, "/username", "unknown-user"),
        ("shifts", {"weekdays": [7]}, "/weekdays/0", "between"),
        ("shifts", {"weekdays": []}, "/weekdays", "length-between"),
        ("shifts", {"starts": "9"}, "/starts", "not-a-clock-time"),
        ("shifts", {"starts": "24:00"}, "/starts", "not-a-clock-time"),
        ("shifts", {"kind": "party"}, "/kind", "not-a-choice"),
        ("shifts", {"weekdays": None}, "/weekdays", "required"),
        ("shifts", SPAN, "/starts_at", "weekly-or-once"),
        (
            "shifts",
            {"valid_from": "2026-02-02", "valid_to": "2026-02-01"},
            "/valid_to",
            "ends-before-it-starts",
        ),
        ("absences", {"ends_at": SPAN["starts_at"]}, "/ends_at", "ends-before-it-starts"),
        ("absences", {"starts_at": "tomorrow"}, "/starts_at", "not-a-time"),
        ("absences", {"deputy": "lina"}, "/deputy", "own-deputy"),
        ("absences", {"deputy": "nobody"}, "/deputy", "unknown-user"),
        ("absences", {"kind": "delegation", "deputy": None}, "/deputy", "required"),
        ("places", {"lat": 91}, "/lat", "between"),
        ("places", {"lng": None}, "/lng", "required"),
        ("places", {"lat": None, "lng": None}, "/lat", "required"),
        ("places", {"radius": 0}, "/radius", "between"),
        ("places", {"parent": "nowhere"}, "/parent", "unknown-place"),
        ("assets", {"number": ""}, "/number", "length-between"),
        ("assets", {"owner": "nobody"}, "/owner", "unknown-user"),
        ("assets", {"customer": "nobody"}, "/customer", "unknown-customer"),
        ("assets", {"parent": "SMT-03"}, "/parent", "unknown-asset"),
        ("assets", {"warranty": "2026-02-30"}, "/warranty", "wrong-format"),
    ],
)
def test_refuses_bad_input_with_its_place(
    admin: Client, plural: str, given: dict[str, Any], pointer: str, code: str
) -> None:
    answer = admin.post(f"/api/v1/{plural}", json={**EXAMPLES[plural], **given})
    assert answer.status_code == 422, answer.json
    told = [(error["pointer"], error["code"]) for error in answer.json["errors"]]
    assert (pointer, code) in told, told
    assert all(error["detail"] != error["code"] for error in answer.json["errors"])


def test_refuses_to_remove_what_is_in_use_and_says_by_what(admin: Client) -> None:
    for plural in ("customers", "places", "skills"):
        made(admin, plural)
    made(admin, "assets", place="hall-3", customer="acme")
    admin.patch("/api/v1/users/lina", json={"skills": {"smt": 3}})

    for path, by in (
        ("customers/acme", "SMT-03"),
        ("places/hall-3", "SMT-03"),
        ("skills/smt", "lina"),
    ):
        answer = admin.delete(f"/api/v1/{path}")
        assert answer.status_code == 409
        assert answer.json["code"] == "record-in-use"
        assert by in answer.json["detail"]


def test_a_record_is_not_below_itself(admin: Client) -> None:
    made(admin, "places")
    made(admin, "places", key="line-1", parent="hall-3")
    answer = admin.patch("/api/v1/places/hall-3", json={"parent": "line-1"})
    assert answer.json["errors"][0]["code"] == "parent-circle"


def test_lists_are_searched_filtered_and_paged(admin: Client) -> None:
    made(admin, "places")
    for number in range(5):
        more = {"place": "hall-3"} if number % 2 else {}
        made(admin, "assets", number=f"M-{number}", kind="press", **more)

    assert len(admin.get("/api/v1/assets?q=m-3").json["items"]) == 1
    assert len(admin.get("/api/v1/assets?place=hall-3").json["items"]) == 2
    assert admin.get("/api/v1/assets?kind=none").json["items"] == []
    first = admin.get("/api/v1/assets?limit=3").json
    rest = admin.get(f"/api/v1/assets?limit=3&cursor={first['next']}").json
    numbers = [each["number"] for each in first["items"] + rest["items"]]
    assert numbers == [f"M-{number}" for number in range(5)]
    assert rest["next"] is None


def test_everybody_manages_his_own_absences_only(as_user: AsUser) -> None:
    zhoumin = as_user("zhoumin")
    own = {**EXAMPLES["absences"], "username": "zhoumin", "deputy": "lina"}
    answer = zhoumin.post("/api/v1/absences", json=own)
    assert answer.status_code == 201
    path = f"/api/v1/absences/{answer.json['id']}"
    assert zhoumin.patch(path, json={"note": "年假"}).status_code == 200
    assert zhoumin.patch(path, json={"username": "lina"}).status_code == 403
    assert zhoumin.post("/api/v1/absences", json=EXAMPLES["absences"]).status_code == 403
    assert len(zhoumin.get("/api/v1/absences").json["items"]) == 1
    assert as_user("sunli").get(path).status_code == 404
    assert as_user("lina").get(path).status_code == 200
    assert zhoumin.delete(path).status_code == 204


def test_requesters_see_their_own_things_and_where_they_are(admin: Client, as_user: AsUser) -> None:
    made(admin, "places")
    made(admin, "places", key="hall-4", parent=None)
    made(admin, "customers")
    made(admin, "customers", key="other")
    made(admin, "assets", owner="zhoumin", place="hall-3")
    made(admin, "assets", number="OTHER", place="hall-4")
    made(admin, "assets", number="THEIRS", customer="acme")
    admin.patch("/api/v1/users/zhoumin", json={"customer": "acme"})
    zhoumin = as_user("zhoumin")

    def keys(path: str, key: str) -> list[str]:
        return [each[key] for each in zhoumin.get(f"/api/v1/{path}").json["items"]]

    assert keys("assets", "number") == ["SMT-03", "THEIRS"]
    assert keys("places", "key") == ["hall-3"]
    assert keys("customers", "key") == ["acme"]
    assert zhoumin.get("/api/v1/contracts").json["items"] == []
    assert zhoumin.get("/api/v1/record-history?kind=asset&record=SMT-03").status_code == 403


def test_a_kind_of_record_has_fields_of_its_own(admin: Client, as_user: AsUser) -> None:
    form = {
        "key": "assets",
        "title": {"zh-CN": "资产", "en": "Assets"},
        "fields": [
            {"key": "power", "kind": "number", "label": {"zh-CN": "功率", "en": "Power"}},
        ],
    }
    answer = admin.put("/api/v1/record-forms/assets", json={"form": form})
    assert answer.status_code == 200, answer.json
    assert admin.get("/api/v1/record-forms/assets").json["form"] == form

    record = made(admin, "assets", custom={"power": 40})
    assert record["custom"] == {"power": 40}
    bad = admin.patch("/api/v1/assets/SMT-03", json={"custom": {"power": "much"}})
    assert bad.json["errors"][0]["pointer"] == "/custom/power"
    broken = admin.put("/api/v1/record-forms/assets", json={"form": {"fields": [{"key": "x"}]}})
    assert broken.status_code == 422
    assert (
        as_user("lina").put("/api/v1/record-forms/assets", json={"form": form}).status_code == 403
    )


def test_accounts_have_skills_capacity_place_and_customer(admin: Client) -> None:
    for plural in ("customers", "places", "skills"):
        made(admin, plural)
    details = {"skills": {"smt": 3}, "capacity": 5, "place": "hall-3", "customer": "acme"}
    answer = admin.patch("/api/v1/users/lina", json=details)
    assert answer.status_code == 200, answer.json
    assert {name: answer.json[name] for name in details} == details
    told = admin.get("/api/v1/record-history?kind=user&record=lina").json["items"]
    assert told[0]["changes"]["skills"] == [{}, {"smt": 3}]

    for wrong, code in (
        ({"skills": {"flying": 1}}, "unknown-skill"),
        ({"skills": {"smt": 6}}, "between"),
        ({"capacity": -1}, "between"),
        ({"place": "nowhere"}, "unknown-place"),
        ({"customer": "nobody"}, "unknown-customer"),
    ):
        answer = admin.patch("/api/v1/users/lina", json=wrong)
        assert answer.json["errors"][0]["code"] == code, answer.json


def test_history_of_accounts_holds_no_secret(admin: Client) -> None:
    admin.patch("/api/v1/users/lina", json={"password": "correct horse battery 2"})
    told = admin.get("/api/v1/record-history?kind=user&record=lina").json["items"][0]
    assert told["changes"] == {"password": [None, "changed"]}


def test_groups_have_a_calendar_and_a_weight(admin: Client) -> None:
    admin.post("/api/v1/groups", json={"key": "it", "name": "IT", "weight": 3, "calendar": "cn"})
    group = admin.patch("/api/v1/groups/it", json={"weight": 5, "members": ["lina"]}).json
    assert (group["weight"], group["calendar"]) == (5, "cn")
    told = admin.get("/api/v1/record-history?kind=group&record=it").json["items"]
    assert told[0]["changes"] == {"weight": [3, 5], "members": [[], ["lina"]]}


@pytest.mark.parametrize("path", ["imports/robots", "exports/robots", "record-forms/robots"])
def test_there_are_no_other_kinds(admin: Client, path: str) -> None:
    method = "POST" if path.startswith("imports") else "GET"
    answer = admin.open(f"/api/v1/{path}", method=method)
    assert answer.status_code == 404
