"""API tokens: made once, kept as a hash, scoped, expiring, revocable."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from api.http import instant
from engine import clock
from engine.db import db
from tests import builders
from tests.clients import Client
from tests.conftest import AsUser


def _with_token(app: Flask, token: str) -> Client:
    client = builders.stranger(app)
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def test_a_token_opens_what_its_person_may(app: Flask, as_user: AsUser) -> None:
    made = as_user("lina").post("/api/v1/tokens", json={"name": "script"})

    assert made.status_code == 201
    token = made.json["token"]
    assert token.startswith("bj_")
    assert token.startswith(made.json["prefix"])
    answer = _with_token(app, token).get("/api/v1/session")
    assert answer.json["user"]["username"] == "lina"
    assert answer.json["csrf"] is None


def test_the_secret_is_nowhere_in_the_database(app: Flask, as_user: AsUser) -> None:
    made = as_user("lina").once("/api/v1/tokens", {"name": "script"})
    secret = made.json["token"].encode()

    for table in ("api_token", "first_answer"):
        for row in db.session.execute(text(f"SELECT * FROM {table}")):  # noqa: S608
            for value in row:
                held = (
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                )
                assert secret not in held


@pytest.mark.parametrize(
    "authorization",
    ["Bearer bj_wrong", "Bearer", "Bearer ", "Basic YTpi", "bj_x", "Bearer 字", "Token bj_x"],
)
def test_refuses_credentials_that_are_not_known(client: Client, authorization: str) -> None:
    sent = authorization.encode().decode("latin-1")

    answer = client.get("/api/v1/session", headers={"Authorization": sent})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_expires(app: Flask, as_user: AsUser) -> None:
    expires_at = instant(clock.now() + timedelta(hours=1))
    made = as_user("lina").post("/api/v1/tokens", json={"name": "s", "expires_at": expires_at})
    program = _with_token(app, made.json["token"])
    assert program.get("/api/v1/session").status_code == 200

    clock.advance(timedelta(hours=1))

    assert program.get("/api/v1/session").status_code == 401


@pytest.mark.parametrize(
    "expires_at",
    [
        "2020-01-01T00:00:00Z",
        "0001-01-01T00:00:00+12:00",
        "9999-12-31T23:59:59-12:00",
        "2099-01-01T00:00:00",
        "tomorrow",
        4102444800,
    ],
)
def test_refuses_an_end_that_is_past_or_no_time(as_user: AsUser, expires_at: object) -> None:
    answer = as_user("lina").post("/api/v1/tokens", json={"name": "s", "expires_at": expires_at})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/expires_at"


def test_a_revoked_token_is_refused(app: Flask, as_user: AsUser) -> None:
    lina = as_user("lina")
    made = lina.post("/api/v1/tokens", json={"name": "s"}).json
    program = _with_token(app, made["token"])

    assert lina.delete(f"/api/v1/tokens/{made['id']}").status_code == 204

    assert program.get("/api/v1/session").status_code == 401
    assert lina.get(f"/api/v1/tokens/{made['id']}").status_code == 404


def test_scopes_narrow_what_a_token_may(app: Flask) -> None:
    builders.person("admin")
    narrow = builders.program_of(app, "admin", scopes=["tickets:read"])
    people = builders.program_of(app, "admin", scopes=["people"])

    assert narrow.get("/api/v1/users").status_code == 200
    refused = narrow.post("/api/v1/groups", json={"key": "it", "name": "IT"})
    assert refused.status_code == 403
    assert people.post("/api/v1/groups", json={"key": "it", "name": "IT"}).status_code == 201


def test_a_scoped_token_cannot_widen_itself(app: Flask) -> None:
    builders.person("admin")
    narrow = builders.program_of(app, "admin", scopes=["people"])

    assert narrow.post("/api/v1/tokens", json={"name": "wide"}).status_code == 403
    assert narrow.patch("/api/v1/session", json={"language": "en"}).status_code in (200, 403)
    changed = narrow.patch("/api/v1/users/lina", json={"password": "another long one"})
    assert changed.status_code == 404


def test_other_peoples_tokens_do_not_exist_for_me(as_user: AsUser) -> None:
    made = as_user("lina").post("/api/v1/tokens", json={"name": "s"}).json
    stranger = as_user("sunli")
    address = f"/api/v1/tokens/{made['id']}"

    assert stranger.get(address).status_code == 404
    assert stranger.patch(address, json={"name": "mine"}).status_code == 404
    assert stranger.delete(address).status_code == 404
    assert stranger.get("/api/v1/tokens?user=lina").status_code == 403
    assert stranger.post("/api/v1/tokens", json={"user": "lina", "name": "x"}).status_code == 403
    assert [item["id"] for item in stranger.get("/api/v1/tokens").json["items"]] != [made["id"]]


def test_an_administrator_makes_and_sees_tokens_of_others(app: Flask, as_user: AsUser) -> None:
    builders.person("lina")
    admin = as_user("admin")

    made = admin.post("/api/v1/tokens", json={"user": "lina", "name": "robot"})

    assert made.status_code == 201
    assert made.json["user"] == "lina"
    listed = admin.get("/api/v1/tokens?user=lina").json["items"]
    assert made.json["id"] in [item["id"] for item in listed]
    assert all("token" not in item for item in listed)
    renamed = admin.patch(f"/api/v1/tokens/{made.json['id']}", json={"name": "robot 2"})
    assert renamed.json["name"] == "robot 2"


def test_a_repeated_creation_gives_the_same_token_without_its_secret(as_user: AsUser) -> None:
    lina = as_user("lina")
    first = lina.once("/api/v1/tokens", {"name": "s"}, key="k1")
    again = lina.once("/api/v1/tokens", {"name": "s"}, key="k1")

    assert again.status_code == 201
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json == {**first.json, "token": None}
