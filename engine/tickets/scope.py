"""What expressions of a process may speak of: the ticket, and the answers by their keys."""

from collections.abc import Callable, Iterator, Mapping
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
    """`ticket` with its fields, then every answer by its key; process variables come before it.

    `column` gives a column of the ticket as it is at the moment of asking, so that a scope made
    before the answers were taken speaks of them afterwards.
    """

    __slots__ = ("_column",)

    def __init__(self, column: Callable[[str], Any]) -> None:
        self._column = column

    def __getitem__(self, name: str) -> Any:
        if name == "ticket":
            fields = {field: self._column(field) for field in TICKET_FIELDS}
            fields["group"] = self._column("group_key")
            return fields
        return self._column("values")[name]

    def __iter__(self) -> Iterator[str]:
        yield "ticket"
        yield from self._column("values")

    def __len__(self) -> int:
        return 1 + len(self._column("values"))


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
