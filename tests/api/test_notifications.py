"""The interface of notifications: inboxes, wishes, channels, deliveries, previews; their rights."""

from collections.abc import Iterator

import pytest
from flask import Flask

from engine.access.policy import SYSTEM
from engine.tickets import commands
from tests import channels, tickets
from tests.channels import Robots
from tests.clients import Client
from tests.conftest import AsUser
from tests.engine.notify import house
from tests.engine.notify.test_telling import address, deploy

ROBOT = {
    "key": "it-robot",
    "kind": "dingtalk",
    "name": "IT 群",
    "settings": {"access_token": "token", "secret": "SECabc123"},
}


@pytest.fixture
def robots(app: Flask) -> Iterator[Robots]:
    with house.allowing_loopback(), channels.robots() as found:
        yield found


def told(as_user: AsUser) -> tuple[Client, str]:
    """A requester with two notices of one ticket."""
    deploy(rules="")
    zhoumin = as_user("zhoumin")
    number = tickets.create(zhoumin, "desk", title="停机")["number"]
    commands.comment(SYSTEM, number, "第一条")
    commands.comment(SYSTEM, number, "第二条")
    house.run()
    return zhoumin, number


def test_an_inbox_is_read_page_by_page_newest_first(app: Flask, as_user: AsUser) -> None:
    zhoumin, number = told(as_user)

    first = zhoumin.get("/api/v1/notifications?limit=1").get_json()
    second = zhoumin.get(f"/api/v1/notifications?limit=1&cursor={first['next']}").get_json()

    assert [first["items"][0]["text"], second["items"][0]["text"]] == ["第二条", "第一条"]
    assert first["items"][0]["ticket"] == number
    assert second["next"] is None
    assert zhoumin.get("/api/v1/notifications/unread").get_json() == {"unread": 2}


def test_notices_are_marked_one_by_one_or_all_at_once(app: Flask, as_user: AsUser) -> None:
    zhoumin, _ = told(as_user)
    [newest, _] = zhoumin.get("/api/v1/notifications").get_json()["items"]
    address = f"/api/v1/notifications/{newest['id']}"

    assert zhoumin.patch(address, json={"read": True}).get_json()["read_at"] is not None
    assert len(zhoumin.get("/api/v1/notifications?unread=true").get_json()["items"]) == 1
    assert zhoumin.patch(address, json={"read": False}).get_json()["read_at"] is None
    assert zhoumin.post("/api/v1/notifications/read-all").status_code == 200
    assert zhoumin.get("/api/v1/notifications/unread").get_json() == {"unread": 0}


def test_an_inbox_is_its_owners_alone(app: Flask, as_user: AsUser) -> None:
    zhoumin, _ = told(as_user)
    [newest, _] = zhoumin.get("/api/v1/notifications").get_json()["items"]
    for other in (as_user("sunli"), as_user("admin")):
        assert other.get("/api/v1/notifications").get_json()["items"] == []
        answer = other.patch(f"/api/v1/notifications/{newest['id']}", json={"read": True})
        assert answer.status_code == 404
        other.post("/api/v1/notifications/read-all")
    assert zhoumin.get("/api/v1/notifications/unread").get_json() == {"unread": 2}


def test_wishes_are_kept_and_only_what_is_given_changes(app: Flask, as_user: AsUser) -> None:
    zhoumin = as_user("zhoumin")
    address = "/api/v1/notification-preferences"
    assert zhoumin.get(address).get_json()["digest"] == "none"

    zhoumin.patch(address, json={"muted": ["comment_added"], "digest": "daily"})
    given = {"quiet_from": "22:00", "quiet_to": "07:00", "language": "en"}
    found = zhoumin.patch(address, json=given).get_json()

    assert found["muted"] == ["comment_added"]
    assert (found["digest"], found["quiet_from"], found["language"]) == ("daily", "22:00", "en")
    assert "status_changed" in found["kinds"]
    assert as_user("sunli").get(address).get_json()["muted"] == []


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"digest": "weekly"}, "/digest"),
        ({"quiet_from": "25:00", "quiet_to": "07:00"}, "/quiet_from"),
        ({"quiet_from": "22:00"}, "/quiet_to"),
        ({"language": "xx"}, "/language"),
        ({"muted": ["Not A Kind"]}, "/muted/0"),
    ],
)
def test_wishes_that_cannot_be_are_refused(
    as_user: AsUser, given: dict[str, object], pointer: str
) -> None:
    answer = as_user("zhoumin").patch("/api/v1/notification-preferences", json=given)

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == pointer


