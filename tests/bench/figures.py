"""Figures beside their goals: each part notes its own, `make bench` lists them all at the end."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "BENCH_FIGURES"  # the file to which the parts of one run add their figures


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured, and what it may come to at most."""

    what: str
    value: float
    goal: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the goal is reached."""
        return self.value <= self.goal


def say(line: str) -> None:
    """Tells the reader."""
    print(line, flush=True)  # noqa: T201


def note(what: str, value: float, goal: float, unit: str) -> None:
    """Keeps a figure for the list at the end of the run."""
    if path := os.environ.get(FILE):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(Figure(what, value, goal, unit))) + "\n")


def noted(path: Path) -> list[Figure]:
    """The figures that were kept, in their order."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Figure(**json.loads(line)) for line in lines]


def table(figures: Iterable[Figure]) -> list[str]:
    """The figures as lines: what, how much, the goal, and whether it is reached."""
    return [
        f"{one.value:10.2f} {one.unit:3} {'≤' if one.holds else '>'} {one.goal:7.2f}"
        f"  {'   ' if one.holds else '!! '}{one.what}"
        for one in figures
    ]
