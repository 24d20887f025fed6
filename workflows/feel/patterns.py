"""Regular expressions of XPath, run by RE2 in time linear in the text."""

import re
from functools import lru_cache
from typing import Any

import re2

from workflows.feel.bounds import MAX_PATTERN, MAX_STRING, BoundHit, Problem, State

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
        return re2.compile(_bytes(f"(?{inner})(?:{pattern})" if inner else pattern), options)
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
    return _compiled(pattern, flags).search(_bytes(text)) is not None


def _bytes(text: str) -> bytes:
    # RE2 reads UTF-8; given bytes, it need not count characters for each match.
    return text.encode("utf-8", "replace")


def replace_all(pattern: str, flags: str, replacement: str, text: str, state: State) -> str:
    """Every occurrence replaced; $1 is the first group, \\$ a dollar sign."""
    compiled = _compiled(pattern, flags)
    if compiled.search(b"") is not None:
        raise Problem("pattern-matches-nothing")
    template = _template(replacement, compiled.groups, "q" in flags)
    source = _bytes(text)
    made: list[bytes] = []
    length = last = 0
    for match in compiled.finditer(source):
        state.charge(5)
        start, end = match.span()
        parts = [
            part if isinstance(part, bytes) else _group(source, match, part) for part in template
        ]
        made.append(source[last:start])
        made.append(b"".join(parts))
        last = end
        length += len(made[-1]) + len(made[-2])
        if length > MAX_STRING * 4:
            raise BoundHit("string-too-long", limit=MAX_STRING)
    made.append(source[last:])
    return b"".join(made).decode("utf-8")


def _group(source: bytes, match: Any, group: int) -> bytes:
    start, end = match.span(group)
    return source[start:end] if start >= 0 else b""


def _template(replacement: str, groups: int, literal: bool) -> list[bytes | int]:
    if literal:
        return [_bytes(replacement)]
    parts: list[str | int] = []
    last = 0
    for match in _REFERENCE.finditer(replacement):
        parts.append(replacement[last : match.start()])
        last = match.end()
        if match[1]:
            parts.append(match[1])
        elif match[2]:
            # $12 is group 1 and a "2" where there are fewer than 12 groups.
            digits = match[2][:4]
            used = len(digits)
            while used > 1 and int(digits[:used]) > groups:
                used -= 1
            parts.append(int(digits[:used]) if int(digits[:used]) <= groups else "")
            parts.append(match[2][used:])
        else:
            raise Problem("replacement-not-understood")
    parts.append(replacement[last:])
    return [_bytes(part) if isinstance(part, str) else part for part in parts if part != ""]


def split_at(pattern: str, text: str, state: State) -> list[str]:
    """The text between the occurrences of the pattern."""
    compiled = _compiled(pattern, "")
    source = _bytes(text)
    made, last = [], 0
    for match in compiled.finditer(source):
        state.charge(5)
        start, end = match.span()
        if end > start:
            made.append(source[last:start].decode("utf-8"))
            last = end
    made.append(source[last:].decode("utf-8"))
    return made
