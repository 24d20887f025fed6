"""Each kind of channel on the wire, against what its vendor documents."""

import base64
from collections.abc import Iterator

import pytest
from flask import Flask

from engine import outgoing, settings
from engine.notify.channels import KINDS, dingtalk, feishu, webhook
from engine.notify.channels.base import GiveUp, Message, TryAgain
from tests import channels
from tests.channels import Robots
from tests.engine.notify.house import allowing_loopback

SECRET = "SECabc123"  # noqa: S105
CONTENT = {
    "subject": "待办：处理 · VPN 连不上",
    "text": "请您处理",
    "html": "<p>请您处理</p>",
    "url": "https://desk.example/tickets/INC-1",
    "ticket": "INC-1",
    "type": "it_incident",
    "kind": "task_opened",
}


@pytest.fixture
def robots(app: Flask) -> Iterator[Robots]:
    with allowing_loopback(), channels.robots() as found:
        yield found


def values(robots: Robots, kind: str) -> dict[str, object]:
    return {
        "dingtalk": {"url": robots.url("/dingtalk"), "access_token": "t&1", "secret": SECRET},
        "feishu": {"url": robots.url("/feishu"), "hook": "abc", "secret": SECRET},
        "wecom": {"url": robots.url("/wecom"), "robot_key": "robot"},
        "webhook": {
            "url": robots.url("/webhook"),
            "secret": "whsec_" + base64.b64encode(robots.webhook_key).decode(),
        },
    }[kind]


def message(*contents: dict[str, object]) -> Message:
    return Message("notice.7", "", contents or (CONTENT,), 1767225600)


def test_signatures_are_those_of_the_vendors() -> None:
    assert (
        dingtalk.signature(SECRET, 1767225600000) == "pvwH8bM5eQ0kH1kr+RPVoBxU5B9l7NCsCB86NIxp2WY="
    )
    assert feishu.signature(SECRET, 1767225600) == "MkUlA+pv4Vp7B8nMvg4ZnwbzafpCV3W+GJRldSNNzNA="
    # The example of the Standard Webhooks specification.
    assert (
        webhook.signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("dingtalk", "/dingtalk"),
        ("feishu", "/feishu/abc"),
        ("wecom", "/wecom"),
        ("webhook", "/webhook"),
    ],
)
def test_sends_what_the_vendor_takes(robots: Robots, kind: str, path: str) -> None:
    KINDS[kind].send(values(robots, kind), message())

    [body] = robots.bodies(path)
    assert "VPN 连不上" in str(body)
    assert "https://desk.example/tickets/INC-1" in str(body)


@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "webhook"])
def test_a_wrong_secret_is_given_up(robots: Robots, kind: str) -> None:
    wrong = {**values(robots, kind), "secret": "whsec_" + base64.b64encode(b"x" * 32).decode()}

    with pytest.raises(GiveUp):
        KINDS[kind].send(wrong, message())


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_tried_again(robots: Robots, status: int) -> None:
    robots.trouble["/webhook"] = status

    with pytest.raises(TryAgain):
        KINDS["webhook"].send(values(robots, "webhook"), message())


def test_several_texts_share_a_message_as_far_as_it_holds_them(robots: Robots) -> None:
    long = {**CONTENT, "text": "很长" * 200}

    assert KINDS["wecom"].fitting([long] * 5) == 1
    assert KINDS["dingtalk"].fitting([CONTENT] * 50) == 20
    KINDS["wecom"].send(values(robots, "wecom"), message({**CONTENT, "text": "长" * 5000}))
    [body] = robots.bodies("/wecom")
    assert len(body["text"]["content"].encode()) <= 2048


def test_a_mail_is_in_the_thread_of_its_ticket_and_says_that_a_program_wrote_it() -> None:
    with channels.mail_server() as mailbox:
        settings_ = {
            "host": "127.0.0.1",
            "port": mailbox.port,
            "security": "none",
            "sender": "办结 <desk@example.com>",
        }
        KINDS["email"].send(
            settings_, Message("notice.9", "li@example.com", (CONTENT,), 1767225600)
        )

        [mail] = mailbox.mails
    assert mail["Message-ID"] == "<notice.9@example.com>"
    assert mail["In-Reply-To"] == mail["References"] == "<ticket.INC-1@example.com>"
    assert mail["List-Id"] == "<it_incident.banjie.example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == "[INC-1] 待办：处理 · VPN 连不上"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "请您处理" in plain.get_content()
    assert "<p>请您处理</p>" in html.get_content()


def test_a_mailbox_that_is_not_there_is_given_up_and_a_busy_server_is_not() -> None:
    with channels.mail_server() as mailbox:
        given = {
            "host": "127.0.0.1",
            "port": mailbox.port,
            "security": "none",
            "sender": "desk@example.com",
        }
        mailbox.unknown.add("gone@example.com")
        with pytest.raises(GiveUp):
            KINDS["email"].send(given, Message("n.1", "gone@example.com", (CONTENT,), 1))
        mailbox.busy = True
        with pytest.raises(TryAgain) as busy:
            KINDS["email"].send(given, Message("n.2", "li@example.com", (CONTENT,), 1))
    assert not busy.value.whole
    with pytest.raises(TryAgain) as away:
        KINDS["email"].send(given, Message("n.3", "li@example.com", (CONTENT,), 1))
    assert away.value.whole


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/", "http://0/", "http://2130706433/", "http://0x7f000001/",
        "http://017700000001/", "http://127.1/", "http://169.254.169.254/latest",
        "http://[fe80::1%25eth0]/", "http://10.0.0.1/", "http://192.168.1.1", "http://172.16.0.1",
        "http://100.64.0.1", "http://100.100.100.200/", "http://168.63.129.16/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://224.0.0.1/",
        "http://255.255.255.255/", "http://[fd00:ec2::254]/", "file:///etc/passwd", "gopher://x/",
        "http://user:pw@8.8.8.8/", "http://8.8.8.8:22/", "http://1.1.1.1\\@127.0.0.1/",
        "http://127.0.0.1.nip.invalid/", "http://①②⑦.⓪.⓪.①/", "http://[::]/",
        "http://198.18.0.1", "http://192.0.2.1/", "http://240.0.0.1", "http://8.8.8.8\r\nX: y/",
    ],
)  # fmt: skip
def test_addresses_inside_are_never_called(url: str) -> None:
    with pytest.raises((outgoing.Refused, outgoing.NoAnswer)):
        outgoing.post(url, b"", {}, timeout=0.5)


def test_every_address_of_a_name_is_looked_at_before_one_is_called() -> None:
    with pytest.raises(outgoing.Refused):
        outgoing.post(
            "http://rebind.test/", b"", {}, resolve=lambda host, port: ["8.8.8.8", "127.0.0.1"]
        )


def test_a_redirect_is_not_followed(robots: Robots) -> None:
    robots.trouble["/webhook"] = 302

    with pytest.raises(GiveUp):
        KINDS["webhook"].send(values(robots, "webhook"), message())


def test_the_house_is_called_only_where_the_administrator_allows_it(app: Flask) -> None:
    assert settings.current().outgoing_allow == ()
    with channels.robots() as found, pytest.raises(GiveUp):
        KINDS["webhook"].send(values(found, "webhook"), message())
