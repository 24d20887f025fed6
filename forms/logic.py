"""What the rules of a form say for given answers: shown, required, read only, computed, default.

Every rule is a constant or FEEL. An expression sees the form's answers by key (a field without one
is null), inside a table the row's cells by column key, and whatever the caller's scope adds. A
condition holds only when it is true: null and other values count as false.

The fields are worked out once each, in the order of what they depend on. For rules without a cycle
(`forms/checks.py` finds those) this is the only consistent result, so an implementation that
simply repeats all rules until nothing changes arrives at the same.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from forms.fields import KINDS
from forms.kinds.base import is_rule
from forms.kinds.numbers import Number, rounded
from forms.kinds.others import Computed
from forms.kinds.times import write_instant, write_time
from forms.model import Expression, Field, Refused, Rule
from workflows import feel

NO_NAMES: frozenset[str] = frozenset()


def builtin_names(names: Iterable[str]) -> frozenset[str]:
    """Those of the names that are built-in functions too: `count`, `date` ..."""
    return frozenset(name for name in names if name in feel.BUILTINS)


@lru_cache(maxsize=8192)
def program(text: str, shadowing: frozenset[str] = NO_NAMES) -> feel.Expression | None:
    """A compiled expression; None when the text is none (`forms/checks.py` says so at deploy).

    `shadowing` are fields with the name of a built-in function. Where the text calls the function,
    it means the function.
    """
    called = {name for name in shadowing if re.search(rf"\b{re.escape(name)}\s*\(", text)}
    try:
        return feel.compile(text, shadowing - called)
    except feel.FeelSyntaxError:
        return None


def names_in(text: str, shadowing: frozenset[str] = NO_NAMES) -> frozenset[str]:
    """Every name that an expression may read from its scope."""
    compiled = program(text, shadowing)
    return compiled.names if compiled else NO_NAMES


def evaluate(text: str, scope: Mapping[str, Any], shadowing: frozenset[str] = NO_NAMES) -> Any:
    """The value of an expression; null when it has none."""
    compiled = program(text, shadowing)
    return compiled.evaluate(scope).value if compiled else None


def holds(rule: Rule, scope: Mapping[str, Any], shadowing: frozenset[str] = NO_NAMES) -> bool:
    """Whether a condition is true."""
    if isinstance(rule, Expression):
        return evaluate(rule.text, scope, shadowing) is True
    return rule is True


def expressions(field: Field) -> Iterable[tuple[str, str]]:
    """(setting, FEEL text) of everything in a field that is evaluated, columns left out."""
    for setting in ("shown", "required", "read_only", "computed", "default", "options"):
        rule = getattr(field, setting)
        if isinstance(rule, Expression):
            yield setting, rule.text
    for setting in ("min", "max"):
        limit: Any = field.settings.get(setting)
        if is_rule(limit):
            yield setting, limit[1:]
    for demand in field.demands:
        yield "rules", demand.test.text


_DECIDES_VALUE = ("shown", "read_only", "computed", "default")


def depends_on(
    field: Field, keys: Iterable[str], shadowing: frozenset[str] = NO_NAMES
) -> frozenset[str]:
    """Which of these keys the value of a field depends on (a table: through its columns too)."""
    wanted = frozenset(keys)
    found = NO_NAMES.union(
        *(
            names_in(text, shadowing)
            for setting, text in expressions(field)
            if setting in _DECIDES_VALUE
        )
    )
    for column in field.columns.values():
        found |= depends_on(column, wanted - field.columns.keys(), shadowing)
    return found & wanted


def in_order(fields: Mapping[str, Field]) -> tuple[list[Field], list[list[str]]]:
    """The fields so that each follows what it depends on, and the cycles that prevent it.

    Fields of a cycle come last, in the document's order.
    """
    shadowing = builtin_names(fields)
    needs = {key: depends_on(field, fields, shadowing) for key, field in fields.items()}
    done: set[str] = set()
    ordered: list[Field] = []
    left = list(fields)
    while left:
        free = [key for key in left if needs[key] <= done]
        if not free:
            break
        done.update(free)
        ordered.extend(fields[key] for key in free)
        left = [key for key in left if key not in done]
    cycles = _cycles(left, needs)
    return ordered + [fields[key] for key in left], cycles


def _cycles(left: list[str], needs: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """The keys that lead back to themselves, one list for each ring."""
    reach: dict[str, set[str]] = {}
    for start in left:
        seen: set[str] = set()
        stack = list(needs[start])
        while stack:
            key = stack.pop()
            if key not in seen:
                seen.add(key)
                stack.extend(needs[key])
        reach[start] = seen
    rings: list[list[str]] = []
    placed: set[str] = set()
    for key in left:
        if key in reach[key] and key not in placed:
            ring = [other for other in left if other in reach[key] and key in reach[other]]
            placed.update(ring)
            rings.append(ring)
    return rings


def as_answer(field: Field, value: Any) -> Any:
    """The result of an expression as the field's answer; raises Refused when it does not fit."""
    if value is None:
        return None
    kind = KINDS[field.kind]
    if isinstance(value, Decimal) and isinstance(kind, Number):
        value = rounded(value, kind.precision(field))
    plain = to_json(value, field.settings.get("precision", 6))
    if field.kind == "table" or plain in ("", []):
        return plain or None
    if type(plain) in (int, float) and not isinstance(kind, (Number, Computed)):
        plain = str(plain)
    return kind.load(field, plain)


def to_json(value: Any, precision: int = 6) -> Any:
    """A value of the expression language as JSON; numbers are rounded half up."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Decimal):
        return rounded(value, precision)
    if isinstance(value, datetime):
        return write_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return write_time(value)
    if isinstance(value, (list, tuple)):
        return [to_json(item, precision) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(item, precision) for key, item in value.items()}
    if isinstance(value, (timedelta, feel.YearsMonths)):
        return feel.text_of(value)
    raise Refused("not-a-value")


def as_limit(field: Field, raw: Any) -> Any:
    """A `min` or `max` as a value that the field's answers compare with; None where it is none."""
    kind = KINDS["date" if field.kind == "date_range" else field.kind]
    if isinstance(raw, datetime) and kind.name == "date":
        return raw.date()
    if not isinstance(raw, (Decimal, date, time)):
        try:
            return kind.typed(kind.load(Field("", kind.name, {}, {"precision": 12}), raw))
        except Refused:
            return None
    if type(raw) is not _TYPES.get(kind.name, Decimal):
        return None
    return None if isinstance(raw, datetime) and raw.tzinfo is None else raw


_TYPES: Mapping[str, type] = {"date": date, "time": time, "datetime": datetime}
