"""Whatever goes wrong leaves as application/problem+json, in the reader's language."""

import logging
import re
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError, TimeoutError

from api.app import create_app
from api.auth import public
from api.problems import STATUS, status_of
from engine import errors
from engine.access import queries
from engine.db import db
from engine.errors import EngineError
from tests.clients import Client
from tests.conftest import AsUser, config
from tests.databases import SERVER, server_conninfo
from workflows.findings import Finding

PROBLEM = "application/problem+json"


@pytest.fixture
def failing(app: Flask, tmp_path) -> tuple[Client, dict[str, Exception]]:
    """An application with one address that raises what the test wants."""
    raised: dict[str, Exception] = {}
    other = create_app(config(tmp_path, app.config["BANJIE"].database_url))
    other.test_client_class = Client

    @other.route("/api/v1/fail", methods=["GET", "POST"])
    @public
    def fail() -> str:
        raise raised["error"]

    client = other.test_client()
    assert isinstance(client, Client)
    return client, raised


@pytest.mark.parametrize("kind", list(STATUS))
def test_every_engine_error_is_a_problem_with_its_status(
    failing: tuple[Client, dict[str, Exception]], kind: type[EngineError]
) -> None:
    client, raised = failing
    if issubclass(kind, errors.InvalidInput | errors.DefinitionInvalid):
        raised["error"] = kind([])
    else:
        raised["error"] = kind(kind="ticket", id="INC-1")

    answer = client.get("/api/v1/fail")

    assert answer.status_code == STATUS[kind]
    assert answer.content_type == PROBLEM
    assert answer.json["type"] == f"urn:problem:{kind.code}"
    assert answer.json["code"] == kind.code
    assert answer.json["status"] == STATUS[kind]
    assert answer.json["instance"] == "/api/v1/fail"
    assert answer.json["title"]
    assert answer.json["detail"]
    if answer.status_code == 503:
        assert int(answer.headers["Retry-After"]) > 0


def test_subclasses_take_the_status_of_what_they_are() -> None:
    assert status_of(errors.TaskTaken()) == 409
    assert status_of(errors.SignInFailed()) == 401


LANGUAGES = [
    (None, "尚未登录"),
    ("zh-CN", "尚未登录"),
    ("zh", "尚未登录"),
    ("zh-TW,en;q=0.5", "尚未登录"),
    ("en", "Not signed in"),
    ("en-US,en;q=0.9,zh;q=0.8", "Not signed in"),
    ("fr, en;q=0.4", "Not signed in"),
    ("fr", "尚未登录"),
    ("en;q=0, zh", "尚未登录"),
    ("*", "尚未登录"),
    (";;;,=", "尚未登录"),
]


@pytest.mark.parametrize(("header", "title"), LANGUAGES)
def test_speaks_the_readers_language(client: Client, header: str | None, title: str) -> None:
    headers = {"Accept-Language": header} if header is not None else {}

    answer = client.get("/api/v1/session", headers=headers)

    assert answer.json["title"] == title
    assert answer.headers["Content-Language"] == ("en" if title.startswith("Not") else "zh-CN")


def test_without_the_header_his_own_language_is_taken(as_user: AsUser) -> None:
    lina = as_user("lina")
    lina.patch("/api/v1/session", json={"language": "en"})

    assert lina.get("/api/v1/users/nobody").json["title"] == "Not found"


BROKEN = [
    ("GET", "/api/v1/nothing", {}, 404, "not-found"),
    ("POST", "/api/v1/nothing", {}, 404, "not-found"),
    ("GET", "/api/nothing", {}, 404, "not-found"),
    ("POST", "/anywhere", {}, 404, "not-found"),
    ("PUT", "/api/v1/session", {}, 405, "method-not-allowed"),
    ("POST", "/api/v1/session", {"data": b"{"}, 400, "malformed-json"),
    ("POST", "/api/v1/session", {"data": b'{"a": NaN}'}, 400, "malformed-json"),
    ("POST", "/api/v1/session", {"data": b"\xff\xfe"}, 400, "malformed-json"),
    ("POST", "/api/v1/session", {"data": b"[" * 100_000}, 400, "malformed-json"),
    ("POST", "/api/v1/session", {"data": b"1" * 10_000}, 400, "malformed-json"),
    ("POST", "/api/v1/session", {"data": b'{"a": 1e999}'}, 400, "malformed-json"),
    (
        "POST",
        "/api/v1/session",
        {"data": b'{"a": ' + b"[" * 99 + b"]" * 99 + b"}"},
        400,
        "malformed-json",
    ),
    ("POST", "/api/v1/session", {"data": rb'{"username": "\u0000"}'}, 422, "invalid-input"),
    ("POST", "/api/v1/session", {"data": rb'{"username": "\ud800"}'}, 422, "invalid-input"),
    ("GET", "/api/v1/openapi.json?q=%00", {}, 422, "invalid-input"),
    ("GET", "/api/v1/users/a%00b", {}, 404, "not-found"),
    ("POST", "/api/v1/session", {"data": b"[]"}, 422, "invalid-input"),
    ("POST", "/api/v1/session", {"data": b"null"}, 422, "invalid-input"),
    ("POST", "/api/v1/session", {"data": b"{}"}, 422, "invalid-input"),
    ("POST", "/api/v1/session", {"data": b'{"username": 1, "password": []}'}, 422, "invalid-input"),
    ("GET", "/assets/nothing.js", {}, 404, "not-found"),
    ("GET", "/assets/../../pyproject.toml", {}, 404, "not-found"),
    ("GET", "/health/nothing", {}, 404, "not-found"),
]


