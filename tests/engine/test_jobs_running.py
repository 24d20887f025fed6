"""Due work is done exactly once inside, at least once outside, and given up with a reason."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from engine import changes, clock
from engine.db import db
from engine.jobs import handlers, leases, queue, runner
from engine.jobs.models import NORMAL
from engine.jobs.runner import Sweeper, run_due
from tests.engine import jobs

Payload = dict[str, Any]


@pytest.fixture(autouse=True)
def _kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_kinds", {})
    monkeypatch.setattr(handlers, "_when_retries_end", [])


@pytest.fixture
def sweeper(app: Flask) -> Iterator[Sweeper]:
    sweeper = Sweeper(app.app_context)
    yield sweeper
    sweeper.stop()


def wait_for(condition: Any, seconds: float = 5.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def test_the_effect_and_the_end_of_a_job_commit_together() -> None:
    @handlers.register("count")
    def handle(job_id: int, payload: Payload) -> None:
        jobs.count(payload["series"])

    jobs.put("count", {"series": "x"})

    assert run_due() == 1
    assert (jobs.counted("x"), jobs.rows()) == (1, [])


def test_the_effect_of_a_failed_try_is_undone_and_tried_again_later() -> None:
    tries: list[int] = []

    @handlers.register("count")
    def handle(job_id: int, payload: Payload) -> None:
        jobs.count("x")
        tries.append(job_id)
        if len(tries) == 1:
            raise ConnectionError("no answer from 10.0.0.7")

    jobs.put("count")

    assert run_due() == 0
    [row] = jobs.rows()
    assert (row.state, row.attempts, row.owner) == ("ready", 1, None)
    assert row.last_error == "ConnectionError: no answer from 10.0.0.7"
    assert jobs.counted("x") == 0
    clock.advance(timedelta(seconds=2))
    assert run_due() == 1
    assert jobs.counted("x") == 1
    assert len(set(tries)) == 1  # the same id, so that the outside can tell a repeat


def test_a_runner_that_lost_its_lease_leaves_no_effect() -> None:
    @handlers.register("count")
    def handle(job_id: int, payload: Payload) -> None:
        jobs.count("x")

    jobs.put("count")
    [slow] = leases.claim("slow", 1)
    jobs.change_row(slow.id, lease_until=datetime.now(UTC) - jobs.SECOND)
    [fast] = leases.claim("fast", 1)

    done = [runner.run_one(slow), runner.run_one(fast), runner.run_one(slow)]

    assert done == [False, True, False]
    assert jobs.counted("x") == 1


def test_a_job_that_is_given_up_stays_and_is_told_in_the_same_transaction() -> None:
    @handlers.register("fail", attempts=2)
    def handle(job_id: int, payload: Payload) -> None:
        raise ValueError("no such mailbox")

    @handlers.when_retries_end
    def tell(job_id: int, kind: str, payload: Payload, reason: str) -> None:
        jobs.count(f"{kind}:{payload['n']}:{reason}")

    jobs.put("fail", {"n": 7})

    for _ in range(4):
        run_due()
        clock.advance(timedelta(minutes=15))

    [row] = jobs.rows()
    assert (row.state, row.attempts) == ("dead", 2)
    assert jobs.counted("fail:7:ValueError: no such mailbox") == 1


def test_a_job_that_kills_its_runners_is_given_up() -> None:
    @handlers.register("poison", attempts=2)
    def handle(job_id: int, payload: Payload) -> None:
        jobs.count("never")

    jobs.put("poison")
    for _ in range(2):  # two runners claimed it and were never heard of again
        [job] = leases.claim("gone", 1)
        jobs.change_row(job.id, lease_until=datetime.now(UTC) - jobs.SECOND)

    run_due()

    [row] = jobs.rows()
    assert (row.state, jobs.counted("never")) == ("dead", 0)
    assert "none came back" in row.last_error


def test_a_kind_that_nobody_here_knows_is_kept_for_somebody_who_does() -> None:
    jobs.put("from-a-newer-version")

    run_due()

    [row] = jobs.rows()
    assert (row.state, row.attempts) == ("ready", 1)
    assert "from-a-newer-version" in row.last_error


def test_work_outside_runs_without_a_transaction_and_reports_back_once() -> None:
    from engine import uow

    seen: list[tuple[int, bool]] = []

    def report(job_id: int, payload: Payload, result: str) -> None:
        assert uow.active()
        jobs.count(f"sent {result}")

    @handlers.register_outside("mail", report=report)
    def send(job_id: int, payload: Payload) -> str:
        seen.append((job_id, uow.active()))
        return "250 ok"

    jobs.put("mail")
    [row] = jobs.rows()

    assert run_due() == 1
    assert seen == [(row.id, False)]
    assert (jobs.counted("sent 250 ok"), jobs.rows()) == (1, [])


def test_long_work_outside_keeps_its_lease_by_beating(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_RENEW_AFTER", 0.0)
    until: list[datetime] = []

    @handlers.register_outside("long", report=lambda job_id, payload, result: None)
    def work(job_id: int, payload: Payload) -> None:
        jobs.change_row(job_id, lease_until=datetime.now(UTC) + jobs.SECOND)
        runner.beat()
        until.append(jobs.rows()[0].lease_until)

    jobs.put("long")

    assert run_due() == 1
    assert until[0] > datetime.now(UTC) + 30 * jobs.SECOND


def test_long_work_outside_stops_when_somebody_else_has_the_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "_RENEW_AFTER", 0.0)
    reported: list[int] = []

    @handlers.register_outside("long", report=lambda job_id, *_: reported.append(job_id))
    def work(job_id: int, payload: Payload) -> None:
        jobs.change_row(job_id, owner="somebody else", attempts=2)
        runner.beat()
        reported.append(-1)

    jobs.put("long")

    assert run_due() == 0
    assert reported == []
    assert jobs.rows()[0].owner == "somebody else"


def test_a_schedule_is_one_row_that_comes_due_again() -> None:
    @handlers.register("tidy", every=timedelta(hours=1))
    def handle(job_id: int, payload: Payload) -> None:
        jobs.count("tidied")

    queue.ensure_schedules()
    queue.ensure_schedules()

    assert run_due() == 1
    assert run_due() == 0
    clock.advance(timedelta(minutes=61))
    assert run_due() == 1
    assert (jobs.counted("tidied"), len(jobs.rows())) == (2, 1)


def test_a_schedule_that_fails_is_never_given_up() -> None:
    @handlers.register("tidy", attempts=1, every=timedelta(hours=1))
    def handle(job_id: int, payload: Payload) -> None:
        raise OSError("disk full")

    queue.ensure_schedules()
    for _ in range(3):
        run_due()
        clock.advance(timedelta(hours=1))

    [row] = jobs.rows()
    assert (row.state, row.attempts) == ("ready", 3)


def test_jobs_that_make_jobs_stop_at_the_limit() -> None:
    @handlers.register("again")
    def handle(job_id: int, payload: Payload) -> None:
        jobs.put("again")

    jobs.put("again")

    assert run_due(limit=25) == 25


def test_the_sweeper_is_woken_by_a_commit(sweeper: Sweeper) -> None:
    done = threading.Event()

    @handlers.register("signal")
    def handle(job_id: int, payload: Payload) -> None:
        done.set()

    sweeper.start()
    time.sleep(0.3)  # it has looked and gone to sleep for a second
    began = time.monotonic()
    jobs.put("signal")

    assert done.wait(5)
    assert time.monotonic() - began < 0.6
    wait_for(lambda: jobs.rows() == [])


def test_the_sweeper_finds_what_nobody_woke_it_for(
    sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()

    @handlers.register("signal")
    def handle(job_id: int, payload: Payload) -> None:
        done.set()

    sweeper.start()
    time.sleep(0.2)
    monkeypatch.setattr(changes, "_wakes", [])  # as if another process had committed
    jobs.put("signal")

    assert done.wait(2.5)


def test_the_sweeper_sleeps_until_the_next_due(sweeper: Sweeper) -> None:
    fired: list[datetime] = []

    @handlers.register("signal")
    def handle(job_id: int, payload: Payload) -> None:
        fired.append(clock.now())

    due = clock.now() + timedelta(milliseconds=400)
    jobs.put("signal", due=due)
    sweeper.start()
    wait_for(lambda: fired)

    assert timedelta(0) <= fired[0] - due < timedelta(milliseconds=400)


def test_a_sweeper_that_stops_gives_back_what_it_has_not_begun(sweeper: Sweeper) -> None:
    begun, go_on = threading.Event(), threading.Event()

    @handlers.register("slow")
    def handle(job_id: int, payload: Payload) -> None:
        begun.set()
        go_on.wait(5)

    for _ in range(5):
        jobs.put("slow", lane=NORMAL)
    sweeper.start()
    assert begun.wait(5)
    threading.Timer(0.2, go_on.set).start()
    sweeper.stop()

    rows = jobs.rows()
    assert [(row.state, row.attempts) for row in rows] == [("ready", 0)] * 4


def test_jobs_that_may_share_a_transaction_commit_together_and_once_each() -> None:
    transactions: list[object] = []

    @handlers.register("count", together=True)
    def handle(job_id: int, payload: Payload) -> None:
        jobs.count(payload["series"])
        transactions.append(db.session.connection().get_transaction())

    for n in range(5):
        jobs.put("count", {"series": f"s{n}"})

    assert run_due() == 5
    assert len({id(one) for one in transactions}) == 1
    assert ([jobs.counted(f"s{n}") for n in range(5)], jobs.rows()) == ([1] * 5, [])


def test_of_jobs_that_share_a_transaction_one_that_fails_spoils_no_other() -> None:
    @handlers.register("count", together=True)
    def handle(job_id: int, payload: Payload) -> None:
        jobs.count(payload["series"])
        if payload["series"] == "bad":
            raise ValueError("no such room")

    for series in ("a", "bad", "b"):
        jobs.put("count", {"series": series})

    assert run_due() == 2
    [row] = jobs.rows()
    assert (row.state, row.attempts, row.last_error) == ("ready", 1, "ValueError: no such room")
    assert [jobs.counted(series) for series in ("a", "bad", "b")] == [1, 0, 1]


def test_a_lease_that_is_lost_among_jobs_done_together_undoes_that_job_alone() -> None:
    @handlers.register("count", together=True)
    def handle(job_id: int, payload: Payload) -> None:
        jobs.count(payload["series"])

    for series in ("a", "b", "c"):
        jobs.put("count", {"series": series})
    claimed = leases.claim("slow", 3)
    jobs.change_row(claimed[1].id, lease_until=datetime.now(UTC) - jobs.SECOND)
    [fast] = leases.claim("fast", 1)

    done = runner.run_all(claimed)

    assert (done, runner.run_one(fast)) == (2, True)
    assert [jobs.counted(series) for series in ("a", "b", "c")] == [1, 1, 1]
    assert jobs.rows() == []


def test_jobs_done_together_hold_their_locks_no_longer_than_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "_TOGETHER", 0.05)
    transactions: list[object] = []

    @handlers.register("slow", together=True)
    def handle(job_id: int, payload: Payload) -> None:
        time.sleep(0.06)
        transactions.append(db.session.connection().get_transaction())

    for _ in range(3):
        jobs.put("slow")

    assert run_due() == 3
    assert len({id(one) for one in transactions}) == 3
