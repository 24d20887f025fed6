"""Starts the processes of sandboxes, talks to them, and ends those that take too long.

A sandbox is found by its folder, whose name is its id: any process of the installation on this
machine can reach it. The folder is ours alone to read.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.trying.worker import MAX_LINE, SOCKET
from engine import settings
from engine.errors import Unavailable

START = 30.0  # seconds
ANSWER = 20.0
_ID = 24  # hex digits
_FACTS = "facts.json"
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")

# Those begun here, kept so that they are waited for once they have ended.
_begun: dict[str, subprocess.Popen[bytes]] = {}


class Failed(Exception):
    """The sandbox could not do it; the text is for the log."""


class RefusedInside(Exception):
    """The application inside refused; `answer` is its problem."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = answer
        super().__init__(str(answer.get("code")))


class TooSlow(Failed):
    """It took longer than it may, and was ended."""


def root() -> Path:
    """The folder of all sandboxes of this installation."""
    data = sha256(str(settings.current().data_dir).encode()).hexdigest()[:12]
    # Short on purpose: the address of a socket holds a hundred characters.
    folder = Path(tempfile.gettempdir()) / f"banjie-{os.getuid()}-{data}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
        raise Unavailable(what="sandbox")
    return folder


def start(facts: Mapping[str, Any]) -> str:
    """A new sandbox; its id. `facts` are kept beside it for `known`."""
    identity = secrets.token_hex(_ID // 2)
    folder = root() / identity
    folder.mkdir(mode=0o700)
    zone = str(settings.current().time_zone)
    environment = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
    process = subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-m", "api.trying.worker", str(folder), zone],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**environment, "BANJIE_DATA_DIR": str(folder / "data"), "PYTHONUTF8": "1"},
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )
    _begun[identity] = process
    (folder / _FACTS).write_text(json.dumps({**facts, "pid": process.pid}), "utf-8")
    until = time.monotonic() + START
    while not (folder / SOCKET).exists():
        if process.poll() is not None or time.monotonic() > until:
            _remove(identity, process.pid)
            raise Unavailable(what="sandbox")
        time.sleep(0.02)
    return identity


def known() -> dict[str, dict[str, Any]]:
    """The sandboxes that are alive, by id, with their facts."""
    found = {}
    for folder in root().iterdir():
        facts = _facts(folder.name)
        if facts is None:
            continue
        if _alive(folder.name, facts["pid"]):
            found[folder.name] = facts
        else:
            _remove(folder.name, facts["pid"])
    return found


def _facts(identity: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((root() / identity / _FACTS).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _alive(identity: str, pid: int) -> bool:
    process = _begun.get(identity)
    return process.poll() is None if process is not None else _is_ours(identity, pid)


def ask(identity: str, do: str, *, seconds: float = ANSWER, **request: Any) -> Any:
    """What a sandbox answers; raises LookupError, Failed, TooSlow, RefusedInside."""
    facts = _facts(identity) if len(identity) == _ID and identity.isalnum() else None
    if facts is None:
        raise LookupError(identity)
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(seconds)
            connection.connect(str(root() / identity / SOCKET))
            with connection.makefile("rwb") as stream:
                stream.write(json.dumps({"do": do, **request}, default=str).encode() + b"\n")
                stream.flush()
                line = stream.readline(MAX_LINE)
    except TimeoutError:
        _remove(identity, facts["pid"])
        raise TooSlow(identity) from None
    except OSError:
        _remove(identity, facts["pid"])
        raise LookupError(identity) from None
    if not line:
        _remove(identity, facts["pid"])
        raise Failed("it ended without an answer")
    answer = json.loads(line)
    if "refused" in answer:
        raise RefusedInside(answer["refused"])
    if "failed" in answer:
        raise Failed(answer["failed"])
    return answer["ok"]


def end(identity: str) -> None:
    """Ends a sandbox; one that is gone already is fine."""
    facts = _facts(identity)
    if facts is not None:
        _remove(identity, facts["pid"])


def _remove(identity: str, pid: int) -> None:
    process = _begun.pop(identity, None)
    if process is not None:
        process.kill()
        process.wait()
    elif _is_ours(identity, pid):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(root() / identity, ignore_errors=True)


def _is_ours(identity: str, pid: int) -> bool:
    """Whether the process of a number is the sandbox: the number may be somebody else's by now."""
    try:
        return identity.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
