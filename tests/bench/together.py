"""Clocks, routing and notices at once: `python -m tests.bench.together [--database postgresql]`.

Measured is the processor time that they add to a step, each alone and all of them together, beside
the same process without any; the types take turns, so that load on the machine meets all alike.
"""

import argparse
import tempfile
from pathlib import Path

from engine.access.policy import SYSTEM
from engine.deployments import commands as deployments
from tests import packages, routed, services, tickets
from tests.bench.clocks import POLICIES, steps
from tests.bench.figures import note, say
from tests.bench.notices import RULES
from tests.faults.house import House, postgresql

MEMBERS = ("lina", "wangwei", "zhangmin", "liuyang", "chenjie")
ROUTED = {"groups": "crowd", "strategy": "least_loaded"}
CLOCKS, NOTICES = {"sla.toml": POLICIES}, {"notifications.toml": RULES}
TYPES = {
    "plain": ({}, {}),
    "clocks": ({}, CLOCKS),
    "routing": (ROUTED, {}),
    "notices": ({}, NOTICES),
    "together": (ROUTED, {**CLOCKS, **NOTICES}),
}


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
                with postgresql("banjie_bench_together") as url:
                    _measure(House(Path(folder), url), database, options.rounds)


def _measure(house: House, database: str, rounds: int) -> None:
    house.prepare()
    with house.inside.app_context():
        routed.people("crowd", MEMBERS)
        for key, (settings, files) in TYPES.items():
            process = tickets.loop(**settings)
            content = {"package.toml": tickets.manifest(key), "process.bpmn": process, **files}
            deployments.deploy(SYSTEM, packages.packages.from_files(content))
        costs = steps(list(TYPES), ("ask", None), rounds)
    plain = costs.pop("plain")
    say(f"{database}, a step to and fro: {plain * 1000:.2f} ms processor plain")
    for key, cost in costs.items():
        say(f"  with {key}: {cost * 1000:.2f} ms ({cost / plain - 1:+.0%})")
    what = f"{database}: a step with clocks, routing and notices, of a plain one"
    note(what, costs["together"] / plain, 1.4, "×")


if __name__ == "__main__":
    main()
