"""Due work is claimed once, in lanes and in order, under a lease that fences its effects."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from engine import clock
from engine.jobs import handlers, leases, queue, times
from engine.jobs.leases import LEASE, LeaseLost
from engine.jobs.models import BULK, NORMAL, URGENT
from engine.uow import command
from tests.engine import jobs


@pytest.fixture(autouse=True)
def _kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_kinds", {})
    monkeypatch.setattr(handlers, "_when_retries_end", [])


def claimed_payloads(limit: int = 10) -> list[object]:
    return [job.payload["n"] for job in leases.claim("me", limit)]


def test_a_job_of_a_command_that_fails_does_not_exist() -> None:
    @command
    def fail() -> None:
        jobs.put("a", {"n": 1})
        raise LookupError("nobody there")

    with pytest.raises(LookupError):
        fail()

    assert jobs.rows() == []


def test_several_jobs_go_in_with_one_statement_and_keep_their_order() -> None:
    @command
    def ask() -> None:
        from engine.db import db

        queue.enqueue_many(
            db.session.connection(),
            [queue.Entry("a", {"n": n, "名": "张三"}, order_key=f"k{n}") for n in range(40)],
        )

    ask()

    assert claimed_payloads(100) == list(range(40))
    assert jobs.rows()[0].payload == {"n": 0, "名": "张三"}


def test_a_job_is_not_claimed_before_it_is_due() -> None:
    jobs.put("a", {"n": 1}, due=clock.now() + timedelta(minutes=5))

    before = claimed_payloads()
    clock.advance(timedelta(minutes=4, seconds=58))
    almost = claimed_payloads()
    clock.advance(timedelta(seconds=3))

    assert (before, almost, claimed_payloads()) == ([], [], [1])


def test_the_outlook_tells_due_lanes_and_the_next_due() -> None:
    jobs.put("a", lane=BULK)
    jobs.put("b", lane=URGENT, due=clock.now() + timedelta(minutes=5))

    outlook = leases.outlook()

    assert outlook.lanes == (BULK,)
    assert outlook.next_in is not None
    assert timedelta(minutes=4, seconds=55) < outlook.next_in <= timedelta(minutes=5)
    assert leases.outlook(kinds={"b"}).lanes == ()


def test_urgent_lanes_pass_a_storm() -> None:
    for n in range(20):
        jobs.put("a", {"n": n}, lane=BULK)
    for n in range(20, 40):
        jobs.put("a", {"n": n}, lane=NORMAL)
    jobs.put("a", {"n": 99}, lane=URGENT)

    assert claimed_payloads(3) == [99, 20, 21]


def test_jobs_of_one_key_run_one_after_the_other_oldest_first() -> None:
    for n in (1, 2, 3):
        jobs.put("a", {"n": n}, order_key="ticket:7")
    jobs.put("a", {"n": 4}, order_key="ticket:8")

    [first, other] = leases.claim("me", 10)
    meanwhile = claimed_payloads()
    end(first)

    assert (first.payload["n"], other.payload["n"], meanwhile) == (1, 4, [])
    assert claimed_payloads() == [2]


def test_a_key_waits_for_its_oldest_job_to_be_retried() -> None:
    jobs.put("a", {"n": 1}, order_key="ticket:7")
    jobs.put("a", {"n": 2}, order_key="ticket:7")
    [first] = leases.claim("me", 10)

    leases.put_back(first, "the printer is off", limit=8, every=None)
    at_once = claimed_payloads()
    clock.advance(timedelta(seconds=2))

    assert (at_once, claimed_payloads()) == ([], [1])


def test_a_key_does_not_wait_for_a_timer_that_is_not_due() -> None:
    jobs.put("a", {"n": 1}, order_key="ticket:7", due=clock.now() + timedelta(days=3))
    jobs.put("a", {"n": 2}, order_key="ticket:7")

    assert claimed_payloads() == [2]


def test_a_key_goes_on_after_a_job_that_was_given_up() -> None:
    jobs.put("a", {"n": 1}, order_key="ticket:7")
    jobs.put("a", {"n": 2}, order_key="ticket:7")
    [first] = leases.claim("me", 10)

    assert leases.put_back(first, "broken", limit=1, every=None)

    assert claimed_payloads() == [2]


def test_two_claimers_never_get_the_same_job(app: Flask) -> None:
    for n in range(120):
        jobs.put("a", {"n": n})

    def take(owner: str) -> list[int]:
        found: list[int] = []
        with app.app_context():
            while batch := leases.claim(owner, 5):
                found += [job.id for job in batch]
        return found

    with ThreadPoolExecutor(4) as pool:
        taken = [job for owner in pool.map(take, "abcd") for job in owner]

    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 120


def test_a_lease_that_is_over_goes_to_somebody_else_and_fences_the_first() -> None:
    jobs.put("a", {"n": 1})
    [first] = leases.claim("first", 1)
    jobs.change_row(first.id, lease_until=datetime.now(UTC) - jobs.SECOND)

    [second] = leases.claim("second", 1)

    assert (second.id, second.attempts) == (first.id, 2)
    with pytest.raises(LeaseLost):
        end(first)
    assert leases.renew([first]) == set()
    leases.put_back(first, "too late", limit=1, every=None)
    assert [row.owner for row in jobs.rows()] == ["second"]
    end(second)
    assert jobs.rows() == []


def test_a_lease_from_before_the_clock_was_set_back_is_void() -> None:
    jobs.put("a", {"n": 1})
    [first] = leases.claim("first", 1)
    jobs.change_row(first.id, lease_until=datetime.now(UTC) + 3 * LEASE)

    assert [job.attempts for job in leases.claim("second", 1)] == [2]


def test_a_clock_that_a_test_moves_does_not_end_a_lease() -> None:
    jobs.put("a", {"n": 1})
    leases.claim("first", 1)
    clock.advance(timedelta(days=1))

    assert leases.claim("second", 1) == []


def test_renewing_moves_the_lease_ahead() -> None:
    jobs.put("a", {"n": 1})
    [job] = leases.claim("me", 1)
    jobs.change_row(job.id, lease_until=datetime.now(UTC) + jobs.SECOND)

    assert leases.renew([job]) == {job.id}

    assert jobs.rows()[0].lease_until > datetime.now(UTC) + LEASE - 10 * jobs.SECOND


def test_what_is_given_back_was_never_tried() -> None:
    jobs.put("a", {"n": 1})

    leases.give_back(leases.claim("me", 1))

    [row] = jobs.rows()
    assert (row.state, row.owner, row.attempts) == ("ready", None, 0)


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 1), (2, 3), (3, 9), (4, 27), (6, 243), (9, 600), (500, 600)]
)
def test_the_wait_after_a_failure_grows_to_ten_minutes(attempt: int, seconds: int) -> None:
    waits = [times.backoff(attempt).total_seconds() for _ in range(50)]

    assert min(waits) >= seconds * 0.8
    assert max(waits) <= seconds * 1.2
    assert len(set(waits)) > 1  # jitter: those that failed together do not come back together


def test_an_id_is_never_given_twice() -> None:
    jobs.put("a", {"n": 1})
    [first] = leases.claim("me", 1)
    end(first)

    jobs.put("a", {"n": 2})

    assert jobs.rows()[0].id > first.id


@command
def end(job: leases.Claimed) -> None:
    leases.end(job)