@pytest.mark.parametrize(("method", "path", "more", "status", "code"), BROKEN)
def test_broken_calls_get_a_problem_and_never_html(
    client: Client, method: str, path: str, more: dict[str, object], status: int, code: str
) -> None:
    answer = client.open(path, method=method, content_type="application/json", **more)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.content_type == PROBLEM


def test_a_body_of_another_type_is_refused(client: Client) -> None:
    answer = client.post("/api/v1/session", data="username=a", content_type="text/plain")

    assert answer.status_code == 415
    assert answer.content_type == PROBLEM


def test_a_huge_body_is_refused_before_it_is_read(app: Flask, client: Client) -> None:
    answer = client.post(
        "/api/v1/session",
        data=b" " * (app.config["MAX_CONTENT_LENGTH"] + 1),
        content_type="application/json",
    )

    assert answer.status_code == 413
    assert answer.json["code"] == "too-large"


def test_an_accident_is_told_by_a_number_and_logged_once(
    failing: tuple[Client, dict[str, Exception]], caplog: pytest.LogCaptureFixture
) -> None:
    client, raised = failing
    raised["error"] = ZeroDivisionError("secret details")

    with caplog.at_level(logging.ERROR):
        answer = client.get("/api/v1/fail")

    assert answer.status_code == 500
    assert answer.content_type == PROBLEM
    trace = answer.json["trace_id"]
    assert trace in answer.json["detail"]
    assert b"secret details" not in answer.data
    assert b"Traceback" not in answer.data
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert trace in record.getMessage()
    assert record.exc_info is not None


class _Full(Exception):
    sqlstate = "53100"


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 1", {}, Exception("database or disk is full")),
        OperationalError("SELECT 1", {}, Exception("unable to open database file")),
        OperationalError("SELECT 1", {}, _Full("connection refused")),
        TimeoutError("QueuePool limit"),
    ],
)
def test_a_database_that_is_away_is_a_matter_of_time(
    failing: tuple[Client, dict[str, Exception]], error: Exception
) -> None:
    client, raised = failing
    raised["error"] = error

    answer = client.get("/api/v1/fail")

    assert answer.status_code == 503
    assert answer.json["code"] == "unavailable"
    assert int(answer.headers["Retry-After"]) > 0


def test_a_wrong_statement_is_our_own_accident(
    failing: tuple[Client, dict[str, Exception]],
) -> None:
    client, raised = failing
    raised["error"] = OperationalError("SELECT x", {}, Exception("no such column: x"))

    assert client.get("/api/v1/fail").status_code == 500


def test_without_its_database_it_is_alive_and_not_ready(app: Flask, tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    other = create_app(config(tmp_path, nowhere))
    client = other.test_client()

    assert client.get("/health/live").status_code == 200
    assert client.get("/metrics").status_code == 200
    for answer in (
        client.get("/health/ready"),
        client.get("/api/v1/session", headers={"Authorization": "Bearer bj_x"}),
        client.post("/api/v1/session", json={"username": "a", "password": "b"}),
    ):
        assert answer.status_code == 503
        assert answer.content_type == PROBLEM
        assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.skipif(not SERVER, reason="a file has no connections to lose")
def test_goes_on_by_itself_when_its_connections_were_cut(as_user: AsUser) -> None:
    admin = as_user("admin")
    for call in (
        lambda: admin.get("/api/v1/users").status_code,
        lambda: admin.once("/api/v1/groups", {"key": "net", "name": "a"}).status_code,
    ):
        db.session.remove()
        with psycopg.connect(server_conninfo(), autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [db.engine.url.database],
            )
        assert call() in (200, 201)


def test_findings_carry_their_sentence(failing: tuple[Client, dict[str, Exception]]) -> None:
    client, raised = failing
    raised["error"] = errors.DefinitionInvalid(
        [Finding("error", "process.bpmn", "own-manager", "Task_1", params={"a": {1, 2}})]
    )

    answer = client.get("/api/v1/fail", headers={"Accept-Language": "en"})

    assert answer.status_code == 422
    (finding,) = answer.json["findings"]
    assert finding["text"] == "Nobody is his own manager"
    assert finding["element"] == "Task_1"
    assert answer.json["params"] == {"count": 1}


def test_every_answer_carries_the_protecting_headers(client: Client) -> None:
    for path in ("/", "/anything/at/all", "/metrics", "/api/docs"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert "unsafe-inline" not in headers["Content-Security-Policy"].split("script-src")[1]


def test_data_is_never_taken_for_something_else(client: Client) -> None:
    for path in ("/api/v1/session", "/health/live", "/api/v1/openapi.json"):
        assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_general_permissions_are_actions_of_the_policy() -> None:
    from engine.access.policy import POLICY

    assert set(queries.GENERAL) <= set(POLICY)


@pytest.mark.parametrize("name", ["9" * 11, "9" * 30, "0", "-1", "%00", "%ff", "a" * 3000])
def test_no_address_causes_an_accident(app: Flask, as_user: AsUser, name: str) -> None:
    admin = as_user("admin")
    tried = 0

    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or not rule.arguments:
            continue
        address = re.sub(r"<[^>]*>", name, rule.rule)
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = admin.open(address, method=method, json=None if method == "GET" else {})
            assert answer.status_code < 500, (method, rule.rule)
            tried += 1

    assert tried > 20
