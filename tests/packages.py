"""Small packages for tests: a valid one to begin with, and ways to bend it."""

import io
import json
import zipfile
from collections.abc import Mapping

from workflows import packages
from workflows.packages import Package

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"\n'
    '  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"\n'
    '  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n'
    '  id="d" targetNamespace="http://banjie.example">\n'
)


def bpmn(body: str, process: str = "main", head: str = HEAD) -> bytes:
    """A BPMN file with one executable process of that id around the body."""
    return (
        f'{head}<bpmn:process id="{process}" isExecutable="true">{body}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()


def flow(source: str, target: str) -> str:
    """A sequence flow between two elements."""
    identity = f"{source}_{target}"
    return f'<bpmn:sequenceFlow id="{identity}" sourceRef="{source}" targetRef="{target}"/>'


def user_task(identity: str, name: str = "处理", **properties: str) -> str:
    """A user task with our properties."""
    inner = "".join(
        f'<spiffworkflow:property name="{key}" value="{value}"/>'
        for key, value in properties.items()
    )
    return (
        f'<bpmn:userTask id="{identity}" name="{name}"><bpmn:extensionElements>'
        f"<spiffworkflow:properties>{inner}</spiffworkflow:properties>"
        "</bpmn:extensionElements></bpmn:userTask>"
    )


def one_task(name: str = "处理", **properties: str) -> bytes:
    """A process of one user task `handle`."""
    settings = {"status": "handling", **properties}
    return bpmn(
        '<bpmn:startEvent id="begin"/>'
        + user_task("handle", name, **settings)
        + '<bpmn:endEvent id="finish"/>'
        + flow("begin", "handle")
        + flow("handle", "finish")
    )


def manifest(key: str = "printer", number: str | None = None, more: str = "") -> bytes:
    """A package.toml; `more` is appended, so it may hold tables."""
    number = number or f"{key.upper().replace('_', '-')}-{{date}}-{{seq:4}}"
    return (
        f'key = "{key}"\nnumber = "{number}"\nintake = "report"\n'
        f'name = {{ zh-CN = "打印机报修 {key}", en = "Printer repair {key}" }}\n'
        "[statuses]\n"
        'handling = { category = "open", zh-CN = "处理中", en = "In progress" }\n'
        'done = { category = "closed", zh-CN = "已办结", en = "Closed" }\n'
        f"{more}"
    ).encode()


def form(key: str = "report", **fields: Mapping[str, object]) -> bytes:
    """A form of the given fields, by default one required text `place`."""
    given = fields or {"place": {"kind": "text", "required": True}}
    document = {
        "key": key,
        "title": {"zh-CN": "报修", "en": "Report"},
        "fields": [
            {"key": name, "label": {"zh-CN": name, "en": name}, **settings}
            for name, settings in given.items()
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def files(
    key: str = "printer", replaced: Mapping[str, bytes | None] | None = None
) -> dict[str, bytes]:
    """The files of a valid package; `replaced` gives other content by path, None drops a file."""
    found: dict[str, bytes | None] = {
        "package.toml": manifest(key),
        "process.bpmn": one_task(),
        "forms/report.json": form(),
        "README.md": "# 打印机报修\n".encode(),
        **(replaced or {}),
    }
    return {path: data for path, data in found.items() if data is not None}


def package(key: str = "printer", replaced: Mapping[str, bytes | None] | None = None) -> Package:
    """The package of `files`."""
    return packages.from_files(files(key, replaced))


def zipped(content: Mapping[str, bytes]) -> bytes:
    """Any files as a zip, good or bad, as a stranger's tool would write it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in content.items():
            archive.writestr(path, data)
    return buffer.getvalue()
