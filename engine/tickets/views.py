"""Saved views: lists of tickets under a name, kept as the address that shows them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Row

from engine.access.policy import Actor
from engine.db import Base
from engine.errors import InvalidInput
from engine.tickets import shelves
from engine.tickets.workspace_models import SavedView

SHELF = shelves.Shelf(Base.metadata.tables[SavedView.__tablename__], "view")


def create(actor: Actor, values: Mapping[str, Any]) -> Row[Any]:
    """Keeps a view."""
    return shelves.put_on(SHELF, actor, _checked(values))


def change(actor: Actor, view_id: int, values: Mapping[str, Any], rev: int | None) -> Row[Any]:
    """Changes a view: its name, its list, whom it is shared with."""
    return shelves.change_on(SHELF, actor, view_id, _checked(values), rev)


def _checked(values: Mapping[str, Any]) -> Mapping[str, Any]:
    query = values.get("query")
    if query:
        try:
            parse_qsl(query, strict_parsing=True, max_num_fields=50)
        except ValueError:
            raise InvalidInput.at("/query", "wrong-format") from None
    return values
