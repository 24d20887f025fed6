"""Numbers of answers: exact decimals of at most 15 digits, kept as plain JSON numbers.

Every decimal of up to 15 significant digits survives Python's float, JavaScript's number and JSON
text unchanged, so an answer is stored as an int when it is whole and else as the float whose
shortest text is exactly that decimal. Arithmetic never happens on the float: expressions see
`Decimal`.
"""

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from forms.model import Refused

DIGITS = 15
_LIMIT = 10**DIGITS
_ROUNDING = Context(prec=60, rounding=ROUND_HALF_UP)


def exact(value: int | float | Decimal) -> Decimal:
    """The decimal that a JSON number means: 0.1 is 0.1."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def load_number(value: Any, precision: int) -> int | float:
    """A JSON number with at most `precision` digits after the point; Refused otherwise."""
    if isinstance(value, int) and not isinstance(value, bool):
        if -_LIMIT < value < _LIMIT:
            return value
        raise Refused("too-many-digits", max=DIGITS)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Refused("not-a-number")
        return _plain(Decimal(repr(value)), precision)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise Refused("not-a-number")
        return _plain(value, precision)
    raise Refused("not-a-number")


def rounded(value: Decimal, precision: int) -> int | float:
    """The result of a computation, rounded half up (四舍五入) to `precision` digits."""
    if not value.is_finite():
        raise Refused("not-a-number")
    if value.adjusted() >= DIGITS:
        raise Refused("too-many-digits", max=DIGITS)
    places = min(precision, DIGITS - 1 - max(value.adjusted(), 0))
    return _plain(value.quantize(Decimal(1).scaleb(-places), context=_ROUNDING), precision)


def _plain(value: Decimal, precision: int) -> int | float:
    if value.adjusted() >= DIGITS:
        raise Refused("too-many-digits", max=DIGITS)
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    used = len(digits)
    while used and exponent < 0 and digits[used - 1] == 0:
        used -= 1
        exponent += 1
    if exponent >= 0 or not used:
        return int(value)
    if -exponent > precision:
        raise Refused("too-precise", precision=precision)
    if used > DIGITS:
        raise Refused("too-many-digits", max=DIGITS)
    return float(value)
