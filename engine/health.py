"""How an installation fares: is the database there and in shape, and is due work being done."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from engine import clock, schema
from engine.db import reading
from engine.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Health:
    """What was found; `behind` is how many seconds the oldest due job has been waiting."""

    revision: str | None
    expected: str
    behind: float

    @property
    def in_shape(self) -> bool:
        """Whether the database is at the revision that this code knows, or ahead of it."""
        return self.revision is not None and self.revision >= self.expected


def look() -> Health:
    """Asks the database; whatever stops it from answering is raised."""
    revision = schema.current()
    behind = 0.0
    if revision is not None:
        with reading() as connection:
            oldest: datetime | None = connection.scalar(
                select(func.min(Job.due)).where(Job.state == "ready")
            )
        if oldest is not None:
            # A job that is due at once is written with the instant zero.
            behind = max(0.0, (clock.now() - oldest).total_seconds())
    return Health(revision, schema.head(), behind)


def jobs() -> dict[tuple[str, str], int]:
    """How many jobs there are, by kind and state."""
    with reading() as connection:
        rows = connection.execute(
            select(Job.kind, Job.state, func.count()).group_by(Job.kind, Job.state)
        )
        return {(kind, state): count for kind, state, count in rows}
