"""Kinds whose answer is a text: words, addresses, numbers that are names."""

import re
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import urlsplit

import re2

from forms.kinds.base import Kind, in_both, need_text, text, whole, words
from forms.model import Field, Refused

MAX_PATTERN = 500
_PHONE = re.compile(
    r"(?=(?:[^0-9]*[0-9]){3})\+?[0-9][0-9 ()\-]{3,24}(?:(?:转|ext\.?|#) ?[0-9]{1,8})?", re.ASCII
)
_EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@(?:[^\s@.<>,;:\"]{1,63}\.)+[^\s@.<>,;:\"]{2,63}")
_RESIDENT = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]", re.ASCII)


class BadPattern(ValueError):
    """A pattern that the safe regular expressions do not know, or that is too big."""


@lru_cache(maxsize=2048)
def compiled(pattern: str) -> Any:
    """A pattern in RE2 syntax, which takes linear time on every text; raises BadPattern."""
    if len(pattern) > MAX_PATTERN:
        raise BadPattern("too long")
    options = re2.Options()
    options.max_mem = 1 << 20
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        raise BadPattern(
            reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        ) from None


class Text(Kind):
    """`text`: one line, trimmed; `min_length`, `max_length` (200) and `pattern` (RE2, whole text).

    Lengths count Unicode code points.
    """

    name = "text"
    limit: ClassVar[int] = 200
    settings: ClassVar = {
        "min_length": whole(0, 1000),
        "max_length": whole(1, 1000),
        "pattern": text(MAX_PATTERN),
        "pattern_message": words,
    }

    def load(self, field: Field, value: Any) -> str:
        written = self.tidy(need_text(value, 100_000))
        least: int = field.settings.get("min_length", 0)
        most: int = field.settings.get("max_length", self.limit)
        if len(written) > most:
            raise Refused("too-long", max=most)
        if len(written) < least:
            raise Refused("too-short", min=least)
        pattern = field.settings.get("pattern")
        if pattern is not None and not compiled(pattern).fullmatch(written):
            message = field.settings.get("pattern_message")
            if message is None:
                raise Refused("no-match", pattern=pattern)
            raise Refused("rule-broken", **in_both(message))
        return written

    def tidy(self, written: str) -> str:
        """The text in its normal form."""
        written = written.strip()
        if "\n" in written or "\r" in written:
            raise Refused("several-lines")
        return written


class TextArea(Text):
    """`textarea`: several lines, up to `max_length` (5,000; at most 50,000)."""

    name = "textarea"
    limit = 5000
    settings: ClassVar = {
        "min_length": whole(0, 50_000),
        "max_length": whole(1, 50_000),
        "rows": whole(1, 30),
    }

    def tidy(self, written: str) -> str:
        return written.replace("\r\n", "\n").replace("\r", "\n").strip()


class RichText(TextArea):
    """`richtext`: Markdown, up to `max_length` (20,000; at most 100,000)."""

    name = "richtext"
    limit = 20_000
    settings: ClassVar = {
        "min_length": whole(0, 100_000),
        "max_length": whole(1, 100_000),
        "rows": whole(1, 60),
    }


class Scan(Text):
    """`scan`: the text of a QR or bar code; `pattern` as for text."""

    name = "scan"
    limit = 1000


class Phone(Text):
    """`phone`: digits with an optional country code, separators and extension."""

    name = "phone"
    settings: ClassVar = {"pattern": text(MAX_PATTERN), "pattern_message": words}

    def tidy(self, written: str) -> str:
        written = super().tidy(written)
        if len(written) > 60 or not _PHONE.fullmatch(written):
            raise Refused("not-a-phone")
        return written


class Email(Text):
    """`email`: one address."""

    name = "email"
    limit = 254
    settings: ClassVar = {"pattern": text(MAX_PATTERN), "pattern_message": words}

    def tidy(self, written: str) -> str:
        written = super().tidy(written)
        if len(written) > self.limit or not _EMAIL.fullmatch(written):
            raise Refused("not-an-email")
        return written


class Url(Text):
    """`url`: an address that begins with http:// or https://."""

    name = "url"
    limit = 2000
    settings: ClassVar = {"pattern": text(MAX_PATTERN), "pattern_message": words}

    def tidy(self, written: str) -> str:
        written = super().tidy(written)
        try:
            parts = urlsplit(written)
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            good = False
        if not good or any(char.isspace() for char in written):
            raise Refused("not-a-url")
        return written


class IdNumber(Text):
    """`id_number`: a Chinese resident identity number, check digit included (GB 11643-1999)."""

    name = "id_number"
    settings: ClassVar = {}

    def tidy(self, written: str) -> str:
        written = super().tidy(written).upper()
        if not _RESIDENT.fullmatch(written) or not _birthday(written) or not _checked(written):
            raise Refused("not-an-id-number")
        return written


def _birthday(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


def _checked(number: str) -> bool:
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17]


KINDS = (Text(), TextArea(), RichText(), Scan(), Phone(), Email(), Url(), IdNumber())
