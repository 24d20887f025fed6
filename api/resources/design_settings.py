"""Service levels and notification rules of a package that is being edited, for their editors."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Response

from api import problems
from api.auth import actor
from api.http import entity_tag, expected_version, json_response
from api.openapi import Blueprint
from api.schemas.design_settings import SettingsIn, SettingsOut
from engine.deployments import drafts
from engine.errors import InvalidInput
from workflows import notifications, sla
from workflows.findings import Finding
from workflows.packages import form_keys, kind_of, read_json
from workflows.toml_writing import write

blueprint = Blueprint("design settings", description="Settings of packages that are being edited")

MAX_DEPTH = 8
Check = Callable[[Mapping[str, bytes]], Iterable[Finding]]


@blueprint.route("/processes/<string:key>/draft/sla", methods=["GET"])
@blueprint.response(200, SettingsOut)
def get_sla(key: str) -> Response:
    """The service levels of a draft."""
    return _shown(key, sla.FILE, _sla_findings)


@blueprint.route("/processes/<string:key>/draft/sla", methods=["PUT"])
@blueprint.arguments(SettingsIn)
@blueprint.response(200, SettingsOut)
def put_sla(given: dict[str, Any], key: str) -> Response:
    """Write the service levels of a draft; what is not right yet is said, and kept."""
    return _written(key, sla.FILE, given["document"], _sla_findings)


@blueprint.route("/processes/<string:key>/draft/notifications", methods=["GET"])
@blueprint.response(200, SettingsOut)
def get_notifications(key: str) -> Response:
    """The notification rules of a draft."""
    return _shown(key, notifications.FILE, _notification_findings)


@blueprint.route("/processes/<string:key>/draft/notifications", methods=["PUT"])
@blueprint.arguments(SettingsIn)
@blueprint.response(200, SettingsOut)
def put_notifications(given: dict[str, Any], key: str) -> Response:
    """Write the notification rules of a draft; what is not right yet is said, and kept."""
    return _written(key, notifications.FILE, given["document"], _notification_findings)


def _shown(key: str, path: str, check: Check) -> Response:
    files = drafts.content(actor(), key)
    rev = next((one.rev for one in drafts.get(actor(), key).files if one.path == path), drafts.NEW)
    text = files.get(path, b"").decode("utf-8-sig", "replace")
    shown = {
        "document": _document(text),
        "text": text,
        "exists": path in files,
        "findings": problems.findings(check(files)),
    }
    return json_response(shown, etag=entity_tag(rev))


def _written(key: str, path: str, document: Mapping[str, Any], check: Check) -> Response:
    _require_shallow(document)
    before = drafts.content(actor(), key).get(path, b"").decode("utf-8-sig", "replace")
    drafts.put_file(actor(), key, path, write(document, before).encode(), expected_version())
    return _shown(key, path, check)


def _document(text: str) -> dict[str, Any]:
    """What the file says; nothing when it cannot be read, which is a finding."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _require_shallow(document: Mapping[str, Any]) -> None:
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH):
        level = [inner for value in level for inner in _inside(value)]
    if level:
        raise InvalidInput.at("/document", "nested-too-deep", limit=MAX_DEPTH)


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _answers(files: Mapping[str, bytes]) -> frozenset[str]:
    forms = {path: read_json(data) for path, data in files.items() if kind_of(path) == "form"}
    return form_keys({path: form for path, form in forms.items() if isinstance(form, dict)})


def _sla_findings(files: Mapping[str, bytes]) -> Iterable[Finding]:
    data = files.get(sla.FILE)
    return () if data is None else sla.read_sla(data, _answers(files)).findings


def _notification_findings(files: Mapping[str, bytes]) -> Iterable[Finding]:
    """Whether groups and people are there is looked at when the whole draft is checked."""
    everybody = {"groups": lambda _: True, "users": lambda _: True}
    return notifications.check(files, _answers(files), **everybody)
