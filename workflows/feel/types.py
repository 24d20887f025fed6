"""Types: what `instance of` asks and what a declared parameter, variable or result accepts."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from workflows.feel import tree
from workflows.feel.values import Function, Range, YearsMonths

MISFIT = object()
"""What `coerce` gives for a value that does not fit."""


class Type:
    """A type of FEEL; this one is Any."""

    name = "Any"

    def accepts(self, value: Any) -> bool:
        """Whether a value that is not null is of this type."""
        return value is not None

    def conforms(self, other: "Type") -> bool:
        """Whether every value of this type is also one of the other."""
        return type(other) is Type or other is self

    def coerce(self, value: Any) -> Any:
        """The value as this type (DMN 1.5, 10.3.2.9.4), or MISFIT; null fits every type."""
        if value is None or self.accepts(value):
            return value
        if type(value) is list and len(value) == 1:
            # From a list of one.
            single = self.coerce(value[0])
            if single is not MISFIT:
                return single
        return MISFIT


class Simple(Type):
    """A type that is one Python class."""

    def __init__(self, name: str, *classes: type) -> None:
        self.name = name
        self.classes = frozenset(classes)

    def accepts(self, value: Any) -> bool:
        return type(value) in self.classes

    def conforms(self, other: Type) -> bool:
        return super().conforms(other) or (
            isinstance(other, Simple) and self.classes <= other.classes
        )

    def coerce(self, value: Any) -> Any:
        if type(value) is date and datetime in self.classes and date not in self.classes:
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        return super().coerce(value)


class Null(Type):
    """The type of null alone."""

    name = "Null"

    def accepts(self, value: Any) -> bool:
        return value is None

    def conforms(self, other: Type) -> bool:
        return True


class ListType(Type):
    """A list of elements of one type."""

    def __init__(self, element: Type) -> None:
        self.element = element
        self.name = f"list<{element.name}>"

    def accepts(self, value: Any) -> bool:
        return type(value) is list and (
            type(self.element) is Type
            or all(item is None or self.element.accepts(item) for item in value)
        )

    def conforms(self, other: Type) -> bool:
        return type(other) is Type or (
            isinstance(other, ListType) and self.element.conforms(other.element)
        )

    def coerce(self, value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not list:
            # To a list of one.
            value = [value]
        items = [self.element.coerce(item) for item in value]
        return MISFIT if any(item is MISFIT for item in items) else items


class ContextType(Type):
    """A context with at least these entries."""

    def __init__(self, entries: Mapping[str, Type], name: str = "") -> None:
        self.entries = entries
        inside = ", ".join(f"{key}: {entry.name}" for key, entry in entries.items())
        self.name = name or (f"context<{inside}>" if entries else "context")

    def accepts(self, value: Any) -> bool:
        return type(value) is dict and all(
            key in value and (value[key] is None or entry.accepts(value[key]))
            for key, entry in self.entries.items()
        )

    def conforms(self, other: Type) -> bool:
        return type(other) is Type or (
            isinstance(other, ContextType)
            and all(
                key in self.entries and self.entries[key].conforms(entry)
                for key, entry in other.entries.items()
            )
        )

    def coerce(self, value: Any) -> Any:
        if type(value) is list and len(value) == 1:
            value = value[0]
        if value is None:
            return None
        if type(value) is not dict:
            return MISFIT
        made = dict(value)
        for key, entry in self.entries.items():
            if key not in value:
                return MISFIT
            made[key] = entry.coerce(value[key])
            if made[key] is MISFIT:
                return MISFIT
        return made


class RangeType(Type):
    """A range whose ends are of one type."""

    def __init__(self, element: Type) -> None:
        self.element = element
        self.name = f"range<{element.name}>"

    def accepts(self, value: Any) -> bool:
        return type(value) is Range and all(
            end is None or self.element.accepts(end) for end in (value.start, value.end)
        )

    def conforms(self, other: Type) -> bool:
        return type(other) is Type or (
            isinstance(other, RangeType) and self.element.conforms(other.element)
        )


class FunctionType(Type):
    """A function with parameters of these types and a result of that type."""

    def __init__(self, parameters: tuple[Type, ...], result: Type) -> None:
        self.parameters = parameters
        self.result = result
        inside = ", ".join(parameter.name for parameter in parameters)
        self.name = f"function<{inside}> -> {result.name}"

    def accepts(self, value: Any) -> bool:
        if not isinstance(value, Function) or len(value.parameters) != len(self.parameters):
            return False
        types = value.types or (ANY,) * len(self.parameters)
        result = value.result or ANY
        return result.conforms(self.result) and all(
            mine.conforms(its or ANY) for mine, its in zip(self.parameters, types, strict=True)
        )

    def conforms(self, other: Type) -> bool:
        return type(other) is Type or (
            isinstance(other, FunctionType)
            and len(other.parameters) == len(self.parameters)
            and self.result.conforms(other.result)
            and all(
                its.conforms(mine)
                for mine, its in zip(self.parameters, other.parameters, strict=True)
            )
        )


class AnyFunction(Type):
    """Any function."""

    name = "function"

    def accepts(self, value: Any) -> bool:
        return isinstance(value, Function)

    def conforms(self, other: Type) -> bool:
        return super().conforms(other) or isinstance(other, AnyFunction)


ANY = Type()
SIMPLE: dict[str, Type] = {
    "Any": ANY,
    "Null": Null(),
    "number": Simple("number", Decimal),
    "string": Simple("string", str),
    "boolean": Simple("boolean", bool),
    "date": Simple("date", date),
    "time": Simple("time", time),
    "date and time": Simple("date and time", datetime),
    "dateTime": Simple("date and time", datetime),
    "days and time duration": Simple("days and time duration", timedelta),
    "dayTimeDuration": Simple("days and time duration", timedelta),
    "years and months duration": Simple("years and months duration", YearsMonths),
    "yearMonthDuration": Simple("years and months duration", YearsMonths),
    "duration": Simple("duration", timedelta, YearsMonths),
    "list": ListType(ANY),
    "context": ContextType({}),
    "range": RangeType(ANY),
    "function": AnyFunction(),
}

Lookup = Callable[[str], Type | None]


def resolve(node: tree.TypeNode, lookup: Lookup) -> Type | None:
    """The type that a type expression names; None when a name in it is unknown."""
    if node.name in ("list", "range") and node.parameters:
        element = resolve(node.parameters[0], lookup)
        if element is None:
            return None
        return ListType(element) if node.name == "list" else RangeType(element)
    if node.name == "context" and node.entries:
        entries = {key: resolve(entry, lookup) for key, entry in node.entries}
        known = {key: entry for key, entry in entries.items() if entry is not None}
        return ContextType(known) if len(known) == len(entries) else None
    if node.name == "function" and node.result is not None:
        result = resolve(node.result, lookup)
        parameters = [resolve(parameter, lookup) for parameter in node.parameters]
        found = tuple(parameter for parameter in parameters if parameter is not None)
        if result is None or len(found) != len(parameters):
            return None
        return FunctionType(found, result)
    return SIMPLE.get(node.name) or lookup(node.name)
