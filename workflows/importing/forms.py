"""Forms of other engines as documents of ours: embedded fields, form keys, form-js, JSON Schema."""

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from workflows.documents import BPMN, local, namespace
from workflows.importing import form_schemas
from workflows.importing.dialects import ENGINES, attribute, take
from workflows.importing.draft import Draft, get_property, label, set_property, slug
from workflows.importing.expressions import value
from workflows.importing.fields import choice, field, field_key, is_constant

_KINDS = {
    "string": "text",
    "text": "text",
    "multi-line-text": "textarea",
    "long": "number",
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "double": "number",
    "float": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "enum": "choice",
    "dropdown": "choice",
    "radio-buttons": "choice",
    "people": "user",
    "user": "user",
    "functional-group": "group",
    "group": "group",
    "upload": "attachment",
    "file": "attachment",
}
_LIMITS = {"min": "min", "max": "max", "minlength": "min_length", "maxlength": "max_length"}
MAX_FORM = 200_000
MAX_FIELDS = 200
_EXTERNAL = ("formKey", "formRef", "formHandlerClass", "formRefBinding", "formRefVersion")
_WORK = ("userTask", "manualTask")


def bring(draft: Draft) -> None:
    """The forms of every start event and of every step."""
    embedded = _in_the_file(draft)
    for process in draft.run:
        for node in list(process.iter(f"{{{BPMN}}}startEvent", *(f"{{{BPMN}}}{k}" for k in _WORK))):
            _form(draft, node, embedded)


def _form(draft: Draft, node: etree._Element, embedded: Mapping[str, bytes]) -> None:
    fields = _fields(draft, node)
    outside = [found for name in _EXTERNAL if (found := attribute(node, name))]
    for definition in take(node, "formDefinition"):
        keys = ("formId", "formKey", "externalReference")
        outside += [str(definition.get(key)) for key in keys if definition.get(key)]
    schema = get_property(node, "formJsonSchemaFilename")
    if schema:
        outside.append(schema)
    for reference in outside:
        data = embedded.get(reference.rpartition(":")[2]) or _beside(draft, reference)
        document = _document(data) if data is not None else None
        if document is not None:
            fields += form_schemas.fields(document, draft, node)
            draft.translated(node, "form-translated", form=reference)
        elif not reference.isdigit() and reference not in ("latest", "deployment", "versionTag"):
            draft.ask(node, "form-not-here", form=reference)
    if fields:
        _attach(draft, node, fields)


def _attach(draft: Draft, node: etree._Element, fields: list[dict[str, Any]]) -> None:
    unique: dict[str, dict[str, Any]] = {}
    for one in fields[:MAX_FIELDS]:
        unique.setdefault(one["key"], one)
    for left in fields[MAX_FIELDS:]:
        draft.lost(node, "field-dropped", field=left["key"])
    if local(node) == "startEvent":
        main = draft.run[0] if draft.run else None
        if node.getparent() is not main or draft.intake is not None:
            draft.lost(node, "start-form-dropped")
            return
        key = draft.form_key("intake")
        draft.intake = key
    else:
        key = draft.form_key(slug(node.get("name") or "") or slug(node.get("id") or "") or "form")
        set_property(node, "form", key)
    title = label(node.get("name") or "", key)
    draft.forms[key] = {"key": key, "title": title, "fields": list(unique.values())}
    draft.translated(node, "form-made", form=key, count=len(unique))


# --- fields in the file ----------------------------------------------------------------------


def _fields(draft: Draft, node: etree._Element) -> list[dict[str, Any]]:
    found = []
    for data in take(node, "formData"):
        found += [_form_field(draft, node, one) for one in data if local(one) == "formField"]
    for one in take(node, "formProperty"):
        made = _form_field(draft, node, one)
        if (one.get("writable") or "").strip() == "false":
            made["read_only"] = True
            made.pop("required", None)
        if (one.get("readable") or "").strip() == "false":
            draft.lost(node, "field-setting-dropped", field=made["key"], name="readable=false")
        found.append(made)
    return found


