"""Decisions: DMN 1.1 to 1.5 documents read, checked, changed and evaluated."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from workflows.dmn.evaluation import evaluate
from workflows.dmn.program import Program
from workflows.dmn.reader import read
from workflows.dmn.results import Decision, DecisionState, DecisionWarning
from workflows.documents import DocumentError
from workflows.feel.expression import STOPPED, stopped
from workflows.feel.values import measure

__all__ = ["Decision", "DecisionWarning", "compiled", "evaluate_decision", "read"]

_KEPT = 200
_programs: OrderedDict[bytes, Program] = OrderedDict()
_lock = Lock()


def compiled(data: bytes) -> Program:
    """The compiled document, kept by the hash of its bytes; DocumentError when it is not DMN."""
    key = hashlib.sha256(data).digest()
    with _lock:
        found = _programs.get(key)
        if found is not None:
            _programs.move_to_end(key)
            return found
    found = Program(read(data))
    with _lock:
        _programs[key] = found
        while len(_programs) > _KEPT:
            _programs.popitem(last=False)
    return found


def evaluate_decision(
    xml: bytes, decision: str, context: Mapping[str, Any] | None = None
) -> Decision:
    """Evaluate a decision, decision service or business knowledge model, by id or by name.

    Never raises for what the document or the context says: what has no value is None, and the
    warnings tell why and where.
    """
    state = DecisionState()
    outputs = None
    try:
        outputs = evaluate(compiled(xml), decision, context or {}, state)
        measure(outputs, {})
    except DocumentError as error:
        state.report(error.code, "", **error.params)
    except STOPPED as error:
        outputs = None
        stopped(error, state)
        state.locate("")
    return Decision(outputs, tuple(state.located), state.steps_of)
