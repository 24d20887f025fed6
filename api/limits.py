"""How often an address may fail to sign in.

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
_EXTENSION = "banjie-sign-in-limit"
_SCOPE = "sign-in"


class Attempts:
    """The refused attempts of the last while, by address."""

    def __init__(self, limit: str, broker_url: str | None) -> None:
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
                if limiter.test(self._limit, _SCOPE, address):
                    return 0
                stats = limiter.get_window_stats(self._limit, _SCOPE, address)
                return max(1, round(stats.reset_time - time.time()))
            except StorageError:
                log.warning("the broker is away; sign-in attempts are counted here alone")
        return 0

    def count(self, address: str) -> None:
        """Notes a refused attempt."""
        for limiter in self._limiters():
            try:
                limiter.hit(self._limit, _SCOPE, address)
                return
            except StorageError:
                continue

    def forget(self) -> None:
        """Forgets what this process has counted alone."""
        self._alone.storage.reset()

    def _limiters(self) -> list[MovingWindowRateLimiter]:
        return [self._together, self._alone] if self._together is not None else [self._alone]


def attempts() -> Attempts:
    """The count of the running application."""
    found: Attempts = current_app.extensions[_EXTENSION]
    return found


def may_try() -> None:
    """Raises TooMany while the caller's address has failed too often."""
    seconds = attempts().seconds_to_wait(request.remote_addr or "")
    if seconds:
        raise TooMany(seconds=seconds)


def init_app(app: Flask) -> None:
    """Counts where the settings say."""
    config = app.config["BANJIE"]
    app.extensions[_EXTENSION] = Attempts(config.sign_in_limit, config.broker_url)
