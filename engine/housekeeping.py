"""What is swept out from time to time: sessions that are over and old first answers.

Each is a schedule: one row in the table of jobs, done by whichever runner comes first.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_

from engine import clock
from engine.access.identity import SESSION_IDLE
from engine.access.models import WebSession
from engine.db import db
from engine.idempotency import FirstAnswer
from engine.jobs import handlers

ANSWERS_KEPT = timedelta(days=1)
_HOURLY = timedelta(hours=1)


def install() -> None:
    """Makes the schedules known to the runners of this process."""
    handlers.register("purge-sessions", every=_HOURLY)(purge_sessions)
    handlers.register("purge-answers", every=_HOURLY)(purge_answers)


def purge_sessions(job_id: int, payload: dict[str, Any]) -> None:
    """Forgets browser sessions that are over."""
    now = clock.now()
    db.session.execute(
        delete(WebSession).where(
            or_(WebSession.expires_at <= now, WebSession.seen_at <= now - SESSION_IDLE)
        )
    )


def purge_answers(job_id: int, payload: dict[str, Any]) -> None:
    """Forgets the first answers to requests that nobody will repeat any more."""
    db.session.execute(
        delete(FirstAnswer).where(FirstAnswer.created_at < clock.now() - ANSWERS_KEPT)
    )
