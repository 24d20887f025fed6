"""Answers to a step's form, taken into the ticket's values, and the button that was pressed."""

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from engine.deployments.catalogue import Loaded
from engine.errors import InputError, InvalidInput
from engine.tickets import references
from engine.tickets.change import Change
from engine.tickets.scope import TicketScope
from forms import compiler
from forms.model import Form

PRIORITIES = ("P0", "P1", "P2", "P3", "P4")
MAX_TITLE = 300
_NOTHING: Mapping[str, Any] = {}


def choose(version: Loaded, element: str, action: str | None) -> str | None:
    """The button that is meant: the named one, or the only one; None for a step without buttons."""
    keys = [button.key for button in version.steps[element].actions]
    if action is None:
        if len(keys) > 1:
            raise InvalidInput.at("/action", "action-required", actions=", ".join(keys))
        return keys[0] if keys else None
    if action not in keys:
        raise InvalidInput.at("/action", "unknown-action", action=action, actions=", ".join(keys))
    return action


def form_of(version: Loaded, element: str) -> Form | None:
    """The form of a step; None when it asks nothing.

    A start asks anew what was asked there: what an approval has returned to it.
    """
    key = version.steps[element].form
    if key is None and element in version.derived(_starts):
        return version.intake
    return version.forms[key] if key else None


def _starts(version: Loaded) -> frozenset[str]:
    return frozenset(
        element.id
        for process in version.processes.values()
        for element in process.of_kind("startEvent")
        if element.parent is None
    )


def take(
    connection: Connection,
    change: Change,
    element: str,
    answers: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> None:
    """Judges the answers to a step and puts them into the ticket's values.

    `variables` are what the form's rules may read beside ticket and answers: those of the process,
    and the button that was pressed as `<element id>_action`.
    """
    form = form_of(change.version, element)
    if form is None:
        if answers:
            raise InvalidInput(
                [InputError(f"/values/{key}", "step-without-form") for key in sorted(answers)[:50]]
            )
        return
    access = change.version.steps[element].access
    judge(connection, change, form, answers, access, variables)


def judge(
    connection: Connection,
    change: Change,
    form: Form,
    answers: Mapping[str, Any],
    access: Mapping[str, str] = _NOTHING,
    variables: Mapping[str, Any] = _NOTHING,
) -> None:
    """Judges answers to a form and puts them into the values of the ticket being changed.

    Fields called `priority` and `title` are the ticket's own: their answers go there as well.
    Raises InvalidInput with a pointer for each field that does not fit.
    """
    before: dict[str, Any] = change.now("values")
    judged = compiler.judge(
        form,
        answers,
        scope=ChainMap(dict(variables), TicketScope(change.now)),  # type: ignore[arg-type]
        access=access,
        before=before,
        references=references.of(connection, change.actor, change.row),
    )
    if judged.errors:
        raise InvalidInput(
            [InputError(error.pointer, error.code, error.params) for error in judged.errors]
        )
    change.put("values", judged.merged(before))
    claimed = compiler.mentioned(form, judged.values).get("file", set())
    claimed -= compiler.mentioned(form, before).get("file", set())
    change.claims |= claimed
    _own_fields(change, judged.values)


def _own_fields(change: Change, values: Mapping[str, Any]) -> None:
    for column, fact in (("priority", "priority_changed"), ("title", "title_changed")):
        value = values.get(column)
        if not isinstance(value, str) or not value:
            continue
        if column == "priority" and value not in PRIORITIES:
            continue
        before = change.now(column)
        if change.put(column, value[:MAX_TITLE]):
            change.fact(fact, before=before, after=value[:MAX_TITLE])
