"""Turning a template into words: a subject, plain text, and HTML that can harm nobody."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from engine import settings
from workflows import feel
from workflows.notifications import Template, pieces, read_template
from workflows.texts import LANGUAGES, catalogue

MAX_VALUE = 2000  # characters of one placeholder
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:/@&])")
_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "code", "pre", "blockquote", "hr"}
_TAGS |= {"h1", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "s"}
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words for one reader."""

    subject: str
    text: str
    html: str


def builtin(kind: str, language: str) -> Template:
    """Our own words for a kind of fact; those of any fact where it has none."""
    texts = catalogue("engine.notify", language)
    return _builtin(str(texts.get(f"notice.{kind}") or texts["notice.any"]))


@lru_cache(maxsize=256)
def _builtin(text: str) -> Template:
    return read_template(text)


def chosen(written: Mapping[str, Template], language: str) -> Template:
    """The template in a language, else in Chinese, English, any."""
    for wanted in (language, *LANGUAGES):
        if wanted in written:
            return written[wanted]
    return next(iter(written.values()))


def render(template: Template, scope: Mapping[str, Any], names: frozenset[str]) -> Rendered:
    """The words of a template; what a hole cannot say is left empty.

    Values are text: whatever signs of Markdown or HTML they hold, they stay signs.
    """
    subject = " ".join(_filled(template.subject, scope, names, escaped=False).split())
    tokens = _markdown.parse(_filled(template.body, scope, names, escaped=True))
    html = nh3.clean(
        _markdown.renderer.render(tokens, _markdown.options, {}),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
    )
    return Rendered(subject[:300], _plain(tokens), html)


def _filled(text: str, scope: Mapping[str, Any], names: frozenset[str], *, escaped: bool) -> str:
    parts = pieces(text)
    for index in range(1, len(parts), 2):
        value = shown(_value(parts[index].strip(), scope, names))[:MAX_VALUE]
        if escaped and not value.startswith(("https://", "http://")):
            # A line break is two blanks and a break, so that a value keeps its lines.
            value = _SPECIAL.sub(r"\\\1", value).replace("\n", "  \n")
        elif escaped:
            value = (
                f"<{value}>" if not re.search(r"[\s<>]", value) else _SPECIAL.sub(r"\\\1", value)
            )
        parts[index] = value
    return "".join(parts)


def _value(text: str, scope: Mapping[str, Any], names: frozenset[str]) -> Any:
    return feel.compile(text, names).evaluate(scope).value


def shown(value: Any) -> str:
    """A value as a reader wants to see it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        zone: ZoneInfo = settings.current().time_zone
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value)
    return feel.text_of(value)


def _plain(tokens: list[Token]) -> str:
    """The text without the signs of Markdown, a list with its dashes."""
    lines: list[str] = []
    for token in tokens:
        if token.type == "inline":
            text = "".join(_word(child) for child in token.children or ())
            lines.append(f"- {text}" if token.level > 1 else text)
        elif token.type in ("paragraph_close", "heading_close", "bullet_list_close"):
            if not token.hidden:
                lines.append("")
        elif token.type in ("fence", "code_block"):
            lines += [token.content.rstrip("\n"), ""]
    return "\n".join(lines).strip()


def _word(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "link_open":
        return ""
    return token.content
