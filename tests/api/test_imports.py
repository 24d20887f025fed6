"""BPMN files come in as drafts over the interface and on the command line."""

import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from werkzeug.test import TestResponse

from api.cli import main
from tests.clients import Client
from tests.conftest import AsUser
from tests.workflows.importing import files
from tests.workflows.importing.walking import dummy


@pytest.fixture
def owner(as_user: AsUser) -> Client:
    """Somebody who may edit drafts and deploy them."""
    return as_user("lina", "process_owner", "administrator")


def bring(client: Client, data: bytes, **more: Any) -> TestResponse:
    """Posts a file."""
    form = {"file": (io.BytesIO(data), "order.bpmn"), **more}
    return client.post("/api/v1/imports", data=form, content_type="multipart/form-data")


def test_makes_a_draft_and_reports(owner: Client) -> None:
    answer = bring(owner, files.CAMUNDA_7)

    assert answer.status_code == 201, answer.json
    body = answer.json
    assert body is not None
    assert body["key"] == "order"
    assert "process.bpmn" in [file["path"] for file in body["draft"]["files"]]
    assert {note["kind"] for note in body["report"]} == {"translated", "lost", "question"}
    assert [one for one in body["findings"] if one["severity"] == "error"] == []
    assert owner.get("/api/v1/processes/order/draft").status_code == 200


@pytest.mark.parametrize("dialect", files.DIALECTS)
def test_a_draft_can_be_deployed_as_it_is(owner: Client, dialect: str) -> None:
    key = bring(owner, files.DIALECTS[dialect]).json["key"]  # type: ignore[index]

    deployed = owner.post("/api/v1/deployments", json={"draft": key})

    assert deployed.status_code == 201, deployed.json


def test_finds_a_free_key_and_leaves_the_draft_that_is_there(owner: Client) -> None:
    keys = [bring(owner, files.PLAIN).json["key"] for _ in range(2)]  # type: ignore[index]

    assert keys == ["order", "order_2"]


def test_does_not_overwrite_a_draft_of_the_key_that_is_asked_for(owner: Client) -> None:
    assert bring(owner, files.PLAIN, key="mine").status_code == 201

    assert bring(owner, files.PLAIN, key="mine").status_code == 409


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xml-not-well-formed"),
        (b"<a/>", "not-bpmn"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "xml-dtd-refused"),
    ],
)
def test_says_why_a_file_is_refused(owner: Client, data: bytes, code: str) -> None:
    answer = bring(owner, data)

    assert answer.status_code == 422
    assert answer.json is not None
    assert [one["code"] for one in answer.json["findings"]] == [code]


def test_needs_a_file_and_a_readable_key(owner: Client) -> None:
    form = {"content_type": "multipart/form-data"}

    assert owner.post("/api/v1/imports", data={}, **form).status_code == 422
    assert bring(owner, files.PLAIN, key="Not a key").status_code == 422
    assert owner.post("/api/v1/imports", json={}).status_code == 415


def test_is_for_those_who_may_edit_drafts(as_user: AsUser) -> None:
    assert bring(as_user("zhoumin", "agent"), files.PLAIN).status_code == 403


def test_the_command_line_writes_a_folder(tmp_path: Path) -> None:
    source = tmp_path / "order.bpmn"
    source.write_bytes(files.FLOWABLE_FILE)
    target = tmp_path / "order"

    result = CliRunner().invoke(main, ["import-bpmn", str(source), str(target)])
    again = CliRunner().invoke(main, ["import-bpmn", str(source), str(target)])

    assert result.exit_code == 0, result.output
    assert (target / "package.toml").is_file()
    assert "question" in result.output
    assert again.exit_code == 1
    assert CliRunner().invoke(main, ["check", str(target)]).exit_code == 0


def test_the_command_line_refuses_what_is_no_bpmn(tmp_path: Path) -> None:
    source = tmp_path / "x.bpmn"
    source.write_bytes(b"<a/>")

    result = CliRunner().invoke(main, ["import-bpmn", str(source), str(tmp_path / "out")])

    assert result.exit_code == 1
    assert not (tmp_path / "out").exists()


def _answers(form: dict[str, Any] | None, turn: int) -> dict[str, Any]:
    fields = form["fields"] if form else []
    return {field["key"]: dummy(field, turn) for field in fields if not field.get("read_only")}


@pytest.mark.parametrize("dialect", ["camunda 7", "spiff", "plain", "choreography"])
def test_a_ticket_of_an_imported_type_is_worked_to_its_end(owner: Client, dialect: str) -> None:
    key = bring(owner, files.DIALECTS[dialect]).json["key"]  # type: ignore[index]
    assert owner.post("/api/v1/deployments", json={"draft": key}).status_code == 201
    intake = owner.get(f"/api/v1/ticket-types/{key}").json["form"]  # type: ignore[index]

    ticket = owner.post(
        "/api/v1/tickets", json={"type": key, "title": "x", "values": _answers(intake, 0)}
    ).json
    assert ticket is not None
    for turn in range(40):
        number = ticket["number"]
        ticket = owner.get(f"/api/v1/tickets/{number}").json
        assert ticket is not None
        if ticket["status"]["category"] == "closed":
            return
        if not ticket["tasks"]:
            message = {"name": "Paid", "payload": {}}
            assert owner.post(f"/api/v1/tickets/{number}/messages", json=message).status_code < 300
            continue
        task = owner.get(f"/api/v1/tasks/{ticket['tasks'][0]['id']}").json
        assert task is not None
        done: dict[str, Any] = {"values": _answers(task["form"], turn // 8)}
        if task["actions"]:
            done["action"] = task["actions"][turn // 8 % len(task["actions"])]["key"]
        answer = owner.post(f"/api/v1/tasks/{task['id']}/complete", json=done)
        assert answer.status_code == 200, answer.json
    pytest.fail(f"stands at {ticket['tasks']}")
