"""Range functions: how points and ranges lie to each other (DMN 1.5, 10.3.4.12, table 78)."""

from collections.abc import Callable
from typing import Any, NamedTuple

from workflows.feel.bounds import Problem
from workflows.feel.functions.registry import feel
from workflows.feel.values import Range, equal, less


class _End(NamedTuple):
    """An end of a range; `beyond` is -1 or 1 for one that lies at infinity."""

    beyond: int
    value: Any


class _Span(NamedTuple):
    start: _End
    end: _End
    start_in: bool
    end_in: bool


def _span(value: Any) -> _Span:
    if type(value) is not Range:
        point = _End(0, value)
        return _Span(point, point, True, True)
    return _Span(
        _End(-1 if value.start is None else 0, value.start),
        _End(1 if value.end is None else 0, value.end),
        value.start_included,
        value.end_included,
    )


def _lt(a: _End, b: _End) -> bool:
    if a.beyond or b.beyond:
        return a.beyond < b.beyond
    found = less(a.value, b.value)
    if found is None:
        raise Problem("not-comparable")
    return found


def _eq(a: _End, b: _End) -> bool:
    if a.beyond or b.beyond:
        return a.beyond == b.beyond
    found = equal(a.value, b.value)
    if found is None:
        raise Problem("not-comparable")
    return found


def _before(a: _Span, b: _Span) -> bool:
    return _lt(a.end, b.start) or (not (a.end_in and b.start_in) and _eq(a.end, b.start))


def _meets(a: _Span, b: _Span) -> bool:
    return a.end_in and b.start_in and _eq(a.end, b.start)


def _reaches(a: _Span, b: _Span) -> bool:
    """Whether the end of a is not before the start of b."""
    return _lt(b.start, a.end) or (_eq(a.end, b.start) and a.end_in and b.start_in)


def _overlaps(a: _Span, b: _Span) -> bool:
    return _reaches(a, b) and _reaches(b, a)


def _overlaps_before(a: _Span, b: _Span) -> bool:
    return (
        (_lt(a.start, b.start) or (_eq(a.start, b.start) and a.start_in and not b.start_in))
        and _reaches(a, b)
        and (_lt(a.end, b.end) or (_eq(a.end, b.end) and (not a.end_in or b.end_in)))
    )


def _overlaps_after(a: _Span, b: _Span) -> bool:
    return (
        (_lt(b.start, a.start) or (_eq(b.start, a.start) and b.start_in and not a.start_in))
        and _reaches(b, a)
        and (_lt(b.end, a.end) or (_eq(b.end, a.end) and (not b.end_in or a.end_in)))
    )


def _finishes(a: _Span, b: _Span) -> bool:
    if a.start == a.end and a.start_in and a.end_in:
        return b.end_in and _eq(a.end, b.end)
    return (
        a.end_in == b.end_in
        and _eq(a.end, b.end)
        and (_lt(b.start, a.start) or (_eq(a.start, b.start) and (not a.start_in or b.start_in)))
    )


def _starts(a: _Span, b: _Span) -> bool:
    if a.start == a.end and a.start_in and a.end_in:
        return b.start_in and _eq(a.start, b.start)
    return (
        a.start_in == b.start_in
        and _eq(a.start, b.start)
        and (_lt(a.end, b.end) or (_eq(a.end, b.end) and (not a.end_in or b.end_in)))
    )


def _includes(a: _Span, b: _Span) -> bool:
    return (
        _lt(a.start, b.start) or (_eq(a.start, b.start) and (a.start_in or not b.start_in))
    ) and (_lt(b.end, a.end) or (_eq(a.end, b.end) and (a.end_in or not b.end_in)))


def _coincides(a: _Span, b: _Span) -> bool:
    return (
        a.start_in == b.start_in
        and a.end_in == b.end_in
        and _eq(a.start, b.start)
        and _eq(a.end, b.end)
    )


_Relation = Callable[[_Span, _Span], bool]


def _declare(name: str, relation: _Relation, reverse: bool, *forms: str) -> None:
    def body(one: Any, other: Any) -> bool:
        a, b = _span(one), _span(other)
        return relation(b, a) if reverse else relation(a, b)

    for form in forms:
        feel(f"{name}({form})")(body)


_POINTS = "point1: point, point2: point"
_POINT_RANGE = "point: point, range: range"
_RANGE_POINT = "range: range, point: point"
_RANGES = "range1: range, range2: range"
_declare("before", _before, False, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_declare("after", _before, True, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_declare("meets", _meets, False, _RANGES)
_declare("met by", _meets, True, _RANGES)
_declare("overlaps", _overlaps, False, _RANGES)
_declare("overlaps before", _overlaps_before, False, _RANGES)
_declare("overlaps after", _overlaps_after, False, _RANGES)
_declare("finishes", _finishes, False, _POINT_RANGE, _RANGES)
_declare("finished by", _finishes, True, _RANGE_POINT, _RANGES)
_declare("includes", _includes, False, _RANGE_POINT, _RANGES)
_declare("during", _includes, True, _POINT_RANGE, _RANGES)
_declare("starts", _starts, False, _POINT_RANGE, _RANGES)
_declare("started by", _starts, True, _RANGE_POINT, _RANGES)
_declare("coincides", _coincides, False, _POINTS, _RANGES)
