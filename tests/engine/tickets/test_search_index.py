"""The plans of searches and queues, as each database explains them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, text
from sqlalchemy.dialects import postgresql, sqlite

from engine.access.policy import Actor
from engine.db import db
from engine.tickets import queries
from engine.tickets.locking import ticket
from engine.tickets.queries import Filter
from engine.tickets.search import words
from tests import tickets


def _plan(statement: Select[Any]) -> str:
    connection = db.session.connection()
    if db.engine.dialect.name == "sqlite":
        sql = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
        rows = connection.execute(text(f"EXPLAIN QUERY PLAN {sql}".replace(":", "\\:")))
        return "\n".join(row.detail for row in rows)
    # A table of a few rows is read whole whatever its indexes; the question is whether they fit.
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    sql = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    rows = connection.execute(text(f"EXPLAIN {sql}".replace(":", "\\:").replace("%%", "%")))
    return "\n".join(row[0] for row in rows)


@pytest.fixture
def admin(app: Flask, actor: Callable[..., Actor]) -> Actor:
    tickets.deploy("desk", tickets.loop())
    return actor("admin")


def test_search_uses_its_index(admin: Actor) -> None:
    plan = _plan(queries.tickets(admin, Filter(q="打印机")))

    assert "ticket_fts VIRTUAL TABLE INDEX" in plan or "ix_ticket_search_words" in plan


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Filter(status=("handling",)), "ix_ticket_status"),
        (Filter(type=("desk",)), "ix_ticket_type"),
        (Filter(priority=("P1",)), "ix_ticket_priority"),
        (Filter(requester=("li",)), "ix_ticket_requester"),
        (Filter(), "ix_ticket_created"),
    ],
)
def test_a_filtered_list_is_read_in_the_order_of_an_index(
    admin: Actor, wanted: Filter, index: str
) -> None:
    statement = queries.tickets(admin, wanted).order_by(
        ticket.c.created_at.desc(), ticket.c.id.desc()
    )

    plan = _plan(statement.limit(51))

    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_a_queue_of_open_tickets_is_read_in_the_order_of_its_index(admin: Actor) -> None:
    wanted = Filter(assignee=("li",), category=("new", "open", "waiting", "resolved"))
    statement = queries.tickets(admin, wanted).order_by(
        ticket.c.updated_at.desc(), ticket.c.id.desc()
    )

    plan = _plan(statement.limit(51))

    assert "ix_ticket_open_assignee" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("打印机", ["打印", "印机", "机"]),
        ("VPN连不上", ["vpn", "连不", "不上", "上"]),
        ("Ａ４纸 A4", ["a4", "纸"]),
        (["x", {"y": "z"}, 7, True, None], ["x", "z", "7"]),
        ("", []),
    ],
)
def test_texts_are_cut_into_words(given: object, found: list[str]) -> None:
    assert words(given) == found
