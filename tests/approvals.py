"""Ticket types with an approval step, and the short way to a ticket that waits in it."""

from typing import Any

from tests import packages, tickets
from tests.clients import Client

CLOSING = (
    'rejected = { category = "cancelled", zh-CN = "已拒绝", en = "Rejected" }\n'
    'withdrawn = { category = "cancelled", zh-CN = "已撤回", en = "Withdrawn" }\n'
)


def process(**properties: str) -> bytes:
    """prepare (by the requester) -> approve -> the end, or on a refusal the end `refused`."""
    settings = {"approval": "all", "when_empty": "admin", "status": "handling", **properties}
    return packages.bpmn(
        '<bpmn:startEvent id="begin"/>'
        + packages.user_task("prepare", "准备", assignee="=ticket.requester", status="fresh")
        + packages.user_task("approve", "审批", **settings)
        + '<bpmn:exclusiveGateway id="decided" default="decided_refused"/>'
        + packages.user_task("finish_up", "收尾", assignee="=ticket.requester", status="handling")
        + '<bpmn:endEvent id="done"/><bpmn:endEvent id="refused">'
        "<bpmn:extensionElements><spiffworkflow:properties>"
        '<spiffworkflow:property name="status" value="rejected"/>'
        "</spiffworkflow:properties></bpmn:extensionElements></bpmn:endEvent>"
        + packages.flow("begin", "prepare")
        + packages.flow("prepare", "approve")
        + packages.flow("approve", "decided")
        + tickets.condition("decided", "finish_up", 'approve_outcome = "approved"')
        + packages.flow("decided", "refused")
        + packages.flow("finish_up", "done")
    )


def deploy(key: str = "buy", **properties: str) -> int:
    """A type with one approval of these settings."""
    return tickets.deploy(key, process(**properties), CLOSING)


def waiting(requester: Client, key: str = "buy", **more: Any) -> tuple[dict[str, Any], str]:
    """A ticket whose requester has prepared it, and the id of its approval."""
    ticket = tickets.create(requester, key, **more)
    done = tickets.complete(requester, ticket["tasks"][0])
    assert done.status_code == 200, done.get_json()
    return ticket, done.get_json()["tasks"][0]["id"]


def act(client: Client, task: str, action: str, **more: Any) -> Any:
    """Acts on an approval; the response."""
    return client.post(f"/api/v1/approvals/{task}/actions", json={"action": action, **more})


def ledger(client: Client, task: str) -> dict[str, Any]:
    """The ledger as somebody sees it."""
    response = client.get(f"/api/v1/approvals/{task}")
    assert response.status_code == 200, response.get_json()
    found: dict[str, Any] = response.get_json()
    return found


def states(found: dict[str, Any], number: int = 0) -> dict[str, str]:
    """person → the state of the last seat in a round."""
    return {seat["person"]: seat["state"] for seat in found["rounds"][number]["seats"]}
