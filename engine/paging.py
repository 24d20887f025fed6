"""Keyset paging: a list is read from where the last page ended, never by counting rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, tuple_

T = TypeVar("T")
U = TypeVar("U")

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: how many rows, after which sort values (those of the row before)."""

    limit: int = DEFAULT_LIMIT
    after: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the sort values of the last one when more follow."""

    items: list[T]
    next: tuple[Any, ...] | None = None

    def map(self, change: Callable[[T], U]) -> "Page[U]":
        """The same page with each item changed."""
        return Page([change(item) for item in self.items], self.next)


def seek(
    statement: Select[Any],
    keys: Sequence[ColumnElement[Any] | Any],
    window: Window,
    descending: bool = False,
) -> Select[Any]:
    """Orders by the keys (none may be NULL, the last one unique), all in one direction, from where
    the window begins, and asks for one row more than the page holds."""
    if window.after is not None:
        position = tuple_(*keys)
        statement = statement.where(
            position < window.after if descending else position > window.after
        )
    order = [key.desc() if descending else key.asc() for key in keys]
    return statement.order_by(*order).limit(window.limit + 1)


def cut(rows: Sequence[T], window: Window, position: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """The page out of the rows that `seek` gave; `position` gives a row's sort values."""
    if len(rows) <= window.limit:
        return Page(list(rows))
    kept = list(rows[: window.limit])
    return Page(kept, position(kept[-1]))
