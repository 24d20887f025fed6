"""Foreign expression text into tokens: what JUEL, Groovy, JavaScript and Python have in common."""

import re
from typing import NamedTuple

MAX_CODE = 4_000
MAX_TOKENS = 600

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:\d+\.\d+|\d+|\.\d+)(?:[eE][+-]?\d+)?[lLdDfF]?(?![\w.]))"
    r"|(?P<string>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<name>[^\W\d][\w$]*)"
    r"|(?P<mark>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%=<>!?:.,()\[\]])",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class CannotTranslate(ValueError):
    """A text that has no counterpart in FEEL."""


class Token(NamedTuple):
    """`kind` is number, string, name, mark or end; a string's text is its value."""

    kind: str
    text: str


def scan(text: str) -> list[Token]:
    """The tokens of a text, ended by an end token; raises CannotTranslate."""
    if len(text) > MAX_CODE:
        raise CannotTranslate
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or len(tokens) >= MAX_TOKENS:
            raise CannotTranslate
        kind, found = match.lastgroup or "", match.group()
        if kind == "string":
            found = re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), found[1:-1])
        if kind == "number":
            found = found.rstrip("lLdDfF")
        if kind != "space":
            tokens.append(Token(kind, found))
        position = match.end()
    tokens.append(Token("end", ""))
    return tokens
