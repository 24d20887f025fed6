"""What the cells of a table cover, as sets of atoms: values and the open stretches between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from workflows.feel import tree
from workflows.feel.compile_tests import mentions_input
from workflows.feel.expression import Expression, UnaryTest
from workflows.feel.literals import text_of
from workflows.feel.values import Range, less

MAX_ATOMS = 50_000
"""Atoms of one column; a column with more is not examined."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One value, or all values strictly between two (None: without end, both None: any other)."""

    value: Any = None
    low: Any = None
    high: Any = None
    single: bool = False

    def text(self) -> str:
        """The atom as a test of a cell."""
        if self.single:
            return text_of(self.value, quoted=True)
        if self.low is None and self.high is None:
            return "…"
        if self.low is None:
            return f"< {text_of(self.high, quoted=True)}"
        if self.high is None:
            return f"> {text_of(self.low, quoted=True)}"
        return f"({text_of(self.low, quoted=True)}..{text_of(self.high, quoted=True)})"


Options = list[Any]
"""The values and ranges that a cell lists; negated cells carry them in a Negated."""


@dataclass(frozen=True, slots=True)
class Negated:
    """Everything but these."""

    options: Options


def options_of(compiled: UnaryTest | None) -> Options | Negated | None:
    """What a cell lists, if it lists constants; None for a cell that only running it can tell."""
    if compiled is None or not compiled.tests:
        return Negated([])
    found: Options = []
    for node in compiled.tree.tests:
        value = _constant(node)
        if value is _UNKNOWN:
            return None
        found.extend(value if isinstance(value, list) else [value])
    return Negated(found) if compiled.negated else found


_UNKNOWN = object()


def _constant(node: tree.Node) -> Any:
    if isinstance(node, tree.Literal):
        return _UNKNOWN if node.value is None else node.value
    if isinstance(node, tree.UnaryComparison) and node.operator == "!=":
        return _UNKNOWN
    if mentions_input(node):
        return _UNKNOWN
    compiled = Expression("", node, None, frozenset())
    if compiled.names:
        return _UNKNOWN
    value = compiled.evaluate().value
    # A condition without the input (now() > ...) and a function are no constants.
    return _UNKNOWN if value is None or type(value) is bool else value


def _order(a: Any, b: Any) -> int:
    return -1 if less(a, b) else 1 if less(b, a) else 0


class Column:
    """The atoms of a column and, for each rule, which of them its cell covers (as bits)."""

    def __init__(
        self, cells: Sequence[Options | Negated | None], allowed: Options | Negated | None
    ) -> None:
        points = list(_points([*cells, allowed]))
        kinds = {type(point) for point in points}
        self.known = len(kinds) <= 1 and len(points) <= MAX_ATOMS
        self.atoms: list[Atom] = self._atoms(points, kinds) if self.known else []
        self._place = {atom.value: at for at, atom in enumerate(self.atoms) if atom.single}
        self.everything = (1 << len(self.atoms)) - 1
        self.domain = self.everything
        if self.known and allowed is not None:
            self.domain = self.mask(allowed) or self.everything

    @staticmethod
    def _atoms(points: list[Any], kinds: set[type]) -> list[Atom]:
        kind = next(iter(kinds), None)
        if kind is bool:
            return [Atom(True, single=True), Atom(False, single=True)]
        ordered = sorted(set(points), key=cmp_to_key(_order))
        if kind is str or kind is None:
            return [*(Atom(value, single=True) for value in ordered), Atom()]
        atoms = []
        before = None
        for value in ordered:
            atoms += [Atom(low=before, high=value), Atom(value, single=True)]
            before = value
        return [*atoms, Atom(low=before)]

    def mask(self, options: Options | Negated) -> int:
        """The atoms that a cell covers."""
        if isinstance(options, Negated):
            return (
                self.everything & ~self.mask(options.options)
                if options.options
                else self.everything
            )
        made = 0
        for option in options:
            if isinstance(option, Range):
                made |= self._stretch(option)
            elif option in self._place:
                made |= 1 << self._place[option]
        return made

    def _stretch(self, option: Range) -> int:
        low, high = 0, len(self.atoms) - 1
        if option.start is not None:
            low = self._place[option.start] + (0 if option.start_included else 1)
        if option.end is not None:
            high = self._place[option.end] - (0 if option.end_included else 1)
        return ((1 << (high - low + 1)) - 1) << low if high >= low else 0


def _points(cells: Iterable[Options | Negated | None]) -> Iterable[Any]:
    for cell in cells:
        for option in (cell.options if isinstance(cell, Negated) else cell) or ():
            if isinstance(option, Range):
                yield from (end for end in (option.start, option.end) if end is not None)
                if option.start is not None and type(option.start) is str:
                    # Ranges of texts and single texts do not make common atoms.
                    yield 0
            else:
                yield option
