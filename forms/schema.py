"""The fields of a form as a marshmallow schema that loads answers and collects what is wrong."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from forms.fields import KINDS
from forms.kinds.base import is_empty
from forms.model import Field, Refused

MAX_ERRORS = 200


class Cell(ma.fields.Field[Any]):
    """One field of a form; an empty answer loads as None."""

    def __init__(self, item: Field) -> None:
        super().__init__(allow_none=True)
        self.item = item
        self.kind = KINDS[item.kind]

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **kwargs: Any) -> Any:
        """As marshmallow's own, without the validators and limits that no cell has."""
        return value if value is ma.missing else self._deserialize(value, attr, data)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if is_empty(value):
            return None
        try:
            return self.kind.load(self.item, value)
        except Refused as refused:
            raise ma.ValidationError([refused]) from None


class Rows(Cell):
    """A table: counted by its kind, each row loaded by its own schema.

    Rows that do not load stay as far as they do, so that the others are judged in the same round.
    """

    def __init__(self, item: Field) -> None:
        super().__init__(item)
        self.columns = schema(item.columns)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        rows = super()._deserialize(value, attr, data, **kwargs)
        wrong: list[Refused] = []
        loaded: list[dict[str, Any]] = []
        for place, row in enumerate(rows or ()):
            if not isinstance(row, dict):
                wrong.append(Refused("not-an-object", place))
                loaded.append({})
                continue
            cells, refusals = load(self.columns, row)
            wrong.extend(one.below(place) for one in refusals)
            loaded.append(cells)
        if wrong:
            raise ma.ValidationError(
                wrong[:MAX_ERRORS],
                valid_data=loaded,
            )
        return loaded or None


def schema(fields: Mapping[str, Field]) -> ma.Schema:
    """A schema of the fields that take answers; unknown keys are left to `load`."""
    cells: dict[str, ma.fields.Field[Any]] = {
        key: Rows(item) if item.columns else Cell(item)
        for key, item in fields.items()
        if KINDS[item.kind].holds_value
    }
    return ma.Schema.from_dict(cells, name="Answers")(unknown=ma.EXCLUDE)


def load(
    answers_schema: ma.Schema, answers: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Refused]]:
    """The answers that load, and what is wrong with the others; their paths begin with the key."""
    known = answers_schema.fields
    wrong = [
        Refused("unknown-field", str(key)[:200], key=str(key)[:200])
        for key in answers
        if key not in known
    ][:MAX_ERRORS]
    try:
        return answers_schema.load(answers), wrong
    except ma.ValidationError as error:
        messages: Any = error.messages
        for key, refusals in messages.items():
            wrong.extend(one.below(key) for one in refusals)
        valid: Any = error.valid_data
        return valid, wrong
