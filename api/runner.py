"""The threads beside the web application: due jobs, news of changes, wake-ups for a broker."""

import time
from collections.abc import Callable
from typing import Any, Protocol

from flask import Flask

from engine import changes, housekeeping
from engine.changes import Breaker, Notifier, PostgresPublisher, PostgresReader, Waker
from engine.db import db
from engine.jobs import handlers, leases
from engine.jobs.runner import Sweeper

OUTSIDE = 4  # threads for work that reaches beyond the database


class _Part(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


class Background:
    """What runs beside the requests of one process, or is all that a worker process does.

    `jobs`: do due work here. `streams`: hear what other processes changed, for the event streams.
    `publish_wake`: how to tell a broker that work is due, when the work is done elsewhere.
    """

    def __init__(
        self,
        app: Flask,
        *,
        jobs: bool = True,
        streams: bool = True,
        publish_wake: Callable[[], None] | None = None,
    ) -> None:
        self._parts: list[_Part] = []
        with app.app_context():
            url = db.engine.url
        if url.get_backend_name() == "postgresql":
            connect = _connector(url.set(drivername="postgresql").render_as_string(False))
            self._parts.append(Notifier(PostgresPublisher(connect)))
            if streams:
                self._parts.append(PostgresReader(connect))
        else:
            self._parts.append(Notifier(changes.deliver))
        if publish_wake is not None:
            self._parts.append(Waker(publish_wake, Breaker(time.monotonic)))
        if jobs:
            if url.get_backend_name() == "sqlite":
                # Nobody else does jobs of this file: what is leased was leased before a fall.
                with app.app_context():
                    leases.free_all()
            housekeeping.install()
            self._parts += sweepers(app)

    def start(self) -> None:
        """Starts the threads."""
        for part in self._parts:
            part.start()

    def stop(self) -> None:
        """Stops them, the jobs first: what they change is still told."""
        for part in reversed(self._parts):
            part.stop()


def sweepers(app: Flask) -> list[_Part]:
    """One thread for work inside the database, some more for work outside, which may be slow.

    Those claim one job at a time, so that none waits behind a slow one that the thread has begun.
    """
    outside = {name for name, kind in handlers.kinds().items() if kind.outside}
    if not outside:
        return [Sweeper(app.app_context)]
    inside = set(handlers.kinds()) - outside
    return [
        Sweeper(app.app_context, kinds=lambda: inside, name="jobs"),
        *(
            Sweeper(app.app_context, kinds=lambda: outside, name=f"jobs-outside-{n}", batch=1)
            for n in range(1, OUTSIDE + 1)
        ),
    ]


def _connector(url: str) -> Callable[[], Any]:
    def connect() -> Any:
        import psycopg

        return psycopg.connect(url, autocommit=True, connect_timeout=5)

    return connect
