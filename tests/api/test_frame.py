"""Health, figures, the description of the interface, and the browser application's files."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

import admin_ui
from api import config, openapi
from engine import clock
from engine.db import db
from engine.jobs.models import Job
from engine.uow import command
from tests.clients import Client
from tests.conftest import AsUser


def test_is_alive(client: Client) -> None:
    assert client.get("/health/live").json == {"status": "ok"}


def test_is_ready_when_the_database_is_in_shape(client: Client) -> None:
    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json["revision"] == answer.json["expected_revision"]


def test_says_how_late_the_oldest_job_is(client: Client) -> None:
    @command
    def leave_work() -> None:
        db.session.add(
            Job(
                kind="test",
                due=clock.now() - timedelta(minutes=10),
                payload={},
                created_at=clock.now(),
            )
        )

    leave_work()

    jobs = client.get("/health/ready").json["jobs"]
    assert 595 < jobs["oldest_due_seconds"] < 660
    assert jobs["late"] is True
    assert 'banjie_jobs{kind="test",state="ready"} 1.0' in client.get("/metrics").text


def test_is_not_ready_before_the_migration(app: Flask, client: Client) -> None:
    @command
    def forget() -> None:
        db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    @command
    def restore(revision: str) -> None:
        db.session.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})

    revision = client.get("/health/ready").json["revision"]
    forget()
    try:
        assert client.get("/health/ready").status_code == 503
    finally:
        restore(revision)


def test_figures_name_routes_and_not_addresses(client: Client) -> None:
    for n in range(3):
        client.get(f"/api/v1/users/person-{n}")
        client.get(f"/some/page/{n}")
        client.open("/health/live", method=f"M{n}")

    told = client.get("/metrics").text

    assert 'route="/api/v1/users/<username>",status="401"' in told
    assert "person-1" not in told
    assert "some/page" not in told
    assert 'method="M1"' not in told


def test_describes_itself_completely(app: Flask) -> None:
    described = openapi.document(app)

    assert described["openapi"].startswith("3.1")
    assert set(described["components"]["securitySchemes"]) == {"session", "token"}
    served = {
        (openapi._as_template(rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.rule != "/api/v1/openapi.json"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    told = {
        (path, method)
        for path, operations in described["paths"].items()
        for method in operations
        if method in ("get", "post", "put", "patch", "delete")
    }
    assert served == told
    names = [
        operation["operationId"]
        for operations in described["paths"].values()
        for method, operation in operations.items()
        if method != "parameters"
    ]
    assert len(names) == len(set(names))


def test_the_description_can_be_read_without_any_other_host(client: Client) -> None:
    page = client.get("/api/docs")

    assert page.status_code == 200
    assert "POST" in page.text
    assert "/api/v1/session" in page.text
    assert "<script" not in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert client.get("/api/v1/openapi.json").json["info"]["title"] == "Banjie 办结"


def test_serves_the_application_for_every_page_and_its_files(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>the application</title>")
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path / "assets" / "main-1a2b.js").write_text("1")
    monkeypatch.setattr(admin_ui, "DIST", tmp_path)

    for path in ("/", "/tickets/INC-1", "/sign-in"):
        page = client.get(path)
        assert "the application" in page.text
        assert page.headers["Cache-Control"] == "no-cache"
    assert client.get("/icon.svg").text == "<svg/>"
    asset = client.get("/assets/main-1a2b.js")
    assert "immutable" in asset.headers["Cache-Control"]
    assert "javascript" in asset.content_type
    for missing in ("/assets/other.js", "/assets/%2e%2e/index.html", "/assets/..%2findex.html"):
        answer = client.get(missing)
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"


def test_without_a_build_it_says_how_to_build(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_ui, "DIST", tmp_path / "none")

    page = client.get("/")

    assert page.status_code == 200
    assert "make ui" in page.text


def test_answers_are_not_kept_by_anybody(as_user: AsUser) -> None:
    headers = as_user("lina").get("/api/v1/session").headers

    assert headers["Cache-Control"] == "no-store"
    assert "Accept-Language" in headers["Vary"]


def test_makes_a_secret_once_and_closes_it_to_others(tmp_path: Path) -> None:
    first = config.load({"BANJIE_DATA_DIR": str(tmp_path)})
    second = config.load({"BANJIE_DATA_DIR": str(tmp_path)})

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) > 40
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert first.secret_key not in repr(first)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_reads_settings_from_a_file_and_lets_the_environment_win(tmp_path: Path) -> None:
    (tmp_path / "banjie.conf").write_text(
        "# an installation\nBANJIE_BIND=0.0.0.0:80\nBANJIE_DATABASE_URL = postgresql://h/x\n"
    )

    loaded = config.load({"BANJIE_DATA_DIR": str(tmp_path), "BANJIE_BIND": "127.0.0.1:9"})

    assert loaded.bind == "127.0.0.1:9"
    assert loaded.database_url == "postgresql+psycopg://h/x"


@pytest.mark.parametrize(
    "wrong",
    [
        {"BANJIE_BIND": "8080"},
        {"BANJIE_BIND": "localhost:99999"},
        {"BANJIE_DATABASE_URL": "mysql://h/x"},
        {"BANJIE_SECRET_KEY": "short"},
        {"BANJIE_TRUSTED_PROXIES": "all"},
        {"BANJIE_TIME_ZONE": "Mars/Olympus"},
        {"BANJIE_CONFIG": "/nowhere/at/all"},
    ],
)
def test_says_which_setting_is_wrong(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(config.ConfigError, match=next(iter(wrong))):
        config.load({"BANJIE_DATA_DIR": str(tmp_path), **wrong})
