"""Runs every part of the benchmark: `make bench`, or `python -m tests.bench --only storm`.

Each part is a process of its own with a time of its own, and can be run alone as `python -m
tests.bench.storm`. A part that fails or takes too long is named; the others are measured all the
same. What the figures mean is in docs/bench.md.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.figures import FILE, noted, say, table

ROOT = Path(__file__).parents[2]
# Name, what it is asked for, and the seconds after which it is given up; a quarter of an hour in
# all on two processors.
PARTS: Sequence[tuple[str, Sequence[str], int]] = (
    ("calendars", (), 30),
    ("assignment", (), 90),
    ("together", (), 90),
    ("notices", (), 60),
    ("storm", (), 180),
    ("clocks", (), 300),
    ("floor", ("--loops", "300"), 300),
)
OF_BOTH = ("assignment", "together", "notices", "clocks", "floor")  # they know --database


def main() -> None:
    """Runs the parts, then lists each figure beside its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [name for name, _, _ in PARTS]
    parser.add_argument("--only", choices=names, action="append", help="this part; repeatable")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="both when not given")
    options = parser.parse_args()
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures"
        for name, arguments, most in PARTS:
            if options.only and name not in options.only:
                continue
            known = options.database and name in OF_BOTH
            asked = [*arguments, *(("--database", options.database) if known else ())]
            if not _run(name, asked, most, path):
                failed.append(name)
        say("\n     value      goal")
        for line in table(noted(path)):
            say(line)
    if failed:
        sys.exit(f"Not measured to the end: {', '.join(failed)}")


def _run(name: str, arguments: Sequence[str], most: int, path: Path) -> bool:
    """Whether a part came to its end."""
    say(f"\n{name}")
    began = time.monotonic()
    command = [sys.executable, "-m", f"tests.bench.{name}", *arguments]
    environ = {**os.environ, FILE: str(path)}
    with subprocess.Popen(command, cwd=ROOT, env=environ) as process:  # noqa: S603
        try:
            code = process.wait(most)
        except subprocess.TimeoutExpired:
            process.terminate()  # it still puts its databases and servers away
            code = process.wait()
    say(f"  {name}: {time.monotonic() - began:.0f} s")
    return code == 0


if __name__ == "__main__":
    main()
