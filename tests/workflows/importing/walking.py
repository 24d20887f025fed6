"""An imported draft in the hands of a test: built by the runtime and walked with dummy answers."""

import json
import tomllib
from collections import Counter
from datetime import timedelta
from typing import Any

from engine.processes.runtime import DefinitionRefused, Limits, ProcessFault
from tests.engine.runtime.walking import Walk
from workflows.importing import Imported

MAX_STEPS = 200
TICKET = {"number": "T-1", "requester": "lina", "priority": "P2", "category": "x", "title": "t"}


def dummy(field: dict[str, Any], turn: int) -> Any:
    """An answer for a field; another one at the next turn, so that no loop goes on for ever."""
    kind = field["kind"]
    if kind == "choice":
        options = field["options"]
        return options[turn % len(options)]["value"]
    if kind == "choices":
        options = field["options"]
        return [options[turn % len(options)]["value"]]
    if kind == "boolean":
        return turn % 2 == 0
    if kind == "number":
        return max(field.get("min", 1), min(field.get("max", 10_000), (1, 10_000)[turn % 2]))
    if kind == "date":
        return "2026-03-03"
    if kind == "datetime":
        return "2026-03-03T09:00:00+08:00"
    return "x"


class Tried:
    """One walk: whether it came to its end, and if not, what it stood at."""

    def __init__(self, imported: Imported, first: int = 0) -> None:
        files = imported.files
        self.forms = {
            path[6:-5]: json.loads(data)
            for path, data in files.items()
            if path.startswith("forms/")
        }
        self.turns: Counter[str] = Counter()
        self.first = first
        self.ended = False
        self.why = ""
        intake = tomllib.loads(files["package.toml"].decode()).get("intake")
        variables = self.answers(intake, "start") if intake else {}
        diagrams = [files["process.bpmn"]]
        diagrams += [data for path, data in files.items() if path.startswith("processes/")]
        try:
            self.walk = Walk(
                *diagrams,
                variables=variables,
                scope={"ticket": TICKET},
                decide=lambda name, scope: {"decided": name},
                limits=Limits(seconds=20),
            )
            for _ in range(MAX_STEPS):
                if self.walk.ended:
                    self.ended = True
                    return
                if not self._step():
                    self.why = f"stands at {self.walk.instance.active}"
                    return
            self.why = "goes on for ever"
        except DefinitionRefused as refused:
            self.why = f"refused: {refused}"
        except ProcessFault as fault:
            self.why = f"fault: {fault}"

    def answers(self, form: str | None, element: str) -> dict[str, Any]:
        """The dummy answers to a form."""
        turn = self.first + self.turns[element]
        fields = self.forms[form]["fields"] if form else []
        return {field["key"]: dummy(field, turn) for field in fields}

    def _step(self) -> bool:
        """Does the next thing that can be done."""
        for task in self.walk.tasks:
            values = self.answers(task.properties.get("form"), task.element)
            actions = [one for one in task.properties.get("actions", "").split(",") if one]
            turn = self.first + self.turns[task.element]
            if actions:
                values[f"{task.element}_action"] = actions[turn % len(actions)]
            if task.properties.get("approval"):
                values[f"{task.element}_outcome"] = ("approved", "rejected")[turn % 2]
            self.turns[task.element] += 1
            self.walk.complete(task.element, **values)
            return True
        waits = sorted(self.walk.waits, key=lambda wait: wait.kind != "timer")
        for wait in waits:
            if self.turns[wait.element] > 5:
                continue
            self.turns[wait.element] += 1
            if wait.kind == "timer" and wait.due is not None:
                if self.walk.fire(wait.element):
                    return True
            elif wait.name is not None and self.walk.deliver(wait.name):
                return True
        self.walk.advance(**{"days": timedelta(days=1).days})
        return False


def reaches_the_end(imported: Imported) -> tuple[bool, list[str]]:
    """Whether some dummy answers lead to an end, and why others did not."""
    reasons: list[str] = []
    for first in range(4):
        tried = Tried(imported, first)
        if tried.ended:
            return True, reasons
        reasons.append(tried.why)
    return False, reasons
