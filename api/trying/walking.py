"""An executable example walked in a sandbox: the first difference from what it expects.

The form of an example is said in docs/versions.md; its people are those it declares and stand-ins
such as `group:it_support`, so that it comes out the same in every installation.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.trying.sandbox import VIEWER, Refused, Sandbox, duration

REQUESTER = "role:requester"


def walk(sandbox: Sandbox, request: Mapping[str, Any]) -> dict[str, Any] | None:
    """Walks an example from the beginning; None when all is as expected."""
    example = request["example"]
    given = example.get("given", {})
    people = [{"username": name, **facts} for name, facts in given.get("people", {}).items()]
    departments = sorted({one["department"] for one in people if one.get("department")})
    described = {"people": people, "departments": [{"key": key} for key in departments]}
    sandbox.open(request["files"], request["others"], described, given.get("at"))
    place: int | str = 0
    try:
        ticket = {key: given[key] for key in ("title", "values", "priority") if key in given}
        sandbox.start(given.get("requester", REQUESTER), **{"title": request["name"], **ticket})
        for place, step in enumerate(example.get("steps", []), 1):
            found = _step(sandbox, step)
            if found is not None:
                return {"step": place, **found}
        place = "end"
        found = _compare(sandbox, example.get("expect", {}))
    except Refused as refused:
        return {"step": place, "what": "refused", "expected": "", "found": _said(refused.answer)}
    return None if found is None else {"step": place, **found}


def _step(sandbox: Sandbox, step: Mapping[str, Any]) -> dict[str, Any] | None:
    if "advance" in step:
        sandbox.advance(duration(step["advance"]))
    expected = step.get("expect", {})
    found = _compare(sandbox, expected)
    if found is not None or "do" not in step:
        return found
    doing = step["do"]
    element = doing.get("element", expected.get("element"))
    tasks = [one for one in _ticket(sandbox)["tasks"] if element in (None, one["element"])]
    if not tasks:
        return {"what": "element", "expected": element or "", "found": "", "element": element}
    values, action = doing.get("values", {}), doing.get("action")
    sandbox.complete(tasks[0]["id"], doing.get("by"), values, action)
    return None


def _compare(sandbox: Sandbox, expected: Mapping[str, Any]) -> dict[str, Any] | None:
    """The first thing that is not as expected."""
    if not expected:
        return None
    ticket = _ticket(sandbox)
    facts = sandbox.history() if {"path", "breached"} & expected.keys() else []
    elements = [task["element"] for task in ticket["tasks"]]
    candidates = [one for task in ticket["tasks"] for one in task["candidates"]]
    groups = [one.removeprefix("group:") for one in candidates if one.startswith("group:")]
    for what, wanted in expected.items():
        if what == "element":
            found: Any = wanted if wanted in elements else elements
        elif what == "group":
            found = wanted if wanted in groups else groups
        elif what == "status":
            found = ticket["status"]["key"]
        elif what == "path":
            found = path(facts)
        elif what == "breached":
            found, wanted = breached(facts), sorted(wanted)
        elif what == "values":
            found = {key: ticket["values"].get(key) for key in wanted}
        else:
            found = ticket.get(what)
        if found != wanted:
            return {
                "what": what,
                "expected": shown(wanted),
                "found": shown(found),
                "element": expected.get("element") or next(iter(elements), None),
            }
    return None


def _ticket(sandbox: Sandbox) -> dict[str, Any]:
    found: dict[str, Any] = sandbox.call(VIEWER, "GET", f"/tickets/{sandbox.number}")
    return found


def path(facts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The steps that were opened, in order."""
    return [fact["element"] for fact in facts if fact["kind"] == "task_opened"]


def breached(facts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The goals that were missed."""
    kept = {fact["data"].get("metric") for fact in facts if fact["kind"] == "sla_breached"}
    return sorted(one for one in kept if one)


def shown(value: Any) -> str:
    """A value as a sentence can hold it."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(one) for one in value)[:300]
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {one}" for key, one in value.items())[:300]
    return "" if value is None else str(value)[:300]


def _said(answer: Mapping[str, Any]) -> str:
    errors = [f"{one['pointer']}: {one['detail']}" for one in answer.get("errors", ())]
    return "; ".join([str(answer.get("detail") or answer.get("code")), *errors])[:300]
