"""Numeric functions (DMN 1.5, 10.3.4.5)."""

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from workflows.feel.bounds import Problem
from workflows.feel.functions.registry import feel, whole
from workflows.feel.values import NUMBERS, YearsMonths


def _rounded(number: Decimal, scale: Decimal | None, rounding: str) -> Decimal:
    places = whole(scale, -6111, 6176) if scale is not None else 0
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        # There is nothing to round away.
        return number
    if number.adjusted() < -places - 1:
        # Too small to reach the last place that stays: only its sign and direction matter.
        number = Decimal(1).scaleb(-places - 2).copy_sign(number) if number else number
    return NUMBERS.plus(number.quantize(Decimal(1).scaleb(-places), rounding, NUMBERS))


@feel("decimal(n: number, scale: number)")
def _decimal(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_EVEN)


@feel("floor(n: number, scale?: number)")
def _floor(n: Decimal, scale: Decimal | None) -> Decimal:
    return _rounded(n, scale, ROUND_FLOOR)


@feel("ceiling(n: number, scale?: number)")
def _ceiling(n: Decimal, scale: Decimal | None) -> Decimal:
    return _rounded(n, scale, ROUND_CEILING)


@feel("round up(n: number, scale: number)")
def _round_up(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_UP)


@feel("round down(n: number, scale: number)")
def _round_down(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_DOWN)


@feel("round half up(n: number, scale: number)")
def _round_half_up(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_UP)


@feel("round half down(n: number, scale: number)")
def _round_half_down(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_DOWN)


@feel("abs(n: measure)")
def _abs(n: Any) -> Any:
    if type(n) is YearsMonths:
        return YearsMonths(abs(n.total))
    if type(n) is timedelta:
        return abs(n)
    return NUMBERS.abs(n)


@feel("modulo(dividend: number, divisor: number)")
def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise Problem("division-by-zero")
    # The sign is the divisor's: dividend - divisor * floor(dividend / divisor).
    rest = _remainder(dividend, divisor)
    if rest and (rest < 0) is not (divisor < 0):
        rest = NUMBERS.add(rest, divisor)
    return rest


def _remainder(dividend: Decimal, divisor: Decimal) -> Decimal:
    if dividend.adjusted() - divisor.adjusted() > NUMBERS.prec - 2:
        raise Problem("number-out-of-range")
    return NUMBERS.remainder(dividend, divisor)


@feel("sqrt(number: number)")
def _sqrt(number: Decimal) -> Decimal:
    if number < 0:
        raise Problem("number-out-of-range")
    return NUMBERS.sqrt(number)


@feel("log(number: number)")
def _log(number: Decimal) -> Decimal:
    if number <= 0:
        raise Problem("number-out-of-range")
    return NUMBERS.ln(number)


@feel("exp(number: number)")
def _exp(number: Decimal) -> Decimal:
    return NUMBERS.exp(number)


@feel("odd(number: number)")
def _odd(number: Decimal) -> bool:
    return abs(_remainder(number, Decimal(2))) == 1


@feel("even(number: number)")
def _even(number: Decimal) -> bool:
    return _remainder(number, Decimal(2)) == 0
