"""What an evaluation gives back: outputs, the trace that explains them, and warnings."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from workflows.feel.bounds import MAX_WARNINGS, State
from workflows.texts import catalogue, sentence


class DecisionWarning(NamedTuple):
    """Why something is null; `element` is the id in the document, `cell` a place inside it."""

    code: str
    params: dict[str, Any]
    position: int
    element: str
    cell: str | None

    def text(self, language: str) -> str:
        """The sentence that says it."""
        for package in ("workflows.dmn", "workflows.feel", "workflows"):
            if self.code in catalogue(package, language):
                return sentence(package, language, self.code, self.params)
        return self.code


class DecisionState(State):
    """The state of an evaluation of a document: also where warnings arose, and the trace."""

    __slots__ = ("located", "steps_of")

    def __init__(self) -> None:
        super().__init__()
        self.located: list[DecisionWarning] = []
        self.steps_of: list[Callable[[], dict[str, Any]]] = []

    def locate(self, element: str, cell: str | None = None) -> None:
        """Say of the warnings that came up since the last time where they arose."""
        for code, params, position in self.warnings:
            if len(self.located) < MAX_WARNINGS:
                self.located.append(DecisionWarning(code, params, position, element, cell))
        self.warnings.clear()

    def report(self, code: str, element: str, cell: str | None = None, **params: Any) -> None:
        """A warning about the document itself rather than one of its expressions."""
        if len(self.located) < MAX_WARNINGS:
            self.located.append(DecisionWarning(code, params, 0, element, cell))


class Decision:
    """The answer to a decision.

    `outputs` is the value of the decision itself, as FEEL values; `trace` explains it: plain
    lists and dicts, one entry for each decision evaluated, in the order in which they were. The
    entry of a table holds its inputs and, for each rule, each cell with the value seen and whether
    it fits.
    """

    def __init__(
        self,
        outputs: Any,
        warnings: tuple[DecisionWarning, ...],
        steps: list[Callable[[], dict[str, Any]]],
    ) -> None:
        self.outputs = outputs
        self.warnings = warnings
        self._steps = steps

    @cached_property
    def trace(self) -> list[dict[str, Any]]:
        """Made when it is first asked for: most decisions are never looked at again."""
        return [step() for step in self._steps]

    def __repr__(self) -> str:
        return f"Decision(outputs={self.outputs!r}, warnings={len(self.warnings)})"
