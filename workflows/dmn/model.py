"""What a DMN document holds: decisions, their requirements, their logic, and types."""

from dataclasses import dataclass, field
from typing import Literal

HitPolicy = Literal["UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation = Literal["", "SUM", "MIN", "MAX", "COUNT"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the document: FEEL unless the document names another language."""

    text: str
    element: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A named and typed place for a value."""

    name: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Literal_:
    """A literal expression."""

    text: Text
    type: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """An input column."""

    expression: Text
    label: str
    type: str = ""
    values: Text | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """An output column."""

    name: str
    type: str = ""
    values: Text | None = None
    default: Text | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: its tests and its results."""

    element: str
    tests: tuple[Text, ...]
    results: tuple[Text, ...]
    annotations: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table."""

    element: str
    hit_policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a boxed context; without a variable it is the result of the context."""

    variable: Variable | None
    expression: "Logic"


@dataclass(frozen=True, slots=True)
class BoxedContext:
    """A boxed context."""

    element: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class BoxedList:
    """A boxed list."""

    element: str
    items: tuple["Logic", ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts written as a grid."""

    element: str
    columns: tuple[str, ...]
    rows: tuple[tuple["Logic", ...], ...]


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of a business knowledge model, service or function, by parameter name."""

    element: str
    function: "Logic"
    bindings: tuple[tuple[str, "Logic"], ...]


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A boxed function."""

    element: str
    kind: str
    parameters: tuple[Variable, ...]
    body: "Logic"
    type: str = ""


@dataclass(frozen=True, slots=True)
class Conditional:
    """A boxed if."""

    element: str
    condition: "Logic"
    then: "Logic"
    otherwise: "Logic"


@dataclass(frozen=True, slots=True)
class BoxedFilter:
    """A boxed filter."""

    element: str
    source: "Logic"
    match: "Logic"


@dataclass(frozen=True, slots=True)
class Iterator_:
    """A boxed for, some or every."""

    element: str
    kind: str
    variable: str
    source: "Logic"
    body: "Logic"


Logic = (
    Literal_
    | Table
    | BoxedContext
    | BoxedList
    | Relation
    | Invocation
    | FunctionDefinition
    | Conditional
    | BoxedFilter
    | Iterator_
    | None
)


@dataclass(frozen=True, slots=True)
class Item:
    """An item definition: a type by name, with components or allowed values or both."""

    name: str
    type: str = ""
    is_collection: bool = False
    allowed: Text | None = None
    constraint: Text | None = None
    components: tuple["Item", ...] = ()
    parameters: tuple[Variable, ...] | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A decision, business knowledge model or input data, with what it requires (ids)."""

    kind: Literal["decision", "knowledge", "input"]
    id: str
    name: str
    variable: Variable
    logic: Logic = None
    inputs: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: which decisions it gives, hides, and takes from outside (ids)."""

    id: str
    name: str
    variable: Variable
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """Another document that this one uses under a name."""

    name: str
    namespace: str
    kind: str


@dataclass(frozen=True, slots=True)
class Model:
    """A whole document."""

    name: str
    namespace: str
    language: str = ""
    items: tuple[Item, ...] = ()
    nodes: dict[str, Node] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    imports: tuple[Import, ...] = ()
    names: frozenset[str] = frozenset()
    """Every name in the document, so that the parser knows those with spaces or operators."""
