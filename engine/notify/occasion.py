"""What happened to a ticket, as those who tell people of it want to know it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.deployments.catalogue import Loaded

# What conditions and templates may name of a ticket, beside its group.
FIELDS = ("number", "title", "priority", "status", "category", "requester", "assignee")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a ticket's history; `data` may carry people of its own."""

    seq: int
    kind: str
    actor: str
    at: datetime
    element: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What happened to one ticket.

    `row` has the ticket's columns as attributes; `place` gives the people in a place of the ticket
    (watchers, candidates) as "user:…" or "group:…"; `step` gives the name of an element in a
    language; `said` gives the words of a fact, such as those of a comment; `rating_url` is where
    the requester rates what was done without a sign-in, empty while nothing is done.
    """

    row: Any
    version: Loaded
    facts: Sequence[Fact]
    place: Callable[[str], Sequence[str]]
    step: Callable[[str | None, str], str | None]
    said: Callable[[Fact], str | None]
    rating_url: Callable[[], str]
