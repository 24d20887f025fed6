"""What people do with API tokens: make, rename, revoke."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from engine import clock
from engine.access import identity
from engine.access.models import ApiToken, User
from engine.access.policy import SCOPES, Actor, may, require
from engine.db import db
from engine.errors import InvalidInput, NotAllowed, NotFound
from engine.uow import command


@command
def create(
    actor: Actor,
    name: str,
    *,
    username: str | None = None,
    scopes: Iterable[str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new API token and its secret, which is shown this once; without scopes it carries all
    rights of its person."""
    username = username or actor.username
    _may_manage_tokens(actor, username)
    user = db.session.get(User, username)
    if user is None or not user.active:
        raise InvalidInput.at("/user", "unknown-user", value=username)
    wanted = list(dict.fromkeys(scopes)) if scopes is not None else None
    if unknown := [scope for scope in wanted or [] if scope not in SCOPES]:
        raise InvalidInput.at("/scopes", "unknown-scope", value=unknown[0])
    now = clock.now()
    if expires_at is not None and expires_at <= now:
        raise InvalidInput.at("/expires_at", "in-the-past")
    secret, token_hash = identity.new_token()
    token = ApiToken(
        id=secrets.token_hex(16),
        username=username,
        name=_token_name(name),
        token_hash=token_hash,
        prefix=secret[:9],
        scopes=wanted,
        created_at=now,
        expires_at=expires_at,
    )
    db.session.add(token)
    return token, secret


@command
def rename(actor: Actor, token_id: str, name: str) -> ApiToken:
    """Gives a token another name."""
    token = _token(actor, token_id)
    token.name = _token_name(name)
    return token


@command
def revoke(actor: Actor, token_id: str) -> None:
    """Removes a token; calls with it are refused from now on."""
    db.session.delete(_token(actor, token_id))


def _may_manage_tokens(actor: Actor, username: str) -> None:
    # A token with scopes must not make itself one without.
    if actor.scopes is not None:
        raise NotAllowed(action="manage_tokens")
    if username != actor.username:
        require(actor, "manage_tokens_of_others")


def _token(actor: Actor, token_id: str) -> ApiToken:
    token = db.session.get(ApiToken, token_id, with_for_update=True)
    if token is None:
        raise NotFound(kind="token", id=token_id)
    if token.username != actor.username and not may(actor, "manage_tokens_of_others"):
        raise NotFound(kind="token", id=token_id)
    _may_manage_tokens(actor, token.username)
    return token


def _token_name(name: str) -> str:
    name = name.strip()
    if not name:
        raise InvalidInput.at("/name", "required")
    if len(name) > 200:
        raise InvalidInput.at("/name", "too-long", max=200)
    return name
