"""Scopes: the host's variables, converted when first used, and local names above them."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.feel.bounds import State
from workflows.feel.values import to_feel


class Root(dict[str, Any]):
    """The host's scope; a dict of what was fetched so far, so that a second look is cheap."""

    __slots__ = ("host", "state")

    def __init__(self, host: Mapping[str, Any], state: State) -> None:
        self.host = host
        self.state = state

    def __missing__(self, key: str) -> Any:
        value = self[key] = to_feel(self.host[key])
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
