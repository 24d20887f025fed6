"""What notices cost a step: `python -m tests.bench.notices [--database postgresql] [--rounds 300]`.

The processor time of a step whose fact a rule speaks of, with the follower that asks for a job and
without it, by turns; and what the job itself takes when one person is told.
"""

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

from engine.access.policy import SYSTEM
from engine.deployments import commands as deployments
from engine.jobs import runner
from engine.tickets import commands, following, noticing, tasks
from tests import builders, packages, services, tickets
from tests.bench.figures import note, say
from tests.faults.house import House, postgresql

RULES = b'[[rule]]\non = "task_completed"\nto = ["requester"]\nby = ["inbox"]\n'
WARM = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    for database in options.database or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory() as folder:
            if database == "sqlite":
                _measure(House(Path(folder)), database, options.rounds)
            elif services.answers("PostgreSQL"):
                with postgresql("banjie_bench_notices") as url:
                    _measure(House(Path(folder), url), database, options.rounds)


def _measure(house: House, database: str, rounds: int) -> None:
    house.prepare()
    followers = following.FOLLOWERS
    without = tuple(one for one in followers if one is not noticing.follow)
    with house.inside.app_context():
        lina = builders.actor("lina")
        requester = builders.actor("zhoumin")
        content = {
            "package.toml": tickets.manifest("told"),
            "process.bpmn": tickets.loop(),
            "notifications.toml": RULES,
        }
        deployments.deploy(SYSTEM, packages.packages.from_files(content))
        outcome = commands.create(requester, "told", "x", {}).outcome
        assert outcome is not None
        task = outcome.opened[0].task.id
        costs: dict[bool, list[float]] = {True: [], False: []}
        try:
            for number in range(2 * (rounds + WARM)):
                is_told = number % 2 == 0
                following.FOLLOWERS = followers if is_told else without
                before = time.process_time()
                done = tasks.complete(lina, task, {}, "again")
                costs[is_told].append(time.process_time() - before)
                assert done.outcome is not None
                task = done.outcome.opened[0].task.id
        finally:
            following.FOLLOWERS = followers
        told, silent = (median(costs[key][WARM:]) * 1000 for key in (True, False))
        before = time.process_time()
        jobs = runner.run_due(10_000)
        job = (time.process_time() - before) / max(jobs, 1) * 1000
    say(
        f"{database}, a step: {silent:.2f} ms processor without notices, {told:.2f} ms with"
        f" ({told / silent - 1:+.0%}); the job {job:.2f} ms, {jobs} of them"
    )
    note(f"{database}: a step with notices, of a plain one", told / silent, 1.1, "×")


if __name__ == "__main__":
    main()
