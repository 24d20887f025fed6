"""What clocks cost: `python -m tests.bench.clocks [--database postgresql] [--due 10000]`.

Measured are the processor time that the clocks add to a step, how long many steps that are due
together take two workers with a P0 alarm in their midst, and a step beside many sleeping timers.
"""

import argparse
import tempfile
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
from engine.processes.execution import Outcome
from engine.tickets import commands, tasks
from engine.uow import command
from tests import builders, packages, services, tickets
from tests.bench.figures import note, say
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

WARM = 20


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
    try:
        with house.inside.app_context():
            _measure_inside(house, database, options)
    finally:
        house.close()


def _measure_inside(house: House, database: str, options: argparse.Namespace) -> None:
    builders.person("lina")
    for key, extra in (("plain", {}), ("clocked", {"sla.toml": POLICIES})):
        content = {"package.toml": tickets.manifest(key), "process.bpmn": tickets.loop()}
        deployments.deploy(SYSTEM, packages.packages.from_files({**content, **extra}))
    _beside_plain(database, options.rounds)
    if database == "postgresql":
        _storm(house, options.due)
        _asleep(options.sleeping)


def _beside_plain(database: str, rounds: int) -> None:
    for what, actions in (("again and again", ("again",)), ("to and fro", ("ask", None))):
        costs = steps(["plain", "clocked"], actions, rounds)
        more = costs["clocked"] / costs["plain"] - 1
        say(
            f"{database}, a step {what}: {costs['plain'] * 1000:.2f} ms processor without clocks,"
            f" {costs['clocked'] * 1000:.2f} ms with ({more:+.0%})"
        )
        note(f"{database}: a step {what} with clocks, of a plain one", 1 + more, 1.4, "×")


def steps(keys: Sequence[str], actions: Sequence[str | None], rounds: int) -> dict[str, float]:
    """The median processor time of a step in each type, over whole turns of the actions.

    The types go by turns. Unlike actions cost unlike much, so that a median over single steps
    would be that of one action alone.
    """
    lina = builders.actor("lina")
    found: dict[str, list[float]] = {key: [] for key in keys}
    open_ = {key: opened(commands.create(lina, key, "x", {}).outcome) for key in keys}
    for number in range(rounds // len(actions) + WARM):
        for key in keys:
            passed = 0.0
            for action in actions:
                task, who = open_[key]
                actor = builders.actor(who or "lina")
                before = time.process_time()
                done = tasks.complete(actor, task, {}, action)
                passed += time.process_time() - before
                open_[key] = opened(done.outcome)
            if number >= WARM:
                found[key].append(passed / len(actions))
    return {key: median(costs) for key, costs in found.items()}


def opened(outcome: Outcome | None) -> tuple[str, str | None]:
    """The task that a step opened, and whose it is."""
    assert outcome is not None
    opening = outcome.opened[0]
    return opening.task.id, opening.assignee


def _storm(house: House, count: int) -> None:
    """All due together for two workers; a P0 alarm comes due now and then meanwhile."""
    lina = builders.actor("lina")
    clock.advance(-timedelta(hours=3))  # 75 % of the first response is a little later than now
    for _ in range(count):
        commands.create(lina, "clocked", "x", {})
    clock.reset()
    db.session.remove()
    workers = [house.start("worker") for _ in range(2)]
    while not (before := _fired()):  # from the first on: not the interpreter's start
        time.sleep(0.02)
    started = time.perf_counter()
    alarms: list[float] = []
    while _fired() < count:
        alarms.append(_alarm())
        time.sleep(0.4)
        if time.perf_counter() - started > 200:
            break
    passed = time.perf_counter() - started
    for worker in workers:
        worker.terminate()
    late = sorted(alarms)[max(0, int(len(alarms) * 0.99) - 1)] if alarms else 0.0
    say(
        f"postgresql, {count} steps of clocks due together: {count - before} in {passed:.1f} s with"
        f" two workers, {_fired()} fired; of {len(alarms)} P0 alarms the 99th hundredth"
        f" {late:.2f} s late"
    )
    note(f"postgresql: {count} steps of clocks due together", passed, 40, "s")
    note("postgresql: a P0 clock in their midst, the 99th hundredth", late, 1, "s")


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


def _asleep(count: int, blocks: int = 20) -> None:
    """Steps with and without sleepers by turns: two tables of jobs take each other's place."""
    lina = builders.actor("lina")
    _twin()
    taken: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    open_ = {}
    for among in (False, True):
        open_[among] = opened(commands.create(lina, "clocked", "x", {}).outcome)[0]
        if not among:
            _swap()
    _sleepers(count)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE job"))
    for block in range(2 * blocks):
        among = block % 2 == 0
        for number in range(30):
            cpu, wall = time.process_time(), time.perf_counter()
            done = tasks.complete(lina, open_[among], {}, ("ask", None)[number % 2])
            cost = time.process_time() - cpu, time.perf_counter() - wall
            open_[among] = opened(done.outcome)[0]
            if number >= 10:  # statements are planned anew after the tables have changed places
                taken[among].append(cost)
        _swap()
    for place, what in enumerate(("processor", "passed")):
        without, among = (median(cost[place] for cost in taken[key]) for key in (False, True))
        say(
            f"postgresql, {count} sleeping timers, {what}: a step {without * 1000:.2f} ms without,"
            f" {among * 1000:.2f} ms with them ({among / without:.2f} ×)"
        )
        note(f"postgresql: a step among {count:,} timers, {what}", among / without, 1.2, "×")


@command
def _twin() -> None:
    db.session.connection().execute(text("CREATE TABLE job_twin (LIKE job INCLUDING ALL)"))


@command
def _swap() -> None:
    for old, new in (("job", "job_away"), ("job_twin", "job"), ("job_away", "job_twin")):
        db.session.connection().execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


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
