"""What each action does to a ledger; whether it may be done is said by the table of transitions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.approvals import rules, transitions
from engine.approvals.ledger import DECIDED, GONE, PENDING, Ledger, Round, Seat, new_id
from engine.approvals.transitions import TRANSITIONS, Caller
from engine.errors import InputError, InvalidInput, LastSeat, NoSeat, TooMany

URGE_EVERY = timedelta(minutes=30)
MAX_USERS = 50  # named in one action
MAX_SEATS = 200  # of one step
MAX_RETURNS = 2  # how often a chain of transfers may name the same person
MODES = ("all", "any", "sequential")


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to do; `seat` is one that he names instead of his own."""

    action: str
    comment: str | None = None
    users: Sequence[str] = ()
    mode: str | None = None
    target: str | None = None
    resubmit: str | None = None
    signature: str | None = None
    seat: str | None = None
    draft: Mapping[str, Any] = field(default_factory=dict)
    form_hash: str | None = None


def act(ledger: Ledger, caller: Caller, request: Request, at: datetime) -> Seat | None:
    """Does it, draws the conclusions and notes it; raises what refuses it, with nothing changed.

    The seat on which it was done, None for an action that needs none.
    """
    named = ledger.seat(request.seat)
    if request.seat is not None and named is None:
        raise InvalidInput.at("/seat", "unknown-seat")
    refused = transitions.refusal(ledger, caller, request.action, named)
    if refused is not None:
        raise refused
    _check(ledger, request)
    seat = named or transitions.own_seat(ledger, caller.username, request.action)
    on_seat = _ON_SEAT.get(request.action)
    if on_seat is None:
        _BESIDE[request.action](ledger, caller, request, at)
    elif seat is None:
        raise NoSeat(action=request.action)
    else:
        on_seat(ledger, caller, seat, request, at)
    rules.settle(ledger, at)
    data = {
        "users": list(request.users) or None,
        "mode": request.mode,
        "target": request.target,
        "resubmit": request.resubmit,
        "principal": seat.principal if seat and seat.person == caller.username else None,
    }
    given = {key: value for key, value in data.items() if value}
    ledger.note(at, caller.username, request.action, seat, request.comment, **given)
    return seat


def _check(ledger: Ledger, request: Request) -> None:
    """What an action has to bring, and what it may not."""
    setting = ledger.main.setting
    errors = []
    decides = request.action in ("agree", "reject", "return", "add_after")
    if decides and setting.opinion and not (request.comment or "").strip():
        errors.append(InputError("/comment", "required"))
    if request.action in ("agree", "reject") and setting.signature and not request.signature:
        errors.append(InputError("/signature", "required"))
    if request.mode is not None and request.mode not in MODES:
        errors.append(InputError("/mode", "not-a-choice", {"choices": ", ".join(MODES)}))
    if TRANSITIONS[request.action].users:
        if not request.users:
            errors.append(InputError("/users", "required"))
        if request.action in ("transfer", "delegate") and len(request.users) > 1:
            errors.append(InputError("/users", "one-person-only"))
        if len(set(request.users)) != len(request.users):
            errors.append(InputError("/users", "named-twice"))
        if len(request.users) > MAX_USERS:
            errors.append(InputError("/users", "too-many-people", {"max": MAX_USERS}))
    if errors:
        raise InvalidInput(errors)


def _decide(ledger: Ledger, caller: Caller, seat: Seat, request: Request, at: datetime) -> None:
    ledger.close(seat, "agreed" if request.action == "agree" else "rejected", at)
    seat.comment, seat.signature, seat.draft = request.comment, request.signature, None
    seat.form_hash = request.form_hash
    if seat.kind == "delegate":
        owner = ledger.seat(seat.for_seat)
        if owner is not None and owner.state == "delegated":
            ledger.open(owner, at)
    elif seat.kind == "approver":
        _forget_side_seats(ledger, seat, at)


def _forget_side_seats(ledger: Ledger, seat: Seat, at: datetime) -> None:
    """Advisers of somebody who has decided are not asked any more."""
    for side in ledger.seats():
        if side.for_seat == seat.id and side.state in PENDING:
            ledger.close(side, "skipped", at)


