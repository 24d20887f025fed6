"""Steps that a process cannot take: nothing is lost, and they can be taken again."""

from flask import Flask

from tests import packages, tickets
from tests.conftest import AsUser


def _gate(text: str) -> bytes:
    return packages.bpmn(
        '<bpmn:startEvent id="begin"/>'
        + packages.user_task("handle", "处理", form="report", status="handling")
        + '<bpmn:exclusiveGateway id="choice" default="choice_finish"/>'
        + '<bpmn:endEvent id="finish"/><bpmn:endEvent id="other"/>'
        + packages.flow("begin", "handle")
        + packages.flow("handle", "choice")
        + packages.flow("choice", "finish")
        + tickets.condition("choice", "other", text)
    )


_FORM = packages.form("report", amount={"kind": "number"})


def test_a_condition_that_is_no_boolean_is_an_incident_and_can_be_retried(
    app: Flask, as_user: AsUser
) -> None:
    tickets.deploy("gate", _gate("amount &gt; 100"), report=_FORM)
    lina, owner = as_user("lina"), as_user("chenjing")
    ticket = tickets.create(lina, "gate")
    path = f"/api/v1/tickets/{ticket['number']}"

    stuck = tickets.complete(lina, ticket["tasks"][0])

    assert (stuck.status_code, stuck.get_json()["code"]) == (409, "process-stuck")
    seen = lina.get(path).get_json()
    assert [one["element"] for one in seen["tasks"]] == ["handle"]
    assert [one["code"] for one in seen["process_incidents"]] == ["condition-not-boolean"]
    [incident] = owner.get("/api/v1/process-incidents").get_json()["items"]
    assert (incident["ticket"], incident["element"]) == (ticket["number"], "choice_other")
    assert lina.get("/api/v1/process-incidents").status_code == 403

    tickets.complete(lina, ticket["tasks"][0])
    [incident] = owner.get("/api/v1/process-incidents").get_json()["items"]
    assert incident["attempts"] == 2
    lina.patch(path, json={"values": {"amount": 5}})
    retried = owner.post(f"/api/v1/process-incidents/{incident['id']}/retry")
    assert retried.status_code == 200, retried.get_json()
    seen = lina.get(path).get_json()
    assert seen["process_incidents"] == []
    assert seen["status"]["key"] == "done"
    facts = lina.get(f"{path}/history").get_json()["items"]
    assert [one["seq"] for one in facts] == list(range(1, len(facts) + 1))
    again = owner.post(f"/api/v1/process-incidents/{incident['id']}/retry")
    assert again.status_code == 409


def test_a_process_that_cannot_start_keeps_the_ticket(app: Flask, as_user: AsUser) -> None:
    process = packages.bpmn(
        '<bpmn:startEvent id="begin"/>'
        '<bpmn:exclusiveGateway id="choice"/>'
        + packages.user_task("handle", "处理")
        + packages.user_task("other", "别的")
        + '<bpmn:endEvent id="finish"/>'
        + packages.flow("begin", "choice")
        + tickets.condition("choice", "handle", "amount &gt; 100")
        + tickets.condition("choice", "other", "amount &lt;= 100")
        + packages.flow("handle", "finish")
        + packages.flow("other", "finish")
    )
    tickets.deploy("gate", process, report=_FORM)
    lina, owner = as_user("lina"), as_user("chenjing")

    ticket = tickets.create(lina, "gate")

    assert ticket["tasks"] == []
    assert ticket["status"]["category"] == "new"
    path = f"/api/v1/tickets/{ticket['number']}"
    lina.patch(path, json={"values": {"amount": 500}})
    [incident] = owner.get("/api/v1/process-incidents").get_json()["items"]
    assert owner.post(f"/api/v1/process-incidents/{incident['id']}/retry").status_code == 200
    assert [one["element"] for one in lina.get(path).get_json()["tasks"]] == ["handle"]
