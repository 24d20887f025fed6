"""Steps that choose people, on a real database: who gets them, what is kept, what goes wrong."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine import clock
from engine.access.policy import SYSTEM, Actor
from engine.db import db
from engine.directory.models import Absence, Shift
from engine.processes.models import History, UserTask
from engine.tickets import commands, queries, tasks
from engine.uow import command
from tests import builders, routed

TEN = [f"agent{n}" for n in range(10)]


def make(who: Actor, title: str = "x", **more: Any) -> Any:
    return commands.create(who, "desk", title, {}, **more).change.row


def assignee(number: str) -> str | None:
    return db.session.scalar(
        select(UserTask.assignee)
        .where(UserTask.ticket_id == routed.tickets_of(number).id, UserTask.status == "open")
        .order_by(UserTask.created_at)
    )


def facts(number: str) -> list[str]:
    ticket = routed.tickets_of(number)
    return list(
        db.session.scalars(
            select(History.kind).where(History.ticket_id == ticket.id).order_by(History.seq)
        )
    )


@command
def away(username: str, deputy: str | None = None) -> None:
    now = clock.now()
    db.session.add(
        Absence(
            id=f"absence-{username}",
            username=username,
            kind="leave",
            starts_at=now - timedelta(days=1),
            ends_at=now + timedelta(days=1),
            deputy=deputy,
            created_at=now,
        )
    )


@command
def off_duty(username: str) -> None:
    """Somebody whose one shift is over."""
    now = clock.now()
    db.session.add(
        Shift(
            id=f"shift-{username}",
            username=username,
            kind="work",
            starts_at=now - timedelta(hours=9),
            ends_at=now - timedelta(hours=1),
            created_at=now,
        )
    )


@pytest.mark.parametrize("strategy", ["least_loaded", "round_robin", "best_match"])
def test_three_hundred_tickets_spread_over_ten_people(
    app: Flask, actor: Callable[..., Actor], strategy: str
) -> None:
    routed.people("desk", TEN)
    routed.deploy("desk", groups="desk", strategy=strategy)
    lina = actor("lina")

    got = Counter(assignee(make(lina).number) for _ in range(300))

    assert sorted(got) == TEN
    assert max(got.values()) - min(got.values()) <= 1


def test_parallel_tickets_spread_as_well(app: Flask, actor: Callable[..., Actor]) -> None:
    routed.people("desk", TEN)
    routed.people("other", TEN[:5])
    for key, group in (("desk", "desk"), ("near", "other")):
        routed.deploy(key, groups=group, strategy="least_loaded")
    lina = actor("lina")
    db.session.remove()

    def work(key: str) -> None:
        with app.app_context():
            for _ in range(25):
                commands.create(lina, key, "x", {})
            db.session.remove()

    threads = [threading.Thread(target=work, args=(key,)) for key in ("desk",) * 6]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    got = Counter(db.session.scalars(select(UserTask.assignee)))
    assert sum(got.values()) == 150
    assert max(got.values()) - min(got.values()) <= 1


def test_a_capacity_holds_in_overlapping_groups_and_parallel_tickets(
    app: Flask, actor: Callable[..., Actor]
) -> None:
    routed.people("desk", ["a1", "a2"], capacity=3)
    routed.people("other", ["a2", "a3"], capacity=3)
    builders.person("boss", "manager")
    for key, group in (("desk", "desk"), ("near", "other")):
        routed.deploy(key, groups=group, strategy="least_loaded", fallback="user:boss")
    lina = actor("lina")
    db.session.remove()

    def work(key: str) -> None:
        with app.app_context():
            for _ in range(5):
                commands.create(lina, key, "x", {})
            db.session.remove()

    threads = [threading.Thread(target=work, args=(key,)) for key in ("desk", "near") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    got = Counter(db.session.scalars(select(UserTask.assignee)))
    assert got == {"a1": 3, "a2": 3, "a3": 3, "boss": 11}


def test_nobody_unskilled_off_duty_away_or_full_is_ever_chosen(
    app: Flask, actor: Callable[..., Actor]
) -> None:
    chance = random.Random(5)  # noqa: S311
    names = [f"p{n:02}" for n in range(24)]
    routed.people("desk", names)
    fit = set()
    for name in names:
        level, is_off, is_away = (
            chance.choice([0, 1, 3]),
            chance.random() < 0.3,
            chance.random() < 0.2,
        )
        routed.change(name, skills={"vpn": level} if level else {"erp": 5})
        if is_off:
            off_duty(name)
        if is_away:
            away(name)
        if level >= 2 and not is_off and not is_away:
            fit.add(name)
    assert 2 <= len(fit) < 20
    full = min(fit)
    routed.change(full, capacity=0)
    fit.discard(full)
    routed.deploy("desk", groups="desk", strategy="least_loaded", skills="vpn:2")
    lina = actor("lina")

    got = {assignee(make(lina).number) for _ in range(40)}

    assert got == fit


def test_loads_follow_what_becomes_of_tasks(app: Flask, actor: Callable[..., Actor]) -> None:
    routed.people("desk", ["a1", "a2"])
    routed.deploy("desk", groups="desk", strategy="least_loaded")
    lina, a1, a2 = actor("lina"), actor("a1", "agent"), actor("a2", "agent")
    first, second = make(lina), make(lina)
    assert [assignee(one.number) for one in (first, second)] == ["a1", "a2"]

    urgent = make(lina, priority="P0")  # weighs eight
    assert assignee(urgent.number) == "a1"
    assert [assignee(make(lina).number) for _ in range(3)] == ["a2"] * 3

    commands.edit(lina, urgent.number, priority="P4")
    assert assignee(make(lina).number) == "a1"  # two and one against four

    task = db.session.scalar(
        select(UserTask.id).where(UserTask.ticket_id == routed.tickets_of(urgent.number).id)
    )
    assert task is not None
    tasks.complete(a1, task, {}, "solve")
    open_task = db.session.scalar(
        select(UserTask.id).where(UserTask.assignee == "a2", UserTask.status == "open")
    )
    assert open_task is not None
    tasks.release(a2, open_task)
    tasks.assign(builders.ADMINISTRATOR, open_task, "a1")
    # Three each now; of equals the one whose turn is longer ago.
    assert [assignee(make(lina).number) for _ in range(3)] == ["a2", "a1", "a2"]


def test_a_ticket_that_comes_back_goes_to_the_one_who_had_it(
    app: Flask, actor: Callable[..., Actor]
) -> None:
    routed.people("desk", ["a1", "a2"])
    routed.deploy("desk", groups="desk", strategy="round_robin")
    lina = actor("lina")
    number = make(lina).number
    for _ in range(3):
        who = assignee(number)
        assert who == "a1"
        task = db.session.scalar(
            select(UserTask.id).where(UserTask.assignee == who, UserTask.status == "open")
        )
        assert task is not None
        tasks.complete(actor("a1"), task, {}, "again")


def test_a_deputy_stands_in_for_who_is_away(app: Flask, actor: Callable[..., Actor]) -> None:
    routed.people("desk", ["a1"])
    builders.person("stand_in", "agent")
    away("a1", "stand_in")
    routed.deploy("desk", groups="desk", strategy="least_loaded")

    number = make(actor("lina")).number

    assert assignee(number) == "stand_in"
    [row] = routed.kept(number)
    told = {one["username"]: one for one in row["explanation"]["candidates"]}
    assert told["a1"]["outcome"] == "absent"
    assert told["a1"]["params"] == {"deputy": "stand_in"}
    assert told["stand_in"]["stands_in_for"] == "a1"


TABLE = routed.table(
    ["group", "skills", "strategy", "priority"],
    [
        ('"vpn"', '"network"', '"vpn:2"', '"best_match"', '"P1"'),
        ('"nonsense"', '"no_such_group"', '"vpn"', '"least_loaded"', "null"),
        ('"broken"', '"network"', "[1, 2]", '"least_loaded"', "null"),
        ('"odd"', '"network"', "null", 'upper case("fastest")', "null"),
        ("-", '"desk"', "null", "null", "null"),
    ],
)


@pytest.fixture
def by_table(app: Flask) -> None:
    routed.people("network", ["n1", "n2"], skills={"vpn": 3})
    routed.people("desk", ["a1"])
    builders.group("no_such_group")
    builders.person("boss", "manager")
    routed.deploy("desk", TABLE, routing="decision:routing", fallback="user:boss")


@pytest.mark.usefixtures("by_table")
def test_a_table_gives_group_skills_strategy_and_priority(actor: Callable[..., Actor]) -> None:
    lina = actor("lina")
    number = make(lina, "vpn").number

    assert assignee(number) == "n1"
    ticket = routed.tickets_of(number)
    assert (ticket.priority, ticket.group_key, ticket.assignee) == ("P1", "network", "n1")
    [row] = routed.kept(number)
    said = row["explanation"]
    [hit] = said["rule"]["tables"][0]["rules"]
    assert hit["rule"] == 1
    assert hit["cells"] == [{"input": "ticket.title", "test": '"vpn"', "value": "vpn"}]
    assert [(one["username"], one["outcome"]) for one in said["candidates"]] == [
        ("n1", "chosen"),
        ("n2", "tie"),
    ]
    assert said["candidates"][0]["parts"]["skills"] == 0.25
    assert "task_routed" in facts(number)
    assert assignee(make(lina, "anything").number) == "a1"


@pytest.mark.usefixtures("by_table")
@pytest.mark.parametrize("title", ["nonsense", "broken", "odd"])
def test_nonsense_of_a_table_ends_at_the_fallback_with_an_alert(
    actor: Callable[..., Actor], title: str
) -> None:
    number = make(actor("lina"), title).number

    assert assignee(number) == "boss"
    assert {"assignment_failed", "fallback_used"} <= set(facts(number))
    [row] = routed.kept(number)
    assert row["fallback"] == "user:boss"
    assert row["explanation"]["problem"]["code"]


@pytest.mark.parametrize(
    ("fallback", "lead", "expected"),
    [
        ("user:boss", None, ("boss", ["boss", "desk"])),
        ("group:leads", None, (None, ["desk", "leads"])),
        ("user:gone", "boss", ("boss", ["boss", "desk"])),
        ("", "boss", ("boss", ["boss", "desk"])),
        ("", None, (None, ["administrator", "desk"])),
    ],
)
def test_there_is_always_somebody(
    app: Flask,
    actor: Callable[..., Actor],
    fallback: str,
    lead: str | None,
    expected: tuple[str | None, list[str]],
) -> None:
    builders.person("boss", "manager")
    builders.person("gone", "agent")
    routed.people("desk", ["a1"], capacity=0)
    builders.group("leads", "boss")
    if lead:
        routed.lead("desk", lead)
    step = {"fallback": fallback} if fallback else {}
    routed.deploy("desk", groups="desk", strategy="least_loaded", **step)
    routed.change("gone", active=False)

    number = make(actor("lina")).number

    detail = queries.get(SYSTEM, number)
    [task] = detail.tasks
    keys = sorted(entry.partition(":")[2] for entry in task.task_candidates.split())
    assert (task.task_assignee, keys) == expected
    assert "fallback_used" in facts(number)
