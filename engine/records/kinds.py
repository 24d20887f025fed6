"""What a kind of record is: its table, its fields, who may see and manage it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table

from engine.access.policy import Actor, may
from engine.db import Base
from engine.errors import InputError, NotFound
from engine.records.fields import Field, Names

Values = Mapping[str, Any]


def _nothing(actor: Actor) -> ColumnElement[bool] | None:
    return None


def _no_errors(row: Values) -> list[InputError]:
    return []


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record; all of them are listed, changed, imported and exported alike.

    `own` narrows the list for people who may not see all records, `judge` looks at the whole row
    that would be kept, `used` names a use that no foreign key tells of.
    """

    name: str
    plural: str
    model: type[Base]
    key: str
    fields: tuple[Field, ...]
    searched: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    newest_first: str | None = None
    person: str | None = None  # the field with the person who may manage it himself
    own: Callable[[Actor], ColumnElement[bool] | None] = _nothing
    judge: Callable[[Values], list[InputError]] = _no_errors
    used: Callable[[Connection, str], str | None] | None = None
    keyed: Callable[[str], None] | None = None  # checks the key of a new one; None: it is made

    @property
    def table(self) -> Table:
        """Its table."""
        return Base.metadata.tables[self.model.__tablename__]

    @property
    def is_named(self) -> bool:
        """Whether it has names by language."""
        return any(isinstance(field, Names) for field in self.fields)

    def may_manage(self, actor: Actor, person: str | None = None) -> bool:
        """Whether somebody may change a record, here one of a person."""
        return may(actor, "manage_records") or (
            self.person is not None and may(actor, "manage_own_absences", person)
        )


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Makes a kind known under its plural."""
    _kinds[kind.plural] = kind
    return kind


def kind_of(plural: str) -> Kind:
    """The kind with this plural."""
    if plural not in _kinds:
        raise NotFound(kind="record", id=plural[:60])
    return _kinds[plural]
