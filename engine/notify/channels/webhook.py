"""An address that takes signed webhooks, as the Standard Webhooks specification says."""

import base64
import binascii
import hashlib
import hmac
import json

from engine.notify.channels.base import ChannelKind, GiveUp, Message, Setting, Values, post

_PREFIX = "whsec_"


def signature(secret: str, identity: str, seconds: int, body: bytes) -> str:
    """The value of webhook-signature; the secret is `whsec_` and the key in base64."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise GiveUp("the secret of the webhook is not whsec_ and base64") from None
    signed = f"{identity}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


class Webhook(ChannelKind):
    """One event a message, so that the receiver can tell repeats by webhook-id."""

    name = "webhook"
    pace = ((600, 60),)
    settings = (
        Setting("url", required=True),
        Setting("secret", "secret", required=True),
        Setting("language", "choice", default="zh-CN", choices=("zh-CN", "en")),
    )

    def send(self, values: Values, message: Message) -> None:
        """Posts {type, timestamp, data}."""
        content = message.contents[0]
        body = json.dumps(
            {
                "type": content.get("kind", "test"),
                "timestamp": content.get("at"),
                "data": {
                    name: content.get(name)
                    for name in ("ticket", "type", "subject", "text", "url", "actor", "fact")
                },
            },
            ensure_ascii=False,
        ).encode()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": str(message.at),
            "webhook-signature": signature(str(values["secret"]), message.id, message.at, body),
        }
        post(str(values["url"]), body, headers)
