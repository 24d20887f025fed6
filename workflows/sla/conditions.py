"""Conditions of a policy: FEEL that has to be true or false, as far as that can be told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows import feel
from workflows.feel import tree

# What a condition may speak of beside the answers of the package.
TICKET_NAMES = (
    "number",
    "type",
    "title",
    "priority",
    "status",
    "category",
    "requester",
    "created_by",
    "created_at",
    "assignee",
    "group",
)
RECORD_NAMES = ("customer", "contract", "asset", "place", "department", "channel", "vip")
NAMES = frozenset({"ticket", *TICKET_NAMES, *RECORD_NAMES})
# Names whose value is never true or false.
_NEVER = frozenset({"ticket", *TICKET_NAMES})

_TRUTHS = frozenset(
    {"after", "all", "any", "before", "coincides", "contains", "during", "ends with", "even"}
    | {"finished by", "finishes", "includes", "is", "list contains", "matches", "meets", "met by"}
    | {"not", "odd", "overlaps", "overlaps after", "overlaps before", "started by", "starts"}
    | {"starts with"}
)
# What these give is what they are given.
_ANYTHING = frozenset({"get value", "max", "min"})
_OTHER_NODES = (
    tree.Chain,
    tree.Negation,
    tree.ListNode,
    tree.ContextNode,
    tree.RangeNode,
    tree.FunctionNode,
    tree.For,
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, compiled."""

    text: str
    expression: feel.Expression = field(compare=False, repr=False)

    def holds(self, scope: Mapping[str, Any]) -> bool:
        """Whether it is true; what is not true or false is not."""
        return self.expression.evaluate(scope).value is True


def compile_condition(text: str, names: Collection[str]) -> Condition:
    """The condition of a text; raises FeelSyntaxError."""
    return Condition(text, feel.compile(text, NAMES | frozenset(names)))


def is_never_boolean(node: tree.Node) -> bool:
    """Whether an expression cannot be true or false, whatever its names stand for."""
    if isinstance(node, tree.Literal):
        return not isinstance(node.value, bool)
    if isinstance(node, tree.Name):
        return node.name in _NEVER
    if isinstance(node, tree.Path):
        return isinstance(node.base, tree.Name) and node.base.name == "ticket"
    if isinstance(node, tree.If):
        ends = [value for _, value in node.branches] + [node.otherwise]
        return any(is_never_boolean(end) for end in ends)
    if isinstance(node, tree.Logic):
        return any(is_never_boolean(operand) for operand in node.operands)
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name):
        name = node.function.name
        return name in feel.BUILTINS and name not in _TRUTHS | _ANYTHING
    return isinstance(node, _OTHER_NODES)
