"""Which customer somebody belongs to, and what that customer was promised."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Date, String, bindparam, cast, or_, select

from engine import settings
from engine.access.models import User
from engine.db import Base
from engine.directory.models import Contract, Customer

_user = Base.metadata.tables[User.__tablename__]
_customer = Base.metadata.tables[Customer.__tablename__]
_contract = Base.metadata.tables[Contract.__tablename__]


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """The customer of somebody who asks for something."""

    key: str
    vip: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """The contract that a ticket falls under."""

    key: str
    customer: str
    vip: bool
    sla_policy: str | None
    calendar: str | None
    hours: float | None


_OF_PERSON = (
    select(_customer.c.key, _customer.c.vip)
    .join(_user, _user.c.customer == _customer.c.key)
    .where(_user.c.username == bindparam("requester"))
)
_day = bindparam("day", type_=Date())
_TERMS = (
    select(
        _contract.c.key,
        _contract.c.customer,
        _customer.c.vip,
        _contract.c.sla_policy,
        _contract.c.calendar,
        _contract.c.hours,
        _contract.c.types,
    )
    .join(_customer, _customer.c.key == _contract.c.customer)
    .join(_user, _user.c.customer == _customer.c.key)
    .where(
        _user.c.username == bindparam("requester"),
        _contract.c.valid_from <= _day,
        or_(_contract.c.valid_to.is_(None), _contract.c.valid_to >= _day),
    )
    .order_by(_contract.c.valid_from.desc(), _contract.c.key)
)


def customer_of(connection: Connection, requester: str) -> CustomerFacts | None:
    """The customer that somebody belongs to."""
    row = connection.execute(_OF_PERSON, {"requester": requester}).first()
    return CustomerFacts(*row) if row is not None else None


def contract_of(
    connection: Connection, requester: str, type_key: str, at: datetime
) -> Terms | None:
    """The contract in force for somebody's tickets of a type; None when there is none.

    One that names the type goes before one for all types, then the one that began last.
    """
    day = at.astimezone(settings.current().time_zone).date()
    rows = connection.execute(_TERMS, {"requester": requester, "day": day}).all()
    named = [row for row in rows if row.types is not None and type_key in row.types]
    general = [row for row in rows if row.types is None]
    for row in named + general:
        return Terms(*row[:-1])
    return None


def customer_of_mail(connection: Connection, address: str) -> str | None:
    """The customer whose mail domain an address has."""
    domain = address.rpartition("@")[2].strip().lower()
    if not domain:
        return None
    statement = select(_customer.c.key, _customer.c.domains).where(
        # The text of the list narrows the rows down; the list itself decides.
        cast(_customer.c.domains, String).contains(f'"{domain}"', autoescape=True)
    )
    rows = connection.execute(statement.order_by(_customer.c.key))
    return next((row.key for row in rows if domain in row.domains), None)
