"""A custom bot of Feishu, which speaks in the group that it was added to."""

import base64
import hashlib
import hmac
from typing import Any

from engine.notify.channels.base import (
    ChannelKind,
    GiveUp,
    Message,
    Setting,
    TryAgain,
    Values,
    as_text,
    post_json,
)

_TOO_FAST = (11232, 99991400)


def signature(secret: str, seconds: int) -> str:
    """The sign of a message: here the time and the secret are the key, and nothing is signed."""
    key = f"{seconds}\n{secret}".encode()
    return base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode()


class Feishu(ChannelKind):
    """A hundred messages a minute and five a second, each at most 20 KB."""

    name = "feishu"
    pace = ((100, 60), (5, 1))
    together = 20
    size = 15_000
    settings = (
        Setting("url", default="https://open.feishu.cn/open-apis/bot/v2/hook", required=True),
        Setting("hook", "secret", required=True),
        Setting("secret", "secret"),
        Setting("language", "choice", default="zh-CN", choices=("zh-CN", "en")),
    )

    def send(self, values: Values, message: Message) -> None:
        """Sends a post: its texts stay text, whatever they hold."""
        first = message.contents[0]
        alone = len(message.contents) == 1
        lines = [
            [{"tag": "text", "text": line or " "}]
            for line in "\n\n".join(
                _body(content) if alone else as_text(content) for content in message.contents
            ).split("\n")
        ]
        title = str(first["subject"]) if alone else ""
        body: dict[str, Any] = {
            "msg_type": "post",
            "content": {"post": {"zh_cn": {"title": title, "content": lines}}},
        }
        if values.get("secret"):
            body = {
                "timestamp": str(message.at),
                "sign": signature(str(values["secret"]), message.at),
                **body,
            }
        answer = post_json(f"{str(values['url']).rstrip('/')}/{values['hook']}", body)
        code = answer.get("code", answer.get("StatusCode"))
        if code == 0:
            return
        reason = f"code {code}: {answer.get('msg')}"
        raise TryAgain(reason) if code in _TOO_FAST else GiveUp(reason)


def _body(content: Any) -> str:
    return "\n".join(str(part) for part in (content.get("text"), content.get("url")) if part)
