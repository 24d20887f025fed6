"""Newly published holidays: the open clocks that run by them are measured again."""

from typing import Any

from engine.access.policy import SYSTEM
from engine.jobs import handlers
from engine.sla.calendar_commands import HOLIDAYS_ARRIVED
from engine.tickets import recalculating


@handlers.register(HOLIDAYS_ARRIVED)
def measure_again(job_id: int, payload: dict[str, Any]) -> None:
    """Asks for every ticket whose clocks would come out differently."""
    recalculating.apply(SYSTEM)
