"""Twenty approvers at the same instant: one outcome, nobody sees an accident."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from engine.access.policy import Actor
from engine.approvals.acting import Request
from engine.db import db
from engine.errors import EngineError
from engine.tickets import approval_views, approving, commands, queries, tasks
from tests import approvals
from tests.engine.tickets.test_parallel import at_once

COUNT = 20


@pytest.mark.parametrize(
    ("mode", "actions", "outcome"),
    [
        ("all", ["agree"] * COUNT, "approved"),
        ("any", ["agree"] * COUNT, "approved"),
        ("any", ["reject"] * COUNT, "rejected"),
        ("count:7", ["agree"] * COUNT, "approved"),
        ("percent:60", ["agree", "agree", "agree", "reject"] * 5, "approved"),
        ("all", ["agree"] * 19 + ["reject"], "rejected"),
    ],
)
def test_twenty_act_at_once_and_there_is_one_outcome(
    app: Flask, actor: Callable[..., Actor], mode: str, actions: list[str], outcome: str
) -> None:
    people = [actor(f"p{number}") for number in range(COUNT)]
    names = ",".join(one.username for one in people)
    approvals.deploy(approval=mode, approvers=f"users:{names}")
    requester = actor("req")
    number, task = _waiting(requester)
    db.session.remove()

    def say(who: Actor, action: str) -> Callable[[], Any]:
        return lambda: approving.act(who, task, Request(action))

    done = at_once(app, [say(who, what) for who, what in zip(people, actions, strict=True)])

    refused = [one for one in done if isinstance(one, EngineError)]
    assert all(one is not None for one in done)
    assert {one.code for one in refused} <= {"round-ended", "seat-closed"}
    view = approval_views.get(requester, task)
    assert view.ledger.main.outcome == outcome
    said = Counter(seat.state for seat in view.ledger.seats())
    assert said["agreed"] + said["rejected"] == COUNT - len(refused)
    facts = db.session.execute(queries.history_of(requester, number)[1]).all()
    assert [fact.seq for fact in facts] == list(range(1, len(facts) + 1))
    assert [fact.kind for fact in facts].count("approval_decided") == 1


def _waiting(requester: Actor) -> tuple[str, str]:
    created = commands.create(requester, "buy", "x", {})
    assert created.outcome is not None
    done = tasks.complete(requester, created.outcome.opened[0].task.id, {})
    assert done.outcome is not None
    return created.change.row.number, done.outcome.opened[0].task.id
