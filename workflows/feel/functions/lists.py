"""List functions (DMN 1.5, 10.3.4.4), and sort."""

from decimal import Decimal
from typing import Any

from workflows.feel.bounds import Problem, State
from workflows.feel.functions.registry import feel, whole
from workflows.feel.values import Function, equal, less


def _same(a: Any, b: Any, state: State) -> bool:
    return equal(a, b, state) is True


def _place(position: Decimal, length: int) -> int:
    """A position counted from 1, or from the end when negative, as an index."""
    place = whole(position)
    if place == 0 or abs(place) > length:
        raise Problem("position-outside", position=place, length=length)
    return place - 1 if place > 0 else length + place


@feel("list contains(list: list, element: any)", with_state=True)
def _list_contains(state: State, items: list[Any], element: Any) -> bool:
    state.charge(len(items) // 2)
    return any(_same(item, element, state) for item in items)


@feel("list replace(list: list, position: number, newItem: any)", with_state=True)
def _list_replace(state: State, items: list[Any], position: Decimal, new_item: Any) -> list[Any]:
    made = list(state.items(items))
    made[_place(position, len(items))] = new_item
    return made


@feel("list replace(list: list, match: function, newItem: any)", with_state=True)
def _list_replace_where(
    state: State, items: list[Any], match: Function, new_item: Any
) -> list[Any]:
    made = []
    for item in state.items(items):
        state.charge(5)
        found = match.call([item, new_item], state)
        if type(found) is not bool:
            raise Problem("boolean-expected-from", function="match")
        made.append(new_item if found else item)
    return made


@feel("count(list: list)")
def _count(items: list[Any]) -> Decimal:
    return Decimal(len(items))


@feel("count(c...: any)")
def _count_all(items: list[Any]) -> Decimal:
    if len(items) < 2:
        raise Problem("list-expected", function="count")
    return Decimal(len(items))


def _extreme(state: State, items: list[Any], greatest: bool) -> Any:
    state.charge(len(items) // 2)
    if not items:
        return None
    best = items[0]
    for item in items:
        smaller = less(item, best, or_equal=True)
        if smaller is None:
            raise Problem("not-comparable")
        if smaller is not greatest or _same(item, best, state):
            best = item
    return best


@feel("min(list: list)", with_state=True)
def _min(state: State, items: list[Any]) -> Any:
    return _extreme(state, items, greatest=False)


@feel("min(c...: any)", with_state=True)
def _min_of(state: State, items: list[Any]) -> Any:
    return _extreme(state, items, greatest=False)


@feel("max(list: list)", with_state=True)
def _max(state: State, items: list[Any]) -> Any:
    return _extreme(state, items, greatest=True)


@feel("max(c...: any)", with_state=True)
def _max_of(state: State, items: list[Any]) -> Any:
    return _extreme(state, items, greatest=True)


def _logic(state: State, items: list[Any], decisive: bool) -> bool | None:
    state.charge(len(items) // 4)
    if any(item is decisive for item in items):
        return decisive
    return None if any(type(item) is not bool for item in items) else not decisive


@feel("all(list: list)", with_state=True)
def _all(state: State, items: list[Any]) -> bool | None:
    return _logic(state, items, decisive=False)


@feel("all(b...: any)", with_state=True)
def _all_of(state: State, items: list[Any]) -> bool | None:
    return _logic(state, items, decisive=False)


@feel("any(list: list)", with_state=True)
def _any(state: State, items: list[Any]) -> bool | None:
    return _logic(state, items, decisive=True)


@feel("any(b...: any)", with_state=True)
def _any_of(state: State, items: list[Any]) -> bool | None:
    return _logic(state, items, decisive=True)


@feel("sublist(list: list, start position: number, length?: number)", with_state=True)
def _sublist(state: State, items: list[Any], start: Decimal, length: Decimal | None) -> list[Any]:
    begin = _place(start, len(items))
    if length is None:
        return state.items(items[begin:])
    wanted = whole(length)
    if wanted < 1 or begin + wanted > len(items):
        raise Problem("position-outside", position=begin + wanted, length=len(items))
    return state.items(items[begin : begin + wanted])


@feel("append(list: list, item: any, more...: any)", with_state=True)
def _append(state: State, items: list[Any], item: Any, more: list[Any]) -> list[Any]:
    return state.items([*items, item, *more])


@feel("concatenate(list...: list)", with_state=True)
def _concatenate(state: State, lists: list[list[Any]]) -> list[Any]:
    state.charge(sum(map(len, lists)) // 4)
    return state.items([item for items in lists for item in items])


@feel("insert before(list: list, position: number, newItem: any)", with_state=True)
def _insert_before(state: State, items: list[Any], position: Decimal, new_item: Any) -> list[Any]:
    place = _place(position, len(items))
    return state.items([*items[:place], new_item, *items[place:]])


@feel("remove(list: list, position: number)", with_state=True)
def _remove(state: State, items: list[Any], position: Decimal) -> list[Any]:
    place = _place(position, len(items))
    return state.items(items[:place] + items[place + 1 :])


@feel("reverse(list: list)", with_state=True)
def _reverse(state: State, items: list[Any]) -> list[Any]:
    return state.items(items[::-1])


@feel("index of(list: list, match: any)", with_state=True)
def _index_of(state: State, items: list[Any], match: Any) -> list[Decimal]:
    state.charge(len(items) // 2)
    return [Decimal(at) for at, item in enumerate(items, 1) if _same(item, match, state)]


def distinct(state: State, items: list[Any]) -> list[Any]:
    """The elements in their order, each once."""
    made: list[Any] = []
    seen: set[Any] = set()
    for item in state.items(items):
        if type(item) in _HASHABLE:
            key = (type(item), item)
            if key in seen:
                continue
            seen.add(key)
        else:
            state.charge(1 + len(made) // 4)
            if any(_same(item, other, state) for other in made):
                continue
        made.append(item)
    return made


_HASHABLE = frozenset({str, Decimal, bool, type(None)})


@feel("union(list...: list)", with_state=True)
def _union(state: State, lists: list[list[Any]]) -> list[Any]:
    return distinct(state, _concatenate(state, lists))


@feel("distinct values(list: list)", with_state=True)
def _distinct_values(state: State, items: list[Any]) -> list[Any]:
    return distinct(state, items)


@feel("flatten(list: list)", with_state=True)
def _flatten(state: State, items: list[Any]) -> list[Any]:
    made: list[Any] = []
    pending = [iter(items)]
    while pending:
        for item in pending[-1]:
            state.charge(1)
            if type(item) is list:
                pending.append(iter(item))
                break
            made.append(item)
        else:
            pending.pop()
    return state.items(made)


class _Sortable:
    """An element that is before another when the function says so; sorted() asks nothing else."""

    __slots__ = ("item", "precedes", "state")

    def __init__(self, item: Any, precedes: Function, state: State) -> None:
        self.item = item
        self.precedes = precedes
        self.state = state

    def __lt__(self, other: "_Sortable") -> bool:
        self.state.charge(5)
        found = self.precedes.call([self.item, other.item], self.state)
        if type(found) is not bool:
            raise Problem("boolean-expected-from", function="precedes")
        return found


class _Natural:
    """An element in the order of its kind."""

    __slots__ = ("item",)

    def __init__(self, item: Any) -> None:
        self.item = item

    def __lt__(self, other: "_Natural") -> bool:
        found = less(self.item, other.item)
        if found is None:
            raise Problem("not-comparable")
        return found


@feel("sort(list: list, precedes: function)", with_state=True)
def _sort(state: State, items: list[Any], precedes: Function) -> list[Any]:
    ordered = sorted(_Sortable(item, precedes, state) for item in state.items(items))
    return [wrapped.item for wrapped in ordered]


@feel("sort(list: list)", with_state=True)
def _sort_naturally(state: State, items: list[Any]) -> list[Any]:
    state.charge(5 * len(items))
    return [wrapped.item for wrapped in sorted(_Natural(item) for item in items)]
