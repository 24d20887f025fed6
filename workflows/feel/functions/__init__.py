"""The built-in functions of DMN 1.5, 10.3.4, by name; the host may add its own."""

from workflows.feel.functions import (  # noqa: F401 - importing a module registers its functions
    contexts,
    conversion,
    dates,
    lists,
    numbers,
    ranges,
    statistics,
    strings,
)
from workflows.feel.functions.registry import BUILTINS, Builtin, register

__all__ = ["BUILTINS", "Builtin", "register"]
