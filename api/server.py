"""The web server: granian in this process, the Flask application in a pool of threads behind it.

One event loop takes requests and bodies and sends answers, so a slow client never holds a thread;
a thread is busy only while the application works. The event streams live in the loop itself.
"""

import asyncio
import gc
import io
import json
import logging
import signal
import socket
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import Any, BinaryIO, NamedTuple

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from api.live import STREAM, Place, Streams

THREADS = 8
_WAITING = 256  # requests that may wait for a thread; more are told to come again
_IN_MEMORY = 256 * 1024  # bytes of a body that is read in one piece
_UPLOADS = 16  # large bodies that are taken at the same time
_SLOWEST = 32 * 1024  # bytes a second below which a body is given up, after the patience
_PATIENCE = 20.0  # seconds
_LOOK_EVERY = 5.0  # seconds
_DRAIN = 10.0  # seconds for requests at work when the server is told to stop
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
_SENT_AS_FILE = 512 * 1024  # bytes from which a file is sent without being read by Python

_log = logging.getLogger("banjie.server")


class Answer(NamedTuple):
    """What the application said."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    file: str | None
    place: Place | None


class _Request:
    """A request on its way through the pool."""

    __slots__ = ("again", "answer", "body", "future", "length", "proto", "scope")

    def __init__(
        self, scope: Any, proto: Any, body: BinaryIO, length: int, future: "asyncio.Future[None]"
    ) -> None:
        self.scope = scope
        self.proto = proto
        self.body = body
        self.length = length
        self.future = future
        self.again = False
        self.answer: Answer | None = None


class FileBody:
    """What Flask wraps a file in; a large one is sent by its path."""

    def __init__(self, file: BinaryIO, block: int = 65536) -> None:
        self.file = file
        self._block = block

    def __iter__(self) -> Iterable[bytes]:
        while piece := self.file.read(self._block):
            yield piece

    def close(self) -> None:
        """Closes the file, as WSGI asks."""
        self.file.close()

    def path(self) -> str | None:
        """Where the file is, when it is one that is worth sending by its path."""
        name = getattr(self.file, "name", None)
        if not isinstance(name, str) or not hasattr(self.file, "fileno"):
            return None
        begin = self.file.tell()
        size = self.file.seek(0, io.SEEK_END)
        self.file.seek(begin)
        return name if begin == 0 and size >= _SENT_AS_FILE else None


class Bridge:
    """Takes requests in the event loop and has them answered by a WSGI application in threads."""

    def __init__(self, app: Flask, streams: Streams, *, threads: int = THREADS) -> None:
        self._app = app
        self._most = int(app.config["MAX_CONTENT_LENGTH"] or 0)
        self._streams = streams
        self._queue: SimpleQueue[_Request | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"web-{n}", daemon=True)
            for n in range(threads)
        ]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._finished: deque[asyncio.Future[None]] = deque()
        self._told = False
        self._reading: dict[asyncio.Task[Any], tuple[float, int]] = {}
        self._uploads = asyncio.Semaphore(_UPLOADS)
        host, port = socket.gethostname(), "80"
        self._common: dict[str, Any] = {
            "SCRIPT_NAME": "",
            "SERVER_NAME": host,
            "SERVER_PORT": port,
            "SERVER_SOFTWARE": "banjie",
            "wsgi.version": (1, 0),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
            "wsgi.file_wrapper": FileBody,
        }

    def start(self) -> None:
        """Starts the threads and the watch over slow bodies; called in the event loop."""
        self._loop = asyncio.get_running_loop()
        for thread in self._threads:
            thread.start()
        self._loop.call_later(_LOOK_EVERY, self._look)

    def stop(self) -> None:
        """Lets the threads end after the request at hand."""
        for _ in self._threads:
            self._queue.put(None)

    # -- in the event loop ---------------------------------------------------------------

    async def __call__(self, scope: Any, proto: Any) -> None:
        """Answers one request (RSGI)."""
        if scope.proto != "http":
            proto.close(403)
            return
        body: BinaryIO = io.BytesIO()
        length = 0
        if scope.method not in _BODILESS:
            try:
                body, length = await self._read(scope, proto)
            except asyncio.CancelledError:
                _refuse(proto, 408, "request-timeout", "The request body came too slowly")
                return
        if self._queue.qsize() >= _WAITING:
            body.close()
            _refuse(proto, 503, "unavailable", "Too many requests are waiting")
            return
        assert self._loop is not None  # noqa: S101
        request = _Request(scope, proto, body, length, self._loop.create_future())
        self._queue.put(request)
        await request.future
        answer = request.answer
        if answer is not None and answer.place is not None:
            await self._stream(request, answer)

    async def _read(self, scope: Any, proto: Any) -> tuple[BinaryIO, int]:
        """The body and its length; a length beyond the limit is told, but nothing is read then."""
        declared = scope.headers.get("content-length")
        if declared is not None:
            length = int(declared)  # the server has checked that it is a number
            if length == 0 or length > self._most:
                return io.BytesIO(), length
        elif "transfer-encoding" not in scope.headers:
            return io.BytesIO(), 0
        else:
            length = -1
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        assert self._loop is not None  # noqa: S101
        self._reading[task] = (self._loop.time(), max(length, 0))
        try:
            if 0 < length <= _IN_MEMORY:
                return io.BytesIO(await proto()), length
            async with self._uploads:
                return await self._read_large(proto)
        finally:
            del self._reading[task]

    async def _read_large(self, proto: Any) -> tuple[BinaryIO, int]:
        file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY * 4)  # noqa: SIM115
        length = 0
        try:
            async for piece in proto:
                length += len(piece)
                if length > self._most:
                    file.close()
                    return io.BytesIO(), length
                file.write(piece)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file, length  # type: ignore[return-value]

    def _look(self) -> None:
        """Gives up bodies that come too slowly."""
        assert self._loop is not None  # noqa: S101
        now = self._loop.time()
        for task, (since, length) in list(self._reading.items()):
            if now - since > _PATIENCE + (length or self._most) / _SLOWEST:
                task.cancel()
        self._loop.call_later(_LOOK_EVERY, self._look)

    async def _stream(self, request: _Request, answer: Answer) -> None:
        assert answer.place is not None  # noqa: S101
        assert self._loop is not None  # noqa: S101
        loop = self._loop
        headers = [item for item in answer.headers if item[0].lower() != "content-length"]

        async def valid() -> bool:
            again = _Request(request.scope, None, io.BytesIO(), 0, loop.create_future())
            again.again = True
            self._queue.put(again)
            await again.future
            return again.answer is not None and again.answer.status == 200

        transport = request.proto.response_stream(answer.status, headers)
        gone = asyncio.ensure_future(request.proto.client_disconnect())
        try:
            await self._streams.run(answer.place, transport, valid, gone)
        except (RuntimeError, TimeoutError):
            return  # the reader has gone, or takes nothing any more
        finally:
            gone.cancel()

    def _wake(self) -> None:
        self._told = False
        while self._finished:
            future = self._finished.popleft()
            if not future.done():
                future.set_result(None)

    # -- in the threads ------------------------------------------------------------------

    def _work(self) -> None:
        assert self._loop is not None  # noqa: S101
        while (request := self._queue.get()) is not None:
            try:
                self._answer(request)
            except BaseException:  # even an exit asked for inside must not end this thread
                _log.exception("a request could not be answered")
            finally:
                request.body.close()
            # Several answers may share one wake-up of the loop.
            self._finished.append(request.future)
            if not self._told:
                self._told = True
                self._loop.call_soon_threadsafe(self._wake)

    def _answer(self, request: _Request) -> None:
        environ = self._environ(request)
        if request.again:
            environ["banjie.still"] = True
        request.answer = answer = _call(self._app, environ)
        if answer.place is not None and answer.status != 200:
            self._streams.release(answer.place)
            answer = answer._replace(place=None)
            request.answer = answer
        if request.again or answer.place is not None:
            return
        if answer.file is not None:
            request.proto.response_file(answer.status, answer.headers, answer.file)
        else:
            request.proto.response_bytes(answer.status, answer.headers, answer.body)

    def _environ(self, request: _Request) -> dict[str, Any]:
        scope = request.scope
        environ = self._common.copy()
        environ["REQUEST_METHOD"] = scope.method
        # WSGI wants the bytes of the path as latin-1 (PEP 3333).
        environ["PATH_INFO"] = scope.path.encode("utf-8", "surrogatepass").decode("latin-1")
        environ["QUERY_STRING"] = scope.query_string
        environ["SERVER_PROTOCOL"] = "HTTP/" + scope.http_version
        environ["REMOTE_ADDR"] = scope.client.rpartition(":")[0].strip("[]")
        environ["wsgi.url_scheme"] = scope.scheme
        environ["wsgi.input"] = request.body
        for name, value in scope.headers.items():
            if "_" in name:
                continue  # would be taken for the header with a hyphen
            key = _HEADER_KEYS.get(name)
            if key is None:
                key = "HTTP_" + name.upper().replace("-", "_")
                if len(_HEADER_KEYS) < 500:
                    _HEADER_KEYS[name] = key
            if key in environ:
                environ[key] += ("; " if key == "HTTP_COOKIE" else ",") + value
            else:
                environ[key] = value
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["CONTENT_LENGTH"] = str(request.length)
        return environ


_HEADER_KEYS = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def _call(app: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> Answer:
    """Calls a WSGI application to the end."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        told[:] = (int(status[:3]), headers)

    parts = app(environ, start_response)
    try:
        wrapped = getattr(parts, "_iterable", parts)
        file = wrapped.path() if isinstance(wrapped, FileBody) else None
        body = b"" if file is not None else b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    return Answer(told[0], told[1], body, file, environ.get(STREAM))


