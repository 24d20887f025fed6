"""The nodes of an expression's tree; `at` is the offset in the text that a warning names."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""

    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean, null or `@"..."` value."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """first (operator operand)*, from left to right, all of one precedence."""

    first: Node
    rest: tuple[tuple[str, Node, int], ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """-operand."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """operands joined by `and` or by `or`."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """left (= != < <= > >=) right."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """value between low and high."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """value in test, value in (test, test)."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """value instance of type."""

    value: Node
    type: "TypeNode"


@dataclass(frozen=True, slots=True)
class TypeNode(Node):
    """A type: name and parameters (element, entries, function parameters and result)."""

    name: str
    parameters: tuple["TypeNode", ...] = ()
    entries: tuple[tuple[str, "TypeNode"], ...] = ()
    result: "TypeNode | None" = None


@dataclass(frozen=True, slots=True)
class Path(Node):
    """base.name."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """base[condition]."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """function(arguments); `names` is None for a call by position."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class If(Node):
    """if condition then value (else if ...)* else otherwise."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """name in source, or name in source .. until."""

    name: str
    source: Node
    until: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """for iterations return body."""

    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """some / every iterations satisfies body."""

    every: bool
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    """[items]."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextNode(Node):
    """{key: value}."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeNode(Node):
    """[start..end] with either end open; None for an end that is not given."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class UnaryComparison(Node):
    """< operand, as a test of the input or as a range."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class FunctionNode(Node):
    """function(parameters) body; an external one has no body that could run here."""

    parameters: tuple[tuple[str, TypeNode | None], ...]
    result: TypeNode | None
    body: Node
    external: bool


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """The tests of a decision table cell; no tests means any value."""

    tests: tuple[Node, ...]
    negated: bool


def children(node: Node) -> list[Node]:
    """The nodes directly below a node."""
    found: list[Node] = []
    for name in node.__slots__:
        pending = [getattr(node, name)]
        while pending:
            part = pending.pop()
            if isinstance(part, Node):
                found.append(part)
            elif isinstance(part, tuple):
                pending.extend(part)
    return found


def height(node: Node, limit: int) -> int:
    """The number of levels of a tree, counted up to a limit."""
    level, levels = [node], 0
    while level and levels < limit:
        level = [child for parent in level for child in children(parent)]
        levels += 1
    return levels


def size(node: Node) -> int:
    """The number of nodes of a tree."""
    pending, found = [node], 0
    while pending:
        found += 1
        pending.extend(children(pending.pop()))
    return found
