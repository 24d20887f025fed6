"""Many timers due at once: `python -m tests.bench.storm [--due 10000] [--workers 2]`.

Each ticket waits for a timer of its own that opens the next step. When all are due, that many
`banjie worker` processes begin, each with one thread for such work; a P0 ticket whose timer is due
at once is put in twice a second meanwhile. What counts is PostgreSQL's own record: when each timer
fired, how often, and how late an alarm was.
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import text

from engine.access.policy import SYSTEM
from engine.db import db
from engine.deployments import commands as deployments
from engine.tickets import commands
from engine.uow import command
from tests import builders, packages, services, tickets
from tests.bench.figures import note, say
from tests.faults.house import House, postgresql

NAME = "banjie_bench_storm"
_FIRED = text(
    "SELECT count(*) AS fired, count(DISTINCT ticket_id) AS tickets"
    " FROM history WHERE kind = 'timer_fired' AND ticket_id <= :last"
)
_OPENED = text(
    "SELECT count(*) FROM user_task WHERE element = 'handle' AND status = 'open'"
    " AND ticket_id <= :last"
)
_RANG = text("SELECT count(*) FROM history WHERE ticket_id = :ticket AND kind = 'timer_fired'")


def waiting(duration: str) -> bytes:
    """A timer, then a task."""
    return packages.bpmn(
        '<bpmn:startEvent id="begin"/>'
        '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition>'
        f"<bpmn:timeDuration>{duration}</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        + packages.user_task("handle", "处理", status="handling")
        + '<bpmn:endEvent id="finish"/>'
        + packages.flow("begin", "pause")
        + packages.flow("pause", "handle")
        + packages.flow("handle", "finish")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--most", type=float, default=300.0, help="seconds to wait for the end")
    options = parser.parse_args()
    if not services.answers("PostgreSQL"):
        say("PostgreSQL does not answer")
        return
    with tempfile.TemporaryDirectory() as folder, postgresql(NAME) as url:
        house = House(Path(folder), url)
        house.prepare()
        try:
            with house.inside.app_context():
                _measure(house, options)
        finally:
            house.close()


def _measure(house: House, options: argparse.Namespace) -> None:
    builders.person("lina")
    for key in ("storm", "alarm"):
        content = {"package.toml": tickets.manifest(key), "process.bpmn": waiting("PT0S")}
        deployments.deploy(SYSTEM, packages.packages.from_files(content))
    lina = builders.actor("lina")
    last = 0
    for _ in range(options.due):
        last = commands.create(lina, "storm", "x", {}).change.row.id
    db.session.remove()
    _at_one_instant()
    workers = [house.start("worker") for _ in range(options.workers)]
    while not _one(
        _FIRED, last=last
    ).fired:  # from the first effect on: not the interpreter's start
        time.sleep(0.02)
    started, before = time.perf_counter(), _one(_FIRED, last=last).fired
    cpu = _cpu(workers)
    alarms = []
    while _one(_FIRED, last=last).fired < options.due:
        alarms.append(_alarm())
        time.sleep(0.4)
        if time.perf_counter() - started > options.most:
            break
    passed = time.perf_counter() - started
    each = [
        (b - a) / (options.due - before) * 1000 for a, b in zip(cpu, _cpu(workers), strict=True)
    ]
    found, opened = _one(_FIRED, last=last), _one(_OPENED, last=last)[0]
    for worker in workers:
        worker.terminate()
    late = sorted(alarms)[max(0, int(len(alarms) * 0.99) - 1)] if alarms else 0.0
    say(
        f"postgresql, {options.due} timers due together, {options.workers} workers:"
        f" {found.fired - before} in {passed:.1f} s; fired {found.fired} times for {found.tickets}"
        f" tickets, {opened} steps open; of {len(alarms)} P0 alarms the 99th hundredth"
        f" {late:.2f} s late; processor time each: {each[0]:.2f} ms workers,"
        f" {each[1]:.2f} ms database"
    )
    note(f"postgresql: {options.due} timers due together", passed, 40, "s")
    note("postgresql: a P0 alarm in their midst, the 99th hundredth", late, 1, "s")


@command
def _at_one_instant() -> None:
    db.session.connection().execute(text("UPDATE job SET due = now() WHERE kind = 'timer'"))


def _cpu(workers: list[subprocess.Popen[bytes]]) -> tuple[float, float]:
    """Seconds of processor time so far of the workers and of the backends of the database."""
    ours = sum(sum(psutil.Process(one.pid).cpu_times()[:2]) for one in workers)
    database = 0.0
    for each in psutil.process_iter(["name", "cmdline"]):
        title = " ".join(each.info["cmdline"] or [])
        if each.info["name"] == "postgres" and f" {NAME} " in title:
            database += sum(each.cpu_times()[:2])
    return ours, database


def _one(statement: Any, **values: Any) -> Any:
    with db.engine.connect() as connection:
        return connection.execute(statement, values).one()


def _alarm() -> float:
    """Puts a P0 ticket in whose timer is due now; how long until it has fired."""
    made = commands.create(builders.actor("lina", "agent"), "alarm", "P0", {}, priority="P0")
    started = time.perf_counter()
    while not _one(_RANG, ticket=made.change.row.id)[0]:
        time.sleep(0.005)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
