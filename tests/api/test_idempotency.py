"""The same POST again: the first answer again, and one effect."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from engine import clock, idempotency
from engine.access.models import Group
from engine.db import db
from engine.idempotency import FirstAnswer
from tests import builders
from tests.conftest import AsUser


def _groups() -> int:
    return db.session.scalar(select(func.count()).select_from(Group)) or 0


def test_the_first_answer_comes_again(as_user: AsUser) -> None:
    admin = as_user("admin")
    body = {"key": "net", "name": "网络组"}

    first = admin.once("/api/v1/groups", body, key="k-1")
    again = admin.once("/api/v1/groups", body, key="k-1")

    assert first.status_code == again.status_code == 201
    assert again.data == first.data
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert _groups() == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/groups", {"key": "net", "name": "another name"}),
        ("/api/v1/departments", {"key": "net", "name": "网络组"}),
        ("/api/v1/groups?x=1", {"key": "net", "name": "网络组"}),
    ],
)
def test_another_request_with_the_key_is_refused(
    as_user: AsUser, path: str, body: dict[str, str]
) -> None:
    admin = as_user("admin")
    admin.once("/api/v1/groups", {"key": "net", "name": "网络组"}, key="k-1")

    answer = admin.once(path, body, key="k-1")

    assert answer.status_code == 422
    assert answer.json["code"] == "key-reused"
    assert _groups() == 1


def test_keys_belong_to_their_caller(as_user: AsUser) -> None:
    first, second = as_user("admin"), as_user("other", "administrator")

    assert first.once("/api/v1/groups", {"key": "a", "name": "a"}, key="k").status_code == 201
    assert second.once("/api/v1/groups", {"key": "b", "name": "b"}, key="k").status_code == 201


def test_a_refused_request_leaves_its_key_free(as_user: AsUser) -> None:
    admin = as_user("admin")
    refused = admin.once("/api/v1/groups", {"key": "net", "name": "a", "lead": "no"}, key="k")
    assert refused.status_code == 422

    builders.person("no")
    answer = admin.once("/api/v1/groups", {"key": "net", "name": "a", "lead": "no"}, key="k")

    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "键"])
def test_refuses_what_is_no_key(as_user: AsUser, key: str) -> None:
    answer = as_user("admin").post(
        "/api/v1/groups",
        json={"key": "net", "name": "a"},
        headers={"Idempotency-Key": key.encode().decode("latin-1")},
    )

    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == "bad-idempotency-key"


def test_parallel_repeats_have_one_effect_and_one_answer(app: Flask) -> None:
    builders.person("admin")
    clients = [builders.program_of(app, "admin") for _ in range(8)]
    begin = threading.Barrier(len(clients))

    def call(client) -> tuple[int, bytes, str | None]:
        begin.wait()
        answer = client.once("/api/v1/groups", {"key": "net", "name": "网络组"}, key="same")
        return answer.status_code, answer.data, answer.headers.get("Idempotency-Replayed")

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(call, clients))

    assert {status for status, _, _ in answers} == {201}
    assert len({data for _, data, _ in answers}) == 1
    assert [replayed for _, _, replayed in answers].count("true") == len(clients) - 1
    assert _groups() == 1


def test_an_upload_repeated_with_another_boundary_is_the_same_request(
    app: Flask, as_user: AsUser
) -> None:
    from io import BytesIO

    from api.idempotency import _request_hash

    def told(content: bytes, boundary: str) -> bytes:
        with app.test_request_context(
            "/api/v1/files",
            method="POST",
            data=(
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"'
                "\r\nContent-Type: text/plain\r\n\r\n"
            ).encode()
            + BytesIO(content).read()
            + f"\r\n--{boundary}--\r\n".encode(),
            content_type=f"multipart/form-data; boundary={boundary}",
        ):
            return _request_hash()

    assert told(b"hello", "one") == told(b"hello", "two")
    assert told(b"hello", "one") != told(b"hallo", "one")


def test_costs_two_statements(app: Flask, as_user: AsUser) -> None:
    admin = as_user("admin")
    counted: list[str] = []

    def note(connection, cursor, statement, *rest):
        if "first_answer" in statement:
            counted.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        admin.once("/api/v1/groups", {"key": "net", "name": "a"}, key="k")
        first = len(counted)
        admin.once("/api/v1/groups", {"key": "net", "name": "a"}, key="k")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert (first, len(counted) - first) == (2, 2)


def test_old_answers_are_forgotten(as_user: AsUser) -> None:
    as_user("admin").once("/api/v1/groups", {"key": "net", "name": "a"}, key="k")

    assert idempotency.forget(clock.now()) == 1
    assert db.session.scalar(select(func.count()).select_from(FirstAnswer)) == 0
