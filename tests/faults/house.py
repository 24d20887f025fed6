"""A whole installation in processes of its own, to be killed, cut off and brought back."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import text

from api.app import create_app
from api.cli_content import prepare
from api.config import load
from engine import doctor, schema
from engine.access import tokens
from engine.access.policy import SYSTEM
from engine.db import db
from engine.deployments import commands as deployments
from tests import packages
from workflows.packages import from_files

START = 60.0  # seconds a process may take to come up on a machine that is busy
PASSWORD = "correct horse battery"  # noqa: S105
REPORT = {"category": ["network", "vpn"], "impact": "me", "description": "连不上"}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Waits for something, and says what did not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} within {seconds:.0f} s"
        time.sleep(0.05)


class House:
    """The settings of an installation and its processes."""

    def __init__(
        self, folder: Path, database_url: str | None = None, broker_url: str | None = None
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.environ = {
            "BANJIE_DATA_DIR": str(folder),
            "BANJIE_ADMIN_PASSWORD": PASSWORD,
            "BANJIE_BIND": f"127.0.0.1:{self.port}",
            **({"BANJIE_DATABASE_URL": database_url} if database_url else {}),
            **({"BANJIE_BROKER_URL": broker_url} if broker_url else {}),
        }
        self._processes: list[subprocess.Popen[bytes]] = []
        self._log = (folder / "processes.log").open("ab")
        self.token = ""

    @property
    def plain_url(self) -> str:
        """The address of its PostgreSQL as the driver reads it."""
        return self.environ["BANJIE_DATABASE_URL"].replace("+psycopg", "")

    @cached_property
    def inside(self) -> Flask:
        """The same installation inside this process, for looking and for preparing."""
        return create_app(load(self.environ))

    def prepare(self) -> None:
        """Migrates, deploys the samples and a process with a short timer, makes a token."""
        app = self.inside
        with app.app_context():
            schema.upgrade()
            prepare(app.config["BANJIE"], samples=True)
            deployments.deploy(SYSTEM, from_files(TIMED))
            self.token = tokens.create(SYSTEM, "faults", username="admin")[1]
            db.session.remove()
            db.engine.dispose()

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Starts `banjie …` as a process group of its own."""
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "api", *arguments],
            env={**os.environ, **self.environ},
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def serve(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Starts the web and waits until it answers."""
        process = self.start("serve", *arguments)
        until(lambda: self.answers(process), START, "the web answers")
        return process

    def answers(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether the web is up; a process that has ended instead fails the test."""
        assert process.poll() is None, self.told()
        caller = Caller(self)
        try:
            return caller.get("/health/live")[0] == 200
        except OSError:
            return False
        finally:
            caller.close()

    def told(self) -> str:
        """What the processes wrote."""
        return (self.folder / "processes.log").read_text("utf-8", "replace")[-4000:]

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9, with everything the process started."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        """Ends what still runs."""
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill(process)
        self._log.close()

    def complaints(self) -> list[str]:
        """What `banjie doctor --deep` finds wrong."""
        with self.inside.app_context():
            found = [f"{r.name}: {r.said}" for r in doctor.examine(deep=True) if not r.ok]
            db.session.remove()
            db.engine.dispose()
        return found

    def ask(self, statement: str) -> list[Any]:
        """Rows of a SELECT, read beside the installation."""
        with self.inside.app_context():
            with db.engine.connect() as connection:
                rows = list(connection.execute(text(statement)))
            db.engine.dispose()
        return rows


class Caller:
    """A program that uses the interface over one connection, and comes again after a fall."""

    def __init__(self, house: House, timeout: float = 20.0) -> None:
        self._house = house
        self._timeout = timeout
        self._connection: http.client.HTTPConnection | None = None
        self.slowest = 0.0
        self.statuses: list[int] = []

    def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def get(self, path: str) -> tuple[int, Any]:
        return self._once("GET", path, None, None)

    def post(self, path: str, body: object, key: str | None = None) -> tuple[int, Any]:
        return self._once("POST", path, body, key)

    def insist(self, path: str, body: object, seconds: float = 60.0) -> tuple[int, Any]:
        """A POST that is repeated with the same key until it is answered by other than a 5xx."""
        key = uuid.uuid4().hex
        end = time.monotonic() + seconds
        while True:
            try:
                status, answer = self.post(path, body, key)
                if status < 500:
                    return status, answer
            except (OSError, http.client.HTTPException):
                pass
            assert time.monotonic() < end, f"{path} is not answered\n{self._house.told()}"
            time.sleep(0.1)

    def _once(self, method: str, path: str, body: object, key: str | None) -> tuple[int, Any]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self._house.port, timeout=self._timeout
            )
        headers = {"Authorization": f"Bearer {self._house.token}", "Accept-Language": "en"}
        if key is not None:
            headers["Idempotency-Key"] = key
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        began = time.monotonic()
        try:
            self._connection.request(method, path, data, headers)
            response = self._connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.statuses.append(response.status)
        self.retry_after = response.getheader("Retry-After")
        return response.status, json.loads(text) if text.startswith(b"{") else text


def flow(caller: Caller, n: int) -> str:
    """One ticket from report to closure; even ones wait for a timer on the way. Its number."""
    if n % 2:
        _, ticket = caller.insist(
            "/api/v1/tickets", {"type": "it_incident", "title": f"第 {n} 张", "values": REPORT}
        )
        number: str = ticket["number"]
        complete(caller, number, "triage", "accept", {**TRIAGE})
        complete(caller, number, "handle", "solve", {"cause": "network", "solution": "重启"})
        complete(caller, number, "confirm", "confirm", {"rating": 5})
        return number
    _, ticket = caller.insist("/api/v1/tickets", {"type": "timed", "title": f"第 {n} 张"})
    number = ticket["number"]
    complete(caller, number, "look", None, {})
    return number


TRIAGE = {"category": ["network", "vpn"], "impact": "me", "urgency": "high"}


def complete(
    caller: Caller, number: str, element: str, action: str | None, values: dict[str, Any]
) -> None:
    """Completes the open task of an element, waiting for it to come."""
    end = time.monotonic() + 90
    while True:
        try:
            status, ticket = caller.get(f"/api/v1/tickets/{number}")
        except (OSError, http.client.HTTPException):
            status, ticket = 0, {}
        if status == 200:
            open_tasks = [task for task in ticket["tasks"] if task["element"] == element]
            if open_tasks:
                break
        assert time.monotonic() < end, f"{number} does not come to {element}: {ticket}"
        time.sleep(0.1)
    body = {"values": values, **({"action": action} if action else {})}
    status, answer = caller.insist(f"/api/v1/tasks/{open_tasks[0]['id']}/complete", body)
    assert status == 200, (status, answer)


def in_parallel(house: House, flows: int, threads: int = 4) -> tuple[list[str], list[Caller]]:
    """Walks that many tickets through their processes; their numbers and the callers."""
    numbers: list[str] = []
    callers = [Caller(house) for _ in range(threads)]
    accidents: list[BaseException] = []

    def work(place: int) -> None:
        try:
            for n in range(place, flows, threads):
                numbers.append(flow(callers[place], n))
        except BaseException as accident:
            accidents.append(accident)

    workers = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    for caller in callers:
        caller.close()
    if accidents:
        raise accidents[0]
    return numbers, callers


# begin -> a timer of a second -> look -> end
TIMED = {
    "package.toml": (
        'key = "timed"\nnumber = "TIM-{date}-{seq:4}"\nname = { zh-CN = "定时", en = "Timed" }\n'
        '[statuses]\nfresh = { category = "new", zh-CN = "新建", en = "New" }\n'
        'done = { category = "closed", zh-CN = "已办结", en = "Closed" }\n'
    ).encode(),
    "process.bpmn": packages.bpmn(
        '<bpmn:startEvent id="begin"/><bpmn:intermediateCatchEvent id="pause">'
        '<bpmn:timerEventDefinition id="timer"><bpmn:timeDuration>PT1S</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        + packages.user_task("look", "看一下")
        + '<bpmn:endEvent id="finish"/>'
        + packages.flow("begin", "pause")
        + packages.flow("pause", "look")
        + packages.flow("look", "finish")
    ),
}


class Gate:
    """A way to a service of this machine that can be shut and opened again."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.port = free_port()
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.open()

    def open(self) -> None:
        """Lets connections through."""
        listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        """Ends every connection and refuses new ones."""
        listener, self._listener = self._listener, None
        if listener is not None:
            # Closing alone does not wake the thread that waits in accept.
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for one in list(self._open):
            _end(one)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                here, _ = listener.accept()
            except OSError:
                return
            try:
                there = socket.create_connection(("127.0.0.1", self._to), timeout=5)
            except OSError:
                _end(here)
                continue
            there.settimeout(None)
            for one, other in ((here, there), (there, here)):
                self._open.add(one)
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        finally:
            _end(source)
            _end(target)
            self._open.discard(source)


def _end(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    finally:
        one.close()


@contextmanager
def postgresql(name: str) -> Iterator[str]:
    """A database of its own on the local server; its address."""
    server = "postgresql://postgres@127.0.0.1:5432/postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_name(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(_name(name)))
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:5432/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_name(name))
            )


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)
