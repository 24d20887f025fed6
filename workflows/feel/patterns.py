"""Regular expressions of XPath, run by RE2 in time linear in the text."""

import re
from functools import lru_cache
from typing import Any

import re2

from workflows.feel.bounds import MAX_PATTERN, MAX_STRING, BoundHit, Problem

_REFERENCE = re.compile(r"\\([\\$])|\$(\d+)|([\\$])", re.ASCII)


@lru_cache(512)
def _compiled(pattern: str, flags: str) -> Any:
    if len(pattern) > MAX_PATTERN:
        raise Problem("pattern-too-long", limit=MAX_PATTERN)
    if not set(flags) <= set("smixq"):
        raise Problem("pattern-flags-unknown", flags=flags[:20])
    if "q" in flags:
        pattern = re2.escape(pattern)
    elif "x" in flags:
        pattern = _without_spaces(pattern)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 4 << 20
    inner = "".join(flag for flag in "smi" if flag in flags)
    try:
        return re2.compile(f"(?{inner})(?:{pattern})" if inner else pattern, options)
    except (re2.error, UnicodeError):
        raise Problem("pattern-not-understood", pattern=pattern[:80]) from None


def _without_spaces(pattern: str) -> str:
    """The pattern without white space outside character classes, as the flag x asks."""
    made: list[str] = []
    depth = 0
    for char in pattern:
        if char in " \t\n\r" and not depth:
            continue
        if not (made and made[-1] == "\\"):
            depth += (char == "[") - (char == "]" and depth > 0)
        made.append(char)
    return "".join(made)


def find(pattern: str, flags: str, text: str) -> bool:
    """Whether the pattern occurs in the text."""
    return _compiled(pattern, flags).search(_clean(text)) is not None


def _clean(text: str) -> str:
    # RE2 reads UTF-8, in which half a surrogate pair cannot be written.
    return text.encode("utf-8", "replace").decode("utf-8")


def replace_all(pattern: str, flags: str, replacement: str, text: str) -> str:
    """Every occurrence replaced; $1 is the first group, \\$ a dollar sign."""
    compiled = _compiled(pattern, flags)
    if compiled.search("") is not None:
        raise Problem("pattern-matches-nothing")
    template = _template(replacement, compiled.groups, "q" in flags)
    text = _clean(text)
    made: list[str] = []
    length = last = 0
    for match in compiled.finditer(text):
        made.append(text[last : match.start()])
        made.extend(part if isinstance(part, str) else match.group(part) or "" for part in template)
        last = match.end()
        length += len(made[-1])
        if length > MAX_STRING:
            raise BoundHit("string-too-long", limit=MAX_STRING)
    made.append(text[last:])
    return "".join(made)


def _template(replacement: str, groups: int, literal: bool) -> list[str | int]:
    if literal:
        return [replacement]
    parts: list[str | int] = []
    last = 0
    for match in _REFERENCE.finditer(replacement):
        parts.append(replacement[last : match.start()])
        last = match.end()
        if match[1]:
            parts.append(match[1])
        elif match[2]:
            # $12 is group 1 and a "2" where there are fewer than 12 groups.
            digits = match[2]
            used = len(digits)
            while used > 1 and int(digits[:used]) > groups:
                used -= 1
            parts.append(int(digits[:used]) if int(digits[:used]) <= groups else "")
            parts.append(digits[used:])
        else:
            raise Problem("replacement-not-understood")
    parts.append(replacement[last:])
    return [part for part in parts if part != ""]


def split_at(pattern: str, text: str) -> list[str]:
    """The text between the occurrences of the pattern."""
    compiled = _compiled(pattern, "")
    text = _clean(text)
    made, last = [], 0
    for match in compiled.finditer(text):
        if match.end() > match.start():
            made.append(text[last : match.start()])
            last = match.end()
    made.append(text[last:])
    return made
