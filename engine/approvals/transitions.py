"""Every action on an approval as a row of a table: whose, on which seats, to which state.

`may` and `refusal` read the table; the browser shows what `may` says and decides nothing itself.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.approvals.ledger import DECIDED, PENDING, Ledger, Round, Seat
from engine.errors import (
    EngineError,
    NoSeat,
    NotForSeat,
    NotYourTurn,
    RoundEnded,
    SeatClosed,
    WithdrawalRefused,
)

APPROVER = frozenset({"approver"})
ANYBODY = frozenset({"approver", "delegate", "consult"})


@dataclass(frozen=True, slots=True)
class Transition:
    """One action. `own`: on the caller's own seat of these kinds, which goes to state `to`.

    `others` are the parts that may take it without a seat; `records` is the fact of the history.
    """

    records: str
    own: frozenset[str] = frozenset()
    to: str | None = None  # None: the seat stays as it is
    others: frozenset[str] = frozenset()
    users: bool = False  # names other people


TRANSITIONS: Mapping[str, Transition] = {
    "agree": Transition("approval_acted", ANYBODY, "agreed"),
    "reject": Transition("approval_acted", ANYBODY, "rejected"),
    "return": Transition("approval_returned", APPROVER, "rejected"),
    "add_before": Transition("approval_added", APPROVER, "waiting", users=True),
    "add_after": Transition("approval_added", APPROVER, "agreed", users=True),
    "add_parallel": Transition("approval_added", APPROVER, users=True),
    "remove": Transition(
        "approval_removed", others=frozenset({"adder", "administrator"}), users=True
    ),
    "transfer": Transition(
        "approval_transferred",
        APPROVER,
        "transferred",
        frozenset({"administrator"}),
        users=True,
    ),
    "delegate": Transition("approval_delegated", APPROVER, "delegated", users=True),
    "consult": Transition("approval_consulted", APPROVER, users=True),
    "claim": Transition("approval_claimed", APPROVER),
    "release": Transition("approval_released", APPROVER),
    "withdraw": Transition("approval_withdrawn", others=frozenset({"requester", "voter"})),
    "urge": Transition(
        "approval_urged", others=frozenset({"requester", "supervisor", "administrator"})
    ),
    "cc": Transition(
        "approval_copied",
        APPROVER,
        others=frozenset({"requester", "supervisor", "administrator"}),
        users=True,
    ),
    "save": Transition("approval_saved", ANYBODY),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts, and what he is to the ticket beside his seats."""

    username: str
    is_requester: bool = False
    is_supervisor: bool = False
    is_administrator: bool = False


def own_seat(ledger: Ledger, person: str, action: str = "agree") -> Seat | None:
    """The seat that somebody means: one whose turn it is, else one that waits, else his last."""
    kinds = TRANSITIONS[action].own
    mine = ledger.of(person)
    for states in (("open",), ("waiting", "delegated")):
        for seat in mine:
            if seat.state in states and seat.kind in (kinds or ANYBODY):
                return seat
    return next((seat for seat in mine if seat.state == "open"), mine[-1] if mine else None)


def may(ledger: Ledger, caller: Caller) -> list[str]:
    """What somebody may do now, in the order of the table."""
    return [action for action in TRANSITIONS if refusal(ledger, caller, action) is None]


def seat_may(ledger: Ledger, caller: Caller, seat: Seat) -> list[str]:
    """What of it concerns one seat."""
    found = []
    for action, row in TRANSITIONS.items():
        if row.own and seat.person == caller.username:
            if refusal(ledger, caller, action) is None and _of_seat(ledger, seat, action) is None:
                found.append(action)
        elif action in _ON_SEATS and _ON_SEATS[action](ledger, caller, seat):
            found.append(action)
    return found


def refusal(
    ledger: Ledger, caller: Caller, action: str, seat: Seat | None = None
) -> EngineError | None:
    """Why somebody may not do something now; None: he may. `seat` is one that he names."""
    row = TRANSITIONS[action]
    if ledger.ended:
        mine = own_seat(ledger, caller.username, action) if row.own else None
        if mine is not None and mine.state in DECIDED:
            return SeatClosed(id=ledger.task_id, state=mine.state)
        return RoundEnded(id=ledger.task_id, state=ledger.main.outcome)
    if any(part in row.others for part in _parts(ledger, caller, action, seat)):
        return None
    if action == "withdraw":
        return _no_withdrawal(ledger, caller)
    if not row.own:
        return NoSeat(action=action)
    if seat is None:
        seat = own_seat(ledger, caller.username, action)
    if seat is None or seat.person != caller.username:
        return NoSeat(action=action)
    return _of_seat(ledger, seat, action)


