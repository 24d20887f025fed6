"""Numbers of answers: exact decimals of at most 15 digits, kept as plain JSON numbers.

Every decimal of up to 15 significant digits survives Python's float, JavaScript's number and JSON
text unchanged, so an answer is stored as an int when it is whole and else as the float whose
shortest text is exactly that decimal. Arithmetic never happens on the float: expressions see
`Decimal`.
"""

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, ClassVar

from forms.kinds.base import Kind, number, text, whole, words
from forms.model import Field, Refused

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
    _, digits, power = value.as_tuple()
    exponent = int(power)
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


class Number(Kind):
    """`number`: a JSON number; `precision` digits after the point (0 to 12, else 6)."""

    name = "number"
    settings: ClassVar = {
        "min": number,
        "max": number,
        "precision": whole(0, 12),
        "unit": words,
    }
    default_precision: ClassVar[int] = 6

    def precision(self, field: Field) -> int:
        """How many digits after the point the field keeps."""
        precision: int = field.settings.get("precision", self.default_precision)
        return precision

    def load(self, field: Field, value: Any) -> int | float:
        return load_number(value, self.precision(field))

    def typed(self, value: Any) -> Decimal:
        return exact(value)

    def check_range(self, value: Any, low: Any, high: Any) -> None:
        amount = exact(value)
        if low is not None and amount < low:
            raise Refused("too-small", min=_shown(low))
        if high is not None and amount > high:
            raise Refused("too-large", max=_shown(high))


class Money(Number):
    """`money`: an amount; `precision` 0 to 4 (else 2), `currency` an ISO 4217 code (else CNY)."""

    name = "money"
    settings: ClassVar = {
        "min": number,
        "max": number,
        "precision": whole(0, 4),
        "currency": text(3),
    }
    default_precision = 2


class Rating(Number):
    """`rating`: a whole number from 1 to `max` (2 to 10, else 5)."""

    name = "rating"
    settings: ClassVar = {"max": whole(2, 10)}

    def load(self, field: Field, value: Any) -> int | float:
        stars = load_number(value, 0)
        most = field.settings.get("max", 5)
        if not 1 <= stars <= most:
            raise Refused("not-in-range", min=1, max=most)
        return stars

    def check_range(self, value: Any, low: Any, high: Any) -> None:
        """Already checked on loading."""


class Boolean(Kind):
    """`boolean`: true or false."""

    name = "boolean"

    def load(self, field: Field, value: Any) -> bool:
        if not isinstance(value, bool):
            raise Refused("not-a-boolean")
        return value


def _shown(limit: Decimal) -> int | float:
    return int(limit) if limit == limit.to_integral_value() else float(limit)


KINDS = (Number(), Money(), Rating(), Boolean())
