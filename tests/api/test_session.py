"""Signing in and out, browser sessions and what protects them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from engine import clock
from engine.access import commands, identity
from engine.access.policy import SYSTEM
from engine.db import db
from tests import builders
from tests.builders import PASSWORD
from tests.clients import Client
from tests.conftest import AsUser
from tests.databases import SERVER


def _sign_in(client: Client, username: str = "zhoumin", password: str = PASSWORD):
    return client.post("/api/v1/session", json={"username": username, "password": password})


def test_signs_in_with_a_cookie_that_scripts_cannot_read(client: Client) -> None:
    builders.person("zhoumin", password=PASSWORD)

    answer = _sign_in(client)

    cookie = answer.headers["Set-Cookie"]
    assert answer.status_code == 200
    assert answer.json["user"]["username"] == "zhoumin"
    assert answer.json["user"]["name"] == "周敏"
    assert answer.json["csrf"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/api/v1/session").json["user"]["username"] == "zhoumin"


def test_keeps_the_cookie_to_this_host_over_tls(client: Client) -> None:
    builders.person("zhoumin", password=PASSWORD)

    answer = client.post(
        "/api/v1/session",
        json={"username": "zhoumin", "password": PASSWORD},
        base_url="https://localhost",
    )

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-banjie=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("username", "password"),
    [("zhoumin", "wrong"), ("nobody", PASSWORD), ("zhou min", PASSWORD), ("system", "x")],
)
def test_says_the_same_for_wrong_names_and_wrong_passwords(
    client: Client, username: str, password: str
) -> None:
    builders.person("zhoumin", password=PASSWORD)

    answer = _sign_in(client, username, password)

    assert answer.status_code == 401
    assert answer.json["code"] == "sign-in-failed"
    assert "Set-Cookie" not in answer.headers


def test_an_account_without_password_cannot_sign_in(client: Client) -> None:
    builders.person("zhoumin")

    assert _sign_in(client, "zhoumin", "").status_code == 422
    assert _sign_in(client, "zhoumin", "nobody has this password").status_code == 401


def test_locks_after_five_failures_and_opens_again_later(client: Client) -> None:
    builders.person("zhoumin", password=PASSWORD)
    for _ in range(identity.FAILURES_ALLOWED):
        assert _sign_in(client, "zhoumin", "wrong").status_code == 401

    assert _sign_in(client).status_code == 401

    clock.advance(identity.LOCKED_FOR + timedelta(seconds=1))
    assert _sign_in(client).status_code == 200


def test_a_success_forgets_the_failures_before(client: Client) -> None:
    builders.person("zhoumin", password=PASSWORD)
    for _ in range(3):
        for _ in range(identity.FAILURES_ALLOWED - 1):
            _sign_in(client, "zhoumin", "wrong")
        assert _sign_in(client).status_code == 200


def test_an_inactive_account_is_out_at_once(as_user: AsUser, client: Client) -> None:
    builders.person("zhoumin", password=PASSWORD)
    browser, program = as_user("zhoumin", browser=True), as_user("zhoumin")

    assert as_user("admin").delete("/api/v1/users/zhoumin").status_code == 204

    assert browser.get("/api/v1/session").status_code == 401
    assert program.get("/api/v1/session").status_code == 401
    assert _sign_in(client).status_code == 401


def test_signing_out_ends_the_session_on_the_server(app: Flask, as_user: AsUser) -> None:
    browser = as_user("zhoumin", browser=True)
    cookie = browser.get_cookie("banjie")
    assert cookie is not None

    assert browser.delete("/api/v1/session").status_code == 204

    thief = builders.stranger(app)
    thief.set_cookie("banjie", cookie.value)
    assert thief.get("/api/v1/session").status_code == 401


def test_sessions_end_when_idle_and_at_last_in_any_case(as_user: AsUser) -> None:
    idle = as_user("zhoumin", browser=True)
    busy = as_user("zhoumin", browser=True)
    step = identity.SESSION_IDLE / 2

    clock.advance(step)
    assert busy.get("/api/v1/session").status_code == 200
    clock.advance(step)
    assert idle.get("/api/v1/session").status_code == 401
    spent = step * 2
    while spent + step < identity.SESSION_LASTS:
        assert busy.get("/api/v1/session").status_code == 200
        clock.advance(step)
        spent += step
    clock.advance(step)
    assert busy.get("/api/v1/session").status_code == 401


def test_a_new_password_ends_all_other_sessions(as_user: AsUser) -> None:
    builders.person("zhoumin", password=PASSWORD)
    here, there = as_user("zhoumin", browser=True), as_user("zhoumin", browser=True)

    answer = here.patch(
        "/api/v1/users/zhoumin",
        json={"password": "a new and long one", "current_password": PASSWORD},
    )

    assert answer.status_code == 200, answer.json
    assert here.get("/api/v1/session").status_code == 200
    assert there.get("/api/v1/session").status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-CSRF-Token": ""}, 403),
        ({"X-CSRF-Token": "of another session"}, 403),
        ({"X-CSRF-Token": "字"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_a_browser_write_needs_its_token_and_our_own_page(
    as_user: AsUser, headers: dict[str, str], status: int
) -> None:
    browser = as_user("zhoumin", browser=True)
    sent = {name: value.encode().decode("latin-1") for name, value in headers.items()}

    answer = browser.patch("/api/v1/session", json={"language": "en"}, headers=sent)

    assert answer.status_code == status
    if status == 403:
        assert answer.json["code"] == "csrf-failed"


def test_a_foreign_page_cannot_sign_anybody_in(client: Client) -> None:
    builders.person("zhoumin", password=PASSWORD)

    answer = client.post(
        "/api/v1/session",
        json={"username": "zhoumin", "password": PASSWORD},
        headers={"Origin": "https://evil.example"},
    )

    assert answer.status_code == 403


@pytest.mark.skipif(bool(SERVER), reason="SQLite tells every statement that reaches it")
def test_reading_who_i_am_costs_one_statement(app: Flask, as_user: AsUser) -> None:
    browser = as_user("lina", browser=True, groups=("it-desk", "second"))
    statements: list[str] = []

    def watch(connection, *rest):
        connection.set_trace_callback(statements.append)

    event.listen(db.engine, "checkout", watch)
    try:
        answer = browser.get("/api/v1/session")
    finally:
        event.remove(db.engine, "checkout", watch)
        db.engine.dispose()

    assert answer.json["user"]["groups"] == ["it-desk", "second"]
    assert len(statements) == 1, statements


def test_tells_the_permissions_of_the_caller(as_user: AsUser) -> None:
    assert "manage_people" in as_user("admin").get("/api/v1/session").json["permissions"]
    assert "manage_people" not in as_user("lina").get("/api/v1/session").json["permissions"]
    assert "submit_on_behalf" in as_user("lina").get("/api/v1/session").json["permissions"]
    assert "submit_on_behalf" not in as_user("sunli").get("/api/v1/session").json["permissions"]


def test_refused_attempts_from_one_address_are_limited_and_others_are_not(
    app: Flask, client: Client, as_user: AsUser
) -> None:
    builders.person("zhoumin", password=PASSWORD)
    for _ in range(25):
        assert _sign_in(client).status_code == 200

    codes = [_sign_in(client, f"nobody{n}", "wrong").status_code for n in range(22)]
    answer = _sign_in(client)

    assert codes[:20] == [401] * 20
    assert codes[20:] == [429] * 2
    assert answer.status_code == 429
    assert answer.json["code"] == "too-many"
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    lina = as_user("lina")
    assert {lina.get("/api/v1/session").status_code for _ in range(60)} == {200}


def test_the_first_start_creates_the_administrator_once(app: Flask, client: Client) -> None:
    password = commands.ensure_admin(None)

    assert password is not None
    assert len(password) >= 16
    assert commands.ensure_admin(None) is None
    assert _sign_in(client, "admin", password).json["user"]["roles"] == ["administrator"]


def test_the_operator_may_choose_the_administrators_password(app: Flask, client: Client) -> None:
    assert commands.ensure_admin("chosen") == "chosen"
    assert _sign_in(client, "admin", "chosen").status_code == 200


def test_passwords_are_kept_as_argon2id_with_the_costs_we_chose(app: Flask) -> None:
    user = commands.create_user(SYSTEM, "zhoumin", {"en": "Zhou Min"}, password=PASSWORD)

    assert (user.password_hash or "").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
