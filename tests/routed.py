"""Ticket types whose steps choose people, and the people to choose among."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from engine.access.models import Group, User
from engine.access.policy import SYSTEM
from engine.assignment.models import Assignment
from engine.db import db
from engine.deployments import commands as deployments
from engine.tickets.models import Ticket
from engine.uow import command
from tests import builders, packages, tickets

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="routing_file"'
    ' name="routing" namespace="http://banjie.example">'
)


def people(group: str, names: Iterable[str], **settings: Any) -> None:
    """Agents of a group, each with these skills, capacity and the like."""
    for name in names:
        builders.person(name, "agent", groups=[group])
        change(name, **settings)


@command
def change(username: str, **settings: Any) -> None:
    """Sets columns of somebody's account."""
    user = db.session.get_one(User, username)
    for name, value in settings.items():
        setattr(user, name, value)


@command
def lead(group: str, username: str) -> None:
    """Makes somebody the lead of a group."""
    db.session.get_one(Group, group).lead = username


def table(
    outputs: Iterable[str],
    rules: Iterable[tuple[str, ...]],
    key: str = "routing",
    reads: str = "ticket.title",
) -> bytes:
    """A decision table with one input; each rule is its test and its outputs, in FEEL."""
    columns = "".join(f'<output id="o{n}" name="{name}"/>' for n, name in enumerate(outputs))
    rows = "".join(
        f'<rule id="r{n}"><inputEntry id="i{n}"><text>{test}</text></inputEntry>'
        + "".join(
            f'<outputEntry id="e{n}_{m}"><text>{value}</text></outputEntry>'
            for m, value in enumerate(values)
        )
        + "</rule>"
        for n, (test, *values) in enumerate(rules)
    )
    return (
        f'{HEAD}<decision id="{key}" name="{key}"><decisionTable id="t_{key}" hitPolicy="FIRST">'
        f'<input id="in" label="{reads}"><inputExpression id="ie"><text>{reads}</text>'
        f"</inputExpression></input>{columns}{rows}</decisionTable></decision></definitions>"
    ).encode()


def deploy(key: str, dmn: bytes | None = None, process: bytes | None = None, **step: str) -> int:
    """Deploys a type whose step `handle` is routed."""
    content: dict[str, bytes] = {
        "package.toml": tickets.manifest(key),
        "process.bpmn": process or tickets.loop(**step),
    }
    if dmn is not None:
        content["decisions/routing.dmn"] = dmn
    return deployments.deploy(SYSTEM, packages.packages.from_files(content)).version_id


def kept(number: str) -> list[Mapping[str, Any]]:
    """The assignments of a ticket, as they are stored."""
    ticket = tickets_of(number)
    rows = db.session.execute(
        select(Assignment.__table__)
        .where(Assignment.ticket_id == ticket.id)
        .order_by(Assignment.id)
    )
    return [row._mapping for row in rows]


def tickets_of(number: str) -> Any:
    """The row of a ticket."""
    return db.session.execute(select(Ticket).where(Ticket.number == number)).scalar_one()
