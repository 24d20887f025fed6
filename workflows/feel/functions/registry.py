"""What a built-in function is: overloads with typed parameters, chosen by the arguments."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from workflows.feel.bounds import Problem, State
from workflows.feel.cursor import KNOWN_NAMES
from workflows.feel.values import KINDS, Function, Range, YearsMonths, kind, to_feel

_POINTS = frozenset({Decimal, str, date, time, datetime, timedelta, YearsMonths})
_CLASSES: dict[str, frozenset[type]] = {
    "number": frozenset({Decimal}),
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "date": frozenset({date}),
    "time": frozenset({time}),
    "date and time": frozenset({datetime}),
    "day": frozenset({date, datetime}),
    "days": frozenset({timedelta}),
    "duration": frozenset({timedelta, YearsMonths}),
    "measure": frozenset({Decimal, timedelta, YearsMonths}),
    "range": frozenset({Range}),
    "point": _POINTS,
    "point or range": _POINTS | {Range},
    "function": frozenset({Function}),
}
_ANY: frozenset[type] = frozenset()
_MISFIT = object()


class Parameter(NamedTuple):
    """One parameter; no classes means any value, null too."""

    name: str
    classes: frozenset[type]
    optional: bool
    many: bool


class Signature(NamedTuple):
    """One way to call a function."""

    text: str
    parameters: tuple[Parameter, ...]
    required: int
    body: Callable[..., Any]
    with_state: bool

    def bind(self, arguments: Sequence[Any]) -> list[Any] | None:
        """The arguments as the body takes them; None when they do not fit."""
        parameters = self.parameters
        found = len(arguments)
        if found < self.required:
            return None
        bound: list[Any] = []
        for at, parameter in enumerate(parameters):
            if parameter.many:
                rest = [_fit(value, parameter) for value in arguments[at:]]
                if any(value is _MISFIT for value in rest):
                    return None
                bound.append(rest)
                return bound
            if at >= found:
                bound.append(None)
                continue
            value = arguments[at]
            if parameter.classes and type(value) not in parameter.classes:
                value = _fit(value, parameter)
                if value is _MISFIT:
                    return None
            bound.append(value)
        return bound if found <= len(parameters) else None


def _fit(value: Any, parameter: Parameter) -> Any:
    """The value converted as DMN 1.5, 10.3.2.9.4 allows, or _MISFIT."""
    classes = parameter.classes
    if not classes or type(value) in classes:
        return value
    if value is None:
        return None if parameter.optional else _MISFIT
    if list in classes:
        return [value]
    if type(value) is list and len(value) == 1 and type(value[0]) in classes:
        return value[0]
    if type(value) is date and datetime in classes:
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return _MISFIT


class Builtin(Function):
    """A function with overloads and optional parameters."""

    __slots__ = ("signatures",)

    def __init__(self, name: str) -> None:
        super().__init__((), lambda arguments, state: None, name)
        self.signatures: list[Signature] = []

    def call(self, arguments: list[Any], state: State) -> Any:
        """Call the first overload that the arguments fit."""
        for signature in self.signatures:
            bound = signature.bind(arguments)
            if bound is not None:
                return (
                    signature.body(state, *bound)
                    if signature.with_state
                    else signature.body(*bound)
                )
        raise Problem(
            "wrong-arguments",
            function=self.name,
            expected=self.signatures[0].text,
            found=", ".join(kind(value) for value in arguments) or "-",
        )

    def call_named(self, arguments: dict[str, Any], state: State) -> Any:
        """Call the first overload that has these parameters."""
        # before(point, range) and before(range, point) have the same names: the order then tells.
        order = list(arguments)
        for signature in sorted(
            self.signatures, key=lambda one: [p.name for p in one.parameters] != order
        ):
            given = dict(arguments)
            ordered = [given.pop(p.name, None) for p in signature.parameters]
            missing = [
                p.name
                for p in signature.parameters[: signature.required]
                if p.name not in arguments
            ]
            if given or missing:
                continue
            if signature.parameters and signature.parameters[-1].many:
                last = ordered.pop()
                if signature.parameters[-1].name in arguments:
                    ordered.extend(last if type(last) is list else [last])
            bound = signature.bind(ordered)
            if bound is not None:
                return (
                    signature.body(state, *bound)
                    if signature.with_state
                    else signature.body(*bound)
                )
        raise Problem(
            "wrong-arguments",
            function=self.name,
            expected=self.signatures[0].text,
            found=", ".join(f"{name}: {kind(value)}" for name, value in arguments.items()) or "-",
        )


# A built-in is a function like any other where one is expected.
_CLASSES["function"] |= {Builtin}
KINDS[Builtin] = "function"

BUILTINS: dict[str, Builtin] = {}
_Body = Callable[..., Any]


def feel(signature: str, with_state: bool = False) -> Callable[[_Body], _Body]:
    """Declare a built-in: "substring(string: string, start position: number, length?: number)".

    A parameter with "?" may be left out or null, one with "..." takes the rest of the arguments.
    With `with_state` the body gets the state of the evaluation first, to pay for its work.
    """

    def declare(body: _Body) -> _Body:
        name, _, rest = signature.partition("(")
        parameters = tuple(_parameter(part) for part in rest.removesuffix(")").split(", ") if part)
        required = sum(not (parameter.optional or parameter.many) for parameter in parameters)
        entry = BUILTINS.setdefault(name, Builtin(name))
        entry.signatures.append(Signature(signature, parameters, required, body, with_state))
        if len(entry.signatures) == 1:
            entry.parameters = tuple(parameter.name for parameter in parameters)
        return body

    return declare


def _parameter(text: str) -> Parameter:
    name, _, type_name = text.partition(": ")
    classes = _ANY if type_name in ("any", "") else _CLASSES[type_name]
    bare = name.rstrip("?").rstrip(".")
    return Parameter(bare, classes, name.endswith("?"), name.endswith("..."))


def register(name: str, function: Callable[..., Any], parameters: Sequence[str] = ()) -> None:
    """Add a host function under a name; it takes FEEL values by position and gives a value back.

    What it raises becomes null with a warning. A name registered again is replaced.
    """

    def body(*arguments: Any) -> Any:
        try:
            return to_feel(function(*arguments))
        except Problem:
            raise
        except Exception as error:
            # A host function's failure must not take the process step down with it.
            raise Problem(
                "host-function-failed", function=name, reason=type(error).__name__
            ) from error

    KNOWN_NAMES.add(name)
    entry = BUILTINS[name] = Builtin(name)
    entry.parameters = tuple(parameters)
    made = tuple(Parameter(parameter, _ANY, False, False) for parameter in parameters)
    text = f"{name}({', '.join(parameters)})"
    entry.signatures.append(Signature(text, made, len(made), body, False))


def whole(value: Decimal, least: int = -(10**9), most: int = 10**9) -> int:
    """A number that must be whole enough to count with; Problem beyond the bounds."""
    if not least <= value <= most:
        raise Problem("number-out-of-range")
    return int(value)
