"""What somebody may submit, as the portal shows it."""

import pytest

from tests import packages
from tests.clients import Client
from tests.conftest import AsUser

TYPES = "/api/v1/ticket-types"


def deploy(client: Client, key: str = "printer", more: str = "") -> None:
    files = packages.files(key, {"package.toml": packages.manifest(key, more=more)})
    data = packages.zipped(files)
    answer = client.post("/api/v1/deployments", data=data, content_type="application/zip")
    assert answer.status_code == 201, answer.json


def test_a_requester_sees_the_types_that_he_may_submit(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    deploy(owner, "printer")
    deploy(owner, "scanner", '[access]\nsubmit = ["role:manager"]\n')

    for username, keys in (("zhoumin", ["printer"]), ("zhaoyun", ["printer", "scanner"])):
        listed = as_user(username).get(TYPES).json
        assert listed is not None
        assert [one["key"] for one in listed["items"]] == keys
        assert listed["next"] is None


def test_types_are_listed_page_by_page(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    for key in ("c", "a", "b"):
        deploy(owner, key)
    reader = as_user("zhoumin")

    first = reader.get(f"{TYPES}?limit=2").json
    assert first is not None
    second = reader.get(f"{TYPES}?limit=2&cursor={first['next']}").json

    assert second is not None
    assert [one["key"] for one in first["items"]] == ["a", "b"]
    assert ([one["key"] for one in second["items"]], second["next"]) == (["c"], None)


def test_a_type_comes_with_its_form_statuses_and_progress(as_user: AsUser) -> None:
    deploy(as_user("chenjing"))

    found = as_user("zhoumin").get(f"{TYPES}/printer").json

    assert found is not None
    assert found["version"] == 1
    assert found["name"] == "打印机报修 printer"
    assert found["form"]["fields"][0]["key"] == "place"
    assert [(one["key"], one["category"], one["label"]) for one in found["statuses"]] == [
        ("handling", "open", "处理中"),
        ("done", "closed", "已办结"),
    ]
    assert [one["statuses"] for one in found["progress"]] == [["handling"], ["done"]]


def test_a_type_without_an_intake_form_needs_a_title_only(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    manifest = packages.manifest().replace(b'intake = "report"\n', b"")
    data = packages.zipped(packages.files(replaced={"package.toml": manifest}))
    owner.post("/api/v1/deployments", data=data, content_type="application/zip")

    found = as_user("zhoumin").get(f"{TYPES}/printer").json

    assert found is not None
    assert found["form"] is None


def test_categories_come_as_a_tree(as_user: AsUser) -> None:
    more = (
        '[[categories]]\nkey = "hardware"\nzh-CN = "硬件"\n'
        '[[categories.children]]\nkey = "paper"\nzh-CN = "卡纸"\nen = "Paper jam"\n'
    )
    deploy(as_user("chenjing"), more=more)

    found = as_user("zhoumin").get(f"{TYPES}/printer", headers={"Accept-Language": "en"}).json

    assert found is not None
    [tree] = found["categories"]
    assert (tree["key"], tree["label"]) == ("hardware", "硬件")
    assert [(one["key"], one["label"]) for one in tree["children"]] == [("paper", "Paper jam")]


def test_a_type_that_one_may_not_submit_is_refused(as_user: AsUser) -> None:
    deploy(as_user("chenjing"), more='[access]\nsubmit = ["role:manager"]\n')

    assert as_user("zhoumin").get(f"{TYPES}/printer").status_code == 403
    assert as_user("zhaoyun").get(f"{TYPES}/printer").status_code == 200


@pytest.mark.parametrize("key", ["no_such", "a%00b", "%2e%2e"])
def test_an_unknown_type_is_not_found(as_user: AsUser, key: str) -> None:
    assert as_user("zhoumin").get(f"{TYPES}/{key}").status_code == 404


def test_a_retired_type_is_gone_from_the_list_and_says_so(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    deploy(owner)
    owner.post("/api/v1/processes/printer/versions/1/retire")

    answer = as_user("zhoumin").get(f"{TYPES}/printer")

    assert as_user("zhoumin").get(TYPES).json == {"items": [], "next": None}
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["code"] == "version-retired"


def test_nobody_sees_types_without_signing_in(client: Client) -> None:
    assert client.get(TYPES).status_code == 401
