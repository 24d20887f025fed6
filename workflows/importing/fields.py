"""Fields of our form documents, made from foreign ones: keys, kinds, options."""

import re
from typing import Any

from workflows.importing.draft import label

# Words of FEEL, and the ticket itself: no field can be called so.
_WORDS = frozenset({"ticket", "if", "then", "else", "for", "in", "return", "some", "every"}) | {
    "satisfies",
    "function",
    "and",
    "or",
    "not",
    "between",
    "instance",
    "of",
    "external",
    "true",
    "false",
    "null",
}


def field_key(written: str) -> str:
    """A foreign name as the key of a field: a letter first, then letters, digits and `_`."""
    key = re.sub(r"\W+", "_", written.strip())[:64].strip("_") or "field"
    if not key[0].isalpha():
        key = f"f_{key}"[:64]
    return f"{key}_" if key in _WORDS else key


def field(key: str, kind: str, name: str | None) -> dict[str, Any]:
    """A field with a label in both languages; what nobody has translated yet is the same twice."""
    return {"key": key, "kind": kind, "label": label(name, key)}


def choice(value: str, name: str | None) -> dict[str, Any]:
    """An option of a choice."""
    bare = " ".join(value.split())[:200]
    return {"value": bare, "label": label(name, bare)}


def is_constant(made: dict[str, Any], text: str) -> bool:
    """Whether a default can stand in a field of this kind."""
    kind = made["kind"]
    if kind == "boolean":
        return text.strip().lower() in ("true", "false")
    if kind == "number":
        return bool(re.fullmatch(r"-?\d{1,12}(?:\.\d{1,6})?", text.strip()))
    if kind == "choice":
        return text in [option["value"] for option in made.get("options", [])]
    if kind == "text":
        return len(text) <= 200 and "\n" not in text and not text.startswith("=")
    if kind == "textarea":
        return not text.startswith("=")
    return False
