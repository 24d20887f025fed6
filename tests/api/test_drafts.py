"""Drafts are edited file by file over the interface."""

import json

import pytest
from werkzeug.test import TestResponse

from tests import packages
from tests.clients import Client
from tests.conftest import AsUser

DRAFT = "/api/v1/processes/printer/draft"


def begin(client: Client, key: str = "printer") -> TestResponse:
    files = {path: data.decode() for path, data in packages.files(key).items()}
    answer = client.put(f"/api/v1/processes/{key}/draft", json={"files": files})
    assert answer.status_code == 200, answer.json
    return answer


def test_a_draft_begins_empty_or_from_files_or_from_a_zip(as_user: AsUser) -> None:
    owner = as_user("chenjing")

    empty = owner.put(DRAFT, json={})
    filled = begin(owner)
    data = packages.zipped({"package.toml": packages.manifest()})
    packed = owner.put(DRAFT, data=data, content_type="application/zip")

    assert [one.status_code for one in (empty, filled, packed)] == [200, 200, 200]
    assert empty.json is not None
    assert filled.json is not None
    assert packed.json is not None
    assert empty.json["files"] == []
    assert [one["path"] for one in filled.json["files"]] == sorted(packages.files())
    assert [one["path"] for one in packed.json["files"]] == ["package.toml"]


