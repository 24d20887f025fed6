"""How often an address may fail to sign in."""

import time

from flask import Flask, Response, current_app
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address

from api import problems
from engine.errors import TooMany

limiter = Limiter(get_remote_address, strategy="moving-window")


def _limit() -> str:
    limit: str = current_app.config["BANJIE"].sign_in_limit
    return limit


# Only refused attempts count: an office behind one address signs in as often as it likes.
sign_in = limiter.limit(_limit, deduct_when=lambda response: response.status_code == 401)


def init_app(app: Flask) -> None:
    """Counts in Redis where that is the broker, so that several processes count together."""
    broker = app.config["BANJIE"].broker_url or ""
    shared = broker.startswith(("redis://", "rediss://"))
    app.config.update(
        RATELIMIT_STORAGE_URI=broker if shared else "memory://",
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 1} if shared else {},
        # Without the broker each process counts alone; nobody is locked out by its absence.
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=shared,
        RATELIMIT_HEADERS_ENABLED=False,
    )
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, _too_many)


def _too_many(error: RateLimitExceeded) -> Response:
    current = limiter.current_limit
    seconds = max(1, round(current.reset_at - time.time())) if current is not None else 60
    return problems.of_engine(TooMany(seconds=seconds))
