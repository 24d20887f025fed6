"""The kinds of channels: adding one is one file here and one name in this list."""

from collections.abc import Mapping

from engine.notify.channels.base import ChannelKind
from engine.notify.channels.dingtalk import DingTalk
from engine.notify.channels.email import Email
from engine.notify.channels.feishu import Feishu
from engine.notify.channels.webhook import Webhook
from engine.notify.channels.wecom import WeCom

KINDS: Mapping[str, ChannelKind] = {
    kind.name: kind for kind in (Email(), DingTalk(), Feishu(), WeCom(), Webhook())
}
INBOX = "inbox"  # always there, needs no settings: a row a notice
