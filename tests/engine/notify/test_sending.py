"""How deliveries go out: at the channel's pace, in order, later when it is away, or given up."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from engine import clock
from engine.access.policy import SYSTEM, Actor
from engine.db import db
from engine.jobs import leases, queue
from engine.notify import inboxes, outbox, registry, sending
from engine.notify.models import Channel, Delivery
from engine.tickets import commands
from engine.uow import command
from tests import channels, tickets
from tests.channels import Robots
from tests.conftest import AsUser
from tests.engine.notify import house
from tests.engine.notify.test_telling import address, deploy

TALK = '[[rule]]\non = "comment_added"\nto = ["requester"]\nby = ["robot"]\ntemplate = "said"\n'


@pytest.fixture
def robots(app: Flask) -> Iterator[Robots]:
    with house.allowing_loopback(), channels.robots() as found:
        yield found


@command
def put(channel: str, texts: list[str], *, target: str = "", due: datetime | None = None) -> None:
    """Deliveries as rules make them."""
    now = clock.now()
    for text in texts:
        db.session.add(
            Delivery(
                key=f"{channel}:{target}:{text}",
                channel=channel,
                target=target,
                content={"subject": text, "text": "", "ticket": "T-1", "kind": "test"},
                due=due or now,
                created_at=now,
            )
        )
    db.session.flush()
    outbox.plan(db.session.connection(), channel, due or now)


def wecom(robots: Robots, key: str = "robot") -> None:
    house.channel(key, "wecom", url=robots.url("/wecom"), robot_key="robot")


def test_a_burst_goes_at_the_pace_of_the_channel_and_what_waits_shares_messages(
    robots: Robots,
) -> None:
    wecom(robots)
    for number in range(20):
        put("robot", [f"单 {number:03}"])
        house.run()
    put("robot", [f"后 {number:03}" for number in range(30)])
    house.run()
    assert len(robots.bodies("/wecom")) == 20

    house.wait(seconds=61)

    bodies = robots.bodies("/wecom")
    assert len(bodies) == 22  # thirty texts in two messages
    said = [line for body in bodies for line in body["text"]["content"].split("\n") if line.strip()]
    assert said == [f"单 {n:03}" for n in range(20)] + [f"后 {n:03}" for n in range(30)]


def test_a_channel_that_is_down_for_an_hour_loses_nothing_and_keeps_the_order(
    robots: Robots,
) -> None:
    house.channel("hook", "webhook", url=robots.url("/webhook"), secret=_whsec(robots))
    robots.trouble["/webhook"] = 503
    expected = [f"消息 {n}" for n in range(60)]
    for text in expected:
        put("hook", [text])
        house.wait(minutes=1)
    assert robots.bodies("/webhook") == []

    robots.trouble.clear()
    for _ in range(15):
        house.wait(minutes=1)

    assert [body["data"]["subject"] for body in robots.bodies("/webhook")] == expected
    ids = [headers["webhook-id"] for _, _, headers in robots.got]
    assert len(set(ids)) == 60
    assert house.deliveries("waiting") == []
    assert len([job for job in _jobs() if job.kind == outbox.JOB]) == 0


def test_a_dead_channel_holds_up_no_other(robots: Robots) -> None:
    house.channel("hook", "webhook", url=robots.url("/webhook"), secret=_whsec(robots))
    wecom(robots)
    robots.trouble["/webhook"] = 503
    put("hook", ["a", "b"])
    put("robot", ["c"])

    house.run()

    assert len(robots.bodies("/wecom")) == 1
    assert [one.attempts for one in house.deliveries("waiting")] == [1, 0]


def test_a_slow_channel_holds_up_neither_steps_nor_other_channels(
    app: Flask, robots: Robots, as_user: AsUser
) -> None:
    from api.runner import sweepers

    house.channel("hook", "webhook", url=robots.url("/webhook"), secret=_whsec(robots))
    wecom(robots)
    robots.delay["/webhook"] = 3.0
    tickets.deploy("desk", tickets.loop(groups="it-desk"))
    lina = as_user("lina")
    put("hook", [f"slow {n}" for n in range(10)])
    threads = sweepers(app)
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.5)
        put("robot", ["quick"])
        ticket = tickets.create(lina, "desk")
        times = []
        task = ticket["tasks"][0]
        for _ in range(10):
            begun = time.perf_counter()
            response = tickets.complete(lina, task, "again")
            times.append(time.perf_counter() - begun)
            task = response.get_json()["tasks"][0]
        for _ in range(40):
            if robots.bodies("/wecom"):
                break
            time.sleep(0.05)
        assert len(robots.bodies("/wecom")) == 1
        assert len(robots.bodies("/webhook")) <= 1
        assert sorted(times)[-2] < 1.0
    finally:
        robots.delay.clear()
        for thread in threads:
            thread.stop()


def test_one_target_in_trouble_holds_up_only_itself(app: Flask) -> None:
    with channels.mail_server() as mailbox:
        house.mail_channel(mailbox.port)
        mailbox.unknown.add("gone@example.com")
        put("mail", ["1"], target="gone@example.com")
        put("mail", ["2", "3"], target="li@example.com")
        house.run()

        assert [mail["To"] for mail in mailbox.mails] == ["li@example.com"] * 2
    [dead] = house.deliveries("dead")
    assert (dead.target, dead.attempts) == ("gone@example.com", 1)
    assert "550" in (dead.last_error or "")


def test_what_did_not_go_out_for_a_day_is_given_up_and_can_be_driven_again(
    robots: Robots,
) -> None:
    house.channel("hook", "webhook", url=robots.url("/webhook"), secret=_whsec(robots))
    robots.trouble["/webhook"] = 503
    put("hook", ["late"])
    house.run()
    house.wait(hours=25)
    [dead] = house.deliveries("dead")

    robots.trouble.clear()
    registry.redrive(SYSTEM, dead.id)
    house.run()

    assert [one.state for one in house.deliveries()] == ["sent"]
    assert len(robots.bodies("/webhook")) == 1


def test_a_message_whose_sender_died_is_sent_again_under_the_same_id(robots: Robots) -> None:
    house.channel("hook", "webhook", url=robots.url("/webhook"), secret=_whsec(robots))
    put("hook", ["once"])
    [job] = leases.claim("a runner that dies", 16, kinds=[outbox.JOB])
    parcel = outbox.take("hook", job.payload["turn"])
    assert parcel is not None
    sending.KINDS["webhook"].send(  # it went out, and nobody noted it
        parcel.values,
        sending.Message(parcel.id, "", [row.content for row in parcel.rows], 1767225600),
    )
    leases.free_all()
    house.run()

    first, second = (headers["webhook-id"] for _, _, headers in robots.got)
    assert first == second
    assert [one.state for one in house.deliveries()] == ["sent"]


def test_a_job_that_was_overtaken_sends_nothing(robots: Robots) -> None:
    wecom(robots)
    put("robot", ["later"], due=clock.now() + timedelta(hours=1))
    put("robot", ["now"])

    assert outbox.take("robot", 1) is None
    house.run()
    assert len(robots.bodies("/wecom")) == 1
    house.wait(hours=1, seconds=1)
    assert len(robots.bodies("/wecom")) == 2


def test_a_lost_job_is_planned_again(robots: Robots) -> None:
    wecom(robots)
    put("robot", ["a"])
    _forget_jobs()

    clock.advance(timedelta(minutes=6))
    queue.ensure_schedules()
    house.run()

    assert len(robots.bodies("/wecom")) == 1


def test_a_channel_that_is_switched_off_keeps_what_waits(robots: Robots) -> None:
    wecom(robots)
    registry.change(SYSTEM, "robot", {"active": False})
    put("robot", ["kept"])
    house.run()
    assert robots.bodies("/wecom") == []

    registry.change(SYSTEM, "robot", {"active": True})
    house.run()

    assert len(robots.bodies("/wecom")) == 1


def test_secrets_are_not_readable_in_the_database(robots: Robots) -> None:
    wecom(robots)
    row = db.session.get_one(Channel, "robot")

    assert b"robot" not in row.secrets
    assert "robot_key" not in row.settings
    assert registry.secrets_set(row) == ["robot_key"]


def test_at_night_and_in_a_digest_mails_wait_and_then_share_one(
    app: Flask, as_user: AsUser, actor: Callable[..., Actor]
) -> None:
    deploy(rules="")
    zhoumin = as_user("zhoumin")
    address("zhoumin", email="zhou@example.com")
    inboxes.prefer(
        actor("zhoumin"), {"digest": "hourly", "quiet_from": "22:00", "quiet_to": "07:30"}
    )
    ticket = tickets.create(zhoumin, "desk", title="停机")
    night = datetime(2030, 3, 4, 23, 10, tzinfo=UTC) - timedelta(hours=8)  # in Shanghai
    clock.advance(night - clock.now())
    with channels.mail_server() as mailbox:
        house.mail_channel(mailbox.port)
        commands.comment(actor("lina"), ticket["number"], "一")
        commands.comment(actor("lina"), ticket["number"], "二")
        house.run()
        assert len(house.notices("zhoumin")) == 2  # the inbox does not wait
        house.wait(hours=8)
        assert mailbox.mails == []

        house.wait(minutes=25)

        [mail] = mailbox.mails
    assert mail["Subject"] == "办结通知汇总 (2)"
    text = mail.get_body(("plain",)).get_content()
    assert text.index("一") < text.index("二")


def test_an_alarm_does_not_wait_for_the_morning(
    app: Flask, as_user: AsUser, actor: Callable[..., Actor]
) -> None:
    deploy(rules="")
    address_of = as_user("zhoumin")
    address("zhoumin", email="zhou@example.com")
    inboxes.prefer(actor("zhoumin"), {"quiet_from": "00:00", "quiet_to": "23:59"})
    ticket = tickets.create(address_of, "desk", title="停线")
    as_user("admin").patch(f"/api/v1/tickets/{ticket['number']}", json={"priority": "P0"})
    with channels.mail_server() as mailbox:
        house.mail_channel(mailbox.port)
        commands.comment(actor("lina"), ticket["number"], "马上")
        house.run()

        assert len(mailbox.mails) == 1


def _whsec(robots: Robots) -> str:
    import base64

    return "whsec_" + base64.b64encode(robots.webhook_key).decode()


def _jobs() -> list:
    from tests.engine import jobs

    return jobs.rows()


@command
def _forget_jobs() -> None:
    from sqlalchemy import delete

    from engine.jobs.models import Job

    db.session.execute(delete(Job))
