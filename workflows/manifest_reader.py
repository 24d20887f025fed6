"""Strict reading of TOML tables: wrong types are errors with their place, unknown keys warnings."""

import re
import tomllib
from collections.abc import Callable
from typing import Any

from workflows.findings import Finding

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}\Z")
_IDENTITY = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_TYPES: dict[type, str] = {
    str: "text",
    bool: "boolean",
    int: "number",
    float: "number",
    dict: "table",
    list: "list",
}
_LONG_KEY = re.compile(r"(?:[.][ \t]*[\w\"'-]{1,100}[ \t]*){20}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_CHINESE = {
    "text": "文字",
    "boolean": "是否值",
    "number": "数字",
    "table": "表",
    "list": "列表",
    "date": "日期",
}
MAX_TEXT = 2_000
MAX_ITEMS = 500


class TomlError(ValueError):
    """Bytes that are no usable TOML; `code` has a sentence, `params` fill its blanks."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_toml(data: bytes) -> dict[str, Any]:
    """The table in the bytes of a TOML file; raises TomlError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TomlError("text-not-utf8", position=error.start) from None
    if _LONG_KEY.search(text):  # the reader takes the square of the length of such a key
        raise TomlError("toml-not-readable", reason="a key has too many parts")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError("toml-not-readable", reason=str(error)[:200]) from None
    except RecursionError:
        raise TomlError("toml-not-readable", reason="nested too deeply") from None


