"""Signing in under attack: many addresses, many threads, a broker that is away."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from api.app import create_app
from api.limits import Attempts
from engine.access import identity
from engine.access.models import User
from engine.db import db
from tests import builders, services
from tests.builders import PASSWORD
from tests.clients import Client
from tests.conftest import AsUser, config
from tests.databases import Sqlite


def test_many_guesses_at_once_count_one_by_one(app: Flask) -> None:
    builders.person("zhoumin", password=PASSWORD)

    def guess(number: int) -> int:
        sent = {"username": "zhoumin", "password": f"guess {number}"}
        return builders.stranger(app).post("/api/v1/session", json=sent).status_code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(guess, range(8)))

    user = db.session.get_one(User, "zhoumin")
    assert codes == [401] * 8
    assert user.failed_sign_ins == identity.FAILURES_ALLOWED
    assert user.locked_until is not None


def test_an_unknown_name_takes_as_long_as_a_wrong_password(app: Flask, client: Client) -> None:
    import time

    builders.person("zhoumin", password=PASSWORD)

    def seconds(username: str) -> float:
        begun = time.process_time()
        client.post("/api/v1/session", json={"username": username, "password": "x"})
        return time.process_time() - begun

    seconds("nobody")
    known = min(seconds("zhoumin") for _ in range(3))
    unknown = min(seconds("nobody") for _ in range(3))

    assert 0.5 < unknown / known < 2


def test_two_administrators_cannot_remove_each_other(app: Flask) -> None:
    names = ["anna", "bert"]
    for name in names:
        builders.person(name, "administrator")
    clients = [builders.program_of(app, name) for name in names]

    def remove(pair: tuple[Client, str]) -> int:
        client, other = pair
        return client.delete(f"/api/v1/users/{other}").status_code

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(remove, zip(clients, reversed(names), strict=True)))

    left = db.session.scalar(select(func.count()).where(User.active.is_(True)))
    assert left == 1
    assert sorted(codes) in ([204, 401], [204, 403], [204, 409])


@pytest.mark.parametrize(("proxies", "codes"), [(0, [401, 429]), (1, [401, 401])])
def test_believes_forwarded_addresses_only_where_it_is_told_to(
    tmp_path: Path, proxies: int, codes: list[int]
) -> None:
    from dataclasses import replace

    database = Sqlite(tmp_path)
    settings = config(tmp_path / "data", database.url)
    app = create_app(replace(settings, trusted_proxies=proxies, sign_in_limit="1 per minute"))
    database.create(app)
    client = app.test_client()

    given = [
        client.post(
            "/api/v1/session",
            json={"username": "nobody", "password": "x"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        ).status_code
        for number in range(2)
    ]

    assert given == codes
    database.drop(app)


def test_processes_count_together_in_redis() -> None:
    services.need("Redis")
    here = Attempts("sign-in", "2 per minute", "redis://127.0.0.1:6379/9")
    there = Attempts("sign-in", "2 per minute", "redis://127.0.0.1:6379/9")
    address = uuid4().hex

    here.count(address)
    there.count(address)

    assert here.seconds_to_wait(address) > 0
    assert there.seconds_to_wait(uuid4().hex) == 0


def test_without_the_broker_each_process_counts_alone() -> None:
    alone = Attempts("sign-in", "2 per minute", "redis://127.0.0.1:1/0")

    alone.count("here")
    assert alone.seconds_to_wait("here") == 0
    alone.count("here")
    assert alone.seconds_to_wait("here") > 0


def test_the_browser_of_a_locked_account_stays_signed_in(as_user: AsUser, client: Client) -> None:
    builders.person("zhoumin", password=PASSWORD)
    browser = as_user("zhoumin", browser=True)
    for _ in range(identity.FAILURES_ALLOWED):
        client.post("/api/v1/session", json={"username": "zhoumin", "password": "wrong"})

    assert browser.get("/api/v1/session").status_code == 200
    assert as_user("admin").get("/api/v1/users/zhoumin").json["locked"] is True
