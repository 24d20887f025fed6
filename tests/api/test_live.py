"""The event stream tells open pages which tickets have a new version."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from flask import Flask

from api.live import MOST_OF_ONE, Streams
from engine import changes
from engine.changes import Breaker, Change, Notifier, Waker
from engine.errors import TooMany
from engine.uow import command
from tests.clients import Client
from tests.conftest import AsUser


class Page:
    """A browser page that reads a stream; `slow` takes what is sent only when it is let."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.taking = asyncio.Event()
        self.taking.set()

    async def send_str(self, data: str) -> None:
        await self.taking.wait()
        self.seen.append(data)

    def events(self) -> list[str]:
        return [line[6:] for text in self.seen for line in text.split("\n") if "data:" in line]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(3):
        while not condition():
            await asyncio.sleep(0.01)


async def watch(streams: Streams, page: Page, valid: bool = True) -> "asyncio.Task[None]":
    """Opens a stream for a page, as the server does."""

    async def still() -> bool:
        return valid

    loop = asyncio.get_running_loop()
    task = loop.create_task(streams.run(streams.reserve("lina"), page, still, loop.create_future()))
    await until(lambda: page.seen)
    return task


def test_every_open_page_hears_of_a_change() -> None:
    async def scene() -> tuple[list[str], list[str], int]:
        streams, one, other = Streams(), Page(), Page()
        streams.open(asyncio.get_running_loop())
        tasks = [await watch(streams, one), await watch(streams, other)]
        threading.Thread(target=changes.deliver, args=([Change("INC-1", 4)],)).start()
        await until(lambda: one.events() and other.events())
        streams.close()
        await asyncio.gather(*tasks)
        return one.events(), other.events(), streams.count()

    told = ['{"number": "INC-1", "rev": 4}']
    assert asyncio.run(scene()) == (told, told, 0)


def test_a_slow_page_gets_the_newest_version_once() -> None:
    async def scene() -> list[str]:
        streams, page = Streams(), Page()
        streams.open(asyncio.get_running_loop())
        task = await watch(streams, page)
        page.taking.clear()
        for rev in range(1, 51):
            changes.deliver([Change("INC-1", rev), Change("INC-2", rev)])
            await asyncio.sleep(0)
        page.taking.set()
        await until(lambda: '{"number": "INC-2", "rev": 50}' in page.events())
        streams.close()
        await task
        return page.events()

    events = asyncio.run(scene())
    assert events[-2:] == ['{"number": "INC-1", "rev": 50}', '{"number": "INC-2", "rev": 50}']
    assert len(events) <= 4


def test_a_page_that_takes_nothing_is_told_that_news_was_lost_and_costs_no_memory() -> None:
    async def scene() -> list[str]:
        streams, page = Streams(), Page()
        streams.open(asyncio.get_running_loop())
        task = await watch(streams, page)
        page.taking.clear()
        changes.deliver([Change("first", 1)])
        await asyncio.sleep(0.05)  # the stream now waits for the page to take this one
        for n in range(5000):
            changes.deliver([Change(f"INC-{n}", 1)])
        await asyncio.sleep(0.05)
        page.taking.set()
        await until(lambda: len(page.seen) > 2)
        streams.close()
        await task
        return page.events()

    events = asyncio.run(scene())
    assert '{"number": "*", "rev": 0}' in events
    assert len(events) < 2100


def test_a_stream_ends_at_the_heartbeat_after_the_session_has() -> None:
    async def scene() -> int:
        streams, page = Streams(heartbeat=0.05), Page()
        streams.open(asyncio.get_running_loop())
        task = await watch(streams, page, valid=False)
        await asyncio.wait_for(task, 3)
        streams.close()
        return streams.count()

    assert asyncio.run(scene()) == 0


def test_a_quiet_stream_beats() -> None:
    async def scene() -> list[str]:
        streams, page = Streams(heartbeat=0.05), Page()
        streams.open(asyncio.get_running_loop())
        task = await watch(streams, page)
        await until(lambda: len(page.seen) >= 3)
        streams.close()
        await task
        return page.seen[:3]

    assert asyncio.run(scene()) == ["retry: 2000\n\n", ":\n\n", ":\n\n"]


