"""Checks of boxed expressions: texts that do not parse, unknown names, and tables."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from workflows.dmn import model
from workflows.dmn.program import Program
from workflows.feel.bounds import FeelSyntaxError
from workflows.feel.functions import BUILTINS
from workflows.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Place:
    """Where a check looks: the document, the decision, and the names known there."""

    program: Program
    document: str
    element: str
    name: str
    known: frozenset[str] | None

    def finding(
        self, severity: Severity, code: str, cell: str | None = None, **params: Any
    ) -> Finding:
        """A finding at this place."""
        return Finding(severity, self.document, code, self.element, cell, params)

    def with_names(self, *names: str) -> "Place":
        """The same place where more names are known."""
        return self if self.known is None else replace(self, known=self.known | set(names))

    def names_in(self, names: frozenset[str], cell: str | None) -> Iterator[Finding]:
        """Names that nothing here gives."""
        for name in sorted(names - (self.known or frozenset())):
            if self.known is not None and name not in BUILTINS:
                yield self.finding("warning", "variable-unknown", cell, name=name[:80])

    def text(self, text: model.Text | None, cell: str | None = None) -> Iterator[Finding]:
        """What is wrong with an expression."""
        if text is None or not text.text:
            return
        if text.language:
            yield self.finding("error", "language-unknown", cell, language=text.language[:60])
            return
        try:
            compiled = self.program.feel(text.text)
        except FeelSyntaxError as error:
            yield self.syntax(error, text.text, cell)
            return
        yield from self.names_in(compiled.names - compiled.filter_names, cell)

    def syntax(self, error: FeelSyntaxError, text: str, cell: str | None) -> Finding:
        """A text that is no expression."""
        params = {**error.params, "text": text[:120], "at": error.position + 1}
        return self.finding("error", error.code, cell, **params)


def check_logic(place: Place, logic: model.Logic) -> Iterator[Finding]:
    """What is wrong with a boxed expression and those inside it."""
    # Imported here: tables call back for the parts that are expressions themselves.
    from workflows.dmn.table_checks import check_table

    if isinstance(logic, model.Literal_):
        yield from place.text(logic.text)
        yield from _type(place, logic.type)
    elif isinstance(logic, model.Table):
        yield from check_table(place, logic)
    elif isinstance(logic, model.BoxedContext):
        for entry in logic.entries:
            own = entry.variable.name if entry.variable else ""
            yield from check_logic(place.with_names(own), entry.expression)
            if entry.variable:
                yield from _type(place, entry.variable.type)
                place = place.with_names(own)
    elif isinstance(logic, model.FunctionDefinition):
        names = [parameter.name for parameter in logic.parameters]
        if logic.kind.upper() == "FEEL":
            yield from check_logic(place.with_names(*names), logic.body)
        else:
            yield place.finding("warning", "external-function")
    elif isinstance(logic, model.BoxedFilter):
        yield from check_logic(place, logic.source)
        # Inside a filter the fields of the element are names as well.
        yield from check_logic(replace(place, known=None), logic.match)
    elif isinstance(logic, model.Iterator_):
        yield from check_logic(place, logic.source)
        yield from check_logic(place.with_names(logic.variable, "partial"), logic.body)
    else:
        for part in _parts(logic):
            yield from check_logic(place, part)


def _parts(logic: model.Logic) -> list[model.Logic]:
    if isinstance(logic, model.BoxedList):
        return list(logic.items)
    if isinstance(logic, model.Relation):
        return [cell for row in logic.rows for cell in row]
    if isinstance(logic, model.Invocation):
        return [logic.function, *(value for _, value in logic.bindings)]
    if isinstance(logic, model.Conditional):
        return [logic.condition, logic.then, logic.otherwise]
    return []


def _type(place: Place, name: str) -> Iterator[Finding]:
    if name and place.program.types.find(name) is None:
        yield place.finding("error", "unknown-type", type=name[:80], name=place.name)
