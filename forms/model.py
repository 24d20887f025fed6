"""The parts of a form as the program holds them: fields, options, expressions, errors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Words = Mapping[str, str]
"""A text by language tag, for example {"zh-CN": "金额", "en": "Amount"}."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL text; in the document it is written with a leading `=`."""

    text: str


Rule = Expression | bool | int | float | str | list[Any] | dict[str, Any] | None
"""A setting that is either a constant or an expression."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `children` only in a cascade."""

    value: str
    label: Words
    children: tuple["Option", ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """A further condition on an answer (`rules`), with the sentence shown when it does not hold."""

    test: Expression
    message: Words


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what it asks, of which kind, and the rules that govern it.

    `settings` are the kind's own (min, max_length, precision ...), `options` the constant ones or
    an expression that gives them, `columns` those of a table.
    """

    key: str
    kind: str
    label: Words
    settings: Mapping[str, Any]
    shown: Rule = True
    required: Rule = False
    read_only: Rule = False
    computed: Rule = None
    default: Rule = None
    options: tuple[Option, ...] | Expression = ()
    demands: tuple[Demand, ...] = ()
    columns: Mapping[str, "Field"] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Form:
    """A form document that has been read. `raw` is the document itself, unchanged."""

    key: str
    title: Words
    fields: Mapping[str, Field]
    layout: Sequence[Any]
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one answer: a JSON pointer into the request, a code, its blanks."""

    pointer: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """An answer that a field does not take; `path` leads to the place inside the answer."""

    def __init__(self, code: str, *path: str | int, **params: Any) -> None:
        self.code = code
        self.path = path
        self.params = params
        super().__init__(code)

    def below(self, *path: str | int) -> "Refused":
        """The same refusal, with the path that leads to the answer put before its own."""
        return Refused(self.code, *path, *self.path, **self.params)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of an uploaded file; `size` in bytes."""

    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class References:
    """Answers which things exist, so that judging itself does no I/O. None: not asked.

    Each takes the name in the answer; only names that the answer changes are asked for. `taken`
    takes a field's key and value and says whether another ticket already has it (`unique`).
    """

    user: Callable[[str], bool] | None = None
    group: Callable[[str], bool] | None = None
    department: Callable[[str], bool] | None = None
    asset: Callable[[str], bool] | None = None
    ticket: Callable[[str], bool] | None = None
    file: Callable[[str], FileFacts | None] | None = None
    taken: Callable[[str, Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The outcome. `values`: each field of the form that now has a value, as JSON, in form order.

    A field of the form that is not in `values` has no value; `dropped` names those that had one
    before. `errors` is empty when the answers are taken.
    """

    values: dict[str, Any]
    errors: list[FieldError]
    dropped: tuple[str, ...] = ()

    def merged(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The ticket's values after this answer."""
        return {k: v for k, v in before.items() if k not in self.dropped} | self.values


def level(access: Mapping[str, str], key: str) -> str:
    """What a step lets its worker do with a field: edit, read or hide (`*`: all others)."""
    return access.get(key) or access.get("*") or "edit"