def _form_field(draft: Draft, node: etree._Element, one: etree._Element) -> dict[str, Any]:
    written = one.get("variable") or one.get("id") or one.get("name") or ""
    key = field_key(written)
    kind_name = (one.get("type") or "string").strip()
    kind = _KINDS.get(kind_name.lower())
    if kind is None:
        kind = "text"
        draft.ask(node, "field-kind-unknown", field=key, kind=kind_name)
    if key != written:
        draft.translated(node, "field-renamed", before=written, after=key)
    made = field(key, kind, one.get("label") or one.get("name") or written)
    values = [child for child in one if local(child) == "value"]
    if kind == "choice":
        options = [
            choice(child.get("id") or child.get("name") or "", child.get("name"))
            for child in values
        ]
        options = [option for option in options if option["value"]]
        if options:
            made["options"] = list({option["value"]: option for option in options}.values())
        else:
            made["kind"] = "text"
            draft.ask(node, "field-without-options", field=key)
    if (one.get("required") or "").strip() == "true":
        made["required"] = True
    default = one.get("defaultValue") or one.get("default") or one.get("expression")
    if default:
        _default(draft, node, made, default)
    for constraint in one.iter():
        if local(constraint) == "constraint":
            _constraint(draft, node, made, constraint)
    if one.get("datePattern"):
        draft.lost(
            node, "field-setting-dropped", field=key, name=f"datePattern={one.get('datePattern')}"
        )
    return made


def _default(draft: Draft, node: etree._Element, made: dict[str, Any], text: str) -> None:
    found = value(text)
    if found.feel is not None:
        made["default"] = f"= {found.feel}"
    elif found.literal is not None and is_constant(made, found.literal):
        made["default"] = _constant(made["kind"], found.literal)
    else:
        draft.lost(node, "field-setting-dropped", field=made["key"], name=f"default={text}")


def _constant(kind: str, text: str) -> Any:
    if kind == "boolean":
        return text.strip().lower() == "true"
    if kind == "number":
        number = float(text)
        return int(number) if number == int(number) else number
    return text


def _constraint(
    draft: Draft, node: etree._Element, made: dict[str, Any], constraint: etree._Element
) -> None:
    name, config = constraint.get("name") or "", (constraint.get("config") or "").strip()
    if name == "required":
        made["required"] = config != "false"
    elif name == "readonly":
        made["read_only"] = config != "false"
    elif (
        name in _LIMITS
        and re.fullmatch(r"-?\d{1,9}", config)
        and (name in ("min", "max")) == (made["kind"] == "number")
        and (name in ("min", "max") or (made["kind"] == "text" and 0 <= int(config) <= 1000))
    ):
        if not (name == "maxlength" and int(config) < 1):
            made[_LIMITS[name]] = int(config)
    else:
        draft.lost(node, "field-setting-dropped", field=made["key"], name=f"{name}={config}")


# --- documents -------------------------------------------------------------------------------


def _in_the_file(draft: Draft) -> dict[str, bytes]:
    """Camunda 8 keeps small forms as JSON inside the process: by the id of the form."""
    found: dict[str, bytes] = {}
    for process in draft.root.findall(f"{{{BPMN}}}process"):
        for form in take(process, "userTaskForm"):
            identity = form.get("id")
            if identity and namespace(form) in ENGINES:
                found[identity] = "".join(map(str, form.itertext())).encode("utf-8", "replace")
    return found


def _beside(draft: Draft, reference: str) -> bytes | None:
    """The form file beside the process that a reference names, by path, name or id in it."""
    name = PurePosixPath(reference.rpartition(":")[2]).name
    for path, data in draft.beside.items():
        pure = PurePosixPath(path)
        if pure.suffix not in (".form", ".json"):
            continue
        if name in (pure.name, pure.stem):
            return data
        found = _document(data)
        if found is not None and found.get("id") == name:
            return data
    return None


def _document(data: bytes) -> dict[str, Any] | None:
    if len(data) > MAX_FORM:
        return None
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
