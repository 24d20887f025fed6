"""What changed, told after the commit: tickets to open pages, due work to its runners.

A request only appends to a bounded queue in memory. Threads of their own pass the news on: to the
readers of this process, to the other processes through PostgreSQL, to a broker if there is one.
News may be lost (a full queue, a crash); nothing depends on it but how soon somebody looks.
"""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from engine import uow

CHANNEL = "banjie_changes"
_QUEUED = 10_000
_IN_ONE_NOTICE = 100  # pg_notify takes less than 8,000 bytes; a number is at most 80 characters
_QUIET = 0.02  # seconds in which further changes join the same notice

_log = logging.getLogger("banjie.changes")


@dataclass(frozen=True, slots=True)
class Change:
    """A ticket that has a new version; the number "*" says that some news was lost."""

    number: str
    rev: int


LOST = Change("*", 0)
INBOX = "@"  # before a username in the place of a ticket's number; no number holds this sign

Reader = Callable[[Sequence[Change]], None]
Publish = Callable[[Sequence[Change]], None]
Wake = Callable[[Collection[str]], None]


class _News:
    """The queue between commits and the notifier."""

    def __init__(self) -> None:
        self.waiting: deque[Change] = deque()
        self.some = threading.Event()
        self.wanted = False
        self.lost = False


_news = _News()
_readers: list[Reader] = []
_wakes: list[Wake] = []


def announce(ticket_id: int, number: str, rev: int) -> None:
    """Tells that a ticket has changed: at once, or after the commit when a command is running."""
    if uow.active():
        uow.after_commit(lambda: _offer(Change(number, rev)))
    else:
        _offer(Change(number, rev))


