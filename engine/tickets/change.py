"""One change of one ticket: the locked row, what it becomes, and what history says of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from engine import changes, rows
from engine.access.policy import Actor
from engine.approvals.ledger import Ledger
from engine.db import Base
from engine.deployments.catalogue import Loaded
from engine.events import Event, record
from engine.processes.execution import Outcome
from engine.processes.models import History
from engine.processes.values import storable
from engine.rows import Sender
from engine.tickets import following
from engine.tickets.models import StoredFile, Ticket

_ticket = Base.metadata.tables[Ticket.__tablename__]
_history = Base.metadata.tables[History.__tablename__]
_file = Base.metadata.tables[StoredFile.__tablename__]
_claim = (
    update(_file)
    .where(_file.c.id == bindparam("key"), _file.c.ticket_id.is_(None))
    .values(ticket_id=bindparam("ticket"))
)
_update = update(_ticket).where(_ticket.c.id == bindparam("key"))

ENDED = ("resolved", "closed", "cancelled")

# A write that belongs to the change: it gets the sender and the ticket's id.
Write = Callable[[Sender, int], object]


class Change:
    """Collects what a command does to a ticket and writes it in two statements (three with files).

    `row` is anything with the ticket's columns as attributes, read under its lock.
    """

    def __init__(self, actor: Actor, row: Any, version: Loaded, at: datetime) -> None:
        self.actor = actor
        self.row = row
        self.version = version
        self.at = at
        self.columns: dict[str, Any] = {}
        self.claims: set[str] = set()  # files that the answers bring to the ticket
        self.later: list[Write] = []  # carried out with the ticket's own row
        self.decided: Ledger | None = None  # an approval that ends with it, not yet written
        self._facts: list[tuple[str, str | None, dict[str, Any]]] = []
        self._followed = False

    def now(self, column: str) -> Any:
        """A column as this change leaves it."""
        return self.columns[column] if column in self.columns else getattr(self.row, column)

    def put(self, column: str, value: Any) -> bool:
        """Sets a column; whether that makes a difference."""
        if self.now(column) == value:
            return False
        self.columns[column] = value
        return True

    def fact(self, kind: str, element: str | None = None, **data: Any) -> None:
        """Notes something for the history."""
        self._facts.append((kind, element, storable(data)))

    @property
    def facts(self) -> int:
        """How many facts were noted."""
        return len(self._facts)

    @property
    def noted(self) -> Sequence[tuple[str, str | None, Mapping[str, Any]]]:
        """The facts so far: kind, element, data."""
        return self._facts

    def follow(self) -> None:
        """Lets clocks, notices and the like take note; once, when all else is known."""
        if not self._followed:
            self._followed = True
            following.follow(self)

    def move_to(self, status: str) -> None:
        """Gives the ticket a status of its type."""
        before = self.now("status")
        if not self.put("status", status):
            return
        category = self.version.status(status).category
        self.put("category", category)
        self.put("closed_at", self.at if category in ("closed", "cancelled") else None)
        self.fact("status_changed", before=before, after=status, category=category)

    def take(self, outcome: Outcome) -> None:
        """Takes over what a run of the process came to: status, people, facts."""
        for decision in outcome.decisions:
            self.fact(
                "decision_evaluated",
                decision.element,
                decision=decision.decision,
                outputs=decision.outputs,
            )
        for thrown in outcome.thrown:
            self.fact(f"{thrown.kind}_sent", thrown.element, name=thrown.name)
        for cancelled in outcome.cancelled:
            self.fact("task_cancelled", task=cancelled)
        for opening in outcome.opened:
            self.fact(
                "task_opened",
                opening.task.element,
                task=opening.task.id,
                assignee=opening.assignee,
                candidates=list(opening.candidates),
                due=opening.due,
            )
        self._hand_over(outcome)
        status = outcome.status
        if outcome.ended:
            final = status or self.now("status")
            if self.version.status(final).category not in ENDED:
                closing = self.version.manifest.closing_status
                status = closing.key if closing is not None else status
        if status is not None:
            self.move_to(status)

    def _hand_over(self, outcome: Outcome) -> None:
        """The ticket's assignee follows its tasks; while the requester is asked, nobody changes."""
        for opening in outcome.opened:
            if opening.assignee is not None:
                if opening.assignee != self.now("requester"):
                    self.put("assignee", opening.assignee)
                    return
                continue
            self.put("assignee", None)
            group = next((c[6:] for c in opening.candidates if c.startswith("group:")), None)
            if group is not None:
                self.put("group_key", group)
            return

    def save(self, sender: Sender, *, new: bool = False) -> int:
        """Writes ticket and history, tells reactions and streams; the ticket's new rev.

        A new ticket's own row is written by its creator, with `facts` as its history_seq, after it
        has called `follow`.
        """
        self.follow()
        start = 0 if new else self.row.history_seq
        rev: int = 1 if new else self.row.rev + 1
        if not new:
            sender.execute(
                _update,
                {
                    **self.columns,
                    "key": self.row.id,
                    "rev": rev,
                    "history_seq": start + len(self._facts),
                    "updated_at": self.at,
                },
            )
        for file_id in sorted(self.claims):
            sender.execute(_claim, {"key": file_id, "ticket": self.row.id})
        rows.insert(sender, _history, self._history(start))
        for write in self.later:
            write(sender, self.row.id)
        for kind, element, data in self._facts:
            record(Event(self.row.id, kind, self.actor.username, element, data))
        changes.announce(self.row.id, self.row.number, rev)
        return rev

    def _history(self, start: int) -> list[Mapping[str, Any]]:
        return [
            {
                "ticket_id": self.row.id,
                "seq": start + index,
                "at": self.at,
                "actor": self.actor.username,
                "kind": kind,
                "element": element,
                "data": data,
            }
            for index, (kind, element, data) in enumerate(self._facts, 1)
        ]
