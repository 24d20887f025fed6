"""What happens when a seat was open for too long: its setting says, nobody has to be there."""

from collections.abc import Mapping
from datetime import datetime

from engine.approvals import acting, rules
from engine.approvals.ledger import Ledger, Seat

# What a setting does to a seat with a vote.
ON_TIMEOUT = ("remind", "agree", "reject", "expire", "transfer:manager")


def due(ledger: Ledger) -> datetime | None:
    """When somebody's time is up next."""
    deadlines = [seat.deadline for seat in ledger.open_seats() if seat.deadline is not None]
    return min(deadlines, default=None)


def overdue(ledger: Ledger, at: datetime) -> list[Seat]:
    """The open seats whose time is up."""
    return [
        seat for seat in ledger.open_seats() if seat.deadline is not None and seat.deadline <= at
    ]


def expire(ledger: Ledger, at: datetime, managers: Mapping[str, str]) -> list[tuple[str, Seat]]:
    """Does what the settings say about every seat whose time is up; what was done to whom.

    `managers` are those of the people whose seats go to them; where there is none, or he has a
    seat already, the person is reminded instead.
    """
    done = []
    for seat in overdue(ledger, at):
        if seat.state == "open":  # not closed by what another's time has brought
            done.append((_expire(ledger, seat, at, managers), seat))
            rules.settle(ledger, at)
    return done


def _expire(ledger: Ledger, seat: Seat, at: datetime, managers: Mapping[str, str]) -> str:
    what = ledger.round_of(seat).setting.on_timeout
    if not seat.votes:
        return _side(ledger, seat, at)
    if what in ("agree", "reject", "expire"):
        states = {"agree": "agreed", "reject": "rejected", "expire": "expired"}
        ledger.close(seat, states[what], at)
        seat.mark = "timeout"
        ledger.note(at, "system", what, seat, timeout=True)
        return what
    manager = managers.get(seat.person)
    there = {one.person for one in ledger.seats()}
    if what == "transfer:manager" and manager is not None and manager not in there:
        taken = acting.move(ledger, seat, manager, at)
        ledger.open(taken, at)
        ledger.note(at, "system", "transfer", seat, users=[manager], timeout=True)
        return "transfer"
    seat.deadline = ledger.limit(at)
    ledger.note(at, "system", "remind", seat)
    return "remind"


def _side(ledger: Ledger, seat: Seat, at: datetime) -> str:
    """A delegate who does not answer gives the decision back to its owner."""
    ledger.close(seat, "expired", at)
    owner = ledger.seat(seat.for_seat)
    if seat.kind == "delegate" and owner is not None and owner.state == "delegated":
        ledger.open(owner, at)
    ledger.note(at, "system", "expire", seat, timeout=True)
    return "expire"
