"""Clocks, routing and notices at once: `python -m tests.bench.together [--database postgresql]`.

Measured is the processor time that they add to a step, each alone and all of them together, beside
the same process without any; the types take turns, so that load on the machine meets all alike.
A step is a whole request, as in `tests.bench.floor`; what the engine alone takes is told beside it.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from werkzeug.test import EnvironBuilder, run_wsgi_app

from engine.access.policy import SYSTEM
from engine.deployments import commands as deployments
from tests import packages, routed, services, tickets
from tests.bench.clocks import POLICIES, WARM, steps
from tests.bench.figures import note, say
from tests.bench.notices import RULES
from tests.faults.house import House, postgresql

ACTIONS = ("ask", None)
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
        engine = steps(list(TYPES), ACTIONS, rounds)
    requests = _requests(house, list(TYPES), rounds)
    for what, costs in (("in the engine", engine), ("a request", requests)):
        plain = costs.pop("plain")
        say(f"{database}, a step {what}: {plain * 1000:.2f} ms processor plain")
        for key, cost in costs.items():
            say(f"  with {key}: {cost * 1000:.2f} ms ({cost / plain - 1:+.0%})")
        title = f"{database}: a step ({what}) with clocks, routing and notices, of a plain one"
        note(title, costs["together"] / plain, 1.4, "×")


def _requests(house: House, keys: Sequence[str], rounds: int) -> dict[str, float]:
    """The median processor time of the request that takes a step, over turns of the actions."""
    found: dict[str, list[float]] = {key: [] for key in keys}
    tasks = {}
    for key in keys:
        _, ticket = _post(house, "/api/v1/tickets", {"type": key, "title": "x", "values": {}})
        tasks[key] = ticket["tasks"][0]["id"]
    for number in range(rounds // len(ACTIONS) + WARM):
        for key in keys:
            passed = 0.0
            for action in ACTIONS:
                body = {"values": {}, **({"action": action} if action else {})}
                took, ticket = _post(house, f"/api/v1/tasks/{tasks[key]}/complete", body)
                tasks[key] = ticket["tasks"][0]["id"]
                passed += took
            if number >= WARM:
                found[key].append(passed / len(ACTIONS))
    return {key: median(costs) for key, costs in found.items()}


def _post(house: House, path: str, body: object) -> tuple[float, Any]:
    """A request to the application itself: the processor time it took, and what it answered."""
    headers = {"Authorization": f"Bearer {house.token}"}
    environ = EnvironBuilder(path, method="POST", json=body, headers=headers).get_environ()
    before = time.process_time()
    chunks, status, _ = run_wsgi_app(house.inside, environ, buffered=True)
    passed = time.process_time() - before
    text = b"".join(chunks)
    if not status.startswith("2"):
        raise RuntimeError(f"{path}: {status} {text[:500]!r}")
    return passed, json.loads(text)


if __name__ == "__main__":
    main()
