"""A step with an approval ledger beside the same step without, in one run."""

from typing import Any

from engine.access.policy import SYSTEM
from engine.db import db
from engine.deployments import commands as deployments
from tests import packages, tickets
from tests.bench.load import Cost, Request, merged, run
from tests.bench.servers import Server
from tests.faults.house import House

KINDS = {
    "plain": {"users": "admin", "actions": "agree,reject"},
    "approval": {"approval": "all", "approvers": "users:admin", "when_empty": "admin"},
}


def measure(house: House, mine: Server, rounds: int, count: int) -> dict[str, Cost]:
    """The cost of coming to the step (`… opens`) and of deciding it (`… decides`)."""
    with house.inside.app_context():
        for key, settings in KINDS.items():
            _deploy(key, settings)
        db.session.remove()
        db.engine.dispose()
    found: dict[str, list[Cost]] = {}
    for number in range(rounds + 1):
        for key in KINDS:
            create = Request("POST", "/api/v1/tickets", {"type": key, "title": "x"})
            _, made = run(mine, [create] * count, house.token)
            opens, opened = run(mine, [_step(one, "go") for one in made], house.token)
            decides, _ = run(mine, [_step(one, "agree") for one in opened], house.token)
            if number:  # the first round warms caches, pools and prepared statements
                found.setdefault(f"{key} opens", []).append(opens)
                found.setdefault(f"{key} decides", []).append(decides)
    return {name: merged(costs) for name, costs in found.items()}


def _step(ticket: dict[str, Any], action: str) -> Request:
    path = f"/api/v1/tasks/{ticket['tasks'][0]['id']}/complete"
    return Request("POST", path, {"action": action, "values": {}})


def _deploy(key: str, settings: dict[str, str]) -> None:
    process = packages.bpmn(
        '<bpmn:startEvent id="begin"/>'
        + packages.user_task("first", "准备", status="fresh", users="admin", actions="go")
        + packages.user_task("decide", "审批", status="handling", **settings)
        + packages.user_task("after", "收尾", status="handling", users="admin")
        + '<bpmn:endEvent id="finish"/>'
        + packages.flow("begin", "first")
        + packages.flow("first", "decide")
        + packages.flow("decide", "after")
        + packages.flow("after", "finish")
    )
    content = {"package.toml": tickets.manifest(key), "process.bpmn": process}
    deployments.deploy(SYSTEM, packages.packages.from_files(content))
