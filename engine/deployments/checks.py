"""What is said of a package before it becomes a version: by its documents, and by what there is."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

import forms.checks
import forms.documents
import workflows.checks
from engine.access.models import Group, User
from engine.db import db
from engine.deployments import catalogue
from engine.deployments.models import ProcessDefinition
from engine.directory.models import Department, Skill
from engine.errors import NotFound, VersionRetired
from forms.model import Form
from workflows.checks import Known
from workflows.checks.context import Context
from workflows.extensions import settings_of
from workflows.findings import Finding, errors
from workflows.manifest import FILE
from workflows.numbers import patterns_collide
from workflows.packages import Package, kind_of

# A check of a layer above: it gets the package and the versions that it calls, and gives findings.
Checker = Callable[[Package, Mapping[str, int]], list[Finding]]

MAX_CALLED = 50  # packages that one package calls, directly and through others

# The check of the forms says these with the place inside the form.
_SAID_OF_FORMS = frozenset({"json-not-readable", "form-not-readable", "form-key-differs"})
_UNKNOWN = "unknown-name"

_checkers: dict[str, Checker] = {}
_operations: list[Callable[[], Iterable[str]]] = []
_calendars: list[Callable[[], Container[str]]] = []


def install(name: str, checker: Checker) -> None:
    """Adds a check of a layer above, such as whether the runtime takes the process.

    It runs only when nothing else is wrong. A name that is there already is replaced.
    """
    _checkers[name] = checker


def uninstall(name: str) -> None:
    """Takes a check away again."""
    _checkers.pop(name, None)


def install_operations(names: Callable[[], Iterable[str]]) -> None:
    """Says which operations service tasks may name; without it none is judged."""
    _operations[:] = [names]


def install_calendars(keys: Callable[[], Container[str]]) -> None:
    """Says which business calendars there are; without it none is judged."""
    _calendars[:] = [keys]


def look(package: Package) -> tuple[list[Finding], dict[str, int]]:
    """All findings on a package, and the versions of others that its calls are pinned to."""
    findings = _documents(package, known(package))
    pinned, calls = pins(package)
    findings += calls + number_pattern(package)
    if not errors(findings):
        for checker in _checkers.values():
            findings += checker(package, pinned)
    return findings, pinned


def look_alone(package: Package) -> list[Finding]:
    """All findings on a package that need no installation; calls of other packages are not run."""
    findings = _documents(package, None)
    if not errors(findings) and not _calls(package):
        for checker in _checkers.values():
            findings += checker(package, {})
    return findings


def _documents(package: Package, there: Known | None) -> list[Finding]:
    findings = [
        finding
        for finding in workflows.checks.check(package, there)
        if finding.code not in _SAID_OF_FORMS or kind_of(finding.document) != "form"
    ]
    return findings + _forms(package, names=None if errors(findings) else _names(package))


def _names(package: Package) -> frozenset[str]:
    """What the expressions of a package can speak of."""
    context = Context(package, None)
    context.load()
    return context.names


def _forms(package: Package, names: frozenset[str] | None) -> list[Finding]:
    """What is said of the forms, each alone and together with the steps that show it.

    Without `names`, because the processes are broken, names that a form does not have itself are
    not judged.
    """
    findings: list[Finding] = []
    read: dict[str, Form] = {}
    for path, data in package.files.items():
        if kind_of(path) == "form":
            found = forms.checks.check(path, data, names or ())
            findings += [each for each in found if names is not None or each.code != _UNKNOWN]
            form, _ = forms.documents.inspect(data)
            if form is not None:
                read[form.key] = form
    for path, document in package.documents.items():
        for process in document.processes:
            for element in process.of_kind("userTask", "manualTask"):
                step = settings_of(element)
                if step.form in read:
                    found = forms.checks.check_step(path, element.id, read[step.form], step.access)
                    # What is an error here, the check of the steps has said.
                    findings += [each for each in found if each.severity == "warning"]
    return findings


def known(package: Package) -> Known:
    """What the installation has that a package may speak of; looked up as it is asked for."""
    return Known(
        groups=_Keys(Group.key),
        users=_Keys(User.username),
        departments=_Keys(Department.key),
        skills=_Keys(Skill.key),
        processes=_Packages(package.key),
        operations=frozenset(_operations[0]()) if _operations else None,
        calendars=_calendars[0]() if _calendars else None,
    )


def number_pattern(package: Package) -> list[Finding]:
    """Whether a ticket of another type could ever get a number of this one."""
    rows = db.session.execute(
        select(ProcessDefinition.key, ProcessDefinition.number_patterns)
        .where(ProcessDefinition.key != package.key)
        .order_by(ProcessDefinition.key)
    )
    for key, patterns in rows:
        for pattern in patterns:
            if patterns_collide(package.manifest.number, pattern):
                params = {"other": key, "pattern": pattern}
                return [Finding("error", FILE, "number-pattern-taken", "number", params=params)]
    return []


def pins(package: Package) -> tuple[dict[str, int], list[Finding]]:
    """The versions of all packages that the calls of a package lead to, at once or through others.

    Each is the newest that is not retired. A call that leads nowhere in the package itself is said
    by its own check; here is said what is wrong further on, at the call that begins the way there.
    """
    pinned: dict[str, int] = {}
    findings: list[Finding] = []
    todo = [(place, target) for place, target in _calls(package)]
    while todo:
        place, target = todo.pop()
        key, _, process = target.partition(":")
        if key == package.key:
            findings.append(place.refusal("call-back", called=target))
            continue
        if key not in pinned:
            found = _newest(key)
            if found is None:
                if place.is_further:
                    findings.append(place.refusal("call-leads-nowhere", called=target))
                continue
            pinned[key] = found.id
            if len(pinned) > MAX_CALLED:
                findings.append(place.refusal("calls-too-many", limit=MAX_CALLED))
                break
            todo += [(place.further(), onward) for _, onward in _calls(found.package)]
        if place.is_further and process not in catalogue.version(pinned[key]).package.processes:
            findings.append(place.refusal("call-leads-nowhere", called=target))
    return pinned, findings


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a call begins: the element of the package that is checked."""

    document: str
    element: str
    is_further: bool = False

    def further(self) -> "_Place":
        return _Place(self.document, self.element, is_further=True)

    def refusal(self, code: str, **params: Any) -> Finding:
        return Finding("error", self.document, code, self.element, params=params)


