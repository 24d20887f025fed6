"""Doing due work: one code path for threads of the web process, Celery workers and tests."""

import logging
import os
import socket
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Sequence, Set
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from engine import changes
from engine.jobs import handlers, leases, queue
from engine.jobs.leases import LEASE, Claimed, LeaseLost
from engine.uow import command

BATCH = 32
SWEEP = 1.0  # seconds: what a lost wake-up can cost
_QUIET = 0.02  # seconds in which what further commits ask for joins the same batch
_RENEW_AFTER = LEASE.total_seconds() / 3
_TOGETHER = 0.1  # seconds that a transaction of several jobs goes on taking more

_log = logging.getLogger("banjie.jobs")

outcomes: Counter[tuple[str, str]] = Counter()  # (kind, done | retried | dead | lost) since start


def owner_name() -> str:
    """A name for a runner that nobody else has."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def run_due(
    limit: int = 1000, *, owner: str | None = None, kinds: Collection[str] | None = None
) -> int:
    """Does what is due now, in this thread, until nothing is left or `limit` jobs were begun.

    Gives back how many were done. What fails is planned anew and not tried again here; `kinds`
    narrows what is done, None takes everything.
    """
    owner = owner or owner_name()
    begun = done = 0
    while begun < limit:
        jobs = leases.claim(owner, min(BATCH, limit - begun), kinds=kinds)
        if not jobs:
            break
        begun += len(jobs)
        done += run_all(jobs)
    return done


def run_all(jobs: Sequence[Claimed], stopping: threading.Event | None = None) -> int:
    """Does claimed jobs in their order, keeping the leases of those that still wait."""
    done = 0
    leased_at = time.monotonic()
    waiting = list(jobs)
    alone: set[int] = set()  # jobs that once failed together
    while waiting:
        if stopping is not None and stopping.is_set():
            leases.give_back(waiting)
            break
        if time.monotonic() - leased_at > _RENEW_AFTER:
            held = leases.renew(waiting)
            waiting = [job for job in waiting if job.id in held]
            leased_at = time.monotonic()
        group = list(takewhile(lambda job: job.id not in alone and _shares(job), waiting))
        if len(group) > 1:
            ended = run_together(group)
            del waiting[:ended]
            done += ended
            if not ended:
                alone.update(job.id for job in group)
        elif waiting:
            done += run_one(waiting.pop(0))
    return done


def _shares(job: Claimed) -> bool:
    kind = handlers.find(job.kind)
    return kind is not None and kind.together and job.attempts <= kind.attempts


def run_together(jobs: Sequence[Claimed]) -> int:
    """Does the first jobs of some in one transaction; how many, 0 when one of them cannot be done.

    They take no longer than a moment, because what they lock is locked until the last is done.
    """
    try:
        ended = _handle_some(jobs)
    except Exception:
        _log.debug("jobs are done one by one, because one of them failed", exc_info=True)
        return 0
    outcomes.update((job.kind, "done") for job in jobs[:ended])
    return ended


@command
def _handle_some(jobs: Sequence[Claimed]) -> int:
    until = time.monotonic() + _TOGETHER
    leases.wait_for_locks_no_longer_than(_TOGETHER)
    ended = 0
    for job in jobs:
        kind = handlers.find(job.kind)
        assert kind is not None  # noqa: S101
        assert kind.handle is not None  # noqa: S101
        kind.handle(job.id, job.payload)
        ended += 1
        if time.monotonic() > until:
            break
    leases.end_all(jobs[:ended])
    return ended


@dataclass
class _Beating:
    job: Claimed
    at: float = field(default_factory=time.monotonic)


_at_work: ContextVar[_Beating | None] = ContextVar("at_work", default=None)


def beat() -> None:
    """Keeps the lease of the outside job at work in this thread; long ones call it as they go.

    Cheap to call often. Raises LeaseLost when somebody else has the job by now.
    """
    work = _at_work.get()
    if work is None or time.monotonic() - work.at < _RENEW_AFTER:
        return
    if not leases.renew([work.job]):
        raise LeaseLost(f"job {work.job.id}, attempt {work.job.attempts}")
    work.at = time.monotonic()


def run_one(job: Claimed) -> bool:
    """Does one claimed job; whether it is done. A failure is planned anew, never raised."""
    kind = handlers.find(job.kind)
    limit = kind.attempts if kind else handlers.ATTEMPTS
    every = kind.every if kind else None
    try:
        if kind is None:
            raise LookupError(f"nothing here does jobs of kind {job.kind!r}")
        if job.attempts > limit and every is None:
            raise TimeoutError(f"{job.attempts - 1} runners began it and none came back")
        if kind.work is not None:
            token = _at_work.set(_Beating(job))
            try:
                result = kind.work(job.id, job.payload)
            finally:
                _at_work.reset(token)
            _report(kind, job, result)
        else:
            _handle(kind, job)
    except LeaseLost:
        outcomes[job.kind, "lost"] += 1
        _log.warning("job %s (%s): the lease was lost, its effects are undone", job.id, job.kind)
        return False
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        last = leases.put_back(job, reason, limit, every)
        outcomes[job.kind, "dead" if last else "retried"] += 1
        _log.warning(
            "job %s (%s), attempt %s: %s", job.id, job.kind, job.attempts, reason, exc_info=last
        )
        return False
    outcomes[job.kind, "done"] += 1
    return True


@command
def _handle(kind: handlers.Kind, job: Claimed) -> None:
    assert kind.handle is not None  # noqa: S101
    # The handler first: it locks its process before the row of the job is touched, in the same
    # order as the people who work on the ticket meanwhile.
    kind.handle(job.id, job.payload)
    leases.end(job, kind.every)


@command
def _report(kind: handlers.Kind, job: Claimed, result: Any) -> None:
    assert kind.report is not None  # noqa: S101
    kind.report(job.id, job.payload, result)
    leases.end(job)


class Sweeper:
    """A thread that does due work as it comes due, woken by commits of this process.

    It sleeps until the earliest due, at most a second: so a wake-up that is lost, or was meant for
    another process, costs a second and nothing else. `context` opens what the database handle
    needs in a thread of its own; `kinds` narrows what it does, None takes everything; `batch` is
    how many jobs it claims at once.
    """

    def __init__(
        self,
        context: Callable[[], AbstractContextManager[object]],
        *,
        kinds: Callable[[], Set[str]] | None = None,
        name: str = "jobs",
        batch: int = BATCH,
    ) -> None:
        self._context = context
        self._kinds = kinds
        self._batch = batch
        self._owner = owner_name()
        self._scheduled = False
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begins to sweep."""
        changes.on_wake(self.wake)
        self._thread.start()

    def wake(self, kinds: Collection[str]) -> None:
        """Says that work of these kinds may be due now."""
        own = self._kinds() if self._kinds else None
        if own is None or not own.isdisjoint(kinds):
            self._woken.set()

    def stop(self, timeout: float = 10.0) -> None:
        """Ends after the job at hand; claimed jobs that were not begun are given back."""
        changes.forget_wake(self.wake)
        self._stopping.set()
        self._woken.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                with self._context():
                    pause = self._sweep()
            except Exception:
                # The database is away, most likely; what is due waits there for its return.
                _log.warning("a sweep failed; the next one is in a second", exc_info=True)
                pause = SWEEP
            if pause > 0:
                self._woken.wait(max(0.0, pause - _QUIET))
                self._stopping.wait(_QUIET)

    def _sweep(self) -> float:
        """Does one batch; gives back how long to sleep before the next, in seconds."""
        if not self._scheduled:
            queue.ensure_schedules()
            self._scheduled = True
        kinds = self._kinds() if self._kinds else None
        outlook = leases.outlook(kinds)
        jobs: list[Claimed] = []
        if outlook.lanes or outlook.expired:
            jobs = leases.claim(self._owner, self._batch, kinds=kinds, lanes=outlook.lanes)
        if jobs:
            run_all(jobs, self._stopping)
            return 0.0 if len(jobs) == self._batch else _QUIET
        if outlook.expired:
            return 0.0  # the leases were freed just now; look again
        next_in = outlook.next_in.total_seconds() if outlook.next_in is not None else SWEEP
        return min(next_in, SWEEP)
