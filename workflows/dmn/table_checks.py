"""Checks of decision tables: cells, types, overlaps, gaps, unreachable and contradictory rules."""

from collections.abc import Iterator
from itertools import islice

from workflows.dmn import hits, model
from workflows.dmn.coverage import Coverage, TooMuch
from workflows.dmn.logic_checks import Place
from workflows.dmn.regions import Negated, Options, options_of
from workflows.feel import tree
from workflows.feel.bounds import FeelSyntaxError
from workflows.feel.expression import UnaryTest
from workflows.feel.types import ANY, MISFIT, Type
from workflows.feel.values import Range, kind
from workflows.findings import Finding

_MAX_SAME = 20
"""Findings of one sort in one table."""
_MAX_FIRST = 300
"""Rules up to which each is compared with all before it."""
_AGGREGATIONS = frozenset({"", "SUM", "MIN", "MAX", "COUNT"})
_POLICIES = hits.LISTS | {"UNIQUE", "ANY", "FIRST", "PRIORITY"}


def check_table(place: Place, table: model.Table) -> Iterator[Finding]:
    """What is wrong with a decision table."""
    yield from _head(place, table)
    rows: list[list[Options | Negated | None]] = []
    for number, rule in enumerate(table.rules, 1):
        row: list[Options | Negated | None] = []
        if len(rule.tests) != len(table.inputs) or len(rule.results) != len(table.outputs):
            yield place.finding("error", "rule-cells-missing", f"rule {number}", rule=number)
        for at, column in enumerate(table.inputs):
            text = rule.tests[at] if at < len(rule.tests) else model.Text("", "")
            cell = f"rule {number}, column {at + 1}"
            options: Options | Negated | None = None
            for item in _input_cell(place, text, column, cell):
                if isinstance(item, tuple):
                    options = item[0]
                else:
                    yield item
            row.append(options)
        rows.append(row)
        yield from _outputs(place, table, rule, number)
    yield from _coverage(place, table, rows)


def _head(place: Place, table: model.Table) -> Iterator[Finding]:
    if table.hit_policy not in _POLICIES or table.aggregation not in _AGGREGATIONS:
        yield place.finding("error", "hit-policy-unknown", policy=table.hit_policy[:40])
    if table.aggregation not in ("", "COUNT") and len(table.outputs) > 1:
        yield place.finding("error", "aggregation-of-several", aggregation=table.aggregation)
    if not table.outputs:
        yield place.finding("error", "output-missing")
    if not table.rules:
        yield place.finding("warning", "rules-missing")
    for at, column in enumerate(table.inputs, 1):
        cell = f"column {at}"
        if not column.expression.text:
            yield place.finding("error", "input-expression-missing", cell, column=at)
        yield from place.text(column.expression, cell)
        yield from _type_name(place, column.type, cell)
    first = len(table.inputs) + 1
    names: set[str] = set()
    for at, output in enumerate(table.outputs, first):
        cell = f"column {at}"
        yield from _type_name(place, output.type, cell)
        yield from place.text(output.default, cell)
        if len(table.outputs) > 1 and (not output.name or output.name in names):
            yield place.finding("error", "output-name", cell, column=at, name=output.name)
        names.add(output.name)
    if table.hit_policy in ("PRIORITY", "OUTPUT ORDER") and not place.program.output_values(
        table, [f"{at}" for at in range(len(table.outputs))]
    ):
        yield place.finding("error", "priorities-missing", policy=table.hit_policy)


def _type_name(place: Place, name: str, cell: str) -> Iterator[Finding]:
    if name and place.program.types.find(name) is None:
        yield place.finding("error", "unknown-type", cell, type=name[:80], name=place.name)


def _input_cell(
    place: Place, text: model.Text, column: model.Input, cell: str
) -> Iterator[Finding | tuple[Options | Negated | None]]:
    """The findings of an input cell and, last, what it lists (in a tuple of one)."""
    if not text.text:
        yield (Negated([]),)
        return
    if text.language:
        yield place.finding("error", "language-unknown", cell, language=text.language[:60])
        return
    try:
        compiled = place.program.tests(text)
    except FeelSyntaxError as error:
        yield place.syntax(error, text.text, cell)
        return
    yield from place.names_in(compiled.names - compiled.filter_names, cell)
    options = options_of(compiled)
    wanted = place.program.types.of(column.type)
    for option in options.options if isinstance(options, Negated) else options or ():
        for value in (option.start, option.end) if isinstance(option, Range) else (option,):
            if value is not None and _base(wanted).coerce(value) is MISFIT:
                yield place.finding(
                    "error",
                    "cell-type",
                    cell,
                    text=text.text[:120],
                    expected=column.type,
                    found=kind(value),
                    column=column.label[:80],
                )
                yield (None,)
                return
    yield from _not_listed(place, compiled, column, text.text, cell)
    yield (options,)


