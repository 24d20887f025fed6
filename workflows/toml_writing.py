"""Writes the TOML files of a package from what editors hold; comments above tables stay."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_LITERAL = re.compile(r"[^'\x00-\x1f\x7f]*\Z")
_WIDTH = 100


def write(values: Mapping[str, Any], before: str = "") -> str:
    """A document of plain values and lists of tables.

    What `before` says in comments at its head and above its tables is kept, above the table with
    the same key or else in the same place.
    """
    comments = _comments(before)
    plain = {name: value for name, value in values.items() if not _is_tables(value)}
    blocks = [comments.get(("", ""), "") + "".join(_lines(plain))]
    for name, tables in values.items():
        if not _is_tables(tables):
            continue
        for index, table in enumerate(tables):
            above = comments.get((name, str(table.get("key") or index)), "")
            blocks.append(f"{above}[[{_key(name)}]]\n" + "".join(_lines(table)))
    return "\n".join(block for block in blocks if block)


def _lines(table: Mapping[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        if value is None:
            continue
        line = f"{_key(name)} = {_value(value)}"
        if isinstance(value, list) and len(line) > _WIDTH:
            items = "".join(f"  {_value(item)},\n" for item in value)
            line = f"{_key(name)} = [\n{items}]"
        yield line + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        items = ", ".join(_value(item) for item in value if item is not None)
        return f"[ {items} ]" if items.startswith("{") else f"[{items}]"
    if isinstance(value, Mapping):
        pairs = (f"{_key(name)} = {_value(one)}" for name, one in value.items() if one is not None)
        return "{ " + ", ".join(pairs) + " }"
    return _text(str(value))


def _text(text: str) -> str:
    """With plain quotes where the text has double ones, as conditions do."""
    if '"' in text and _LITERAL.match(text):
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _key(name: str) -> str:
    return name if _BARE.match(name) else _text(name)


def _is_tables(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    return all(isinstance(one, Mapping) for one in value)


def _comments(text: str) -> dict[tuple[str, str], str]:
    """The comments of a document: at its head under ("", ""), above tables under name and key."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    found: dict[tuple[str, str], str] = {}
    seen: dict[str, int] = {}
    held: list[str] = []
    begun = False
    for line in text.splitlines():
        stripped = line.strip()
        header = re.match(r"\[\[\s*([A-Za-z0-9_-]+)\s*\]\]", stripped)
        if header:
            name = header[1]
            index = seen[name] = seen.get(name, -1) + 1
            tables = document.get(name)
            if held and isinstance(tables, list) and index < len(tables):
                found[name, str(tables[index].get("key") or index)] = "\n".join(held) + "\n"
            held, begun = [], True
        elif stripped.startswith("#"):
            held.append(stripped)
        else:
            # The head ends with the first line that is none; later comments belong to a table only.
            if held and not begun:
                found["", ""] = "\n".join(held) + "\n" + ("\n" if not stripped else "")
                begun = True
            held = []
    return found
