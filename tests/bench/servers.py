"""The servers that are measured, each with its processor time and that of its database."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Server:
    """A server in processes of its own on a port."""

    def __init__(
        self, name: str, command: list[str], environ: dict[str, str], port: int, database: str
    ) -> None:
        self.name = name
        self.port = port
        self.database = database  # the PostgreSQL database whose backends count, or nothing
        self._log = open(os.environ.get("BENCH_LOG", os.devnull), "ab")  # noqa: SIM115
        self._process = subprocess.Popen(  # noqa: S603
            command,
            env={**os.environ, **environ},
            cwd=ROOT,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > end or self._process.poll() is not None:
                    raise RuntimeError(f"{self.name} does not start") from None
                time.sleep(0.05)

    def processes(self) -> list[psutil.Process]:
        """The processes of the server."""
        main = psutil.Process(self._process.pid)
        return [main, *main.children(recursive=True)]

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        return sum(sum(each.cpu_times()[:2]) for each in self.processes())

    def memory(self) -> float:
        """MiB resident in all processes."""
        return sum(each.memory_info().rss for each in self.processes()) / 2**20

    def database_cpu(self) -> float:
        """Seconds of processor time of the backends of its database, as their titles name it."""
        if not self.database:
            return 0.0
        total = 0.0
        for each in psutil.process_iter(["name", "cmdline"]):
            title = " ".join(each.info["cmdline"] or [])
            if each.info["name"] == "postgres" and f" {self.database} " in title:
                total += sum(each.cpu_times()[:2])
        return total

    def stop(self) -> None:
        """Ends it."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._log.close()


def floor(url: str, database: str) -> Server:
    """The floor behind two gunicorn gthread workers."""
    environ = {"DB_URL": url, "SQLITE_SYNC": "FULL"}
    make = "from tests.bench.floorapp import Base, eng; Base.metadata.create_all(eng)"
    subprocess.run(  # noqa: S603
        [sys.executable, "-c", make], env={**os.environ, **environ}, cwd=ROOT, check=True
    )
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "--workers", "2", "--worker-class", "gthread"),
        *("--threads", "8", "--bind", f"127.0.0.1:{port}", "tests.bench.floorapp:app"),
    ]
    return Server("floor", command, environ, port, database)


def ours(environ: dict[str, str], database: str, workers: int) -> Server:
    """Banjie as `banjie serve` runs it."""
    port = free_port()
    command = [sys.executable, "-m", "api", "serve", "--workers", str(workers)]
    command += ["--bind", f"127.0.0.1:{port}"]
    return Server("ours", command, environ, port, database)
