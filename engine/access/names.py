"""Keys, usernames and names by language: what they may look like."""

import re
from collections.abc import Mapping
from typing import Any

from engine.errors import InputError, InvalidInput

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RESERVED = frozenset({"system", "me"})
MAX_NAME = 100


def check_username(username: str, pointer: str = "/username") -> None:
    """Raises InvalidInput unless this can be a username: it never changes afterwards."""
    if not _USERNAME.fullmatch(username):
        raise InvalidInput.at(pointer, "username-form")
    if username in _RESERVED:
        raise InvalidInput.at(pointer, "reserved", value=username)


def check_key(key: str, pointer: str = "/key") -> None:
    """Raises InvalidInput unless this can be the key of a group or a department."""
    if not _KEY.fullmatch(key):
        raise InvalidInput.at(pointer, "key-form")


def check_names(names: Mapping[str, Any], pointer: str = "/names") -> dict[str, str]:
    """Names by language, trimmed; raises InvalidInput for none, too many or too long ones."""
    if not names:
        raise InvalidInput.at(pointer, "required")
    if len(names) > 20:
        raise InvalidInput.at(pointer, "too-many-items", max=20)
    wrong = []
    kept = {}
    for language, name in names.items():
        if not isinstance(name, str):
            wrong.append(InputError(f"{pointer}/{language}", "not-text"))
            continue
        text = name.strip()
        if not _LANGUAGE.fullmatch(language):
            wrong.append(InputError(f"{pointer}/{language}", "unknown-language"))
        elif not text or "\x00" in text:
            wrong.append(InputError(f"{pointer}/{language}", "required"))
        elif len(text) > MAX_NAME:
            wrong.append(InputError(f"{pointer}/{language}", "too-long", {"max": MAX_NAME}))
        kept[language] = text
    if wrong:
        raise InvalidInput(wrong)
    return kept


def in_language(names: Mapping[str, Any], language: str, otherwise: str) -> str:
    """The name for a reader: his language, then Chinese, then English, then any, then the key."""
    for wanted in (language, "zh-CN", "en"):
        if names.get(wanted):
            return str(names[wanted])
    return next((str(name) for name in names.values() if name), otherwise)
