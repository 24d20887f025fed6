"""Hit policies: from the rules that match to the value of a table (DMN 1.5, 8.2.8)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from workflows.feel.values import NUMBERS, equal, less

Row = dict[str, Any]
LISTS = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
"""Hit policies whose value is a list of rows."""


class Conflict(Exception):
    """The rules that match contradict the hit policy."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def unique(rows: list[Row], numbers: list[int]) -> Row:
    """The only rule that matches."""
    if len(rows) > 1:
        raise Conflict("unique-violated", rules=", ".join(map(str, numbers[:10])))
    return rows[0]


def any_(rows: list[Row], numbers: list[int]) -> Row:
    """Any rule that matches; they must all say the same."""
    for row, number in zip(rows, numbers, strict=True):
        if equal(row, rows[0]) is not True:
            raise Conflict("any-violated", rules=f"{numbers[0]}, {number}")
    return rows[0]


def first(rows: list[Row], numbers: list[int]) -> Row:
    """The first rule that matches."""
    return rows[0]


SINGLE: dict[str, Callable[[list[Row], list[int]], Row]] = {
    "UNIQUE": unique,
    "ANY": any_,
    "FIRST": first,
}


def by_priority(rows: list[Row], priorities: dict[str, list[Any]]) -> list[Row]:
    """The rows by the places of their values in the lists of output values, first column first."""

    def rank(row: Row) -> tuple[int, ...]:
        return tuple(_place(row.get(name), values) for name, values in priorities.items())

    return sorted(rows, key=rank)


def _place(value: Any, values: list[Any]) -> int:
    for place, option in enumerate(values):
        if equal(value, option) is True:
            return place
    return len(values)


def aggregate(aggregation: str, values: list[Any]) -> Any:
    """SUM, MIN, MAX or COUNT of the values collected."""
    if aggregation == "COUNT":
        return Decimal(len(values))
    if aggregation == "SUM":
        if not all(type(value) is Decimal for value in values):
            raise Conflict("numbers-expected", aggregation=aggregation)
        total = Decimal(0)
        for value in values:
            total = NUMBERS.add(total, value)
        return total
    best = values[0]
    for value in values:
        smaller = less(value, best, True)
        if smaller is None:
            raise Conflict("numbers-expected", aggregation=aggregation)
        if smaller is (aggregation == "MIN"):
            best = value
    return best
