"""Random people do random things: the ledger beside a small model that knows only counting."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.approvals import acting, rules, timing, transitions
from engine.approvals.acting import Request
from engine.approvals.ledger import PENDING, Ledger, Round, Seat, new_id
from engine.approvals.setting import Setting
from engine.approvals.transitions import TRANSITIONS, Caller
from engine.errors import EngineError

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PEOPLE = [f"p{number}" for number in range(8)]
SIMPLE = ("agree", "reject", "add_parallel", "remove", "transfer")


def begin(mode: str, number: int, reject: str, count: int, limited: bool = False) -> Ledger:
    one = Round(new_id(), Setting(mode=mode, number=number, reject=reject), opened_at=START)
    one.seats = [Seat(new_id(), one.id, n, PEOPLE[n]) for n in range(count)]
    limit = (lambda at: at + timedelta(hours=1)) if limited else (lambda at: None)
    found = Ledger("task", "approve", [one], limit)
    rules.settle(found, START)
    return found


class Model:
    """A round as plain lists of names: who is in, who said yes, who said no, in which order."""

    def __init__(self, mode: str, number: int, reject: str, names: list[str]) -> None:
        self.mode, self.number, self.reject = mode, number, reject
        self.inside, self.yes, self.no = list(names), set(), set()
        self.outcome: str | None = None

    def turn(self, who: str) -> bool:
        left = [one for one in self.inside if one not in self.yes | self.no]
        return who in (left[:1] if self.mode == "sequential" else left)

    def decide(self) -> None:
        total, yes, no = len(self.inside), len(self.yes), len(self.no)
        need = {
            "any": 1,
            "count": min(self.number, total),
            "percent": -(-total * self.number // 100),
        }
        wanted = max(1, need.get(self.mode, total))
        left = total - yes - no
        if no and self.reject == "first":
            self.outcome = "rejected"
        elif self.reject == "wait" and left and self.mode != "any":
            return
        elif yes >= wanted:
            self.outcome = "approved"
        elif ((self.reject == "wait" or self.mode == "any") and not left) or (
            self.reject != "wait" and self.mode != "any" and yes + left < wanted
        ):
            self.outcome = "rejected"


@settings(max_examples=300, deadline=None)
@given(
    mode=st.sampled_from(["all", "any", "sequential", "count", "percent"]),
    number=st.integers(1, 100),
    reject=st.sampled_from(["first", "unreachable", "wait"]),
    count=st.integers(1, 5),
    steps=st.lists(
        st.tuples(st.sampled_from(SIMPLE), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
        max_size=30,
    ),
)
def test_it_comes_to_what_counting_comes_to(
    mode: str, number: int, reject: str, count: int, steps: list[tuple[str, str, str]]
) -> None:
    number = number % 5 + 1 if mode == "count" else number if mode == "percent" else 0
    found = begin(mode, number, reject, count)
    model = Model(mode, number, reject, PEOPLE[:count])
    left: set[str] = set()  # those who have given their seat away or lost it
    for action, who, whom in steps:
        if action == "remove":
            who = "root"
        users = () if action in ("agree", "reject") else (whom,)
        expected = model.outcome is None and (
            (whom in model.inside and whom not in model.yes | model.no and len(model.inside) > 1)
            if action == "remove"
            else model.turn(who) and (not users or (whom not in model.inside and whom not in left))
        )
        if users and whom in left and action != "remove":
            continue  # coming back is looked at in the table
        try:
            caller = Caller(who, is_administrator=who == "root")
            acting.act(found, caller, Request(action, users=users), START)
            happened = True
        except EngineError:
            happened = False
        assert happened == expected, (action, who, whom)
        if not happened:
            continue
        place = model.inside.index(who) if who in model.inside else 0
        if action == "agree":
            model.yes.add(who)
        elif action == "reject":
            model.no.add(who)
        elif action == "add_parallel":
            model.inside.insert(place + 1, whom)
        elif action == "transfer":
            model.inside[place] = whom
            left.add(who)
        else:
            model.inside.remove(whom)
            left.add(whom)
        model.decide()
        assert found.main.outcome == model.outcome


@settings(max_examples=300, deadline=None)
@given(
    mode=st.sampled_from(["all", "any", "sequential", "count", "percent"]),
    reject=st.sampled_from(["first", "unreachable", "wait"]),
    count=st.integers(1, 4),
    steps=st.lists(
        st.tuples(
            st.sampled_from(sorted(TRANSITIONS)),
            st.sampled_from([*PEOPLE, "req", "root"]),
            st.lists(st.sampled_from(PEOPLE), max_size=2),
            st.sampled_from([None, "all", "any", "sequential"]),
            st.integers(0, 90),
        ),
        max_size=40,
    ),
)
def test_whatever_is_done_it_ends_once_and_leaves_nothing(
    mode: str,
    reject: str,
    count: int,
    steps: list[tuple[str, str, list[str], str | None, int]],
) -> None:
    found = begin(
        mode, 2 if mode == "count" else 50 if mode == "percent" else 0, reject, count, True
    )
    at, outcomes, decided = START, [], {}
    for action, who, users, order, minutes in steps:
        at += timedelta(minutes=minutes)
        caller = Caller(who, is_requester=who == "req", is_administrator=who == "root")
        before = found.copy()
        try:
            given_users = tuple(users) if TRANSITIONS[action].users else ()
            acting.act(found, caller, Request(action, users=given_users, mode=order), at)
        except EngineError:
            assert found.rounds == before.rounds
            continue
        assert not before.ended
        _sound(found)
        for seat in found.seats():
            if seat.state in ("agreed", "rejected") and seat.id in decided and action != "withdraw":
                assert decided[seat.id] == seat.state  # nobody acts twice
        decided = {
            seat.id: seat.state for seat in found.seats() if seat.state in ("agreed", "rejected")
        }
        if found.ended:
            outcomes.append(found.main.outcome)
    while not found.ended:  # everybody who is asked says yes: it always ends
        turn = found.open_seats()
        assert turn, "an open round waits for nobody"
        acting.act(found, Caller(turn[0].person), Request("agree"), at)
        _sound(found)
        if found.ended:
            outcomes.append(found.main.outcome)
    assert len(outcomes) == 1
    assert timing.due(found) is None
    assert transitions.may(found, Caller("p0", is_requester=True, is_administrator=True)) == []


def _sound(found: Ledger) -> None:
    for seat in found.seats():
        assert seat.deadline is None or seat.state == "open"
        one = found.round_of(seat)
        assert one.state == "open" or seat.state not in PENDING
    if not found.ended:
        assert found.open_seats()
    for one in found.rounds:
        voting = sum(seat.weight for seat in one.voting)
        assert 1 <= rules.need(found, one) <= max(voting, 1)
