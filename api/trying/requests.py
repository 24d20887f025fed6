"""What a host may ask of a sandbox, by name; and the example that a trial can be kept as."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from api.trying import walking
from api.trying.sandbox import Refused, Sandbox, duration
from engine import clock

# What a trial may call beside the ordinary steps: work on its own ticket; and the type is read.
PATHS = ("/tickets/", "/tasks/", "/approvals", "/files")
READ = ("/ticket-types/", "/processes/")

Request = Mapping[str, Any]


def do(sandbox: Sandbox, request: Request) -> Any:
    """Carries out one request."""
    sandbox.language = request.get("language", "zh-CN")
    return _DOING[request["do"]](sandbox, request)


def _open(sandbox: Sandbox, request: Request) -> Any:
    sandbox.open(request["files"], request["others"], request["people"], request.get("at"))
    return sandbox.seen()


def _start(sandbox: Sandbox, request: Request) -> Any:
    if sandbox.number is not None:
        sandbox.reopen()
    given = {"at": clock.now().isoformat(timespec="seconds"), "requester": request["as"]}
    sandbox.start(request["as"], **request["ticket"])
    sandbox.given = {**given, **request["ticket"]}
    sandbox.steps = []
    return sandbox.seen()


def _complete(sandbox: Sandbox, request: Request) -> Any:
    before = sandbox.seen()
    task = next((one for one in before["tasks"] if one["id"] == request["task"]), None)
    sandbox.complete(request["task"], request["as"], request["values"], request["action"])
    if task is not None:
        done = {"by": request["as"] or task["as"], "values": request["values"]}
        if request["action"] is not None:
            done["action"] = request["action"]
        status = before["ticket"]["status"]["key"]
        expected = {"element": task["element"], "status": status}
        sandbox.steps.append({"expect": expected, "do": done})
    return sandbox.seen()


def _advance(sandbox: Sandbox, request: Request) -> Any:
    if "to" in request:
        by = datetime.fromisoformat(request["to"]) - clock.now()
        text = f"PT{int(by.total_seconds())}S"
    else:
        by, text = duration(request["by"]), request["by"]
    if by.total_seconds() < 0:
        raise Refused({"code": "clock-goes-back", "pointer": "/to"})
    sandbox.advance(by)
    sandbox.steps.append({"advance": text})
    return sandbox.seen()


def _call(sandbox: Sandbox, request: Request) -> Any:
    allowed = (*PATHS, *READ) if request["method"] == "GET" else PATHS
    if not request["path"].startswith(allowed):
        raise Refused({"code": "wrong-format", "pointer": "/path"})
    who = sandbox.person(request["as"])
    return sandbox.call(who, request["method"], request["path"], request.get("body"))


def _keep(sandbox: Sandbox, request: Request) -> Any:
    """The trial so far as an example: what was given and done, and how it is now."""
    seen = sandbox.seen()
    if seen["ticket"] is None:
        raise Refused({"code": "nothing-tried", "pointer": ""})
    names = {step["do"]["by"] for step in sandbox.steps if "do" in step}
    names.add(sandbox.given["requester"])
    people = {name: sandbox.described(name) for name in sorted(names) if ":" not in name}
    return {
        "given": {**sandbox.given, **({"people": people} if people else {})},
        "steps": sandbox.steps,
        "expect": {
            "status": seen["ticket"]["status"]["key"],
            "path": walking.path(seen["history"]),
        },
    }


_DOING: Mapping[str, Callable[[Sandbox, Request], Any]] = {
    "open": _open,
    "start": _start,
    "complete": _complete,
    "advance": _advance,
    "call": _call,
    "see": lambda sandbox, request: sandbox.seen(),
    "keep": _keep,
    "example": lambda sandbox, request: walking.walk(sandbox, request),
    "close": lambda sandbox, request: None,
}
