"""Overlaps, gaps and unreachable rules of a table, from what its cells cover."""

from collections.abc import Iterator, Sequence

from workflows.dmn.regions import Column, Negated, Options

MAX_PAIRS = 200_000
"""Pairs of rules compared; a table that needs more is only compared in part."""
MAX_STEPS = 20_000
"""Steps of one search for an uncovered combination."""


class TooMuch(Exception):
    """The table is too big to be examined in full."""


class Coverage:
    """What the rules of one table cover; rules with a cell that cannot be told count as vague."""

    def __init__(
        self,
        rows: Sequence[Sequence[Options | Negated | None]],
        allowed: Sequence[Options | Negated | None],
    ) -> None:
        self.rules = len(rows)
        self.columns = [
            Column([row[at] for row in rows], allowed[at]) for at in range(len(allowed))
        ]
        self.vague = [
            any(cell is None or not self.columns[at].known for at, cell in enumerate(row))
            for row in rows
        ]
        self.masks: list[list[int]] = [
            [
                self.columns[at].mask(cell) & self.columns[at].domain
                if cell is not None and self.columns[at].known
                else self.columns[at].domain
                for at, cell in enumerate(row)
            ]
            for row in rows
        ]

    def empty(self) -> list[int]:
        """Rules whose cells no value fits."""
        return [
            rule
            for rule, masks in enumerate(self.masks)
            if not all(mask or not self.columns[at].known for at, mask in enumerate(masks))
        ]

    def overlaps(self) -> Iterator[tuple[int, int]]:
        """Pairs of rules that fit a common input; TooMuch when there are too many to compare."""
        if not self.columns:
            return
        compared = 0
        for group in self._groups():
            for at, one in enumerate(group):
                for other in group[at + 1 :]:
                    compared += 1
                    if compared > MAX_PAIRS:
                        raise TooMuch
                    if all(a & b for a, b in zip(self.masks[one], self.masks[other], strict=True)):
                        yield one, other

    def _groups(self) -> list[list[int]]:
        """Rules that share an atom of the column that tells most rules apart."""
        exact = [rule for rule in range(self.rules) if not self.vague[rule]]
        if len(exact) < 500:
            return [exact]
        best: list[list[int]] = [exact]
        for at in range(len(self.columns)):
            groups: dict[int, list[int]] = {}
            wide: list[int] = []
            for rule in exact:
                mask = self.masks[rule][at]
                if mask & (mask - 1):
                    wide.append(rule)
                else:
                    groups.setdefault(mask, []).append(rule)
            if len(wide) < 100:
                made = [[*group, *wide] for group in groups.values()]
                if sum(len(one) ** 2 for one in made) < sum(len(one) ** 2 for one in best):
                    best = made
        return best

    def uncovered(self, among: Sequence[int], region: Sequence[int] | None = None) -> str | None:
        """A combination of the region (of everything) that none of the rules covers, as text."""
        if any(not column.known for column in self.columns):
            return None
        start = list(region) if region is not None else [one.domain for one in self.columns]
        search = _Search(self, start)
        return search.run(0, tuple(among))


class _Search:
    """Walks the columns with the rules that still fit; an input that loses them all is a gap."""

    def __init__(self, coverage: Coverage, region: list[int]) -> None:
        self.coverage = coverage
        self.region = region
        self.steps = 0
        self.seen: set[tuple[int, tuple[int, ...]]] = set()

    def run(self, at: int, rules: tuple[int, ...]) -> str | None:
        columns = self.coverage.columns
        if not rules:
            return ""
        if at == len(columns) or (at, rules) in self.seen:
            return None
        self.seen.add((at, rules))
        for fitting, atom in self._splits(at, rules):
            rest = self.run(at + 1, fitting)
            if rest is not None:
                return columns[at].atoms[atom].text() + (f", {rest}" if rest else "")
        return None

    def _splits(self, at: int, rules: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], int]]:
        """The different sets of rules that the atoms of a column leave, each with one atom."""
        masks = [self.coverage.masks[rule][at] for rule in rules]
        met: set[tuple[int, ...]] = set()
        for atom in range(len(self.coverage.columns[at].atoms)):
            bit = 1 << atom
            if not self.region[at] & bit:
                continue
            self.steps += 1 + len(rules) // 8
            if self.steps > MAX_STEPS:
                raise TooMuch
            fitting = tuple(rule for rule, mask in zip(rules, masks, strict=True) if mask & bit)
            if fitting not in met:
                met.add(fitting)
                yield fitting, atom
