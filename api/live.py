"""The event stream: which tickets have a new version, told to every page that is open.

A stream carries numbers and versions only. The page asks for what it shows, so that rights are
checked in one place. All streams of a process live in its event loop and read one source of news.
"""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine import changes
from engine.changes import INBOX, LOST, Change
from engine.errors import TooMany

STREAM = "banjie.stream"  # the view of the stream puts its Ticket here, in the WSGI environment
HEARTBEAT = 15.0  # seconds
MOST = 1000
MOST_OF_ONE = 10
_UNREAD = 2000  # changes kept for a slow reader, who is then told that some were lost
_SEND = 30.0  # seconds for a reader to take what was sent
_BEGIN = "retry: 2000\n\n"
_INBOX_CHANGED = "event: inbox\ndata: {}\n\n"


class Transport(Protocol):
    """An open answer."""

    async def send_str(self, data: str) -> None:
        """Sends a piece; raises when the reader has gone."""


@dataclass(slots=True)
class Place:
    """A stream that somebody has been given."""

    username: str


@dataclass(eq=False, slots=True)
class _Stream:
    place: Place
    unread: dict[str, str] = field(default_factory=dict)
    some: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, news: dict[str, str]) -> None:
        self.unread |= news
        if len(self.unread) > _UNREAD:
            self.unread = {LOST.number: _told(LOST)}
        self.some.set()

    def take(self) -> str:
        self.some.clear()
        text = "".join(self.unread.values())
        self.unread = {}
        return text


class Streams:
    """The streams of one process, and how many each person has."""

    def __init__(self, heartbeat: float = HEARTBEAT) -> None:
        self._heartbeat = heartbeat
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()
        self._open: set[_Stream] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False

    def reserve(self, username: str) -> Place:
        """Gives somebody a place; raises TooMany when he has, or all have, too many."""
        with self._lock:
            full = self._taken[username] >= MOST_OF_ONE or self._taken.total() >= MOST
            if full or self._closing:
                raise TooMany(seconds=5)
            self._taken[username] += 1
        return Place(username)

    def release(self, place: Place) -> None:
        """Takes a place back."""
        with self._lock:
            self._taken[place.username] -= 1
            if self._taken[place.username] <= 0:
                del self._taken[place.username]

    def count(self) -> int:
        """How many streams are open or about to be."""
        with self._lock:
            return self._taken.total()

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begins to read the news of this process, in an event loop."""
        self._loop = loop
        changes.subscribe(self._hear)

    def close(self) -> None:
        """Ends every stream; called in the event loop."""
        self._closing = True
        changes.unsubscribe(self._hear)
        for stream in self._open:
            stream.some.set()

    def _hear(self, found: Sequence[Change]) -> None:
        assert self._loop is not None  # noqa: S101
        news = {one.number: _told(one) for one in found if not one.number.startswith(INBOX)}
        inboxes = {one.number.removeprefix(INBOX) for one in found if one.number.startswith(INBOX)}
        self._loop.call_soon_threadsafe(self._spread, news, inboxes)

    def _spread(self, news: dict[str, str], inboxes: set[str]) -> None:
        for stream in self._open:
            if stream.place.username in inboxes:
                stream.put({**news, INBOX: _INBOX_CHANGED})
            elif news:
                stream.put(news)

    async def run(
        self,
        place: Place,
        transport: Transport,
        valid: Callable[[], Awaitable[bool]],
        gone: asyncio.Future[None],
    ) -> None:
        """Sends what changes until the reader goes, his session ends or the server stops.

        Gives the place back in the end. `valid` is asked at every heartbeat; `gone` is done when
        the reader has closed the connection.
        """
        stream = _Stream(place)
        self._open.add(stream)
        gone.add_done_callback(lambda _: stream.some.set())
        loop = asyncio.get_running_loop()
        try:
            await asyncio.wait_for(transport.send_str(_BEGIN), _SEND)
            beat = loop.time() + self._heartbeat
            while not self._closing and not gone.done():
                try:
                    async with asyncio.timeout_at(beat):
                        await stream.some.wait()
                    text = stream.take()
                except TimeoutError:
                    beat = loop.time() + self._heartbeat
                    if not await valid():
                        return
                    text = ":\n\n"
                if text:
                    await asyncio.wait_for(transport.send_str(text), _SEND)
        finally:
            self._open.discard(stream)
            self.release(place)


def _told(change: Change) -> str:
    data = json.dumps({"number": change.number, "rev": change.rev}, ensure_ascii=False)
    return f"event: ticket\ndata: {data}\n\n"
