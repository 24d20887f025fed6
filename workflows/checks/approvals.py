"""What the settings of an approval step say: how it is decided, by whom, and where nobody is."""

import re
from collections.abc import Callable, Mapping

from workflows.bpmn import Element
from workflows.checks.context import Context
from workflows.extensions import Setting, Settings
from workflows.manifest_reader import is_name
from workflows.timers import seconds

MODE = re.compile(r"all|any|sequential|count:[1-9]\d{0,2}|percent:([1-9]\d?|100)")
_LEVELS = re.compile(r"[1-9]\d?(-[1-9]\d?)?")
_WEIGHT = re.compile(r"[^:\s]+:[1-9]\d{0,2}")
_ROLES = frozenset({"requester", "agent", "manager", "process_owner", "administrator"})
_CHOICES = {
    "reject": frozenset({"first", "unreachable", "wait"}),
    "when_repeated": frozenset({"ask", "adjacent", "any"}),
    "when_initiator": frozenset({"ask", "pass", "manager", "admin"}),
    "when_left": frozenset({"manager", "admin", "skip"}),
    "resubmit": frozenset({"walk_again", "straight_back"}),
    "withdraw": frozenset({"any", "unacted", "never"}),
    "opinion": frozenset({"required"}),
    "signature": frozenset({"required"}),
    "on_timeout": frozenset({"remind", "agree", "reject", "expire", "transfer:manager"}),
}


def check(context: Context, path: str, element: Element, settings: Settings) -> None:
    """The approval settings of one step; a step that has none is no approval."""
    approval = settings.approval
    if not approval:
        return
    if "approval" not in approval:
        context.error(path, "approval-incomplete", element.id, missing="approval")
        return
    for name in ("approvers", "when_empty"):
        if name not in approval:
            context.error(path, "approval-incomplete", element.id, missing=name)
    check = _Check(context, path, element)
    check.literal(approval, "approval", lambda text: MODE.fullmatch(text) is not None)
    for name, allowed in _CHOICES.items():
        check.literal(approval, name, allowed.__contains__)
    check.literal(approval, "time_limit", lambda text: seconds(text) is not None)
    check.literal(
        approval, "weights", lambda text: all(_WEIGHT.fullmatch(one) for one in _parts(text, ","))
    )
    if "on_timeout" in approval and "time_limit" not in approval:
        context.warn(path, "approval-timeout-alone", element.id)
    check.people(approval, "approvers")
    check.people(approval, "cc")
    check.when_empty(approval)
    check.targets(approval)
    if settings.actions:
        context.warn(path, "approval-with-actions", element.id)


def _parts(text: str, separator: str) -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


class _Check:
    """The settings of one step against what the package and the installation have."""

    def __init__(self, context: Context, path: str, element: Element) -> None:
        self.context, self.path, self.element = context, path, element

    def literal(
        self, approval: Mapping[str, Setting], name: str, fits: Callable[[str], bool]
    ) -> None:
        """A setting that has to be of a form, unless it is worked out later."""
        setting = approval.get(name)
        if setting is not None and not setting.is_expression and not fits(setting.text):
            self._unreadable(name, setting.text)

    def _unreadable(self, name: str, value: str) -> None:
        self.context.error(
            self.path, "approval-unreadable", self.element.id, property=name, value=value[:60]
        )

    def people(self, approval: Mapping[str, Setting], name: str) -> None:
        """`users:a,b`, `group:k`, several with `;` between them."""
        setting = approval.get(name)
        if setting is None or setting.is_expression:
            return
        parts = _parts(setting.text, ";")
        if not parts:
            self._unreadable(name, setting.text)
        for part in parts:
            if not self._part(part):
                self._unreadable(name, part)

    def _part(self, text: str) -> bool:
        kind, colon, rest = text.partition(":")
        rest = rest.strip()
        if kind in ("previous", "department_head"):
            return not colon
        if not rest:
            return False
        if kind == "users":
            return self._known("user", rest)
        if kind == "group":
            return self._known("group", rest)
        if kind == "role":
            return rest in _ROLES
        if kind == "manager":
            return _LEVELS.fullmatch(rest) is not None
        if kind == "field":
            return self._field(rest)
        if kind == "decision":
            if rest not in self.context.package.decisions:
                self._say("approval-decision-unknown", decision=rest[:60])
            return True
        if kind == "choose":
            return self._field(f"{self.element.id}_approvers") and self._part(rest)
        return False

    def _field(self, key: str) -> bool:
        if not any(key in keys for keys in self.context.forms.values()):
            self._say("approval-field-unknown", field=key[:60])
        return True

    def _known(self, kind: str, text: str) -> bool:
        declared = self.context.package.manifest.groups if kind == "group" else {}
        known = self.context.known.groups if kind == "group" else self.context.known.users
        for name in _parts(text, ","):
            if (known is not None and name not in known and name not in declared) or (
                kind == "group" and not is_name(name)
            ):
                self._say(f"{kind}-unknown", name=name[:80])
        return True

    def when_empty(self, approval: Mapping[str, Setting]) -> None:
        """Who decides when nobody is found: never nobody, without saying so."""
        setting = approval.get("when_empty")
        if setting is None or setting.is_expression:
            return
        if setting.text not in ("admin", "pass", "reject") and not (
            setting.text.startswith("users:") and self._part(setting.text)
        ):
            self._unreadable("when_empty", setting.text)

    def targets(self, approval: Mapping[str, Setting]) -> None:
        """Elements that it may be returned to are there."""
        setting = approval.get("return_to")
        if setting is None or setting.is_expression or setting.text in ("any", "start"):
            return
        elements = {
            identity
            for document in self.context.package.documents.values()
            for process in document.processes
            for identity in process.elements
        }
        for one in _parts(setting.text, ","):
            if one != "start" and one not in elements:
                self._say("approval-target-unknown", target=one[:60])

    def _say(self, code: str, **params: str) -> None:
        self.context.error(self.path, code, self.element.id, **params)
