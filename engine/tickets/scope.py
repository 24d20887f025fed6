"""What expressions of a process may speak of: the ticket, and the answers by their keys."""

from collections.abc import Iterator, Mapping
from typing import Any

from workflows import feel

TICKET_FIELDS = (
    "number",
    "type",
    "title",
    "priority",
    "status",
    "category",
    "requester",
    "created_by",
    "assignee",
    "created_at",
)


class TicketScope(Mapping[str, Any]):
    """`ticket` with its fields, then every answer by its key; process variables come before it."""

    __slots__ = ("_fields", "_values")

    def __init__(self, row: Any, values: Mapping[str, Any]) -> None:
        self._fields = {name: getattr(row, name) for name in TICKET_FIELDS}
        self._fields["group"] = row.group_key
        self._values = values

    def __getitem__(self, name: str) -> Any:
        if name == "ticket":
            return self._fields
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        yield "ticket"
        yield from self._values

    def __len__(self) -> int:
        return 1 + len(self._values)


def value_of(text: str, scope: Mapping[str, Any]) -> Any:
    """A property of a step: a literal, or what its FEEL after `=` comes to (None on any fault)."""
    if not text.startswith("="):
        return text
    return feel.evaluate(text[1:], scope)


def names_in(text: str | None, scope: Mapping[str, Any]) -> list[str]:
    """A property that names one or several: `a, b`, or FEEL that gives a text or a list of them."""
    if not text:
        return []
    value = value_of(text, scope)
    if isinstance(value, str):
        return [name for name in (part.strip() for part in value.split(",")) if name]
    if isinstance(value, list):
        return [name for name in value if isinstance(name, str) and name]
    return []
