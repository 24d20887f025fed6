"""The manifest of a package: what `package.toml` says of a ticket type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.findings import Finding, errors
from workflows.manifest_reader import LANGUAGE, Reader, TomlError, is_name, read_toml
from workflows.numbers import PatternError, parse_pattern

FILE = "package.toml"
CATEGORIES = ("new", "open", "waiting", "resolved", "closed", "cancelled")
FINAL = ("resolved", "closed", "cancelled")
PRINCIPALS = ("role", "group", "user", "department")
ROLES = ("requester", "agent", "manager", "process_owner", "administrator")
EVERYONE = "everyone"
MAX_CATEGORY_DEPTH = 6
MAX_CATEGORIES = 2_000
MAX_STATUSES = 50


@dataclass(frozen=True, slots=True)
class Status:
    """One status of a ticket: the category that clocks and lists read, and its labels."""

    key: str
    category: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree."""

    key: str
    labels: Mapping[str, str] = field(default_factory=dict)
    children: tuple["Category", ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A group that the package declares; a deployment creates it empty where it is missing."""

    key: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the portal's progress bar: reached while the ticket has one of its statuses."""

    statuses: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may submit, see and work: `everyone`, `role:x`, `group:x`, `user:x` or `department:x`.

    `see` is beside those who always see a ticket: its requester, those who work it and watchers.
    """

    submit: tuple[str, ...] = (EVERYONE,)
    see: tuple[str, ...] = ("role:agent", "role:manager")
    work: tuple[str, ...] = ("role:agent",)


DEFAULT_STATUSES = {
    "open": Status("open", "open", {"zh-CN": "处理中", "en": "Open"}),
    "closed": Status("closed", "closed", {"zh-CN": "已办结", "en": "Closed"}),
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """A ticket type. `progress` is the portal's progress bar; by default the statuses in file order
    without the cancelled ones. `title` holds the hint of the title field by language."""

    key: str
    number: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    icon: str | None = None
    colour: str | None = None
    department: str | None = None
    intake: str | None = None
    process: str = "process.bpmn"
    title: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=lambda: dict(DEFAULT_STATUSES))
    categories: tuple[Category, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)
    access: Access = field(default_factory=Access)
    progress: tuple[Step, ...] = ()
    remarks: tuple[Finding, ...] = ()

    def status_of_category(self, *categories: str) -> Status | None:
        """The first status of one of these categories."""
        return next((one for one in self.statuses.values() if one.category in categories), None)

    @property
    def first_status(self) -> Status:
        """The status that a ticket begins with: the first new one, else the first open one."""
        return (
            self.status_of_category("new")
            or self.status_of_category("open")
            or next(iter(self.statuses.values()))
        )

    @property
    def closing_status(self) -> Status | None:
        """The status of a ticket whose process ended without saying one."""
        return self.status_of_category("closed")


def label(labels: Mapping[str, str], language: str, default: str) -> str:
    """The text in a language, else the one without a language, the Chinese, the English, any."""
    for candidate in (language, "", "zh-CN", "en"):
        if labels.get(candidate):
            return labels[candidate]
    return next(iter(labels.values()), default)


class ManifestError(ValueError):
    """A manifest that cannot be read; `findings` name each place."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = findings


def read_manifest(data: bytes) -> Manifest:
    """The manifest in the bytes of package.toml; `remarks` holds the warnings.

    Raises ManifestError when it is no TOML, a required key is missing or a type is wrong.
    """
    try:
        document = read_toml(data)
    except TomlError as error:
        raise ManifestError([_broken(error.code, **error.params)]) from None
    reader = Reader(document, FILE)
    manifest = _manifest(reader)
    wrong = errors(reader.findings)
    if wrong or manifest is None:
        raise ManifestError(wrong)
    return manifest


def _manifest(reader: Reader) -> Manifest | None:
    key = reader.identity("key", required=True)
    number = reader.text("number") or f"{(key or '').upper()}-{{date}}-{{seq:4}}"
    try:
        parse_pattern(number)
    except PatternError as error:
        reader.error(error.code, "number", pattern=number[:80])
    names = reader.labels("name", required=True)
    statuses = _statuses(reader)
    values: dict[str, Any] = {
        "descriptions": reader.labels("description"),
        "icon": reader.text("icon"),
        "colour": reader.matching("colour", r"#[0-9a-fA-F]{6}|[a-z]{1,20}", "colour-unreadable"),
        "department": reader.text("department"),
        "intake": reader.identity("intake"),
        "process": reader.text("process") or "process.bpmn",
        "title": reader.labels("title"),
        "categories": _categories(reader),
        "groups": _groups(reader),
        "access": _access(reader),
        "progress": _progress(reader, statuses),
    }
    reader.finish()
    if key is None:
        return None
    return Manifest(
        key, number, names or {"": key}, statuses=statuses, remarks=tuple(reader.findings), **values
    )


def _statuses(reader: Reader) -> dict[str, Status]:
    table = reader.table("statuses")
    if table is None:
        return dict(DEFAULT_STATUSES)
    found: dict[str, Status] = {}
    for key, inner in table.tables(MAX_STATUSES):
        category = inner.text("category", required=True)
        if category is not None and category not in CATEGORIES:
            inner.error("status-category-unknown", "category", category=category[:40])
            category = "open"
        found[key] = Status(key, category or "open", inner.languages())
        inner.finish()
    if not found:
        table.error("statuses-empty")
        return dict(DEFAULT_STATUSES)
    if not any(status.category in FINAL for status in found.values()):
        table.error("statuses-without-end")
    return found


def _groups(reader: Reader) -> dict[str, Group]:
    table = reader.table("groups")
    if table is None:
        return {}
    found = {}
    for key, inner in table.tables(200, is_name):
        found[key] = Group(key, inner.languages())
        inner.finish()
    return found


def _categories(reader: Reader) -> tuple[Category, ...]:
    left = [MAX_CATEGORIES]
    seen: set[str] = set()

    def read(items: list[Reader], depth: int) -> tuple[Category, ...]:
        found = []
        for item in items:
            left[0] -= 1
            if left[0] < 0 or depth > MAX_CATEGORY_DEPTH:
                item.error("categories-too-many", count=MAX_CATEGORIES, depth=MAX_CATEGORY_DEPTH)
                break
            key = item.identity("key", required=True)
            children = read(item.array("children"), depth + 1)
            labels = item.languages()
            item.finish()
            if key is None:
                continue
            if key in seen:
                item.error("category-twice", "key", category=key)
            seen.add(key)
            found.append(Category(key, labels, children))
        return tuple(found)

    return read(reader.array("categories"), 1)


def _access(reader: Reader) -> Access:
    table = reader.table("access")
    if table is None:
        return Access()
    default = Access()
    lists = {}
    for right in ("submit", "see", "work"):
        written = table.texts(right)
        if written is None:
            lists[right] = getattr(default, right)
            continue
        for who in written:
            _check_principal(table, right, who)
        lists[right] = tuple(written)
    table.finish()
    return Access(**lists)


def _check_principal(table: Reader, right: str, who: str) -> None:
    kind, colon, name = who.partition(":")
    if who == EVERYONE:
        return
    if not colon or kind not in PRINCIPALS or not name:
        table.error("principal-unreadable", right, who=who[:60])
    elif kind == "role" and name not in ROLES:
        table.error("role-unknown", right, role=name[:60])


def _progress(reader: Reader, statuses: Mapping[str, Status]) -> tuple[Step, ...]:
    """`progress = ["new", "done"]`, or tables with `statuses` and a name by language."""
    items = reader.mixed("progress")
    if items is None:
        shown = [one for one in statuses.values() if one.category != "cancelled"]
        return tuple(Step((one.key,), one.labels) for one in shown)
    steps = []
    for item in items:
        if isinstance(item, str):
            keys: tuple[str, ...] = (item,)
            labels = statuses[item].labels if item in statuses else {}
        else:
            keys = tuple(item.texts("statuses") or ())
            labels = item.languages()
            item.finish()
        for key in keys:
            if key not in statuses:
                reader.error("status-unknown", "progress", status=key[:60])
        steps.append(Step(keys, labels))
    return tuple(steps)


def _broken(code: str, **params: Any) -> Finding:
    return Finding("error", FILE, code, params=params)


__all__ = [
    "CATEGORIES",
    "EVERYONE",
    "LANGUAGE",
    "Access",
    "Category",
    "Group",
    "Manifest",
    "ManifestError",
    "Status",
    "Step",
    "label",
    "read_manifest",
]
