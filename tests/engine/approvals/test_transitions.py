"""The table of actions: each one by each part in each state of its seat, allowed or why not."""

from datetime import UTC, datetime

import pytest

from engine.approvals import acting, rules, transitions
from engine.approvals.acting import Request
from engine.approvals.ledger import Ledger, Round, Seat, new_id
from engine.approvals.setting import Setting
from engine.approvals.transitions import TRANSITIONS, Caller
from engine.errors import EngineError

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ON_OWN = [
    "agree",
    "reject",
    "return",
    "add_before",
    "add_after",
    "add_parallel",
    "transfer",
    "delegate",
    "consult",
    "save",
    "cc",
]
SIDE = ["agree", "reject", "save"]  # what somebody without a vote does with his seat


def ledger(mode: str = "all", people: str = "a b c", **more: object) -> Ledger:
    setting = Setting(mode=mode, **more)  # type: ignore[arg-type]
    one = Round(new_id(), setting, opened_at=NOW)
    one.seats = [Seat(new_id(), one.id, n, name) for n, name in enumerate(people.split())]
    found = Ledger("task", "approve", [one])
    rules.settle(found, NOW)
    return found


def do(found: Ledger, person: str, action: str, *users: str, **more: object) -> None:
    caller = Caller(person, is_administrator=person == "root", is_requester=person == "req")
    acting.act(found, caller, Request(action, users=users, **more), NOW)  # type: ignore[arg-type]


def _situations() -> dict[str, Ledger]:
    """Every state that a seat or a round can be in, `a` being the one who is looked at."""
    found = {"open": ledger(), "sole": ledger(people="a"), "any": ledger("any")}
    found["waiting"] = ledger("sequential", "b a c")
    for name, action in (("agreed", "agree"), ("rejected", "reject")):
        found[name] = ledger("count", number=2, reject="wait")
        do(found[name], "a", action)
    found["transferred"] = ledger()
    do(found["transferred"], "a", "transfer", "d")
    found["delegated"] = ledger()
    do(found["delegated"], "a", "delegate", "d")
    found["delegate"] = ledger(people="b c")
    do(found["delegate"], "b", "delegate", "a")
    found["consult"] = ledger(people="b c")
    do(found["consult"], "b", "consult", "a")
    found["asked first"] = ledger()
    do(found["asked first"], "a", "add_before", "d")
    found["held"] = ledger(people="a")
    do(found["held"], "a", "add_after", "d")
    found["removed"] = ledger()
    do(found["removed"], "root", "remove", "a")
    found["claimed"] = ledger("any")
    do(found["claimed"], "a", "claim")
    found["claimed by b"] = ledger("any")
    do(found["claimed by b"], "b", "claim")
    found["skipped"] = ledger("any")
    do(found["skipped"], "b", "agree")
    for name, action in (("approved", "agree"), ("refused", "reject")):
        found[name] = ledger(people="a")
        do(found[name], "a", action)
    found["returned"] = ledger()
    do(found["returned"], "b", "return", target="prepare")
    found["withdrawn"] = ledger()
    do(found["withdrawn"], "req", "withdraw")
    return found


# What `a` may do in each situation; everything else is refused with the code that stands behind.
MAY_OF_APPROVER: dict[str, tuple[list[str], str]] = {
    "open": (ON_OWN, "-"),
    "sole": (ON_OWN, "-"),
    "any": ([*ON_OWN, "claim"], "-"),
    "claimed": ([*ON_OWN, "release"], "-"),
    "claimed by b": ([], "not-your-turn"),
    "waiting": ([], "not-your-turn"),
    "asked first": (["remove"], "not-your-turn"),
    "delegated": (["remove"], "not-your-turn"),
    "agreed": (["withdraw"], "seat-closed"),
    "rejected": (["withdraw"], "seat-closed"),
    "held": (["withdraw", "remove"], "seat-closed"),
    "transferred": ([], "seat-closed"),
    "removed": ([], "seat-closed"),
    "delegate": (SIDE, "not-for-this-seat"),
    "consult": (SIDE, "not-for-this-seat"),
    "skipped": ([], "round-ended"),
    "approved": ([], "seat-closed"),
    "refused": ([], "seat-closed"),
    "returned": ([], "round-ended"),
    "withdrawn": ([], "round-ended"),
}
ENDED = {"skipped", "approved", "refused", "returned", "withdrawn"}
NOT_OF_A_SEAT = {"remove", "withdraw", "urge"}


def test_every_situation_is_in_the_table() -> None:
    assert set(_situations()) == set(MAY_OF_APPROVER)


