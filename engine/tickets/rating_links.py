"""Signed links by which a ticket that is done is rated without a sign-in."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from engine import clock, settings
from engine.errors import NotFound

LASTS = timedelta(days=30)  # how long after the end a ticket may be rated

_DONE = ("resolved", "closed")
_SIGNATURE = 16  # bytes
_MOST_DIGITS = 15  # of an id or a time in a link


@dataclass(frozen=True, slots=True)
class Link:
    """What a signed link opens: one ticket, until a moment."""

    ticket_id: int
    until: datetime


def sign(secret: str, link: Link) -> str:
    """The text of a link that nobody can make up."""
    text = f"{link.ticket_id}.{int(link.until.timestamp())}"
    return f"{text}.{_signature(secret, text)}"


def read(secret: str, token: str) -> Link:
    """What a link opens; NotFound, and no word more, for one that is made up or too old."""
    text, _, given = token.rpartition(".")
    # as bytes: compare_digest refuses text with anything but ASCII
    known = hmac.compare_digest(_signature(secret, text).encode(), given.encode())
    key, _, until = text.partition(".")
    numbers = all(part.isascii() and part.isdigit() for part in (key, until))
    if not known or not numbers or max(len(key), len(until)) > _MOST_DIGITS:
        raise NotFound(kind="rating_link", id="")
    link = Link(int(key), datetime.fromtimestamp(int(until), UTC))
    if link.until <= clock.now():
        raise NotFound(kind="rating_link", id="")
    return link


def _signature(secret: str, text: str) -> str:
    return hmac.digest(secret.encode(), f"rating\n{text}".encode(), hashlib.sha256)[
        :_SIGNATURE
    ].hex()


def address(row: Any) -> str:
    """Where the requester rates a ticket that is done; empty before, and without a public URL."""
    here = settings.current()
    if not here.public_url or not is_done(row):
        return ""
    return f"{here.public_url}/rate/{sign(here.secret, to(row))}"


def to(row: Any) -> Link:
    """The link to a ticket that is done."""
    return Link(row.id, (row.closed_at or clock.now()) + LASTS)


def is_done(row: Any) -> bool:
    """Whether a ticket may be rated now."""
    ended = row.closed_at
    return row.category in _DONE and (ended is None or ended + LASTS > clock.now())
