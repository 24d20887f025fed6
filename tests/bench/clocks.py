"""What clocks cost: `python -m tests.bench.clocks [--database postgresql] [--due 10000]`.

Measured are the processor time that the clocks add to a step, how long many steps that are due
together take two workers with a P0 alarm in their midst, and a step beside many sleeping timers.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import text

from engine import clock
from engine.access.policy import SYSTEM
from engine.db import db
from engine.deployments import commands as deployments
from engine.jobs import runner
from engine.tickets import commands, tasks
from engine.uow import command
from tests import builders, packages, services, tickets
from tests.bench.__main__ import say
from tests.faults.house import House, postgresql

POLICIES = b"""
[[policy]]
metric = "resolution"
pause_on = ["waiting"]
goals = [ { when = 'priority = "P1"', target = "PT4H" }, { target = "PT16H" } ]
steps = [ { at = "75%", notify = ["assignee"] }, { at = "100%", notify = ["lead"] } ]
[[policy]]
metric = "first_response"
goals = [ { when = 'priority = "P1"', target = "PT30M" }, { target = "PT4H" } ]
steps = [ { at = "75%", notify = ["assignee"] } ]
[[policy]]
metric = "acknowledge"
when = 'priority = "P0"'
goals = [ { target = "PT5M" } ]
steps = [ { at = "100%", notify = ["lead"] } ]
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--sleeping", type=int, default=1_000_000)
    options = parser.parse_args()
    for database in options.database or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory() as folder:
            if database == "sqlite":
                _measure(House(Path(folder)), database, options)
            elif services.answers("PostgreSQL"):
                with postgresql("banjie_bench_clocks") as url:
                    _measure(House(Path(folder), url), database, options)


def _measure(house: House, database: str, options: argparse.Namespace) -> None:
    house.prepare()
    with house.inside.app_context():
        builders.person("lina")
        for key, extra in (("plain", {}), ("clocked", {"sla.toml": POLICIES})):
            content = {"package.toml": tickets.manifest(key), "process.bpmn": tickets.loop()}
            deployments.deploy(SYSTEM, packages.packages.from_files({**content, **extra}))
        _beside_plain(database, options.rounds)
        if database == "postgresql":
            _storm(house, options.due)
            _asleep(database, options.sleeping, options.rounds)


def _beside_plain(database: str, rounds: int) -> None:
    for what, actions in (("again and again", ("again",)), ("to and fro", ("ask", None))):
        costs = _steps(["plain", "clocked"], actions, rounds)
        more = costs["clocked"] / costs["plain"] - 1
        say(
            f"{database}, a step {what}: {costs['plain'] * 1000:.2f} ms processor without clocks,"
            f" {costs['clocked'] * 1000:.2f} ms with ({more:+.0%})"
        )


def _steps(keys: Sequence[str], actions: Sequence[str | None], rounds: int) -> dict[str, float]:
    """The median processor time of a step in each type, taken by turns."""
    lina = builders.actor("lina")
    found: dict[str, list[float]] = {key: [] for key in keys}
    open_ = {}
    for key in keys:
        outcome = commands.create(lina, key, "x", {}).outcome
        assert outcome is not None
        open_[key] = outcome.opened[0].task.id
    for number in range(rounds + 20):
        for key in keys:
            before = time.process_time()
            done = tasks.complete(lina, open_[key], {}, actions[number % len(actions)])
            passed = time.process_time() - before
            assert done.outcome is not None
            open_[key] = done.outcome.opened[0].task.id
            if number >= 20:
                found[key].append(passed)
    return {key: median(costs) for key, costs in found.items()}


def _storm(house: House, count: int) -> None:
    """All due at one instant; a P0 alarm comes due every half second while they are worked off."""
    lina = builders.actor("lina")
    for _ in range(count):
        commands.create(lina, "clocked", "x", {})
    clock.advance(timedelta(hours=3, seconds=1))  # 75 % of the first response
    stop = threading.Event()
    alarms: list[float] = []
    with db.engine.connect() as connection:
        due = connection.execute(text("SELECT count(*) FROM job WHERE kind = 'sla'")).scalar()
    db.session.remove()

    def work() -> None:
        with house.inside.app_context():
            while not stop.is_set():
                if not runner.run_due(64):
                    time.sleep(0.01)

    workers = [threading.Thread(target=work) for _ in range(2)]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    while _fired() < count:
        alarms.append(_alarm())
        time.sleep(0.3)
        if time.perf_counter() - started > 300:
            break
    passed = time.perf_counter() - started
    stop.set()
    for worker in workers:
        worker.join()
    late = sorted(alarms)[int(len(alarms) * 0.99) - 1] if alarms else 0.0
    say(
        f"postgresql, {due} due together: {passed:.1f} s with two workers in one process,"
        f" {_fired()} fired once each; of {len(alarms)} P0 alarms the 99th hundredth"
        f" {late:.2f} s late"
    )


def _fired() -> int:
    with db.engine.connect() as connection:
        counted = connection.execute(
            text("SELECT count(*) FROM sla_step WHERE clock = 'first_response'")
        ).scalar()
    return int(counted or 0)


def _alarm() -> float:
    """Puts a P0 ticket in whose alarm is due now; how long until somebody rang it."""
    made = commands.create(builders.actor("lina"), "clocked", "P0", {})
    number = made.change.row.id
    _due_now(number)
    started = time.perf_counter()
    statement = text("SELECT count(*) FROM job WHERE order_key = :key AND due <= :now")
    values = {"key": f"sla:{number}", "now": clock.now().replace(tzinfo=None)}
    while True:
        with db.engine.connect() as connection:
            if not connection.execute(statement, values).scalar():
                return time.perf_counter() - started
        time.sleep(0.005)


@command
def _due_now(ticket: int) -> None:
    now = clock.now().replace(tzinfo=None)
    db.session.connection().execute(
        text("UPDATE job SET due = :now, lane = 0 WHERE order_key = :key"),
        {"now": now, "key": f"sla:{ticket}"},
    )


def _asleep(database: str, count: int, rounds: int) -> None:
    def once() -> float:
        return _steps(["clocked"], ("ask", None), rounds)["clocked"]

    before = once()
    _sleepers(count)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE job"))
    after = once()
    say(
        f"{database}, {count} sleeping timers: a step costs {before * 1000:.2f} ms without,"
        f" {after * 1000:.2f} ms with them ({after / before:.2f}×)"
    )


@command
def _sleepers(count: int) -> None:
    db.session.connection().execute(
        text(
            "INSERT INTO job (kind, state, lane, due, order_key, payload, attempts, created_at)"
            " SELECT 'sla', 'ready', 5, now() + interval '1 year', 'sla:' || (10000000 + n),"
            " '{\"ticket\": 0}', 0, now() FROM generate_series(1, :count) AS n"
        ),
        {"count": count},
    )


if __name__ == "__main__":
    main()
