"""Executable definitions of deployed versions, built once each and shared by all threads."""

from collections.abc import Mapping

from engine.deployments import catalogue, checks
from engine.deployments.catalogue import Loaded
from engine.processes import runtime
from engine.processes.runtime import Definition
from workflows.findings import Finding
from workflows.packages import Package


def of(version: Loaded) -> Definition:
    """The executable form of a version, with the processes of other packages that it calls."""
    return version.derived(_build)


def _build(version: Loaded) -> Definition:
    return build(version.package, version.pinned)


def build(package: Package, pinned: Mapping[str, int]) -> Definition:
    """Builds the executable form of a package; raises runtime.DefinitionRefused.

    `pinned` are the versions of other packages that its calls lead to, by their keys.
    """
    others = {key: catalogue.version(identity).package for key, identity in pinned.items()}
    return runtime.build(
        _processes(package),
        package.main_process,
        names={field["key"] for form in package.forms.values() for field in form.get("fields", ())},
        packages={key: _processes(other) for key, other in others.items()},
    )


def _processes(package: Package) -> list[bytes]:
    return [package.files[path] for path in package.bpmn_paths()]


def check(package: Package, pinned: Mapping[str, int]) -> list[Finding]:
    """What the runtime refuses of a package that is otherwise sound."""
    try:
        build(package, pinned)
    except runtime.DefinitionRefused as refused:
        return refused.findings
    return []


checks.install("runtime", check)
