"""How long working time takes: `python -m tests.bench.calendars`."""

import random
import time
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from engine.sla.calendars import Calendar
from engine.sla.shipped import OFFICE, shipped
from tests.bench.figures import note, say

CALLS = 20_000
YEAR = timedelta(days=365)
BERLIN_NIGHTS = Calendar(ZoneInfo("Europe/Berlin"), (((1320, 1800),),) * 7)


def main() -> None:
    """Measures `add` and `between` over a year, warm, and the first use of a year."""
    office = shipped(OFFICE)
    assert office is not None
    for name, calendar in (("cn_office", office), ("berlin nights", BERLIN_NIGHTS)):
        rng = random.Random(7)  # noqa: S311  the same calls each time
        begin = datetime(2024, 1, 1, tzinfo=UTC)
        starts = [begin + timedelta(seconds=rng.randrange(31_536_000)) for _ in range(CALLS)]
        open_time = calendar.between(begin, begin + YEAR)
        for what, call in (
            ("add", lambda at, c=calendar, s=open_time: c.add(at, s)),
            ("between", lambda at, c=calendar: c.between(at, at + YEAR)),
        ):
            took = []
            for at in starts:
                before = time.perf_counter_ns()
                call(at)
                took.append((time.perf_counter_ns() - before) / 1_000)
            p99 = quantiles(took, n=100)[98]
            say(f"{name}: {what} over a year {median(took):.1f} µs, p99 {p99:.1f} µs")
            note(f"calendar {name}: {what} over a year", median(took), 20, "µs")
        fresh = Calendar(calendar.zone, calendar.weekly, calendar.exceptions)
        before = time.perf_counter_ns()
        fresh.is_open(begin)
        took_ms = (time.perf_counter_ns() - before) / 1_000_000
        say(f"{name}: first use of a year {took_ms:.2f} ms")


if __name__ == "__main__":
    main()
