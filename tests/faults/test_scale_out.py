"""Two web and two worker processes on PostgreSQL serve one load while the broker goes and comes."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psycopg
import pytest

from api.celery_app import waker
from engine.db import db
from engine.jobs import queue
from engine.uow import command
from tests import services
from tests.faults.house import REPORT, Caller, Gate, House, in_parallel, postgresql, until

BROKERS = {
    "Redis": (6379, "redis://127.0.0.1:{port}/15"),
    "RabbitMQ": (5672, "amqp://guest:guest@127.0.0.1:{port}//"),
}


@pytest.fixture
def database() -> Iterator[str]:
    services.need("PostgreSQL")
    with postgresql("banjie_faults") as url:
        yield url


@pytest.mark.parametrize("broker", BROKERS)
def test_a_load_is_served_while_the_broker_goes_and_comes(
    broker: str, database: str, tmp_path: Path
) -> None:
    services.need(broker)
    port, url = BROKERS[broker]
    gate = Gate(port)
    house = House(tmp_path, database, url.format(port=gate.port))
    house.prepare()
    over = threading.Event()

    def disturb() -> None:
        while not over.wait(1.5):
            gate.shut()
            over.wait(2.0)
            gate.open()

    disturber = threading.Thread(target=disturb)
    try:
        for _ in range(2):
            house.start("worker", "--concurrency", "1")
        house.serve("--workers", "2")
        disturber.start()
        numbers, callers = in_parallel(house, 60)
    finally:
        over.set()
        if disturber.is_alive():
            disturber.join()
        house.close()
        gate.shut()

    statuses = Counter(status for caller in callers for status in caller.statuses)
    assert {status // 100 for status in statuses} == {2}, statuses
    assert max(caller.slowest for caller in callers) < 5  # a request never waits for a broker
    assert house.complaints() == []
    assert len(set(numbers)) == 60
    rows = house.ask("SELECT category, count(*) AS n FROM ticket GROUP BY category")
    assert [(row.category, row.n) for row in rows] == [("closed", 60)]
    fired = house.ask(
        "SELECT ticket_id, count(*) AS n FROM history WHERE kind = 'timer_fired'"
        " GROUP BY ticket_id HAVING count(*) <> 1"
    )
    assert fired == []


@pytest.mark.parametrize("broker", BROKERS)
def test_a_wake_up_over_the_broker_is_quicker_than_the_sweep(
    broker: str, database: str, tmp_path: Path
) -> None:
    services.need(broker)
    port, url = BROKERS[broker]
    house = House(tmp_path, database, url.format(port=port))
    house.prepare()
    app = house.inside
    publish = waker(app.config["BANJIE"])

    @command
    def ask() -> None:
        # A schedule that is asked for out of turn: done, it is due again in an hour.
        queue.enqueue(db.session.connection(), "purge-answers", {})

    worker = house.start("worker")
    try:
        with app.app_context(), psycopg.connect(house.plain_url, autocommit=True) as connection:

            def done() -> bool:
                sql = "SELECT count(*) FROM job WHERE due < '1971-01-01'"
                return connection.execute(sql).fetchone() == (0,)

            def seconds(wake: bool) -> float:
                time.sleep(0.3)  # a worker looks once more after a batch; by now it sleeps
                ask()
                began = time.monotonic()
                if wake:
                    publish()
                until(done, 30, "the job is done")
                return time.monotonic() - began

            until(done, 60, "the worker sweeps")
            seconds(wake=True)  # the first one makes the connections
            swept = median(seconds(wake=False) for _ in range(7))
            woken = median(seconds(wake=True) for _ in range(7))
            db.session.remove()
            db.engine.dispose()
        assert worker.poll() is None
    finally:
        house.close()

    assert woken < swept * 0.6, (woken, swept)


def test_the_database_away_is_503_and_work_goes_on_when_it_is_back(
    database: str, tmp_path: Path
) -> None:
    gate = Gate(5432)
    house = House(tmp_path, database.replace(":5432", f":{gate.port}"))
    house.prepare()
    caller = Caller(house)
    body = {"type": "it_incident", "title": "数据库没了", "values": REPORT}
    try:
        house.serve()
        assert caller.insist("/api/v1/tickets", body)[0] == 201
        gate.shut()
        refused = [caller.post("/api/v1/tickets", body, "one key")[0] for _ in range(5)]
        said = caller.post("/api/v1/tickets", body, "one key")[1]
        retry_after = caller.retry_after
        alive = caller.get("/health/live")[0]
        gate.open()
        opened = datetime.now(UTC)
        status, ticket = caller.insist("/api/v1/tickets", body, 20)
        back = (datetime.now(UTC) - opened).total_seconds()
        timed = caller.insist("/api/v1/tickets", {"type": "timed", "title": "接着走"})[1]["number"]
        until(lambda: bool(caller.get(f"/api/v1/tickets/{timed}")[1]["tasks"]), 20, "a timer fires")
    finally:
        caller.close()
        house.close()
    complaints = house.complaints()
    gate.shut()

    assert set(refused) == {503}
    assert (said["code"], int(retry_after or 0) > 0, alive) == ("unavailable", True, 200)
    assert (status, ticket["title"]) == (201, "数据库没了")
    assert back < 10
    assert complaints == []
