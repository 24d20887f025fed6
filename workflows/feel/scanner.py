"""Text of an expression into tokens, linear in its length."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from workflows.feel.bounds import MAX_TEXT, FeelSyntaxError

NAME, NUMBER, STRING, MARK, OTHER, END = "name", "number", "string", "mark", "other", "end"

# DMN 1.5, 10.3.1.2, rules 28 and 29. Whitespace and full-width punctuation are taken out of the
# ranges of the standard: the first separates, the second is nearly always a slip of the keyboard.
_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d"
    "\u180f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3005-\u3007\u3021-\ud7ff\uf900-\ufdcf"
    "\ufdf0-\ufefe\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\\s\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

_TOKEN = re.compile(
    rf"(?P<space>[{_SPACE}]+|//[^\n]*)"
    r"|(?P<comment>/\*)"
    r"|(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    rf"|(?P<name>[{_START}][{_PART}]*|\?)"
    r"|(?P<mark>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{},.:@])"
    r"|(?P<other>.)",
    re.DOTALL | re.ASCII,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """One token; `start` and `end` are offsets in the text."""

    kind: str
    text: str
    start: int
    end: int


def scan(text: str) -> list[Token]:
    """The tokens of a text, ended by one END token."""
    if len(text) > MAX_TEXT:
        raise FeelSyntaxError("text-too-long", {"limit": MAX_TEXT, "found": len(text)}, MAX_TEXT)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        assert match is not None  # noqa: S101 - the last alternative takes any character
        group = match.lastgroup
        end = match.end()
        if group == "comment":
            closing = text.find("*/", end)
            if closing < 0:
                raise FeelSyntaxError("comment-not-closed", {}, position)
            end = closing + 2
        elif group != "space":
            found = match.group()
            if group == "other" and found == '"':
                raise FeelSyntaxError("string-not-closed", {}, position)
            tokens.append(Token(group or OTHER, found, position, end))
        position = end
    tokens.append(Token(END, "", len(text), len(text)))
    return tokens


def string_value(literal: str) -> str:
    """The value of a quoted string literal; an unknown escape stands for itself."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    value = _ESCAPE.sub(_unescape, body)
    if any("\ud800" <= char <= "\udfff" for char in value):
        # Two \u escapes may make one character outside the basic plane.
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _unescape(match: re.Match[str]) -> str:
    found = match.group(1)
    if len(found) > 1:
        code = int(found[1:], 16)
        return chr(code) if code < 0x110000 else match.group()
    return _ESCAPES.get(found, match.group())


class Names:
    """Names of more than one token that are known: longest first, found by their first token.

    A set that stands on another one sees its names too; so a parser can add names of its own to
    the many of a document without copying them.
    """

    def __init__(self, names: Iterable[str] = (), below: "Names | None" = None) -> None:
        self._below = below
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[bool, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known; a name of a single token needs no help and is left out."""
        if len(name) > 500 or name.isidentifier():
            return
        try:
            tokens = scan(name)[:-1]
        except FeelSyntaxError:
            return
        if len(tokens) < 2:
            return
        parts = tuple(token.text for token in tokens)
        known = self._by_first.setdefault(parts[0], [])
        if all(parts != other for other, _, _ in known):
            known.append((parts, _gaps(tokens), name))
            known.sort(key=lambda entry: -len(entry[0]))

    def match(self, tokens: list[Token], at: int) -> tuple[str, int] | None:
        """The longest known name that begins at a token, and the number of its tokens."""
        below = self._below.match(tokens, at) if self._below is not None else None
        if tokens[at].kind == STRING:
            return None
        for parts, gaps, name in self._by_first.get(tokens[at].text, ()):
            if below is not None and below[1] >= len(parts):
                break
            found = tokens[at : at + len(parts)]
            if tuple(token.text for token in found) == parts and _gaps(found) == gaps:
                return name, len(parts)
        return below


def _gaps(tokens: list[Token]) -> tuple[bool, ...]:
    """Where tokens of a name stand apart: "a-b" is a name, "a - b" the difference of two."""
    return tuple(a.end < b.start for a, b in pairwise(tokens))
