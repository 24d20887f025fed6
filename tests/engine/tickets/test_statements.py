"""The SQL of the hot paths, counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from engine.access.policy import Actor
from engine.db import db
from engine.tickets import commands, tasks
from tests import tickets
from tests.conftest import AsUser


@contextmanager
def counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    def commit(connection: Any) -> None:
        seen.append("COMMIT")

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(db.engine, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        event.remove(db.engine, "commit", commit)


def test_a_step_over_http_takes_at_most_twelve_statements_and_one_commit(
    app: Flask, as_user: AsUser
) -> None:
    tickets.deploy("desk", tickets.loop(groups="it-desk"))
    lina = as_user("lina")
    ticket = tickets.create(lina, "desk")
    tickets.complete(lina, ticket["tasks"][0], "again")
    task = lina.get(f"/api/v1/tickets/{ticket['number']}").get_json()["tasks"][0]

    with counted() as seen:
        response = lina.once(
            f"/api/v1/tasks/{task['id']}/complete", {"values": {}, "action": "again"}
        )

    assert response.status_code == 200
    assert seen.count("COMMIT") == 1
    assert len(seen) - 1 <= 12, seen


def test_a_step_with_a_timer_takes_at_most_twelve_statements(
    app: Flask, actor: Callable[..., Actor]
) -> None:
    tickets.deploy("timed", tickets.timed())
    lina = actor("lina")
    created = commands.create(lina, "timed", "x", {})
    task = created.outcome.opened[0].task.id if created.outcome else ""

    with counted() as seen:
        tasks.complete(lina, task, {})

    assert seen.count("COMMIT") == 1
    assert len(seen) - 1 <= 12, seen


def test_a_list_takes_the_same_number_of_statements_whatever_its_length(
    app: Flask, as_user: AsUser
) -> None:
    tickets.deploy("desk", tickets.loop())
    lina = as_user("lina")
    counts = []
    for _ in range(2):
        for _ in range(4):
            tickets.create(lina, "desk")
        lina.get("/api/v1/tickets")
        with counted() as seen:
            lina.get("/api/v1/tickets")
        counts.append(len(seen))

    assert counts[0] == counts[1]
