"""A group robot of WeCom (企业微信)."""

from typing import Any
from urllib.parse import quote

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

_TOO_FAST = (-1, 45009, 45033)


class WeCom(ChannelKind):
    """Twenty messages a minute, each text at most 2,048 bytes."""

    name = "wecom"
    pace = ((20, 60),)
    together = 20
    size = 2048
    settings = (
        Setting("url", default="https://qyapi.weixin.qq.com/cgi-bin/webhook/send", required=True),
        Setting("robot_key", "secret", required=True),
        Setting("language", "choice", default="zh-CN", choices=("zh-CN", "en")),
        Setting("mention", "boolean", default=False),
    )

    def send(self, values: Values, message: Message) -> None:
        """Sends one text message."""
        text: dict[str, Any] = {"content": joined(message, self.size)}
        phones = sorted({one for each in message.contents for one in each.get("phones", ())})
        if values.get("mention") and phones:
            text["mentioned_mobile_list"] = phones
        address = f"{values['url']}?key={quote(str(values['robot_key']), safe='')}"
        answer = post_json(address, {"msgtype": "text", "text": text})
        code = answer.get("errcode")
        if code == 0:
            return
        reason = f"errcode {code}: {answer.get('errmsg')}"
        raise TryAgain(reason) if code in _TOO_FAST else GiveUp(reason)
