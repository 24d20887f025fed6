"""What was agreed with the customer a ticket is for, as clocks keep it from its first moment on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Date, and_, bindparam, func, or_, select

from engine import settings
from engine.access.models import User
from engine.assets.models import Asset
from engine.db import Base
from engine.deployments.catalogue import Loaded
from engine.directory.models import Contract, Customer
from engine.sla import board as boards
from engine.sla import rulebook
from engine.sla.board import Board

# What conditions may ask of it by name; an answer with that key comes first.
NAMES = ("customer", "vip", "asset", "place", "department", "channel")

_user = Base.metadata.tables[User.__tablename__]
_asset = Base.metadata.tables[Asset.__tablename__]
_customer = Base.metadata.tables[Customer.__tablename__]
_contract = Base.metadata.tables[Contract.__tablename__]
_day = bindparam("day", type_=Date())
_in_force = and_(
    _contract.c.customer == _customer.c.key,
    _contract.c.valid_from <= _day,
    or_(_contract.c.valid_to.is_(None), _contract.c.valid_to >= _day),
)
_AGREED = (
    select(
        _customer.c.key.label("customer"),
        _customer.c.vip,
        _asset.c.number.label("asset"),
        func.coalesce(_asset.c.place, _user.c.place).label("place"),
        _user.c.department,
        _contract.c.key,
        _contract.c.sla_policy,
        _contract.c.calendar,
        _contract.c.types,
    )
    .select_from(
        _user.outerjoin(_asset, _asset.c.number == bindparam("asset"))
        .outerjoin(_customer, _customer.c.key == func.coalesce(_asset.c.customer, _user.c.customer))
        .outerjoin(_contract, _in_force)
    )
    .where(_user.c.username == bindparam("requester"))
    .order_by(_contract.c.valid_from.desc(), _contract.c.key)
)


def begun(
    connection: Connection, version: Loaded, requester: str, values: Mapping[str, Any], at: datetime
) -> dict[str, Any] | None:
    """The clocks of a new ticket before any runs; None without policies or without an agreement.

    A later contract changes nothing for a ticket that is there: promises are those of its day.
    """
    if not version.derived(rulebook.of):
        return None
    numbers = (values.get(key) for key in version.derived(_asset_fields))
    asset = next((number for number in numbers if isinstance(number, str)), None)
    found = agreed(connection, requester, version.key, at, asset)
    return boards.packed(Board(contract=found)) if found else None


def agreed(
    connection: Connection, requester: str, type_key: str, at: datetime, asset: str | None = None
) -> dict[str, Any]:
    """The customer of an asset, else of the requester, with the contract in force that day.

    A contract that names the type goes before one for all types, then the one that began last.
    """
    day = at.astimezone(settings.current().time_zone).date()
    given = {"requester": requester, "asset": asset, "day": day}
    rows = connection.execute(_AGREED, given).all()
    if not rows:
        return {}
    found = {name: getattr(rows[0], name, None) for name in NAMES}
    row = _ruling(rows, type_key)
    if row is not None:
        found |= {"key": row.key, "policy": row.sla_policy, "calendar": row.calendar}
    return {name: value for name, value in found.items() if value is not None}


def _ruling(rows: Sequence[Any], type_key: str) -> Any:
    named = [row for row in rows if row.types is not None and type_key in row.types]
    general = [row for row in rows if row.key is not None and row.types is None]
    return next(iter(named + general), None)


def _asset_fields(version: Loaded) -> list[str]:
    form = version.intake
    if form is None:
        return []
    return [key for key, field in form.fields.items() if field.kind == "asset"]
