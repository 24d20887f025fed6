"""Several approvals decided in one go, where nothing but yes or no is asked."""

from collections.abc import Sequence

from engine.access.policy import Actor
from engine.approvals.acting import Request
from engine.db import db
from engine.deployments.catalogue import Loaded
from engine.errors import EngineError, FormNeeded
from engine.tickets import approving, queries, rounds
from engine.tickets.answers import form_of
from forms.model import level

MAX_TASKS = 50
ACTIONS = ("agree", "reject")


def decide(
    actor: Actor, tasks: Sequence[str], action: str, comment: str | None
) -> list[tuple[str, EngineError | None]]:
    """Agrees to or rejects each, in a transaction of its own; what refused it, or None."""
    results: list[tuple[str, EngineError | None]] = []
    for task_id in dict.fromkeys(tasks):
        try:
            _refuse_forms(actor, task_id)
            approving.act(actor, task_id, Request(action, comment))
        except EngineError as refused:
            results.append((task_id, refused))
        else:
            results.append((task_id, None))
    return results


def _refuse_forms(actor: Actor, task_id: str) -> None:
    """A step that asks for answers or a signature is looked at one by one."""
    row, version, _ = queries.get_task(actor, task_id)
    ledger = rounds.load(db.session.connection(), row)
    signed = ledger is not None and ledger.main.setting.signature
    if signed or asks(version, row.task_element):
        raise FormNeeded(id=task_id, number=row.number)


def asks(version: Loaded, element: str) -> bool:
    """Whether the form of a step has, or may have, fields that must be filled in."""
    form = form_of(version, element)
    if form is None:
        return False
    access = version.steps[element].access
    return any(
        field.get("required") and level(access, field["key"]) == "edit"
        for field in form.raw.get("fields", ())
    )
