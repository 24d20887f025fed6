"""Clocks without a database: policies from a text, moments one after the other."""

from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from engine.sla import escalation
from engine.sla.board import Board
from engine.sla.calendars import ALWAYS, Calendar, DayRule
from engine.sla.clocks import Clock
from engine.sla.escalation import Firing
from engine.sla.moments import Moment
from engine.sla.rules import Book
from workflows.sla import read_sla

CN_ZONE = ZoneInfo("Asia/Shanghai")
_DAY = ((540, 720), (810, 1080))
_SPRING = {date(2026, 2, day): DayRule("closed") for day in range(15, 24)}
_MAKEUP = {date(2026, 2, day): DayRule("makeup", 0) for day in (14, 28)}
CN = Calendar(
    CN_ZONE, (_DAY,) * 5 + ((), ()), MappingProxyType({**_SPRING, **_MAKEUP}), "cn_office", 1
)
CALENDARS = {"cn_office": CN, "always": ALWAYS}


def cn(text: str) -> datetime:
    """An instant by the clock in Shanghai: `03-02 09:00` of 2026."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=CN_ZONE).astimezone(UTC)


def shown(at: datetime | None) -> str | None:
    """An instant as `cn` reads it."""
    return at.astimezone(CN_ZONE).strftime("%m-%d %H:%M") if at else None


class Clockwork:
    """A ticket reduced to its clocks; `scope` is what conditions speak of."""

    def __init__(self, policies: str, **scope: Any) -> None:
        document = read_sla(f'calendar = "cn_office"\n{policies}'.encode(), ["vip_level"])
        assert not document.findings, document.findings
        self.book = Book(document)
        self.board = Board()
        self.scope: dict[str, Any] = {"priority": "P3", **scope}
        self.created_at: datetime | None = None
        self.category: str | None = None

    def at(self, text: str, category: str | None = None, **moment: Any) -> "Clockwork":
        """One change at an instant; new values of the scope are given as `scope`."""
        at = cn(text)
        self.scope.update(moment.pop("scope", {}))
        before, after = self.category, category or self.category or "open"
        self.created_at = self.created_at or at
        self.category = after
        self.board.apply(
            Moment(at=at, before=before, after=after, by_requester=True, **moment),
            self.book.clocks,
            lambda key: self.book.choose(key, self.scope, CALENDARS.__getitem__),
            CALENDARS.__getitem__,
            self.created_at,
        )
        return self

    def clock(self, key: str) -> Clock:
        """A clock by its key."""
        return self.board.clocks[key]

    def elapsed(self, key: str, text: str) -> float:
        """Its measure at an instant, in hours."""
        clock = self.clock(key)
        return clock.elapsed_at(cn(text), CALENDARS[clock.calendar]) / 3600

    def kinds(self, key: str | None = None) -> list[str]:
        """What the log says, of one clock or of all."""
        return [event.kind for event in self.board.events if key in (None, event.clock)]

    def next(self, owner: str | None = None) -> str | None:
        """When the next step or breach is due."""
        return shown(escalation.next_moment(self.board, self.book, CALENDARS.__getitem__, owner))

    def work(self, text: str, owner: str | None = None) -> list[Firing]:
        """What a worker that comes at an instant takes."""
        self.board.judge(cn(text))
        return escalation.fire(self.board, self.book, CALENDARS.__getitem__, owner, cn(text))
