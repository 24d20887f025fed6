"""Kinds that are worked out, only read, or made of other fields."""

from typing import Any, ClassVar

from forms.kinds.base import Kind, need_text, whole, words
from forms.kinds.numbers import exact, load_number
from forms.model import Field, Refused

MAX_ROWS = 1000
DEFAULT_ROWS = 100


class Computed(Kind):
    """`computed`: the result of an expression; nobody types it.

    Numbers are kept with `precision` digits after the point (0 to 12, else 6).
    """

    name = "computed"
    settings: ClassVar = {"precision": whole(0, 12), "unit": words}

    def load(self, field: Field, value: Any) -> Any:
        return _bounded(value, 0)

    def typed(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, (int, float)):
            return exact(value)
        if isinstance(value, list):
            return [self.typed(item) for item in value]
        if isinstance(value, dict):
            return {key: self.typed(item) for key, item in value.items()}
        return value


class Note(Kind):
    """`note`: a text for the reader (`text`, Markdown, by language); it takes no answer."""

    name = "note"
    holds_value = False
    settings: ClassVar = {"text": words}

    def load(self, field: Field, value: Any) -> Any:
        raise Refused("unknown-field")


class Table(Kind):
    """`table`: a list of rows, each an object by column key; `min_rows`, `max_rows` (100)."""

    name = "table"
    settings: ClassVar = {"min_rows": whole(0, MAX_ROWS), "max_rows": whole(1, MAX_ROWS)}

    def load(self, field: Field, value: Any) -> list[dict[str, Any]]:
        """The rows as they are, counted; the compiler loads their cells."""
        if not isinstance(value, list):
            raise Refused("not-a-list")
        most: int = field.settings.get("max_rows", DEFAULT_ROWS)
        if len(value) > most:
            raise Refused("too-many-rows", max=most)
        if len(value) < field.settings.get("min_rows", 0):
            raise Refused("too-few-rows", min=field.settings["min_rows"])
        return value


def _bounded(value: Any, depth: int) -> Any:
    if depth > 4:
        raise Refused("too-deep")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return load_number(value, 12)
    if isinstance(value, str):
        return need_text(value, 20_000)
    if isinstance(value, list):
        if len(value) > MAX_ROWS:
            raise Refused("too-many", max=MAX_ROWS)
        return [_bounded(item, depth + 1) for item in value]
    if isinstance(value, dict):
        if len(value) > 100:
            raise Refused("too-many", max=100)
        return {str(key): _bounded(item, depth + 1) for key, item in value.items()}
    raise Refused("not-a-value")


KINDS = (Computed(), Note(), Table())
