"""The chance of a breach follows from clocks like it, those that still run included."""

import random

import pytest

from engine.sla.prediction import (
    MIN_SAMPLES,
    Prediction,
    breach_probability,
    calibration,
    curves,
    predict,
    survival,
)

HOUR = 3600


def ended(*hours: float) -> list[tuple[int, bool]]:
    return [(int(each * HOUR), True) for each in hours]


def test_the_example_of_two_hours_into_a_target_of_four() -> None:
    # Of ten: two are done after an hour, four more after three, four run longer than the target.
    curve = survival(ended(1, 1, 3, 3, 3, 3, 6, 6, 6, 6))

    assert curve.at(2 * HOUR) == pytest.approx(0.8)
    assert curve.at(4 * HOUR) == pytest.approx(0.4)
    assert breach_probability(curve, 2 * HOUR, 4 * HOUR) == pytest.approx(0.5)


def test_clocks_that_still_run_count_as_long_as_they_were_seen() -> None:
    # The textbook case: 6, 6, 6, 6+, 7, 9+, 10, 10+ … of Freireich's trial.
    observed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    running = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = survival([(each, True) for each in observed] + [(each, False) for each in running])

    assert [round(curve.at(each), 3) for each in (5, 6, 7, 10, 13, 16, 22, 23)] == [
        *(1.0, 0.857, 0.807, 0.753),
        *(0.69, 0.627, 0.538, 0.448),
    ]


@pytest.mark.parametrize(
    ("elapsed", "chance"), [(0, 0.4), (5 * HOUR, 1.0), (4 * HOUR, 1.0), (1 * HOUR, 0.5)]
)
def test_the_longer_it_runs_the_likelier_it_is(elapsed: int, chance: float) -> None:
    curve = survival(ended(1, 1, 3, 3, 3, 3, 6, 6, 6, 6))

    assert breach_probability(curve, elapsed, 4 * HOUR) == pytest.approx(chance)


def test_without_anything_like_it_nothing_is_said() -> None:
    curve = survival(ended(1, 1))

    assert survival([]).at(HOUR) == 1.0
    assert breach_probability(curve, 2 * HOUR, 4 * HOUR) is None


def test_few_samples_fall_back_to_the_type_then_to_all() -> None:
    few = [(("p1", "incident", "all"), sample) for sample in ended(*[1] * 5)]
    more = [(("p2", "incident", "all"), sample) for sample in ended(*[3] * (MIN_SAMPLES - 5))]
    found = curves([*few, *more])

    assert predict(["p1", "incident", "all"], found, 0, 2 * HOUR) == Prediction(
        pytest.approx(25 / 30), 1, 30
    )
    assert predict(["p1", "other", "all"], found, 0, 2 * HOUR) == Prediction(
        pytest.approx(25 / 30), 2, 30
    )
    assert predict(["p1"], found, 0, 2 * HOUR) is None


def test_good_predictions_are_reported_as_good() -> None:
    rng = random.Random(3)  # noqa: S311  the same figures each time
    history = [int(rng.expovariate(1 / (4 * HOUR))) for _ in range(4_000)]
    curve = survival([(each, True) for each in history])
    told = []
    for _ in range(4_000):
        length, target = int(rng.expovariate(1 / (4 * HOUR))), rng.randrange(1, 12) * HOUR
        elapsed = rng.randrange(target)  # looked at then, if it still runs
        chance = breach_probability(curve, elapsed, target) if length > elapsed else None
        if chance is not None:
            told.append((chance, length > target))

    report = calibration(told)

    assert report.count == len(told)
    assert sum(band.count for band in report.bands) == report.count
    assert report.error is not None
    assert report.error < 0.05
    wrong = calibration([(0.9, False)] * 50)
    assert wrong.error == pytest.approx(0.9)
    assert wrong.brier == pytest.approx(0.81)
    assert calibration([]).brier is None