def _calls(package: Package) -> list[tuple[_Place, str]]:
    """The calls of other packages, `package_key:process_id`, with their places."""
    return [
        (_Place(path, element.id), element.called_element)
        for path, document in package.documents.items()
        for process in document.processes
        for element in process.of_kind("callActivity")
        if element.called_element and ":" in element.called_element
    ]


def _newest(key: str) -> catalogue.Loaded | None:
    try:
        return catalogue.newest(key)
    except (NotFound, VersionRetired):
        return None


class _Keys:
    """The keys of a table, asked for one by one and remembered."""

    def __init__(self, column: InstrumentedAttribute[str]) -> None:
        self._column = column
        self._answers: dict[object, bool] = {}

    def __contains__(self, key: object) -> bool:
        found = self._answers.get(key)
        if found is None:
            row = db.session.execute(select(self._column).where(self._column == key)).first()
            found = self._answers[key] = row is not None
        return found


class _Packages(Mapping[str, frozenset[str]]):
    """The processes of every other package that takes tickets, read when they are asked for."""

    def __init__(self, without: str) -> None:
        rows = db.session.execute(
            select(ProcessDefinition.key, ProcessDefinition.open_id).where(
                ProcessDefinition.key != without, ProcessDefinition.open_id.is_not(None)
            )
        )
        self._ids = {row.key: row.open_id for row in rows}

    def __getitem__(self, key: str) -> frozenset[str]:
        return frozenset(catalogue.version(self._ids[key]).package.processes)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)
