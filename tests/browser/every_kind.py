"""A package whose one form has a field of every kind, for the browser tests."""

import io
import json
import zipfile
from typing import Any

# fmt: off
KINDS = [
    "text", "textarea", "richtext", "number", "money", "date", "time", "datetime", "date_range",
    "boolean", "choice", "choices", "cascade", "user", "group", "department", "phone", "email",
    "url", "id_number", "attachment", "photo", "signature", "location", "scan", "rating",
    "computed", "note", "table", "asset", "ticket",
]
# fmt: on
_OPTIONS = [
    {"value": value, "label": {"zh-CN": zh, "en": en}}
    for value, zh, en in (("a", "甲", "Alpha"), ("b", "乙", "Beta"))
]
_COLUMNS = [
    {"key": "part", "kind": "text", "label": {"zh-CN": "备件", "en": "Part"}, "required": True},
    {"key": "pieces", "kind": "number", "label": {"zh-CN": "数量", "en": "Pieces"}},
    {"key": "price", "kind": "money", "label": {"zh-CN": "单价", "en": "Price"}},
    {
        "key": "sum",
        "kind": "money",
        "label": {"zh-CN": "小计", "en": "Sum"},
        "computed": "= pieces * price",
    },
]
_SETTINGS: dict[str, dict[str, Any]] = {
    "choice": {"options": _OPTIONS},
    "choices": {"options": _OPTIONS},
    "cascade": {"options": [{"value": "x", "label": "X", "children": _OPTIONS}]},
    "computed": {"computed": "= number * 2"},
    "note": {"text": {"zh-CN": "请如实填写", "en": "Tell the truth"}},
    "table": {"columns": _COLUMNS, "max_rows": 600},
    "location": {"within": {"lat": 31.2, "lng": 121.4, "metres": 500}, "max_accuracy": 100},
    "photo": {"max_side": 800},
}
_MANIFEST = """\
key = "every_kind"
number = "EVK-{seq:4}"
name = { zh-CN = "全部控件", en = "Every kind" }
intake = "all"

[statuses]
handling = { category = "open", zh-CN = "处理中", en = "In progress" }
done = { category = "closed", zh-CN = "已办结", en = "Closed" }
"""
PROCESS = """\
<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"
    id="definitions" targetNamespace="urn:banjie:tests:every_kind">
  <bpmn:process id="every_kind" isExecutable="true">
    <bpmn:startEvent id="begun"><bpmn:outgoing>in</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="handle" name="处理">
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="name.en" value="Handle" />
          <spiffworkflow:property name="form" value="all" />
          <spiffworkflow:property name="status" value="handling" />
        </spiffworkflow:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>in</bpmn:incoming>
      <bpmn:outgoing>out</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="ended"><bpmn:incoming>out</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="in" sourceRef="begun" targetRef="handle" />
    <bpmn:sequenceFlow id="out" sourceRef="handle" targetRef="ended" />
  </bpmn:process>
</bpmn:definitions>
"""


def form_text() -> str:
    """The form document: a title, then a field of each kind, which is also its key."""
    title = {"key": "title", "kind": "text", "label": {"zh-CN": "标题", "en": "Title"}}
    fields = [title | {"required": True}]
    for kind in KINDS:
        label = {"zh-CN": f"字段 {kind}", "en": f"Field {kind}"}
        key = "other_ticket" if kind == "ticket" else kind  # `ticket` is the ticket itself
        fields.append({"key": key, "kind": kind, "label": label} | _SETTINGS.get(kind, {}))
    form = {"key": "all", "title": {"zh-CN": "全部控件", "en": "Every kind"}, "fields": fields}
    return json.dumps(form, ensure_ascii=False, indent=2) + "\n"


def package() -> bytes:
    """The package as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("package.toml", _MANIFEST)
        archive.writestr("process.bpmn", PROCESS)
        archive.writestr("forms/all.json", form_text())
    return out.getvalue()
