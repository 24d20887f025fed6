"""The files beside the processes: what the manifest refers to, forms, decisions, settings."""

from pathlib import PurePosixPath

from lxml import etree

from workflows import notifications
from workflows.checks.context import Context
from workflows.documents import DocumentError, local
from workflows.manifest import FILE
from workflows.manifest_reader import TomlError, read_toml
from workflows.numbers import patterns_collide
from workflows.packages import decision_ids, kind_of, main_process, read_json, xml_roots


def check(context: Context) -> None:
    """Everything that is not BPMN."""
    context.add(list(context.package.manifest.remarks))
    _main_process(context)
    _manifest(context)
    _number(context)
    for path, data in context.package.files.items():
        kind = kind_of(path)
        if kind == "form":
            _form(context, path, data)
        elif path.endswith(".json"):
            if read_json(data) is None:
                context.error(path, "json-not-readable")
        elif path.endswith(".toml") and path not in (FILE, notifications.FILE):
            _toml(context, path, data)
    _notifications(context)
    decisions = [path for path in context.package.files if kind_of(path) == "decision"]
    for path, root in xml_roots(context.package.files, decisions):
        _decision(context, path, root)


def _notifications(context: Context) -> None:
    known, declared = context.known, context.package.manifest.groups
    fields = {key for keys in context.forms.values() for key in keys if "." not in key}
    context.add(
        notifications.check(
            context.package.files,
            fields,
            groups=lambda key: key in declared or known.groups is None or key in known.groups,
            users=lambda name: known.users is None or name in known.users,
        )
    )


def _main_process(context: Context) -> None:
    package = context.package
    path = package.manifest.process
    if path not in package.files:
        context.error(FILE, "process-missing", "process", path=path[:100])
        return
    document = next((one.document for one in context.loaded if one.path == path), None)
    if document is None:
        return  # the file has its own finding
    filled = [process for process in document.processes if process.elements]
    if not filled:
        context.error(path, "process-empty")
    elif main_process(document, package.key) is None:
        listed = ", ".join(process.id for process in filled)[:200]
        context.error(path, "main-process-ambiguous", processes=listed, key=package.key)
    if filled and not document.has_diagram:
        context.warn(path, "diagram-missing")


def _manifest(context: Context) -> None:
    manifest = context.package.manifest
    intake = manifest.intake
    if intake is not None and f"forms/{intake}.json" not in context.package.files:
        context.error(FILE, "form-unknown", "intake", form=intake)
    known, declared = context.known, manifest.groups
    department = manifest.department
    if department and known.departments is not None and department not in known.departments:
        # Only where cards are grouped, so a package may come before its department.
        context.warn(FILE, "department-not-there-yet", "department", name=department[:80])
    tables = {"group": known.groups, "user": known.users, "department": known.departments}
    for right in ("submit", "see", "work"):
        for who in getattr(manifest.access, right):
            kind, _, name = who.partition(":")
            table = tables.get(kind)
            if table is None or name in table or (kind == "group" and name in declared):
                continue
            context.error(FILE, f"{kind}-unknown", f"access.{right}", name=name[:80])
    if manifest.status_of_category("closed", "resolved", "cancelled") is None:
        context.error(FILE, "statuses-without-end", "statuses", place="statuses")


def _number(context: Context) -> None:
    own = context.package.manifest.number
    for key, pattern in sorted(context.known.numbers.items()):
        if key != context.package.key and patterns_collide(own, pattern):
            context.error(FILE, "number-pattern-taken", "number", other=key, pattern=pattern)


def _form(context: Context, path: str, data: bytes) -> None:
    document = read_json(data)
    if document is None:
        context.error(path, "json-not-readable")
        return
    if not isinstance(document, dict) or not isinstance(document.get("fields"), list):
        context.error(path, "form-not-readable")
        return
    name = PurePosixPath(path).stem
    if document.get("key") != name:
        context.error(path, "form-key-differs", key=str(document.get("key"))[:60], name=name)


def _decision(context: Context, path: str, root: etree._Element | DocumentError) -> None:
    if isinstance(root, DocumentError):
        context.error(path, root.code, **root.params)
        return
    if local(root) != "definitions":
        context.error(path, "not-dmn", found=local(root)[:60])
        return
    for identity in decision_ids(root):
        other = context.package.decisions.get(identity, (path, b""))[0]
        if other != path:
            context.error(path, "decision-twice", identity, other=other)
    from workflows.dmn import checks

    context.add(checks.check(path, context.package.files[path]))


def _toml(context: Context, path: str, data: bytes) -> None:
    try:
        read_toml(data)
    except TomlError as error:
        context.error(path, error.code, **error.params)