def test_kinds_of_channels_describe_their_own_settings(as_user: AsUser) -> None:
    found = as_user("admin").get("/api/v1/channel-kinds").get_json()["items"]

    assert [kind["kind"] for kind in found] == ["dingtalk", "email", "feishu", "webhook", "wecom"]
    robot = found[0]
    assert robot["name"] == "钉钉群机器人"
    assert {"key": "secret", "label": "签名密钥", "kind": "secret"}.items() <= robot["settings"][
        2
    ].items()


def test_a_channels_secrets_are_never_shown_again(as_user: AsUser) -> None:
    admin = as_user("admin")

    made = admin.post("/api/v1/channels", json=ROBOT)
    assert made.status_code == 201, made.get_json()
    changed = admin.patch(
        "/api/v1/channels/it-robot",
        json={"settings": {"url": made.get_json()["settings"]["url"], "language": "en"}},
    )

    for answer in (
        made,
        changed,
        admin.get("/api/v1/channels"),
        admin.get("/api/v1/channels/it-robot"),
    ):
        assert "SECabc123" not in answer.get_data(as_text=True)
    assert changed.get_json()["secrets"] == ["access_token", "secret"]


def test_a_secret_is_not_sent_to_an_address_that_it_was_not_given_for(as_user: AsUser) -> None:
    admin = as_user("admin")
    admin.post("/api/v1/channels", json=ROBOT)

    answer = admin.patch(
        "/api/v1/channels/it-robot", json={"settings": {"url": "https://elsewhere.example/"}}
    )

    assert [one["pointer"] for one in answer.get_json()["errors"]] == ["/settings/access_token"]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"kind": "pigeon"}, "/kind"),
        ({"key": "inbox"}, "/key"),
        ({"settings": {}}, "/settings/access_token"),
        ({"settings": {"access_token": "t", "colour": "red"}}, "/settings/colour"),
        ({"settings": {"access_token": 7}}, "/settings/access_token"),
        ({"settings": {"access_token": "t", "language": "xx"}}, "/settings/language"),
    ],
)
def test_a_channel_that_cannot_be_is_refused(
    as_user: AsUser, given: dict[str, object], pointer: str
) -> None:
    answer = as_user("admin").post("/api/v1/channels", json={**ROBOT, **given})

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == pointer


def test_a_test_message_says_what_came_of_it(as_user: AsUser, robots: Robots) -> None:
    admin = as_user("admin")
    settings = {**ROBOT["settings"], "url": robots.url("/dingtalk")}  # type: ignore[dict-item]
    admin.post("/api/v1/channels", json={**ROBOT, "settings": settings})

    assert admin.post("/api/v1/channels/it-robot/test", json={}).status_code == 204
    assert robots.bodies("/dingtalk")[0]["text"]["content"].startswith("办结测试消息")

    settings["secret"] = "wrong"  # noqa: S105
    admin.patch("/api/v1/channels/it-robot", json={"settings": settings})
    answer = admin.post("/api/v1/channels/it-robot/test", json={})
    assert answer.status_code == 409
    assert "310000" in answer.get_json()["detail"]


TEMPLATE = {"text": "# {{ticket.number}} 已受理\n\n{{reader.name}}，您好。", "type": "desk"}


def test_a_template_is_sent_to_whoever_writes_it(as_user: AsUser, robots: Robots) -> None:
    deploy(rules="")
    owner = as_user("chenjing", "process_owner")
    with channels.mail_server() as mailbox:
        house.mail_channel(mailbox.port)
        refused = owner.post("/api/v1/notification-templates/test", json=TEMPLATE)
        address("chenjing", email="chenjing@example.com")
        answer = owner.post("/api/v1/notification-templates/test", json=TEMPLATE)

    assert refused.get_json()["errors"][0]["code"] == "no-email"
    assert answer.get_json() == {"channel": "mail", "target": "chenjing@example.com"}
    [mail] = mailbox.mails
    assert mail["Subject"] == "[测试] DESK-1 已受理"
    assert house.deliveries() == []  # a test is not kept


