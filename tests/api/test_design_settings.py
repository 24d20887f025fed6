"""The editors' settings of a draft: read as JSON, written as TOML, judged as the reader does."""

from typing import Any

import pytest

from tests import packages
from tests.clients import Client
from tests.conftest import AsUser

DRAFT = "/api/v1/processes/printer/draft"
SLA = '# Our promises.\ncalendar = "always"\n\n# day and night\n[[policy]]\nkey = "fix"\n'
SLA += 'metric = "resolution"\ngoals = [ { target = "PT4H" } ]\n'


@pytest.fixture
def owner(as_user: AsUser) -> Client:
    found = as_user("chenjing")
    files = {path: data.decode() for path, data in packages.files("printer").items()}
    assert found.put(DRAFT, json={"files": files | {"sla.toml": SLA}}).status_code == 200
    return found


def policy(**more: Any) -> dict[str, Any]:
    return {"key": "fix", "metric": "resolution", "goals": [{"target": "PT2H"}], **more}


def test_service_levels_are_read_and_written_with_their_comments(owner: Client) -> None:
    shown = owner.get(f"{DRAFT}/sla")
    document = shown.get_json()["document"]
    assert document["policy"][0]["goals"] == [{"target": "PT4H"}]

    document["policy"][0] = policy(when='priority = "P1"')
    written = owner.put(
        f"{DRAFT}/sla", json={"document": document}, headers={"If-Match": shown.headers["ETag"]}
    )

    assert written.status_code == 200
    said = written.get_json()
    assert said["document"] == document
    assert said["findings"] == []
    text = owner.get(f"{DRAFT}/files/sla.toml").data.decode()
    assert text == said["text"]
    assert "# Our promises." in text
    assert "# day and night\n[[policy]]" in text


def test_what_is_wrong_is_kept_and_said_with_its_place(owner: Client) -> None:
    document = {"policy": [policy(when="1 + 1", steps=[{"at": "soon", "notify": ["assignee"]}])]}

    said = owner.put(f"{DRAFT}/sla", json={"document": document}).get_json()

    assert [(one["code"], one["element"]) for one in said["findings"]] == [
        ("condition-not-boolean", "policy[1].when"),
        ("sla-mark-unreadable", "policy[1].steps[1].at"),
    ]
    assert said["document"] == document


def test_notification_rules_are_written_where_there_were_none(owner: Client) -> None:
    nothing = owner.get(f"{DRAFT}/notifications")
    assert (nothing.get_json()["exists"], nothing.get_json()["document"]) == (False, {})
    rule = {"key": "done", "on": "status_changed", "to": ["requester"], "template": "done"}

    said = owner.put(
        f"{DRAFT}/notifications",
        json={"document": {"rule": [rule]}},
        headers={"If-Match": nothing.headers["ETag"]},
    )

    assert said.status_code == 200
    assert [one["code"] for one in said.get_json()["findings"]] == ["template-missing"]


def test_who_saw_an_older_file_is_told(owner: Client) -> None:
    seen = owner.get(f"{DRAFT}/sla").headers["ETag"]
    owner.put(f"{DRAFT}/sla", json={"document": {"policy": [policy()]}})

    late = owner.put(f"{DRAFT}/sla", json={"document": {}}, headers={"If-Match": seen})

    assert (late.status_code, late.get_json()["code"]) == (412, "stale-version")


def test_a_file_that_cannot_be_read_is_a_finding(owner: Client) -> None:
    owner.put(f"{DRAFT}/files/sla.toml", data=b"[[policy")

    said = owner.get(f"{DRAFT}/sla").get_json()

    assert said["document"] == {}
    assert [one["code"] for one in said["findings"]] == ["toml-not-readable"]


def test_nested_beyond_reason_is_refused(owner: Client) -> None:
    deep: Any = "x"
    for _ in range(20):
        deep = {"a": deep}

    refused = owner.put(f"{DRAFT}/sla", json={"document": deep})

    assert refused.status_code == 422


@pytest.mark.parametrize("what", ["sla", "notifications"])
def test_only_who_edits_drafts_may(owner: Client, as_user: AsUser, what: str) -> None:
    agent = as_user("sunqian", "agent")

    assert agent.get(f"{DRAFT}/{what}").status_code == 403
    assert agent.put(f"{DRAFT}/{what}", json={"document": {}}).status_code == 403
    assert owner.get(f"/api/v1/processes/nothing/draft/{what}").status_code == 404
