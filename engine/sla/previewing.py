"""What the clocks of a made-up ticket would say after each of a list of events; nothing is kept."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.sla import escalation, rulebook
from engine.sla.board import Board
from engine.sla.clocks import Clock
from engine.sla.moments import Moment
from engine.sla.rules import Book
from workflows.sla import Document

KINDS = (
    "created",
    "requester_message",
    "agent_reply",
    "acknowledged",
    "status",
    "assigned",
    "queued",
    "values",
    "task_opened",
    "task_ended",
    "round_opened",
    "round_decided",
    "nothing",
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a made-up ticket; what `data` holds depends on the kind."""

    at: datetime
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """The clocks right after an event, and when each of their steps would be due."""

    at: datetime
    clocks: Sequence[Clock]
    steps: Sequence[tuple[str, int, datetime]]


class _Ticket:
    """As much of a ticket as clocks look at."""

    def __init__(self) -> None:
        self.category: str | None = None
        self.created_at: datetime | None = None
        self.owner: str | None = None
        self.group: str | None = None
        self.scope: dict[str, Any] = {"priority": "P3"}

    def take(self, one: Happening) -> Moment:
        before, data, kind = self.category, one.data, one.kind
        self.created_at = self.created_at or one.at
        self.scope.update(data.get("values") or {})
        self.category = data.get("category") or before or "new"
        if kind == "assigned":
            self.owner = data.get("user")
        if "group" in data:
            self.group = data["group"]
        self.scope |= {"assignee": self.owner, "group": self.group}
        named = str(data.get("id") or data.get("element") or "")
        return Moment(
            at=one.at,
            before=before,
            after=self.category,
            requester_spoke=kind == "requester_message",
            agent_spoke=kind == "agent_reply",
            by_requester=True,
            acknowledged=kind in ("acknowledged", "agent_reply"),
            queued=kind == "queued" or (before is None and self.group is not None),
            group=self.group,
            owner=self.owner,
            opened={named: str(data.get("element"))} if kind == "task_opened" else {},
            ended=frozenset({named}) if kind == "task_ended" else frozenset(),
            rounds_opened=(named,) if kind == "round_opened" else (),
            rounds_decided=(named,) if kind == "round_decided" else (),
        )


def preview(document: Document, events: Sequence[Happening]) -> list[Standing]:
    """The clocks after each event, in the order in which the events happen."""
    book, board, ticket = Book(document), Board(), _Ticket()
    found = []
    for one in sorted(events, key=lambda event: event.at):
        moment = ticket.take(one)
        board.apply(
            moment,
            book.clocks,
            lambda key: book.choose(key, ticket.scope, rulebook.calendar),
            rulebook.calendar,
            ticket.created_at or one.at,
        )
        board.judge(one.at)
        found.append(
            Standing(
                one.at,
                list(deepcopy(board.clocks).values()),
                list(_steps(board, book)),
            )
        )
    return found


def _steps(board: Board, book: Book) -> Sequence[tuple[str, int, datetime]]:
    found = []
    for clock in board.clocks.values():
        calendar = rulebook.calendar(clock.calendar)
        for number, step in book.steps(clock):
            at = escalation.instant(clock, step, calendar)
            if at is not None:
                found.append((clock.key, number, at))
    return found
