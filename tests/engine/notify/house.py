"""What tests of notices share: settings for a while, channels, and the running of what is due."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

from sqlalchemy import select

from engine import clock, settings
from engine.access.policy import SYSTEM
from engine.db import db
from engine.jobs import runner
from engine.notify import registry
from engine.notify.models import Delivery, Notice


@contextmanager
def allowing_loopback() -> Iterator[None]:
    """Lets loopback be called, as an administrator may for a network of the house."""
    before = settings.current()
    allowed = (ip_network("127.0.0.0/8"),)
    settings.install(replace(before, outgoing_allow=allowed, public_url="https://desk.example"))
    try:
        yield
    finally:
        settings.install(before)


def channel(key: str, kind: str, **values: Any) -> None:
    """A channel of a kind."""
    registry.create(SYSTEM, key, kind, {"zh-CN": key}, values)


def mail_channel(port: int) -> None:
    """The channel `mail` to a server of the tests."""
    channel(
        "mail", "email", host="127.0.0.1", port=port, security="none", sender="desk@example.com"
    )


def run() -> None:
    """Does what is due now."""
    while runner.run_due():
        pass
    db.session.rollback()


def wait(**duration: float) -> None:
    """Time passes, and what is due is done."""
    clock.advance(timedelta(**duration))
    run()


def notices(username: str) -> list[Notice]:
    """Somebody's inbox, oldest first."""
    db.session.rollback()
    return list(
        db.session.scalars(select(Notice).where(Notice.username == username).order_by(Notice.id))
    )


def deliveries(state: str | None = None) -> list[Delivery]:
    """What goes out, oldest first."""
    db.session.rollback()
    statement = select(Delivery).order_by(Delivery.id)
    return list(
        db.session.scalars(statement if state is None else statement.where(Delivery.state == state))
    )
