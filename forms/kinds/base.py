"""What every kind of field can be asked, and how its settings are checked."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from forms.model import Field, Refused, Words
from workflows.texts import LANGUAGES

Check = Callable[[Any], bool]
"""Says whether a setting in a form document has the right shape."""

MAX_NAME = 200


class Kind:
    """One kind of field: the JSON it takes, and what the answer means in an expression."""

    name: ClassVar[str]
    settings: ClassVar[Mapping[str, Check]] = {}
    holds_value: ClassVar[bool] = True
    has_options: ClassVar[bool] = False
    refers_to: ClassVar[str | None] = None

    def load(self, field: Field, value: Any) -> Any:
        """The answer in its one normal JSON form; raises Refused. Never sees null."""
        raise NotImplementedError

    def typed(self, value: Any) -> Any:
        """The loaded answer as a value of the expression language."""
        return value

    def check_range(self, value: Any, low: Any, high: Any) -> None:
        """Raises Refused when the loaded answer lies outside low..high (each may be None)."""

    def picks(self, value: Any) -> Iterable[tuple[tuple[str | int, ...], Any]]:
        """What the loaded answer picks, each with the path to it: options, names or files."""
        return ()


def is_empty(value: Any) -> bool:
    """Whether an answer says nothing: null, blank text, an empty list or object."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or value in ([], {})


def whole(low: int, high: int) -> Check:
    """A setting that is an integer between low and high."""
    return lambda value: type(value) is int and low <= value <= high


def number(value: Any) -> bool:
    """A setting that is a number of at most 15 digits before the point, or an expression."""
    return is_rule(value) or (type(value) in (int, float) and abs(value) < 10**15)


def is_rule(value: Any) -> bool:
    """A setting that is an expression."""
    return isinstance(value, str) and value.startswith("=")


def text(limit: int) -> Check:
    """A setting that is a text of at most `limit` characters."""
    return lambda value: isinstance(value, str) and 0 < len(value) <= limit


def texts(limit: int) -> Check:
    """A setting that is a list of short texts."""
    return lambda value: (
        isinstance(value, list)
        and 0 < len(value) <= limit
        and all(isinstance(item, str) and 0 < len(item) <= MAX_NAME for item in value)
    )


def flag(value: Any) -> bool:
    """A setting that is true or false."""
    return isinstance(value, bool)


def one_of(*values: str) -> Check:
    """A setting that is one of a few words."""
    return lambda value: isinstance(value, str) and value in values


def words(value: Any) -> bool:
    """A text by language: {"zh-CN": "…", "en": "…"}, or one text for all languages."""
    if isinstance(value, str):
        return len(value) <= 2000
    return (
        isinstance(value, dict)
        and 0 < len(value) <= 20
        and all(
            isinstance(language, str) and isinstance(text, str) and len(text) <= 2000
            for language, text in value.items()
        )
    )


def in_both(message: Words | str) -> dict[str, str]:
    """A form's own message as the blanks of `rule-broken`: one for each language of the product.

    A language that the form does not have gets the Chinese text, or any that there is.
    """
    if isinstance(message, str):
        return dict.fromkeys(LANGUAGES, message)
    usual = message.get(LANGUAGES[0]) or next(iter(message.values()), "")
    return {language: message.get(language) or usual for language in LANGUAGES}


def need_text(value: Any, limit: int) -> str:
    """The value as a text that every store takes, of at most `limit` characters."""
    if not isinstance(value, str):
        raise Refused("not-a-text")
    if len(value) > limit:
        raise Refused("too-long", max=limit)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Refused("bad-characters") from None
    elif value.isprintable():
        return value
    if any((char < " " and char not in "\t\n\r") or char == "\x7f" for char in value):
        raise Refused("bad-characters")
    return value
