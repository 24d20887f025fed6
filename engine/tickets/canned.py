"""Canned texts: what is said often, with placeholders that a ticket fills in."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from engine.access.policy import Actor
from engine.db import Base
from engine.errors import InvalidInput
from engine.tickets import shelves
from engine.tickets.workspace_models import CannedText

SHELF = shelves.Shelf(Base.metadata.tables[CannedText.__tablename__], "canned-text")
PLACEHOLDERS = ("requester", "agent", "number", "title", "status", "type", "date")
_HOLE = re.compile(r"\{([^{}\n]{1,40})\}")


def create(actor: Actor, values: Mapping[str, Any]) -> Row[Any]:
    """Keeps a text; raises InvalidInput for a placeholder that nothing fills."""
    return shelves.put_on(SHELF, actor, _checked(values))


def change(actor: Actor, text_id: int, values: Mapping[str, Any], rev: int | None) -> Row[Any]:
    """Changes a text."""
    return shelves.change_on(SHELF, actor, text_id, _checked(values), rev)


def fill(body: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; what was filled in is not read again."""
    return _HOLE.sub(lambda hole: values.get(hole[1].strip(), hole[0]), body)


def _checked(values: Mapping[str, Any]) -> Mapping[str, Any]:
    for hole in _HOLE.finditer(values.get("body") or ""):
        if hole[1].strip() not in PLACEHOLDERS:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise InvalidInput.at("/body", "unknown-placeholder", name=hole[1], known=known)
    return values