class Reader:
    """One table; `place` is its path in the file, findings are shared with the whole file."""

    def __init__(
        self,
        values: dict[str, Any],
        document: str,
        place: str = "",
        findings: list[Finding] | None = None,
    ) -> None:
        self._values = values
        self._document = document
        self._place = place
        self._read: set[str] = set()
        self.findings: list[Finding] = [] if findings is None else findings

    @property
    def place(self) -> str:
        """Where this table stands in the file."""
        return self._place

    def error(self, code: str, name: str = "", **params: Any) -> None:
        """Remember an error at this place."""
        self._say("error", code, self._at(name), params)

    def warn(self, code: str, name: str = "", **params: Any) -> None:
        """Remember a warning at this place."""
        self._say("warning", code, self._at(name), params)

    def has(self, name: str) -> bool:
        """Whether the table has such a key."""
        return name in self._values

    def finish(self) -> None:
        """Remember a warning for every key that nobody asked for."""
        for name in self._values:
            if name not in self._read:
                self._say("warning", "key-unknown", self._at(name), {"key": name[:80]})

    def text(self, name: str, *, required: bool = False) -> str | None:
        """A non-empty text."""
        value = self._take(name, str, "text", required)
        if value is None:
            return None
        if not value.strip() or len(value) > MAX_TEXT:
            self.error("text-empty-or-long", name, limit=MAX_TEXT)
            return None
        return str(value)

    def matching(self, name: str, pattern: str, code: str) -> str | None:
        """A text of a certain form."""
        value = self.text(name)
        if value is not None and not re.fullmatch(pattern, value):
            self.error(code, name, value=value[:60])
            return None
        return value

    def flag(self, name: str) -> bool | None:
        """True or false."""
        found: bool | None = self._take(name, bool, "boolean", False)
        return found

    def whole(self, name: str, least: int, most: int) -> int | None:
        """A whole number between two."""
        value = self._take(name, int, "number", False)
        if value is not None and not least <= value <= most:
            self.error("number-out-of-bounds", name, least=least, most=most)
            return None
        return None if value is None else int(value)

    def identity(self, name: str, *, required: bool = False) -> str | None:
        """A key: a letter a-z, then letters, digits and underscores."""
        value = self.text(name, required=required)
        if value is not None and not is_identity(value):
            self.error("key-unreadable", name, value=value[:60])
            return None
        return value

    def texts(self, name: str) -> list[str] | None:
        """A list of texts."""
        values = self._take(name, list, "list", False)
        if values is None:
            return None
        if len(values) > MAX_ITEMS:
            self.error("list-too-long", name, limit=MAX_ITEMS)
            return []
        for value in values:
            if not isinstance(value, str):
                self._wrong_type(name, "text", value)
                return []
        return list(values)

    def mixed(self, name: str) -> "list[str | Reader] | None":
        """A list of texts and tables."""
        values = self._take(name, list, "list", False)
        if values is None:
            return None
        found: list[str | Reader] = []
        for index, value in enumerate(values[:MAX_ITEMS]):
            if isinstance(value, str):
                found.append(value)
            elif isinstance(value, dict):
                found.append(self._inner(value, f"{name}[{index + 1}]"))
            else:
                self._wrong_type(name, "text", value)
        return found

    def labels(self, name: str, *, required: bool = False) -> dict[str, str]:
        """A text, or a table of texts by language; a text alone stands under the language ""."""
        value = self._values.get(name)
        self._read.add(name)
        if value is None:
            if required:
                self.error("key-missing", name, key=name)
            return {}
        if isinstance(value, str):
            return {"": value}
        if not isinstance(value, dict):
            self._wrong_type(name, "table", value)
            return {}
        inner = self._inner(value, name)
        found = inner.languages()
        inner.finish()
        return found

    def languages(self) -> dict[str, str]:
        """The keys of this table that are languages."""
        found = {}
        for name in self._values:
            if name not in self._read and LANGUAGE.match(name):
                value = self.text(name)
                if value is not None:
                    found[name] = value
        return found

    def table(self, name: str) -> "Reader | None":
        """A table inside this one."""
        value = self._take(name, dict, "table", False)
        return None if value is None else self._inner(value, name)

    def tables(
        self, limit: int, is_key: Callable[[str], bool] | None = None
    ) -> "list[tuple[str, Reader]]":
        """The tables in this one by key; by default their keys have to be identities."""
        is_key = is_key or is_identity
        found: list[tuple[str, Reader]] = []
        for name, value in self._values.items():
            self._read.add(name)
            if not is_key(name):
                self.error("key-unreadable", name, value=name[:60])
            elif not isinstance(value, dict):
                self._wrong_type(name, "table", value)
            elif len(found) >= limit:
                self.error("list-too-long", limit=limit)
                break
            else:
                found.append((name, self._inner(value, name)))
        return found

    def array(self, name: str) -> "list[Reader]":
        """A list of tables."""
        values = self._take(name, list, "list", False)
        found = []
        for index, value in enumerate(values or ()):
            if not isinstance(value, dict):
                self._wrong_type(name, "table", value)
            else:
                found.append(self._inner(value, f"{name}[{index + 1}]"))
        return found

    def _take(self, name: str, kind: type, expected: str, required: bool) -> Any:
        self._read.add(name)
        value = self._values.get(name)
        if value is None:
            if required:
                self.error("key-missing", name, key=name)
            return None
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            self._wrong_type(name, expected, value)
            return None
        return value

    def _wrong_type(self, name: str, expected: str, value: object) -> None:
        found = _TYPES.get(type(value), "date")
        self.error(
            "wrong-type",
            name,
            expected=expected,
            found=found,
            expected_zh=_CHINESE[expected],
            found_zh=_CHINESE[found],
        )

    def _inner(self, value: dict[str, Any], name: str) -> "Reader":
        return Reader(value, self._document, self._at(name), self.findings)

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}".strip(".")[:200]

    def _say(self, severity: Any, code: str, place: str, params: dict[str, Any]) -> None:
        if len(self.findings) < MAX_ITEMS:
            params = {"place": place or self._document, **params}
            self.findings.append(
                Finding(severity, self._document, code, place or None, params=params)
            )


def is_identity(text: str) -> bool:
    """Whether a text may be a key: a letter a-z, then letters, digits, `_`; 63 at most."""
    return bool(_IDENTITY.match(text))


def is_name(text: str) -> bool:
    """Whether a text may name a group or a department: letters, digits, `.`, `_`, `-`."""
    return bool(_NAME.match(text))