def _return(ledger: Ledger, caller: Caller, seat: Seat, request: Request, at: datetime) -> None:
    ledger.close(seat, "rejected", at)
    seat.comment, seat.mark = request.comment, "returned"
    ledger.main.target, ledger.main.resubmit = request.target, request.resubmit
    rules.end(ledger, ledger.main, "returned", at)


def _add_round(ledger: Ledger, caller: Caller, seat: Seat, request: Request, at: datetime) -> None:
    """Before himself, who then waits for them, or after himself, who has then agreed."""
    placement = request.action.removeprefix("add_")
    _refuse_those_there(ledger, request.users)
    setting = ledger.round_of(seat).setting.among(request.mode or "all")
    one = Round(new_id(), setting, seat.id, placement, opened_at=at)
    one.seats = [
        Seat(new_id(), one.id, place, person, added_by=caller.username)
        for place, person in enumerate(request.users)
    ]
    ledger.rounds.append(one)
    if placement == "after":
        ledger.close(seat, "agreed", at)
        seat.comment, seat.form_hash = request.comment, request.form_hash
        _forget_side_seats(ledger, seat, at)
    else:
        seat.state, seat.deadline = "waiting", None


def _add_beside(ledger: Ledger, caller: Caller, seat: Seat, request: Request, at: datetime) -> None:
    """Equal seats in the running round; in a sequence right behind the one who adds them."""
    one = ledger.round_of(seat)
    _refuse_those_there(ledger, request.users)
    for later in one.seats:
        if later.place > seat.place:
            later.place += len(request.users)
    for number, person in enumerate(request.users, 1):
        one.seats.append(
            Seat(new_id(), one.id, seat.place + number, person, added_by=caller.username)
        )
    one.seats.sort(key=lambda each: each.place)


def _remove(ledger: Ledger, caller: Caller, request: Request, at: datetime) -> None:
    errors, going = [], []
    for number, person in enumerate(request.users):
        theirs = [
            each for each in ledger.of(person) if transitions.is_removable(ledger, caller, each)
        ]
        if not theirs:
            errors.append(InputError(f"/users/{number}", "no-removable-seat", {"user": person}))
        going += theirs
    if errors:
        raise InvalidInput(errors)
    if all(each in going for each in ledger.main.voting):
        raise LastSeat(id=ledger.task_id)
    for each in going:
        for inner in ledger.beneath(each):
            rules.end(ledger, inner, "skipped", at)
        _forget_side_seats(ledger, each, at)
        ledger.close(each, "removed", at)
        owner = ledger.seat(each.for_seat)
        if each.kind == "delegate" and owner is not None and owner.state == "delegated":
            ledger.open(owner, at)
    for one in ledger.rounds:
        _take_back_round(ledger, one, at)


def _take_back_round(ledger: Ledger, one: Round, at: datetime) -> None:
    """Nobody is left of those whom somebody had added: it is as if he had asked nobody."""
    if one.state != "open" or one.voting:
        return
    rules.end(ledger, one, "withdrawn", at)
    parent = ledger.seat(one.parent_seat)
    if parent is not None and parent.state == "waiting":
        ledger.open(parent, at)


def _transfer(ledger: Ledger, caller: Caller, seat: Seat, request: Request, at: datetime) -> None:
    """The seat goes to somebody else for good; the time it has stays the same."""
    [person] = request.users
    _refuse_those_there(ledger, request.users)
    chain = [each for each in ledger.of(person) if each.state == "transferred"]
    if len(chain) >= MAX_RETURNS:
        raise InvalidInput.at("/users/0", "transferred-in-a-ring", user=person)
    move(ledger, seat, person, at)


def move(ledger: Ledger, seat: Seat, person: str, at: datetime) -> Seat:
    """A new seat for somebody in the place of another; what hangs on the old one comes along."""
    one = ledger.round_of(seat)
    taken = Seat(
        new_id(),
        one.id,
        seat.place,
        person,
        weight=seat.weight,
        added_by=seat.added_by,
        state="open",
        opened_at=at,
        deadline=seat.deadline,
    )
    _forget_side_seats(ledger, seat, at)
    ledger.close(seat, "transferred", at)
    seat.replaced_by = taken.id
    one.seats.insert(one.seats.index(seat) + 1, taken)
    for inner in ledger.beneath(seat):
        inner.parent_seat = taken.id
    return taken


