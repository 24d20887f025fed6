"""The jobs that carry deliveries out, one channel each, so that a slow one holds up only itself."""

import logging
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from engine import clock
from engine.db import db
from engine.jobs import handlers, runner
from engine.notify import outbox
from engine.notify.channels import KINDS
from engine.notify.channels.base import GiveUp, Message, TryAgain
from engine.notify.models import Delivery, Notice

_AT_ONCE = 50  # messages of one job; then others have their turn
_SECONDS = 3.0  # after which no further one is begun: a runner that is stopped waits for the job
KEPT = timedelta(days=30)
INBOX_KEPT = timedelta(days=180)

_log = logging.getLogger("banjie.notify")


def _report(job_id: int, payload: dict[str, Any], result: Any) -> None:
    outbox.rest(db.session.connection(), payload["channel"], payload["turn"])


@handlers.register_outside(outbox.JOB, report=_report)
def send(job_id: int, payload: dict[str, Any]) -> None:
    """Sends what waits on one channel, as far as its pace lets it."""
    begun = time.monotonic()
    for _ in range(_AT_ONCE):
        runner.beat()
        parcel = outbox.take(payload["channel"], payload["turn"])
        if parcel is None or not _sent(parcel) or time.monotonic() - begun > _SECONDS:
            return


def _sent(parcel: outbox.Parcel) -> bool:
    """Sends one message; False when the rest of the channel had better wait."""
    contents = [row.content for row in parcel.rows]
    message = Message(parcel.id, parcel.target, contents, int(parcel.at.timestamp()))
    try:
        KINDS[parcel.kind].send(parcel.values, message)
    except TryAgain as error:
        outbox.settle(parcel, str(error), final=False, whole=error.whole)
        return not error.whole
    except GiveUp as error:
        outbox.settle(parcel, str(error), final=True)
    except Exception as error:
        _log.exception("channel %s: a message could not be written", parcel.channel)
        outbox.settle(parcel, f"{type(error).__name__}: {error}", final=True)
    else:
        outbox.settle(parcel, final=True)
    return True


@handlers.register("notices-forgotten", every=timedelta(minutes=1))
def plan_forgotten(job_id: int, payload: dict[str, Any]) -> None:
    """Plans channels whose job was lost."""
    outbox.plan_forgotten(db.session.connection())


@handlers.register("purge-notices", every=timedelta(days=1))
def purge(job_id: int, payload: dict[str, Any]) -> None:
    """Forgets what was sent a month ago, and what lies in inboxes for half a year."""
    now = clock.now()
    db.session.execute(
        delete(Delivery).where(Delivery.state == "sent", Delivery.sent_at < now - KEPT)
    )
    db.session.execute(delete(Notice).where(Notice.created_at < now - INBOX_KEPT))