def announce_inbox(username: str) -> None:
    """Tells, after the commit, that somebody's inbox is another: a number that no ticket has."""
    uow.after_commit(lambda: _offer(Change(f"{INBOX}{username}", time.time_ns() // 1_000_000)))


def _offer(change: Change) -> None:
    if not _news.wanted:
        return
    if len(_news.waiting) >= _QUEUED:
        _news.lost = True
    else:
        _news.waiting.append(change)
    _news.some.set()


def wake_jobs(kinds: Collection[str]) -> None:
    """Tells the runners of this process, or the broker, that work of these kinds is due now."""
    for wake in _wakes:
        wake(kinds)


def on_wake(wake: Wake) -> None:
    """Adds somebody to wake with the kinds of work; it must return at once and never fail."""
    _wakes.append(wake)


def forget_wake(wake: Wake) -> None:
    """Takes somebody off again."""
    if wake in _wakes:
        _wakes.remove(wake)


def subscribe(reader: Reader) -> None:
    """Adds a reader of changes; it is called in another thread and must return at once."""
    _readers.append(reader)


def unsubscribe(reader: Reader) -> None:
    """Takes a reader off again."""
    if reader in _readers:
        _readers.remove(reader)


def deliver(found: Sequence[Change]) -> None:
    """Hands changes to every reader of this process."""
    for reader in list(_readers):
        reader(found)


class Notifier:
    """The thread that passes news of changed tickets on, to `publish` in batches."""

    def __init__(self, publish: Publish = deliver) -> None:
        self._publish = publish
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="changes", daemon=True)

    def start(self) -> None:
        """Begins to take news; until then they are dropped."""
        _news.wanted = True
        self._thread.start()

    def stop(self) -> None:
        """Passes on what is there and ends."""
        _news.wanted = False
        self._stopping.set()
        _news.some.set()
        self._thread.join(5)

    def _run(self) -> None:
        while True:
            _news.some.wait()
            if not self._stopping.wait(_QUIET):
                _news.some.clear()
            batch = list(_taken())
            try:
                if batch:
                    self._publish(batch)
            except Exception:
                _log.warning("%s changes could not be passed on", len(batch), exc_info=True)
                _news.lost = True
                if not self._stopping.wait(1.0):
                    _news.some.set()
            if self._stopping.is_set():
                return


def _taken() -> Iterable[Change]:
    if _news.lost:
        _news.lost = False
        yield LOST
    latest: dict[str, int] = {}
    while _news.waiting:
        change = _news.waiting.popleft()
        latest[change.number] = max(change.rev, latest.get(change.number, 0))
    for number, rev in latest.items():
        yield Change(number, rev)


class PostgresPublisher:
    """Passes changes to every process through the database, over a connection of its own."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._connection: Any = None

    def __call__(self, found: Sequence[Change]) -> None:
        """Sends one notice for every hundred changes."""
        notices = [
            json.dumps([[c.number, c.rev] for c in found[n : n + _IN_ONE_NOTICE]])
            for n in range(0, len(found), _IN_ONE_NOTICE)
        ]
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.execute(
                "SELECT pg_notify(%s, notice) FROM unnest(%s::text[]) AS notice",
                [CHANNEL, notices],
            )
        except Exception:
            broken, self._connection = self._connection, None
            if broken is not None:
                broken.close()
            raise


class PostgresReader:
    """The thread that hears what all processes publish and delivers it to the readers of this one.

    After a lost connection it listens again and says that news may be missing.
    """

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="changes-reader", daemon=True)

    def start(self) -> None:
        """Begins to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Ends within a second."""
        self._stopping.set()
        self._thread.join(3)

    def _run(self) -> None:
        first = True
        while not self._stopping.is_set():
            try:
                with self._connect() as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    if not first:
                        deliver([LOST])
                    first = False
                    while not self._stopping.is_set():
                        for notice in connection.notifies(timeout=0.5):
                            deliver(_read(notice.payload))
            except Exception as error:
                _log.warning("not listening for changes: %s", error)
                self._stopping.wait(1.0)


def _read(payload: str) -> list[Change]:
    try:
        return [Change(str(number), int(rev)) for number, rev in json.loads(payload)]
    except (ValueError, TypeError):
        return [LOST]  # another program's notice on our channel


class Breaker:
    """Keeps from asking something that is away: after a failure it waits, longer each time."""

    def __init__(self, clock: Callable[[], float], first: float = 1.0, longest: float = 30.0):
        self._clock = clock
        self._first = first
        self._longest = longest
        self._pause = 0.0
        self._closed_until = 0.0

    def allows(self) -> bool:
        """Whether it is time for a try."""
        return self._clock() >= self._closed_until

    def succeeded(self) -> None:
        """Notes that the other side answered."""
        self._pause = 0.0

    def failed(self) -> float:
        """Notes that it did not; gives back how long nothing will be tried, in seconds."""
        self._pause = min(self._longest, self._pause * 2 or self._first)
        self._closed_until = self._clock() + self._pause
        return self._pause


class Waker:
    """The thread that tells a broker that work is due, so that a request never does."""

    def __init__(self, publish: Callable[[], None], breaker: Breaker) -> None:
        self._publish = publish
        self._breaker = breaker
        self._some = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="wakes", daemon=True)

    def start(self) -> None:
        """Begins to pass wake-ups on."""
        on_wake(self._wake)
        self._thread.start()

    def stop(self) -> None:
        """Ends; a wake-up that is still there is dropped, the workers sweep anyway."""
        forget_wake(self._wake)
        self._stopping = True
        self._some.set()
        self._thread.join(5)

    def _wake(self, kinds: Collection[str]) -> None:
        self._some.set()

    def _run(self) -> None:
        while True:
            self._some.wait()
            self._some.clear()
            if self._stopping:
                return
            if not self._breaker.allows():
                continue
            try:
                self._publish()
            except Exception as error:
                pause = self._breaker.failed()
                _log.warning("the broker does not answer, next try in %.0f s: %s", pause, error)
            else:
                self._breaker.succeeded()
                time.sleep(_QUIET)  # one wake-up is enough for all that commits meanwhile
