"""One command's work on one process: load it, let it act, and write what became of it.

Everything here happens in the transaction of the command that asks for it;
the caller holds the lock of the ticket.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update

from engine.db import Base
from engine.deployments.catalogue import Loaded
from engine.jobs import queue
from engine.jobs.models import NORMAL, URGENT
from engine.processes import definitions, waiting
from engine.processes.models import ProcessInstance
from engine.processes.runtime import (
    DecisionMade,
    Host,
    Instance,
    OpenService,
    OpenTask,
    Step,
    Thrown,
    Wait,
)
from engine.processes.values import storable
from engine.rows import Sender

_instance = Base.metadata.tables[ProcessInstance.__tablename__]
_insert = insert(_instance)
_update = (
    update(_instance)
    .where(_instance.c.ticket_id == bindparam("ticket"))
    .values(
        rev=_instance.c.rev + 1,
        state=bindparam("new_state"),
        visited=bindparam("new_visited"),
        status=bindparam("new_status"),
        ended_at=bindparam("ended"),
    )
)

# For whom a new task is; the ticket's side knows people, this side knows tokens.
Resolve = Callable[[OpenTask], waiting.Opening]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run changed, for the ticket's own rows and its history."""

    opened: Sequence[waiting.Opening]
    cancelled: Sequence[str]
    remaining: Sequence[OpenTask]  # open before and still open
    steps: Sequence[Step]
    decisions: Sequence[DecisionMade]
    thrown: Sequence[Thrown]
    ended: bool
    status: str | None  # the status property of the last element a token entered


@dataclass(slots=True)
class Execution:
    """A process in the hand of a command, with what it looked like before."""

    version: Loaded
    instance: Instance
    visited: dict[str, int]
    tasks: dict[str, OpenTask] = field(default_factory=dict)
    waits: dict[str, Wait] = field(default_factory=dict)
    services: dict[str, OpenService] = field(default_factory=dict)

    @classmethod
    def begin(cls, version: Loaded, variables: dict[str, Any], host: Host) -> "Execution":
        """A new process that has not taken a step."""
        definition = definitions.of(version)
        return cls(version, Instance.start(definition, variables=variables, host=host), {})

    @classmethod
    def resume(
        cls, version: Loaded, state: bytes, visited: Mapping[str, int], host: Host
    ) -> "Execution":
        """A process as it was saved."""
        instance = Instance.load(definitions.of(version), state, host=host)
        return cls(
            version,
            instance,
            dict(visited),
            {task.id: task for task in instance.tasks},
            {wait.id: wait for wait in instance.waits},
            {service.id: service for service in instance.services},
        )

    def settle(self, resolve: Resolve, completed: str | None = None) -> Outcome:
        """What the run came to, before anything is written; `completed` is the task just done."""
        instance = self.instance
        tasks = {task.id: task for task in instance.tasks}
        steps = instance.steps
        status = None
        for step in steps:
            if step.event == "entered":
                self.visited[step.element] = self.visited.get(step.element, 0) + 1
                status = step.status or status
        return Outcome(
            opened=[resolve(task) for key, task in tasks.items() if key not in self.tasks],
            cancelled=[key for key in self.tasks if key not in tasks and key != completed],
            remaining=[task for key, task in tasks.items() if key in self.tasks],
            steps=steps,
            decisions=instance.decisions,
            thrown=instance.thrown,
            ended=instance.ended,
            status=status,
        )

    def write(
        self,
        sender: Sender,
        ticket_id: int,
        outcome: Outcome,
        at: datetime,
        *,
        urgent: bool = False,
        new: bool = False,
        weight: int = 1,
    ) -> None:
        """Writes state, tasks, waits and jobs; the row of a completed task is the caller's."""
        lane = URGENT if urgent else NORMAL
        self._save_instance(sender, ticket_id, self.instance.dump(), at, new)
        waiting.open_tasks(sender, ticket_id, self.version.id, outcome.opened, at, weight)
        waiting.cancel_tasks(sender, outcome.cancelled, at)
        self._save_waits(sender, ticket_id, lane, at)
        self._enqueue(sender, ticket_id, lane)

    def _save_instance(
        self, sender: Sender, ticket_id: int, state: bytes, at: datetime, new: bool
    ) -> None:
        ended = self.instance.ended
        if new:
            sender.execute(
                _insert,
                {
                    "ticket_id": ticket_id,
                    "version_id": self.version.id,
                    "rev": 1,
                    "status": "ended" if ended else "running",
                    "state": state,
                    "visited": self.visited,
                    "started_at": at,
                    "ended_at": at if ended else None,
                },
            )
            return
        sender.execute(
            _update,
            {
                "ticket": ticket_id,
                "new_state": state,
                "new_visited": self.visited,
                "new_status": "ended" if ended else "running",
                "ended": at if ended else None,
            },
        )

    def _save_waits(self, sender: Sender, ticket_id: int, lane: int, at: datetime) -> None:
        now = {wait.id: wait for wait in self.instance.waits}
        waiting.remove_waits(sender, [key for key in self.waits if key not in now])
        waiting.add_waits(
            sender, ticket_id, [w for key, w in now.items() if key not in self.waits], lane, at
        )
        moved = [w for key, w in now.items() if key in self.waits and w.due != self.waits[key].due]
        waiting.move_timers(sender, ticket_id, moved, lane)

    def _enqueue(self, sender: Sender, ticket_id: int, lane: int) -> None:
        jobs = [
            queue.Entry(
                kind="service",
                payload={"ticket": ticket_id, "service": service.id},
                lane=lane,
                order_key=f"ticket:{ticket_id}",
            )
            for service in self.instance.services
            if service.id not in self.services
        ]
        jobs += [
            queue.Entry(
                kind="message",
                payload={
                    "from": ticket_id,
                    "kind": thrown.kind,
                    "name": thrown.name,
                    "correlation": thrown.correlation,
                    "payload": storable(dict(thrown.payload)),
                },
                lane=lane,
            )
            for thrown in self.instance.thrown
            if thrown.kind in ("message", "signal")
        ]
        queue.enqueue_many(sender, jobs)
