"""The server passes requests and answers on whole, and no slow client holds a thread."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LARGE = b"0123456789abcdef" * 65536  # a MiB


class Served:
    """The server in a process of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        (folder / "large.bin").write_bytes(LARGE)
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "tests.api.serving", str(self.port), str(folder / "large.bin")],
            cwd=ROOT,
        )
        end = time.monotonic() + 60
        while True:
            try:
                self.connect().close()
                return
            except OSError:
                assert time.monotonic() < end
                assert self.process.poll() is None
                time.sleep(0.05)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {}, encode_chunked=body is not None)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("served"))
    yield served
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(15) == 0


def test_addresses_arguments_and_headers_arrive_as_they_were_sent(served: Served) -> None:
    path = "/echo/%E5%B7%A5%E5%8D%95%20a+b?x=%E4%B8%AD&y=1+2"

    _, text = served.ask("GET", path, headers={"X-One": "1", "X_Two": "2", "Cookie": "a=1; b=2"})

    found = json.loads(text)
    assert found["name"] == "工单 a+b"
    assert found["arguments"] == {"x": "中", "y": "1 2"}
    assert found["headers"] == {"X-One": "1"}  # X_Two could pass for X-Two
    assert found["cookies"] == {"a": "1", "b": "2"}
    assert found["address"] == "127.0.0.1"


@pytest.mark.parametrize("size", [0, 1, 70_000, 300_000, 3 * 1024 * 1024])
def test_a_body_arrives_whole(served: Served, size: int) -> None:
    response, text = served.ask("POST", "/echo/x", b"x" * size)

    assert (response.status, json.loads(text)["size"]) == (200, size)


def test_a_body_in_pieces_of_unknown_length_arrives_whole(served: Served) -> None:
    pieces = (b"x" * 10_000 for _ in range(20))

    response, text = served.ask("POST", "/echo/x", pieces, {"Transfer-Encoding": "chunked"})

    assert (response.status, json.loads(text)["size"]) == (200, 200_000)


def test_a_body_that_is_too_large_is_refused_without_being_read(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(
            b"POST /echo/x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\nabc"
        )

        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_an_endless_body_in_pieces_is_refused(served: Served) -> None:
    pieces = (b"x" * 100_000 for _ in range(40))

    try:
        status = served.ask("POST", "/echo/x", pieces, {"Transfer-Encoding": "chunked"})[0].status
    except (BrokenPipeError, ConnectionResetError):
        status = 413  # refused while it was still being sent

    assert status == 413


def test_head_answers_without_a_body_and_cookies_stay_apart(served: Served) -> None:
    response, text = served.ask("HEAD", "/cookies")

    assert (response.status, text) == (200, b"")
    assert response.headers["Content-Length"] == "6"
    assert response.headers.get_all("Set-Cookie") == ["a=1; Path=/", "b=2; Path=/"]


def test_a_large_file_is_sent_whole_and_in_parts(served: Served) -> None:
    whole = served.ask("GET", "/file")
    part = served.ask("GET", "/file", headers={"Range": "bytes=100-199"})

    assert (whole[0].status, whole[1]) == (200, LARGE)
    assert whole[0].headers["Content-Length"] == str(len(LARGE))
    assert (part[0].status, part[1]) == (206, LARGE[100:200])


def test_clients_that_send_slowly_hold_no_thread(served: Served) -> None:
    slow = [served.connect() for _ in range(20)]
    for connection in slow:
        connection.sendall(b"POST /echo/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")

    began = time.monotonic()
    answers = [served.ask("GET", "/echo/x")[0].status for _ in range(5)]
    took = time.monotonic() - began
    for connection in slow:
        connection.close()

    assert answers == [200] * 5
    assert took < 3


def test_open_streams_hold_no_thread_and_end_with_their_reader(served: Served) -> None:
    readers = [served.connect() for _ in range(10)]
    for reader in readers:
        reader.sendall(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"text/event-stream" in reader.recv(2000)

    assert served.ask("GET", "/echo/x")[0].status == 200
    assert served.ask("GET", "/stream")[0].status == 500  # this app has no words for TooMany
    for reader in readers:
        reader.close()
    time.sleep(0.5)
    with served.connect() as reader:
        reader.sendall(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in reader.recv(2000)


def test_an_answer_that_never_came_does_not_take_the_thread_along(served: Served) -> None:
    statuses = [served.ask("GET", "/broken")[0].status for _ in range(4)]

    assert statuses == [500] * 4
    assert served.ask("GET", "/echo/x")[0].status == 200


def test_a_client_that_goes_away_disturbs_nobody(served: Served) -> None:
    for _ in range(4):
        with served.connect() as connection:
            connection.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")

    assert served.ask("GET", "/slow")[1] == b"done"


def test_what_is_no_http_is_refused(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n")

        assert connection.recv(100)[:12] in (b"HTTP/1.1 400", b"")


def test_the_server_finishes_what_is_at_work_when_it_is_told_to_stop(tmp_path: Path) -> None:
    served = Served(tmp_path)
    with served.connect() as working, served.connect() as reader:
        reader.sendall(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        reader.recv(2000)
        working.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.3)
        served.process.send_signal(signal.SIGTERM)

        answer = working.recv(2000)

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"done")
    assert served.process.wait(12) == 0
