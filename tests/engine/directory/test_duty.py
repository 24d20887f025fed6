"""Who is on duty, who stands in, which contract counts: tables of cases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event

from engine import clock
from engine.access import commands as access
from engine.access.policy import SYSTEM
from engine.assets.models import Asset
from engine.db import db
from engine.directory.absences import deputies_of
from engine.directory.customers import customer_of_mail
from engine.directory.models import Absence, Contract, Customer, Shift
from engine.directory.shifts import on_duty
from engine.sla.agreement import agreed
from engine.uow import command
from tests import builders

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
DAY = timedelta(days=1)
PEOPLE = ("an", "bo", "cheng", "ding")


@command
def given(*rows: Any) -> None:
    for number, row in enumerate(rows):
        if not isinstance(row, Asset | Customer | Contract):
            row.id = f"{number:032x}"
        row.created_at = clock.now()
        db.session.add(row)
        db.session.flush()


@pytest.fixture(autouse=True)
def people(app: Flask) -> None:
    for username in PEOPLE:
        builders.person(username, "agent")


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    with db.engine.connect() as connection:
        yield connection


def away(
    username: str,
    deputy: str | None = None,
    *,
    start: datetime = AT - DAY,
    end: datetime = AT + DAY,
    kind: str = "leave",
    types: list[str] | None = None,
) -> Absence:
    return Absence(
        username=username, deputy=deputy, starts_at=start, ends_at=end, kind=kind, types=types
    )


def weekly(username: str, weekdays: list[int], starts: str, ends: str, **more: Any) -> Shift:
    kind = more.pop("kind", "work")
    return Shift(username=username, kind=kind, weekdays=weekdays, starts=starts, ends=ends, **more)


def once(username: str, start: datetime, end: datetime, kind: str = "work") -> Shift:
    return Shift(username=username, kind=kind, starts_at=start, ends_at=end)


@pytest.mark.parametrize(
    ("absences", "expected"),
    [
        pytest.param([], {}, id="nobody is away"),
        pytest.param([away("an", "bo")], {"an": "bo"}, id="one stands in for another"),
        pytest.param([away("an")], {}, id="away without a deputy"),
        pytest.param([away("an", "bo", end=AT)], {}, id="the end is no longer part of it"),
        pytest.param([away("an", "bo", start=AT)], {"an": "bo"}, id="the beginning is"),
        pytest.param(
            [away("an", "bo"), away("bo", "cheng")],
            {"an": "cheng", "bo": "cheng"},
            id="a chain is followed to its end",
        ),
        pytest.param([away("an", "bo"), away("bo", "an")], {}, id="a circle leads nowhere"),
        pytest.param(
            [away("an", "bo"), away("bo", "cheng"), away("cheng", "bo")],
            {},
            id="a circle behind a chain leads nowhere",
        ),
        pytest.param([away("an", "bo"), away("bo")], {}, id="the deputy is away too"),
        pytest.param([away("an", "bo", types=["repair"])], {"an": "bo"}, id="for this type"),
        pytest.param([away("an", "bo", types=["leave"])], {}, id="for another type"),
        pytest.param(
            [away("an", "bo", types=["repair"], start=AT - DAY), away("an", "cheng", start=AT)],
            {"an": "cheng"},
            id="of two absences the later one counts",
        ),
        pytest.param(
            [away("an", "bo"), away("bo", "cheng", kind="delegation", types=["leave"])],
            {"an": "bo"},
            id="a deputy who delegates other work is there",
        ),
        pytest.param(
            [away("an", "bo", kind="delegation")], {"an": "bo"}, id="delegation while there"
        ),
    ],
)
def test_finds_the_end_of_the_chain_of_deputies(
    connection: Connection, absences: list[Absence], expected: dict[str, str]
) -> None:
    given(*absences)
    assert deputies_of(connection, ["an", "bo"], "repair", AT) == expected


def test_no_deputy_whose_account_is_gone(connection: Connection) -> None:
    given(away("an", "bo"))
    access.update_user(SYSTEM, "bo", {"active": False})
    assert deputies_of(connection, ["an"], "repair", AT) == {}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([], True, id="without shifts always"),
        pytest.param([away("an")], False, id="not while away"),
        pytest.param([away("an", kind="delegation")], True, id="delegating is not being away"),
        pytest.param([weekly("an", [0], "09:00", "18:00")], True, id="in the weekly shift"),
        pytest.param([weekly("an", [0], "10:00", "18:00")], True, id="from its first minute"),
        pytest.param([weekly("an", [0], "08:00", "10:00")], False, id="not from its end"),
        pytest.param([weekly("an", [1], "09:00", "18:00")], False, id="on another day"),
        pytest.param([weekly("an", [6], "22:00", "11:00")], True, id="past midnight from Sunday"),
        pytest.param([weekly("an", [0], "22:00", "11:00")], False, id="past midnight from Monday"),
        pytest.param([weekly("an", [0], "00:00", "00:00")], True, id="around the clock"),
        pytest.param(
            [weekly("an", [0], "09:00", "18:00", valid_from=date(2026, 11, 24))],
            False,
            id="not valid yet",
        ),
        pytest.param(
            [weekly("an", [0], "09:00", "18:00", valid_to=date(2026, 11, 23))],
            True,
            id="valid to this day",
        ),
        pytest.param([once("an", AT, AT + DAY)], True, id="in a single shift"),
        pytest.param([once("an", AT + DAY, AT + 2 * DAY)], False, id="before a single shift"),
        pytest.param(
            [once("an", AT - 90 * DAY, AT - 89 * DAY)], True, id="a roster long over binds nobody"
        ),
        pytest.param([once("an", AT, AT + DAY, "on_call")], True, id="on call is on duty"),
        pytest.param(
            [weekly("an", [0], "09:00", "18:00"), once("an", AT, AT + DAY, "off")],
            False,
            id="a day off outweighs",
        ),
        pytest.param([once("an", AT + DAY, AT + 2 * DAY, "off")], True, id="off tomorrow"),
    ],
)
def test_knows_who_is_on_duty(connection: Connection, rows: list[Any], expected: bool) -> None:
    given(*rows)
    assert on_duty(connection, ["an", "bo", "nobody"], AT) == {"bo"} | (
        {"an"} if expected else set()
    )


def test_shifts_are_of_the_persons_own_clock(connection: Connection) -> None:
    access.update_user(SYSTEM, "an", {"time_zone": "America/New_York"})
    given(weekly("an", [6], "20:00", "22:00"))  # Sunday evening there
    assert on_duty(connection, ["an"], AT) == {"an"}


def test_each_question_is_one_statement(connection: Connection) -> None:
    given(Customer(key="acme", names={"en": "Acme"}), away("an", "bo"))
    sent: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: sent.append(call[2]))
    deputies_of(connection, PEOPLE, "repair", AT)
    on_duty(connection, PEOPLE, AT)
    agreed(connection, "an", "repair", AT)
    assert len([text for text in sent if text.lstrip().startswith(("SELECT", "WITH"))]) == 3


def contract(key: str, **more: Any) -> Contract:
    more.setdefault("valid_from", date(2026, 1, 1))
    return Contract(key=key, customer="acme", names={"en": key}, sla_policy=key, **more)


@pytest.mark.parametrize(
    ("contracts", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param([contract("c1")], "c1", id="for all types"),
        pytest.param([contract("c1", types=["leave"])], None, id="for another type"),
        pytest.param(
            [contract("c1", valid_from=date(2026, 6, 1)), contract("c2", types=["repair"])],
            "c2",
            id="one that names the type goes first",
        ),
        pytest.param(
            [contract("c1"), contract("c2", valid_from=date(2026, 6, 1))],
            "c2",
            id="then the one that began last",
        ),
        pytest.param(
            [contract("c1", valid_to=date(2026, 11, 22))], None, id="over since yesterday"
        ),
        pytest.param([contract("c1", valid_to=date(2026, 11, 23))], "c1", id="to this day"),
        pytest.param([contract("c1", valid_from=date(2026, 11, 24))], None, id="from tomorrow"),
    ],
)
def test_finds_the_contract_in_force(
    connection: Connection, contracts: list[Contract], expected: str | None
) -> None:
    given(Customer(key="acme", names={"en": "Acme"}, vip=True), *contracts)
    access.update_user(SYSTEM, "an", {"customer": "acme"})
    found = agreed(connection, "an", "repair", AT)
    assert found.get("key") == found.get("policy") == expected
    assert (found["customer"], found["vip"]) == ("acme", True)
    assert agreed(connection, "bo", "repair", AT) == {}


def test_the_customer_of_the_asset_goes_before_that_of_the_requester(
    connection: Connection,
) -> None:
    for key in ("acme", "bolt"):
        names = {"en": key}
        terms = Contract(key=f"{key}-1", customer=key, names=names, valid_from=date(2026, 1, 1))
        given(Customer(key=key, names=names), terms)
    given(Asset(number="M-7", kind="press", names={"en": "Press"}, customer="bolt"))
    access.update_user(SYSTEM, "an", {"customer": "acme"})
    kept = {asset: agreed(connection, "an", "repair", AT, asset) for asset in (None, "M-7", "M-8")}
    assert {asset: one["key"] for asset, one in kept.items()} == {
        None: "acme-1",
        "M-7": "bolt-1",
        "M-8": "acme-1",
    }


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("li@acme.example", "acme"),
        ("LI@ACME.EXAMPLE", "acme"),
        ("li@sub.acme.example", None),
        ("li@acme.exam", None),
        ("li@_cme.example", None),
        ("", None),
    ],
)
def test_knows_a_customer_by_the_domain_of_a_mail(
    connection: Connection, address: str, expected: str | None
) -> None:
    given(Customer(key="acme", names={"en": "Acme"}, domains=["acme.example"]))
    assert customer_of_mail(connection, address) == expected
