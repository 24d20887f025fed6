"""What the reader of a step may see of a form and of its values."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from forms import logic
from forms.fields import KINDS
from forms.model import Expression, Field, Form, Refused, level
from forms.plans import compile_form, options_of, typed

_CONDITIONS = ("shown", "required", "read_only")


def readable(values: Mapping[str, Any], form: Form, access: Mapping[str, str]) -> dict[str, Any]:
    """The values of the form's fields without those that the step hides."""
    return {
        key: values[key] for key in form.fields if key in values and level(access, key) != "hide"
    }


def visible(
    form: Form, values: Mapping[str, Any], scope: Mapping[str, Any], access: Mapping[str, str]
) -> dict[str, Any]:
    """The document for a step's reader; see `compiler.visible`."""
    shown = {key for key in form.fields if level(access, key) != "hide"}
    view = _View(form, values, scope, shown)
    document = dict(form.raw)
    document["fields"] = [
        view.field(form.fields[raw["key"]], raw, level(access, raw["key"]) == "read")
        for raw in form.raw["fields"]
        if raw["key"] in shown
    ]
    if "layout" in document:
        document["layout"] = _layout(document["layout"], shown)
    if "examples" in document:
        document["examples"] = [
            {**item, "values": {k: v for k, v in item["values"].items() if k in shown}}
            for item in document["examples"]
        ]
    return document


class _View:
    """Replaces what a reader cannot work out by its result."""

    def __init__(
        self, form: Form, values: Mapping[str, Any], scope: Mapping[str, Any], shown: set[str]
    ) -> None:
        self.form, self.values, self.outer, self.shown = form, values, scope, shown
        self.outside = (frozenset(scope) | frozenset(form.fields)) - shown
        self.shadowing = compile_form(form).shadowing | logic.builtin_names(scope)

    @cached_property
    def scope(self) -> dict[str, Any]:
        """What expressions see; only worked out for a form that needs it."""
        plans = compile_form(self.form).plans
        return {
            **self.outer,
            **{plan.item.key: typed(plan, self.values.get(plan.item.key)) for plan in plans},
        }

    def field(self, item: Field, raw: Mapping[str, Any], read: bool) -> dict[str, Any]:
        """A field's document with constants where rules read what this reader may not see."""
        seen = dict(raw)
        for setting in _CONDITIONS:
            rule = getattr(item, setting)
            if isinstance(rule, Expression) and self.is_outside(rule.text):
                seen[setting] = logic.holds(rule, self.scope, self.shadowing)
        for setting in ("min", "max"):
            text = raw.get(setting)
            if isinstance(text, str) and text.startswith("=") and self.is_outside(text[1:]):
                seen.pop(setting)
                self.put(seen, setting, item, text[1:])
        if isinstance(item.default, Expression) and self.is_outside(item.default.text):
            seen.pop("default")
            self.put(seen, "default", item, item.default.text)
        if isinstance(item.options, Expression) and self.is_outside(item.options.text):
            result = self.value(item.options.text)
            seen["options"] = [
                {"value": one.value, "label": dict(one.label)} for one in options_of(item, result)
            ]
        if isinstance(item.computed, Expression) and self.is_outside(item.computed.text):
            seen.pop("computed")
            seen["read_only"] = True
        if item.demands:
            seen["rules"] = [r for r in raw["rules"] if not self.is_outside(r["check"][1:])]
        if item.columns:
            seen["columns"] = [
                self.column(item.columns[one["key"]], one, item.columns) for one in raw["columns"]
            ]
        if read and KINDS[item.kind].holds_value:
            seen["read_only"] = True
        return seen

    def column(
        self, item: Field, raw: Mapping[str, Any], columns: Mapping[str, Field]
    ) -> dict[str, Any]:
        """A column: a rule that reads both the row and what is not seen is left to the server."""
        row_free = not any(
            logic.names_in(text, self.shadowing) & columns.keys() and self.is_outside(text, columns)
            for _, text in logic.expressions(item)
        )
        inner = _View(self.form, self.values, self.outer, self.shown)
        inner.outside = self.outside - columns.keys()
        if row_free:
            return inner.field(item, raw, False)
        rules = {setting for setting, text in logic.expressions(item) if inner.is_outside(text)}
        return {setting: value for setting, value in raw.items() if setting not in rules}

    def is_outside(self, text: str, columns: Mapping[str, Field] | None = None) -> bool:
        """Whether an expression reads anything but the visible fields (and the row's columns)."""
        outside = self.outside - columns.keys() if columns else self.outside
        return not logic.names_in(text, self.shadowing).isdisjoint(outside)

    def value(self, text: str) -> Any:
        """What an expression gives here."""
        return logic.evaluate(text, self.scope, self.shadowing)

    def put(self, seen: dict[str, Any], setting: str, item: Field, text: str) -> None:
        """The JSON form of a worked-out value, if it has one."""
        try:
            result = logic.to_json(self.value(text), 12)
        except Refused:
            return
        if result is not None:
            seen[setting] = result


def _layout(items: Any, shown: set[str]) -> list[Any]:
    """The layout without what is not shown, and without groups and tabs that are empty then."""
    kept: list[Any] = []
    for item in items:
        if isinstance(item, str):
            if item in shown:
                kept.append(item)
        elif "row" in item:
            row = _layout(item["row"], shown)
            if row:
                kept.append({**item, "row": row})
        elif "tabs" in item:
            tabs = [{**tab, "items": _layout(tab["items"], shown)} for tab in item["tabs"]]
            if any(tab["items"] for tab in tabs):
                kept.append({**item, "tabs": [tab for tab in tabs if tab["items"]]})
        else:
            inner = _layout(item["items"], shown)
            if inner:
                kept.append({**item, "items": inner})
    return kept