def _base(wanted: Type) -> Type:
    """The type without its allowed values: a cell may well list what is not allowed."""
    found = getattr(wanted, "base", wanted)
    return found if isinstance(found, Type) else ANY


def _not_listed(
    place: Place, compiled: UnaryTest, column: model.Input, text: str, cell: str
) -> Iterator[Finding]:
    """Constants of a cell that the allowed values of the column do not have."""
    if column.values is None or not column.values.text:
        return
    try:
        allowed = place.program.tests(column.values)
    except FeelSyntaxError as error:
        yield place.syntax(error, column.values.text, cell)
        return
    for node in compiled.tree.tests:
        if isinstance(node, tree.Literal) and allowed.test(node.value).value is False:
            yield place.finding(
                "warning", "value-not-listed", cell, text=text[:120], column=column.label[:80]
            )
            return


def _outputs(place: Place, table: model.Table, rule: model.Rule, number: int) -> Iterator[Finding]:
    for at, (text, output) in enumerate(zip(rule.results, table.outputs, strict=False)):
        cell = f"rule {number}, column {len(table.inputs) + at + 1}"
        problems = list(place.text(text, cell))
        yield from problems
        if problems or not text.text or text.language:
            continue
        node = place.program.feel(text.text).tree
        if not isinstance(node, tree.Literal) or node.value is None:
            continue
        if place.program.types.of(output.type).coerce(node.value) is MISFIT:
            yield place.finding(
                "error",
                "cell-type",
                cell,
                text=text.text[:120],
                expected=output.type,
                found=kind(node.value),
                column=output.name[:80],
            )
        elif output.values is not None and output.values.text:
            try:
                listed = place.program.tests(output.values).test(node.value).value
            except FeelSyntaxError:
                continue
            if listed is False:
                yield place.finding(
                    "error", "output-not-listed", cell, text=text.text[:120], column=output.name
                )


def _coverage(
    place: Place, table: model.Table, rows: list[list[Options | Negated | None]]
) -> Iterator[Finding]:
    if not rows or not table.inputs:
        return
    coverage = Coverage(rows, [_allowed(place, column) for column in table.inputs])
    empty = set(coverage.empty())
    for rule in sorted(empty)[:_MAX_SAME]:
        yield place.finding("error", "rule-empty", f"rule {rule + 1}", rule=rule + 1)
    try:
        if table.hit_policy == "UNIQUE":
            for one, other in islice(coverage.overlaps(), _MAX_SAME):
                yield place.finding(
                    "error", "rules-overlap", f"rule {other + 1}", rule=one + 1, other=other + 1
                )
        elif table.hit_policy == "ANY":
            different = (
                (one, other)
                for one, other in coverage.overlaps()
                if _results(table, one) != _results(table, other)
            )
            for one, other in islice(different, _MAX_SAME):
                yield place.finding(
                    "error", "rules-contradict", f"rule {other + 1}", rule=one + 1, other=other + 1
                )
        elif table.hit_policy == "FIRST":
            yield from _unreachable(place, coverage, empty)
        if table.hit_policy not in hits.LISTS and not any(one.default for one in table.outputs):
            gap = coverage.uncovered(range(coverage.rules))
            if gap is not None:
                yield place.finding("warning", "rules-gap", None, values=gap[:300])
    except TooMuch:
        yield place.finding("warning", "table-too-big-to-examine", None, rules=coverage.rules)


def _unreachable(place: Place, coverage: Coverage, empty: set[int]) -> Iterator[Finding]:
    """Rules that the rules before them leave nothing for."""
    if coverage.rules > _MAX_FIRST:
        raise TooMuch
    exact: list[int] = []
    found = 0
    for rule in range(coverage.rules):
        if rule in empty or not all(column.known for column in coverage.columns):
            continue
        if exact and coverage.uncovered(exact, coverage.masks[rule]) is None:
            found += 1
            if found <= _MAX_SAME:
                yield place.finding("error", "rule-unreachable", f"rule {rule + 1}", rule=rule + 1)
        if not coverage.vague[rule]:
            exact.append(rule)


def _results(table: model.Table, rule: int) -> tuple[str, ...]:
    return tuple(" ".join(text.text.split()) for text in table.rules[rule].results)


def _allowed(place: Place, column: model.Input) -> Options | Negated | None:
    """The values that a column can have, from the column itself or from its type."""
    texts = [column.values, place.program.allowed(column.type)]
    for text in texts:
        if text is not None and text.text:
            try:
                return options_of(place.program.tests(text))
            except FeelSyntaxError:
                return None
    return None
