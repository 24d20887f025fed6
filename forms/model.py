"""The parts of a form as the program holds them: fields, options, expressions, errors."""

from collections.abc import Mapping, Sequence
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
