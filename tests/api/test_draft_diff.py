"""What a draft changes of the newest version, over HTTP."""

from tests import packages
from tests.conftest import AsUser

DRAFT = "/api/v1/processes/printer/draft"


def test_a_draft_is_compared_with_the_newest_version(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    data = packages.zipped(packages.files())
    owner.post("/api/v1/deployments", data=data, content_type="application/zip")
    owner.put(DRAFT, json={"version": 1})

    same = owner.get(f"{DRAFT}/diff")
    owner.put(f"{DRAFT}/files/templates/told.en.md", data=b"Hello")
    other = owner.get(f"{DRAFT}/diff")

    assert same.json == {"key": "printer", "version": 1, "changes": []}
    assert other.json is not None
    assert [(one["document"], one["kind"]) for one in other.json["changes"]] == [
        ("templates/told.en.md", "added")
    ]


def test_a_draft_of_a_type_without_a_version_has_nothing_to_compare(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    files = {path: data.decode() for path, data in packages.files().items()}
    owner.put(DRAFT, json={"files": files})

    assert owner.get(f"{DRAFT}/diff").status_code == 404


def test_only_those_who_edit_drafts_see_what_one_changes(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    owner.put(DRAFT, json={})

    assert as_user("zhangwei").get(f"{DRAFT}/diff").status_code == 403
