"""Form files of other tools: form-js (Camunda), Flowable's JSON, JSON Schema (SpiffWorkflow)."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from workflows.importing.draft import Draft, label
from workflows.importing.fields import choice, field, field_key, is_constant

MAX_COMPONENTS = 500
MAX_OPTIONS = 200
_JS = {
    "textfield": "text",
    "textarea": "textarea",
    "number": "number",
    "checkbox": "boolean",
    "radio": "choice",
    "select": "choice",
    "checklist": "choices",
    "taglist": "choices",
    "datetime": "date",
    "filepicker": "attachment",
    # Flowable
    "text": "text",
    "multi-line-text": "textarea",
    "integer": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "dropdown": "choice",
    "radio-buttons": "choice",
    "people": "user",
    "functional-group": "group",
    "upload": "attachment",
}
_READ_ALOUD = frozenset({"text", "html", "headline", "headline-with-line", "hyperlink"})
_SILENT = frozenset({"button", "separator", "spacer", "image", "iframe", "horizontal-line"})


def fields(document: dict[str, Any], draft: Draft, node: etree._Element) -> list[dict[str, Any]]:
    """The fields of a form document; each thing left out is said."""
    if isinstance(document.get("properties"), dict):
        return list(_schema(document, draft, node))
    listed = document.get("components", document.get("fields"))
    return list(_components(listed if isinstance(listed, list) else [], draft, node))


def _components(listed: list[Any], draft: Draft, node: etree._Element) -> Iterator[dict[str, Any]]:
    pending, seen = list(reversed(listed)), 0
    while pending:
        item = pending.pop()
        seen += 1
        if seen > MAX_COMPONENTS:
            draft.lost(node, "field-dropped", field="…")
            return
        if not isinstance(item, dict):
            continue
        kind_name = str(item.get("type") or "")
        inner = item.get("components") or item.get("fields")
        if isinstance(inner, list):
            if kind_name == "dynamiclist":
                draft.ask(node, "field-kind-unknown", field=str(item.get("path")), kind=kind_name)
            pending.extend(reversed(inner))
            continue
        if isinstance(inner, dict):  # Flowable's columns: {"1": [fields], "2": [fields]}
            for part in reversed(list(inner.values())):
                pending.extend(reversed(part) if isinstance(part, list) else [])
            continue
        key = item.get("key") or item.get("id")
        if kind_name in _SILENT or not isinstance(key, str) or not key:
            if kind_name not in _SILENT and kind_name not in _READ_ALOUD:
                draft.lost(node, "field-dropped", field=str(item.get("label") or kind_name))
            continue
        if kind_name in _READ_ALOUD and (
            kind_name != "text" or "components" in item or "text" in item
        ):
            continue
        yield _component(item, key, kind_name, draft, node)


def _component(
    item: dict[str, Any], key: str, kind_name: str, draft: Draft, node: etree._Element
) -> dict[str, Any]:
    kind = _JS.get(kind_name)
    if kind is None:
        kind = "text"
        draft.ask(node, "field-kind-unknown", field=key, kind=kind_name)
    if kind_name == "datetime" and str(item.get("subtype")) in ("datetime", "time"):
        kind = str(item.get("subtype"))
    name = item.get("label") or item.get("name") or item.get("dateLabel")
    made = field(field_key(key), kind, name if isinstance(name, str) else key)
    if field_key(key) != key:
        draft.translated(node, "field-renamed", before=key, after=field_key(key))
    validate = item.get("validate")
    rules = validate if isinstance(validate, dict) else {}
    if rules.get("required") is True or item.get("required") is True:
        made["required"] = True
    if item.get("disabled") is True or item.get("readonly") is True or item.get("readOnly") is True:
        made["read_only"] = True
    for theirs, ours in (
        ("min", "min"),
        ("max", "max"),
        ("minLength", "min_length"),
        ("maxLength", "max_length"),
    ):
        _limit(made, ours, rules.get(theirs))
    if kind in ("choice", "choices"):
        _options(made, item.get("values") or item.get("options"), draft, node)
    if isinstance(item.get("description"), str) and item["description"].strip():
        made["help"] = label(item["description"])
    _default(made, item.get("defaultValue"))
    return made


def _schema(
    document: dict[str, Any], draft: Draft, node: etree._Element
) -> Iterator[dict[str, Any]]:
    """JSON Schema: an object of simple properties."""
    required = document.get("required")
    needed = required if isinstance(required, list) else []
    for key, item in list(document["properties"].items())[:MAX_COMPONENTS]:
        if not isinstance(item, dict):
            continue
        kind = _schema_kind(item)
        if kind is None:
            kind = "text"
            draft.ask(node, "field-kind-unknown", field=str(key), kind=str(item.get("type")))
        made = field(field_key(str(key)), kind, str(item.get("title") or key))
        if key in needed:
            made["required"] = True
        if kind in ("choice", "choices"):
            source = item.get("items") if kind == "choices" else item
            values = source.get("enum") if isinstance(source, dict) else None
            _options(made, values, draft, node)
        _limit(made, "min", item.get("minimum"))
        _limit(made, "max", item.get("maximum"))
        _limit(made, "min_length", item.get("minLength"))
        _limit(made, "max_length", item.get("maxLength"))
        _default(made, item.get("default"))
        yield made


def _schema_kind(item: dict[str, Any]) -> str | None:
    if isinstance(item.get("enum"), list):
        return "choice"
    kind = item.get("type")
    if kind == "array":
        inner = item.get("items")
        return "choices" if isinstance(inner, dict) and inner.get("enum") else None
    if kind == "string":
        formats = {"date": "date", "date-time": "datetime", "email": "email", "uri": "url"}
        return formats.get(str(item.get("format")), "text")
    return {"number": "number", "integer": "number", "boolean": "boolean"}.get(str(kind))


def _limit(made: dict[str, Any], name: str, limit: Any) -> None:
    if isinstance(limit, bool) or not isinstance(limit, int) or abs(limit) > 10**9:
        return
    if name in ("min", "max") and made["kind"] == "number":
        made[name] = limit
    elif made["kind"] == "text" and name.endswith("length"):
        least = 1 if name == "max_length" else 0
        if least <= limit <= 1000:
            made[name] = limit


def _options(made: dict[str, Any], values: Any, draft: Draft, node: etree._Element) -> None:
    found: dict[str, dict[str, Any]] = {}
    for value in values[:MAX_OPTIONS] if isinstance(values, list) else ():
        if isinstance(value, dict):
            written = value.get("value") or value.get("id") or value.get("name")
            name = value.get("label") or value.get("name")
            option = choice(str(written or ""), str(name) if name else None)
        else:
            option = choice(str(value), None)
        if option["value"]:
            found.setdefault(option["value"], option)
    if found:
        made["options"] = list(found.values())
    else:
        made["kind"] = "text"
        draft.ask(node, "field-without-options", field=made["key"])


def _default(made: dict[str, Any], default: Any) -> None:
    kind = made["kind"]
    if isinstance(default, bool):
        fits = kind == "boolean"
    elif isinstance(default, int):
        fits = kind == "number"
    else:
        fits = (
            isinstance(default, str) and kind in ("text", "choice") and is_constant(made, default)
        )
    if fits:
        made["default"] = default
