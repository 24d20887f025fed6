"""What every kind of channel says of itself, and what it is given to send."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from engine import outgoing, settings
from engine.outgoing import NoAnswer, Refused

Values = Mapping[str, Any]


class TryAgain(Exception):
    """It did not work this time; `whole` when nobody on the channel would have been reached."""

    def __init__(self, reason: str, *, whole: bool = True) -> None:
        super().__init__(reason)
        self.whole = whole


class GiveUp(Exception):
    """It will never work as it is: the address is wrong, the other side refuses the text."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of a channel's settings; its label is a word `channel.<kind>.<key>`."""

    key: str
    kind: str = "text"  # text, secret, number, choice, boolean
    required: bool = False
    default: str | int | bool | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out at once: one text, or several that waited for the same target."""

    id: str  # the same at every try
    target: str
    contents: Sequence[Mapping[str, Any]]
    at: int  # seconds since 1970


class ChannelKind:
    """A way out. `personal`: one message a person, else one for all who read the channel.

    `pace` are the limits of the other side as (messages, seconds); up to `together` waiting texts
    share a message of at most `size` bytes.
    """

    name: ClassVar[str]
    personal: ClassVar[bool] = False
    pace: ClassVar[tuple[tuple[int, int], ...]] = ()
    together: ClassVar[int] = 1
    size: ClassVar[int] = 1_000_000
    settings: ClassVar[tuple[Setting, ...]] = ()

    def send(self, values: Values, message: Message) -> None:
        """Sends; raises TryAgain or GiveUp. `values` are the settings with the secrets."""
        raise NotImplementedError

    def fitting(self, contents: Sequence[Mapping[str, Any]]) -> int:
        """How many of these texts, at least one, go into a message."""
        room, count = self.size, 0
        for content in contents[: self.together]:
            room -= len(as_text(content).encode()) + len(_GAP)
            if room < 0 and count:
                break
            count += 1
        return count


_GAP = "\n\n"


def as_text(content: Mapping[str, Any]) -> str:
    """A text as a chat shows it: subject, body, address."""
    parts = [content.get("subject"), content.get("text"), content.get("url")]
    return "\n".join(str(part) for part in parts if part)


def joined(message: Message, size: int) -> str:
    """The texts of a message one below the other, cut where the other side would refuse them."""
    text = _GAP.join(as_text(content) for content in message.contents)
    cut = text.encode()
    if len(cut) <= size:
        return text
    return cut[: size - 3].decode(errors="ignore") + "…"


def post_json(url: str, body: object, headers: Mapping[str, str] | None = None) -> Any:
    """Posts JSON to a robot and gives back the JSON it answers; raises TryAgain or GiveUp."""
    text = json.dumps(body, ensure_ascii=False).encode()
    answer = post(url, text, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise TryAgain(f"an answer that is no JSON object: {answer.body[:100]!r}")
    return found


def post(url: str, body: bytes, headers: Mapping[str, str]) -> outgoing.Answer:
    """Posts, and says of a failure whether another try helps."""
    try:
        answer = outgoing.post(url, body, headers, allow=settings.current().outgoing_allow)
    except Refused as error:
        raise GiveUp(str(error)) from error
    except NoAnswer as error:
        raise TryAgain(str(error)) from error
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise TryAgain(f"HTTP {answer.status}")
    if not 200 <= answer.status < 300:
        raise GiveUp(f"HTTP {answer.status}: {answer.body[:200].decode(errors='replace')}")
    return answer
