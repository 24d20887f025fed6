"""A tree into Python closures, once; the closures take a scope and give a value."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from workflows.feel import tree
from workflows.feel.functions import BUILTINS
from workflows.feel.members import member
from workflows.feel.scope import Closure, Scope
from workflows.feel.types import Lookup
from workflows.feel.values import to_feel

Form = Callable[["Compiler", Any], Closure]
FORMS: dict[type[tree.Node], Form] = {}


def form(node: type[tree.Node]) -> Callable[[Form], Form]:
    """Declare how one kind of node is compiled."""

    def declare(function: Form) -> Form:
        FORMS[node] = function
        return function

    return declare


class Compiler:
    """Compiles one tree and notes which names it takes from outside."""

    def __init__(
        self, declared: frozenset[str] = frozenset(), lookup: Lookup | None = None
    ) -> None:
        self.declared = declared
        self.lookup: Lookup = lookup or (lambda name: None)
        self.locals: list[frozenset[str]] = []
        self.filters = 0
        self.free: set[str] = set()
        self.maybe: set[str] = set()

    def compile(self, node: tree.Node) -> Closure:
        """The closure of a node."""
        return FORMS[type(node)](self, node)

    def compile_all(self, nodes: tuple[tree.Node, ...]) -> list[Closure]:
        """The closures of several nodes."""
        return [self.compile(node) for node in nodes]

    @contextmanager
    def scope(self, *names: str) -> Iterator[None]:
        """Compile what is inside with these local names."""
        self.locals.append(frozenset(names))
        yield
        self.locals.pop()

    def is_local(self, name: str) -> bool:
        """Whether the expression itself gives the name."""
        return any(name in names for names in self.locals)

    def use(self, name: str) -> None:
        """Note a name that is used; inside a filter it may be a field of the element."""
        if not self.is_local(name):
            (self.maybe if self.filters else self.free).add(name)


@form(tree.Literal)
def _literal(compiler: Compiler, node: tree.Literal) -> Closure:
    value = node.value
    return lambda scope: value


@form(tree.Name)
def _name(compiler: Compiler, node: tree.Name) -> Closure:
    name, at = node.name, node.at
    builtin = BUILTINS.get(name)
    if builtin is None or name in compiler.declared:
        compiler.use(name)

    def read(scope: Scope) -> Any:
        try:
            return scope[name]
        except KeyError:
            found = BUILTINS.get(name)
            if found is None:
                scope.state.warn("unknown-name", at, name=name)
            return found

    return read


@form(tree.Path)
def _path(compiler: Compiler, node: tree.Path) -> Closure:
    names = [(node.name, node.at)]
    base = node.base
    while isinstance(base, tree.Path):
        names.append((base.name, base.at))
        base = base.base
    names.reverse()
    if isinstance(base, tree.Name) and not compiler.is_local(base.name):
        compiler.use(base.name)
        return _raw_path(base, names)
    inner = compiler.compile(base)

    def walk(scope: Scope) -> Any:
        value = inner(scope)
        for name, at in names:
            value = member(value, name, scope.state, at)
        return value

    return walk


def _raw_path(base: tree.Name, names: list[tuple[str, int]]) -> Closure:
    """A path from a variable of the host: only the part it leads to is converted."""
    root, root_at = base.name, base.at

    def walk(scope: Scope) -> Any:
        try:
            value = scope.raw(root)
        except KeyError:
            scope.state.warn("unknown-name", root_at, name=root)
            return None
        for name, at in names:
            if not isinstance(value, Mapping):
                value = to_feel(value)
            value = member(value, name, scope.state, at)
        return to_feel(value)

    return walk
