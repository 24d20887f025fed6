"""What the properties of each step say: forms, people, status, buttons, access, operations."""

import re

from workflows.bpmn import Element, Process
from workflows.checks import approvals, routing
from workflows.checks.context import Context, Loaded
from workflows.extensions import ACCESS_LEVELS, Setting, Settings
from workflows.manifest_reader import LANGUAGE, is_name
from workflows.timers import seconds

# Fields that every ticket has, beside those of its forms.
TICKET_FIELDS = frozenset({"title", "description", "priority", "category", "requester"})
OUTCOMES = frozenset({"approved", "rejected", "returned", "withdrawn", "expired"})
_COUNT = re.compile(r"\d{1,2}\Z")
_ACTION = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")
# Which kinds a setting means something on; elsewhere it would be ignored.
_WORK = frozenset({"userTask", "manualTask"})
_SERVICES = frozenset({"serviceTask"})
_RESULTS = frozenset({"serviceTask", "businessRuleTask"})
_MESSAGES = frozenset(
    {
        "receiveTask",
        "sendTask",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "startEvent",
        "endEvent",
    }
)


def check(context: Context, loaded: Loaded, process: Process) -> None:
    """The settings of every element of a process."""
    for element in process.elements.values():
        settings = context.settings(element)
        _unknown(context, loaded.path, element, settings)
        _status(context, loaded.path, element, settings)
        if element.is_work:
            _work(context, loaded.path, element, settings)
        elif element.kind == "sendTask":
            if element.message is None:
                context.error(loaded.path, "message-missing", element.id)
        elif element.kind in _SERVICES:
            _service(context, loaded.path, element, settings)
        elif element.kind == "businessRuleTask":
            _decision(context, loaded.path, element)


def _unknown(context: Context, path: str, element: Element, settings: Settings) -> None:
    for name in settings.other:
        context.error(path, "property-unknown", element.id, property=name[:60])
    misplaced = []
    if element.kind not in _WORK:
        people = (settings.form, settings.groups, settings.users, settings.assignee)
        if any(people) or settings.actions or settings.access or settings.approval:
            misplaced.append("form, groups, users, assignee, actions, access, approval")
        if settings.due or settings.skills or settings.routing:
            misplaced.append(", ".join(("due, skills", *settings.routing)))
    if element.kind not in _SERVICES and settings.operation:
        misplaced.append("operation")
    if element.kind != "businessRuleTask" and settings.decision:
        misplaced.append("decision")
    if element.kind not in _MESSAGES and (settings.correlation or settings.payload):
        misplaced.append("correlation, payload")
    if element.kind not in _MESSAGES and settings.variable:
        misplaced.append("variable")
    if element.kind not in _RESULTS and settings.result:
        misplaced.append("result")
    if element.kind not in _SERVICES and settings.retries:
        misplaced.append("retries")
    for names in misplaced:
        context.error(path, "property-misplaced", element.id, properties=names, kind=element.kind)
    for language in (*settings.names, *settings.descriptions):
        if language and not LANGUAGE.match(language):
            context.error(path, "language-unknown", element.id, language=language[:40])


def _status(context: Context, path: str, element: Element, settings: Settings) -> None:
    status = settings.status
    if status is None or status.is_expression:
        return
    if status.text not in context.package.manifest.statuses:
        known = ", ".join(context.package.manifest.statuses)
        context.error(path, "status-unknown", element.id, status=status.text[:60], known=known)


def _work(context: Context, path: str, element: Element, settings: Settings) -> None:
    form = settings.form
    if form is not None and f"forms/{form}.json" not in context.package.files:
        context.error(path, "form-unknown", element.id, form=form[:60])
    _people(context, path, element, settings.groups, "group")
    _people(context, path, element, settings.users, "user")
    _people(context, path, element, settings.assignee, "user")
    for action in settings.actions:
        if not _ACTION.match(action.key):
            context.error(path, "action-unreadable", element.id, action=action.key[:60])
    _access(context, path, element, settings)
    _due(context, path, element, settings.due)
    approvals.check(context, path, element, settings)
    routing.check(context, path, element, settings)


def _people(
    context: Context, path: str, element: Element, setting: Setting | None, kind: str
) -> None:
    if setting is None:
        return
    declared = context.package.manifest.groups if kind == "group" else {}
    known = context.known.groups if kind == "group" else context.known.users
    for name in setting.items():
        if known is not None and name not in known and name not in declared:
            context.error(path, f"{kind}-unknown", element.id, name=name[:80])
        elif kind == "group" and not is_name(name):
            context.error(path, "group-unknown", element.id, name=name[:80])


def _access(context: Context, path: str, element: Element, settings: Settings) -> None:
    if settings.form is not None:
        fields = context.forms.get(settings.form, frozenset())
    else:
        fields = frozenset(key for keys in context.forms.values() for key in keys)
    for key, level in settings.access.items():
        if level not in ACCESS_LEVELS:
            context.error(path, "access-level-unknown", element.id, field=key, level=level[:40])
        every = any(key in keys for keys in context.forms.values())
        if key not in fields and key not in TICKET_FIELDS and key != "*":
            if not every:
                context.error(path, "field-unknown", element.id, field=key[:60])
            else:
                context.warn(path, "field-elsewhere", element.id, field=key[:60])


def _due(context: Context, path: str, element: Element, due: Setting | None) -> None:
    if due is not None and not due.is_expression and seconds(due.text) is None:
        context.error(path, "timer-duration-unreadable", element.id, text=due.text[:60])


def _service(context: Context, path: str, element: Element, settings: Settings) -> None:
    operation = settings.operation
    if operation is None:
        context.error(path, "operation-missing", element.id)
    elif not operation.startswith("=") and operation not in (
        [operation] if context.known.operations is None else context.known.operations
    ):
        context.error(path, "operation-unknown", element.id, operation=operation[:60])
    if settings.retries is not None and not _COUNT.match(settings.retries):
        context.error(path, "retries-unreadable", element.id, count=settings.retries[:40])


def _decision(context: Context, path: str, element: Element) -> None:
    if element.decision is None:
        context.error(path, "decision-missing", element.id)
    elif element.decision not in context.package.decisions:
        context.error(path, "decision-unknown", element.id, decision=element.decision[:60])
