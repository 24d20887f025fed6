"""Tickets and tasks as the interface shows them: keys beside their labels in a language."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from api.http import instant
from api.texts import word
from engine.access import policy
from engine.access.names import in_language
from engine.access.policy import Actor, OnTask
from engine.deployments.catalogue import Loaded
from engine.processes.waiting import Opening
from engine.tickets.answers import form_of
from engine.tickets.queries import TASK_ACTIONS
from engine.tickets.scope import TicketScope
from forms import compiler
from forms.model import level
from workflows.texts import catalogue as texts


def status(version: Loaded, key: str, category: str, language: str) -> dict[str, str]:
    """A status with its category and label."""
    return {"key": key, "category": category, "label": version.label(key, language)}


def row(ticket: Any, version: Loaded, language: str) -> dict[str, Any]:
    """A ticket as a list shows it."""
    return {
        "number": ticket.number,
        "type": ticket.type,
        "type_name": version.name(language),
        "title": ticket.title,
        "status": status(version, ticket.status, ticket.category, language),
        "priority": ticket.priority,
        "requester": ticket.requester,
        "created_by": ticket.created_by,
        "assignee": ticket.assignee,
        "group": ticket.group_key,
        "created_at": instant(ticket.created_at),
        "updated_at": instant(ticket.updated_at),
        "closed_at": instant(ticket.closed_at) if ticket.closed_at else None,
        "version": version.version,
        "rev": ticket.rev,
    }


def element_name(version: Loaded, element: str | None, language: str) -> str | None:
    """What a step is called in a language; its id when it has no name."""
    if element is None:
        return None
    found = version.derived(_names).get(element)
    if found is None:
        return element
    drawn, others = found
    return others.get(language) or drawn or element


def _names(version: Loaded) -> dict[str, tuple[str | None, Mapping[str, str]]]:
    steps = version.steps
    return {
        element.id: (element.name, steps[element.id].names)
        for process in version.processes.values()
        for element in process.elements.values()
    }


def decisions(keys: Iterable[str], language: str) -> list[dict[str, str]]:
    """What can be done at an approval, as buttons."""
    return [{"key": key, "label": word(language, f"approval:{key}")} for key in keys]


def actions(version: Loaded, element: str, language: str) -> list[dict[str, str]]:
    """The buttons of a step in file order; in lists an approval has yes and no."""
    settings = version.steps.get(element)
    if settings is None:
        return []
    if settings.is_approval:
        return decisions(("agree", "reject"), language)
    usual = texts("api", language)
    return [
        {
            "key": action.key,
            "label": action.label.get(language)
            or usual.get(f"action.{action.key}")
            or next(iter(action.label.values()), action.key),
        }
        for action in settings.actions
    ]


def task(
    found: Any, number: str, version: Loaded, may: Sequence[str], language: str
) -> dict[str, Any]:
    """A task as lists show it; `found` has columns `task_…`."""
    return {
        "id": found.task_id,
        "ticket": number,
        "element": found.task_element,
        "name": element_name(version, found.task_element, language),
        "kind": found.task_kind,
        "status": found.task_status,
        "assignee": found.task_assignee,
        "candidates": (found.task_candidates or "").split(),
        "due": instant(found.task_due) if found.task_due else None,
        "created_at": instant(found.task_created_at),
        "item": found.task_item,
        "actions": actions(version, found.task_element, language),
        "may": list(may),
        "rev": found.task_rev,
    }


def may_on(actor: Actor, on: OnTask, open_: bool) -> list[str]:
    """What somebody may do with a task now."""
    if not open_:
        return []
    return policy.allowed(actor, TASK_ACTIONS, on)


def opened(
    opening: Opening, number: str, version: Loaded, at: Any, language: str
) -> dict[str, Any]:
    """A task that was opened a moment ago, without asking the database again."""
    element = opening.task.element
    return {
        "id": opening.task.id,
        "ticket": number,
        "element": element,
        "name": element_name(version, element, language),
        "kind": opening.task.kind,
        "status": "open",
        "assignee": opening.assignee,
        "candidates": list(opening.candidates),
        "due": instant(opening.due) if opening.due else None,
        "created_at": instant(at),
        "item": None,
        "actions": actions(version, element, language),
        "rev": 1,
    }


def with_form(shown: dict[str, Any], found: Any, version: Loaded, language: str) -> dict[str, Any]:
    """A task with its form as its worker may see it, and the answers so far."""
    form = form_of(version, found.task_element)
    settings = version.steps[found.task_element]
    access = settings.access
    shown["description"] = settings.descriptions.get(language) or settings.descriptions.get("")
    shown["access"] = dict(access)
    if form is None:
        return {**shown, "form": None, "values": {}}
    scope = TicketScope(partial(getattr, found))
    return {
        **shown,
        "form": compiler.visible(form, found.values, scope=scope, access=access),
        "values": compiler.readable(found.values, form, access),
    }


def answers(values: Mapping[str, Any], version: Loaded, staff: bool) -> dict[str, Any]:
    """The answers that somebody may read: colleagues all, others those that are theirs too.

    A requester's are the fields of the intake form and of the steps that are the requester's.
    """
    if staff:
        return dict(values)
    theirs = version.derived(_of_requester)
    return {key: value for key, value in values.items() if key in theirs}


def fields(version: Loaded, staff: bool) -> dict[str, Any] | None:
    """One form document with the fields of all forms, as far as somebody may read the answers."""
    found = version.derived(_all_fields if staff else _of_requester)
    return {"key": "all", "fields": list(found.values())} if found else None


def _all_fields(version: Loaded) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for form in version.forms.values():
        for field in form.raw.get("fields", []):
            merged.setdefault(field["key"], field)
    return merged


def _of_requester(version: Loaded) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    own = [
        (step.form, step.access)
        for step in version.steps.values()
        if step.form and step.assignee and step.assignee.text == "=ticket.requester"
    ]
    for key, access in [(version.manifest.intake, {}), *own]:
        if key is None or key not in version.forms:
            continue
        for field in version.forms[key].raw.get("fields", []):
            if level(access, field["key"]) != "hide":
                merged.setdefault(field["key"], field)
    return merged


def progress(version: Loaded, current: str, language: str) -> list[dict[str, str]]:
    """The steps of the portal's progress bar: done, current, to do."""
    steps = version.manifest.progress
    here = next((i for i, step in enumerate(steps) if current in step.statuses), None)
    ended = version.manifest.statuses[current].category in ("closed", "cancelled")
    shown = []
    for index, step in enumerate(steps):
        state = "todo"
        if here is not None and (index < here or (index == here and ended)):
            state = "done"
        elif index == here:
            state = "current"
        shown.append({"label": in_language(step.labels, language, ""), "state": state})
    return shown


def fact(entry: Any, version: Loaded, language: str) -> dict[str, Any]:
    """One fact of the history."""
    data = dict(entry.data or {})
    if entry.kind == "status_changed":
        for side in ("before", "after"):
            if data.get(side):
                data[f"{side}_label"] = version.label(data[side], language)
    if entry.kind == "task_completed" and data.get("action"):
        labels = {one["key"]: one["label"] for one in actions(version, entry.element, language)}
        decided = word(language, f"approval:{data['action']}") if "agree" in labels else None
        data["action_label"] = labels.get(data["action"], decided or data["action"])
    return {
        "seq": entry.seq,
        "at": instant(entry.at),
        "actor": entry.actor,
        "kind": entry.kind,
        "element": entry.element,
        "element_name": element_name(version, entry.element, language),
        "data": data,
    }


def usernames(rows: Iterable[Any]) -> set[str]:
    """Everybody whom some tickets name."""
    return {name for one in rows for name in (one.requester, one.assignee) if name}
