"""A step asks for a job of notices only when somebody else could have to be told."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from engine.notify.concern import could_reach
from engine.notify.rules import Compiled
from workflows.notifications import NAMES, Rule

TICKET = MappingProxyType(
    {
        "number": "P-1",
        "title": "卡纸",
        "priority": "P3",
        "status": "open",
        "category": "open",
        "requester": "zhoumin",
        "assignee": None,
        "group_key": "it-desk",
        "type": "printer",
        "created_by": "zhoumin",
        "created_at": None,
        "values": {"floor": 3},
    }
)


@pytest.mark.parametrize(
    ("to", "when", "data", "own", "expected"),
    [
        (("requester",), None, {}, False, True),
        (("requester",), 'priority = "P0"', {}, False, False),
        (("requester",), 'ticket.type = "printer" and floor = 3', {}, False, True),
        (("requester",), "fact.step = null", {}, False, True),  # only the job knows the step
        (("requester",), "fact.after = 1", {"after": 1}, False, True),
        (("assignee",), None, {}, False, False),
        (("fact",), None, {"assignee": None, "candidates": ["group:it-desk"]}, False, False),
        (("fact",), None, {"assignee": "lina"}, False, False),  # who acts knows it
        (("fact",), None, {"assignee": "lina"}, True, True),
        (("fact",), None, {"assignee": "wangqiang"}, False, True),
        (("fact",), None, {"people": ["lina", "wangqiang"]}, False, True),
        (("watchers",), None, {}, False, True),
        (("group:it-desk",), None, {}, False, True),
    ],
)
def test_somebody_else_could_hear(
    to: tuple[str, ...], when: str | None, data: Mapping[str, Any], own: bool, expected: bool
) -> None:
    rule = Rule("r", "task_opened", to, ("inbox", "email"), when, own=own)
    compiled = Compiled({"task_opened": [rule]}, {}, NAMES | {"floor"})

    noted = [("task_completed", "a", {}), ("task_opened", "b", data)]
    assert could_reach(compiled, noted, TICKET.__getitem__, "lina") is expected


def test_a_robot_hears_whoever_acted() -> None:
    rule = Rule("r", "task_opened", ("fact",), ("robot",))
    noted = [("task_opened", "b", {"assignee": "lina"})]

    assert could_reach(
        Compiled({"task_opened": [rule]}, {}, NAMES), noted, TICKET.__getitem__, "lina"
    )