def test_a_person_has_so_many_streams_and_no_more() -> None:
    streams = Streams()
    places = [streams.reserve("lina") for _ in range(MOST_OF_ONE)]

    with pytest.raises(TooMany):
        streams.reserve("lina")
    other = streams.reserve("wangqiang")
    streams.release(places[0])

    assert streams.reserve("lina").username == "lina"
    assert other.username == "wangqiang"
    assert streams.count() == MOST_OF_ONE + 1


def test_the_stream_is_for_people_who_are_signed_in(client: Client, as_user: AsUser) -> None:
    assert client.get("/api/v1/events").status_code == 401

    answer = as_user("zhoumin").get("/api/v1/events")

    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    assert answer.headers["Cache-Control"] == "no-store"


def test_changes_are_told_after_the_commit_and_only_then(app: Flask) -> None:
    told: list[Change] = []
    heard = threading.Event()

    def publish(found: object) -> None:
        told.extend(found)  # type: ignore[call-overload]
        heard.set()

    notifier = Notifier(publish)
    notifier.start()

    @command
    def change(number: str, fails: bool) -> None:
        changes.announce(1, number, 2)
        if fails:
            raise LookupError("no")

    try:
        with pytest.raises(LookupError):
            change("INC-9", True)
        change("INC-1", False)
        assert heard.wait(3)
    finally:
        notifier.stop()

    assert told == [Change("INC-1", 2)]


def test_changes_of_a_moment_are_told_together_each_ticket_once() -> None:
    batches: list[list[Change]] = []
    notifier = Notifier(lambda found: batches.append(list(found)))
    notifier.start()

    for rev in (1, 2, 3):
        changes.announce(1, "INC-1", rev)
    changes.announce(2, "INC-2", 1)
    notifier.stop()

    assert [change for batch in batches for change in batch] == [
        Change("INC-1", 3),
        Change("INC-2", 1),
    ]


def test_news_that_could_not_be_passed_on_is_told_as_lost() -> None:
    told: list[Change] = []
    failed, again = threading.Event(), threading.Event()

    def publish(found: object) -> None:
        if not failed.is_set():
            failed.set()
            raise ConnectionError("the database is away")
        told.extend(found)  # type: ignore[call-overload]
        again.set()

    notifier = Notifier(publish)
    notifier.start()
    changes.announce(1, "INC-1", 1)

    assert failed.wait(3)
    assert again.wait(5)
    notifier.stop()
    assert told == [changes.LOST]


def test_without_anybody_to_tell_nothing_is_kept() -> None:
    changes.announce(1, "INC-1", 1)

    assert not changes._news.waiting


def test_a_broker_that_is_away_is_asked_less_and_less() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0], first=1.0, longest=30.0)
    pauses = []

    for _ in range(7):
        assert breaker.allows()
        pauses.append(breaker.failed())
        assert not breaker.allows()
        now[0] += pauses[-1]

    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    breaker.succeeded()
    assert breaker.failed() == 1


def test_a_wake_up_for_a_broker_never_waits_in_the_request() -> None:
    asked, go_on = threading.Event(), threading.Event()

    def publish() -> None:
        asked.set()
        go_on.wait(5)

    waker = Waker(publish, Breaker(lambda: 0.0))
    waker.start()
    try:
        for _ in range(1000):
            changes.wake_jobs(())
        assert asked.wait(3)
    finally:
        go_on.set()
        waker.stop()


def test_news_of_an_inbox_goes_to_its_owner_alone() -> None:
    async def scene() -> tuple[list[str], list[str]]:
        streams, page, other = Streams(), Page(), Page()
        streams.open(asyncio.get_running_loop())
        tasks = [await watch(streams, page)]

        async def still() -> bool:
            return True

        loop = asyncio.get_running_loop()
        place = streams.reserve("sunli")
        tasks.append(loop.create_task(streams.run(place, other, still, loop.create_future())))
        await until(lambda: other.seen)
        changes.deliver([Change("@lina", 7)])
        await until(lambda: len(page.seen) > 1)
        streams.close()
        await asyncio.gather(*tasks)
        return page.seen[1:], other.seen[1:]

    assert asyncio.run(scene()) == (["event: inbox\ndata: {}\n\n"], [])
