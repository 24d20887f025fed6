"""Ticket types for tests of tickets, and the short way to a ticket in one of them."""

from typing import Any

from engine.access.policy import SYSTEM
from engine.deployments import commands as deployments
from tests import builders, packages
from tests.clients import Client

STATUSES = (
    "[statuses]\n"
    'fresh = { category = "new", zh-CN = "新建", en = "New" }\n'
    'handling = { category = "open", zh-CN = "处理中", en = "In progress" }\n'
    'asking = { category = "waiting", zh-CN = "等客户", en = "Waiting" }\n'
    'done = { category = "closed", zh-CN = "已办结", en = "Closed" }\n'
)


def manifest(key: str, intake: bool = False, more: str = "") -> bytes:
    """A package.toml with four statuses."""
    return (
        f'key = "{key}"\nnumber = "{key.upper()}-{{date}}-{{seq:4}}"\n'
        f'name = {{ zh-CN = "类型 {key}", en = "Type {key}" }}\n'
        + ('intake = "report"\n' if intake else "")
        + STATUSES
        + more
    ).encode()


def condition(source: str, target: str, text: str) -> str:
    """A sequence flow with a condition."""
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{text}'
        "</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )


def loop(**properties: str) -> bytes:
    """handle (solve, again, ask) -> back to handle, to the requester's task `reply`, or the end."""
    settings = {"status": "handling", "actions": "solve,again,ask", **properties}
    return packages.bpmn(
        '<bpmn:startEvent id="begin"/>'
        + packages.user_task("handle", "处理", **settings)
        + '<bpmn:exclusiveGateway id="choice" default="choice_handle"/>'
        + packages.user_task("reply", "补充", status="asking", assignee="=ticket.requester")
        + '<bpmn:endEvent id="finish"/>'
        + packages.flow("begin", "handle")
        + packages.flow("handle", "choice")
        + packages.flow("choice", "handle")
        + condition("choice", "finish", 'handle_action = "solve"')
        + condition("choice", "reply", 'handle_action = "ask"')
        + packages.flow("reply", "handle")
    )


def parallel(count: int = 4) -> bytes:
    """`count` tasks at once, work_0, work_1 …, then the end."""
    names = [f"work_{index}" for index in range(count)]
    return packages.bpmn(
        '<bpmn:startEvent id="begin"/><bpmn:parallelGateway id="split"/>'
        + "".join(packages.user_task(name, name, status="handling") for name in names)
        + '<bpmn:parallelGateway id="join"/><bpmn:endEvent id="finish"/>'
        + packages.flow("begin", "split")
        + "".join(packages.flow("split", name) + packages.flow(name, "join") for name in names)
        + packages.flow("join", "finish")
    )


def timed(duration: str = "PT1H") -> bytes:
    """handle with a boundary timer that ends the ticket."""
    return packages.bpmn(
        '<bpmn:startEvent id="begin"/>'
        + packages.user_task("handle", "处理", status="handling")
        + '<bpmn:boundaryEvent id="late" attachedToRef="handle"><bpmn:timerEventDefinition>'
        f"<bpmn:timeDuration>{duration}</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        '<bpmn:endEvent id="finish"/><bpmn:endEvent id="expired"/>'
        + packages.flow("begin", "handle")
        + packages.flow("handle", "finish")
        + packages.flow("late", "expired")
    )


def deploy(key: str, process: bytes, more: str = "", **files: bytes) -> int:
    """Deploys a type with this process; its version's id."""
    content = {"package.toml": manifest(key, bool(files), more), "process.bpmn": process}
    content |= {f"forms/{name}.json": data for name, data in files.items()}
    builders.group("it-desk")
    found = deployments.deploy(SYSTEM, packages.packages.from_files(content))
    return found.version_id


def create(client: Client, key: str, title: str = "三号产线停机", **more: Any) -> dict[str, Any]:
    """A ticket through the interface."""
    response = client.post("/api/v1/tickets", json={"type": key, "title": title, **more})
    assert response.status_code == 201, response.get_json()
    ticket: dict[str, Any] = response.get_json()
    return ticket


def complete(client: Client, task: dict[str, Any], action: str | None = None, **values: Any) -> Any:
    """Completes a task through the interface; the response."""
    return client.post(
        f"/api/v1/tasks/{task['id']}/complete", json={"values": values, "action": action}
    )
