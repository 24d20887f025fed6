"""Scopes: the host's variables, converted when first used, and local names above them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from workflows.feel.bounds import MAX_STRING, State
from workflows.feel.values import to_feel

_EXACT = 10**34


class Root(dict[str, Any]):
    """The host's scope; a dict of what was fetched so far, so that a second look is cheap."""

    __slots__ = ("host", "state")

    def __init__(self, host: Mapping[str, Any], state: State) -> None:
        self.host = host
        self.state = state

    def __missing__(self, key: str) -> Any:
        value = self.host[key]
        kind = value.__class__
        # The usual kinds are taken in here, because this runs for every variable of a condition.
        if kind is int and -_EXACT < value < _EXACT:
            value = Decimal(value)
        elif kind is not bool and (kind is not str or len(value) > MAX_STRING):
            value = to_feel(value)
        self[key] = value
        return value

    def raw(self, key: str) -> Any:
        """The value as the host keeps it, for a path that needs a part of it only."""
        return self.host[key] if key not in self else self[key]


class Local(dict[str, Any]):
    """Names that an expression itself gives, above another scope."""

    __slots__ = ("parent", "state")

    def __init__(self, parent: "Scope", state: State) -> None:
        self.parent = parent
        self.state = state

    def __missing__(self, key: str) -> Any:
        return self.parent[key]

    def raw(self, key: str) -> Any:
        """The value as the host keeps it, unless the expression itself gives the name."""
        return self[key] if key in self else self.parent.raw(key)


Scope = Root | Local
Closure = Callable[[Scope], Any]
EMPTY: Mapping[str, Any] = {}
