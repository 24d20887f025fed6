"""Channels as administrators keep them: made, changed, removed; and what went wrong."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from engine import clock
from engine.access import names
from engine.access.policy import Actor, require
from engine.db import db
from engine.errors import (
    AlreadyExists,
    InputError,
    InvalidInput,
    InvalidState,
    NotFound,
    StaleVersion,
)
from engine.notify import outbox, secrets
from engine.notify.channels import INBOX, KINDS
from engine.notify.channels.base import Setting
from engine.notify.models import Channel, ChannelPace, Delivery
from engine.paging import Page, Window, cut, seek
from engine.uow import command

MAX_VALUE = 2000
STATES = ("waiting", "sent", "dead")
_ADDRESSES = ("url", "host")


def channels(actor: Actor, window: Window) -> Page[Channel]:
    """Channels by key."""
    require(actor, "manage_channels")
    rows = db.session.scalars(seek(select(Channel), [Channel.key], window)).all()
    return cut(rows, window, lambda one: (one.key,))


def channel(actor: Actor, key: str) -> Channel:
    """One channel."""
    require(actor, "manage_channels")
    found = db.session.get(Channel, key)
    if found is None:
        raise NotFound(kind="channel", id=key)
    return found


def active(wanted: str | None) -> Channel | None:
    """A channel that is in use, by its key; without one the first that writes to single people."""
    if wanted is not None:
        found = db.session.get(Channel, wanted)
        return found if found is not None and found.active else None
    personal = [name for name, kind in KINDS.items() if kind.personal]
    statement = select(Channel).where(Channel.active, Channel.kind.in_(personal))
    return db.session.scalars(statement.order_by(Channel.key).limit(1)).first()


def secrets_set(found: Channel) -> list[str]:
    """Which secrets a channel has; never what they are."""
    return sorted(secrets.unseal(found.secrets, found.key))


@command
def create(
    actor: Actor,
    key: str,
    kind: str,
    names_: Mapping[str, str],
    values: Mapping[str, Any],
    *,
    active: bool = True,
) -> Channel:
    """Makes a channel. `values` are its settings, secrets among them."""
    require(actor, "manage_channels")
    names.check_key(key)
    if key == INBOX:
        raise InvalidInput.at("/key", "reserved", value=key)
    if kind not in KINDS:
        raise InvalidInput.at("/kind", "not-a-choice", choices=", ".join(KINDS))
    if db.session.get(Channel, key) is not None:
        raise AlreadyExists(kind="channel", id=key)
    plain, hidden = _judged(kind, values, {})
    found = Channel(
        key=key,
        kind=kind,
        names=names.check_names(names_),
        active=active,
        settings=plain,
        secrets=secrets.seal(hidden, key),
        created_at=clock.now(),
    )
    db.session.add(found)
    db.session.flush()
    db.session.add(ChannelPace(channel=key, sent=[]))
    return found


@command
def change(
    actor: Actor, key: str, changes: Mapping[str, Any], *, version: int | None = None
) -> Channel:
    """Changes names, `active` or settings; a secret that is not given stays as it is."""
    found = channel(actor, key)
    if version is not None and version != found.rev:
        raise StaleVersion(kind="channel", id=key, expected=version, found=found.rev)
    if "names" in changes:
        found.names = names.check_names({**found.names, **changes["names"]})
    if "settings" in changes:
        given = changes["settings"]
        kept = secrets.unseal(found.secrets, key)
        if any(given.get(name) != found.settings.get(name) for name in _ADDRESSES):
            kept = {}  # a secret is not sent to where it was not given for
        plain, hidden = _judged(found.kind, given, kept)
        found.settings, found.secrets = plain, secrets.seal(hidden, key)
    found.active = changes.get("active", found.active)
    found.rev += 1
    db.session.flush()
    if found.active:
        # What waited for other settings is tried with these, now.
        outbox.wake(db.session.connection(), key)
    return found


@command
def remove(actor: Actor, key: str, *, version: int | None = None) -> None:
    """Removes a channel with what waits for it."""
    found = channel(actor, key)
    if version is not None and version != found.rev:
        raise StaleVersion(kind="channel", id=key, expected=version, found=found.rev)
    db.session.execute(delete(Delivery).where(Delivery.channel == key))
    db.session.execute(delete(ChannelPace).where(ChannelPace.channel == key))
    db.session.delete(found)


def _judged(
    kind: str, values: Mapping[str, Any], kept: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings and the secrets out of what was given, as the kind describes them."""
    described = {setting.key: setting for setting in KINDS[kind].settings}
    wrong = [
        InputError(f"/settings/{key}", "unknown-field") for key in values if key not in described
    ]
    plain: dict[str, Any] = {}
    hidden: dict[str, str] = {}
    for key, setting in described.items():
        value = values.get(key)
        if value in (None, ""):
            value = kept.get(key) if setting.kind == "secret" else setting.default
        if value is None:
            if setting.required:
                wrong.append(InputError(f"/settings/{key}", "required"))
            continue
        code = _fault(setting, value)
        if code is not None:
            blanks = {"choices": ", ".join(setting.choices), "max": MAX_VALUE}
            wrong.append(InputError(f"/settings/{key}", code, blanks))
        elif setting.kind == "secret":
            hidden[key] = str(value)
        else:
            plain[key] = value
    if wrong:
        raise InvalidInput(wrong)
    return plain, hidden


def _fault(setting: Setting, value: object) -> str | None:
    if setting.kind == "number":
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return None if is_number else "not-a-number"
    if setting.kind == "boolean":
        return None if isinstance(value, bool) else "not-true-or-false"
    if not isinstance(value, str):
        return "not-text"
    if setting.kind == "choice" and value not in setting.choices:
        return "not-a-choice"
    if any(ord(sign) < 32 for sign in value):
        return "wrong-format"
    return "too-long" if len(value) > MAX_VALUE else None


def deliveries(
    actor: Actor, window: Window, *, state: str | None = None, channel: str | None = None
) -> Page[Delivery]:
    """What went out, waits or was given up, newest first."""
    require(actor, "manage_channels")
    statement = select(Delivery)
    if state is not None:
        statement = statement.where(Delivery.state == state)
    if channel is not None:
        statement = statement.where(Delivery.channel == channel)
    rows = db.session.scalars(seek(statement, [Delivery.id], window, descending=True)).all()
    return cut(rows, window, lambda one: (one.id,))


def delivery(actor: Actor, delivery_id: int) -> Delivery:
    """One delivery."""
    require(actor, "manage_channels")
    found = db.session.get(Delivery, delivery_id)
    if found is None:
        raise NotFound(kind="delivery", id=str(delivery_id))
    return found


@command
def redrive(actor: Actor, delivery_id: int) -> Delivery:
    """Has a delivery that was given up tried again, as if it were new."""
    found = delivery(actor, delivery_id)
    if found.state != "dead":
        raise InvalidState(state=found.state)
    found.state, found.attempts, found.last_error = "waiting", 0, None
    found.created_at = found.due = clock.now()
    db.session.flush()
    outbox.wake(db.session.connection(), found.channel)
    return found
