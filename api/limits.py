"""How often an address may fail to sign in, and to open a signed link.

Only refused attempts count: an office behind one address signs in as often as it likes. Several
processes count together in Redis where that is the broker; without it each counts alone.
"""

import logging
import time

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from engine.errors import TooMany

log = logging.getLogger("banjie.api")
_EXTENSION = "banjie-limits"
SIGN_IN = "sign-in"
SIGNED_LINK = "signed-link"


class Attempts:
    """The refused attempts of the last while, by address."""

    def __init__(self, what: str, limit: str, broker_url: str | None) -> None:
        self._what = what
        self._limit: RateLimitItem = parse(limit)
        self._alone = MovingWindowRateLimiter(MemoryStorage())
        self._together: MovingWindowRateLimiter | None = None
        if broker_url and broker_url.startswith(("redis://", "rediss://")):
            options = {"socket_connect_timeout": 1, "socket_timeout": 1, "wrap_exceptions": True}
            self._together = MovingWindowRateLimiter(storage_from_string(broker_url, **options))

    def seconds_to_wait(self, address: str) -> int:
        """How long an address has to wait; 0 when it may try."""
        for limiter in self._limiters():
            try:
                if limiter.test(self._limit, self._what, address):
                    return 0
                stats = limiter.get_window_stats(self._limit, self._what, address)
                return max(1, round(stats.reset_time - time.time()))
            except StorageError:
                log.warning("the broker is away; sign-in attempts are counted here alone")
        return 0

    def count(self, address: str) -> None:
        """Notes a refused attempt."""
        for limiter in self._limiters():
            try:
                limiter.hit(self._limit, self._what, address)
                return
            except StorageError:
                continue

    def forget(self) -> None:
        """Forgets what this process has counted alone."""
        self._alone.storage.reset()

    def _limiters(self) -> list[MovingWindowRateLimiter]:
        return [self._together, self._alone] if self._together is not None else [self._alone]


def attempts(what: str = SIGN_IN) -> Attempts:
    """The count of the running application."""
    found: Attempts = current_app.extensions[_EXTENSION][what]
    return found


def may_try(what: str = SIGN_IN) -> None:
    """Raises TooMany while the caller's address has failed too often."""
    seconds = attempts(what).seconds_to_wait(request.remote_addr or "")
    if seconds:
        raise TooMany(seconds=seconds)


def init_app(app: Flask) -> None:
    """Counts where the settings say."""
    config = app.config["BANJIE"]
    app.extensions[_EXTENSION] = {
        what: Attempts(what, config.sign_in_limit, config.broker_url)
        for what in (SIGN_IN, SIGNED_LINK)
    }
