"""A caller of the interface, as real as can be: each call is in a context of its own."""

from collections.abc import Callable
from contextvars import Context
from typing import Any
from uuid import uuid4

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.db import db


class Client(FlaskClient):
    """The test client with headers of its own; `posts` send an Idempotency-Key where asked.

    Each call runs in a context of its own, as in a thread of the server: it does not see the
    database session of the test, and the test sees afterwards what the call has committed.
    """

    username: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers: dict[str, str] = {}

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        headers = {**self.headers, **dict(kwargs.pop("headers", None) or {})}
        kwargs.setdefault("buffered", True)
        if has_app_context() and db.session.registry.has():
            db.session.rollback()
        run: Callable[..., TestResponse] = super().open
        return Context().run(run, *args, headers=headers, **kwargs)

    def once(self, path: str, body: object, key: str | None = None) -> TestResponse:
        """A POST with an Idempotency-Key, a fresh one unless it is given."""
        return self.post(path, json=body, headers={"Idempotency-Key": key or uuid4().hex})
