"""The service levels of a package: what `sla.toml` says, and whom and what it names."""

from workflows.checks.context import Context
from workflows.sla import FILE, NAMES, Condition, Step


def check(context: Context) -> None:
    """Everything that is wrong with the policies."""
    if FILE not in context.package.files:
        return
    document = context.package.sla
    context.add(document.findings)
    calendars = context.known.calendars
    elements = {
        element
        for loaded in context.loaded
        for process in loaded.document.processes
        for element in process.elements
    }
    for policy in document.policies:
        place = policy.place
        _condition(context, policy.when, f"{place}.when")
        _condition(context, policy.pause_if, f"{place}.pause_if")
        for element in policy.elements:
            if element not in elements:
                _error(context, "sla-element-unknown", f"{place}.element", element)
        for group in policy.groups:
            _person(context, f"{place}.group", f"group:{group}")
        _steps(context, policy.steps, place)
        for goal in policy.goals:
            _condition(context, goal.when, f"{goal.place}.when")
            _steps(context, goal.steps or (), goal.place)
            if calendars is not None and goal.calendar not in calendars:
                _error(context, "calendar-unknown", f"{goal.place}.calendar", goal.calendar)


def _condition(context: Context, condition: Condition | None, place: str) -> None:
    """A name that nothing sets is null: the condition would silently never hold."""
    if condition is None or context.brings_unknown_names:
        return
    for name in sorted(condition.expression.names - context.names - NAMES):
        context.at("warning", FILE, "name-unknown", place, place, name=name[:80], place=place)


def _steps(context: Context, steps: tuple[Step, ...], place: str) -> None:
    for number, step in enumerate(steps, 1):
        for who in step.notify:
            _person(context, f"{place}.steps[{number}].notify", who)
        if step.assign:
            _person(context, f"{place}.steps[{number}].assign", step.assign)


def _person(context: Context, place: str, who: str) -> None:
    """A group or a person that the installation does not have."""
    kind, _, name = who.partition(":")
    known = {"group": context.known.groups, "user": context.known.users}.get(kind)
    declared = kind == "group" and name in context.package.manifest.groups
    if known is not None and not declared and name not in known:
        _error(context, f"{kind}-unknown", place, name)


def _error(context: Context, code: str, place: str, name: str) -> None:
    context.error(FILE, code, place, name=name[:80], place=place)
