"""Which process calls which: unknown ones, circles, and processes that nobody runs."""

from workflows.bpmn import Process
from workflows.checks.context import Context
from workflows.constructs import MAX_CALL_DEPTH


def check(context: Context) -> None:
    """The main process and everything it calls, over all files of the package."""
    processes = _processes(context)
    for path, process in processes.values():
        for element in process.of_kind("callActivity"):
            target = (element.called_element or "").strip()
            if not target:
                context.error(path, "call-empty", element.id)
            elif target not in processes:
                _other_package(context, path, element.id, target)
    _circles(context, processes)
    if context.main is not None:
        _not_run(context, context.main[1].id, processes)


def _processes(context: Context) -> dict[str, tuple[str, Process]]:
    found: dict[str, tuple[str, Process]] = {}
    for loaded in context.loaded:
        for process in loaded.document.processes:
            if process.id in found:
                other = found[process.id][0]
                context.error(loaded.path, "process-twice", process.id, other=other)
            elif process.elements:
                found[process.id] = (loaded.path, process)
    return found


def _other_package(context: Context, path: str, element: str, target: str) -> None:
    package, colon, process = target.partition(":")
    if not colon or package == context.package.key:
        context.error(path, "call-unknown", element, process=target[:100])
    elif context.known.processes is not None:
        known = context.known.processes.get(package)
        if known is None:
            context.error(path, "call-package-unknown", element, package=package[:60])
        elif process not in known:
            context.error(path, "call-unknown", element, process=target[:100])


def _circles(context: Context, processes: dict[str, tuple[str, Process]]) -> None:
    """Calls that come back to a process that is already running, and calls nested too deeply."""
    depth: dict[str, int] = {}
    for root in processes:
        if root in depth:
            continue
        trail = [root]
        open_calls = [iter(processes[root][1].calls())]
        deepest = [0]
        while trail:
            target = next((one for one in open_calls[-1] if one in processes), None)
            if target is None:
                done = trail.pop()
                open_calls.pop()
                depth[done] = deepest.pop()
                if deepest:
                    deepest[-1] = max(deepest[-1], depth[done] + 1)
            elif target in trail:
                path, process = processes[trail[-1]]
                caller = next(
                    one.id
                    for one in process.of_kind("callActivity")
                    if one.called_element == target
                )
                circle = " → ".join([*trail[trail.index(target) :], target][:20])
                context.error(path, "call-circle", caller, circle=circle)
            elif target in depth:
                deepest[-1] = max(deepest[-1], depth[target] + 1)
            else:
                trail.append(target)
                open_calls.append(iter(processes[target][1].calls()))
                deepest.append(0)
    for identity, nested in depth.items():
        if nested > MAX_CALL_DEPTH:
            path = processes[identity][0]
            context.error(path, "call-too-deep", identity, limit=MAX_CALL_DEPTH)


def _not_run(context: Context, main: str, processes: dict[str, tuple[str, Process]]) -> None:
    todo, used = [main], {main}
    while todo:
        path_and_process = processes.get(todo.pop())
        for target in path_and_process[1].calls() if path_and_process else ():
            if target not in used:
                used.add(target)
                todo.append(target)
    for identity, (path, process) in processes.items():
        if identity not in used:
            context.warn(path, "process-not-run", process.id)
