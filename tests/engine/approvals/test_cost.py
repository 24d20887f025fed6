"""What a step with a ledger costs beside a plain one: statements here, time in the benchmark."""

from collections.abc import Callable

from flask import Flask

from engine.access.policy import Actor
from engine.approvals.acting import Request
from engine.tickets import approving, tasks
from tests import approvals
from tests.conftest import AsUser
from tests.engine.tickets.test_statements import counted


def test_acting_and_deciding_take_at_most_twelve_statements(
    app: Flask, as_user: AsUser, actor: Callable[..., Actor]
) -> None:
    zhang, li = actor("zhang"), actor("li")
    approvals.deploy(approvers="users:zhang,li")
    for _ in range(2):  # the first time fills caches
        _, task = approvals.waiting(as_user("req"))
        with counted() as first:
            approving.act(zhang, task, Request("agree"))
        with counted() as last:
            tasks.complete(li, task, {}, "agree")

    for seen in (first, last):
        assert seen.count("COMMIT") == 1
        assert len(seen) - 1 <= 12, seen
