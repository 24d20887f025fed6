"""Trying out expressions and decisions while they are written: evaluated, never stored."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from engine.access.policy import Actor, require
from engine.deployments import catalogue, drafts, queries
from engine.errors import InvalidInput, NotFound
from workflows import dmn, feel
from workflows.dmn import Decision
from workflows.documents import DocumentError
from workflows.feel import FeelSyntaxError, Result
from workflows.packages import kind_of

MAX_NAMES = 10_000


def evaluate(actor: Actor, expression: str, context: Mapping[str, Any]) -> Result:
    """The value of an expression in a context, and why parts of it are null.

    A leading `=` is allowed. Raises InvalidInput (/expression) for what is not an expression.
    """
    require(actor, "evaluate")
    text = expression.strip().removeprefix("=")
    try:
        compiled = feel.compile(text, _names(context))
    except FeelSyntaxError as error:
        params = {**error.params, "position": error.position}
        raise InvalidInput.at("/expression", error.code, **params) from None
    return compiled.evaluate(context)


def decide(
    actor: Actor, document: bytes, decision: str | None, context: Mapping[str, Any]
) -> Decision:
    """What a decision of a DMN document comes to, and the trace that explains it.

    Without a name the only decision of the document is meant. Raises InvalidInput: /dmn for what is
    no DMN document, /decision for no name where there are several decisions.
    """
    require(actor, "evaluate")
    try:
        there = _decisions(document)
    except DocumentError as error:
        raise InvalidInput.at("/dmn", error.code, **error.params) from None
    if decision is None:
        if len(there) != 1:
            raise InvalidInput.at("/decision", "decision-not-said", decisions=", ".join(there[:20]))
        decision = there[0]
    return dmn.evaluate_decision(document, decision, context)


def of_version(actor: Actor, key: str, number: int | None, decision: str) -> bytes:
    """The document of a decision in a version, by default the newest; raises NotFound."""
    require(actor, "evaluate")
    if number is None:
        number = queries.definition(actor, key).latest
    info = queries.version(actor, key, number)
    found = catalogue.version(info.id).package.decisions.get(decision)
    if found is None:
        raise NotFound(kind="decision", id=decision[:80])
    return found[1]


def of_draft(actor: Actor, key: str, decision: str) -> bytes:
    """The document of a decision in a draft as it is; raises NotFound."""
    require(actor, "evaluate")
    for path, data in drafts.content(actor, key).items():
        with suppress(DocumentError):  # one that is not right yet hides no other
            if kind_of(path) == "decision" and decision in _decisions(data):
                return data
    raise NotFound(kind="decision", id=decision[:80])


def _decisions(document: bytes) -> list[str]:
    """The ids of the decisions in a document; raises DocumentError."""
    nodes = dmn.compiled(document).document.nodes.values()
    return [node.id for node in nodes if node.kind == "decision"]


def _names(context: Mapping[str, Any]) -> list[str]:
    """The names of a context, down to its inner contexts, that the grammar has to be told of."""
    found: set[str] = set()
    pending: list[Any] = [context]
    for _ in range(MAX_NAMES):
        if not pending:
            break
        value = pending.pop()
        if isinstance(value, dict):
            found.update(key for key in value if not key.isidentifier() or key in feel.BUILTINS)
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value[:50])
    return sorted(found)