@pytest.mark.parametrize("action", TRANSITIONS)
@pytest.mark.parametrize("situation", MAY_OF_APPROVER)
def test_an_approver(situation: str, action: str) -> None:
    allowed, code = MAY_OF_APPROVER[situation]

    refused = transitions.refusal(_situations()[situation], Caller("a"), action)

    if action in allowed:
        assert refused is None
    elif action in NOT_OF_A_SEAT:
        assert refused is not None
        ended = {"round-ended"} if situation in ENDED else {"no-seat", "withdrawal-refused"}
        assert refused.code in ended
    elif code == "-":
        assert refused is not None
        assert refused.code == "not-for-this-seat"
    else:
        assert refused is not None
        assert refused.code == code


@pytest.mark.parametrize("action", TRANSITIONS)
@pytest.mark.parametrize("situation", MAY_OF_APPROVER)
@pytest.mark.parametrize(
    ("part", "allowed"),
    [
        ("stranger", set()),
        ("requester", {"withdraw", "urge", "cc"}),
        ("supervisor", {"urge", "cc"}),
        ("administrator", {"remove", "urge", "cc"}),
    ],
)
def test_somebody_without_a_seat(part: str, allowed: set[str], situation: str, action: str) -> None:
    caller = Caller("x", **{f"is_{part}": True} if part != "stranger" else {})

    refused = transitions.refusal(_situations()[situation], caller, action)

    if action in allowed and situation not in ENDED:
        assert refused is None
    else:
        assert refused is not None
        assert refused.code == ("round-ended" if situation in ENDED else "no-seat")


@pytest.mark.parametrize("situation", MAY_OF_APPROVER)
@pytest.mark.parametrize("action", TRANSITIONS)
def test_what_is_refused_changes_nothing(situation: str, action: str) -> None:
    found = _situations()[situation]
    before = found.copy()
    if transitions.refusal(found, Caller("a"), action) is None:
        return

    with pytest.raises(EngineError):
        acting.act(found, Caller("a"), Request(action, users=("n",)), NOW)

    assert (found.rounds, found.entries) == (before.rounds, before.entries)


@pytest.mark.parametrize("situation", MAY_OF_APPROVER)
def test_what_may_be_done_can_be_done(situation: str) -> None:
    for action in transitions.may(_situations()[situation], Caller("a")):
        found = _situations()[situation]
        users: tuple[str, ...] = ()
        if TRANSITIONS[action].users:
            users = ("d",) if action == "remove" else ("n",)
        acting.act(found, Caller("a"), Request(action, users=users, target="prepare"), NOW)
        assert found.entries[-1].action == action


def test_an_administrator_moves_the_seat_that_he_names() -> None:
    found = ledger()
    seat = found.of("a")[0]
    do(found, "root", "transfer", "d", seat=seat.id)
    assert [(one.person, one.state) for one in found.main.seats][:2] == [
        ("a", "transferred"),
        ("d", "open"),
    ]


def test_whoever_has_asked_others_first_may_take_that_back() -> None:
    found = ledger(people="a")
    do(found, "a", "add_before", "d")
    do(found, "a", "remove", "d")
    assert found.of("a")[0].state == "open"
    do(found, "a", "agree")
    assert found.main.outcome == "approved"


def test_a_seat_does_not_go_round_in_a_ring() -> None:
    found = ledger(people="a")
    for giver, taker in (("a", "b"), ("b", "a"), ("a", "b"), ("b", "a")):
        if sum(seat.state == "transferred" for seat in found.of(taker)) < acting.MAX_RETURNS:
            do(found, giver, "transfer", taker)
    with pytest.raises(EngineError):
        do(found, "a", "transfer", "b")


def test_weights_count_and_one_veto_ends_it() -> None:
    found = ledger("percent", "a b c", number=60, reject="unreachable")
    found.main.seats[0].weight = 3
    do(found, "a", "agree")
    assert found.main.outcome == "approved"  # 3 of 5
    found = ledger("percent", "a b c", number=60, reject="first")
    do(found, "c", "reject")
    assert found.main.outcome == "rejected"


def test_waiting_for_all_ends_when_the_last_has_spoken() -> None:
    found = ledger("count", "a b c", number=2, reject="wait")
    do(found, "a", "agree")
    do(found, "b", "agree")
    assert not found.ended
    do(found, "c", "reject")
    assert found.main.outcome == "approved"


def test_a_refusal_of_those_added_turns_the_yes_into_a_no() -> None:
    found = ledger("percent", "a b c d", number=50)
    do(found, "a", "add_after", "x")
    do(found, "b", "agree")
    assert not found.ended
    assert [seat.state for seat in found.main.seats] == ["agreed", "agreed", "skipped", "skipped"]
    do(found, "x", "reject")
    assert found.main.outcome == "rejected"
