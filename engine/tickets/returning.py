"""Where an approval may send a ticket back to: completed steps that every way here goes through."""

from collections.abc import Mapping
from typing import Any

from engine.approvals.setting import Setting
from engine.deployments.catalogue import Loaded
from engine.errors import InvalidInput
from workflows.bpmn import Element, Process
from workflows.dominators import dominators

START = "start"


def targets(
    version: Loaded, element: str, visited: Mapping[str, Any], setting: Setting
) -> list[str]:
    """The ids of the elements that an approval may return to, the nearest first, the start last."""
    found = _where(version, element)
    if found is None:
        return []
    process, here = found
    allowed = setting.return_to
    listed = {part.strip() for part in allowed.split(",")}
    possible = []
    for identity in dominators(process, element):
        one = process.elements[identity]
        if one.parent != here.parent or identity == element:
            continue
        is_start = one.kind == "startEvent" and one.parent is None
        if not (is_start or one.is_work) or not visited.get(identity):
            continue
        if allowed == "any" or (is_start and START in listed) or identity in listed:
            possible.append(identity)
    return possible


def target(
    version: Loaded,
    element: str,
    visited: Mapping[str, Any],
    setting: Setting,
    wanted: str | None,
) -> str:
    """The element that is meant: one that is named, `start`, or the only one there is."""
    possible = targets(version, element, visited, setting)
    if wanted == START or (wanted is None and setting.return_to == START):
        wanted = next((one for one in possible if _is_start(version, one)), START)
    if wanted is None and len(possible) == 1:
        [wanted] = possible
    if wanted is None:
        raise InvalidInput.at("/target", "target-required", targets=", ".join(possible))
    if wanted not in possible:
        raise InvalidInput.at(
            "/target", "no-return-target", target=wanted[:80], targets=", ".join(possible)
        )
    return wanted


def _is_start(version: Loaded, identity: str) -> bool:
    return any(
        identity in process.elements and process.elements[identity].kind == "startEvent"
        for process in version.processes.values()
    )


def _where(version: Loaded, element: str) -> tuple[Process, Element] | None:
    for process in version.processes.values():
        if element in process.elements:
            return process, process.elements[element]
    return None
