"""Item definitions as types: components, collections, allowed values, functions."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from threading import RLock
from typing import Any

from workflows.dmn import model
from workflows.feel import temporal
from workflows.feel.bounds import FeelSyntaxError, State
from workflows.feel.expression import UnaryTest, compile_unary_typed
from workflows.feel.scope import EMPTY, Root
from workflows.feel.types import (
    ANY,
    MISFIT,
    SIMPLE,
    ContextType,
    FunctionType,
    ListType,
    Simple,
    Type,
)
from workflows.feel.values import YearsMonths


class Structure(ContextType):
    """The components of an item definition; a component that is missing counts as null."""

    def coerce(self, value: Any) -> Any:
        if type(value) is list and len(value) == 1:
            value = value[0]
        if value is None:
            return None
        if type(value) is not dict:
            return MISFIT
        made = dict(value)
        for key, entry in self.entries.items():
            if key in made:
                made[key] = entry.coerce(made[key])
                if made[key] is MISFIT:
                    return MISFIT
        return made


class Restricted(Type):
    """A type with allowed values."""

    def __init__(self, base: Type, test: UnaryTest, name: str) -> None:
        self.base = base
        self.test = test
        self.name = name

    def accepts(self, value: Any) -> bool:
        return self.base.accepts(value) and self._allows(value)

    def conforms(self, other: Type) -> bool:
        return other is self or self.base.conforms(other)

    def coerce(self, value: Any) -> Any:
        made = self.base.coerce(value)
        return made if made is None or made is MISFIT or self._allows(made) else MISFIT

    def _allows(self, value: Any) -> bool:
        state = State()
        return self.test.test_input(value, Root(EMPTY, state)) is True


class Types:
    """The types of a document by name."""

    def __init__(self, items: tuple[model.Item, ...], names: frozenset[str]) -> None:
        self._items = {item.name: item for item in items}
        self._names = names
        self._made: dict[str, Type] = {}
        self._making: set[str] = set()
        # Two threads making one type at once would each see the other's as one inside itself.
        self._lock = RLock()

    def find(self, name: str) -> Type | None:
        """The type of a name; None when there is none."""
        known = SIMPLE.get(name) or self._made.get(name)
        if known is not None:
            return known
        with self._lock:
            if name not in self._items or name in self._making:
                # A definition that contains itself: what lies deeper is not looked at.
                return ANY if name in self._making else self._component(name)
            self._making.add(name)
            try:
                made = self._made[name] = self._make(self._items[name])
            finally:
                self._making.discard(name)
        return made

    def _component(self, name: str) -> Type | None:
        """A component named by its path: tPerson.address."""
        head, _, rest = name.partition(".")
        if not rest or head not in self._items:
            return None
        item: model.Item | None = self._items[head]
        for part in rest.split("."):
            components = item.components if item else ()
            item = next((one for one in components if one.name == part), None)
        return self._make(item) if item else None

    def of(self, name: str) -> Type:
        """The type of a name, Any for no name or an unknown one."""
        return (self.find(name) if name else None) or ANY

    def _make(self, item: model.Item) -> Type:
        made: Type
        if item.parameters is not None:
            parameters = tuple(self.of(parameter.type) for parameter in item.parameters)
            made = FunctionType(parameters, self.of(item.result))
        elif item.components:
            entries = {component.name: self._make(component) for component in item.components}
            made = Structure(entries, item.name)
        else:
            made = self.of(item.type)
        made = self._restricted(made, item.allowed, item.name)
        if item.is_collection:
            made = ListType(made)
        return self._restricted(made, item.constraint, item.name)

    def _restricted(self, base: Type, text: model.Text | None, name: str) -> Type:
        if text is None or not text.text or text.language:
            return base
        try:
            test = compile_unary_typed(text.text, self._names, self.find)
        except FeelSyntaxError:
            # The checks of the document report it; here the type stays without the restriction.
            return base
        return Restricted(base, test, name)


_READERS: dict[type, Any] = {
    date: temporal.parse_date,
    time: temporal.parse_time,
    datetime: temporal.parse_date_time,
    timedelta: temporal.parse_duration,
    YearsMonths: temporal.parse_duration,
}


def from_text(value: Any, wanted: Type) -> Any:
    """Dates, times and durations that came in as text (JSON has no other way), by their type."""
    if isinstance(wanted, Restricted):
        return from_text(value, wanted.base)
    if type(value) is str and isinstance(wanted, Simple):
        for kind in wanted.classes:
            read = _READERS.get(kind)
            found = read(value) if read else None
            if type(found) is kind:
                return found
    elif type(value) is list:
        element = wanted.element if isinstance(wanted, ListType) else wanted
        return value if element is ANY else [from_text(item, element) for item in value]
    elif type(value) is dict and isinstance(wanted, ContextType):
        entries: Mapping[str, Type] = wanted.entries
        return {
            key: from_text(item, entries[key]) if key in entries else item
            for key, item in value.items()
        }
    return value
