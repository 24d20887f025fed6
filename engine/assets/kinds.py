"""The kinds of records about things and places, and whose they are."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from engine.access import names
from engine.access.models import User
from engine.access.policy import Actor
from engine.assets.models import Asset, Place
from engine.errors import InputError
from engine.records.fields import Day, Key, Names, Number, Pointer, Text
from engine.records.kinds import Kind, register


def _of_caller(column: Any, actor: Actor) -> Any:
    return select(column).where(User.username == actor.username).scalar_subquery()


def _own_assets(actor: Actor) -> Any:
    """What somebody owns, or the organisation that he belongs to."""
    return or_(Asset.owner == actor.username, Asset.customer == _of_caller(User.customer, actor))


def _own_places(actor: Actor) -> Any:
    """Where somebody is, and where his things are."""
    theirs = select(Asset.place).where(_own_assets(actor), Asset.place.is_not(None))
    return or_(Place.key == _of_caller(User.place, actor), Place.key.in_(theirs))


def _judge_place(row: Mapping[str, Any]) -> list[InputError]:
    """A point has both coordinates, and only a point has a radius."""
    lat, lng = row.get("lat"), row.get("lng")
    if (lat is None) != (lng is None):
        return [InputError("/lng" if lng is None else "/lat", "required")]
    if lat is None and row.get("radius") is not None:
        return [InputError("/lat", "required")]
    return []


PLACE = register(
    Kind(
        name="place",
        plural="places",
        model=Place,
        key="key",
        keyed=names.check_key,
        fields=(
            Names(),
            Pointer("parent", table="place"),
            Text("address", most=500),
            Number("lat", low=-90, high=90),
            Number("lng", low=-180, high=180),
            Number("radius", low=1, high=1_000_000, whole=True),
        ),
        searched=("address",),
        filters=("parent",),
        own=_own_places,
        judge=_judge_place,
    )
)
ASSET = register(
    Kind(
        name="asset",
        plural="assets",
        model=Asset,
        key="number",
        keyed=lambda number: names.check_key(number, "/number"),
        fields=(
            Key("kind", required=True),
            Names(),
            Pointer("place", table="place"),
            Pointer("owner", table="user_account"),
            Pointer("customer", table="customer"),
            Text("supplier"),
            Day("warranty"),
            Pointer("parent", table="asset"),
        ),
        searched=("kind", "supplier"),
        filters=("kind", "place", "owner", "customer", "parent"),
        own=_own_assets,
    )
)
