"""Jobs of processes: timers that fire, service tasks that are done, messages that arrive."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine import clock
from engine.access.policy import SYSTEM
from engine.db import db
from engine.deployments import catalogue
from engine.errors import NotFound
from engine.jobs import handlers, queue
from engine.processes.execution import Execution
from engine.processes.runtime import ProcessFault
from engine.tickets import incidents, locking, operations, running
from engine.tickets.change import Change
from engine.tickets.locking import wait

MAX_RECEIVERS = 1000  # of one signal

Act = Callable[[Connection, Change, Execution], bool]

_receivers = (
    select(wait.c.id, wait.c.ticket_id, wait.c.correlation)
    .where(wait.c.kind == bindparam("what"), wait.c.name == bindparam("message"))
    .order_by(wait.c.created_at, wait.c.id)
    .limit(MAX_RECEIVERS)
)


@handlers.register("timer", together=True)
def fire_timer(job_id: int, payload: dict[str, Any]) -> None:
    """Fires one timer of a ticket; does nothing when the token no longer waits for it."""
    take(payload["ticket"], timer(payload["wait"]), {"do": "timer", "wait": payload["wait"]})


@handlers.register("service", together=True)
def do_service(job_id: int, payload: dict[str, Any]) -> None:
    """Does one service task of a ticket and lets its process go on."""
    service_id = payload["service"]
    take(payload["ticket"], service(service_id), {"do": "service", "service": service_id})


@handlers.register("deliver", together=True)
def deliver_message(job_id: int, payload: dict[str, Any]) -> None:
    """Hands a message or signal to one wait of one ticket."""
    retry = {
        "do": "message",
        "wait": payload["wait"],
        "name": payload["name"],
        "payload": payload["payload"],
    }
    take(payload["ticket"], message(payload["wait"], payload["name"], payload["payload"]), retry)


@handlers.register("message")
def route_message(job_id: int, payload: dict[str, Any]) -> None:
    """Finds who waits for a thrown message (one ticket) or signal (all), a job for each."""
    connection = db.session.connection()
    found = connection.execute(
        _receivers, {"what": payload["kind"], "message": payload["name"]}
    ).all()
    if payload["kind"] == "message":
        wanted = payload["correlation"]
        found = [one for one in found if one.correlation is None or one.correlation == wanted][:1]
    if not found:
        _unclaimed(connection, payload)
    queue.enqueue_many(
        connection,
        [
            queue.Entry(
                kind="deliver",
                payload={
                    "ticket": one.ticket_id,
                    "wait": one.id,
                    "name": payload["name"],
                    "payload": payload["payload"],
                },
                order_key=f"ticket:{one.ticket_id}",
            )
            for one in found
        ],
    )


@handlers.when_retries_end
def give_up(job_id: int, kind: str, payload: dict[str, Any], reason: str) -> None:
    """Makes a job of a ticket that was given up a process incident with a retry."""
    if "ticket" not in payload:
        return
    retries: Mapping[str, dict[str, Any]] = {
        "timer": {"do": "timer", "wait": payload.get("wait")},
        "service": {"do": "service", "service": payload.get("service")},
        "deliver": {"do": "message", **{k: payload.get(k) for k in ("wait", "name", "payload")}},
    }
    if kind in retries:
        incidents.open_incident(
            payload["ticket"], "job-failed", None, {"reason": reason[:500]}, retries[kind]
        )


def timer(wait_id: str) -> Act:
    """The firing of a timer as an act on a process."""

    def act(connection: Connection, change: Change, execution: Execution) -> bool:
        waited = execution.waits.get(wait_id)
        if waited is None or not execution.instance.fire_timer(wait_id):
            return False
        change.fact("timer_fired", waited.element, due=waited.due)
        return True

    return act


def message(wait_id: str, name: str, payload: Mapping[str, Any]) -> Act:
    """The arrival of a message as an act on a process."""

    def act(connection: Connection, change: Change, execution: Execution) -> bool:
        waited = execution.waits.get(wait_id)
        if waited is None or not execution.instance.deliver(wait_id, dict(payload)):
            return False
        change.fact(f"{waited.kind}_received", waited.element, name=name)
        return True

    return act


def service(service_id: str) -> Act:
    """The doing of a service task as an act on a process."""

    def act(connection: Connection, change: Change, execution: Execution) -> bool:
        open_service = execution.services.get(service_id)
        if open_service is None:
            return False
        operation = operations.OPERATIONS.get(open_service.operation)
        if operation is None:
            raise ProcessFault(
                "operation-unknown", open_service.element, operation=open_service.operation
            )
        result = operation(connection, change, open_service.parameters)
        execution.instance.complete_service(service_id, dict(result))
        change.fact("service_called", open_service.element, operation=open_service.operation)
        return True

    return act


def nothing(connection: Connection, change: Change, execution: Execution) -> bool:
    """No act of its own: the process just runs on from where it is."""
    return True


def take(ticket_id: int, act: Act, retry: Mapping[str, Any]) -> None:
    """Lets a ticket's process act within the current command; a fault becomes an incident.

    The process is asked before anything is written, so that after a fault the transaction still
    holds nothing but what the caller brought, and the incident commits with the end of the job.
    """
    connection = db.session.connection()
    try:
        row = locking.by_id(connection, ticket_id)
    except NotFound:
        return
    version = catalogue.version(row.version_id)
    change = Change(SYSTEM, row, version, clock.now())
    try:
        attempt(connection, change, act)
    except ProcessFault as fault:
        change = Change(SYSTEM, row, version, change.at)
        incidents.note(
            connection, change, ticket_id, fault.code, fault.element, fault.params, retry
        )
        change.save(connection)


def attempt(connection: Connection, change: Change, act: Act) -> bool:
    """Acts on the process and writes what came of it; False when there was nothing to do."""
    return running.step(connection, change, partial(act, connection, change)) is not None


def _unclaimed(connection: Connection, payload: Mapping[str, Any]) -> None:
    row = locking.by_id(connection, payload["from"])
    change = Change(SYSTEM, row, catalogue.version(row.version_id), clock.now())
    change.fact("message_unclaimed", name=payload["name"], correlation=payload["correlation"])
    change.save(connection)
