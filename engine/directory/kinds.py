"""The kinds of records about people and customers."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from engine.access import names
from engine.access.models import User
from engine.access.policy import Actor
from engine.directory import absences, shifts
from engine.directory.models import Absence, Contract, Customer, Shift, Skill
from engine.errors import InputError
from engine.records.fields import (
    Choice,
    ClockTime,
    Day,
    Domains,
    Flag,
    Instant,
    Key,
    Keys,
    Names,
    Number,
    Pointer,
    Text,
    Weekdays,
)
from engine.records.kinds import Kind, register

_WEEKLY = ("weekdays", "starts", "ends")
_ONCE = ("starts_at", "ends_at")


def _judge_shift(row: Mapping[str, Any]) -> list[InputError]:
    """A shift is weekly or once, and ends after it starts."""
    weekly = [name for name in (*_WEEKLY, "valid_from", "valid_to") if row.get(name) is not None]
    once = [name for name in _ONCE if row.get(name) is not None]
    if weekly and once:
        return [InputError(f"/{once[0]}", "weekly-or-once")]
    needed = _ONCE if once else _WEEKLY
    wrong = [InputError(f"/{name}", "required") for name in needed if row.get(name) is None]
    return wrong or _span(row, *_ONCE) or _days(row)


def _span(row: Mapping[str, Any], start: str, end: str) -> list[InputError]:
    if row.get(start) is not None and row.get(end) is not None and row[end] <= row[start]:
        return [InputError(f"/{end}", "ends-before-it-starts")]
    return []


def _days(row: Mapping[str, Any]) -> list[InputError]:
    """Both days belong to it, so that they may be the same."""
    start, end = row.get("valid_from"), row.get("valid_to")
    if start is not None and end is not None and end < start:
        return [InputError("/valid_to", "ends-before-it-starts")]
    return []


def _judge_absence(row: Mapping[str, Any]) -> list[InputError]:
    wrong = _span(row, *_ONCE)
    if row.get("deputy") is not None and row["deputy"] == row.get("username"):
        wrong.append(InputError("/deputy", "own-deputy"))
    if row.get("kind") == "delegation" and row.get("deputy") is None:
        wrong.append(InputError("/deputy", "required"))
    return wrong


def _skilled(connection: Connection, skill: str) -> str | None:
    """Somebody who has a skill."""
    statement = select(User.username).where(User.skills[skill].as_string().is_not(None))
    found: str | None = connection.scalar(statement.limit(1))
    return found


def _own_absences(actor: Actor) -> Any:
    return Absence.username == actor.username


def _own_shifts(actor: Actor) -> Any:
    return Shift.username == actor.username


def _own_customer(actor: Actor) -> Any:
    own = select(User.customer).where(User.username == actor.username).scalar_subquery()
    return Customer.key == own


def _every_skill(actor: Actor) -> Any:
    return Skill.key.is_not(None)


SKILL = register(
    Kind(
        name="skill",
        plural="skills",
        model=Skill,
        key="key",
        keyed=names.check_key,
        fields=(Names(),),
        own=_every_skill,
        used=_skilled,
    )
)
SHIFT = register(
    Kind(
        name="shift",
        plural="shifts",
        model=Shift,
        key="id",
        fields=(
            Pointer("username", required=True, table="user_account"),
            Choice("kind", required=True, options=shifts.KINDS),
            Weekdays("weekdays"),
            ClockTime("starts"),
            ClockTime("ends"),
            Day("valid_from"),
            Day("valid_to"),
            Instant("starts_at"),
            Instant("ends_at"),
        ),
        searched=("username",),
        filters=("username", "kind"),
        own=_own_shifts,
        judge=_judge_shift,
    )
)
ABSENCE = register(
    Kind(
        name="absence",
        plural="absences",
        model=Absence,
        key="id",
        fields=(
            Pointer("username", required=True, table="user_account"),
            Choice("kind", required=True, options=absences.KINDS),
            Instant("starts_at", required=True),
            Instant("ends_at", required=True),
            Pointer("deputy", table="user_account"),
            Keys("types"),
            Text("note", most=500),
        ),
        searched=("username", "note"),
        filters=("username", "deputy", "kind"),
        newest_first="starts_at",
        person="username",
        own=_own_absences,
        judge=_judge_absence,
    )
)
CUSTOMER = register(
    Kind(
        name="customer",
        plural="customers",
        model=Customer,
        key="key",
        keyed=names.check_key,
        fields=(Names(), Domains("domains"), Flag("vip")),
        filters=("vip",),
        own=_own_customer,
    )
)
CONTRACT = register(
    Kind(
        name="contract",
        plural="contracts",
        model=Contract,
        key="key",
        keyed=names.check_key,
        fields=(
            Names(),
            Pointer("customer", required=True, table="customer"),
            Keys("types"),
            Key("sla_policy"),
            Key("calendar"),
            Day("valid_from", required=True),
            Day("valid_to"),
            Number("hours"),
        ),
        filters=("customer",),
        judge=_days,
    )
)
