"""Who is calling: signing in and out, browser sessions and API tokens.

Secrets leave this module once, when they are made; only their SHA-256 is kept. The account is read
together with its groups in one statement, outside any transaction.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    delete,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.sql import func

from engine import clock
from engine.access import passwords
from engine.access.lookup import Lookup
from engine.access.models import ApiToken, GroupMember, User, WebSession
from engine.access.policy import Actor
from engine.db import db
from engine.errors import NotFound, SignInFailed
from engine.uow import command

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
SESSION_IDLE = timedelta(hours=8)
SESSION_LASTS = timedelta(days=3)
_SEEN_EVERY = timedelta(minutes=5)  # a session's last use is written no more often than this
_COMMA: ColumnElement[str] = literal_column("','")  # as text, it is compiled once and for all
TOKEN_PREFIX = "bj_"  # noqa: S105  the visible beginning of every token, not a secret


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is calling now, and by which means."""

    actor: Actor
    names: dict[str, Any]
    time_zone: str
    csrf: str | None = None  # of a browser session
    seen_at: datetime | None = None


class _Row(NamedTuple):
    """What every lookup selects, in this order."""

    username: str
    names: dict[str, Any]
    roles: list[str]
    department: str | None
    language: str
    time_zone: str
    groups: str | None
    csrf: str | None
    seen_at: datetime | None
    expires_at: datetime | None
    scopes: list[str] | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A new browser session: the cookie's value, and the token its writes must carry."""

    secret: str
    csrf: str
    username: str
    expires_at: datetime


def _groups() -> Any:
    """The keys of a person's groups, in one string: keys hold no comma."""
    return (
        select(func.aggregate_strings(GroupMember.group_key, _COMMA))  # type: ignore[arg-type]
        .where(GroupMember.username == User.username)
        .scalar_subquery()
    )


def _who(*more: Any) -> Select[Any]:
    return select(
        User.username,
        User.names,
        User.roles,
        User.department,
        User.language,
        User.time_zone,
        _groups().label("groups"),
        *more,
    ).where(User.active.is_(True))


def _nothing(name: str) -> Any:
    return literal_column("NULL").label(name)


_BY_SESSION = Lookup(
    _who(WebSession.csrf, WebSession.seen_at, WebSession.expires_at, _nothing("scopes"))
    .join(WebSession, WebSession.username == User.username)
    .where(WebSession.id_hash == bindparam("hash")),
    "hash",
)
_BY_TOKEN = Lookup(
    _who(_nothing("csrf"), _nothing("seen_at"), ApiToken.expires_at, ApiToken.scopes)
    .join(ApiToken, ApiToken.username == User.username)
    .where(ApiToken.token_hash == bindparam("hash")),
    "hash",
)
_BY_NAME = Lookup(
    _who(_nothing("csrf"), _nothing("seen_at"), _nothing("expires_at"), _nothing("scopes")).where(
        User.username == bindparam("username")
    ),
    "username",
)


def by_session(secret: str, *, use: bool = True) -> Caller | None:
    """Whose browser session a cookie belongs to; None when it has ended.

    `use` counts as a sign of life; an open event stream that only looks again is none.
    """
    key = _digest(secret)
    row = _find(_BY_SESSION, key)
    if row is None:
        return None
    now = clock.now()
    seen, ends = row.seen_at, row.expires_at
    if seen is None or ends is None or ends <= now or seen + SESSION_IDLE <= now:
        return None
    if use and seen + _SEEN_EVERY <= now:
        _seen(key, now)
    return _caller(row)


def by_token(token: str) -> Caller | None:
    """Whose API token this is; None for one that is unknown or has expired."""
    if not token.startswith(TOKEN_PREFIX):
        return None
    row = _find(_BY_TOKEN, _digest(token))
    if row is None or (row.expires_at is not None and row.expires_at <= clock.now()):
        return None
    return _caller(row)


