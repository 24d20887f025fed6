"""The rules of a version, compiled once: which facts matter, under which conditions, to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.deployments.catalogue import Loaded
from workflows import feel
from workflows.notifications import FILE, NAMES, Rule, Template, read_rules, templates

# What everybody is told unless a rule of the package speaks of the same fact to the same person.
_BY = ("inbox", "email")
DEFAULTS: Sequence[Rule] = (
    Rule("default-task", "task_opened", ("fact",), _BY),
    Rule("default-assigned", "task_assigned", ("fact",), _BY),
    Rule("default-comment", "comment_added", ("requester", "assignee", "watchers"), _BY),
    Rule("default-mention", "person_mentioned", ("fact",), _BY),
    Rule("default-approval", "approval_seat_opened", ("fact",), _BY),
    Rule("default-urged", "approval_urged", ("fact",), _BY),
    Rule("default-reminded", "approval_reminded", ("fact",), _BY),
    Rule("default-copied", "approval_copied", ("fact",), _BY),
    Rule("default-sla", "sla_step_fired", ("fact",), _BY),
    Rule("default-fallback", "fallback_used", ("fact",), _BY),
    Rule("default-stuck", "process_incident_opened", ("role:administrator",), _BY),
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The rules of a version by the kind of fact, its own before the default ones."""

    by_kind: Mapping[str, Sequence[Rule]]
    templates: Mapping[str, Mapping[str, Template]]
    names: frozenset[str]  # what expressions speak of

    def holds(self, rule: Rule, scope: Mapping[str, Any]) -> bool:
        """Whether a rule's condition is met; what is neither true nor false is not."""
        if rule.when is None:
            return True
        return feel.compile(rule.when, self.names).evaluate(scope).value is True


def of(version: Loaded) -> Compiled:
    """The rules of a version."""
    return version.derived(_compiled)


def _compiled(version: Loaded) -> Compiled:
    files = version.package.files
    own = read_rules(files[FILE])[0] if FILE in files else []
    by_kind: dict[str, list[Rule]] = {}
    for rule in (*own, *DEFAULTS):
        by_kind.setdefault(rule.on, []).append(rule)
    fields = {
        str(field["key"])
        for form in version.package.forms.values()
        for field in form.get("fields", ())
        if isinstance(field, dict) and "key" in field
    }
    return Compiled(by_kind, templates(files), NAMES | fields)
