"""Expressions of any engine as FEEL: `${…}`, `#{…}`, `=…`, or text without a mark."""

import re
from dataclasses import dataclass

from workflows import feel
from workflows.importing.code import CannotTranslate, bare, quoted, translate

_MARKED = re.compile(r"[$#]\{([^{}]*)\}")
_CODE = re.compile(
    r"\b(True|False|None|is|eq|ne|gt|ge|lt|le)\b|==|\bnot\s+[\w!]|&&|\|\||!(?!=)|'|\.\w+\("
)
# Labels that somebody wrote where a condition belongs.
_NOT_A_CONDITION = frozenset({"yes", "no", "ok", "y", "n", "ja", "nein", "oui", "non", "si"}) | {
    "true",
    "false",
    "default",
    "else",
    "otherwise",
    "是",
    "否",
    "通过",
    "不通过",
    "同意",
    "不同意",
}
_CONSTANT = re.compile(r'-?[\d.]+|"(?:[^"\\]|\\.)*"|null|\[.*\]|\{.*\}')
_DEFINED = re.compile(r"\bis defined\(\s*([\w.]+)\s*\)")


@dataclass(frozen=True, slots=True)
class Value:
    """A setting of another engine: a literal text, or FEEL; neither when it has no counterpart."""

    literal: str | None = None
    feel: str | None = None

    @property
    def setting(self) -> str | None:
        """As a property of ours: the literal, or FEEL after `=`."""
        return f"={self.feel}" if self.feel is not None else self.literal


def expression(text: str) -> str | None:
    """A condition or other expression as FEEL; None when it has no counterpart."""
    written = text.strip()
    if not written:
        return None
    if written.startswith("="):
        return _feel(written[1:].strip())
    marked = _MARKED.fullmatch(written)
    if marked is not None:
        return _code(marked[1])
    if _MARKED.search(written):
        return _template(written)
    if written.lower() in _NOT_A_CONDITION:
        return None
    if not _CODE.search(written):
        found = _feel(written)
        if found is not None:
            # Names with spaces that nothing declares are a sentence, not a variable.
            return None if any(" " in name for name in feel.names(found)) else found
    return _code(written)


def condition(text: str) -> str | None:
    """An expression that may come to true or false: a number or a text never does."""
    found = expression(text)
    return None if found is None or _CONSTANT.fullmatch(found) else found


def value(text: str) -> Value:
    """A setting in which text without a mark is a literal."""
    written = text.strip()
    if written.startswith("=") or _MARKED.search(written):
        return Value(feel=expression(written))
    return Value(literal=written)


def is_feel(text: str) -> bool:
    """Whether a text parses and is no code of another language."""
    from workflows.checks.raw import looks_like_code

    return not looks_like_code(text) and not feel.check(text)


def _feel(text: str) -> str | None:
    text = _DEFINED.sub(r"(\1 != null)", text)
    return text if text and is_feel(text) else None


def _code(text: str) -> str | None:
    try:
        found = bare(translate(text))
    except CannotTranslate:
        return None
    return found if is_feel(found) else None


def _template(text: str) -> str | None:
    """Text with expressions in it, joined: `Order ${id}` is `"Order " + string(id)`."""
    parts: list[str] = []
    end = 0
    for match in _MARKED.finditer(text):
        if match.start() > end:
            parts.append(quoted(text[end : match.start()]))
        inner = _code(match[1])
        if inner is None:
            return None
        parts.append(f"string({inner})")
        end = match.end()
    if end < len(text):
        parts.append(quoted(text[end:]))
    joined = " + ".join(parts)
    # `${a} > 5` and `${a} == ${b}` are conditions written around marks, not texts.
    outside = _MARKED.sub("", text)
    if re.search(r"[<>=!]=|[<>]|&&|\|\|", outside):
        return _code(_MARKED.sub(r"(\1)", text))
    return joined if is_feel(joined) else None