def actor_of(username: str) -> Actor:
    """A person as an actor, for work done in his name without a call (command line, tests)."""
    row = _find(_BY_NAME, username)
    if row is None:
        raise NotFound(kind="user", id=username)
    return _caller(row).actor


def sign_in(username: str, password: str) -> Opened:
    """Opens a browser session; after five failures in a row the account rests for a while.

    The attempt is counted before the password is looked at, so that many guesses at once count
    one by one. An unknown name does the same work as a wrong password.
    """
    username = username.strip().lower()
    kept = _begin_attempt(username)
    if not passwords.verify(kept, password) or kept is None:
        raise SignInFailed
    renewed = passwords.hashed(password) if passwords.outdated(kept) else None
    return _succeed(username, renewed)


@command
def open_session(username: str) -> Opened:
    """A browser session for somebody whose identity is already established."""
    now = clock.now()
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    db.session.execute(delete(WebSession).where(_over(now)))
    opened = Opened(secret, csrf, username, now + SESSION_LASTS)
    db.session.add(
        WebSession(
            id_hash=_digest(secret),
            username=username,
            csrf=csrf,
            created_at=now,
            seen_at=now,
            expires_at=opened.expires_at,
        )
    )
    return opened


@command
def sign_out(secret: str) -> None:
    """Ends the session of a cookie; one that is gone already stays gone."""
    db.session.execute(delete(WebSession).where(WebSession.id_hash == _digest(secret)))


@command
def end_sessions(username: str, but: str | None = None) -> None:
    """Ends every session of a person, but the one with this cookie."""
    ended = delete(WebSession).where(WebSession.username == username)
    if but is not None:
        ended = ended.where(WebSession.id_hash != _digest(but))
    db.session.execute(ended)


def new_token() -> tuple[str, bytes]:
    """A fresh API token and the hash to keep of it."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    return token, _digest(token)


@command
def _begin_attempt(username: str) -> str | None:
    """Counts an attempt; the hash to verify against, or None for nobody or a locked account."""
    now = clock.now()
    free = or_(User.locked_until.is_(None), User.locked_until <= now)
    # A lock that is over starts the count anew.
    db.session.execute(
        update(User)
        .where(User.username == username, User.locked_until <= now)
        .values(failed_sign_ins=0, locked_until=None)
    )
    counted = db.session.execute(
        update(User)
        .where(User.username == username, User.active.is_(True), free)
        .values(failed_sign_ins=User.failed_sign_ins + 1)
        .returning(User.password_hash, User.failed_sign_ins)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if counted is not None and counted.failed_sign_ins >= FAILURES_ALLOWED:
        db.session.execute(
            update(User)
            .where(User.username == username)
            .values(locked_until=now + LOCKED_FOR)
            .execution_options(synchronize_session=False)
        )
    return counted.password_hash if counted is not None else None


@command
def _succeed(username: str, renewed_hash: str | None) -> Opened:
    values: dict[str, Any] = {"failed_sign_ins": 0, "locked_until": None}
    if renewed_hash is not None:
        values["password_hash"] = renewed_hash
    db.session.execute(update(User).where(User.username == username).values(values))
    return open_session(username)


@command
def _seen(id_hash: bytes, now: datetime) -> None:
    db.session.execute(update(WebSession).where(WebSession.id_hash == id_hash).values(seen_at=now))


def _over(now: datetime) -> Any:
    return or_(WebSession.expires_at <= now, WebSession.seen_at <= now - SESSION_IDLE)


def _find(lookup: Lookup, value: object) -> "_Row | None":
    found = lookup(value)
    return _Row(*found) if found is not None else None


def _caller(row: "_Row") -> Caller:
    actor = Actor(
        row.username,
        frozenset(row.roles),
        frozenset(row.groups.split(",")) if row.groups else frozenset(),
        row.department,
        row.language,
        frozenset(row.scopes) if row.scopes is not None else None,
    )
    return Caller(actor, row.names, row.time_zone, row.csrf, row.seen_at)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
