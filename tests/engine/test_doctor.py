"""The doctor finds what must never be, and nothing when all is well."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from engine import doctor
from engine.db import db
from engine.jobs.models import Job
from engine.uow import command
from tests import tickets
from tests.conftest import AsUser
from tests.engine import jobs


def wrong() -> set[str]:
    db.session.remove()
    return {result.name for result in doctor.examine(deep=True) if not result.ok}


@command
def sql(statement: str) -> None:
    db.session.execute(text(statement))


@pytest.fixture
def number(app: Flask, as_user: AsUser) -> str:
    """A ticket that was reported, taken up once and is open again."""
    tickets.deploy("loop", tickets.loop())
    admin = as_user("admin")
    made = tickets.create(admin, "loop")
    task = made["tasks"][0]["id"]
    answer = admin.post(f"/api/v1/tasks/{task}/complete", json={"action": "again", "values": {}})
    assert answer.status_code == 200, answer.text
    number: str = made["number"]
    return number


def test_what_runs_well_is_sound(number: str) -> None:
    assert wrong() == set()


def orphan_job() -> None:
    jobs.put("service", {"ticket": 999_999, "service": "x"})


def lease_without_owner() -> None:
    jobs.put("service")
    jobs.change_row(jobs.rows()[0].id, state="leased", lease_until=datetime.now(UTC))


def lease_that_nobody_ended() -> None:
    jobs.put("service")
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    jobs.change_row(jobs.rows()[0].id, state="leased", owner="gone", lease_until=long_ago)


def work_that_nobody_does() -> None:
    jobs.put("service")
    jobs.change_row(jobs.rows()[0].id, created_at=datetime.now(UTC) - timedelta(hours=1))


def given_up_in_silence() -> None:
    jobs.put("service", {"ticket": db.session.execute(text("SELECT id FROM ticket")).scalar()})
    jobs.change_row(jobs.rows()[0].id, state="dead", attempts=8, last_error="no answer")


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("DELETE FROM history WHERE seq = 2", {"history"}),
        ("UPDATE ticket SET history_seq = history_seq + 1", {"history"}),
        ("DELETE FROM history WHERE seq = 1", {"tickets", "history"}),
        ("UPDATE user_task SET status = 'completed' WHERE status = 'open'", {"history"}),
        ("UPDATE process_instance SET status = 'ended'", {"processes"}),
        ("UPDATE process_instance SET state = substr(state, 1, 20)", {"states"}),
        (orphan_job, {"leftovers"}),
        (lease_without_owner, {"jobs"}),
        (lease_that_nobody_ended, {"jobs"}),
        (work_that_nobody_does, {"jobs"}),
        (given_up_in_silence, {"given up"}),
    ],
)
def test_each_harm_is_found(number: str, harm: str | Callable[[], None], found: set[str]) -> None:
    db.session.remove()
    if isinstance(harm, str):
        sql(harm)
    else:
        harm()

    assert found <= wrong()


def test_a_timer_without_its_job_is_found(app: Flask, as_user: AsUser) -> None:
    tickets.deploy("timed", tickets.timed())
    tickets.create(as_user("admin"), "timed")
    assert wrong() == set()

    @command
    def lose() -> None:
        db.session.query(Job).where(Job.wait_id.is_not(None)).delete()

    lose()

    assert wrong() == {"timers"}
