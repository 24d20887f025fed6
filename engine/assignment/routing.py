"""Finding the one person for a step: candidates read under a lock, one chosen, reasons kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from engine.assignment import loads, strategies
from engine.assignment.strategies import Away, Candidate, Choice, Demand
from engine.directory.absences import deputies_of
from engine.directory.shifts import on_duty
from workflows.routing import Terms

OWNER_LANGUAGE = "requester"  # as `language`: the one that the requester speaks


@dataclass(frozen=True, slots=True)
class Step:
    """The step that needs somebody, as far as the choice is concerned."""

    type: str
    ticket_id: int | None
    element: str
    requester: str
    priority: str
    at: datetime


@dataclass(slots=True)
class Taken:
    """What this command has given to whom or taken off him, not in the database yet."""

    open: Counter[str] = field(default_factory=Counter)
    load: Counter[str] = field(default_factory=Counter)
    turns: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Taken":
        """The same, apart from what is noted later."""
        return Taken(self.open.copy(), self.load.copy(), dict(self.turns))

    def move(self, username: str, tasks: int, weight: int) -> None:
        """Notes that somebody holds so many more tasks, or fewer."""
        self.open[username] += tasks
        self.load[username] += tasks * weight


@dataclass(frozen=True, slots=True)
class Found:
    """A choice with the demand it answers; `shadow` is the rev of a new table to try beside."""

    demand: Demand
    choice: Choice
    shadow: int | None = None


def find(
    connection: Connection, step: Step, terms: Terms, taken: Taken, *, silently: bool = False
) -> Found:
    """Chooses among everybody the terms name; silently: nothing is locked and no turn taken."""
    if not silently:
        loads.lock(connection, terms.groups, terms.users)
    asked = loads.Asked(
        step.type,
        step.ticket_id,
        step.element,
        step.requester,
        step.at,
        terms.groups,
        terms.users,
        terms.place,
    )
    rows = loads.read(connection, asked)
    demand = _demand(terms, rows)
    candidates = _candidates(connection, asked, rows, taken)
    choice = strategies.choose(
        demand, candidates, lambda names: on_duty(connection, names, step.at)
    )
    if choice.chosen is not None and not silently:
        taken.move(choice.chosen, 1, loads.weight_of(step.priority))
        turns = [verdict.candidate.turn for verdict in choice.verdicts]
        taken.turns[choice.chosen] = max(turns) + 1
    return Found(demand, choice, rows[0].shadow if rows else None)


def _demand(terms: Terms, rows: Sequence[Row[Any]]) -> Demand:
    first = rows[0] if rows else None
    point = terms.point
    if point is None and first is not None and first.target_lat is not None:
        point = (first.target_lat, first.target_lng)
    language = terms.language
    if language == OWNER_LANGUAGE:
        language = first.requester_language if first is not None else None
    return Demand(
        terms.strategy,
        terms.skills,
        terms.weights,
        point,
        language,
        first.last_owner if first is not None else None,
    )


def _candidates(
    connection: Connection, asked: loads.Asked, rows: Sequence[Row[Any]], taken: Taken
) -> list[Candidate]:
    """Those named, and in place of who is away the one who stands in."""
    there = {row[0]: row for row in rows}  # by name it would take several times as long
    members = {name for name, row in there.items() if row.is_member}
    covered = [name for name, row in there.items() if row.is_covered]
    deputies = deputies_of(connection, covered, asked.type, asked.at) if covered else {}
    stand_in: dict[str, str] = {}
    for username, deputy in deputies.items():
        if username in members and deputy not in members:
            stand_in.setdefault(deputy, username)
    further = sorted(set(stand_in) - set(there))
    if further:  # at the end of a longer chain
        there |= {
            row.username: row
            for row in loads.read(connection, replace(asked, groups=(), users=further))
        }
    return [
        _candidate(row, taken, _away(row, deputies.get(name)), stand_in.get(name))
        for name, row in there.items()
        if name in members or name in stand_in
    ]


def _away(row: Row[Any], deputy: str | None) -> Away | None:
    return Away(deputy) if row.is_away or deputy is not None else None


def _candidate(
    row: Sequence[Any], taken: Taken, away: Away | None, stands_in_for: str | None
) -> Candidate:
    # Unpacked at once: asking a row for each column by its name takes several times as long.
    columns: Sequence[Any] = row
    name, language, skills, capacity, lat, lng, radius, has_shifts, open_, load, turn, *_ = columns
    return Candidate(
        name,
        loads.skills_in(skills),
        float(load + taken.load.get(name, 0)),
        open_ + taken.open.get(name, 0),
        capacity,
        away,
        None if lat is None or lng is None else (lat, lng),
        (radius or 0) / 1000,
        (language,),
        taken.turns.get(name, turn),
        stands_in_for,
        has_shifts,
    )
