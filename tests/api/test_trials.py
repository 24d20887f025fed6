"""Drafts tried in a sandbox through the interface, and the examples that packages bring along."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from api.trying import examples, host, trials
from engine.db import reading
from engine.deployments import checks
from engine.tickets.models import Ticket
from tests import builders, packages, tickets
from tests.clients import Client
from tests.conftest import AsUser
from workflows.packages import read_folder

SAMPLES = Path(__file__).parents[2] / "samples"
DRAFT = "/api/v1/processes/fix/draft"


@pytest.fixture(autouse=True)
def _no_sandbox_is_left(app: Flask) -> Iterator[None]:
    yield
    for identity in host.known():
        host.end(identity)


@pytest.fixture
def owner(as_user: AsUser) -> Client:
    """Who edits the drafts."""
    return as_user("chenjing")


DMN = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="level" name="level"><variable name="level"/><decisionTable id="t" hitPolicy="FIRST">
<input id="i"><inputExpression typeRef="string"><text>ticket.priority</text></inputExpression>
</input>
<output id="o" name="urgent" typeRef="boolean"/>
<rule id="r1"><inputEntry id="e1"><text>"P0"</text></inputEntry>
<outputEntry id="o1"><text>true</text></outputEntry></rule>
<rule id="r2"><inputEntry id="e2"><text>-</text></inputEntry>
<outputEntry id="o2"><text>false</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def process() -> bytes:
    """A decision, then a task of the desk with a timer of two hours that ends the ticket."""
    return (
        tickets.timed("PT2H")
        .replace(
            packages.flow("begin", "handle").encode(),
            (
                '<bpmn:businessRuleTask id="weigh"><bpmn:extensionElements>'
                "<spiffworkflow:properties>"
                '<spiffworkflow:property name="decision" value="level"/>'
                "</spiffworkflow:properties></bpmn:extensionElements></bpmn:businessRuleTask>"
                + packages.flow("begin", "weigh")
                + packages.flow("weigh", "handle")
            ).encode(),
        )
        .replace(
            b'name="status"', b'name="groups" value="desk"/><spiffworkflow:property name="status"'
        )
    )


def files(**more: bytes) -> dict[str, bytes]:
    """The draft as files."""
    return {
        "package.toml": tickets.manifest("fix", more='[groups]\ndesk = { zh-CN = "服务台" }\n'),
        "process.bpmn": process(),
        "decisions/level.dmn": DMN,
        **more,
    }


def put_draft(client: Client, content: dict[str, bytes]) -> None:
    """The draft of `fix`."""
    texts = {path: data.decode() for path, data in content.items()}
    answer = client.put(DRAFT, json={"files": texts})
    assert answer.status_code == 200, answer.json


def begin(client: Client, **body: Any) -> tuple[str, dict[str, Any]]:
    """A trial; its address, and what it shows."""
    answer = client.post(f"{DRAFT}/trials", json=body)
    assert answer.status_code == 201, answer.json
    return answer.headers["Location"], answer.json


def test_a_draft_is_tried_from_the_report_to_the_end(owner: Client, as_user: AsUser) -> None:
    as_user("zhoumin")
    put_draft(owner, files())
    trial, seen = begin(owner, at="2026-03-02T09:00:00+08:00")
    assert (seen["ticket"], seen["now"][:16]) == (None, "2026-03-02T01:00")

    seen = owner.post(f"{trial}/start", json={"as": "zhoumin", "title": "停机"}).json

    assert (seen["ticket"]["requester"], seen["ticket"]["status"]["key"]) == ("zhoumin", "handling")
    [task] = seen["tasks"]
    assert (task["element"], task["as"]) == ("handle", "group:desk")
    assert seen["diagram"]["active"] == ["handle"]
    [decision] = seen["decisions"]
    assert (decision["decision"], decision["outputs"]) == ("level", False)
    assert [rule["hit"] for rule in _tables(decision["trace"])["rules"]] == [False, True]
    assert [wait["kind"] for wait in seen["waits"]] == ["timer"]

    seen = owner.post(f"{trial}/advance", json={"by": "PT1H59M"}).json
    assert (seen["now"][:16], len(seen["tasks"])) == ("2026-03-02T02:59", 1)
    seen = owner.post(f"{trial}/advance", json={"to": "2026-03-02T03:00:30Z"}).json
    assert (seen["tasks"], seen["ticket"]["status"]["key"]) == ([], "done")
    assert "timer_fired" in [fact["kind"] for fact in seen["history"]]

    assert owner.post(f"{trial}/start", json={"as": "role:agent", "title": "又停了"}).json["tasks"]
    assert owner.get(trial).json["ticket"]["title"] == "又停了"
    with reading() as connection:
        assert connection.scalar(select(func.count()).select_from(Ticket)) == 0
    assert owner.delete(trial).status_code == 204
    assert owner.get(trial).status_code == 404


def _tables(trace: Any) -> dict[str, Any]:
    """The decision table in a trace."""
    if isinstance(trace, dict) and trace.get("kind") == "decision table":
        return trace
    for inner in trace.values() if isinstance(trace, dict) else trace:
        if isinstance(inner, dict | list) and (found := _tables(inner)):
            return found
    return {}


def test_what_the_application_refuses_is_answered_as_it_would(
    owner: Client, as_user: AsUser
) -> None:
    as_user("zhoumin")
    put_draft(owner, files())
    trial, _ = begin(owner)
    seen = owner.post(f"{trial}/start", json={"as": "zhoumin", "title": "停机"}).json
    [task] = seen["tasks"]

    stranger = owner.post(f"{trial}/tasks/{task['id']}/complete", json={"as": "zhoumin"})
    unknown = owner.post(f"{trial}/start", json={"as": "zhoumin", "title": "x", "values": {"a": 1}})
    back = owner.post(f"{trial}/advance", json={"to": "2020-01-01T00:00:00Z"})

    assert (stranger.status_code, stranger.json["code"]) == (403, "not-allowed")
    assert stranger.content_type.startswith("application/problem+json")
    assert unknown.json["errors"][0]["pointer"] == "/values/a"
    assert back.json["errors"][0]["code"] == "clock-goes-back"


def test_other_calls_stay_inside_the_trial(owner: Client) -> None:
    put_draft(owner, files())
    trial, _ = begin(owner)
    seen = owner.post(f"{trial}/start", json={"as": "role:requester", "title": "停机"}).json
    task = seen["tasks"][0]["id"]

    def call(method: str, path: str, **more: Any) -> Any:
        body = {"as": "group:desk", "method": method, "path": path, **more}
        return owner.post(f"{trial}/calls", json=body)

    assert call("POST", f"/tasks/{task}/claim", body={}).status_code == 200
    assert owner.get(trial).json["tasks"][0]["assignee"] == "try.group.desk"
    assert call("POST", "/users", body={"username": "x"}).status_code == 422
    assert call("GET", "/../../etc/passwd").status_code == 422


def test_a_trial_is_kept_as_an_example_that_holds(owner: Client, as_user: AsUser) -> None:
    as_user("zhoumin")
    put_draft(owner, files())
    trial, _ = begin(owner, at="2026-03-02T09:00:00+08:00")
    assert owner.post(f"{trial}/examples", json={"name": "早了"}).status_code == 422
    assert owner.post(f"{trial}/examples", json={"name": "soon"}).status_code == 422
    seen = owner.post(f"{trial}/start", json={"as": "zhoumin", "title": "停机"}).json
    owner.post(f"{trial}/advance", json={"by": "PT30M"})
    owner.post(f"{trial}/tasks/{seen['tasks'][0]['id']}/complete", json={})

    kept = owner.post(f"{trial}/examples", json={"name": "done_in_time"})

    assert (kept.status_code, kept.json["path"]) == (201, "examples/done_in_time.json")
    example = json.loads(owner.get(f"{DRAFT}/files/examples/done_in_time.json").data)
    assert example["given"]["people"] == {"zhoumin": {"roles": ["requester"], "groups": []}}
    assert [sorted(step) for step in example["steps"]] == [["advance"], ["do", "expect"]]
    assert example["expect"] == {"status": "done", "path": ["handle"]}
    deployed = owner.post("/api/v1/deployments", json={"draft": "fix"})
    assert (deployed.status_code, deployed.json["examples"]) == (201, ["done_in_time"])


def test_an_example_that_differs_stops_the_deployment_and_says_where(owner: Client) -> None:
    example = {
        "given": {"at": "2026-03-02T09:00:00+08:00"},
        "steps": [
            {"expect": {"element": "handle"}},
            {"advance": "PT3H", "expect": {"status": "handling"}},
        ],
    }
    put_draft(owner, files(**{"examples/late.json": json.dumps(example).encode()}))

    checked = owner.post("/api/v1/deployments/check", json={"draft": "fix"}).json["findings"]
    deployed = owner.post("/api/v1/deployments", json={"draft": "fix"})

    [finding] = [one for one in checked if one["severity"] == "error"]
    assert (finding["code"], finding["document"]) == ("example-failed", "examples/late.json")
    assert finding["params"] == {
        "example": "late",
        "step": 2,
        "what": "status",
        "expected": "handling",
        "found": "done",
    }
    assert "第 2 步" in finding["text"]
    assert (deployed.status_code, deployed.json["code"]) == (422, "definition-invalid")


@pytest.mark.parametrize(
    ("example", "code"),
    [
        (b'{"steps": [{"dance": 1}]}', "example-unreadable"),
        (b'{"steps": {}}', "example-unreadable"),
        (b'{"steps": [{"advance": "tomorrow"}]}', "example-unreadable"),
        (b'{"given": {"values": {"nothing": 1}}}', "example-failed"),
        (b'{"steps": [{"do": {"element": "nowhere"}}]}', "example-failed"),
    ],
)
def test_a_broken_example_is_a_finding(app: Flask, example: bytes, code: str) -> None:
    package = packages.packages.from_files(files(**{"examples/bad.json": example}))

    findings, _ = checks.look(package)

    assert [one.code for one in findings if one.severity == "error"] == [code]


@pytest.mark.parametrize(
    "sample", ["it_incident", "change_approval", "equipment_repair", "customer_complaint"]
)
def test_the_examples_of_the_samples_hold(app: Flask, sample: str) -> None:
    package = read_folder(SAMPLES / sample)

    assert len(examples.of(package)) >= 2
    assert examples.check(package, {}) == []


def test_an_example_that_takes_too_long_is_stopped(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "EACH", 0.01)
    package = packages.packages.from_files(files(**{"examples/slow.json": b"{}"}))

    findings = examples.check(package, {})

    assert [one.code for one in findings] == ["example-too-slow"]
    assert host.known() == {}


def test_a_package_without_examples_starts_no_process(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "start", None)

    assert examples.check(packages.package(), {}) == []


def test_a_person_has_few_trials_and_all_together_are_few(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "PER_PERSON", 1)
    put_draft(owner, files())
    first, _ = begin(owner)

    second, _ = begin(owner)

    assert owner.get(first).status_code == 404
    assert owner.get(second).status_code == 200
    owner.delete(second)
    monkeypatch.setattr(trials, "ALL", 0)
    refused = owner.post(f"{DRAFT}/trials", json={})
    assert (refused.status_code, refused.json["code"]) == (429, "too-many")


def test_a_sandbox_that_died_is_gone(owner: Client) -> None:
    put_draft(owner, files())
    trial, _ = begin(owner)
    [(identity, facts)] = host.known().items()

    os.kill(facts["pid"], 9)

    assert owner.get(trial).status_code == 404
    assert not (host.root() / identity).exists()


def test_nothing_of_the_installation_reaches_a_sandbox(
    owner: Client, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANJIE_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    monkeypatch.setenv("BANJIE_SECRET_KEY", "the key of the installation")
    put_draft(owner, files())
    begin(owner)

    [facts] = host.known().values()
    environment = Path(f"/proc/{facts['pid']}/environ").read_bytes()

    assert b"BANJIE_SECRET_KEY" not in environment
    assert b"BANJIE_DATABASE_URL" not in environment
    assert host.root().stat().st_mode & 0o077 == 0


def test_a_draft_with_errors_is_not_tried(owner: Client) -> None:
    put_draft(owner, files(**{"process.bpmn": b"<no/>"}))

    answer = owner.post(f"{DRAFT}/trials", json={})

    assert (answer.status_code, answer.json["code"]) == (422, "definition-invalid")
    assert host.known() == {}


@pytest.mark.parametrize("username", ["zhoumin", "lina", "zhaoyun"])
def test_only_those_who_edit_drafts_try_them(as_user: AsUser, username: str) -> None:
    builders.group("it-desk")
    person = as_user(username)
    body = {"as": "x", "title": "x"}

    answers = [
        person.post(f"{DRAFT}/trials", json={}),
        person.get(f"{DRAFT}/trials/abc"),
        person.delete(f"{DRAFT}/trials/abc"),
        person.post(f"{DRAFT}/trials/abc/start", json=body),
        person.post(f"{DRAFT}/trials/abc/tasks/1/complete", json={}),
        person.post(f"{DRAFT}/trials/abc/advance", json={"by": "PT1H"}),
        person.post(f"{DRAFT}/trials/abc/calls", json={"as": "x", "method": "GET", "path": "/x"}),
        person.post(f"{DRAFT}/trials/abc/examples", json={"name": "x"}),
    ]

    assert {answer.status_code for answer in answers} == {403}


@pytest.mark.parametrize("identity", ["abc", "0" * 24, "..%2f..", "x" * 300])
def test_a_trial_that_is_not_there_is_not_found(owner: Client, identity: str) -> None:
    assert owner.get(f"{DRAFT}/trials/{identity}").status_code == 404


def test_the_form_and_the_diagram_of_what_is_tried_are_read_inside(owner: Client) -> None:
    put_draft(owner, files())
    trial, _ = begin(owner)
    look = {"as": "role:administrator", "method": "GET"}

    kind = owner.post(f"{trial}/calls", json={**look, "path": "/ticket-types/fix"}).json["answer"]
    drawn = owner.post(f"{trial}/calls", json={**look, "path": "/processes/fix/versions/1"})
    change = {**look, "method": "POST", "path": "/processes/fix/versions/1/retire"}

    assert (kind["key"], kind["version"]) == ("fix", 1)
    assert "businessRuleTask" in drawn.json["answer"]["bpmn"]
    assert owner.post(f"{trial}/calls", json=change).status_code == 422
    assert owner.delete(trial).status_code == 204
