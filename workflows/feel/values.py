"""The values of FEEL as Python values, their kinds, equality and order."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from workflows.feel.bounds import (
    MAX_LIST,
    MAX_PARTS,
    MAX_STRING,
    MAX_VALUE_DEPTH,
    BoundHit,
    Problem,
    State,
)

NUMBERS = Context(
    prec=34, Emax=6144, Emin=-6143, traps=[InvalidOperation, DivisionByZero, Overflow]
)
"""IEEE 754 decimal128 arithmetic, as the standard asks."""
_EXACT_INT = 10**34


class YearsMonths:
    """A years and months duration, kept as a number of months (negative: backwards)."""

    __slots__ = ("total",)

    def __init__(self, total: int) -> None:
        self.total = total

    @property
    def years(self) -> int:
        """Whole years, with the sign of the duration."""
        return abs(self.total) // 12 * (1 if self.total >= 0 else -1)

    @property
    def months(self) -> int:
        """Months beyond the whole years, with the sign of the duration."""
        return abs(self.total) % 12 * (1 if self.total >= 0 else -1)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, YearsMonths) and other.total == self.total

    def __hash__(self) -> int:
        return hash(("months", self.total))

    def __lt__(self, other: "YearsMonths") -> bool:
        return self.total < other.total

    def __le__(self, other: "YearsMonths") -> bool:
        return self.total <= other.total

    def __repr__(self) -> str:
        return f"YearsMonths({self.total})"

    def __str__(self) -> str:
        years, months = divmod(abs(self.total), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return ("-" if self.total < 0 else "") + "P" + text


class Range:
    """An interval; an end that is None is open to infinity."""

    __slots__ = ("end", "end_included", "start", "start_included")

    def __init__(
        self, start: Any, end: Any, start_included: bool = True, end_included: bool = True
    ) -> None:
        self.start = start
        self.end = end
        self.start_included = start_included
        self.end_included = end_included

    def _parts(self) -> tuple[Any, ...]:
        return (self.start, self.end, self.start_included, self.end_included)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Range) and other._parts() == self._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:
        opening, closing = "(["[self.start_included], ")]"[self.end_included]
        return f"{opening}{self.start!r}..{self.end!r}{closing}"

    def contains(self, value: Any) -> bool | None:
        """Whether the value lies inside; None when it cannot be compared with an end."""
        if self.start is None and self.end is None:
            return None
        if self.start is not None:
            above = less(self.start, value, self.start_included)
            if not above:
                return above
        if self.end is not None:
            return less(value, self.end, self.end_included)
        return True


class Function:
    """Something that can be called: written in FEEL, built in, or given by the host.

    `body` takes the arguments by position (missing ones None) and the state of the evaluation.
    """

    __slots__ = ("body", "name", "parameters", "result", "types")

    def __init__(
        self,
        parameters: tuple[str, ...],
        body: Callable[[list[Any], State], Any],
        name: str = "function",
        types: tuple[Any, ...] | None = None,
        result: Any = None,
    ) -> None:
        self.parameters = parameters
        self.body = body
        self.name = name
        self.types = types
        self.result = result

    def call(self, arguments: list[Any], state: State) -> Any:
        """Call by position; Problem when the number of arguments is another."""
        if len(arguments) != len(self.parameters):
            raise Problem(
                "wrong-argument-count",
                function=self.name,
                expected=len(self.parameters),
                found=len(arguments),
            )
        return self.body(arguments, state)

    def call_named(self, arguments: dict[str, Any], state: State) -> Any:
        """Call by parameter name; Problem for a name the function does not have."""
        for name in arguments:
            if name not in self.parameters:
                raise Problem("no-such-parameter", function=self.name, parameter=name)
        if len(arguments) != len(self.parameters):
            raise Problem(
                "wrong-argument-count",
                function=self.name,
                expected=len(self.parameters),
                found=len(arguments),
            )
        return self.body([arguments[name] for name in self.parameters], state)

    def __repr__(self) -> str:
        return f"function({', '.join(self.parameters)})"


def kind(value: Any) -> str:
    """The name of a value's type, as the standard writes it."""
    return KINDS.get(type(value), "Any")


