"""Script tasks: a list of lines `name = FEEL`, and nothing else."""

import re
from dataclasses import dataclass

MAX_LINES = 200
_LINE = re.compile(r"[ \t]*([^\W\d][\w ]{0,99}?)[ \t]*=(?!=)[ \t]*(.*)\Z")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment: the process variable `name` becomes the value of the FEEL `expression`."""

    line: int
    name: str
    expression: str


class ScriptError(ValueError):
    """A script that is no list of assignments; `line` counts from 1."""

    def __init__(self, code: str, line: int) -> None:
        super().__init__(f"{code} in line {line}")
        self.code = code
        self.line = line


def read_script(text: str) -> tuple[Assignment, ...]:
    """The assignments in their order; empty lines and `// comments` are left out.

    A line that is no assignment, or stands inside an open bracket, goes on with the line before.
    Raises ScriptError: script-line-unreadable or script-too-long.
    """
    found: list[Assignment] = []
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if not bare or bare.startswith("//"):
            continue
        if number > MAX_LINES:
            raise ScriptError("script-too-long", number)
        match = _LINE.match(line) if depth == 0 else None
        if match is not None:
            found.append(Assignment(number, match[1], match[2].strip()))
        elif found:
            last = found[-1]
            found[-1] = Assignment(last.line, last.name, f"{last.expression}\n{bare}")
        else:
            raise ScriptError("script-line-unreadable", number)
        depth = max(0, depth + sum(map(bare.count, "([{")) - sum(map(bare.count, ")]}")))
    for assignment in found:
        if not assignment.expression:
            raise ScriptError("script-line-unreadable", assignment.line)
    return tuple(found)
