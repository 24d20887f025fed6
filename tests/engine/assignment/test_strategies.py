"""Who is chosen, as tables of cases; and what must hold whatever the candidates are."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from engine.assignment.strategies import Away, Candidate, Choice, Demand, choose, kilometres
from workflows.routing import BEST_MATCH, LEAST_LOADED, ROUND_ROBIN, STRATEGIES, WEIGHTS

SHANGHAI, SUZHOU, BEIJING = (31.2304, 121.4737), (31.2989, 120.5853), (39.9042, 116.4074)


def outcomes(choice: Choice) -> dict[str, str]:
    return {verdict.candidate.username: verdict.outcome for verdict in choice.verdicts}


CASES: list[tuple[str, dict[str, Any], list[Candidate], str | None]] = [
    (
        "the one with the least load",
        {"strategy": LEAST_LOADED},
        [Candidate("a", load=2), Candidate("b", load=1), Candidate("c", load=3)],
        "b",
    ),
    (
        "of two with equal load the one whose turn is longest ago",
        {"strategy": LEAST_LOADED},
        [Candidate("a", turn=7), Candidate("b", turn=3)],
        "b",
    ),
    (
        "of two who are equal in all the first by name",
        {"strategy": LEAST_LOADED},
        [Candidate("b"), Candidate("a")],
        "a",
    ),
    (
        "in turn, whatever the load",
        {"strategy": ROUND_ROBIN},
        [Candidate("a", turn=9), Candidate("b", turn=8, load=50), Candidate("c", turn=10)],
        "b",
    ),
    (
        "somebody new is next",
        {"strategy": ROUND_ROBIN},
        [Candidate("a", turn=1), Candidate("z")],
        "z",
    ),
    (
        "the nearest, when only distance counts",
        {"strategy": BEST_MATCH, "point": SHANGHAI, "weights": {"distance": 100}},
        [Candidate("far", point=BEIJING), Candidate("near", point=SUZHOU), Candidate("nowhere")],
        "near",
    ),
    (
        "the one in whose area the place lies, before one who is nearer to it",
        {"strategy": BEST_MATCH, "point": SHANGHAI, "weights": {"distance": 100}},
        [Candidate("area", point=BEIJING, radius=1200), Candidate("near", point=SUZHOU)],
        "area",
    ),
    (
        "the more skilled of two idle ones",
        {"strategy": BEST_MATCH, "skills": {"vpn": 2}},
        [Candidate("a", skills={"vpn": 2}), Candidate("b", skills={"vpn": 5})],
        "b",
    ),
    (
        "the one who speaks the language",
        {"strategy": BEST_MATCH, "language": "en"},
        [Candidate("a", languages=["zh-CN"]), Candidate("b", languages=["zh-CN", "en"])],
        "b",
    ),
    (
        "the one who had it before, though he has more to do",
        {"strategy": LEAST_LOADED, "last_owner": "b"},
        [Candidate("a"), Candidate("b", load=4)],
        "b",
    ),
    (
        "not the one who had it before when that shall not count",
        {"strategy": LEAST_LOADED, "last_owner": "b", "weights": {**WEIGHTS, "last_owner": 0}},
        [Candidate("a"), Candidate("b", load=4)],
        "a",
    ),
    (
        "never the one who had it before when he is away",
        {"strategy": ROUND_ROBIN, "last_owner": "b"},
        [Candidate("a", turn=4), Candidate("b", away=Away())],
        "a",
    ),
    ("nobody when all are full", {}, [Candidate("a", open=3, capacity=3)], None),
    ("nobody when none has the skill", {"skills": {"vpn": 1}}, [Candidate("a")], None),
    ("nobody of nobody", {}, [], None),
]


@pytest.mark.parametrize(
    ("demand", "candidates", "chosen"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_chooses(demand: dict[str, Any], candidates: list[Candidate], chosen: str | None) -> None:
    assert choose(Demand(**demand), candidates).chosen == chosen


def test_says_of_everybody_why_he_was_not_chosen() -> None:
    demand = Demand(skills={"vpn": 2})
    people = [
        Candidate("busy", skills={"vpn": 3}, load=2, open=2),
        Candidate("free", skills={"vpn": 3}),
        Candidate("full", skills={"vpn": 3}, open=5, capacity=5),
        Candidate("off", skills={"vpn": 3}, has_shifts=True),
        Candidate("away", skills={"vpn": 3}, away=Away(deputy="free")),
        Candidate("weak", skills={"vpn": 1}),
        Candidate("zoe", skills={"vpn": 3}, turn=4),
    ]

    choice = choose(demand, people, lambda names: frozenset())

    assert outcomes(choice) == {
        "free": "chosen",
        "zoe": "later_turn",
        "busy": "more_load",
        "away": "absent",
        "full": "full",
        "off": "off_duty",
        "weak": "unskilled",
    }
    weak = next(one for one in choice.verdicts if one.candidate.username == "weak")
    assert weak.params == {"skill": "vpn", "needed": 2, "level": 1}


def test_the_order_in_which_candidates_come_makes_no_difference() -> None:
    chance = random.Random(7)  # noqa: S311
    for _ in range(200):
        people = [_anybody(chance, f"p{n}") for n in range(12)]
        demand = _anything(chance)
        first = choose(demand, people)
        chance.shuffle(people)
        assert choose(demand, people) == first


def test_nobody_unskilled_away_or_full_is_ever_chosen() -> None:
    chance = random.Random(11)  # noqa: S311
    found = 0
    for _ in range(3_000):
        people = [_anybody(chance, f"p{n}") for n in range(chance.randint(0, 8))]
        demand = _anything(chance)
        working = {one.username for one in people if chance.random() < 0.7}
        choice = choose(demand, people, lambda names, there=working: there & set(names))  # type: ignore[misc]
        may = {
            one.username
            for one in people
            if one.away is None
            and (not one.has_shifts or one.username in working)
            and all(one.skills.get(key, 0) >= level for key, level in demand.skills.items())
            and (one.capacity is None or one.open < one.capacity)
        }
        assert (choice.chosen in may) if may else choice.chosen is None
        assert {one.candidate.username for one in choice.verdicts if one.is_eligible} == may
        found += choice.chosen is not None
    assert found > 1_000


def test_looks_at_the_shifts_of_the_best_and_of_all_only_when_none_of_them_works() -> None:
    people = [Candidate(f"p{n:03}", load=n, has_shifts=True) for n in range(200)]
    asked: list[int] = []

    def only(*there: str) -> Any:
        def on_duty(names: Sequence[str]) -> set[str]:
            asked.append(len(names))
            return set(names) & set(there)

        return on_duty

    assert choose(Demand(), people, only("p007", "p150")).chosen == "p007"
    assert asked == [50]
    assert choose(Demand(), people, only("p150")).chosen == "p150"
    assert asked == [50, 50, 150]
    assert choose(Demand(), people, only()).chosen is None


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_three_hundred_tickets_spread_evenly_over_ten_people(strategy: str) -> None:
    got = {f"p{n}": 0 for n in range(10)}
    turns = dict.fromkeys(got, 0)
    for turn in range(1, 301):
        people = [Candidate(name, load=got[name], open=got[name], turn=turns[name]) for name in got]
        chosen = choose(Demand(strategy=strategy), people).chosen
        assert chosen is not None
        got[chosen] += 1
        turns[chosen] = turn
    assert max(got.values()) - min(got.values()) <= 1


def test_distances_are_those_of_the_globe() -> None:
    assert kilometres(SHANGHAI, BEIJING) == pytest.approx(1067, abs=3)
    assert kilometres(SHANGHAI, SHANGHAI) == 0
    assert kilometres((0, 179.5), (0, -179.5)) == pytest.approx(111.2, abs=0.2)


def _anybody(chance: random.Random, name: str) -> Candidate:
    return Candidate(
        name,
        skills={key: chance.randint(0, 5) for key in chance.sample(["a", "b", "c"], 2)},
        load=chance.choice([0, 1, 1, 2.5]),
        open=chance.randint(0, 4),
        capacity=chance.choice([None, 2, 5]),
        away=chance.choice([None, None, None, Away()]),
        point=chance.choice([None, SHANGHAI, BEIJING]),
        radius=chance.choice([0.0, 100.0]),
        languages=chance.choice([[], ["zh-CN"], ["en", "zh-CN"]]),
        turn=chance.randint(0, 3),
        has_shifts=chance.random() < 0.5,
    )


def _anything(chance: random.Random) -> Demand:
    return Demand(
        strategy=chance.choice(STRATEGIES),
        skills=chance.choice([{}, {"a": 1}, {"a": 3, "b": 2}]),
        point=chance.choice([None, SUZHOU]),
        language=chance.choice([None, "en"]),
        last_owner=chance.choice([None, "p1"]),
    )
