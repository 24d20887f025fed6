"""A custom robot of DingTalk, which speaks in the group that it was added to."""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import quote, urlsplit

from engine.notify.channels.base import (
    ChannelKind,
    GiveUp,
    Message,
    Setting,
    TryAgain,
    Values,
    joined,
    post_json,
)

_TOO_FAST = (130101, 410100)


def signature(secret: str, milliseconds: int) -> str:
    """The sign of a message sent at this instant, not yet quoted for the address."""
    text = f"{milliseconds}\n{secret}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), text, hashlib.sha256)).decode()


class DingTalk(ChannelKind):
    """Twenty messages a minute; what waits longer shares a message."""

    name = "dingtalk"
    pace = ((20, 60),)
    together = 20
    size = 18_000
    settings = (
        Setting("url", required=True, default="https://oapi.dingtalk.com/robot/send"),
        Setting("access_token", "secret", required=True),
        Setting("secret", "secret"),
        Setting("language", "choice", default="zh-CN", choices=("zh-CN", "en")),
        Setting("mention", "boolean", default=False),
    )

    def send(self, values: Values, message: Message) -> None:
        """Sends one text message; people are called by their phone numbers."""
        address = f"{values['url']}?access_token={quote(str(values['access_token']), safe='')}"
        if urlsplit(str(values["url"])).query:
            raise GiveUp("the address of the robot goes without its parameters")
        if values.get("secret"):
            now = message.at * 1000
            sign = quote(signature(str(values["secret"]), now), safe="")
            address += f"&timestamp={now}&sign={sign}"
        body: dict[str, Any] = {
            "msgtype": "text",
            "text": {"content": joined(message, self.size)},
        }
        phones = sorted({one for each in message.contents for one in each.get("phones", ())})
        if values.get("mention") and phones:
            body["at"] = {"atMobiles": phones, "isAtAll": False}
        answer = post_json(address, body)
        code = answer.get("errcode")
        if code == 0:
            return
        reason = f"errcode {code}: {answer.get('errmsg')}"
        raise TryAgain(reason) if code in (-1, *_TOO_FAST) else GiveUp(reason)
