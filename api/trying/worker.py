"""The process of a sandbox: answers requests, one line of JSON each, on a socket in its folder.

It takes what the host allows: memory, processor time, file size, and a while without requests.
Nothing of the installation reaches it, neither settings nor keys nor database.
"""

import json
import os
import resource
import shutil
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from api.trying.sandbox import Sandbox

MEMORY = 1024 * 1024 * 1024  # address space, of which a fifth is really used
PROCESSOR = 120  # seconds in a life
FILE = 64 * 1024 * 1024
IDLE = 900  # seconds
SOCKET, _BINDING = "sandbox.sock", "binding.sock"
MAX_LINE = 64 * 1024 * 1024


def main(folder: Path, zone: str) -> None:
    """Serves until nobody asks any more, then leaves nothing behind."""
    _limit()
    listener = socket.socket(socket.AF_UNIX)
    try:
        sandbox = _make(folder, zone)
        listener.bind(str(folder / _BINDING))
        listener.listen(4)
        listener.settimeout(IDLE)
        (folder / _BINDING).rename(folder / SOCKET)  # there for the host only once it answers
        while _answer(listener, sandbox):
            pass
    finally:
        listener.close()
        shutil.rmtree(folder, ignore_errors=True)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)


def _make(folder: Path, zone: str) -> "Sandbox":
    from api.app import create_app
    from api.config import Config
    from api.trying.sandbox import Sandbox

    data = folder / "data"
    data.mkdir()
    config = Config(
        data_dir=data,
        database_url=f"sqlite:///{folder / 'banjie.db'}",
        secret_key=os.urandom(32).hex(),
        time_zone=ZoneInfo(zone),
    )
    return Sandbox(create_app(config), folder)


def _answer(listener: socket.socket, sandbox: "Sandbox") -> bool:
    """One request; whether there may be another."""
    try:
        connection, _ = listener.accept()
    except TimeoutError:
        return False
    with connection, connection.makefile("rwb") as stream:
        connection.settimeout(60)
        line = stream.readline(MAX_LINE)
        if not line:
            return True
        request = json.loads(line)
        stream.write(json.dumps(_do(sandbox, request), default=str).encode() + b"\n")
        stream.flush()
        return bool(request["do"] != "close")


def _do(sandbox: "Sandbox", request: dict[str, Any]) -> dict[str, Any]:
    from api.trying import requests
    from api.trying.sandbox import Refused

    try:
        return {"ok": requests.do(sandbox, request)}
    except Refused as refused:
        return {"refused": refused.answer}
    except Exception as error:  # told to the host, which tells it as a problem of the trial
        return {"failed": f"{type(error).__name__}: {error}"[:500]}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
