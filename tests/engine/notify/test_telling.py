"""Who hears of what happens to a ticket, once, in which words, and who does not."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from engine.access.models import User
from engine.access.policy import SYSTEM, Actor
from engine.db import db
from engine.deployments import commands as deployments
from engine.notify import inboxes
from engine.tickets import commands
from engine.uow import command
from tests import builders, channels, packages, tickets
from tests.channels import Mailbox
from tests.clients import Client
from tests.conftest import AsUser
from tests.engine.notify import house

RULES = """
[[rule]]
key = "done"
on = "status_changed"
when = 'fact.after = "done"'
to = ["requester"]
by = ["inbox", "email"]
template = "done"
once = true

[[rule]]
key = "urgent"
on = "ticket_created"
when = 'priority = "P0"'
to = ["group:it-desk"]
by = ["robot"]
"""
DONE = {
    "zh-CN": "# {{ticket.number}} 办结了\n\n"
    "您好 {{reader.name}}：**{{ticket.title}}** 已办结，见 {{url}} 。\n",
    "en": "# {{ticket.number}} is closed\n\nDear {{reader.name}}: {{ticket.title}}\n",
}


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    with house.allowing_loopback(), channels.mail_server() as found:
        house.mail_channel(found.port)
        yield found


def deploy(key: str = "desk", rules: str = RULES, **properties: str) -> None:
    content = {
        "package.toml": tickets.manifest(key),
        "process.bpmn": tickets.loop(**(properties or {"groups": "it-desk"})),
        "notifications.toml": rules.encode(),
        **{f"templates/done.{language}.md": text.encode() for language, text in DONE.items()},
    }
    builders.group("it-desk")
    deployments.deploy(SYSTEM, packages.packages.from_files(content))


@command
def address(username: str, **values: Any) -> None:
    """Gives somebody an address, a language, a phone."""
    user = db.session.get_one(User, username)
    for name, value in values.items():
        setattr(user, name, value)


def subjects(username: str) -> list[str]:
    return [notice.subject for notice in house.notices(username)]


def test_a_requester_hears_once_that_his_ticket_is_done(
    app: Flask, as_user: AsUser, mailbox: Mailbox
) -> None:
    deploy()
    zhoumin, lina = as_user("zhoumin"), as_user("lina")
    address("zhoumin", email="zhou@example.com")
    ticket = tickets.create(zhoumin, "desk", title="*VPN* <b>连不上</b>")

    tickets.complete(lina, ticket["tasks"][0], "solve")
    house.run()
    house.run()

    assert subjects("zhoumin") == [f"{ticket['number']} 办结了"]
    [mail] = mailbox.mails
    assert mail["To"] == "zhou@example.com"
    html = mail.get_body(("html",)).get_content()
    assert "<strong>*VPN* &lt;b&gt;连不上&lt;/b&gt;</strong>" in html
    assert f'href="https://desk.example/tickets/{ticket["number"]}"' in html
    assert "*VPN* <b>连不上</b> 已办结" in mail.get_body(("plain",)).get_content()
    assert [one.state for one in house.deliveries()] == ["sent"]


def test_everybody_reads_his_own_language(app: Flask, as_user: AsUser) -> None:
    deploy()
    zhoumin, lina = as_user("zhoumin"), as_user("lina")
    address("zhoumin", language="en")
    ticket = tickets.create(zhoumin, "desk")

    tickets.complete(lina, ticket["tasks"][0], "solve")
    house.run()

    assert subjects("zhoumin") == [f"{ticket['number']} is closed"]


def test_nobody_is_told_of_what_he_did_himself(app: Flask, as_user: AsUser) -> None:
    deploy()
    lina = as_user("lina")
    ticket = tickets.create(lina, "desk")

    tickets.complete(lina, ticket["tasks"][0], "solve")
    house.run()

    assert subjects("lina") == []


def test_the_one_whose_task_it_is_and_those_in_a_conversation_are_told_by_default(
    app: Flask, as_user: AsUser, actor: Callable[..., Actor]
) -> None:
    zhoumin = as_user("zhoumin")
    as_user("wangqiang")
    deploy(rules="", assignee="wangqiang")
    ticket = tickets.create(zhoumin, "desk", title="停机")
    commands.watch(SYSTEM, ticket["number"], "zhoumin")
    commands.comment(actor("wangqiang"), ticket["number"], "马上到")
    commands.comment(actor("wangqiang"), ticket["number"], "内部：备件没货", "internal")
    commands.comment(actor("zhoumin"), ticket["number"], "谢谢")
    house.run()

    assert subjects("wangqiang") == ["待办：处理 · 停机", "周敏 回复了：停机"]
    assert subjects("zhoumin") == ["王强 回复了：停机"]
    assert house.notices("zhoumin")[0].text == "马上到"


def test_who_may_not_see_a_ticket_is_not_told_of_it(app: Flask, as_user: AsUser) -> None:
    as_user("sunli")
    as_user("wangqiang")
    deploy(
        rules='[[rule]]\non = "ticket_created"\nto = ["user:sunli", "user:wangqiang"]\n',
        groups="it-desk",
    )
    tickets.create(as_user("zhoumin"), "desk", title="停机")
    house.run()

    assert subjects("sunli") == []
    assert len(subjects("wangqiang")) == 1


def test_what_somebody_muted_he_does_not_hear(
    app: Flask, as_user: AsUser, actor: Callable[..., Actor]
) -> None:
    deploy()
    zhoumin, lina = as_user("zhoumin"), as_user("lina")
    inboxes.prefer(actor("zhoumin"), {"muted": ["status_changed"]})
    ticket = tickets.create(zhoumin, "desk")

    tickets.complete(lina, ticket["tasks"][0], "solve")
    house.run()

    assert subjects("zhoumin") == []


def test_a_condition_decides_and_a_robot_is_told_once_for_all(app: Flask, as_user: AsUser) -> None:
    deploy()
    as_user("lina")
    as_user("wangqiang")
    with house.allowing_loopback(), channels.robots() as robots:
        house.channel("robot", "wecom", url=robots.url("/wecom"), robot_key="robot")
        admin = as_user("admin")
        tickets.create(admin, "desk", title="普通", priority="P3")
        tickets.create(admin, "desk", title="停线", priority="P0")
        house.run()

        [body] = robots.bodies("/wecom")
    assert "停线" in body["text"]["content"]
    assert subjects("lina") == []  # the rule is for the robot, not for the inbox


def test_a_step_that_no_rule_speaks_of_asks_for_no_job(app: Flask, as_user: AsUser) -> None:
    from tests.engine import jobs

    deploy(rules="")
    ticket = tickets.create(as_user("zhoumin"), "desk")
    house.run()
    before = len(jobs.rows())
    as_user("lina").patch(f"/api/v1/tickets/{ticket['number']}", json={"title": "新标题"})

    assert len(jobs.rows()) == before


def test_a_job_that_runs_twice_tells_once(app: Flask, as_user: AsUser, mailbox: Mailbox) -> None:
    from engine.tickets import noticing

    deploy()
    zhoumin, lina = as_user("zhoumin"), as_user("lina")
    address("zhoumin", email="zhou@example.com")
    ticket = tickets.create(zhoumin, "desk")
    tickets.complete(lina, ticket["tasks"][0], "solve")
    house.run()

    command(noticing.tell)(0, {"ticket": 1, "first": 1, "last": 100})
    house.run()

    assert len(house.notices("zhoumin")) == 1
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("kind", "data", "whom"),
    [
        (
            "sla_step_fired",
            {"notify": ["assignee", "group:it-desk", "lead"]},
            {"lina", "wangqiang"},
        ),
        ("approval_seat_opened", {"people": ["sunli"]}, {"sunli"}),
        ("approval_urged", {"notify": ["sunli"]}, {"sunli"}),
        ("fallback_used", {"to": "user:lina"}, {"lina"}),
        ("process_incident_opened", {"code": "stuck"}, {"admin"}),
    ],
)
def test_reminders_seats_fallbacks_and_stuck_processes_reach_those_whom_the_fact_names(
    app: Flask, as_user: AsUser, kind: str, data: dict[str, Any], whom: set[str]
) -> None:
    from engine.tickets import locking
    from engine.tickets.change import Change

    everybody = ("admin", "lina", "wangqiang", "sunli", "zhoumin")
    for name in everybody:
        as_user(name)
    deploy(rules="")
    tickets.create(as_user("zhoumin"), "desk", title="停机")
    house.run()

    @command
    def happen() -> None:
        from engine import clock
        from engine.deployments import catalogue

        connection = db.session.connection()
        row = locking.by_id(connection, 1)
        change = Change(SYSTEM, row, catalogue.version(row.version_id), clock.now())
        change.fact(kind, "handle", **data)
        change.save(connection)

    happen()
    house.run()

    assert {name for name in everybody if subjects(name)} == whom


def test_a_requester_rates_by_the_link_in_his_mail(
    app: Flask, client: Client, as_user: AsUser, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "# {{ticket.number}}\n\n满意吗：{{rating_url}}\n"
    monkeypatch.setitem(DONE, "zh-CN", words)
    deploy(rules=RULES.replace('to = ["requester"]', 'to = ["requester", "group:it-desk"]'))
    zhoumin, lina = as_user("zhoumin"), as_user("lina")
    builders.person("wuhao", "agent", groups=["it-desk"])
    address("zhoumin", email="zhou@example.com")
    address("wuhao", email="wu@example.com")
    ticket = tickets.create(zhoumin, "desk")
    tickets.complete(lina, ticket["tasks"][0], "solve")
    house.run()

    by_reader = {mail["To"]: mail.get_body(("plain",)).get_content() for mail in mailbox.mails}
    assert "/rate/" not in by_reader["wu@example.com"]  # the link is a right to rate
    found = re.search(r"https://desk\.example/rate/(\S+)", by_reader["zhou@example.com"])
    assert found is not None
    answer = client.post(f"/api/v1/rating-links/{found[1]}", json={"score": 4, "comment": "快"})
    assert answer.status_code == 201
    assert zhoumin.get(f"/api/v1/tickets/{ticket['number']}/rating").get_json()["score"] == 4
