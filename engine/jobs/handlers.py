"""What can be done when it is due: one entry a kind of job, and what happens when retries end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

ATTEMPTS = 8

Payload = dict[str, Any]
Handle = Callable[[int, Payload], None]
Work = Callable[[int, Payload], Any]
Report = Callable[[int, Payload, Any], None]
WhenRetriesEnd = Callable[[int, str, Payload, str], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """How jobs of one kind are done.

    `handle` runs inside the transaction that ends the job. `work` runs before it, with no
    transaction open, and its result goes to `report`, which then takes the place of `handle`.
    With `together` several such jobs may share a transaction.
    """

    name: str
    attempts: int = ATTEMPTS
    handle: Handle | None = None
    work: Work | None = None
    report: Report | None = None
    every: timedelta | None = None
    together: bool = False

    @property
    def outside(self) -> bool:
        """Whether the work reaches beyond the database, and so may be slow."""
        return self.work is not None


_kinds: dict[str, Kind] = {}
_when_retries_end: list[WhenRetriesEnd] = []


def register(
    kind: str,
    *,
    attempts: int = ATTEMPTS,
    every: timedelta | None = None,
    together: bool = False,
) -> Callable[[Handle], Handle]:
    """Makes a function `(job id, payload)` the doing of a kind: one transaction with the job's end.

    Its effects and the end of the job commit together, so they happen exactly once. With `every`
    the job is a schedule: one row, due again that long after it was done, never dead. `together`
    is for short work of which much may be due at once: several jobs, of any such kinds, share one
    transaction and its one wait for the disk. Where one of them fails, each is done alone.
    """

    def add(handle: Handle) -> Handle:
        _add(Kind(kind, attempts, handle=handle, every=every, together=together))
        return handle

    return add


def register_outside(
    kind: str, *, report: Report, attempts: int = ATTEMPTS
) -> Callable[[Work], Work]:
    """Makes a function `(job id, payload) -> result` the doing of a kind that reaches outside.

    It runs with no transaction open, at least once, each time with the same job id; `report`
    `(job id, payload, result)` then runs in the transaction that ends the job, exactly once.
    """

    def add(work: Work) -> Work:
        _add(Kind(kind, attempts, work=work, report=report))
        return work

    return add


def _add(kind: Kind) -> None:
    known = _kinds.get(kind.name)
    if known is not None and _origin(known) != _origin(kind):
        raise ValueError(f"jobs of kind {kind.name!r} are already done by {_origin(known)}")
    _kinds[kind.name] = kind


def _origin(kind: Kind) -> str:
    do = kind.handle or kind.work
    return f"{getattr(do, '__module__', '')}.{getattr(do, '__qualname__', '')}"


def when_retries_end(hook: WhenRetriesEnd) -> WhenRetriesEnd:
    """Calls a function `(job id, kind, payload, reason)` in the transaction that gives a job up."""
    if hook not in _when_retries_end:
        _when_retries_end.append(hook)
    return hook


def find(kind: str) -> Kind | None:
    """How jobs of a kind are done, or None when nobody here knows."""
    return _kinds.get(kind)


def kinds() -> Mapping[str, Kind]:
    """Every kind that is known here, by name."""
    return _kinds


def tell_retries_ended(job_id: int, kind: str, payload: Payload, reason: str) -> None:
    """Runs the hooks for a job that is given up."""
    for hook in _when_retries_end:
        hook(job_id, kind, payload, reason)
