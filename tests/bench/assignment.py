"""What choosing one of many people costs: `python -m tests.bench.assignment [--agents 500]`.

Each agent holds twenty open tasks, has skills, a shift and a place. Measured is the processor time
of this process for `routing.find`, and the time that passes (in which the database works too).
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from sqlalchemy import insert, text

from engine import clock
from engine.access.models import GroupMember, User
from engine.access.policy import SYSTEM
from engine.assets.models import Place
from engine.assignment import explaining, routing
from engine.assignment.routing import Step, Taken
from engine.db import db
from engine.deployments import commands as deployments
from engine.directory.models import Shift
from engine.processes.models import UserTask
from engine.tickets import commands
from engine.uow import command
from tests import builders, packages, services, tickets
from tests.bench.figures import note, say
from tests.faults.house import House, postgresql
from workflows.routing import Terms, read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    for database in options.database or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory() as folder:
            if database == "sqlite":
                _measure(House(Path(folder)), database, options.agents, options.rounds)
            elif services.answers("PostgreSQL"):
                with postgresql("banjie_bench_assignment") as url:
                    _measure(House(Path(folder), url), database, options.agents, options.rounds)


def _measure(house: House, database: str, agents: int, rounds: int) -> None:
    house.prepare()
    app = house.inside
    with app.app_context():
        _fill(agents)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE" if database == "postgresql" else "ANALYZE"))
        for name, terms in _ASKED.items():
            processor, passed = _timed(lambda terms=terms: _choose(terms), rounds)  # type: ignore[misc]
            say(
                f"{database}, {agents} agents, {name}: {processor:.2f} ms processor,"
                f" {passed:.2f} ms passed"
            )
            what = f"{database}: one of {agents} chosen, {terms.strategy}"
            note(f"{what}, processor", processor, 10, "ms")
            note(f"{what}, passed", passed, 10, "ms")


_ASKED = {
    "least loaded": read({"groups": "crowd", "strategy": "least_loaded"}),
    "best match of three skills, a place and a language": read(
        {
            "groups": "crowd",
            "strategy": "best_match",
            "skills": "vpn:2, erp:1, wifi:1",
            "place": "site7",
            "language": "requester",
        }
    ),
}


@command
def _choose(terms: Terms) -> None:
    step = Step("bench", None, "handle", "lina", "P2", clock.now())
    found = routing.find(db.session.connection(), step, terms, Taken())
    assert found.choice.chosen is not None
    explaining.explanation(terms, found, None, None)


def _timed(call: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Medians in milliseconds."""
    for _ in range(5):
        call()
    processor, passed = [], []
    for _ in range(rounds):
        cpu, wall = time.process_time(), time.perf_counter()
        call()
        processor.append(time.process_time() - cpu)
        passed.append(time.perf_counter() - wall)
    return median(processor) * 1000, median(passed) * 1000


def _fill(agents: int) -> None:
    builders.person("lina")
    content = {"package.toml": tickets.manifest("bench"), "process.bpmn": tickets.loop()}
    version = deployments.deploy(SYSTEM, packages.packages.from_files(content)).version_id
    builders.group("crowd")
    ticket = commands.create(builders.actor("lina"), "bench", "x", {}).change.row.id
    _rows(agents, version, ticket)


@command
def _rows(agents: int, version: int, ticket: int) -> None:
    at = clock.now()
    sites = [
        {"key": f"site{n}", "names": {}, "lat": 31 + n / 10, "lng": 121 + n / 7, "custom": {}}
        for n in range(20)
    ]
    db.session.execute(insert(Place), [{**site, "created_at": at} for site in sites])
    names = [f"agent{n:05}" for n in range(agents)]
    people = [
        {
            "username": name,
            "names": {"zh-CN": name},
            "roles": ["agent"],
            "skills": {"vpn": 1 + n % 5, "erp": 3, "wifi": 2, "printer": 4},
            "capacity": 30,
            "place": f"site{n % 20}",
            "created_at": at,
        }
        for n, name in enumerate(names)
    ]
    db.session.execute(insert(User), people)
    db.session.execute(
        insert(GroupMember), [{"group_key": "crowd", "username": name} for name in names]
    )
    shifts = [
        {
            "id": f"shift-{name}",
            "username": name,
            "kind": "work",
            "weekdays": list(range(7)),
            "starts": "00:00",
            "ends": "12:00" if n % 3 else "00:00",
            "created_at": at,
        }
        for n, name in enumerate(names)
    ]
    db.session.execute(insert(Shift), shifts)
    held = [
        {
            "id": f"held-{n}",
            "ticket_id": ticket,
            "version_id": version,
            "element": "other",
            "kind": "user",
            "status": "open",
            "assignee": names[n % agents],
            "created_at": at,
            "weight": 1 + n % 4,
        }
        for n in range(agents * 20)
    ]
    db.session.execute(insert(UserTask), held)


if __name__ == "__main__":
    main()
