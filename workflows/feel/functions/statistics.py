"""Sums and other figures of a list of numbers (DMN 1.5, 10.3.4.4)."""

from decimal import Decimal
from typing import Any

from workflows.feel.bounds import Problem, State
from workflows.feel.functions.registry import feel
from workflows.feel.values import NUMBERS

_ONE_HALF = Decimal("0.5")


def _numbers(state: State, items: list[Any]) -> list[Decimal]:
    state.charge(1 + len(items))
    if not all(type(item) is Decimal for item in items):
        raise Problem("list-of-numbers-expected")
    return items


def _total(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = NUMBERS.add(total, number)
    return total


def _sum(state: State, items: list[Any]) -> Any:
    numbers = _numbers(state, items)
    return _total(numbers) if numbers else None


def _mean(state: State, items: list[Any]) -> Any:
    numbers = _numbers(state, items)
    return NUMBERS.divide(_total(numbers), Decimal(len(numbers))) if numbers else None


def _product(state: State, items: list[Any]) -> Any:
    numbers = _numbers(state, items)
    if not numbers:
        return None
    product = Decimal(1)
    for number in numbers:
        product = NUMBERS.multiply(product, number)
    return product


def _median(state: State, items: list[Any]) -> Any:
    numbers = sorted(_numbers(state, items))
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return NUMBERS.multiply(NUMBERS.add(numbers[middle - 1], numbers[middle]), _ONE_HALF)


def _stddev(state: State, items: list[Any]) -> Any:
    numbers = _numbers(state, items)
    if len(numbers) < 2:
        return None
    mean = NUMBERS.divide(_total(numbers), Decimal(len(numbers)))
    squares = [NUMBERS.power(NUMBERS.subtract(number, mean), Decimal(2)) for number in numbers]
    return NUMBERS.sqrt(NUMBERS.divide(_total(squares), Decimal(len(numbers) - 1)))


def _mode(state: State, items: list[Any]) -> Any:
    counts: dict[Decimal, int] = {}
    for number in _numbers(state, items):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


for _name, _body in (
    ("sum", _sum),
    ("mean", _mean),
    ("product", _product),
    ("median", _median),
    ("stddev", _stddev),
    ("mode", _mode),
):
    feel(f"{_name}(list: list)", with_state=True)(_body)
    feel(f"{_name}(n...: any)", with_state=True)(_body)
