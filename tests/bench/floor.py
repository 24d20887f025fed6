"""Our requests beside the floor's: `python -m tests.bench.floor --database sqlite --rounds 5`."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from sqlalchemy import text

from engine.db import db
from tests import services
from tests.bench import approvals
from tests.bench.figures import note, say
from tests.bench.load import Cost, Request, merged, run
from tests.bench.servers import Server, floor, ours
from tests.faults.house import House, postgresql

REPORT = {"category": ["network", "vpn"], "impact": "me", "description": "输完密码转圈一分钟"}
TRIAGE = {"category": ["network", "vpn"], "impact": "me", "urgency": "high"}
ASK = {"question": "请把截图传一份"}
REPLY = {"answer": "已经传了"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=300, help="in each round")
    parser.add_argument("--loops", type=int, default=1000, help="of one ticket")
    parser.add_argument("--tickets", type=int, default=100_000, help="in the long list")
    options = parser.parse_args()
    for database in options.database or ["sqlite", "postgresql"]:
        if database == "postgresql" and not services.answers("PostgreSQL"):
            say("PostgreSQL does not answer; its part is left out")
            continue
        with _installation(database) as (house, floor_url):
            _measure(database, house, floor_url, options)


@contextmanager
def _installation(database: str) -> Iterator[tuple[House, str]]:
    with tempfile.TemporaryDirectory() as folder:
        if database == "sqlite":
            yield House(Path(folder)), f"sqlite:///{folder}/floor.db"
            return
        with postgresql("banjie_bench") as url, postgresql("banjie_floor") as floor_url:
            yield House(Path(folder), url), floor_url


def _measure(database: str, house: House, floor_url: str, options: argparse.Namespace) -> None:
    house.prepare()
    on_postgresql = database == "postgresql"
    theirs = floor(floor_url, "banjie_floor" if on_postgresql else "")
    mine = ours(house.environ, "banjie_bench" if on_postgresql else "", 2 if on_postgresql else 1)
    try:
        _beside_the_floor(database, house, theirs, mine, options)
        theirs.stop()
        say(f"  memory after the load: {mine.memory():.0f} MiB in all processes")
        _approvals(database, house, mine, options)
        _loops(database, house, mine, options.loops)
        _list(database, house, mine, options.tickets)
    finally:
        theirs.stop()
        mine.stop()
        house.close()


def _beside_the_floor(
    database: str, house: House, theirs: Server, mine: Server, options: argparse.Namespace
) -> None:
    rounds: dict[str, list[Cost]] = {}
    count = options.requests
    for number in range(options.rounds + 1):
        create = Request("POST", "/tickets", {"title": "VPN", "body": "x" * 60})
        floor_create, made = run(theirs, [create] * count)
        report = Request(
            "POST", "/api/v1/tickets", {"type": "it_incident", "title": "VPN", "values": REPORT}
        )
        our_create, tickets = run(mine, [report] * count, house.token)
        step = {"status": "open", "owner": 7, "comment": "x" * 60}
        floor_step, _ = run(
            theirs, [Request("POST", f"/tickets/{one['id']}/step", step) for one in made]
        )
        triage = {"action": "accept", "values": TRIAGE}
        our_step, _ = run(
            mine,
            [
                Request("POST", f"/api/v1/tasks/{one['tasks'][0]['id']}/complete", triage)
                for one in tickets
            ],
            house.token,
        )
        if number == 0:
            continue  # the first round warms caches, pools and prepared statements
        for name, cost in (
            ("floor create", floor_create),
            ("our create", our_create),
            ("floor step", floor_step),
            ("our step", our_step),
        ):
            rounds.setdefault(name, []).append(cost)
    say(f"\n{database}: {options.rounds} rounds of {count} requests, alternating")
    say("                 req/s    p50 ms   p95 ms   CPU ms/req: server  database       sum")
    costs = {name: merged(each) for name, each in rounds.items()}
    for name, cost in costs.items():
        say(
            f"  {name:13}{cost.rate:8.0f}{cost.at(0.5):10.1f}{cost.at(0.95):9.1f}"
            f"{cost.server:20.2f}{cost.database:10.2f}{cost.cpu:10.2f}"
        )
    for what in ("create", "step"):
        here, there = costs[f"our {what}"], costs[f"floor {what}"]
        say(
            f"  {what}: {here.cpu / there.cpu:.2f} x the floor's processor time,"
            f" {here.rate / there.rate:.2f} x its rate"
        )
        note(f"{database}: {what}, processor time of the floor's", here.cpu / there.cpu, 2.0, "×")


def _approvals(database: str, house: House, mine: Server, options: argparse.Namespace) -> None:
    """A step with an approval ledger beside a plain one."""
    costs = approvals.measure(house, mine, options.rounds, options.requests)
    for what in ("opens", "decides"):
        plain, ledger = costs[f"plain {what}"], costs[f"approval {what}"]
        say(
            f"  approval {what}: {ledger.cpu:.2f} ms, plain {plain.cpu:.2f} ms,"
            f" {ledger.cpu / plain.cpu:.2f} x"
        )
        ratio = ledger.cpu / plain.cpu
        note(f"{database}: approval {what}, of a plain step", ratio, 1.6, "×")


def _loops(database: str, house: House, mine: Server, loops: int) -> None:
    """One ticket asked and answered again and again: the last loops beside the first."""
    report = {"type": "it_incident", "title": "来来回回", "values": REPORT}
    _, [ticket] = run(mine, [Request("POST", "/api/v1/tickets", report)], house.token, 1)
    task = ticket["tasks"][0]["id"]
    _, answer = _complete(house, mine, task, "accept", TRIAGE)
    window = max(10, loops // 20)
    costs: list[Cost] = []
    for _ in range(loops):
        asked, answer = _complete(house, mine, answer, "need_info", ASK)
        replied, answer = _complete(house, mine, answer, "reply", REPLY)
        costs += [asked, replied]
    first = median(cost.times[0] for cost in costs[20 : 20 + 2 * window])
    last = median(cost.times[0] for cost in costs[-2 * window :])
    say(
        f"  loop 1 to {window}: {first:.2f} ms a step, the last {window} of {loops}: {last:.2f} ms,"
        f" {last / first:.2f} x"
    )
    note(f"{database}: loop {loops} of a ticket, of its first", last / first, 1.2, "×")


def _complete(
    house: House, mine: Server, task: str, action: str, values: dict[str, object]
) -> tuple[Cost, str]:
    """Completes a task; the cost, and the id of the task that is open then."""
    request = Request(
        "POST", f"/api/v1/tasks/{task}/complete", {"action": action, "values": values}
    )
    cost, [answer] = run(mine, [request], house.token, 1)
    return cost, answer["tasks"][0]["id"]


def _list(database: str, house: House, mine: Server, many: int) -> None:
    """A filtered list of fifty, with a thousand tickets and with many."""
    path = "/api/v1/tickets?status=handling&limit=50"
    times: dict[int, float] = {}
    for wanted in (1000, many):
        _fill(house, wanted)
        request = [Request("GET", path)] * 60
        run(mine, request[:10], house.token, 1)
        cost, _ = run(mine, request, house.token, 1)
        times[wanted] = cost.at(0.5)
    first, last = times[1000], times[many]
    say(
        f"  list of 50 of {many:,} tickets: {last:.2f} ms, of 1,000: {first:.2f} ms,"
        f" {last / first:.2f} x"
    )
    note(f"{database}: list with {many:,} tickets, of 1,000", last / first, 1.5, "×")


def _fill(house: House, wanted: int) -> None:
    """Copies a ticket until there are that many, and lets the database look at its tables."""
    with house.inside.app_context():
        with db.engine.begin() as connection:
            table = db.metadata.tables["ticket"]
            columns = [each.name for each in table.columns if each.name not in ("id", "number")]
            listed = ", ".join(f'"{name}"' for name in columns)
            there = connection.scalar(text("SELECT count(*) FROM ticket"))
            connection.execute(
                text(
                    f"INSERT INTO ticket (number, {listed})"  # noqa: S608
                    " WITH RECURSIVE n(i) AS"
                    " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :more)"
                    f" SELECT 'COPY-' || (:there + i), {listed}"
                    " FROM n, (SELECT * FROM ticket WHERE status = 'handling' LIMIT 1) AS one"
                ),
                {"more": max(1, wanted - there), "there": there},
            )
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        db.engine.dispose()


if __name__ == "__main__":
    main()
