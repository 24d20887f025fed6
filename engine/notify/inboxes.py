"""A person's own notices, and what he wants to hear: nobody else reads or changes them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update

from engine import changes, clock
from engine.access.policy import Actor, require
from engine.db import db
from engine.errors import InputError, InvalidInput, NotFound, StaleVersion
from engine.notify.models import Notice, NotificationPreference
from engine.paging import Page, Window, cut, seek
from engine.uow import command
from workflows.texts import LANGUAGES

DIGESTS = ("none", "hourly", "daily")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


def notices(actor: Actor, window: Window, *, unread: bool = False) -> Page[Notice]:
    """The caller's notices, newest first."""
    require(actor, "read_notifications")
    statement = select(Notice).where(Notice.username == actor.username)
    if unread:
        statement = statement.where(Notice.read_at.is_(None))
    rows = db.session.scalars(seek(statement, [Notice.id], window, descending=True)).all()
    return cut(rows, window, lambda one: (one.id,))


def unread(actor: Actor) -> int:
    """How many the caller has not read."""
    require(actor, "read_notifications")
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Notice)
            .where(Notice.username == actor.username, Notice.read_at.is_(None))
        )
        or 0
    )


@command
def mark(actor: Actor, notice_id: int, *, read: bool) -> Notice:
    """Marks one notice as read, or as not read yet."""
    require(actor, "read_notifications")
    found = db.session.get(Notice, notice_id)
    if found is None or found.username != actor.username:
        raise NotFound(kind="notification", id=str(notice_id))
    found.read_at = (found.read_at or clock.now()) if read else None
    changes.announce_inbox(actor.username)
    return found


@command
def mark_all(actor: Actor) -> None:
    """Marks all of the caller's notices as read."""
    require(actor, "read_notifications")
    db.session.execute(
        update(Notice)
        .where(Notice.username == actor.username, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )
    changes.announce_inbox(actor.username)


def preferences(actor: Actor) -> NotificationPreference:
    """What the caller wants to hear; by default everything at once."""
    require(actor, "read_notifications")
    found = db.session.get(NotificationPreference, actor.username)
    return found or NotificationPreference(
        username=actor.username, muted=[], muted_channels=[], digest="none", rev=0
    )


@command
def prefer(
    actor: Actor, wishes: Mapping[str, Any], *, version: int | None = None
) -> NotificationPreference:
    """Changes what the caller wants to hear; what is not given stays."""
    found = preferences(actor)
    if version is not None and version != found.rev:
        raise StaleVersion(kind="preference", id=actor.username, expected=version, found=found.rev)
    for name in ("muted", "muted_channels"):
        if name in wishes:
            setattr(found, name, _keys(name, wishes[name]))
    for name in ("quiet_from", "quiet_to"):
        if name in wishes:
            value = wishes[name] or None
            if value is not None and not _TIME.match(value):
                raise InvalidInput.at(f"/{name}", "wrong-format")
            setattr(found, name, value)
    if bool(found.quiet_from) != bool(found.quiet_to):
        raise InvalidInput.at("/quiet_to" if found.quiet_from else "/quiet_from", "required")
    if "digest" in wishes:
        _choice("digest", wishes["digest"], DIGESTS)
        found.digest = wishes["digest"]
    if "language" in wishes:
        if wishes["language"] is not None:
            _choice("language", wishes["language"], LANGUAGES)
        found.language = wishes["language"]
    found.rev += 1
    return db.session.merge(found)


def _choice(name: str, value: object, choices: Sequence[str]) -> None:
    if value not in choices:
        raise InvalidInput.at(f"/{name}", "not-a-choice", choices=", ".join(choices))


def _keys(name: str, given: Sequence[str]) -> list[str]:
    wrong = [
        InputError(f"/{name}/{index}", "wrong-format")
        for index, key in enumerate(given)
        if not _KIND.match(key)
    ]
    if wrong:
        raise InvalidInput(wrong)
    return sorted(set(given))
