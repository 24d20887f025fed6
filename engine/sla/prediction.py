"""How likely a clock is to be breached, from what became of tickets like it.

The survival curve S(t) is the share of clocks that still run after t open seconds (Kaplan and
Meier), where clocks that run yet count as long as they were seen. Having run for e of a target t,
the chance of a breach is S(t) / S(e).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MIN_SAMPLES = 30
BANDS = 10

Sample = tuple[int, bool]  # open seconds, and whether it ended then; else it runs or was cancelled


@dataclass(frozen=True, slots=True)
class Survival:
    """A survival curve: after `times[i]` the share is `shares[i]`, before the first it is 1."""

    times: tuple[int, ...]
    shares: tuple[float, ...]
    samples: int

    def at(self, seconds: int) -> float:
        """The share that still runs after so many seconds."""
        index = bisect_right(self.times, seconds) - 1
        return self.shares[index] if index >= 0 else 1.0


def survival(samples: Iterable[Sample]) -> Survival:
    """The curve of some clocks; those that ended at the same time as others ran on come first."""
    ordered = sorted(samples)
    times: list[int] = []
    shares: list[float] = []
    left, share, index = len(ordered), 1.0, 0
    while index < len(ordered):
        time = ordered[index][0]
        gone = ended = 0
        while index < len(ordered) and ordered[index][0] == time:
            gone += 1
            ended += ordered[index][1]
            index += 1
        if ended:
            share *= 1 - ended / left
            times.append(time)
            shares.append(share)
        left -= gone
    return Survival(tuple(times), tuple(shares), len(ordered))


def breach_probability(curve: Survival, elapsed: int, target: int) -> float | None:
    """The chance of a breach; None when nothing like it ever ran for so long."""
    if elapsed > target:
        return 1.0
    running = curve.at(elapsed)
    return curve.at(target) / running if running > 0 else None


def likely_from(curve: Survival, target: int, chance: float) -> int | None:
    """The elapsed seconds from which on a breach is at least so likely; None when it never is."""
    late = curve.at(target)
    if late <= 0:
        return None
    if late >= chance:
        return 0
    # The chance S(target) / S(elapsed) only grows: look for the first share that is small enough.
    index = bisect_left(curve.shares, -late / chance, key=lambda share: -share)
    return curve.times[index]


def thinned(curve: Survival, points: int) -> Survival:
    """The same curve with at most so many steps, the last one among them."""
    count = len(curve.times)
    if count <= points:
        return curve
    chosen = [round(n * (count - 1) / (points - 1)) for n in range(points)]
    times = tuple(curve.times[n] for n in chosen)
    return Survival(times, tuple(curve.shares[n] for n in chosen), curve.samples)


@dataclass(frozen=True, slots=True)
class Prediction:
    """A chance of a breach, and what it rests on: which level of likeness, how many clocks."""

    probability: float
    level: int
    samples: int


def predict(
    levels: Sequence[Hashable], curves: Mapping[Any, Survival], elapsed: int, target: int
) -> Prediction | None:
    """The chance by the closest group that is large enough; None when none is.

    `levels` names groups from the most like to the least: those of the same priority, category
    and group, then of the type, then all.
    """
    for level, key in enumerate(levels):
        curve = curves.get(key)
        if curve is None or curve.samples < MIN_SAMPLES:
            continue
        probability = breach_probability(curve, elapsed, target)
        if probability is not None:
            return Prediction(probability, level, curve.samples)
    return None


def curves(samples: Iterable[tuple[Sequence[Hashable], Sample]]) -> dict[Hashable, Survival]:
    """The curves of all groups; each sample belongs to a group of every level."""
    groups: dict[Hashable, list[Sample]] = {}
    for levels, sample in samples:
        for key in levels:
            groups.setdefault(key, []).append(sample)
    return {key: survival(members) for key, members in groups.items()}


@dataclass(frozen=True, slots=True)
class Band:
    """Predictions of about the same chance, and how many of them came true."""

    low: float
    high: float
    count: int
    predicted: float  # their mean
    observed: float  # the share that was breached


@dataclass(frozen=True, slots=True)
class Calibration:
    """How good predictions were: in bands, and as a whole by the Brier score (0 is perfect)."""

    bands: tuple[Band, ...]
    count: int
    brier: float | None
    error: float | None  # mean distance of predicted from observed, weighted by count


def calibration(predictions: Iterable[tuple[float, bool]]) -> Calibration:
    """What became of predictions: each with its chance, and whether the breach came."""
    grouped: dict[int, list[tuple[float, bool]]] = {}
    for probability, breached in predictions:
        band = min(BANDS - 1, int(probability * BANDS))
        grouped.setdefault(band, []).append((probability, breached))
    bands = tuple(_band(number, grouped[number]) for number in sorted(grouped))
    count = sum(band.count for band in bands)
    if not count:
        return Calibration((), 0, None, None)
    squares = ((chance - came) ** 2 for members in grouped.values() for chance, came in members)
    distances = (abs(band.predicted - band.observed) * band.count for band in bands)
    return Calibration(bands, count, sum(squares) / count, sum(distances) / count)


def _band(number: int, members: Sequence[tuple[float, bool]]) -> Band:
    count = len(members)
    return Band(
        low=number / BANDS,
        high=(number + 1) / BANDS,
        count=count,
        predicted=sum(chance for chance, _ in members) / count,
        observed=sum(came for _, came in members) / count,
    )
