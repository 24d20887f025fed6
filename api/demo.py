"""The demonstration: sample departments, people and tickets, played through the public commands."""

import secrets
import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, cast

from api import demo_records
from engine import clock, settings
from engine.access import commands as access
from engine.access import identity
from engine.access.models import Group, User
from engine.access.policy import SYSTEM, Actor
from engine.db import db
from engine.directory import commands as directory
from engine.directory.models import Department
from engine.jobs import runner
from engine.processes.values import storable
from engine.tickets import commands as tickets
from engine.tickets import queries, tasks
from workflows import feel


def script() -> dict[str, Any]:
    """What samples/demo.toml tells."""
    return tomllib.loads((files("samples") / "demo.toml").read_text("utf-8"))


def add_departments() -> None:
    """The departments that the sample ticket types belong to, where they are missing."""
    for each in script()["departments"]:
        if db.session.get(Department, each["key"]) is None:
            directory.create_department(SYSTEM, each["key"], each["name"])


def play(say: Callable[[str], object]) -> None:
    """Adds everybody and every ticket; says how to sign in, and how many tickets there are.

    A ticket that began some hours ago is made by moving the clock of this process back that far
    and letting it run up to now. Does nothing when the people of the demonstration are there.
    """
    told = script()
    first = told["people"][0]["username"]
    if db.session.get(User, first) is not None:
        say(f"{first}: the demonstration is here already")
        return
    password = secrets.token_urlsafe(9)
    _add_people(told, password)
    demo_records.add(told)
    for story in sorted(told["tickets"], key=lambda story: _duration(story["age"]), reverse=True):
        number = _play_ticket(story)
        say(f"{number}  {story['title']}")
    clock.reset()
    names = ", ".join(person["username"] for person in told["people"])
    say(f"{len(told['people'])} people, password {password}: {names}")


def _add_people(told: Mapping[str, Any], password: str) -> None:
    add_departments()
    for person in told["people"]:
        access.create_user(
            SYSTEM,
            person["username"],
            {"zh-CN": person["name"], "en": person["en"]},
            password=password,
            roles=person["roles"],
            department=person["department"],
        )
    for person in told["people"]:
        if "manager" in person:
            access.update_user(SYSTEM, person["username"], {"manager": person["manager"]})
    for department in told["departments"]:
        directory.update_department(SYSTEM, department["key"], {"head": department["manager"]})
    for group in told["groups"]:
        if db.session.get(Group, group["key"]) is None:
            access.create_group(SYSTEM, group["key"], {"zh-CN": group["key"]})
        access.update_group(SYSTEM, group["key"], {"members": group["members"]})


def _play_ticket(story: Mapping[str, Any]) -> str:
    age = _duration(story["age"])
    steps = story["steps"]
    _go_back(age)
    made = tickets.create(
        identity.actor_of(story["requester"]),
        story["type"],
        story["title"],
        _values(story["values"]),
        priority=story.get("priority"),
    )
    number: str = made.change.row.number
    for position, step in enumerate(steps, 1):
        # The steps spread over the first part of the ticket's life, the rest is waiting.
        _go_back(age * (1 - 0.7 * position / len(steps)))
        runner.run_due()  # service tasks and messages between the steps
        _take_step(identity.actor_of(step["by"]), number, step)
    return number


def _take_step(actor: Actor, number: str, step: Mapping[str, Any]) -> None:
    if "comment" in step:
        tickets.comment(
            actor, number, step["comment"], "internal" if step.get("internal") else "public"
        )
        return
    found = [task for task in queries.get(actor, number).tasks if task.task_element == step["task"]]
    if not found:
        raise LookupError(f"{number}: no open task {step['task']!r} for {step['by']}")
    task = found[0]
    if task.task_assignee is None:
        tasks.claim(actor, task.task_id)
    elif task.task_assignee != actor.username:  # chosen by routing; the story knows who did it
        tasks.assign(SYSTEM, task.task_id, actor.username)
    if not step.get("claim"):
        tasks.complete(actor, task.task_id, _values(step.get("values", {})), step.get("action"))


def _go_back(by: timedelta) -> None:
    clock.reset()
    clock.advance(-by)


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _worked_out(value) for key, value in values.items()}


def _worked_out(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("="):
        now = datetime.now(settings.current().time_zone)
        token = feel.clock.set(lambda: now)
        try:
            return storable(feel.evaluate(value[1:]))
        finally:
            feel.clock.reset(token)
    return value


def _duration(text: str) -> timedelta:
    return cast(timedelta, feel.evaluate(f'duration("{text}")'))
