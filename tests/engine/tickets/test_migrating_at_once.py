"""A migration at work while people go on: every ticket is moved or reported, nothing is lost."""

from collections.abc import Callable
from functools import partial

from flask import Flask

from engine import doctor
from engine.access.policy import Actor
from engine.db import db
from engine.jobs import runner
from engine.paging import Window
from engine.tickets import commands as creating
from engine.tickets import tasks
from engine.tickets.migrating import commands, queries
from tests import tickets
from tests.engine.tickets.test_parallel import at_once


def test_people_work_on_while_their_tickets_move(app: Flask, actor: Callable[..., Actor]) -> None:
    owner, lina = actor("chenjing"), actor("lina")
    tickets.deploy("desk", tickets.loop())
    made = [creating.create(lina, "desk", "x", {}) for _ in range(24)]
    opened = [one.outcome.opened[0].task.id for one in made if one.outcome is not None]
    tickets.deploy("desk", tickets.loop(due="PT8H"))
    plan = commands.plan(owner, "desk", 1, 2, {}, {})
    found = commands.begin(owner, plan)
    db.session.remove()

    done = at_once(
        app,
        [
            runner.run_due,
            *(partial(tasks.complete, lina, task, {}, "solve") for task in opened[:12:2]),
            *(partial(tasks.complete, lina, task, {}, "again") for task in opened[1:12:2]),
        ],
    )
    while runner.run_due():
        pass

    assert all(isinstance(one, tasks.Completed) for one in done[1:])
    assert queries.one(owner, found).state == "done"
    counts = queries.counts([found])[found]
    assert set(counts) <= {"migrated", "skipped"}
    assert sum(counts.values()) == 24
    results = queries.results(owner, found, Window(50)).items
    assert {row.number for row in results} == {one.change.row.number for one in made}
    assert queries.running([plan.old.id, plan.new.id]) == {plan.new.id: 18}
    assert [result.said for result in doctor.examine(deep=True) if not result.ok] == []