def _side_seats(ledger: Ledger, caller: Caller, seat: Seat, request: Request, at: datetime) -> None:
    """A delegate who answers to the owner, or advisers whose opinion binds nobody."""
    _refuse_those_there(ledger, request.users, but=GONE | DECIDED | {"skipped"})
    one = ledger.round_of(seat)
    kind = "delegate" if request.action == "delegate" else "consult"
    for person in request.users:
        side = Seat(
            new_id(),
            one.id,
            seat.place,
            person,
            kind=kind,
            added_by=caller.username,
            for_seat=seat.id,
        )
        one.seats.append(side)
        ledger.open(side, at)
    if kind == "delegate":
        seat.state, seat.deadline = "delegated", None


def _claim(ledger: Ledger, caller: Caller, seat: Seat, request: Request, at: datetime) -> None:
    for other in ledger.round_of(seat).voting:
        if other is not seat and other.state == "open":
            other.state, other.deadline, other.mark = "waiting", None, "unclaimed"


def _release(ledger: Ledger, caller: Caller, seat: Seat, request: Request, at: datetime) -> None:
    for other in ledger.round_of(seat).voting:
        if other.state == "waiting" and other.mark == "unclaimed":
            other.mark = None
            ledger.open(other, at)


def _withdraw(ledger: Ledger, caller: Caller, request: Request, at: datetime) -> None:
    """Somebody takes back his vote, or the requester the whole request."""
    vote = transitions.vote_of(ledger, caller.username)
    if vote is None:
        rules.end(ledger, ledger.main, "withdrawn", at)
        return
    for inner in ledger.beneath(vote):
        if inner.placement == "after":
            rules.end(ledger, inner, "withdrawn", at)
    one = ledger.round_of(vote)
    for later in one.voting:
        if one.setting.is_sequential and later.place > vote.place and later.state == "open":
            later.state, later.deadline = "waiting", None
    vote.comment = vote.signature = vote.form_hash = vote.acted_at = None
    ledger.open(vote, at)


def _urge(ledger: Ledger, caller: Caller, request: Request, at: datetime) -> None:
    last = ledger.main.urged_at
    if last is not None and at < last + URGE_EVERY:
        raise TooMany(what="urge", seconds=int((last + URGE_EVERY - at).total_seconds()) + 1)
    ledger.main.urged_at = at
    ledger.main.urges += 1


def _save(ledger: Ledger, caller: Caller, seat: Seat, request: Request, at: datetime) -> None:
    seat.draft = {"comment": request.comment, "values": dict(request.draft)}


def _nothing(ledger: Ledger, caller: Caller, request: Request, at: datetime) -> None:
    """Only the timeline says it."""


def _refuse_those_there(
    ledger: Ledger, users: Sequence[str], but: frozenset[str] = GONE | {"skipped"}
) -> None:
    """Nobody gets a second seat beside one that he has; `but` are states that do not count."""
    there = {seat.person for seat in ledger.seats() if seat.state not in but}
    errors = [
        InputError(f"/users/{number}", "already-there", {"user": person})
        for number, person in enumerate(users)
        if person in there
    ]
    if errors:
        raise InvalidInput(errors)
    if sum(1 for _ in ledger.seats()) + len(users) > MAX_SEATS:
        raise InvalidInput.at("/users", "too-many-people", max=MAX_SEATS)


_OnSeat = Callable[[Ledger, Caller, Seat, Request, datetime], None]
_Beside = Callable[[Ledger, Caller, Request, datetime], None]
_ON_SEAT: Mapping[str, _OnSeat] = {
    "agree": _decide,
    "reject": _decide,
    "return": _return,
    "add_before": _add_round,
    "add_after": _add_round,
    "add_parallel": _add_beside,
    "transfer": _transfer,
    "delegate": _side_seats,
    "consult": _side_seats,
    "claim": _claim,
    "release": _release,
    "save": _save,
}
_BESIDE: Mapping[str, _Beside] = {
    "remove": _remove,
    "withdraw": _withdraw,
    "urge": _urge,
    "cc": _nothing,
}
