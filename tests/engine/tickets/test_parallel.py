"""Many people at once: numbers without gaps, one transition each, no deadlock."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from engine.access.policy import Actor
from engine.db import db
from engine.errors import EngineError
from engine.tickets import commands, queries, tasks
from tests import tickets


def at_once(app: Flask, calls: list[Callable[[], Any]]) -> list[Any]:
    """Runs all calls at the same instant in threads of their own; results or what they raised."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(index: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                results[index] = calls[index]()
            except EngineError as error:
                results[index] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_twenty_creators_get_numbers_without_a_gap(app: Flask, actor: Callable[..., Actor]) -> None:
    tickets.deploy("desk", tickets.loop())
    lina = actor("lina")
    db.session.remove()

    made = at_once(app, [lambda: commands.create(lina, "desk", "x", {})] * 20)

    numbers = sorted(int(one.change.row.number.rsplit("-", 1)[1]) for one in made)
    assert numbers == list(range(1, 21))


def test_four_people_finish_four_tasks_at_once(app: Flask, actor: Callable[..., Actor]) -> None:
    tickets.deploy("team", tickets.parallel(4))
    people = [actor(name, "agent") for name in ("a1", "a2", "a3", "a4")]
    for _ in range(5):
        created = commands.create(people[0], "team", "x", {})
        opened = created.outcome.opened if created.outcome else []
        db.session.remove()

        done = at_once(
            app,
            [
                lambda who=who, one=one: tasks.complete(who, one.task.id, {})  # type: ignore[misc]
                for who, one in zip(people, opened, strict=True)
            ],
        )

        assert all(isinstance(one, tasks.Completed) for one in done)
        detail = queries.get(people[0], created.change.row.number)
        assert detail.row.category == "closed"
        facts = db.session.execute(queries.history_of(people[0], detail.row.number)[1]).all()
        assert [fact.seq for fact in facts] == list(range(1, len(facts) + 1))
        assert [fact.kind for fact in facts].count("task_completed") == 4


def test_a_double_click_is_one_transition(app: Flask, actor: Callable[..., Actor]) -> None:
    tickets.deploy("desk", tickets.loop())
    lina = actor("lina")
    created = commands.create(lina, "desk", "x", {})
    task = created.outcome.opened[0].task.id if created.outcome else ""
    for _ in range(10):
        db.session.remove()

        done = at_once(app, [lambda task=task: tasks.complete(lina, task, {}, "again")] * 5)  # type: ignore[misc]

        assert all(isinstance(one, tasks.Completed) for one in done)
        fresh = [one for one in done if one.outcome is not None]
        assert len(fresh) == 1
        task = fresh[0].outcome.opened[0].task.id
