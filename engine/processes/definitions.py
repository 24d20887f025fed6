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
    packages = [package, *(catalogue.version(identity).package for identity in pinned.values())]
    documents = [one.files[path] for one in packages for path in one.bpmn_paths()]
    return runtime.build(documents, package.main_process)


def check(package: Package, pinned: Mapping[str, int]) -> list[Finding]:
    """What the runtime refuses of a package that is otherwise sound."""
    try:
        build(package, pinned)
    except runtime.DefinitionRefused as refused:
        return refused.findings
    return []


checks.install("runtime", check)