KINDS: dict[type, str] = {
    type(None): "Null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}


def to_feel(value: Any, depth: int = MAX_VALUE_DEPTH) -> Any:
    """A host value as a FEEL value: numbers become Decimal, mappings dict, sequences list."""
    made = _NATIVE.get(type(value))
    if made is None:
        return _other_to_feel(value, depth)
    return value if made is True else made(value, depth)


def _from_int(value: int, depth: int = 0) -> Decimal | None:
    if -_EXACT_INT < value < _EXACT_INT:
        return Decimal(value)
    return NUMBERS.create_decimal(value) if value.bit_length() < 20_000 else None


def _from_float(value: float, depth: int = 0) -> Decimal | None:
    # The shortest text of a float is what a person means by it (0.1, not 0.1000000000000000055).
    return Decimal(repr(value)) if math.isfinite(value) else None


def _from_decimal(value: Decimal, depth: int = 0) -> Decimal | None:
    if not value.is_finite():
        return None
    try:
        return NUMBERS.plus(value)
    except ArithmeticError:
        return None


def _from_list(value: Any, depth: int) -> list[Any]:
    if depth <= 0:
        raise BoundHit("value-too-deep", limit=MAX_VALUE_DEPTH)
    if len(value) > MAX_LIST:
        raise BoundHit("list-too-long", limit=MAX_LIST)
    return [to_feel(item, depth - 1) for item in value]


def _from_mapping(value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    if depth <= 0:
        raise BoundHit("value-too-deep", limit=MAX_VALUE_DEPTH)
    return {str(key): to_feel(item, depth - 1) for key, item in value.items()}


def _from_str(value: str, depth: int = 0) -> str:
    if len(value) > MAX_STRING:
        raise BoundHit("string-too-long", limit=MAX_STRING)
    return str(value)


_NATIVE: dict[type, Any] = {
    type(None): True,
    bool: True,
    str: _from_str,
    date: True,
    time: True,
    datetime: True,
    timedelta: True,
    YearsMonths: True,
    Range: True,
    Function: True,
    int: _from_int,
    float: _from_float,
    Decimal: _from_decimal,
    list: _from_list,
    tuple: _from_list,
    set: lambda value, depth: _from_list(sorted(value, key=repr), depth),
    frozenset: lambda value, depth: _from_list(sorted(value, key=repr), depth),
    dict: _from_mapping,
}


def _other_to_feel(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _from_str(str(value))
    if isinstance(value, bool | datetime | date | time | timedelta | Function):
        return value
    if isinstance(value, int):
        return _from_int(int(value))
    if isinstance(value, Mapping):
        return _from_mapping(value, depth)
    if isinstance(value, list | tuple):
        return _from_list(value, depth)
    return None


def less(a: Any, b: Any, or_equal: bool = False) -> bool | None:
    """a < b (or a <= b); None when the two have no order."""
    kind_a = type(a)
    if kind_a is not type(b):
        return None
    if kind_a in _ORDERED:
        result: bool = a <= b if or_equal else a < b
        return result
    if kind_a is datetime:
        if (a.tzinfo is None) is not (b.tzinfo is None):
            return None
        return bool(a <= b if or_equal else a < b)
    if kind_a is time:
        key_a, key_b = _time_key(a), _time_key(b)
        if key_a[0] != key_b[0]:
            return None
        return key_a <= key_b if or_equal else key_a < key_b
    return None


_ORDERED = frozenset({Decimal, str, date, timedelta, YearsMonths})


def _time_key(value: time) -> tuple[str, timedelta]:
    """What makes two times comparable (the sort of zone) and where on that line this one lies."""
    moment = timedelta(
        hours=value.hour,
        minutes=value.minute,
        seconds=value.second,
        microseconds=value.microsecond,
    )
    if value.tzinfo is None:
        return ("", moment)
    offset = value.utcoffset()
    if offset is None:
        return (str(value.tzinfo), moment)
    return ("offset", moment - offset)


def equal(a: Any, b: Any, state: State | None = None) -> bool | None:
    """a = b in FEEL; None when the two are of different kinds.

    Lists and contexts are paid for: shared parts can make a small value endless to go through.
    """
    if a is None or b is None:
        return a is b
    kind_a = type(a)
    if kind_a is not type(b):
        return None
    if kind_a is list or kind_a is dict:
        return a is b or _equal_parts(a, b, state or State())
    if kind_a is time:
        return _time_key(a) == _time_key(b)
    if kind_a is Range:
        return bool(
            a.start_included == b.start_included
            and a.end_included == b.end_included
            and equal(a.start, b.start)
            and equal(a.end, b.end)
        )
    if isinstance(a, Function):
        return a is b
    return bool(a == b)


def _equal_parts(a: Any, b: Any, state: State) -> bool:
    if len(a) != len(b):
        return False
    state.charge(1 + len(a))
    if type(a) is list:
        return all(equal(x, y, state) is True for x, y in zip(a, b, strict=True))
    return a.keys() == b.keys() and all(
        equal(item, b[key], state) is True for key, item in a.items()
    )


def within(value: Any, option: Any, state: State | None = None) -> bool | None:
    """The `in` operator: value in range, value in list (of values and ranges), value = option."""
    if type(option) is Range:
        same = type(value) is Range and equal(value, option)
        return same or option.contains(value)
    if type(option) is list:
        if state is not None:
            state.charge(len(option) // 2)
        if equal(value, option, state):
            return True
        for item in option:
            if type(item) is Range:
                if item.contains(value):
                    return True
            elif equal(value, item, state):
                return True
        return False
    if type(value) is list and len(value) == 1:
        return equal(value[0], option, state)
    return equal(value, option, state)


def measure(value: Any, memo: dict[int, tuple[int, int]], depth: int = 0) -> tuple[int, int]:
    """The parts of a value and its depth, shared parts counted each time they appear.

    BoundHit when either is beyond its bound: what leaves an evaluation can be written out.
    """
    kind_of = type(value)
    if kind_of is not list and kind_of is not dict:
        return 1, 0
    known = memo.get(id(value))
    if known is None:
        if depth > MAX_VALUE_DEPTH:
            raise BoundHit("value-too-deep", limit=MAX_VALUE_DEPTH)
        parts, height = 1, 0
        for item in value if kind_of is list else value.values():
            size, level = measure(item, memo, depth + 1)
            parts += size
            height = max(height, level)
        known = memo[id(value)] = (parts, height + 1)
    if known[0] > MAX_PARTS:
        raise BoundHit("value-too-big", limit=MAX_PARTS)
    if depth + known[1] > MAX_VALUE_DEPTH:
        raise BoundHit("value-too-deep", limit=MAX_VALUE_DEPTH)
    return known
