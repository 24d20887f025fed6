"""All that is known of a form before there are answers, worked out once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import marshmallow as ma

from forms import logic
from forms.fields import KINDS
from forms.kinds.base import Kind, is_rule
from forms.model import Expression, Field, Form, Option
from forms.schema import schema

_ODD = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Plan:
    """A field with all that is known before there are answers; `columns` in the order of rules."""

    item: Field
    kind: Kind
    low: Any
    high: Any
    is_plain: bool
    options: frozenset[str] | None
    columns: tuple["Plan", ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A form ready to judge."""

    form: Form
    schema: ma.Schema
    plans: tuple[Plan, ...]
    has_rules: bool
    shadowing: frozenset[str]


@lru_cache(maxsize=128)
def compile_form(form: Form) -> Compiled:
    """A form ready to judge. A form read from the same bytes is the same object: compiled once."""
    inner = [column for item in form.fields.values() for column in item.columns.values()]
    return Compiled(
        form=form,
        schema=schema(form.fields),
        plans=tuple(
            plan(item) for item in logic.in_order(form.fields)[0] if KINDS[item.kind].holds_value
        ),
        has_rules=any(any(logic.expressions(item)) for item in [*form.fields.values(), *inner]),
        shadowing=logic.builtin_names([*form.fields, *(column.key for column in inner)]),
    )


def plan(item: Field) -> Plan:
    """Everything about a field that does not depend on answers."""
    kind = KINDS[item.kind]
    low, high = (_limit(item, name) for name in ("min", "max"))
    options = (
        frozenset(option.value for option in item.options)
        if isinstance(item.options, tuple) and kind.has_options
        else None
    )
    has_checks = (
        low is not None
        or high is not None
        or (kind.has_options and item.kind != "cascade")
        or kind.refers_to is not None
        or bool(item.demands)
        or bool(item.settings.get("unique"))
    )
    columns = tuple(plan(column) for column in logic.in_order(item.columns)[0])
    return Plan(item, kind, low, high, not has_checks, options, columns)


def _limit(item: Field, name: str) -> Any:
    raw = item.settings.get(name)
    if raw is None or item.kind == "rating":
        return None
    return Expression(raw[1:]) if is_rule(raw) else logic.as_limit(item, raw)


def typed(plan: Plan, value: Any) -> Any:
    """A field's JSON value as expressions see it; null when an old value is of another kind."""
    if value is None:
        return None
    try:
        if plan.columns:
            return [
                {c.item.key: typed(c, row.get(c.item.key)) for c in plan.columns} for row in value
            ]
        return plan.kind.typed(value)
    except _ODD:
        return None


def option_values(result: Any) -> frozenset[str]:
    """The values of options that an expression gives: texts, or contexts with `value`."""
    found: Iterable[Any] = result if isinstance(result, list) else ()
    values = (one.get("value") if isinstance(one, Mapping) else one for one in found)
    return frozenset(value for value in values if isinstance(value, str))


def options_of(item: Field, result: Any) -> list[Option]:
    """The options that an expression gives, with their labels."""
    found = []
    for one in result if isinstance(result, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("value"), str):
            label = one.get("label")
            words = label if isinstance(label, Mapping) else {"zh-CN": str(label or one["value"])}
            found.append(Option(one["value"], words))
        elif isinstance(one, str):
            found.append(Option(one, {"zh-CN": one}))
    return found
