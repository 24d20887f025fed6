"""Ticket types as their owners see them over the interface."""

import io
import zipfile
from collections.abc import Mapping

import pytest

from tests import packages
from tests.clients import Client
from tests.conftest import AsUser

BASE = "/api/v1/processes"


def deploy(client: Client, files: Mapping[str, bytes] | None = None) -> None:
    data = packages.zipped(files or packages.files())
    answer = client.post("/api/v1/deployments", data=data, content_type="application/zip")
    assert answer.status_code in (200, 201), answer.json


def two_versions(client: Client) -> None:
    deploy(client)
    deploy(client, packages.files(replaced={"process.bpmn": packages.one_task("上门处理")}))


def test_processes_are_listed_page_by_page(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    for key in ("c", "a", "b"):
        deploy(owner, packages.files(key))

    first = owner.get(f"{BASE}?limit=2").json
    assert first is not None
    second = owner.get(f"{BASE}?limit=2&cursor={first['next']}").json

    assert second is not None
    assert [one["key"] for one in first["items"]] == ["a", "b"]
    assert [one["key"] for one in second["items"]] == ["c"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("language", "name"), [("zh-CN", "打印机报修 printer"), ("en", "Printer repair printer")]
)
def test_a_process_has_a_name_in_the_readers_language(
    as_user: AsUser, language: str, name: str
) -> None:
    owner = as_user("chenjing")
    deploy(owner)

    found = owner.get(f"{BASE}/printer", headers={"Accept-Language": language}).json

    assert found is not None
    assert found["name"] == name
    assert (found["latest"], found["open"], found["has_draft"]) == (1, 1, False)


def test_versions_are_listed_newest_first_with_who_deployed_them(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    two_versions(owner)

    listed = owner.get(f"{BASE}/printer/versions").json
    page = owner.get(f"{BASE}/printer/versions?limit=1").json

    assert listed is not None
    assert page is not None
    assert [one["version"] for one in listed["items"]] == [2, 1]
    assert {one["deployed_by"] for one in listed["items"]} == {"chenjing"}
    assert [one["version"] for one in page["items"]] == [2]
    rest = owner.get(f"{BASE}/printer/versions?limit=1&cursor={page['next']}").json
    assert rest is not None
    assert [one["version"] for one in rest["items"]] == [1]


def test_a_version_says_what_it_holds(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    deploy(owner)

    found = owner.get(f"{BASE}/printer/versions/1").json

    assert found is not None
    assert found["number"] == "PRINTER-{date}-{seq:4}"
    assert [one["key"] for one in found["statuses"]] == ["handling", "done"]
    assert found["forms"] == ["report"]
    assert [one["path"] for one in found["files"]] == sorted(packages.files())
    assert found["files"][0]["size"] == len(packages.files()["README.md"])


def test_export_import_export_gives_identical_bytes(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    deploy(owner)
    exported = owner.get(f"{BASE}/printer/versions/1/package")

    answer = owner.post("/api/v1/deployments", data=exported.data, content_type="application/zip")
    again = owner.get(f"{BASE}/printer/versions/1/package")

    assert exported.mimetype == "application/zip"
    assert exported.headers["Content-Disposition"] == 'attachment; filename="printer-1.zip"'
    assert answer.status_code == 200
    assert again.data == exported.data
    with zipfile.ZipFile(io.BytesIO(exported.data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == packages.files()


def test_a_diff_goes_both_ways(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    two_versions(owner)

    there = owner.get(f"{BASE}/printer/versions/1/diff?to=2").json
    back = owner.get(f"{BASE}/printer/versions/2/diff?to=1").json

    assert there is not None
    assert back is not None
    assert [(one["before"], one["after"]) for one in there["changes"]] == [("处理", "上门处理")]
    assert [(one["before"], one["after"]) for one in back["changes"]] == [("上门处理", "处理")]


def test_a_version_is_retired_and_taken_up_again(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    two_versions(owner)

    retired = owner.post(f"{BASE}/printer/versions/2/retire")
    meanwhile = owner.get(f"{BASE}/printer").json
    back = owner.post(f"{BASE}/printer/versions/2/unretire")

    assert retired.status_code == back.status_code == 200
    assert retired.json is not None
    assert back.json is not None
    assert meanwhile is not None
    assert retired.json["retired_at"] is not None
    assert (meanwhile["latest"], meanwhile["open"]) == (2, 1)
    assert back.json["retired_at"] is None


@pytest.mark.parametrize(
    "path",
    [
        "/no_such",
        "/no_such/versions",
        "/printer/versions/2",
        "/printer/versions/99999999999999999999",
        "/printer/versions/x",
        "/printer/versions/2/package",
        "/printer/versions/1/diff?to=2",
        "/print%00er",
        "/%2e%2e",
        "/no_such/draft",
    ],
)
def test_what_is_not_there_is_not_found(as_user: AsUser, path: str) -> None:
    owner = as_user("chenjing")
    deploy(owner)

    answer = owner.get(BASE + path)

    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["code"] == "not-found"


@pytest.mark.parametrize("query", ["", "?to=x", "?to=0", "?to=99999999999", "?to=1&more=1"])
def test_a_diff_needs_a_version_to_compare_with(as_user: AsUser, query: str) -> None:
    owner = as_user("chenjing")
    deploy(owner)

    answer = owner.get(f"{BASE}/printer/versions/1/diff{query}")

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("username", "status"), [("zhoumin", 403), ("lina", 200), ("zhaoyun", 200), ("admin", 200)]
)
@pytest.mark.parametrize(
    "path",
    ["", "/printer", "/printer/versions", "/printer/versions/1", "/printer/versions/1/package"],
)
def test_requesters_do_not_see_processes(
    as_user: AsUser, username: str, status: int, path: str
) -> None:
    deploy(as_user("chenjing"))

    assert as_user(username).get(BASE + path).status_code == status


@pytest.mark.parametrize("username", ["zhoumin", "lina", "zhaoyun"])
def test_only_owners_retire(as_user: AsUser, username: str) -> None:
    owner = as_user("chenjing")
    deploy(owner)

    assert as_user(username).post(f"{BASE}/printer/versions/1/retire").status_code == 403
    assert as_user(username).post(f"{BASE}/printer/versions/1/unretire").status_code == 403
    assert owner.get(f"{BASE}/printer").json["open"] == 1  # type: ignore[index]
