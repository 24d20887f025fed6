"""The examples of a package, run at every check and deployment; what differs is a finding."""

import json
import threading
import time
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import PurePosixPath
from typing import Any

from api.trying import host
from engine.deployments import catalogue, checks
from engine.errors import Unavailable
from workflows.findings import Finding
from workflows.packages import Package

FOLDER = "examples/"
MAX_EXAMPLES = 50
EACH, ALL = 20.0, 60.0  # seconds
_STEPS = 200

_passed: OrderedDict[tuple[str, ...], None] = OrderedDict()
_lock = threading.Lock()
_off: ContextVar[bool] = ContextVar("examples_off", default=False)


def install() -> None:
    """Makes examples a part of every check of a package."""
    checks.install("examples", check)


@contextmanager
def left_out() -> Iterator[None]:
    """Deploys without running examples: for what is checked here already."""
    token = _off.set(True)
    try:
        yield
    finally:
        _off.reset(token)


def of(package: Package) -> dict[str, bytes]:
    """The examples of a package by path."""
    return {
        path: data
        for path, data in package.files.items()
        if path.startswith(FOLDER) and path.endswith(".json")
    }


def check(package: Package, pinned: Mapping[str, int]) -> list[Finding]:
    """Every example that does not come out as it says."""
    found = of(package)
    if not found or _off.get():
        return []
    others = [catalogue.version(identity).package for identity in pinned.values()]
    key = (package.content_hash, *(other.content_hash for other in others))
    with _lock:
        if key in _passed:
            return []
    findings = _run(package, others, found)
    if not findings:
        with _lock:
            _passed[key] = None
            while len(_passed) > 200:
                _passed.popitem(last=False)
    return findings


def _run(package: Package, others: list[Package], found: Mapping[str, bytes]) -> list[Finding]:
    findings: list[Finding] = []
    examples: dict[str, Any] = {}
    for path, data in list(found.items())[:MAX_EXAMPLES]:
        read = _read(data)
        if isinstance(read, str):
            params = {"reason": read}
            findings.append(Finding("error", path, "example-unreadable", params=params))
        else:
            examples[path] = read
    if len(found) > MAX_EXAMPLES:
        findings.append(
            Finding("error", FOLDER, "examples-too-many", params={"limit": MAX_EXAMPLES})
        )
    if not examples or findings:
        return findings
    content = {"files": packed(package), "others": [packed(other) for other in others]}
    until = time.monotonic() + ALL
    identity = None
    try:
        for path, example in examples.items():
            if time.monotonic() > until:
                findings.append(_slow(path, ALL))
                break
            identity = identity or host.start({"kind": "examples"})
            finding = _one(identity, path, example, content)
            if finding is not None:
                findings.append(finding)
                if finding.code != "example-failed":
                    host.end(identity)
                    identity = None
    except Unavailable:
        findings.append(Finding("error", FOLDER, "examples-not-run"))
    finally:
        if identity is not None:
            host.end(identity)
    return findings


def _one(identity: str, path: str, example: Any, content: Mapping[str, Any]) -> Finding | None:
    name = PurePosixPath(path).stem
    try:
        found = host.ask(identity, "example", seconds=EACH, name=name, example=example, **content)
    except host.TooSlow:
        return _slow(path, EACH)
    except (host.Failed, LookupError) as error:
        reason = {"reason": str(error)[:300]}
        return Finding("error", path, "example-unreadable", params=reason)
    if found is None:
        return None
    element = found.pop("element", None)
    place = f"step {found['step']}"
    return Finding(
        "error", path, "example-failed", element, place, params={"example": name, **found}
    )


def _slow(path: str, seconds: float) -> Finding:
    return Finding("error", path, "example-too-slow", params={"seconds": int(seconds)})


def packed(package: Package) -> dict[str, str]:
    """The files of a package as a request holds them, without its examples."""
    return {
        path: b64encode(data).decode()
        for path, data in package.files.items()
        if not path.startswith(FOLDER)
    }


def _read(data: bytes) -> Any:
    """An example, or what is wrong with its form."""
    try:
        example = json.loads(data)
    except ValueError as error:
        return str(error)[:200]
    if not isinstance(example, dict):
        return "{}"
    given, steps = example.get("given", {}), example.get("steps", [])
    if unknown := sorted(example.keys() - {"given", "steps", "expect"}):
        return unknown[0]
    if not isinstance(given, dict) or not isinstance(example.get("expect", {}), dict):
        return "given, expect"
    if not isinstance(steps, list) or len(steps) > _STEPS:
        return f"steps (0–{_STEPS})"
    for number, step in enumerate(steps, 1):
        if not isinstance(step, dict) or not step.keys() <= {"expect", "do", "advance"}:
            return f"steps/{number}"
        for key in ("expect", "do"):
            if not isinstance(step.get(key, {}), dict):
                return f"steps/{number}/{key}"
    return example
