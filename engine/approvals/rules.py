"""When a round is decided: plain counting over its seats, and what follows for the others."""

from datetime import datetime

from engine.approvals.ledger import PENDING, Ledger, Round, Seat


def need(ledger: Ledger, one: Round) -> int:
    """How many agreements (or how much weight) a round needs, with the seats that it has now."""
    total = sum(seat.weight for seat in one.voting)
    mode, number = one.setting.mode, one.setting.number
    if mode == "any":
        return 1
    if mode == "count":
        return max(1, min(number, total))
    if mode == "percent":
        return max(1, min(total, -(-total * number // 100)))
    return total


def verdict(ledger: Ledger, one: Round) -> str | None:
    """approved, rejected, expired, or None while it is open."""
    agreed = rejected = pending = 0
    for seat in one.voting:
        said = _said(ledger, seat)
        if said == "expired":
            return "expired"
        agreed += seat.weight * (said == "agreed")
        rejected += seat.weight * (said == "rejected")
        pending += seat.weight * (said == "pending")
    wanted, policy = need(ledger, one), one.setting.reject
    if rejected and policy == "first":
        return "rejected"
    if policy == "wait" and pending and one.setting.mode != "any":
        return None
    if agreed and agreed >= wanted:
        return "approved"
    if policy == "wait" or one.setting.mode == "any":
        return None if pending else "rejected"
    return "rejected" if agreed + pending < wanted else None


def _said(ledger: Ledger, seat: Seat) -> str:
    """What a seat counts as; whom its person has added afterwards can turn his yes into a no."""
    if seat.state in PENDING:
        return "pending"
    if seat.state == "agreed":
        later = [one for one in ledger.beneath(seat) if one.placement == "after"]
        refused = any(one.outcome in ("rejected", "expired") for one in later)
        return "rejected" if refused else "agreed"
    return seat.state


def settle(ledger: Ledger, at: datetime) -> None:
    """Draws every conclusion: opens who is next, ends what is decided, from the inside out."""
    moving = True
    while moving:
        moving = any([_settle_round(ledger, one, at) for one in reversed(ledger.rounds)])


def _settle_round(ledger: Ledger, one: Round, at: datetime) -> bool:
    if one.state != "open":
        return False
    found = verdict(ledger, one)
    if found is None:
        return _open_next(ledger, one, at)
    held = found == "approved" and _awaited_after(ledger, one)
    moved = False
    for seat in one.seats:
        if seat.state in PENDING:
            skip(ledger, seat, at)
            moved = True
    if held:
        return moved
    end(ledger, one, found, at)
    parent = ledger.seat(one.parent_seat)
    if parent is not None and one.placement == "before" and parent.state == "waiting":
        _come_back(ledger, parent, found, at)
    return True


def _open_next(ledger: Ledger, one: Round, at: datetime) -> bool:
    """Opens the seats whose turn has come."""
    if not any(_is_busy(ledger, seat) for seat in one.voting):
        for seat in one.voting:  # who had claimed it is gone: all may take it again
            seat.mark = None if seat.mark == "unclaimed" else seat.mark
    waiting = [
        seat
        for seat in one.voting
        if seat.state == "waiting" and not _blocked(ledger, seat) and seat.mark != "unclaimed"
    ]
    if one.setting.is_sequential:
        busy = any(_is_busy(ledger, seat) for seat in one.voting)
        waiting = [] if busy or _awaited_after(ledger, one) else waiting[:1]
    for seat in waiting:
        ledger.open(seat, at)
    return bool(waiting)


def _come_back(ledger: Ledger, seat: Seat, found: str, at: datetime) -> None:
    """Whom the seat's person asked first have decided."""
    if found == "approved":
        ledger.open(seat, at)
    else:
        ledger.close(seat, "rejected" if found == "rejected" else "expired", at)
        seat.mark = "added"


def _is_busy(ledger: Ledger, seat: Seat) -> bool:
    """Whether somebody is at work on a seat: its person, a delegate, those asked first."""
    return seat.state in ("open", "delegated") or _blocked(ledger, seat)


def _blocked(ledger: Ledger, seat: Seat) -> bool:
    """Whether a seat waits for those whom its person asked first."""
    return any(one.placement == "before" and one.state == "open" for one in ledger.beneath(seat))


def _awaited_after(ledger: Ledger, one: Round) -> bool:
    """Whether somebody whom an approver has added afterwards is still deciding."""
    return any(
        after.placement == "after" and after.state == "open"
        for seat in one.seats
        for after in ledger.beneath(seat)
    )


def skip(ledger: Ledger, seat: Seat, at: datetime) -> None:
    """It was decided without this seat, and without whom its person has added."""
    ledger.close(seat, "skipped", at)
    for one in ledger.beneath(seat):
        end(ledger, one, "skipped", at)


def end(ledger: Ledger, one: Round, outcome: str, at: datetime) -> None:
    """Ends a round with everything that still hangs on it."""
    if one.state == "ended":
        return
    one.state, one.outcome, one.ended_at = "ended", outcome, at
    for seat in one.seats:
        if seat.state in PENDING:
            ledger.close(seat, "skipped", at)
        for inner in ledger.beneath(seat):
            end(ledger, inner, "skipped", at)
