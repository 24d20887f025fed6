"""How the clocks of a ticket follow its changes: read from the locked row, moved, written with it.

A ticket whose package says nothing of service levels costs one look-up here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from engine.access.policy import Actor
from engine.deployments.catalogue import Loaded
from engine.rows import Sender
from engine.sla import agreement, clocks, escalation, keeping, rulebook
from engine.sla import board as boards
from engine.sla.board import Board
from engine.sla.moments import Moment
from engine.sla.rules import Book, Chosen

STAFF = ("agent", "manager", "process_owner", "administrator")
_TICKET_FIELDS = (
    "number",
    "type",
    "title",
    "priority",
    "status",
    "category",
    "requester",
    "created_by",
    "assignee",
    "created_at",
)
# Of these names the ticket's own holds; of any other, an answer with that key comes first.
_OF_TICKET = frozenset({"number", "type", "priority", "requester", "created_by", "assignee"})


class Change(Protocol):
    """What the clocks want to know of a change of a ticket, and may do to it."""

    actor: Actor
    row: Any
    version: Loaded
    at: datetime
    columns: dict[str, Any]
    later: list[Callable[[Sender, int], object]]

    def now(self, column: str) -> Any: ...
    def put(self, column: str, value: Any) -> bool: ...
    def fact(self, kind: str, element: str | None = None, **data: Any) -> None: ...
    @property
    def noted(self) -> Sequence[tuple[str, str | None, Mapping[str, Any]]]: ...


class Scope(Mapping[str, Any]):
    """What conditions of policies may speak of: ticket, contract, the answers, as they are now."""

    __slots__ = ("_column", "_contract")

    def __init__(
        self, column: Callable[[str], Any], contract: Mapping[str, Any] | None = None
    ) -> None:
        self._column = column
        self._contract = contract

    def __getitem__(self, name: str) -> Any:
        if name == "ticket":
            fields = {field: self._column(field) for field in _TICKET_FIELDS}
            fields["group"] = self._column("group_key")
            return fields
        if name == "contract":
            return dict(self._contract or {})
        if name == "group":
            return self._column("group_key")
        if name in _OF_TICKET:
            return self._column(name)
        values = self._column("values")
        if name in values:
            return values[name]
        if name in agreement.NAMES:
            return (self._contract or {}).get(name)
        if name not in _TICKET_FIELDS:
            raise KeyError(name)
        return self._column(name)

    def __iter__(self) -> Iterator[str]:
        yield from ("ticket", "contract", "group", *_TICKET_FIELDS, *agreement.NAMES)
        yield from self._column("values").keys() - {*_TICKET_FIELDS, *agreement.NAMES}

    def __len__(self) -> int:
        return sum(1 for _ in self)


def follow(change: Change) -> None:
    """Moves the clocks of a ticket with a change of it."""
    book = change.version.derived(rulebook.of)
    if not book:
        return
    board = board_of(change)
    moment = moment_of(change)
    scope = Scope(change.now, board.contract)

    def choose(key: str) -> Chosen | None:
        return book.choose(key, scope, rulebook.calendar, board.contract)

    board.apply(moment, book.clocks, choose, rulebook.calendar, change.now("created_at"))
    _catch_up(board, book, change.at)
    keeping.keep(change, board, book)


def board_of(change: Change) -> Board:
    """The clocks of the ticket as the change has them by now."""
    return boards.unpacked(change.now("clocks"))


def _catch_up(board: Board, book: Book, at: datetime) -> None:
    for key in {event.clock for event in board.events if event.kind in ("retargeted", "started")}:
        clock = board.clocks[key]
        if clock.is_open:
            skipped = escalation.catch_up(clock, book, at, rulebook.calendar(clock.calendar))
            if skipped:
                at = clocks.whole(at)
                board.events.append(clock.event("steps_skipped", at, steps=skipped))


def moment_of(change: Change) -> Moment:
    """A change as the clocks see it."""
    noted, row, who = change.noted, change.row, change.actor
    created = any(kind == "ticket_created" for kind, _, _ in noted)
    requester = change.now("requester")
    theirs = who.username == requester
    staff = not theirs and who.has(*STAFF)
    opened: dict[str, str] = {}
    ended: set[str] = set()
    rounds_opened, rounds_decided = [], []
    spoke = acted = asked = noticed = False
    for kind, element, data in noted:
        if kind == "comment_added":
            spoke = spoke or (data.get("visibility") == "public" and not data.get("automatic"))
        elif kind == "task_opened":
            opened[data["task"]] = element or ""
            asked = asked or (data.get("assignee") == requester and not created)
        elif kind in ("task_completed", "task_cancelled"):
            ended.add(data["task"])
            acted = acted or kind == "task_completed"
        elif kind == "task_claimed":
            acted = True
        elif kind == "ticket_acknowledged":
            noticed = True
        elif kind == "approval_opened":
            rounds_opened.append(data["task"])
        elif kind == "approval_decided":
            rounds_decided.append(data["task"])
    owner, group = change.now("assignee"), change.now("group_key")
    came = created or row.group_key != group or (row.assignee is not None and owner is None)
    return Moment(
        at=change.at,
        before=None if created else row.category,
        after=change.now("category"),
        requester_spoke=theirs and (spoke or acted) and not created,
        agent_spoke=staff and not created and (spoke or (acted and asked)),
        by_requester=change.now("created_by") == requester,
        acknowledged=noticed or (staff and not created and (spoke or acted)),
        queued=came and group is not None,
        group=group,
        owner=owner,
        opened=opened,
        ended=frozenset(ended),
        rounds_opened=tuple(rounds_opened),
        rounds_decided=tuple(rounds_decided),
    )