def _of_seat(ledger: Ledger, seat: Seat, action: str) -> EngineError | None:
    """What the state of his own seat says of an action."""
    if seat.state in ("waiting", "delegated"):
        return NotYourTurn(action=action, state=seat.state)
    if seat.state != "open":
        return SeatClosed(id=ledger.task_id, state=seat.state)
    if seat.kind not in TRANSITIONS[action].own:
        return NotForSeat(action=action, seat=seat.kind)
    if action in ("claim", "release") and not _claimable(ledger.round_of(seat), seat, action):
        return NotForSeat(action=action, seat=seat.kind)
    return None


def _claimable(one: Round, seat: Seat, action: str) -> bool:
    """One of several of whom any may decide takes it on himself, or gives it back."""
    others = [each for each in one.voting if each is not seat]
    if one.setting.mode != "any":
        return False
    if action == "claim":
        return any(each.state == "open" for each in others)
    return any(each.mark == "unclaimed" and each.state == "waiting" for each in others)


def _parts(ledger: Ledger, caller: Caller, action: str, seat: Seat | None) -> Iterator[str]:
    """What somebody is to the ledger without a seat of his own."""
    if caller.is_administrator and (action != "transfer" or _named(seat, caller)):
        yield "administrator"
    if caller.is_supervisor:
        yield "supervisor"
    if caller.is_requester and (action != "withdraw" or _may_cancel(ledger)):
        yield "requester"
    if any(is_removable(ledger, caller, one) for one in ledger.seats()):
        yield "adder"
    if vote_of(ledger, caller.username) is not None:
        yield "voter"


def _named(seat: Seat | None, caller: Caller) -> bool:
    """An administrator moves the seat that he names, his own like everybody else."""
    return seat is not None and seat.person != caller.username and seat.state == "open"


def _administers(ledger: Ledger, caller: Caller, seat: Seat) -> bool:
    return caller.is_administrator and seat.state == "open" and not ledger.ended and seat.votes


def is_removable(ledger: Ledger, caller: Caller, seat: Seat) -> bool:
    """Whether somebody may take a seat away: he has added it, or is an administrator."""
    if ledger.ended or seat.state not in PENDING:
        return False
    return caller.is_administrator or seat.added_by == caller.username


def _may_cancel(ledger: Ledger) -> bool:
    """Whether the requester may still take his request back."""
    rule = ledger.main.setting.withdraw
    if rule == "unacted":
        return not any(seat.state in DECIDED and seat.mark is None for seat in ledger.seats())
    return rule == "any"


def _no_withdrawal(ledger: Ledger, caller: Caller) -> EngineError:
    if caller.is_requester or any(seat.state in DECIDED for seat in ledger.of(caller.username)):
        return WithdrawalRefused(id=ledger.task_id, rule=ledger.main.setting.withdraw)
    return NoSeat(action="withdraw")


def vote_of(ledger: Ledger, person: str) -> Seat | None:
    """The vote that somebody can still take back while the approval is running."""
    if ledger.ended:
        return None
    votes = _votes(ledger, person)
    return next((seat for seat in votes if ledger.round_of(seat).state == "open"), None)


def decided_vote(ledger: Ledger, person: str) -> Seat | None:
    """What somebody has said at an approval that is over, in the step's own round."""
    if not ledger.ended:
        return None
    return next((seat for seat in _votes(ledger, person) if seat in ledger.main.seats), None)


def _votes(ledger: Ledger, person: str) -> Iterator[Seat]:
    """What somebody has said where nobody who came after has acted on it."""
    for seat in ledger.of(person):
        one = ledger.round_of(seat)
        if not seat.votes or seat.state not in ("agreed", "rejected") or seat.mark:
            continue
        after = [each for inner in ledger.beneath(seat) for each in inner.seats]
        if one.setting.is_sequential:
            after += [each for each in one.voting if each.place > seat.place]
        if not any(each.state in DECIDED for each in after):
            yield seat


# What is done to a seat by others than its person, and by him when it is decided.
_ON_SEATS: Mapping[str, Callable[[Ledger, Caller, Seat], bool]] = {
    "transfer": _administers,
    "remove": is_removable,
    "withdraw": lambda ledger, caller, seat: seat is vote_of(ledger, caller.username),
}
