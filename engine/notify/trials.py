"""Messages that are sent now, to see whether a channel works or how a template arrives.

They reach outside while the caller waits, past the channel's pace, and are not kept: nothing of
the database is held meanwhile, and what waits on the channel is not touched.
"""

from collections.abc import Mapping
from typing import Any

from engine import clock
from engine.access.policy import Actor, require
from engine.db import db
from engine.errors import InvalidInput, InvalidState
from engine.notify import people, registry, secrets
from engine.notify.channels import KINDS
from engine.notify.channels.base import GiveUp, Message, TryAgain
from engine.notify.models import Channel
from engine.notify.templates import Rendered
from workflows.texts import catalogue


class ChannelFailed(InvalidState):
    """The other side did not take the test message; `reason` is what it said."""

    code = "channel-failed"


def channel(actor: Actor, key: str, target: str | None, language: str) -> None:
    """Sends a test message; raises ChannelFailed with what the other side said."""
    found = registry.channel(actor, key)
    if KINDS[found.kind].personal and not target:
        raise InvalidInput.at("/target", "required")
    texts = catalogue("engine.notify", language)
    text = str(texts["test.text"])
    content = {"subject": str(texts["test.subject"]), "text": text, "html": f"<p>{text}</p>"}
    _send(found, target or "", content)


def template(actor: Actor, words: Rendered, key: str | None, language: str) -> tuple[str, str]:
    """Sends the words of a template to the caller himself; gives back the channel and the address.

    A channel that many read, such as a robot in a group, is for those who manage channels.
    """
    found = registry.active(key)
    if found is None:
        raise InvalidInput.at("/channel", "no-such-channel")
    target = ""
    if KINDS[found.kind].personal:
        person = people.read(db.session.connection(), [actor.username]).get(actor.username)
        target = (person.email if person else None) or ""
        if not target:
            raise InvalidInput.at("/channel", "no-email")
    else:
        require(actor, "manage_channels")
    mark = str(catalogue("engine.notify", language)["test.mark"])
    content = {"subject": f"{mark} {words.subject}", "text": words.text, "html": words.html}
    _send(found, target, content)
    return found.key, target


def _send(found: Channel, target: str, content: Mapping[str, Any]) -> None:
    kind, key = KINDS[found.kind], found.key
    values = {**found.settings, **secrets.unseal(found.secrets, key)}
    now = clock.now()
    db.session.rollback()
    identity = f"test.{key}.{int(now.timestamp() * 1000)}"
    try:
        kind.send(values, Message(identity, target, [content], int(now.timestamp())))
    except (TryAgain, GiveUp) as error:
        raise ChannelFailed(reason=str(error)) from error