def _refuse(proto: Any, status: int, code: str, detail: str) -> None:
    """A problem that is told before the application is asked."""
    body = {
        "type": f"urn:problem:{code}",
        "title": detail,
        "status": status,
        "detail": detail,
        "code": code,
        "params": {},
    }
    headers = [("content-type", "application/problem+json"), ("connection", "close")]
    if status == 503:
        headers.append(("retry-after", "2"))
    proto.response_bytes(status, headers, json.dumps(body).encode())


def run(
    app: Flask,
    host: str,
    port: int,
    *,
    threads: int = THREADS,
    heartbeat: float | None = None,
    ready: Callable[[], None] | None = None,
) -> None:
    """Serves an application until SIGTERM or SIGINT, then finishes what is at work."""
    asyncio.run(_serve(app, host, port, threads, heartbeat, ready))


async def _serve(
    app: Flask,
    host: str,
    port: int,
    threads: int,
    heartbeat: float | None,
    ready: Callable[[], None] | None,
) -> None:
    loop = asyncio.get_running_loop()
    # What the start has made stays; looking through it again and again would cost each request.
    gc.collect()
    gc.freeze()
    # A request makes thousands of objects and hardly ever a cycle: look less often.
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
    streams = Streams(heartbeat) if heartbeat else Streams()
    app.extensions["banjie-streams"] = streams
    bridge = Bridge(app, streams, threads=threads)
    server = Server(
        bridge,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=15_000, max_buffer_size=64 * 1024),
        websockets=False,
        runtime_threads=1,
        backlog=1024,
        backpressure=2048,
        log_enabled=False,
    )

    stopping = asyncio.Event()

    def stop() -> None:
        streams.close()
        stopping.set()
        server.signal_handler_interrupt()  # type: ignore[no-untyped-call]

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    bridge.start()
    streams.open(loop)
    if ready is not None:
        loop.call_soon(ready)
    serving = asyncio.ensure_future(server.serve())
    stopped = asyncio.ensure_future(stopping.wait())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    try:
        await asyncio.wait_for(serving, _DRAIN)
    except TimeoutError:
        _log.warning("stopped with requests at work after %.0f s", _DRAIN)
    stopped.cancel()
    bridge.stop()
