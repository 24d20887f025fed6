"""Every FEEL text of a process: conditions, timers, settings, loops and script lines."""

import re
from collections.abc import Iterator

from workflows.bpmn import Element, Process
from workflows.checks.context import Context, Loaded
from workflows.checks.events import timer_text
from workflows.checks.raw import looks_like_code
from workflows.checks.steps import OUTCOMES
from workflows.extensions import Setting, Settings
from workflows.scripts import ScriptError, read_script
from workflows.texts import sentence

_COMPARED = re.compile(
    r"\b(\w+)_(action|outcome)\s*(?:!?=\s*(\"[^\"]*\")|in\s*\(([^()]*)\)|in\s+(\"[^\"]*\"))"
)
_PLACEHOLDER = re.compile(r"[$#]\{")
_TEXT = re.compile(r'"([^"]*)"')


def check(context: Context, loaded: Loaded, process: Process) -> None:
    """What does not parse, is code of another language, or speaks of what is not there."""
    for flow in process.flows.values():
        if flow.condition is None:
            continue
        if _feel(context, loaded.path, flow.id, "condition", flow.condition):
            _compared(context, loaded.path, process, flow.id, flow.condition)
    for element in process.elements.values():
        for place, text in _texts(element, context.settings(element)):
            _feel(context, loaded.path, element.id, place, text)
        for place, text in _literals(context.settings(element)):
            if _PLACEHOLDER.search(text):
                _code(context, loaded.path, element.id, place, text)
        if element.kind == "scriptTask":
            _script(context, loaded.path, element)


def _texts(element: Element, settings: Settings) -> Iterator[tuple[str, str]]:
    """The expressions of an element, each with its place."""
    for event in element.events:
        if event.kind == "timer" and event.text:
            text, is_expression = timer_text(event)
            if is_expression and text:
                yield "timer", text
        elif event.kind == "conditional" and event.text:
            yield "condition", event.text
    loop = element.loop
    if loop is not None:
        for place, part in (
            ("loop condition", loop.condition),
            ("cardinality", loop.cardinality),
            ("collection", loop.collection),
            ("completion condition", loop.completion),
        ):
            if part:
                yield place, part
    named: list[tuple[str, Setting | None]] = [
        ("groups", settings.groups),
        ("users", settings.users),
        ("assignee", settings.assignee),
        ("status", settings.status),
        ("due", settings.due),
        ("skills", settings.skills),
        ("correlation", settings.correlation),
        ("payload", settings.payload),
        *((f"in.{name}", setting) for name, setting in settings.given.items()),
        *((f"out.{name}", setting) for name, setting in settings.taken.items()),
        *settings.parameters.items(),
        *settings.approval.items(),
        *settings.routing.items(),
    ]
    for place, setting in named:
        if setting is not None and setting.is_expression:
            yield place, setting.expression


def _literals(settings: Settings) -> Iterator[tuple[str, str]]:
    """The plain texts that name people, states and times: no place for another language."""
    for place, setting in (
        ("groups", settings.groups),
        ("users", settings.users),
        ("assignee", settings.assignee),
        ("status", settings.status),
        ("due", settings.due),
        ("correlation", settings.correlation),
        *settings.approval.items(),
        *settings.routing.items(),
    ):
        if setting is not None and not setting.is_expression:
            yield place, setting.text


def _script(context: Context, path: str, element: Element) -> None:
    if not (element.script or "").strip():
        context.error(path, "script-empty", element.id)
        return
    try:
        lines = read_script(element.script or "")
    except ScriptError as error:
        context.error(path, error.code, element.id, line=error.line)
        return
    for line in lines:
        _feel(context, path, element.id, f"line {line.line}", line.expression)


def _code(context: Context, path: str, element: str, place: str, text: str) -> None:
    params = {"text": text[:120], "place": place}
    context.at("error", path, "expression-is-code", element, place, **params)


def _feel(context: Context, path: str, element: str, place: str, text: str) -> bool:
    """Looks at one expression; False when there is no room left for it."""
    from workflows import feel

    if not context.spend(path, element, text):
        return False
    if looks_like_code(text):
        _code(context, path, element, place, text)
        return True
    problems = feel.check(text, context.names)
    for code, params, position in problems[:3]:
        context.at(
            "error",
            path,
            "expression-unreadable",
            element,
            place,
            text=text[:120],
            place=place,
            position=position,
            reason=code,
            reason_zh=sentence("workflows.feel", "zh-CN", code, params),
            reason_en=sentence("workflows.feel", "en", code, params),
        )
    if problems:
        return True
    if context.brings_unknown_names:
        return True
    for name in sorted(feel.compile(text, context.names).names - context.names):
        context.at("warning", path, "name-unknown", element, place, name=name[:80], place=place)
    return True


def _compared(context: Context, path: str, process: Process, flow: str, text: str) -> None:
    """Buttons and outcomes that a condition speaks of have to exist on their step."""
    for step, what, *values in _COMPARED.findall(text):
        element = process.elements.get(step)
        if element is None or not element.is_work:
            continue
        buttons = {action.key for action in context.settings(element).actions}
        for value in _TEXT.findall(" ".join(values)):
            if what == "action" and value not in buttons:
                context.error(path, "action-unknown", flow, action=value[:60], step=step)
            elif what == "outcome" and value not in OUTCOMES:
                context.error(path, "outcome-unknown", flow, outcome=value[:60], step=step)
