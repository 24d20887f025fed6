"""The ledger of one approval step in memory: what it was when it was read, what it is now."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from os import urandom
from typing import Any

from engine.approvals.setting import Setting

# Seats that may still have a say, and those whose person can do something now.
PENDING = frozenset({"waiting", "open", "delegated"})
DECIDED = frozenset({"agreed", "rejected", "expired"})
GONE = frozenset({"transferred", "removed"})


def new_id() -> str:
    """An id that needs no database."""
    return urandom(16).hex()


@dataclass(slots=True)
class Seat:
    """One person's part in a round; `kind` is approver, or without a vote: delegate, consult."""

    id: str
    round_id: str
    place: int
    person: str
    kind: str = "approver"
    state: str = "waiting"
    weight: int = 1
    principal: str | None = None
    added_by: str | None = None
    for_seat: str | None = None
    replaced_by: str | None = None
    mark: str | None = None
    comment: str | None = None
    signature: str | None = None
    draft: dict[str, Any] | None = None
    form_hash: str | None = None
    deadline: datetime | None = None
    opened_at: datetime | None = None
    acted_at: datetime | None = None

    @property
    def votes(self) -> bool:
        """Whether what is said here counts."""
        return self.kind == "approver"


@dataclass(slots=True)
class Round:
    """People who are asked together."""

    id: str
    setting: Setting
    parent_seat: str | None = None
    placement: str | None = None
    state: str = "open"
    outcome: str | None = None
    actions: int = 0
    urges: int = 0
    urged_at: datetime | None = None
    target: str | None = None
    resubmit: str | None = None
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    seats: list[Seat] = field(default_factory=list)

    @property
    def voting(self) -> list[Seat]:
        """The seats that count, or counted before the round was decided, in their order."""
        return [seat for seat in self.seats if seat.votes and seat.state not in GONE]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something done, for the timeline."""

    seq: int
    at: datetime
    actor: str
    action: str
    seat: str | None
    comment: str | None
    data: dict[str, Any]


@dataclass(slots=True)
class Ledger:
    """All rounds of a step, the step's own first.

    `limit` says by when a seat opened at a time has to be acted on, None without a limit.
    """

    task_id: str
    element: str
    rounds: list[Round]
    limit: Callable[[datetime], datetime | None] = lambda at: None
    entries: list[Entry] = field(default_factory=list)

    @property
    def main(self) -> Round:
        """The step's own round."""
        return self.rounds[0]

    @property
    def ended(self) -> bool:
        """Whether it has come to an outcome."""
        return self.main.state == "ended"

    def seats(self) -> Iterator[Seat]:
        """Every seat."""
        for one in self.rounds:
            yield from one.seats

    def seat(self, seat_id: str | None) -> Seat | None:
        """The seat of an id."""
        return next((seat for seat in self.seats() if seat.id == seat_id), None)

    def round_of(self, seat: Seat) -> Round:
        """The round that a seat is in."""
        return next(one for one in self.rounds if one.id == seat.round_id)

    def beneath(self, seat: Seat) -> list[Round]:
        """The rounds that somebody has added at a seat."""
        return [one for one in self.rounds if one.parent_seat == seat.id]

    def open_seats(self) -> list[Seat]:
        """Whom it is waiting for."""
        return [seat for seat in self.seats() if seat.state == "open"]

    def of(self, person: str) -> list[Seat]:
        """The seats of a person."""
        return [seat for seat in self.seats() if seat.person == person]

    def open(self, seat: Seat, at: datetime) -> None:
        """It is somebody's turn."""
        seat.state = "open"
        seat.opened_at = seat.opened_at or at
        seat.deadline = self.limit(at)

    def close(self, seat: Seat, state: str, at: datetime) -> None:
        """Nothing more is asked of somebody."""
        seat.state = state
        seat.deadline = None
        seat.acted_at = at

    def note(
        self,
        at: datetime,
        actor: str,
        action: str,
        seat: Seat | None = None,
        comment: str | None = None,
        **data: Any,
    ) -> None:
        """Writes into the timeline."""
        self.main.actions += 1
        number, seat_id = self.main.actions, seat.id if seat else None
        self.entries.append(Entry(number, at, actor, action, seat_id, comment or None, data))

    def copy(self) -> "Ledger":
        """As it is now, to be compared with later."""
        rounds = [replace(one, seats=[replace(seat) for seat in one.seats]) for one in self.rounds]
        return Ledger(self.task_id, self.element, rounds, self.limit, list(self.entries))
