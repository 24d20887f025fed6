"""The cells of a table, compiled once, and an index that finds the rules worth looking at."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from workflows.feel import tree
from workflows.feel.compile_tests import Test
from workflows.feel.expression import UnaryTest

_KEYS = frozenset({str, Decimal, bool})


class Cell:
    """One input cell; `test` is None for one that any value passes."""

    __slots__ = ("constants", "test", "text")

    def __init__(self, text: str, compiled: UnaryTest | None, failed: bool = False) -> None:
        self.text = text
        self.test: Test | None = None
        self.constants: tuple[tuple[type, Any], ...] | None = None
        if failed:
            # A cell that does not parse never fits; the checks of the document name it.
            self.test = _never
            self.constants = ()
        elif compiled is not None and compiled.tests:
            self.test = compiled.test_input
            self.constants = _constants(compiled)


def _never(value: Any, scope: Any) -> None:
    return None


def _constants(compiled: UnaryTest) -> tuple[tuple[type, Any], ...] | None:
    """The values of a cell that lists values only; None for any other cell."""
    if compiled.negated:
        return None
    found = []
    for test in compiled.tree.tests:
        if not isinstance(test, tree.Literal) or type(test.value) not in _KEYS:
            return None
        found.append((type(test.value), test.value))
    return tuple(found)


class Index:
    """For one column: which rules a value may hit, in the order of the rules."""

    def __init__(self, column: Sequence[Cell]) -> None:
        self.by_key: dict[tuple[type, Any], list[int]] = {}
        self.others: list[int] = []
        for rule, cell in enumerate(column):
            if cell.test is None or cell.constants is None:
                self.others.append(rule)
            else:
                for key in dict.fromkeys(cell.constants):
                    self.by_key.setdefault(key, []).append(rule)
        self.useful = len(self.others) <= len(column) // 2

    def candidates(self, value: Any) -> list[int] | None:
        """The rules to look at for a value; None when the index cannot say."""
        kind = type(value)
        if kind in _KEYS:
            keyed = self.by_key.get((kind, value))
        elif value is None or kind is list:
            return None
        else:
            keyed = None
        if not keyed:
            return self.others
        if not self.others:
            return keyed
        return sorted(keyed + self.others)


MIN_INDEXED = 16
"""Tables with fewer rules are looked through faster than an index is asked."""


def indexes(rows: Sequence[Sequence[Cell]], columns: int) -> list[tuple[int, Index]]:
    """The columns worth an index."""
    if len(rows) < MIN_INDEXED:
        return []
    made = ((at, Index([row[at] for row in rows])) for at in range(columns))
    return [(at, index) for at, index in made if index.useful]