def test_a_test_that_many_would_read_is_for_who_manages_channels(
    as_user: AsUser, robots: Robots
) -> None:
    deploy(rules="")
    house.channel("robot", "wecom", url=robots.url("/wecom"), robot_key="robot")
    to_group = {**TEMPLATE, "channel": "robot"}
    owner = as_user("chenjing", "process_owner")

    assert owner.post("/api/v1/notification-templates/test", json=to_group).status_code == 403
    answer = as_user("admin").post("/api/v1/notification-templates/test", json=to_group)
    assert answer.get_json() == {"channel": "robot", "target": ""}
    assert len(robots.bodies("/wecom")) == 1
    nobody = {**TEMPLATE, "channel": "pigeon"}
    wrong = owner.post("/api/v1/notification-templates/test", json=nobody)
    assert wrong.get_json()["errors"][0]["code"] == "no-such-channel"
    assert as_user("lina").post(
        "/api/v1/notification-templates/test", json=TEMPLATE
    ).status_code == 403  # fmt: skip


def test_dead_letters_are_listed_and_driven_again(as_user: AsUser, robots: Robots) -> None:
    admin = as_user("admin")
    house.channel("robot", "wecom", url=robots.url("/wecom"), robot_key="wrong")
    deploy(rules='[[rule]]\non = "ticket_created"\nto = ["requester"]\nby = ["robot"]\n')
    tickets.create(as_user("zhoumin"), "desk", title="停机")
    house.run()
    [dead] = admin.get("/api/v1/deliveries?state=dead").get_json()["items"]
    assert "93000" in dead["last_error"]

    settings = {"url": robots.url("/wecom"), "robot_key": "robot"}
    admin.patch("/api/v1/channels/robot", json={"settings": settings})
    assert admin.post(f"/api/v1/deliveries/{dead['id']}/redrive").status_code == 200
    house.run()

    assert len(robots.bodies("/wecom")) == 1
    assert admin.post(f"/api/v1/deliveries/{dead['id']}/redrive").status_code == 409
    assert admin.delete("/api/v1/channels/robot").status_code == 204
    assert admin.get("/api/v1/deliveries").get_json()["items"] == []


@pytest.mark.parametrize("who", ["zhoumin", "lina", "zhaoyun", "chenjing"])
def test_channels_are_the_administrators(as_user: AsUser, who: str) -> None:
    house.channel("robot", "wecom", url="https://x.example", robot_key="robot")
    client = as_user(who)
    for method, path, body in (
        ("GET", "/channels", None),
        ("GET", "/channel-kinds", None),
        ("POST", "/channels", ROBOT),
        ("GET", "/channels/robot", None),
        ("PATCH", "/channels/robot", {"active": False}),
        ("DELETE", "/channels/robot", None),
        ("POST", "/channels/robot/test", {}),
        ("GET", "/deliveries", None),
        ("POST", "/deliveries/1/redrive", None),
    ):
        answer = client.open(f"/api/v1{path}", method=method, json=body)
        assert answer.status_code == 403, (method, path, answer.get_json())


def test_a_template_is_looked_at_before_it_is_deployed(as_user: AsUser) -> None:
    deploy()
    number = tickets.create(as_user("zhoumin"), "desk", title="<script>停机")["number"]
    owner = as_user("chenjing")
    address = "/api/v1/notification-templates/preview"

    written = owner.post(
        address, json={"text": "# {{number}}\n\n*{{ticket.title}}*", "ticket": number}
    ).get_json()
    kept = owner.post(address, json={"type": "desk", "template": "done", "language": "en"})

    assert written["subject"] == number
    assert written["html"] == "<p><em>&lt;script&gt;停机</em></p>\n"
    assert kept.get_json()["text"].startswith("Dear 陈静")
    wrong = owner.post(address, json={"text": "# A {{colour}}", "type": "desk"})
    assert wrong.status_code == 422
    assert wrong.get_json()["errors"][0]["code"] == "notification-name-unknown"
    assert owner.post(address, json={"text": "# A"}).status_code == 422
    assert owner.post(address, json={"type": "desk", "template": "x"}).status_code == 404
    assert as_user("zhoumin").post(address, json={"text": "# A", "type": "desk"}).status_code == 403