def test_a_draft_begins_from_a_version(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    data = packages.zipped(packages.files())
    owner.post("/api/v1/deployments", data=data, content_type="application/zip")

    answer = owner.put(DRAFT, json={"version": 1})

    assert answer.json is not None
    assert answer.json["base"] == 1
    assert owner.get(f"{DRAFT}/files/process.bpmn").data == packages.files()["process.bpmn"]


def test_a_file_goes_in_and_comes_out_byte_for_byte(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    begin(owner)
    content = "\ufeff# 说明\r\n\r\n".encode()

    written = owner.put(f"{DRAFT}/files/templates/a.zh-CN.md", data=content)
    read = owner.get(f"{DRAFT}/files/templates/a.zh-CN.md")

    assert written.status_code == 201
    assert read.data == content
    assert read.headers["ETag"] == written.headers["ETag"]
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    assert read.headers["Content-Disposition"] == "attachment"
    assert owner.put(f"{DRAFT}/files/templates/a.zh-CN.md", data=b"again").status_code == 200


def test_what_the_reader_has_is_not_sent_again(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    begin(owner)
    for path in (DRAFT, f"{DRAFT}/files/README.md"):
        seen = owner.get(path).headers["ETag"]

        answer = owner.get(path, headers={"If-None-Match": seen})

        assert (answer.status_code, answer.data) == (304, b"")


def test_the_second_of_two_editors_is_told(as_user: AsUser) -> None:
    one, other = as_user("chenjing"), as_user("admin")
    begin(one)
    path = f"{DRAFT}/files/README.md"
    seen = one.get(path).headers["ETag"]
    first = other.put(path, data=b"other", headers={"If-Match": seen})

    second = one.put(path, data=b"mine", headers={"If-Match": seen})
    deleted = one.delete(path, headers={"If-Match": seen})

    assert first.status_code == 200
    assert (second.status_code, deleted.status_code) == (412, 412)
    assert second.json is not None
    assert second.json["code"] == "stale-version"
    assert one.get(path).data == b"other"
    assert (
        one.put(path, data=b"mine", headers={"If-Match": first.headers["ETag"]}).status_code == 200
    )


def test_if_none_match_writes_only_what_is_new(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    only_new = {"If-None-Match": "*"}

    first = owner.put(DRAFT, json={}, headers=only_new)
    second = owner.put(DRAFT, json={}, headers=only_new)
    file = owner.put(f"{DRAFT}/files/a.md", data=b"a", headers=only_new)
    again = owner.put(f"{DRAFT}/files/a.md", data=b"a", headers=only_new)

    assert (first.status_code, second.status_code) == (200, 409)
    assert (file.status_code, again.status_code) == (201, 412)


def test_a_file_and_a_draft_are_deleted(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    begin(owner)

    assert owner.delete(f"{DRAFT}/files/README.md").status_code == 204
    assert owner.get(f"{DRAFT}/files/README.md").status_code == 404
    assert owner.delete(DRAFT).status_code == 204
    assert owner.get(DRAFT).status_code == 404
    assert owner.delete(DRAFT).status_code == 404


def test_drafts_are_listed(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    for key in ("b", "a"):
        begin(owner, key)

    listed = owner.get("/api/v1/drafts").json

    assert listed is not None
    assert [one["key"] for one in listed["items"]] == ["a", "b"]
    assert listed["items"][0]["updated_by"] == "chenjing"


@pytest.mark.parametrize(
    "path",
    [
        "..%2Fx.md",
        "a/..%2F..%2Fx.md",
        "a%5C..%5Cx.md",
        "a%00.md",
        "C:x.md",
        "%2e%2e/x.md",
    ],
)
def test_a_path_that_leads_out_of_the_package_is_refused(as_user: AsUser, path: str) -> None:
    owner = as_user("chenjing")
    before = begin(owner).json

    written = owner.put(f"{DRAFT}/files/{path}", data=b"x")

    assert written.status_code in (404, 405, 422)
    assert written.mimetype == "application/problem+json"
    assert owner.get(f"{DRAFT}/files/{path}").status_code == 404
    assert owner.get(DRAFT).json == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"files": {"../x.md": "x"}}, 422),
        ({"files": {"run.sh": "x"}}, 422),
        ({"files": {"a.md": "\ud800"}}, 422),
        ({"files": {"a.md": "a\0b"}}, 422),
        ({"files": {"a.md": 5}}, 422),
        ({"files": ["a.md"]}, 422),
        ({"files": {f"f{n}.md": "" for n in range(501)}}, 422),
        ({"version": 1, "files": {}}, 422),
        ({"version": 1}, 404),
        ({"version": 0}, 422),
        ({"version": 10**30}, 422),
        ({"unknown": 1}, 422),
        ([], 422),
    ],
)
def test_a_draft_that_cannot_begin_so_is_refused(
    as_user: AsUser, body: object, status: int
) -> None:
    owner = as_user("chenjing")

    answer = owner.put(DRAFT, data=json.dumps(body), content_type="application/json")

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert owner.get(DRAFT).status_code == 404


@pytest.mark.parametrize("key", ["Printer", "1st", "a-b", "a%00", "%E6%89%93%E5%8D%B0"])
def test_a_draft_needs_a_key_that_a_type_can_have(as_user: AsUser, key: str) -> None:
    answer = as_user("chenjing").put(f"/api/v1/processes/{key}/draft", json={})

    assert answer.status_code == (404 if "%00" in key else 422)


def test_a_file_that_is_too_large_is_refused(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    begin(owner)

    answer = owner.put(f"{DRAFT}/files/process.bpmn", data=b"x" * 5_000_001)

    assert answer.status_code == 413


@pytest.mark.parametrize("username", ["zhoumin", "lina", "zhaoyun"])
def test_only_owners_touch_drafts(as_user: AsUser, username: str) -> None:
    owner = as_user("chenjing")
    begin(owner)
    before = owner.get(DRAFT).json
    stranger = as_user(username)

    answers = [
        stranger.get("/api/v1/drafts"),
        stranger.get(DRAFT),
        stranger.put(DRAFT, json={}),
        stranger.delete(DRAFT),
        stranger.get(f"{DRAFT}/files/README.md"),
        stranger.put(f"{DRAFT}/files/README.md", data=b"x"),
        stranger.delete(f"{DRAFT}/files/README.md"),
        stranger.post("/api/v1/deployments", json={"draft": "printer"}),
        stranger.post("/api/v1/deployments/check", json={"draft": "printer"}),
    ]

    assert [one.status_code for one in answers] == [403] * len(answers)
    assert owner.get(DRAFT).json == before


def test_a_token_for_tickets_does_not_open_drafts(as_user: AsUser) -> None:
    begin(as_user("chenjing"))
    owner = as_user("chenjing")
    token = owner.post("/api/v1/tokens", json={"name": "t", "scopes": ["tickets:write"]}).json
    assert token is not None
    owner.headers["Authorization"] = f"Bearer {token['token']}"

    assert owner.get(DRAFT).status_code == 403
