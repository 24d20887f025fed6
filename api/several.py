"""Several web processes behind one port: started, restarted when one falls, ended together.

`python -m api.several COUNT COMMAND …` loads nothing of the application, to stay small.
"""

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

_LONGEST_PAUSE = 30.0  # seconds between restarts of a process that falls at once
_STABLE = 60.0  # seconds after which a fall counts as the first again
_END = 20.0  # seconds for a process to finish its work

_log = logging.getLogger("banjie.server")


def supervise(command: Sequence[str], count: int) -> int:
    """Keeps `count` processes of a command running until SIGTERM or SIGINT; the exit status."""
    told = _told()
    children = [_Child(command) for _ in range(count)]
    try:
        while not told.wait(0.2):
            for child in children:
                child.look()
    finally:
        for child in children:
            child.end()
        for child in children:
            child.wait()
    return 0


def until_told() -> None:
    """Waits for SIGTERM or SIGINT."""
    told = _told()
    while not told.wait(1.0):  # in turns, so that a signal is taken at once on every system
        pass


def _told() -> threading.Event:
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    return told


class _Child:
    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._pause = 0.0
        self._again = 0.0
        self._begin()

    def _begin(self) -> None:
        self._since = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = subprocess.Popen(self._command)  # noqa: S603

    def look(self) -> None:
        """Starts it again after a fall, later each time while it falls at once."""
        now = time.monotonic()
        if self._process is not None and self._process.poll() is not None:
            status, self._process = self._process.returncode, None
            lasted = now - self._since
            self._pause = 0.5 if lasted > _STABLE else min(_LONGEST_PAUSE, self._pause * 2 or 0.5)
            self._again = now + self._pause
            _log.error("a web process ended with %s; next start in %.1f s", status, self._pause)
        if self._process is None and now >= self._again:
            self._begin()

    def end(self) -> None:
        """Tells it to finish."""
        if self._process is not None:
            self._process.terminate()

    def wait(self) -> None:
        """Waits until it has."""
        if self._process is None:
            return
        try:
            self._process.wait(_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


if __name__ == "__main__":
    sys.exit(supervise(sys.argv[2:], int(sys.argv[1])))
